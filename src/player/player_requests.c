/* player_requests.c - what others ask of the player: noted here, carried out in its thread. */
#include "player/player_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { CROWD = 16 /* so many wait: the last of a kind is enough */ };

/* Where something plays is decided anew: what was asked about that before counts no more. */
static bool is_place(enum request_kind kind)
{
    return kind == REQUEST_PLAY || kind == REQUEST_CUE || kind == REQUEST_STOP;
}

static bool is_waiting(struct player *player, bool or_seek)
{
    bool off;

    pthread_mutex_lock(&player->lock);
    off = player->quit;
    for (size_t i = 0; i < player->request_count && !off; i++) {
        off = is_place(player->requests[i].kind) ||
              (or_seek && player->requests[i].kind == REQUEST_SEEK);
    }
    pthread_mutex_unlock(&player->lock);
    return off;
}

bool player_is_called_off(struct player *player)
{
    return is_waiting(player, true);
}

bool player_is_replaced(struct player *player)
{
    return is_waiting(player, false);
}

/* True if `later` makes `before`, which still waits, needless. */
static bool replaces(const struct request *later, const struct request *before)
{
    if (is_place(later->kind)) {
        return is_place(before->kind) || before->kind == REQUEST_SEEK;
    }
    return later->kind == before->kind &&
           (later->kind == REQUEST_DEVICE || later->kind == REQUEST_HEAR ||
            later->kind == REQUEST_GAINS);
}

static void drop_replaced(struct player *player, const struct request *later)
{
    size_t kept = 0;

    for (size_t i = 0; i < player->request_count; i++) {
        if (!replaces(later, &player->requests[i])) {
            player->requests[kept++] = player->requests[i];
        }
    }
    player->request_count = kept;
}

static void ask(struct player *player, const struct request *request)
{
    struct request *last;

    pthread_mutex_lock(&player->lock);
    drop_replaced(player, request);
    last = player->request_count > 0 ? &player->requests[player->request_count - 1] : NULL;
    if (last != NULL && last->kind == REQUEST_SEEK && request->kind == REQUEST_SEEK && last->flag &&
        request->flag) {
        last->seconds += request->seconds; /* a key that is held down */
    } else if (last != NULL && last->kind == request->kind && player->request_count >= CROWD &&
               (request->kind == REQUEST_PAUSE || !(last->flag || request->flag))) {
        *last = *request;
    } else if (player->request_count < PLAYER_REQUESTS_MAX) { /* more than anyone types ahead */
        player->requests[player->request_count++] = *request;
    }
    pthread_cond_signal(&player->wake);
    pthread_mutex_unlock(&player->lock);
}

void player_list_changed(struct player *player)
{
    pthread_mutex_lock(&player->lock);
    player->list_changed = true;
    pthread_cond_signal(&player->wake);
    pthread_mutex_unlock(&player->lock);
}

void player_play(struct player *player, uint32_t id, double seconds)
{
    ask(player, &(struct request){.kind = REQUEST_PLAY, .id = id, .seconds = seconds});
}

void player_cue(struct player *player, uint32_t id, double seconds)
{
    ask(player, &(struct request){.kind = REQUEST_CUE, .id = id, .seconds = seconds});
}

void player_set_paused(struct player *player, bool paused)
{
    ask(player, &(struct request){.kind = REQUEST_PAUSE, .flag = paused});
}

void player_seek(struct player *player, double seconds, bool relative)
{
    ask(player, &(struct request){.kind = REQUEST_SEEK, .seconds = seconds, .flag = relative});
}

void player_ask_to_hear(struct player *player)
{
    ask(player, &(struct request){.kind = REQUEST_HEAR});
}

void player_stop(struct player *player)
{
    ask(player, &(struct request){.kind = REQUEST_STOP});
}

void player_set_original(struct player *player, bool original)
{
    if (player_is_blind(player)) {
        return;
    }
    atomic_store(&player->original, original);
    output_set_ab(player->output, original ? 0.0 : 1.0); /* at once, whatever else is going on */
}

void player_set_album_mode(struct player *player, enum album_mode mode)
{
    if (atomic_exchange(&player->album_mode, (int)mode) != (int)mode) {
        player_list_changed(player);
    }
}

int player_set_device(struct player *player, const char *device)
{
    char *copy = strdup(device);

    if (copy == NULL) {
        return -ENOMEM;
    }
    pthread_mutex_lock(&player->lock);
    free(player->wished_device);
    player->wished_device = copy;
    pthread_mutex_unlock(&player->lock);
    return 0;
}

void player_set_volume(struct player *player, double volume)
{
    double held = volume > 1.0 ? 1.0 : volume > 0.0 ? volume : 0.0; /* NaN is silence */

    atomic_store(&player->volume, held);
    output_set_volume(player->output, held);
}

void player_set_equal_loudness(struct player *player, bool equal)
{
    pthread_mutex_lock(&player->lock);
    player->equal_loudness = equal;
    pthread_mutex_unlock(&player->lock);
    ask(player, &(struct request){.kind = REQUEST_GAINS});
}

void player_set_lean(struct player *player, bool lean)
{
    if (atomic_exchange(&player->lean, lean) != lean) {
        matcher_set_lean(player->matcher, lean);
    }
}

void player_set_device_off(struct player *player, bool off)
{
    atomic_store(&player->device_off, off);
    ask(player, &(struct request){.kind = REQUEST_DEVICE});
}

void player_clear_error(struct player *player)
{
    pthread_mutex_lock(&player->lock);
    player->error[0] = '\0';
    pthread_mutex_unlock(&player->lock);
}

void player_tap_enable(struct player *player, bool enabled)
{
    output_tap_enable(player->output, enabled);
}

uint32_t player_tap_read(struct player *player, float *const channel[2])
{
    struct output_tap tap;

    if (!output_tap_read(player->output, &tap)) {
        return 0;
    }
    memcpy(channel[0], tap.after[0], tap.frames * sizeof(float));
    memcpy(channel[1], tap.after[1], tap.frames * sizeof(float));
    return tap.frames;
}

struct recovery *player_recovery(struct player *player)
{
    return &player->recovery;
}

struct output *player_output(struct player *player)
{
    return player->output;
}
