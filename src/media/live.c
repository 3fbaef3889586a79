/* live.c - what comes from an address, opened, read and decoded by a thread of its own. */
#include "media/live.h"

#include "base/moment.h"
#include "media/container.h"
#include "media/decoder_network.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    RING_FRAMES = 65536, /* a power of two */
    READ_FRAMES = 1024,
    STACK_BYTES = 1024 * 1024, /* libavformat's, and TLS */
    LOOK_MS = 20,
    LEAVE_MS = 250,   /* so long a thread is waited for that was told to end */
    STEADY_S = 10,    /* so much sound in a row, and the next break is a first one */
    GIVE_UP_S = 1800, /* of trying in vain */
};

static const unsigned PAUSES_MS[] = {250, 1000, 2000, 4000, 8000, 15000, 30000};
enum { PAUSES = sizeof PAUSES_MS / sizeof PAUSES_MS[0] };

enum phase { OPENING, READING, ENDED };

struct live {
    pthread_mutex_t lock; /* all of this group */
    pthread_cond_t news;  /* for both sides */
    unsigned holders;     /* the thread, and who opened it */
    enum phase phase;
    int64_t seek_to; /* -1: nothing asked */
    float ring[MEDIA_CHANNELS][RING_FRAMES];
    size_t first, count;
    struct media_info info;
    struct media_error error; /* ENDED: why; code 0: that was all */
    struct media_station station;

    /* The thread's: */
    char *address;
    uint32_t rate_hz; /* asked for; once opened, given */
    struct network network;
    struct decoder *decoder;
    unsigned attempt;
    int64_t steady_frames; /* since it was connected */
};

/* --- both sides --------------------------------------------------------------------------------
 */

/* With the lock. */
static void wait_ms(struct live *live, int ms)
{
    struct timespec until = moment_in(ms);

    pthread_cond_timedwait(&live->news, &live->lock, &until);
}

/* With the lock, which is given up: the last one frees everything. */
static void leave(struct live *live)
{
    bool last = --live->holders == 0;

    pthread_cond_broadcast(&live->news);
    pthread_mutex_unlock(&live->lock);
    if (last) {
        pthread_cond_destroy(&live->news);
        pthread_mutex_destroy(&live->lock);
        free(live->address);
        free(live);
    }
}

static bool is_cancelled(struct live *live)
{
    return atomic_load(&live->network.over);
}

/* --- the thread ------------------------------------------------------------------------------- */

static void publish(struct live *live)
{
    struct media_station *station = &live->station;
    const struct network *network = &live->network;

    if (strcmp(station->name, network->name) == 0 && strcmp(station->title, network->title) == 0) {
        return;
    }
    pthread_mutex_lock(&live->lock);
    memcpy(station->name, network->name, sizeof station->name);
    memcpy(station->title, network->title, sizeof station->title);
    station->changes++;
    pthread_mutex_unlock(&live->lock);
}

static void set_lost(struct live *live, const char *why)
{
    struct media_station *station = &live->station;

    pthread_mutex_lock(&live->lock);
    if (station->lost != (why != NULL)) {
        station->lost = why != NULL;
        snprintf(station->message, sizeof station->message, "%s", why != NULL ? why : "");
        station->changes++;
    }
    pthread_mutex_unlock(&live->lock);
}

/* One connection. A list of addresses is followed to the first of them, once. */
static int connect_once(struct live *live, struct media_error *error)
{
    int result =
        decoder_open_network(&live->decoder, live->address, live->rate_hz, &live->network, error);

    if (result == -EINVAL && live->phase == OPENING) {
        char *address = network_list_first(live->address, &live->network);

        if (address != NULL) {
            free(live->address);
            live->address = address;
            result = decoder_open_network(&live->decoder, live->address, live->rate_hz,
                                          &live->network, error);
        }
    }
    if (result == 0) {
        live->rate_hz = decoder_info(live->decoder)->rate_hz;
        live->steady_frames = 0;
        publish(live);
    }
    return result;
}

static void pause_before(struct live *live)
{
    unsigned step = live->attempt < PAUSES ? live->attempt : PAUSES - 1;
    struct timespec until = moment_in((int)PAUSES_MS[step]);

    live->attempt++;
    pthread_mutex_lock(&live->lock);
    while (!is_cancelled(live) && pthread_cond_timedwait(&live->news, &live->lock, &until) == 0) {
    }
    pthread_mutex_unlock(&live->lock);
}

/* The station's connection has ended. False: nobody wants it any more, or it is over with it. */
static bool connect_again(struct live *live, struct media_error *error)
{
    time_t begin = moment_in(0).tv_sec;
    char why[MEDIA_MESSAGE_SIZE];

    snprintf(why, sizeof why, "%.900s: the connection is lost, and sought again", live->address);
    if (live->steady_frames > (int64_t)STEADY_S * live->rate_hz) {
        live->attempt = 0;
    }
    set_lost(live, why);
    while (!is_cancelled(live)) {
        decoder_close(live->decoder);
        live->decoder = NULL;
        pause_before(live);
        if (is_cancelled(live)) {
            break;
        }
        if (connect_once(live, error) == 0) {
            set_lost(live, NULL);
            error->code = 0;
            return true;
        }
        live->decoder = NULL;
        if (moment_in(0).tv_sec - begin > GIVE_UP_S) {
            return false;
        }
    }
    error->code = 0;
    return false;
}

/* With the lock: copies into the ring, waiting for room. */
static void put(struct live *live, float *const channel[MEDIA_CHANNELS], size_t frames)
{
    while (RING_FRAMES - live->count < frames && !is_cancelled(live) && live->seek_to < 0) {
        pthread_cond_wait(&live->news, &live->lock);
    }
    if (is_cancelled(live) || live->seek_to >= 0) {
        return;
    }
    for (size_t i = 0; i < frames; i++) {
        size_t place = (live->first + live->count + i) % RING_FRAMES;

        live->ring[0][place] = channel[0][i];
        live->ring[1][place] = channel[1][i];
    }
    live->count += frames;
    pthread_cond_broadcast(&live->news);
}

/* What was asked for is done; true: read on. */
static bool see_to_seek(struct live *live)
{
    int64_t frame;

    pthread_mutex_lock(&live->lock);
    frame = live->seek_to;
    live->seek_to = -1;
    if (frame >= 0) {
        live->first = live->count = 0;
    }
    pthread_mutex_unlock(&live->lock);
    return frame < 0 || decoder_seek(live->decoder, frame, NULL) == 0;
}

/* Nothing more comes, unless a file is to be heard from elsewhere. */
static void rest(struct live *live, const struct media_error *error)
{
    pthread_mutex_lock(&live->lock);
    live->phase = ENDED;
    live->error = *error;
    pthread_cond_broadcast(&live->news);
    while (!is_cancelled(live) && live->seek_to < 0) {
        pthread_cond_wait(&live->news, &live->lock);
    }
    live->phase = READING;
    pthread_mutex_unlock(&live->lock);
}

static void read_on(struct live *live)
{
    float left[READ_FRAMES] = {0.0F}, right[READ_FRAMES] = {0.0F};
    float *const channel[MEDIA_CHANNELS] = {left, right};

    while (!is_cancelled(live)) {
        struct media_error error = {0};
        ssize_t got =
            see_to_seek(live) ? decoder_read(live->decoder, channel, READ_FRAMES, &error) : -EIO;

        publish(live);
        if (got > 0) {
            live->steady_frames += got;
            pthread_mutex_lock(&live->lock);
            put(live, channel, (size_t)got);
            pthread_mutex_unlock(&live->lock);
        } else if (!live->network.station || !connect_again(live, &error)) {
            rest(live, &error);
            if (live->decoder == NULL) {
                return;
            }
        }
    }
}

static void *work(void *argument)
{
    struct live *live = argument;
    struct media_error error = {0};
    int result = connect_once(live, &error);

    pthread_mutex_lock(&live->lock);
    live->phase = result == 0 ? READING : ENDED;
    live->error = error;
    if (result == 0) {
        live->info = *decoder_info(live->decoder);
    }
    pthread_cond_broadcast(&live->news);
    pthread_mutex_unlock(&live->lock);
    if (result == 0) {
        read_on(live);
        decoder_close(live->decoder);
    }
    pthread_mutex_lock(&live->lock);
    leave(live);
    return NULL;
}

/* --- for others --------------------------------------------------------------------------------
 */

static int start(struct live *live)
{
    pthread_attr_t attributes;
    pthread_t thread;
    int result;

    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    live->holders = 2;
    result = pthread_create(&thread, &attributes, work, live);
    pthread_attr_destroy(&attributes);
    if (result == 0) {
        pthread_setname_np(thread, "mp-network");
    } else {
        live->holders = 1;
    }
    return -result;
}

static struct live *create(const char *address, uint32_t rate_hz)
{
    struct live *live = calloc(1, sizeof *live);
    pthread_condattr_t monotonic;

    if (live == NULL) {
        return NULL;
    }
    live->address = strdup(address);
    if (live->address == NULL) {
        free(live);
        return NULL;
    }
    live->rate_hz = rate_hz;
    live->seek_to = -1;
    pthread_mutex_init(&live->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&live->news, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return live;
}

int live_open(struct live **live_out, const char *address, uint32_t rate_hz,
              const struct live_wait *wait, struct media_info *info, struct media_error *error)
{
    struct live *live = create(address, rate_hz);
    bool over = false;
    int result;

    *live_out = NULL;
    if (live == NULL || start(live) < 0) {
        live_close(live);
        return media_fail(error, -ENOMEM, "%s: no memory left; close other programs", address);
    }
    pthread_mutex_lock(&live->lock);
    while (live->phase == OPENING && !over) {
        wait_ms(live, LOOK_MS);
        pthread_mutex_unlock(&live->lock);
        over = wait->is_over != NULL && wait->is_over(wait->context);
        pthread_mutex_lock(&live->lock);
    }
    result = live->phase == READING ? 0 : live->phase == ENDED ? live->error.code : -ECANCELED;
    if (result == 0) {
        *info = live->info;
        *live_out = live;
    } else if (result != -ECANCELED && error != NULL) {
        *error = live->error;
    }
    pthread_mutex_unlock(&live->lock);
    if (result == -ECANCELED) {
        media_fail(error, result, "%s: no longer waited for", address);
    }
    if (result != 0) {
        live_close(live);
    }
    return result;
}

void live_cancel(struct live *live)
{
    atomic_store(&live->network.over, true);
    pthread_mutex_lock(&live->lock);
    pthread_cond_broadcast(&live->news);
    pthread_mutex_unlock(&live->lock);
}

void live_close(struct live *live)
{
    struct timespec until = moment_in(LEAVE_MS);

    if (live == NULL) {
        return;
    }
    live_cancel(live);
    pthread_mutex_lock(&live->lock);
    while (live->holders > 1 && pthread_cond_timedwait(&live->news, &live->lock, &until) == 0) {
    }
    leave(live);
}

ssize_t live_read(struct live *live, float *const channel[MEDIA_CHANNELS], size_t frames,
                  struct media_error *error)
{
    ssize_t result;

    pthread_mutex_lock(&live->lock);
    while (!is_cancelled(live) && live->count == 0 &&
           (live->phase != ENDED || live->seek_to >= 0)) {
        pthread_cond_wait(&live->news, &live->lock);
    }
    frames = frames < live->count ? frames : live->count;
    for (size_t i = 0; i < frames; i++) {
        size_t place = (live->first + i) % RING_FRAMES;

        channel[0][i] = live->ring[0][place];
        channel[1][i] = live->ring[1][place];
    }
    live->first = (live->first + frames) % RING_FRAMES;
    live->count -= frames;
    result = (ssize_t)frames;
    if (frames == 0 && !is_cancelled(live) && live->error.code < 0) {
        result = live->error.code;
        if (error != NULL) {
            *error = live->error;
        }
    }
    pthread_cond_broadcast(&live->news);
    pthread_mutex_unlock(&live->lock);
    return result;
}

int live_seek(struct live *live, int64_t frame)
{
    if (!live->info.seekable) {
        return -ESPIPE;
    }
    pthread_mutex_lock(&live->lock);
    live->seek_to = frame;
    live->first = live->count = 0;
    live->error.code = 0;
    pthread_cond_broadcast(&live->news);
    pthread_mutex_unlock(&live->lock);
    return 0;
}

void live_station(struct live *live, struct media_station *station)
{
    pthread_mutex_lock(&live->lock);
    *station = live->station;
    pthread_mutex_unlock(&live->lock);
}
