/* signal_path.c - the way of the sound in words. */
#include "player/signal_path.h"

#include "dsp/format.h"

#include <stdio.h>

bool signal_path_is_bit_perfect(const struct player_status *status)
{
    const struct media_info *source = &status->source;
    const struct sink_format *device = &status->device;
    bool as_it_is = (status->original ? status->match_a : status->match) == PLAYER_MATCH_NONE;
    bool held = source->is_float
                    ? device->words == WORD_FLOAT
                    : source->bits > 0 && source->bits <= 24 &&
                          (device->words == WORD_FLOAT || device->significant_bits >= source->bits);

    return status->device_open && source->lossless && !source->is_dsd && source->channels == 2 &&
           as_it_is && !status->blind && !status->equal_loudness && status->volume >= 1.0 &&
           source->source_rate_hz == device->rate_hz && device->is_hardware && !device->converted &&
           held;
}

void signal_path_write(const struct player_status *status, char *text, size_t size)
{
    const struct media_info *source = &status->source;
    const struct sink_format *device = &status->device;
    char bits[16] = "", channels[64] = "";

    text[0] = '\0';
    if (!status->device_open || source->source_rate_hz == 0) {
        return;
    }
    if (source->is_float) {
        snprintf(bits, sizeof bits, "/float");
    } else if (source->bits > 0) {
        snprintf(bits, sizeof bits, "/%u", source->bits);
    }
    if (source->channels != 2) {
        snprintf(channels, sizeof channels,
                 source->channels == 1 ? " mono" : " %u channels mixed down to 2",
                 source->channels);
    }
    snprintf(text, size, "%s %.4g%s%s%s%s%s > %s %.4g %s%s%s", source->codec,
             source->source_rate_hz / 1000.0, bits, channels,
             source->source_rate_hz != device->rate_hz ? " > resampled" : "",
             !status->blind &&
                     (status->original ? status->match_a : status->match) != PLAYER_MATCH_NONE
                 ? " > match"
                 : "",
             status->volume < 1.0 ? " > volume" : "", word_name(device->words),
             device->rate_hz / 1000.0, device->device, device->converted ? " (converted)" : "",
             signal_path_is_bit_perfect(status) ? ", bit-perfect" : "");
}
