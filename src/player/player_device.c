/* player_device.c - the player's device: opened for a rate, closed, turned off. */
#include "output/devices.h"
#include "player/player_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void player_device_close(struct player *player)
{
    output_close(player->output);
    pthread_mutex_lock(&player->lock);
    player->device_open = false;
    pthread_mutex_unlock(&player->lock);
}

/* Another one may have been set. */
static void take_device(struct player *player)
{
    pthread_mutex_lock(&player->lock);
    if (player->wished_device != NULL) {
        free(player->set_device);
        player->set_device = player->wished_device;
        player->wished_device = NULL;
        player->settings.device = player->set_device;
        player->device_told = false;
    }
    pthread_mutex_unlock(&player->lock);
}

/* Where there is no sound card at all, and nobody named a device, time is kept in silence. */
static int open_default(struct player *player, uint32_t rate_hz, struct sink_format *format,
                        char message[SINK_MESSAGE_SIZE])
{
    int result = output_open(player->output, player->settings.device, rate_hz, format, message);

    if (result >= 0 || strcmp(player->settings.device, "default") != 0 || devices_any_card()) {
        return result;
    }
    if (!player->silence_told) {
        player_tell(player, LOG_WARNING,
                    "there is no sound card here: the music plays in silence, but in time "
                    "(device = clock)");
        player->silence_told = true;
    }
    return output_open(player->output, "clock", rate_hz, format, message);
}

int player_device_open(struct player *player, uint32_t rate_hz)
{
    struct sink_format format;
    char message[SINK_MESSAGE_SIZE] = "";
    int result;

    take_device(player);
    if (atomic_load(&player->device_off)) {
        player_tell(player, LOG_NOTICE, "%s: this output is turned off; turn it on to play",
                    player->settings.device);
        return -ENODEV;
    }
    result = open_default(player, rate_hz, &format, message);
    if (result < 0) {
        if (!player->device_told) {
            player_tell(player, LOG_ERROR, "%s", message);
        }
        player_device_close(player);
        return result;
    }
    player->opened_ms = player_now_ms();
    player->wished_rate_hz = rate_hz;
    player->rate_hz = format.rate_hz;
    pthread_mutex_lock(&player->lock);
    player->device = format;
    player->device_open = true;
    pthread_mutex_unlock(&player->lock);
    return 0;
}
