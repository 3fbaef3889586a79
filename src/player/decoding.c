/* decoding.c - the decoder read in a thread of its own. */
#include "player/decoding.h"

#include "base/moment.h"
#include "base/rt.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Waking up, and code that has gone cold, cost as much as a small piece does: so pieces are large.
   Where the sound comes slowly, small ones are handed on sooner. */
enum {
    PIECE_FRAMES = 32768,
    PIECE_LEAST = 4096,
    FAST = 16, /* times as fast as it plays: pieces grow */
    WAIT_MS = 20,
    STACK_BYTES = 512 * 1024,
};

struct decoding {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t asked, done;
    bool quit;
    struct decoder *reading; /* not NULL: the thread is at it, and all below is the thread's */
    float piece[2][PIECE_FRAMES];
    size_t first, count; /* of the piece, what was not handed on yet */
    size_t wanted;       /* frames of the next piece */
    bool ended;          /* behind the piece: nothing, or an error */
    ssize_t result;
    struct media_error error;
    _Atomic uint64_t disk_ns, disk_last_ns, disk_longest_ns;
};

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* The next piece, after this one took so long. */
static size_t next_size(size_t size, double spent_s, uint32_t rate_hz)
{
    if (spent_s * FAST * rate_hz >= (double)size) {
        return PIECE_LEAST;
    }
    return size < PIECE_FRAMES / 2 ? size * 2 : PIECE_FRAMES;
}

static void note_disk(struct decoding *decoding, uint64_t ns)
{
    atomic_fetch_add(&decoding->disk_ns, ns);
    atomic_store(&decoding->disk_last_ns, ns);
    if (ns > atomic_load(&decoding->disk_longest_ns)) {
        atomic_store(&decoding->disk_longest_ns, ns);
    }
}

void decoding_read_disk(const struct decoding *decoding, struct decoding_disk *disk)
{
    disk->all_ns = atomic_load(&decoding->disk_ns);
    disk->last_ns = atomic_load(&decoding->disk_last_ns);
    disk->longest_ns = atomic_load(&decoding->disk_longest_ns);
}

/* Without the lock. */
static void read_piece(struct decoding *decoding, struct decoder *decoder)
{
    double begin_s = now_s();
    uint64_t disk_ns = decoder_reading_ns(decoder);

    decoding->first = decoding->count = 0;
    while (decoding->count < decoding->wanted && !decoding->ended) {
        float *channel[2] = {decoding->piece[0] + decoding->count,
                             decoding->piece[1] + decoding->count};
        ssize_t got =
            decoder_read(decoder, channel, decoding->wanted - decoding->count, &decoding->error);

        if (got <= 0) {
            decoding->ended = true;
            decoding->result = got;
        } else {
            decoding->count += (size_t)got;
        }
    }
    note_disk(decoding, decoder_reading_ns(decoder) - disk_ns);
    decoding->wanted =
        next_size(decoding->wanted, now_s() - begin_s, decoder_info(decoder)->rate_hz);
}

static void *work(void *context)
{
    struct decoding *decoding = context;

    pthread_setname_np(pthread_self(), "mp-decoder");
    rt_flush_denormals();
    pthread_mutex_lock(&decoding->lock);
    while (!decoding->quit) {
        if (decoding->reading == NULL) {
            pthread_cond_wait(&decoding->asked, &decoding->lock);
            continue;
        }
        pthread_mutex_unlock(&decoding->lock);
        read_piece(decoding, decoding->reading);
        pthread_mutex_lock(&decoding->lock);
        decoding->reading = NULL;
        pthread_cond_signal(&decoding->done);
    }
    pthread_mutex_unlock(&decoding->lock);
    return NULL;
}

struct decoding *decoding_create(void)
{
    struct decoding *decoding = calloc(1, sizeof *decoding);
    pthread_condattr_t monotonic;
    pthread_attr_t attributes;
    int result;

    if (decoding == NULL) {
        return NULL;
    }
    decoding->wanted = PIECE_LEAST;
    pthread_mutex_init(&decoding->lock, NULL);
    pthread_cond_init(&decoding->asked, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&decoding->done, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    result = pthread_create(&decoding->thread, &attributes, work, decoding);
    pthread_attr_destroy(&attributes);
    if (result != 0) {
        pthread_mutex_destroy(&decoding->lock);
        pthread_cond_destroy(&decoding->asked);
        pthread_cond_destroy(&decoding->done);
        free(decoding);
        errno = result;
        return NULL;
    }
    return decoding;
}

void decoding_destroy(struct decoding *decoding)
{
    if (decoding == NULL) {
        return;
    }
    pthread_mutex_lock(&decoding->lock);
    decoding->quit = true;
    pthread_cond_signal(&decoding->asked);
    pthread_mutex_unlock(&decoding->lock);
    pthread_join(decoding->thread, NULL);
    pthread_mutex_destroy(&decoding->lock);
    pthread_cond_destroy(&decoding->asked);
    pthread_cond_destroy(&decoding->done);
    free(decoding);
}

/* Has the thread read a piece, unless it is at one; true when it is done within the time. */
static bool fetch(struct decoding *decoding, struct decoder *decoder)
{
    struct timespec until = moment_in(WAIT_MS);
    bool done;

    pthread_mutex_lock(&decoding->lock);
    if (decoding->reading == NULL && decoding->count == 0 && !decoding->ended) {
        decoding->reading = decoder;
        pthread_cond_signal(&decoding->asked);
    }
    while (decoding->reading != NULL &&
           pthread_cond_timedwait(&decoding->done, &decoding->lock, &until) == 0) {
    }
    done = decoding->reading == NULL;
    pthread_mutex_unlock(&decoding->lock);
    return done;
}

ssize_t decoding_read(struct decoding *decoding, struct decoder *decoder, float *const channel[2],
                      size_t frames, struct media_error *error)
{
    size_t count;

    if (!fetch(decoding, decoder)) {
        return DECODING_WAITS;
    }
    if (decoding->count == 0) {
        *error = decoding->error;
        return decoding->result;
    }
    count = frames < decoding->count ? frames : decoding->count;
    for (int c = 0; c < 2; c++) {
        memcpy(channel[c], decoding->piece[c] + decoding->first, count * sizeof(float));
    }
    decoding->first += count;
    decoding->count -= count;
    return (ssize_t)count;
}

void decoding_leave(struct decoding *decoding)
{
    pthread_mutex_lock(&decoding->lock);
    while (decoding->reading != NULL) {
        pthread_cond_wait(&decoding->done, &decoding->lock);
    }
    decoding->first = decoding->count = 0;
    decoding->wanted = PIECE_LEAST;
    decoding->ended = false;
    pthread_mutex_unlock(&decoding->lock);
}
