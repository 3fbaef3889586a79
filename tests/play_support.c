/* play_support.c - plays lists and reads back the words that a device got. */
#include "play_support.h"

#include "chain/rack.h"
#include "dsp/kernels.h"
#include "measure/loudness.h"
#include "media/encoder.h"
#include "tests/match_support.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { POLL_US = 1000, PATIENCE_MS = 60000 };

uint64_t test_seed(uint64_t usual)
{
    const char *wish = getenv("TEST_SEED");

    return wish != NULL ? strtoull(wish, NULL, 10) : usual;
}

void shell(const char *format, ...)
{
    char command[2048];
    va_list arguments;
    int result;

    va_start(arguments, format);
    vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    result = system(command);
    if (result != 0) {
        fail_msg("this command failed (%d): %s", result, command);
    }
}

/* --- the player ---------------------------------------------------------------------------- */

void record_settings(struct player_settings *settings)
{
    memset(settings, 0, sizeof *settings);
    settings->output.block_frames = 512;
    settings->output.bits = SINK_BITS_FLOAT;
    settings->output.dither = true;
    settings->output.buffer_ms = 500;
    settings->output.fill_target_ms = 50;
    settings->output.strategy = OUTPUT_ADAPTIVE;
    settings->output.priority = 70;
    settings->output.cpu_affinity = "";
    settings->output.kernels = kernels_select(SIMD_AUTO);
    settings->read_ahead_seconds = 10;
    settings->least_blocks = 8;
    settings->release_after_seconds = 10;
    settings->start_wait_ms = -1;
    settings->album_mode = ALBUM_TRACK;
    settings->match = true;
    settings->precision = FFT_FLOAT64;
    settings->monitor = true;
}

static bool take_line(void *context, enum log_level level, const char *line)
{
    struct recorder *recorder = context;

    if (level <= LOG_WARNING && recorder->line_count < RECORD_LINES_MAX) {
        recorder->lines[recorder->line_count++] = strdup(line);
    }
    return true;
}

void record_open(struct recorder *recorder, const struct player_settings *settings,
                 enum record_on device, const char *name)
{
    static const char *const devices[] = {"capture", "capture48", "clock"};
    char config[512];

    memset(recorder, 0, sizeof *recorder);
    assert_non_null(getcwd(config, sizeof config - 64));
    strcat(config, "/tests/asound/capture.conf");
    setenv("ALSA_CONFIG_PATH", config, 1);
    sink_setup();
    scratch_path(name, recorder->path, sizeof recorder->path);
    unlink(recorder->path);
    snprintf(recorder->device, sizeof recorder->device, "%s:%s", devices[device], recorder->path);
    recorder->settings = *settings;
    recorder->settings.device = recorder->device;
    recorder->log = log_open(NULL, LOG_NOTICE);
    assert_non_null(recorder->log);
    log_set_hook(recorder->log, take_line, recorder);
    recorder->player = player_create(&recorder->settings, recorder->log);
    if (recorder->player == NULL) {
        fail_msg("no player could be made: %s", strerror(errno));
    }
    record_list_init(recorder);
}

void record_play(struct recorder *recorder)
{
    player_play(recorder->player, 1, 0.0);
}

static void show_lines(const struct recorder *recorder)
{
    for (size_t i = 0; i < recorder->line_count; i++) {
        print_message("it said: %s\n", recorder->lines[i]);
    }
}

struct aim {
    uint64_t not_stream;
    int64_t position;
    bool device_open;
};

typedef bool reached(const struct player_status *status, const struct aim *aim);

static void wait_until(struct recorder *recorder, reached *is_reached, struct aim aim,
                       const char *words)
{
    struct player_status status;

    for (int i = 0; i < PATIENCE_MS * 1000 / POLL_US; i++) {
        player_read_status(recorder->player, &status);
        if (is_reached(&status, &aim)) {
            return;
        }
        usleep(POLL_US);
    }
    show_lines(recorder);
    fail_msg("waited in vain for %s; state %d, output %s, at %lld", words, (int)status.state,
             output_state_name(status.output.state), (long long)status.output.position);
}

static bool position_reached(const struct player_status *status, const struct aim *aim)
{
    return status->output.stream_id != 0 && status->output.stream_id != aim->not_stream &&
           status->output.position >= aim->position;
}

static bool paused_reached(const struct player_status *status, const struct aim *aim)
{
    return status->state == PLAYER_PAUSED && status->device_open == aim->device_open &&
           (status->output.state == OUTPUT_PAUSED || status->output.state == OUTPUT_CLOSED);
}

static bool stop_reached(const struct player_status *status, const struct aim *aim)
{
    (void)aim;
    return status->state == PLAYER_STOPPED;
}

static bool end_reached(const struct player_status *status, const struct aim *aim)
{
    return stop_reached(status, aim) && status->ended;
}

static bool either_reached(const struct player_status *status, const struct aim *aim)
{
    return paused_reached(status, aim) || end_reached(status, aim);
}

void record_until(struct recorder *recorder, int64_t position)
{
    wait_until(recorder, position_reached, (struct aim){.position = position}, "a position");
}

void record_until_next(struct recorder *recorder, uint64_t id, int64_t position)
{
    wait_until(recorder, position_reached, (struct aim){.not_stream = id, .position = position},
               "the next stream");
}

void record_until_paused(struct recorder *recorder, bool device_open)
{
    wait_until(recorder, paused_reached, (struct aim){.device_open = device_open}, "the pause");
}

bool record_until_paused_or_ended(struct recorder *recorder)
{
    struct player_status status;

    wait_until(recorder, either_reached, (struct aim){.device_open = true}, "the pause or the end");
    player_read_status(recorder->player, &status);
    return !end_reached(&status, NULL);
}

void record_until_stopped(struct recorder *recorder)
{
    wait_until(recorder, stop_reached, (struct aim){0}, "the stop");
}

void record_until_ended(struct recorder *recorder)
{
    wait_until(recorder, end_reached, (struct aim){0}, "the end");
}

int64_t record_position(struct recorder *recorder)
{
    struct player_status status;

    player_read_status(recorder->player, &status);
    return status.output.position;
}

uint64_t record_stream(struct recorder *recorder)
{
    struct player_status status;

    player_read_status(recorder->player, &status);
    return status.output.stream_id;
}

void record_close(struct recorder *recorder)
{
    player_destroy(recorder->player);
    log_close(recorder->log);
    recorder->player = NULL;
    recorder->log = NULL;
}

void record_finish(struct recorder *recorder)
{
    for (size_t i = 0; i < recorder->line_count; i++) {
        free(recorder->lines[i]);
    }
    record_list_finish(recorder);
    unlink(recorder->path);
    memset(recorder, 0, sizeof *recorder);
}

size_t record_lines_with(const struct recorder *recorder, const char *text)
{
    size_t count = 0;

    for (size_t i = 0; i < recorder->line_count; i++) {
        count += strstr(recorder->lines[i], text) != NULL ? 1 : 0;
    }
    return count;
}

struct stereo record_matched(const struct player_settings *settings, enum record_on device,
                             const char *path, const char *reference, const struct amounts *amounts)
{
    struct recorder recorder;
    struct stereo words;

    record_open(&recorder, settings, device, "matched.raw");
    recorder.list.amounts = *amounts;
    record_add(&recorder, path, reference);
    record_play(&recorder);
    record_until_ended(&recorder);
    record_close(&recorder);
    words = words_read(recorder.path);
    record_finish(&recorder);
    return words;
}

struct stereo record_list(const struct player_settings *settings, enum record_on device,
                          const char *const *paths, const char *reference)
{
    struct recorder recorder;
    struct stereo words;

    record_open(&recorder, settings, device, "list.raw");
    for (; *paths != NULL; paths++) {
        record_add(&recorder, *paths, reference);
    }
    record_play(&recorder);
    record_until_ended(&recorder);
    record_close(&recorder);
    show_lines(&recorder);
    words = words_read(recorder.path);
    record_finish(&recorder);
    return words;
}

/* --- sound --------------------------------------------------------------------------------- */

struct stereo words_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct stereo sound;
    float pair[2];
    long bytes;

    if (file == NULL) {
        fail_msg("%s was not written", path);
    }
    fseek(file, 0, SEEK_END);
    bytes = ftell(file);
    rewind(file);
    assert_int_equal(bytes % (long)sizeof pair, 0);
    sound = stereo_create((size_t)bytes / sizeof pair);
    for (size_t i = 0; i < sound.frames; i++) {
        assert_int_equal(fread(pair, sizeof pair, 1, file), 1);
        sound.channel[0][i] = (double)pair[0];
        sound.channel[1][i] = (double)pair[1];
    }
    fclose(file);
    return sound;
}

double words_lufs(const struct stereo *sound, size_t frames)
{
    struct loudness *loudness = loudness_create(44100, LOUDNESS_INTEGRATED);
    const double *const channel[2] = {sound->channel[0], sound->channel[1]};
    double lufs;

    assert_non_null(loudness);
    assert_int_equal(loudness_add_f64(loudness, channel, frames), 0);
    lufs = loudness_lufs(loudness);
    loudness_destroy(loudness);
    return lufs;
}

double words_at(const struct stereo *words, int channel, int64_t i)
{
    return i >= 0 && i < (int64_t)words->frames ? words->channel[channel][i] : 0.0;
}

double words_error(const struct stereo *words, int64_t i, const struct stereo *whole, int64_t n,
                   int64_t frames)
{
    double worst = 0.0;

    for (int64_t k = 0; k < frames; k++) {
        for (int c = 0; c < 2; c++) {
            worst = fmax(worst, fabs(words_at(words, c, i + k) - words_at(whole, c, n + k)));
        }
    }
    return worst;
}

int64_t words_find(const struct stereo *words, int64_t from, const struct stereo *whole, int64_t n,
                   int64_t frames, double error)
{
    for (int64_t i = from; i < (int64_t)words->frames; i++) {
        if (words_error(words, i, whole, n, 1) <= error &&
            words_error(words, i, whole, n, frames) <= error) {
            return i;
        }
    }
    fail_msg("the words of frame %lld on are nowhere from %lld to %zu", (long long)n,
             (long long)from, words->frames);
    return -1;
}

struct stereo stereo_part(const struct stereo *sound, size_t first, size_t frames)
{
    struct stereo part = stereo_create(frames);

    assert_true(first + frames <= sound->frames);
    for (int c = 0; c < 2; c++) {
        memcpy(part.channel[c], sound->channel[c] + first, frames * sizeof(double));
    }
    return part;
}

void cut_flac(const char *from, int64_t first, int64_t frames, const char *to)
{
    struct stereo whole = sound_read(from);
    struct stereo part = stereo_part(&whole, (size_t)first, (size_t)frames);
    const double *const channel[2] = {part.channel[0], part.channel[1]};
    struct encoder *encoder = NULL;
    struct media_error error;

    assert_int_equal(encoder_open(&encoder, to, ENCODER_S16, 44100, NULL, &error), 0);
    assert_int_equal(encoder_write(encoder, channel, part.frames, &error), 0);
    assert_int_equal(encoder_finish(encoder, &error), 0);
    stereo_destroy(&whole);
    stereo_destroy(&part);
}

struct stereo chained(const char *target, const char *reference, const struct stereo *in)
{
    const struct module_format format = {
        .rate_hz = 44100, .block_frames = 512, .kernels = kernels_select(SIMD_AUTO)};
    struct plan *plan = plan_of(target, reference, &amounts_exact);
    struct match_eq_design eq;
    struct limiter_design limiter;
    const struct rack_plan rack_plan = {.match_eq = &eq, .limiter = &limiter};
    struct rack rack;
    struct chain *chain;
    struct stereo out;

    rack_init_exact(&rack);
    plan_eq_design(plan, FFT_FLOAT64, &eq);
    plan_limiter_design(plan, false, &limiter);
    chain = rack_build(&rack, &format, &rack_plan);
    assert_non_null(chain);
    out = stream_chain(chain, in, 1);
    chain_destroy(chain);
    plan_destroy(plan);
    return out;
}
