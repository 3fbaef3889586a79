/* player.c - makes the player and takes it down. */
#include "player/player_internal.h"
#include "player/shadow.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

enum { STACK_BYTES = 512 * 1024, SETTLE_MS = 1750 };

uint64_t player_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void player_wake(void *context)
{
    struct player *player = context;

    pthread_mutex_lock(&player->lock);
    player->news = true;
    pthread_cond_signal(&player->wake);
    pthread_mutex_unlock(&player->lock);
}

/* --- until there is a list -------------------------------------------------------------------- */

static struct player_track *no_track(void *context, uint32_t id)
{
    (void)context;
    (void)id;
    return NULL;
}

static uint32_t no_next(void *context, uint32_t id, bool *border)
{
    (void)context;
    (void)id;
    *border = false;
    return PLAYER_NO_TRACK;
}

static uint32_t no_neighbour(void *context, uint32_t id, int step)
{
    (void)context;
    (void)id;
    (void)step;
    return PLAYER_NO_TRACK;
}

static const struct player_list no_list = {NULL, no_track, no_next, no_neighbour, NULL, NULL};

void player_set_list(struct player *player, const struct player_list *list)
{
    pthread_mutex_lock(&player->lock);
    player->list = *list;
    pthread_mutex_unlock(&player->lock);
}

/* --- making ----------------------------------------------------------------------------------- */

static int start_thread(struct player *player)
{
    pthread_attr_t attributes;
    int result;

    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    result = pthread_create(&player->thread, &attributes, player_thread, player);
    pthread_attr_destroy(&attributes);
    if (result == 0) {
        pthread_setname_np(player->thread, "mp-player");
    }
    return -result;
}

/* The state of a player that has done nothing yet. */
static void init(struct player *player, const struct player_settings *settings, struct log *log)
{
    pthread_condattr_t monotonic;

    player->settings = *settings;
    if (settings->settle_ms == 0) {
        player->settings.settle_ms = SETTLE_MS;
    }
    player->log = log;
    player->list = no_list;
    player->equal_loudness = settings->equal_loudness;
    player->wrong_from = INT64_MAX;
    atomic_init(&player->original, settings->begin_with_original);
    atomic_init(&player->volume, 1.0);
    atomic_init(&player->device_off, false);
    atomic_init(&player->monitored, settings->monitor);
    atomic_init(&player->lean, false);
    atomic_init(&player->quality_wish, (int)settings->quality);
    degrade_init(&player->degrade, settings->quality);
    player->quality = player->degrade.level;
    player->told = (struct told){.state = player->state, .quality = player->quality};
    atomic_init(&player->album_mode, (int)settings->album_mode);
    pthread_mutex_init(&player->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&player->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    recovery_init(&player->recovery);
    seams_reset(player);
}

static void finish(struct player *player)
{
    free(player->audition.wished_path);
    free(player->audition.path);
    decoding_destroy(player->decoding);
    shadow_forget(player);
    recovery_finish(&player->recovery);
    matcher_destroy(player->matcher);
    output_destroy(player->output);
    tracks_finish(player);
    player_track_destroy(player->resume);
    free(player->marks);
    free(player->set_device);
    free(player->wished_device);
    pthread_cond_destroy(&player->wake);
    pthread_mutex_destroy(&player->lock);
    free(player);
}

struct player *player_create(const struct player_settings *settings, struct log *log)
{
    struct player *player = calloc(1, sizeof *player);
    struct matcher_settings matcher = {.cache = settings->cache,
                                       .precision = settings->precision,
                                       .kernels = settings->output.kernels,
                                       .log = log,
                                       .changed = player_wake,
                                       .context = player};
    int result;

    if (player == NULL) {
        return NULL;
    }
    init(player, settings, log);
    player->output = output_create(&settings->output, log);
    player->matcher = player->output != NULL ? matcher_create(&matcher) : NULL;
    player->decoding = player->matcher != NULL ? decoding_create() : NULL;
    result = player->decoding != NULL ? start_thread(player) : -errno;
    if (result < 0) {
        finish(player);
        errno = -result;
        return NULL;
    }
    return player;
}

void player_destroy(struct player *player)
{
    if (player == NULL) {
        return;
    }
    pthread_mutex_lock(&player->lock);
    player->quit = true;
    pthread_cond_signal(&player->wake);
    pthread_mutex_unlock(&player->lock);
    pthread_join(player->thread, NULL);
    finish(player);
}
