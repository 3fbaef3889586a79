/* doctor.c - matchplay doctor: what this box allows, and how to make it allow more. */
#include "command/command.h"
#include "command/configure.h"
#include "command/doctor_system.h"
#include "config/paths.h"
#include "dsp/kernels.h"
#include "media/codecs.h"
#include "output/sink.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RATE_HZ = 44100, TEXT_SIZE = 512 };

static void check_device(const struct command_context *context)
{
    const struct options *options = context->options;
    const char *device = options_text(options, "device");
    const struct sink_class *class = sink_class_for(device);
    struct sink_request request = {
        .device = device,
        .rate_hz = RATE_HZ,
        .bits = SINK_BITS_AUTO,
        .block_frames = (uint32_t)options_integer(options, "block_size"),
        .buffer_ms = (uint32_t)options_number(options, "buffer_ms"),
    };
    struct sink_format format;
    struct sink *sink = NULL;
    char message[SINK_MESSAGE_SIZE] = "";
    int error;

    memset(&format, 0, sizeof format);
    if (strncmp(device, "clock:", 6) == 0) {
        doctor_say(DOCTOR_NOTE, "device", "%s writes a file; it is not tried here", device);
        return;
    }
    error = class->open(&sink, &request, &format, message);
    if (error != 0) {
        doctor_say(DOCTOR_BAD, "device", "%s", message[0] != '\0' ? message : strerror(-error));
        doctor_fix("matchplay devices lists what there is; -D clock plays without a device");
        return;
    }
    doctor_say(DOCTOR_GOOD, "device", "%s opens as %s, %s at %u Hz, buffer %u frames%s", device,
               format.device, word_name(format.words), format.rate_hz, format.buffer_frames,
               format.converted ? ", converted by ALSA" : "");
    class->close(sink);
}

static void check_simd(const struct command_context *context)
{
    static const enum simd_tier tiers[] = {SIMD_SCALAR, SIMD_SSE2, SIMD_AVX2, SIMD_AVX512,
                                           SIMD_NEON};
    const char *wish = options_text(context->options, "simd");
    int wished = kernels_tier_named(wish);
    const struct kernels *used = wished >= 0 ? kernels_select((enum simd_tier)wished) : NULL;
    char text[TEXT_SIZE] = "";

    for (size_t i = 0; i < sizeof tiers / sizeof tiers[0]; i++) {
        const struct kernels *kernels = kernels_select(tiers[i]);
        size_t length = strlen(text);

        if (kernels != NULL) {
            snprintf(text + length, sizeof text - length, " %s", kernels->name);
        }
    }
    if (used != NULL) {
        doctor_say(DOCTOR_GOOD, "simd", "%s is used; this processor has%s", used->name, text);
        return;
    }
    doctor_say(DOCTOR_BAD, "simd", "%s is asked for; this processor has%s", wish, text);
    doctor_fix("set simd = auto in [chain] of matchplayrc");
}

static void check_codecs(void)
{
    size_t count;
    struct codec_support *list = codecs_survey(&count);
    char have[TEXT_SIZE] = "", missing[TEXT_SIZE] = "";

    for (size_t i = 0; i < count; i++) {
        char *text = list[i].available ? have : missing;
        size_t length = strlen(text);

        snprintf(text + length, TEXT_SIZE - length, " %s", list[i].name);
    }
    free(list);
    doctor_say(missing[0] == '\0' ? DOCTOR_GOOD : DOCTOR_BAD, "codecs", "%s",
               have[0] != '\0' ? have + 1 : "none");
    if (missing[0] != '\0') {
        doctor_fix("FFmpeg was built without%s: install your distribution's full FFmpeg", missing);
    }
    if (codecs_have_soxr()) {
        doctor_say(DOCTOR_GOOD, "resampler", "soxr");
    } else {
        doctor_say(DOCTOR_NOTE, "resampler", "FFmpeg was built without soxr; its own one is used");
    }
}

/* One folder or file: whether it is there, and whether it can be written where it must be. */
static void check_path(const char *name, char *path, int mode)
{
    if (path == NULL) {
        doctor_say(DOCTOR_BAD, name, "no home folder is known");
        doctor_fix("set HOME");
        return;
    }
    if (access(path, mode) == 0) {
        doctor_say(DOCTOR_GOOD, name, "%s", path);
    } else if (errno == ENOENT) {
        doctor_say(DOCTOR_NOTE, name, "%s (not there%s)", path,
                   (mode & W_OK) != 0 ? " yet; it is made when needed" : "");
    } else {
        doctor_say(DOCTOR_BAD, name, "%s: %s", path, strerror(errno));
        doctor_fix("chown -R $USER '%s'", path);
    }
    free(path);
}

static void check_presets(const struct command_context *context)
{
    struct presets *presets = configure_presets(context);
    char *shipped = path_shipped("presets.ini");
    const char *chosen = options_text(context->options, "preset");

    if (shipped == NULL) {
        doctor_say(DOCTOR_BAD, "presets", "the presets that come with matchplay are not found");
        doctor_fix("make install puts them into share/matchplay");
    } else if (presets != NULL && presets_find(presets, chosen) == NULL) {
        doctor_say(DOCTOR_BAD, "presets", "%s is chosen, and there is no such preset", chosen);
        doctor_fix("set preset = matchering in [match] of matchplayrc");
    } else if (presets != NULL) {
        doctor_say(DOCTOR_GOOD, "presets", "%zu, %s is chosen", presets_count(presets), chosen);
    }
    presets_destroy(presets);
    free(shipped);
}

static void check_paths(const struct command_context *context)
{
    const char *music = options_text(context->options, "music_directory");

    check_path("matchplayrc",
               context->config_path != NULL ? strdup(context->config_path)
                                            : path_in(PATH_CONFIG, "matchplayrc"),
               R_OK);
    check_presets(context);
    check_path("music", path_music(music), R_OK | X_OK);
    check_path("data", path_in(PATH_DATA, NULL), W_OK);
    check_path("cache", path_in(PATH_CACHE, NULL), W_OK);
    check_path("state", path_in(PATH_STATE, NULL), W_OK);
}

static int run(struct command_context *context, const struct command_line *line)
{
    if (line->operands > 0) {
        return command_misuse(context, "doctor takes no operand");
    }
    printf("matchplay %s\n\nReal time\n", MATCHPLAY_VERSION);
    doctor_check_scheduling((int)options_integer(context->options, "thread_priority"));
    doctor_check_memory();
    printf("\nSound\n");
    doctor_check_audio_group();
    check_device(context);
    check_codecs();
    check_simd(context);
    printf("\nFiles\n");
    check_paths(context);
    printf("\nSession\n");
    doctor_check_linger();
    return EXIT_DONE;
}

const struct command command_doctor = {
    "doctor",
    "",
    "say what this box allows, and how to make it allow more",
    "Everything marked !! has a line below it that says what to do. The exit status is 0.\n",
    NULL,
    run,
};
