/* play_status.c - the one line that `play` shows. */
#include "command/play_status.h"

#include "base/tenths.h"
#include "measure/true_peak.h"
#include "player/signal_path.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_MAX = 4096, LINE_SIZE = 1024 };

struct play_status {
    struct player *player;
    struct true_peak *peaks;
    struct headroom headroom;
    uint32_t rate_hz;
    double square[2];
    uint64_t frames; /* behind the two levels */
    float left[BLOCK_MAX], right[BLOCK_MAX];
};

struct play_status *play_status_create(struct player *player)
{
    struct play_status *status = calloc(1, sizeof *status);

    if (status != NULL) {
        status->player = player;
    }
    return status;
}

void play_status_destroy(struct play_status *status)
{
    if (status != NULL) {
        true_peak_destroy(status->peaks);
        free(status);
    }
}

void play_status_hint(struct terminal *terminal, struct log *log)
{
    if (terminal_shows(terminal) && terminal_has_keys(terminal)) {
        log_write(
            log, LOG_NOTICE,
            "space pause  A matched/original  w equal loudness  h l seek  z b tracks  q quit");
    }
}

static void set_rate(struct play_status *status, uint32_t rate_hz)
{
    true_peak_destroy(status->peaks);
    status->peaks = true_peak_create(rate_hz);
    headroom_init(&status->headroom, rate_hz);
    status->rate_hz = rate_hz;
}

/* Levels and headroom from the blocks that were played since the last time. */
static void read_meters(struct play_status *status, uint32_t rate_hz)
{
    float *const audio[2] = {status->left, status->right};
    uint32_t frames;

    if (rate_hz != status->rate_hz && rate_hz > 0) {
        set_rate(status, rate_hz);
    }
    status->square[0] = status->square[1] = 0.0;
    status->frames = 0;
    while (status->peaks != NULL && (frames = player_tap_read(status->player, audio)) > 0) {
        double peak = true_peak_process_f32(status->peaks, (const float *const *)audio, frames);

        headroom_add(&status->headroom, peak, frames);
        for (uint32_t i = 0; i < frames; i++) {
            status->square[0] += (double)audio[0][i] * (double)audio[0][i];
            status->square[1] += (double)audio[1][i] * (double)audio[1][i];
        }
        status->frames += frames;
    }
}

static void write_level(const struct play_status *status, int channel, char *text, size_t size)
{
    double power = status->frames > 0 ? status->square[channel] / (double)status->frames : 0.0;

    if (power <= 1e-12) {
        snprintf(text, size, "-inf");
    } else {
        snprintf(text, size, "%.0f", round(10.0 * log10(power)) + 0.0); /* never "-0" */
    }
}

static void write_time(double seconds, char *text, size_t size)
{
    long whole = seconds > 0.0 ? (long)seconds : 0;

    if (whole >= 3600) {
        snprintf(text, size, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
    } else {
        snprintf(text, size, "%ld:%02ld", whole / 60, whole % 60);
    }
}

static const char *state_sign(const struct player_status *now)
{
    if (now->state == PLAYER_PAUSED) {
        return "||";
    }
    if (now->state == PLAYER_STARTING) {
        return "..";
    }
    return now->output.state == OUTPUT_STARVED || now->output.state == OUTPUT_RECOVERING ? "!"
                                                                                         : ">";
}

/* What is heard: A, B, B as yet unmatched, or just the track. */
static void write_side(const struct player_status *now, char *text, size_t size)
{
    double gain_db = now->original ? now->gain_a_db : now->gain_b_db;
    bool spared = !now->original && now->quality != QUALITY_FULL;
    int length;

    if (now->reference[0] == '\0' || now->match == PLAYER_MATCH_NONE) {
        snprintf(text, size, "original");
        return;
    }
    if (now->match == PLAYER_MATCH_WAITING && !now->original) {
        snprintf(text, size, "B (preparing)");
        return;
    }
    length = snprintf(text, size, "%s%s%s", now->original ? "A original" : "B matched",
                      spared ? ", " : "", spared ? quality_level_name(now->quality) : "");
    if (now->equal_loudness && length > 0 && (size_t)length < size) {
        snprintf(text + length, size - (size_t)length, " =%s%.1f dB",
                 now->gains_estimated ? "~" : "", tenths(gain_db));
    }
}

static const char *track_name(const struct player_status *now)
{
    const char *slash = strrchr(now->path, '/');

    if (now->title[0] != '\0') {
        return now->title;
    }
    return slash != NULL ? slash + 1 : now->path;
}

void play_status_track(const struct player_status *now, struct log *log)
{
    char path[LINE_SIZE];

    signal_path_write(now, path, sizeof path);
    log_write(log, LOG_NOTICE, "%.500s: %s", track_name(now), path);
}

void play_status_show(struct play_status *status, struct terminal *terminal,
                      const struct player_status *now)
{
    char line[LINE_SIZE], elapsed[32], duration[32], left[16], right[16], side[64], head[32];
    double headroom, latency_ms;
    unsigned long long dropouts;

    read_meters(status, now->device.rate_hz);
    if (!terminal_shows(terminal) || now->state == PLAYER_STOPPED) {
        return;
    }
    write_time(now->elapsed_s, elapsed, sizeof elapsed);
    write_time(now->duration_s, duration, sizeof duration);
    write_level(status, 0, left, sizeof left);
    write_level(status, 1, right, sizeof right);
    write_side(now, side, sizeof side);
    headroom = status->peaks != NULL ? headroom_db(&status->headroom) : HUGE_VAL;
    if (isfinite(headroom)) {
        snprintf(head, sizeof head, "%.1f", tenths(headroom));
    } else {
        snprintf(head, sizeof head, "-");
    }
    dropouts = now->output.performance.dropouts[0];
    dropouts += now->output.performance.dropouts[1];
    latency_ms =
        now->device.rate_hz > 0 ? 1000.0 * now->output.queued_frames / now->device.rate_hz : 0.0;
    snprintf(line, sizeof line, "%s %s/%s %s  L%s R%s  cpu %.1f%%  %.0f ms  drop %llu  head %s",
             state_sign(now), elapsed, duration, side, left, right,
             100.0 * now->output.performance.load_mean, latency_ms, dropouts, head);
    terminal_show(terminal, line);
}
