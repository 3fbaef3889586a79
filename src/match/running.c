/* running.c - the profile so far of a source that has no end. */
#include "match/running.h"

#include "match/analysis.h"
#include "match/match.h"
#include "match/running_internal.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A part is 32 transforms (3 s), a piece five parts. Of the first piece, some of its parts serve
   before it is full. After that each piece is news for the first minute, then every fourth. */
enum { PART_TRANSFORMS = 32, PIECE_PARTS = 5, EARLY_PARTS = 3, ALWAYS_PIECES = 4, NEWS_PIECES = 4 };

/* --- sound ------------------------------------------------------------------------------------ */

static struct running_sound *sound_create(const struct running *running)
{
    struct running_sound *sound = calloc(1, sizeof(*sound));

    if (!sound)
        return NULL;
    for (int c = 0; c < MEDIA_CHANNELS; c++) {
        sound->channel[c] = malloc((running->fft_size + running->piece_frames) * sizeof(float));
        if (!sound->channel[c]) {
            running_sound_destroy(sound);
            return NULL;
        }
        memset(sound->channel[c], 0, running->fft_size * sizeof(float));
        sound->channel[c] += running->fft_size;
    }
    sound->lead = running->fft_size;
    return sound;
}

void running_sound_destroy(struct running_sound *sound)
{
    if (!sound)
        return;
    for (int c = 0; c < MEDIA_CHANNELS; c++)
        free(sound->channel[c] ? sound->channel[c] - sound->lead : NULL);
    free(sound);
}

static struct running_sound *sound_copy(const struct running *running,
                                        const struct running_sound *sound)
{
    struct running_sound *copy = sound_create(running);

    for (int c = 0; copy && c < MEDIA_CHANNELS; c++)
        memcpy(copy->channel[c], sound->channel[c], sound->frames * sizeof(float));
    if (copy)
        copy->frames = sound->frames;
    return copy;
}

/* --- making ----------------------------------------------------------------------------------- */

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
    running->filling = sound_create(running);
    if (running->filling)
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
    running_sound_destroy(running->filling);
    running_sound_destroy(running->ready);
    for (size_t i = 0; i < running->count; i++)
        profile_destroy(running->pieces[i]);
    profile_destroy(running->early);
    free(running->loud_mid);
    pthread_mutex_destroy(&running->lock);
    free(running);
}

uint32_t running_rate_hz(const struct running *running)
{
    return running->rate_hz;
}

/* --- feeding ---------------------------------------------------------------------------------- */

/* Hands over what there is; the one before, if nobody came for it, is lost. */
static bool hand_over(struct running *running, struct running_sound *sound, bool whole)
{
    struct running_sound *before;

    if (!sound)
        return false;
    sound->whole = whole;
    pthread_mutex_lock(&running->lock);
    before = running->ready;
    running->ready = sound;
    running->seconds = (double)sound->frames / running->rate_hz;
    if (whole)
        running->seconds *= (double)fmin((double)running->filled, (double)RUNNING_PIECES);
    pthread_mutex_unlock(&running->lock);
    running_sound_destroy(before);
    return true;
}

/* A part, or the whole, of the piece is there. */
static bool end_part(struct running *running)
{
    struct running_sound *sound = running->filling;
    size_t parts = sound->frames / (running->fft_size * PART_TRANSFORMS);
    bool news;

    if (parts < PIECE_PARTS)
        return running->filled == 0 && parts <= EARLY_PARTS &&
               hand_over(running, sound_copy(running, sound), false);
    running->filled++;
    running->filling = NULL; /* made again with the next frames */
    news = running->filled <= ALWAYS_PIECES || running->filled % NEWS_PIECES == 0;
    hand_over(running, sound, true);
    return news;
}

bool running_feed(struct running *running, const float *const channel[MEDIA_CHANNELS],
                  size_t frames)
{
    size_t part = running->fft_size * PART_TRANSFORMS, done = 0;
    bool news = false;

    while (done < frames) {
        struct running_sound *sound = running->filling;
        size_t room, count;

        if (!sound)
            sound = running->filling = sound_create(running);
        if (!sound)
            break;
        room = part - sound->frames % part;
        count = frames - done < room ? frames - done : room;
        for (int c = 0; c < MEDIA_CHANNELS; c++)
            memcpy(sound->channel[c] + sound->frames, channel[c] + done, count * sizeof(float));
        sound->frames += count;
        done += count;
        if (sound->frames % part == 0)
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
