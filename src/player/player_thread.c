/* player_thread.c - the player's thread: requests, decoding ahead, seams. */
#include "player/audition.h"
#include "player/player_internal.h"

#include "base/moment.h"

#include <string.h>
#include <time.h>

enum { IDLE_WAIT_MS = 250, BUSY_WAIT_MS = 20, AFTER_MARK_MS = 5 };

/* By itself, but seen from outside as if it had been asked for: at no moment is there no track. */
static void go_on(struct player *player, uint32_t id)
{
    pthread_mutex_lock(&player->lock);
    player->in_hand = (struct request){.kind = REQUEST_PLAY, .id = id};
    player->has_in_hand = id != PLAYER_AUDITION;
    pthread_mutex_unlock(&player->lock);
    transport_forget_stream(player);
    transport_begin(player, id, 0.0);
    pthread_mutex_lock(&player->lock);
    player->has_in_hand = false;
    pthread_mutex_unlock(&player->lock);
}

/* The stream was played to its end. */
static void finished(struct player *player)
{
    bool continues = player->continues;
    bool border = player->border;
    uint32_t id = player->continue_at;

    if (!continues) {
        transport_forget_stream(player);
        transport_end(player, true);
        return;
    }
    if (border) {
        transport_note_paused(player, true);
    }
    go_on(player, id);
}

static void count_time(struct player *player, const struct output_status *status)
{
    if (player->rate_hz > 0 && status->frames != player->counted_frames) {
        pthread_mutex_lock(&player->lock);
        player->played_s += (double)(status->frames - player->counted_frames) / player->rate_hz;
        pthread_mutex_unlock(&player->lock);
        player->counted_frames = status->frames;
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
    count_time(player, status);
    if (player->stream != NULL && status->finished_id == player->stream_id) {
        finished(player);
        output_read_status(player->output, status);
    }
    trouble_watch(player, status);
    seams_heed_fault(player, status);
    device_watch(player, status);
}

/* In how many ms a number of frames will have been played. */
static int in_ms(const struct player *player, int64_t frames)
{
    int64_t ms = frames * 1000 / player->rate_hz;

    return ms < BUSY_WAIT_MS ? BUSY_WAIT_MS : ms > IDLE_WAIT_MS ? IDLE_WAIT_MS : (int)ms;
}

/* How long nothing needs to be done. */
static int wait_ms(const struct player *player, const struct output_status *status)
{
    int64_t at, end, heard;
    size_t mark;
    int until_mark = IDLE_WAIT_MS;

    if (player->stream == NULL) {
        return status->state == OUTPUT_CLOSED && !player->waits_for_device ? -1 : IDLE_WAIT_MS;
    }
    if (player->paused) {
        return status->state == OUTPUT_CLOSED   ? -1
               : status->state == OUTPUT_PAUSED ? IDLE_WAIT_MS
                                                : BUSY_WAIT_MS;
    }
    at = transport_position(player, status);
    end = player->cut ? stream_end(player->stream) : stream_written(player->stream);
    if (status->unpaced || end - at < (int64_t)player->rate_hz) {
        return BUSY_WAIT_MS;
    }
    mark = player_heard_mark(player, status) + 1;
    if (mark < player->mark_count) {
        heard = at - status->queued_frames;
        until_mark = in_ms(player, player->marks[mark].position - heard) + AFTER_MARK_MS;
    }
    if (seams_due(player) - at < (int64_t)player->rate_hz) {
        int until_due = in_ms(player, seams_due(player) - at);

        return until_due < until_mark ? until_due : until_mark;
    }
    return until_mark;
}

static void wait(struct player *player, int ms)
{
    struct timespec until = moment_in(ms);

    pthread_mutex_lock(&player->lock);
    while (player->request_count == 0 && !player->quit && !player->news && !player->list_changed) {
        if (ms < 0) {
            pthread_cond_wait(&player->wake, &player->lock);
        } else if (pthread_cond_timedwait(&player->wake, &player->lock, &until) != 0) {
            break;
        }
    }
    pthread_mutex_unlock(&player->lock);
}

/* The next request; it stays in hand until it is done. */
static bool take_request(struct player *player)
{
    pthread_mutex_lock(&player->lock);
    player->has_in_hand = player->request_count > 0;
    if (player->has_in_hand) {
        player->in_hand = player->requests[0];
        player->request_count--;
        memmove(player->requests, player->requests + 1,
                player->request_count * sizeof player->requests[0]);
    }
    pthread_mutex_unlock(&player->lock);
    return player->has_in_hand;
}

static void obey(struct player *player)
{
    struct request request = player->in_hand; /* only this thread writes it */

    transport_obey(player, &request);
    pthread_mutex_lock(&player->lock);
    player->has_in_hand = false;
    pthread_mutex_unlock(&player->lock);
}

struct news {
    bool quit, match, list;
};

static struct news take_news(struct player *player)
{
    struct news news;

    pthread_mutex_lock(&player->lock);
    news = (struct news){player->quit, player->news, player->list_changed};
    player->news = player->list_changed = false;
    pthread_mutex_unlock(&player->lock);
    return news;
}

static void let_go(struct player *player)
{
    transport_end(player, false);
    live_match_end(player);
    audition_forget(player);
    for (size_t i = 0; i < PLAYER_AHEAD_MATCHES; i++) {
        sides_release(player->ahead[i]);
    }
}

void *player_thread(void *argument)
{
    struct player *player = argument;
    struct output_status status;

    rt_flush_denormals();
    for (struct news news = take_news(player); !news.quit; news = take_news(player)) {
        bool decoded = false;

        if (take_request(player)) {
            obey(player);
        }
        serve_output(player, &status);
        if (news.list) {
            follow_list(player);
        }
        follow_wrong(player, &status);
        keep_up_serve(player, &status);
        if (player->stream != NULL) {
            decoded = feeder_decode(player);
            radio_serve(player);
            live_match_serve(player);
            seams_serve(player);
            marks_drop_heard(player, &status);
            if (news.match) {
                seams_update_gains(player, PLAYER_LATE_FADE_MS);
            }
        }
        player_tell_changes(player, &status);
        if (!decoded) {
            wait(player, wait_ms(player, &status));
        }
    }
    let_go(player);
    return NULL;
}
