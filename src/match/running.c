/* running.c - the profile so far of a source that has no end. */
#include "match/running.h"

#include "match/running_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A part is 32 transforms (3 s), a piece five parts. Of the first piece, some of its parts serve
   before it is full. After that each piece is news for the first minute, then every fourth. */
enum { PART_TRANSFORMS = 32, PIECE_PARTS = 5, EARLY_PARTS = 3, ALWAYS_PIECES = 4, NEWS_PIECES = 4 };

/* --- making ----------------------------------------------------------------------------------- */

static int make_room(struct running *running)
{
    for (int c = 0; c < MEDIA_CHANNELS; c++) {
        running->filling[c] = calloc(running->fft_size + running->piece_frames, sizeof(float));
        if (!running->filling[c])
            return -ENOMEM;
    }
    return 0;
}

struct running *running_create(uint32_t rate_hz)
{
    struct running *running = calloc(1, sizeof(*running));

    if (!running)
        return NULL;
    pthread_mutex_init(&running->lock, NULL);
    running->holders = 1;
    running->rate_hz = rate_hz;
    running->fft_size = profile_fft_size(rate_hz);
    running->piece_frames = running->fft_size * PART_TRANSFORMS * PIECE_PARTS;
    if (make_room(running) == 0)
        return running;
    running_release(running);
    errno = ENOMEM;
    return NULL;
}

struct running *running_hold(struct running *running)
{
    pthread_mutex_lock(&running->lock);
    running->holders++;
    pthread_mutex_unlock(&running->lock);
    return running;
}

void running_release(struct running *running)
{
    bool last;

    if (!running)
        return;
    pthread_mutex_lock(&running->lock);
    last = --running->holders == 0;
    pthread_mutex_unlock(&running->lock);
    if (!last)
        return;
    for (int c = 0; c < MEDIA_CHANNELS; c++)
        free(running->filling[c]);
    for (size_t i = 0; i < running->count; i++)
        profile_destroy(running->pieces[i]);
    profile_destroy(running->early);
    free(running->loud.mid);
    free(running->taken.mid);
    pthread_mutex_destroy(&running->lock);
    free(running);
}

uint32_t running_rate_hz(const struct running *running)
{
    return running->rate_hz;
}

/* --- feeding ---------------------------------------------------------------------------------- */

/* A part, or the whole, of the piece is there. */
static bool end_part(struct running *running)
{
    size_t parts = running->filled / (running->fft_size * PART_TRANSFORMS);
    bool news;

    if (parts < PIECE_PARTS)
        return running->pieces_filled == 0 && parts <= EARLY_PARTS &&
               running_measure(running, running->filled) == 0;
    running->pieces_filled++;
    news = running->pieces_filled <= ALWAYS_PIECES || running->pieces_filled % NEWS_PIECES == 0;
    news = running_measure(running, running->filled) == 0 && news;
    running->filled = 0;
    return news;
}

bool running_feed(struct running *running, const float *const channel[MEDIA_CHANNELS],
                  size_t frames)
{
    size_t part = running->fft_size * PART_TRANSFORMS, done = 0;
    bool news = false;

    while (done < frames) {
        size_t room = part - running->filled % part;
        size_t count = frames - done < room ? frames - done : room;

        for (int c = 0; c < MEDIA_CHANNELS; c++)
            memcpy(running->filling[c] + running->fft_size + running->filled, channel[c] + done,
                   count * sizeof(float));
        running->filled += count;
        done += count;
        if (running->filled % part == 0)
            news = end_part(running) || news;
    }
    return news;
}

double running_seconds(struct running *running)
{
    double seconds;

    pthread_mutex_lock(&running->lock);
    seconds = running->seconds;
    pthread_mutex_unlock(&running->lock);
    return seconds;
}
