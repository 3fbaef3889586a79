/* player_options.c - from a user's settings to those of a player. */
#include "player/player_options.h"

#include "dsp/kernels.h"

#include <stdlib.h>
#include <string.h>

static uint32_t bits_of(const struct options *options)
{
    static const uint32_t bits[] = {0, 16, 24, 32, SINK_BITS_FLOAT}; /* as the choices stand */

    return bits[options_choice(options, "bit_depth")];
}

static const struct kernels *kernels_of(const struct options *options, struct log *log)
{
    const char *simd = options_text(options, "simd");
    const struct kernels *kernels = kernels_select((enum simd_tier)kernels_tier_named(simd));

    if (kernels == NULL) {
        log_write(log, LOG_WARNING, "simd = %s: this processor does not have it; auto is used",
                  simd);
        kernels = kernels_select(SIMD_AUTO);
    }
    return kernels;
}

static void read_output(struct output_settings *output, const struct options *options,
                        struct log *log)
{
    output->block_frames = (uint32_t)options_integer(options, "block_size");
    output->bits = bits_of(options);
    output->dither = options_boolean(options, "dither");
    output->buffer_ms = (uint32_t)options_number(options, "buffer_ms");
    output->fill_target_ms = (uint32_t)options_number(options, "fill_target_ms");
    output->strategy = (enum output_strategy)options_choice(options, "buffer_strategy");
    output->priority = (int)options_integer(options, "thread_priority");
    output->cpu_affinity = options_text(options, "cpu_affinity");
    output->kernels = kernels_of(options, log);
}

enum quality_level player_options_quality(const struct options *options)
{
    bool offline = options_choice(options, "processing_mode") == 1;
    int choice = options_choice(options, "quality"); /* auto stands first there, last in the enum */

    if (offline) {
        return QUALITY_FULL;
    }
    return choice == 0 ? QUALITY_AUTO : (enum quality_level)(choice - 1);
}

void player_options_tell(const struct options *options, struct log *log)
{
    if (options_boolean(options, "enable_gpu")) {
        log_write(log, LOG_WARNING,
                  "enable_gpu = yes: no GPU is used yet, the processor computes all of it");
    }
}

void player_options_read(struct player_settings *settings, const struct options *options,
                         struct log *log)
{
    const char *rate = options_text(options, "sample_rate");

    memset(settings, 0, sizeof *settings);
    player_options_tell(options, log);
    read_output(&settings->output, options, log);
    settings->match = true;
    settings->device = options_text(options, "device");
    settings->fixed_rate_hz = strcmp(rate, "native") == 0 ? 0 : (uint32_t)strtoul(rate, NULL, 10);
    settings->read_ahead_seconds = (uint32_t)options_number(options, "read_ahead_seconds");
    settings->least_blocks = (uint32_t)options_integer(options, "num_buffers");
    settings->release_after_seconds = (uint32_t)options_number(options, "release_after");
    /* Offline each track waits for as long as its match takes. */
    settings->start_wait_ms = options_choice(options, "processing_mode") == 1
                                  ? -1
                                  : (int)options_integer(options, "start_wait_ms");
    settings->album_mode = (enum album_mode)options_choice(options, "match_mode");
    settings->equal_loudness = options_choice(options, "ab_loudness") == 1;
    settings->quality = player_options_quality(options);
    settings->max_latency = (uint32_t)options_integer(options, "max_latency");
    settings->monitor = options_boolean(options, "monitor_performance");
    settings->precision = options_choice(options, "eq_precision") == 0 ? FFT_FLOAT64 : FFT_FLOAT32;
}
