/* player_thread.c - the player's thread: requests, decoding ahead, seams. */
#include "player/player_internal.h"

#include <time.h>

enum { IDLE_WAIT_MS = 250, BUSY_WAIT_MS = 20 };

/* The stream was played to its end. */
static void finished(struct player *player)
{
    bool continues = player->continues;
    size_t index = player->continue_at;

    transport_forget_stream(player);
    if (continues) {
        transport_begin(player, index, 0);
    } else {
        transport_end(player, true);
    }
}

/* Looks at what the audio thread did. */
static void serve_output(struct player *player, struct output_status *status)
{
    for (uint64_t refused = output_reap(player->output); refused != 0;
         refused = output_reap(player->output)) {
        seams_refused(player, refused);
    }
    output_read_status(player->output, status);
    if (player->stream != NULL && status->finished_id == player->stream_id) {
        finished(player);
        output_read_status(player->output, status);
    }
    device_watch(player, status);
}

/* How long nothing needs to be done. */
static int wait_ms(const struct player *player, const struct output_status *status)
{
    int64_t left;

    if (player->stream == NULL) {
        return status->state == OUTPUT_CLOSED && !player->waits_for_device ? -1 : IDLE_WAIT_MS;
    }
    left = stream_written(player->stream) - status->position;
    if (player->resolved < player->mark_count || status->unpaced ||
        left < (int64_t)player->rate_hz) {
        return BUSY_WAIT_MS;
    }
    return IDLE_WAIT_MS;
}

static void wait(struct player *player, int ms)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += (long)(ms < 0 ? 0 : ms) * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&player->lock);
    while (player->request_count == 0 && !player->quit && !player->news) {
        if (ms < 0) {
            pthread_cond_wait(&player->wake, &player->lock);
        } else if (pthread_cond_timedwait(&player->wake, &player->lock, &until) != 0) {
            break;
        }
    }
    pthread_mutex_unlock(&player->lock);
}

static bool take_request(struct player *player, struct request *request)
{
    bool any;

    pthread_mutex_lock(&player->lock);
    any = player->request_count > 0;
    if (any) {
        *request = player->requests[player->request_first];
        player->request_first = (player->request_first + 1) % PLAYER_REQUESTS_MAX;
        player->request_count--;
    }
    pthread_mutex_unlock(&player->lock);
    return any;
}

static bool take_news(struct player *player, bool *quit)
{
    bool news;

    pthread_mutex_lock(&player->lock);
    news = player->news;
    player->news = false;
    *quit = player->quit;
    pthread_mutex_unlock(&player->lock);
    return news;
}

void *player_thread(void *argument)
{
    struct player *player = argument;
    struct output_status status;
    struct request request;
    bool quit = false;

    rt_flush_denormals();
    for (;;) {
        bool news = take_news(player, &quit);
        bool decoded = false;

        if (quit) {
            break;
        }
        if (take_request(player, &request)) {
            transport_obey(player, &request);
        }
        serve_output(player, &status);
        if (player->stream != NULL) {
            decoded = feeder_decode(player);
            seams_serve(player);
            if (news) {
                seams_update_gains(player, PLAYER_LATE_FADE_MS);
            }
        }
        if (!decoded) {
            wait(player, wait_ms(player, &status));
        }
    }
    transport_end(player, false);
    for (size_t i = 0; i < PLAYER_AHEAD_MATCHES; i++) {
        match_release(player->ahead[i]);
    }
    return NULL;
}
