/* player_device.c - the player's device: opened for a rate, closed, turned off. */
#include "output/devices.h"
#include "player/player_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { OPEN_STEP_MS = 20 };

void player_device_close(struct player *player)
{
    output_close(player->output);
    pthread_mutex_lock(&player->lock);
    player->device_open = false;
    pthread_mutex_unlock(&player->lock);
}

/* Another one may have been set: true. */
static bool take_device(struct player *player)
{
    bool another = false;

    pthread_mutex_lock(&player->lock);
    if (player->wished_device != NULL) {
        free(player->set_device);
        player->set_device = player->wished_device;
        player->wished_device = NULL;
        player->settings.device = player->set_device;
        player->device_told = false;
        another = true;
    }
    pthread_mutex_unlock(&player->lock);
    return another;
}

/* Where there is no sound card at all, and nobody named a device, time is kept in silence. */
static int open_default(struct player *player, int result, struct sink_format *format,
                        char message[SINK_MESSAGE_SIZE])
{
    if (result >= 0 || strcmp(player->settings.device, "default") != 0 || devices_any_card()) {
        return result;
    }
    if (!player->silence_told) {
        player_tell(player, LOG_WARNING,
                    "there is no sound card here: the music plays in silence, but in time "
                    "(device = clock)");
        recovery_note(&player->recovery, RECOVERY_DEVICE, 0,
                      "there is no sound card: the music plays in silence, but in time");
        player->silence_told = true;
    }
    return output_open(player->output, "clock", player->wished_rate_hz, format, message);
}

/* Waits for the driver, but not when something else is asked for meanwhile. */
static int wait_for_driver(struct player *player, int patience_ms, struct sink_format *format,
                           char message[SINK_MESSAGE_SIZE])
{
    uint64_t begin = player_now_ms();
    int result;

    do {
        result =
            output_open_end(player->output, patience_ms > 0 ? OPEN_STEP_MS : 0, format, message);
    } while (result == -EINPROGRESS && !player_is_called_off(player) &&
             player_now_ms() - begin < (uint64_t)patience_ms);
    return result;
}

static void opened(struct player *player, const struct sink_format *format)
{
    player->opened_ms = player_now_ms();
    player->rate_hz = format->rate_hz;
    if (format->converted || format->rate_hz != player->wished_rate_hz) {
        recovery_note(&player->recovery, RECOVERY_DEVICE, 0,
                      "%s does not take %u Hz as it is: it gets %u Hz, %s", format->device,
                      player->wished_rate_hz, format->rate_hz,
                      format->converted ? "converted by ALSA" : "resampled here");
    }
    pthread_mutex_lock(&player->lock);
    player->device = *format;
    player->device_open = true;
    pthread_mutex_unlock(&player->lock);
}

int player_device_try(struct player *player, uint32_t rate_hz, int patience_ms,
                      char message[SINK_MESSAGE_SIZE])
{
    struct sink_format format;
    bool goes_on = output_is_opening(player->output) && player->opening_rate_hz == rate_hz;
    int result = 0;

    message[0] = '\0';
    if (take_device(player) || !goes_on) {
        if (atomic_load(&player->device_off)) {
            player_tell(player, LOG_NOTICE, "%s: this output is turned off; turn it on to play",
                        player->settings.device);
            return -ENODEV;
        }
        result = output_open_begin(player->output, player->settings.device, rate_hz, message);
    }
    player->opening_rate_hz = rate_hz;
    if (result >= 0) {
        result = wait_for_driver(player, patience_ms, &format, message);
    }
    if (result == -EINPROGRESS) {
        return result;
    }
    player->wished_rate_hz = rate_hz;
    result = open_default(player, result, &format, message);
    if (result < 0) {
        player_device_close(player);
        return result;
    }
    opened(player, &format);
    return 0;
}

int player_device_open(struct player *player, uint32_t rate_hz, int patience_ms)
{
    char message[SINK_MESSAGE_SIZE];
    int result = player_device_try(player, rate_hz, patience_ms, message);

    if (message[0] != '\0' && result < 0 && result != -EINPROGRESS) {
        player_tell(player, LOG_ERROR, "%s", message);
        recovery_note(&player->recovery, RECOVERY_DEVICE, 0, "%s", message);
    }
    return result;
}
