/* device_watch.c - what the player does when its device is unplugged, hangs, or is not needed. */
#include "output/recover.h"
#include "player/player_internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
    REOPEN_EVERY_MS = 1000,
    REFUSALS_MAX = 3, /* one that was just plugged in may be about to get its permissions */
    STEADY_MS = 3000,
    STARTS_MAX = 3,
    STUCK_MS = 3000,
    STUCK_STEP_MS = 500, /* what counts of the time between two looks: we may have been stopped */
    MOVING_MS = 1000,
};

/* Notes what is heard, and lets the device and all that was decoded go. */
static void lose(struct player *player)
{
    int64_t frame;
    const struct mark *mark = transport_heard(player, &frame);
    double seconds = (double)frame / player->rate_hz;
    struct player_track *track = player_track_copy(mark->track);
    uint32_t id = mark->track->id;

    player_device_close(player); /* before the stop: there is nothing left to fade out on */
    transport_stop_output(player);
    transport_set_resume(player, id, seconds, track);
    pthread_mutex_lock(&player->lock);
    player->waits_for_device = true;
    player->state = player->paused ? PLAYER_PAUSED : PLAYER_STARTING;
    pthread_mutex_unlock(&player->lock);
    player->stuck_ms = 0;
}

static void give_up(struct player *player, const char *why)
{
    player_tell(player, LOG_ERROR, "%s; playing was stopped", why);
    recovery_note(&player->recovery, RECOVERY_DEVICE, 0, "%s: playing was stopped", why);
    transport_end(player, false);
}

/* A device that was unplugged is waited for; one that fails as soon as it is opened is given up. */
static void tell_lost(struct player *player, const char *trouble, const char *why, uint64_t now)
{
    player->failed_starts = now - player->opened_ms < STEADY_MS ? player->failed_starts + 1 : 1;
    if (player->failed_starts > STARTS_MAX) {
        player_tell(player, LOG_ERROR, "%s: the device fails each time (%s); choose another",
                    player->settings.device, why);
        recovery_note(&player->recovery, RECOVERY_DEVICE, 0,
                      "%s fails each time it is opened (%s): playing was stopped",
                      player->settings.device, why);
        transport_end(player, false);
        return;
    }
    if (!player->device_told) {
        player_tell(player, LOG_WARNING, "%s: the device %s (%s); the music waits for it",
                    player->settings.device, trouble, why);
    }
    recovery_note(&player->recovery, RECOVERY_DEVICE, 0, "%s %s (%s): the music waits for it",
                  player->settings.device, trouble, why);
    player->device_told = true;
    player->absent_told = player->stuck_ms < STUCK_MS;
    player->refusal[0] = '\0';
    lose(player);
}

/* It could not be opened again. Each reason is told once, when it is another than before. */
static void tell_refused(struct player *player, int error, const char *message)
{
    bool absent = error == -ENODEV || error == -ENOENT || error == -ENXIO;
    bool passes = recover_step_for_open(error) != RECOVER_GIVE_UP;

    player->refusals = passes ? 0 : player->refusals + 1;
    if (player->refusals >= REFUSALS_MAX) {
        give_up(player, message);
        return;
    }
    if (!passes || (absent && player->absent_told) || strcmp(message, player->refusal) == 0) {
        return;
    }
    player_tell(player, LOG_WARNING, "%s; the music waits for it", message);
    recovery_note(&player->recovery, RECOVERY_DEVICE, 0, "%s: the music waits for it", message);
    player->absent_told = absent;
    snprintf(player->refusal, sizeof player->refusal, "%s", message);
}

/* The device is there again, perhaps: plays on from the frame that was heard last. */
static void try_again(struct player *player, uint64_t now)
{
    char message[SINK_MESSAGE_SIZE];
    int result;

    if (now - player->lost_since_ms < REOPEN_EVERY_MS && !output_is_opening(player->output)) {
        return;
    }
    player->lost_since_ms = now;
    result = player_device_try(player, player->opening_rate_hz, 0, message);
    if (result < 0 && result != -EINPROGRESS) {
        tell_refused(player, result, message);
    } else if (result == 0) {
        player->refusals = 0;
        recovery_note(&player->recovery, RECOVERY_DEVICE, 0,
                      "%s is open again: the music goes on where it was heard last",
                      player->settings.device);
        transport_begin(player, player->resume_id, player->resume_s);
    }
}

static void lost(struct player *player, int error, uint64_t now)
{
    char why[SINK_MESSAGE_SIZE];

    if (recover_step_for(error) == RECOVER_GIVE_UP) {
        snprintf(why, sizeof why, "%s: %s", player->settings.device, strerror(-error));
        give_up(player, why);
    } else {
        tell_lost(player, "is gone", strerror(-error), now);
    }
}

/* How long the device has neither taken frames nor played any, though it should. */
static uint32_t stuck_ms(struct player *player, const struct output_status *status, uint64_t now)
{
    uint64_t step = now - player->looked_ms;
    bool should_move = status->state == OUTPUT_PLAYING || status->state == OUTPUT_DRAINING;

    if (!should_move || status->frames != player->looked_frames ||
        status->queued_frames != player->looked_queued) {
        player->stuck_ms = 0;
    } else {
        player->stuck_ms += (uint32_t)(step < STUCK_STEP_MS ? step : STUCK_STEP_MS);
    }
    player->looked_ms = now;
    player->looked_frames = status->frames;
    player->looked_queued = status->queued_frames;
    return player->stuck_ms;
}

void device_watch(struct player *player, const struct output_status *status)
{
    uint64_t now = player_now_ms();
    uint32_t release_ms = player->settings.release_after_seconds * 1000;
    uint32_t stuck = stuck_ms(player, status, now);

    if (player->waits_for_device) {
        try_again(player, now);
    } else if (player->stream != NULL && status->state == OUTPUT_LOST) {
        lost(player, status->error, now);
    } else if (player->stream != NULL && stuck >= STUCK_MS) {
        tell_lost(player, "takes no sound", "it hangs", now);
    } else if (player->device_told && output_is_open(player->output) && stuck < MOVING_MS &&
               now - player->opened_ms >= STEADY_MS) {
        log_write(player->log, LOG_NOTICE, "%s: the device is back", player->settings.device);
        player->device_told = false;
        player->failed_starts = 0;
    } else if (status->state == OUTPUT_PAUSED && player->paused && output_is_open(player->output) &&
               (atomic_load(&player->device_off) ||
                (release_ms > 0 && now - player->paused_since_ms >= release_ms))) {
        player_device_close(player);
    }
}
