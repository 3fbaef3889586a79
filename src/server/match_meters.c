/*
 * match_meters.c - `match meters [NAME...]`: one snapshot of what there is to measure.
 *
 * Only what is named is computed; without names, what costs nothing, and the list of names.
 * Levels in dBFS, LUFS, dBTP or dB; "-inf" for silence. Pairs are left and right. What has not been
 * measured yet (it begins with the first request for it) is left out.
 */
#include "server/match_verbs.h"

#include "base/tenths.h"
#include "player/meters.h"
#include "player/recovery.h"
#include "server/abx_session.h"
#include "server/client.h"
#include "server/server.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
    TEXT_SIZE = 1024,
    DROPOUTS_SHOWN = 32,
    RECOVERIES_SHOWN = 16,
    TIME_SIZE = 32,
    VALUE_SIZE = 16
};

/* What one request is answered from; each part is read when the first meter needs it. */
struct snapshot {
    struct client *client;
    struct server_parts *parts;
    struct player_status status;
    struct analyser_figures figures;
    bool blind; /* a blind test: what would tell A from B is withheld */
};

static const char *const side_names[ANALYSER_SIDES] = {"before", "after"};

/* --- words --------------------------------------------------------------------------------- */

static const char *value_text(double value, char text[VALUE_SIZE])
{
    if (!isfinite(value)) {
        snprintf(text, VALUE_SIZE, "%s", value < 0.0 ? "-inf" : value > 0.0 ? "inf" : "nan");
    } else {
        snprintf(text, VALUE_SIZE, "%.1f", tenths(fmin(fmax(value, -1e6), 1e6)));
    }
    return text;
}

static void print_value(struct snapshot *shot, const char *side, const char *name, double value)
{
    char key[64], text[VALUE_SIZE];

    snprintf(key, sizeof key, "%s_%s", side, name);
    client_pair(shot->client, key, value_text(value, text));
}

static void print_pair(struct snapshot *shot, const char *side, const char *name,
                       const double values[2])
{
    char key[64], left[VALUE_SIZE], right[VALUE_SIZE];

    snprintf(key, sizeof key, "%s_%s", side, name);
    client_pairf(shot->client, key, "%s %s", value_text(values[0], left),
                 value_text(values[1], right));
}

static void print_levels(struct snapshot *shot, const char *side, const char *name,
                         const float *dbfs, size_t count)
{
    char key[64], text[TEXT_SIZE], value[VALUE_SIZE];
    size_t used = 0;

    for (size_t i = 0; i < count; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", i > 0 ? " " : "",
                                 value_text((double)dbfs[i], value));
    }
    snprintf(key, sizeof key, "%s_%s", side, name);
    client_pair(shot->client, key, text);
}

/* The sides that may be shown. */
static size_t sides(const struct snapshot *shot)
{
    return shot->blind ? ANALYSER_AFTER : ANALYSER_SIDES;
}

/* --- sound --------------------------------------------------------------------------------- */

static void show_levels(struct snapshot *shot)
{
    for (size_t s = 0; s < sides(shot); s++) {
        const struct levels_figures *levels = &shot->figures.side[s].levels;
        char key[64];

        print_pair(shot, side_names[s], "peak", levels->peak_dbfs);
        print_pair(shot, side_names[s], "rms", levels->rms_dbfs);
        snprintf(key, sizeof key, "%s_correlation", side_names[s]);
        client_pairf(shot->client, key, "%.2f", levels->correlation);
        snprintf(key, sizeof key, "%s_width", side_names[s]);
        client_pairf(shot->client, key, "%.2f", fmin(levels->width, 999.0));
        snprintf(key, sizeof key, "%s_clipped", side_names[s]);
        client_pairf(shot->client, key, "%llu", (unsigned long long)levels->clipped);
    }
}

static void show_loudness(struct snapshot *shot)
{
    for (size_t s = 0; s < sides(shot); s++) {
        const struct analyser_levels *side = &shot->figures.side[s];

        print_value(shot, side_names[s], "momentary", side->momentary_lufs);
        print_value(shot, side_names[s], "short_term", side->short_term_lufs);
        print_value(shot, side_names[s], "integrated", side->integrated_lufs);
        print_value(shot, side_names[s], "range", side->range_lu);
    }
    client_pairf(shot->client, "loudness_seconds", "%.1f", shot->figures.since_s[1]);
}

static void show_true_peak(struct snapshot *shot)
{
    for (size_t s = 0; s < sides(shot); s++) {
        const struct analyser_levels *side = &shot->figures.side[s];

        print_value(shot, side_names[s], "true_peak", side->true_peak_dbtp);
        print_value(shot, side_names[s], "true_peak_highest", side->highest_true_peak_dbtp);
        print_value(shot, side_names[s], "headroom", -side->true_peak_dbtp);
    }
    client_pairf(shot->client, "true_peak_seconds", "%.1f", shot->figures.since_s[2]);
}

static void show_spectrum(struct snapshot *shot)
{
    for (size_t s = 0; s < sides(shot); s++) {
        print_levels(shot, side_names[s], "spectrum", shot->figures.side[s].bands_dbfs, BANDS);
    }
}

static void show_fft(struct snapshot *shot)
{
    struct meters_spectrum reference;

    for (size_t s = 0; s < sides(shot); s++) {
        print_levels(shot, side_names[s], "fft", shot->figures.side[s].lines_dbfs, BANDS_LINES);
    }
    if (meters_reference(shot->parts->meters, shot->status.reference, &reference) &&
        reference.fine) {
        print_levels(shot, "reference", "fft", reference.lines_dbfs, BANDS_LINES);
    }
}

static void show_limiter(struct snapshot *shot)
{
    if (shot->blind) { /* of the chain that is heard, as are modules and quality */
        return;
    }
    print_value(shot, "limiter", "reduction", shot->figures.reduction_db);
    print_value(shot, "limiter", "reduction_highest", shot->figures.highest_reduction_db);
    for (size_t i = 0; i < ANALYSER_BANDED; i++) {
        static const char *const keys[] = {
            [ANALYSER_DYNAMICS] = "dynamics", [ANALYSER_SPECTRAL] = "spectral"};
        const float *gains = shot->figures.band_gains_db[i];

        if (shot->figures.banded[i]) {
            client_pairf(shot->client, keys[i], "%.1f %.1f %.1f %.1f", tenths((double)gains[0]),
                         tenths((double)gains[1]), tenths((double)gains[2]),
                         tenths((double)gains[3]));
        }
    }
}

static void show_reference(struct snapshot *shot)
{
    struct meters_spectrum reference;

    if (meters_reference(shot->parts->meters, shot->status.reference, &reference)) {
        print_levels(shot, "reference", "spectrum", reference.bands_dbfs, BANDS);
    }
}

/* --- the machine --------------------------------------------------------------------------- */

static void show_load(struct snapshot *shot)
{
    const struct performance_figures *figures = &shot->status.output.performance;

    client_pairf(shot->client, "load_mean", "%.2f", 100.0 * figures->load_mean);
    client_pairf(shot->client, "load_max", "%.2f", 100.0 * figures->load_max);
    client_pair(shot->client, "load_quality", quality_level_name(shot->status.quality));
}

static void show_margins(struct snapshot *shot)
{
    const struct performance_figures *figures = &shot->status.output.performance;
    char text[TEXT_SIZE];
    size_t used = 0;

    for (size_t i = 0; i < PERFORMANCE_MARGINS; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%llu", i > 0 ? " " : "",
                                 (unsigned long long)figures->margins[i]);
    }
    client_pairf(shot->client, "margin_least", "%.0f", 100.0 * figures->margin_least);
    client_pair(shot->client, "margins", text);
}

/* When that was, of CLOCK_MONOTONIC. */
static const char *time_text(uint64_t time_ns, char text[TIME_SIZE])
{
    struct timespec now;
    struct tm utc;
    time_t at;

    clock_gettime(CLOCK_MONOTONIC, &now);
    at = time(NULL) - (now.tv_sec - (time_t)(time_ns / 1000000000U));
    strftime(text, TIME_SIZE, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&at, &utc));
    return text;
}

static void show_dropouts(struct snapshot *shot)
{
    const uint64_t *counts = shot->status.output.performance.dropouts;
    struct dropout dropouts[DROPOUTS_SHOWN];
    size_t count = performance_dropouts(output_performance(player_output(shot->parts->player)),
                                        dropouts, DROPOUTS_SHOWN);

    client_pairf(shot->client, "dropouts_device", "%llu", (unsigned long long)counts[0]);
    client_pairf(shot->client, "dropouts_starvation", "%llu", (unsigned long long)counts[1]);
    for (size_t i = 0; i < count; i++) { /* the newest first */
        char text[TIME_SIZE];

        client_pairf(shot->client, "dropout", "%s %s", time_text(dropouts[i].time_ns, text),
                     dropout_cause_name(dropouts[i].cause));
    }
}

/* "396 9.0 Limiter" */
static void show_part(struct snapshot *shot, const char *key, const struct latency_part *part)
{
    client_pairf(shot->client, key, "%u %.1f %s", part->frames, tenths(part->ms), part->name);
}

/* "minimum-phase short-spectral", and why, where it is for a live source. */
static void show_economy(struct snapshot *shot)
{
    const struct player_status *status = &shot->status;
    char economy[ECONOMY_TEXT_SIZE];

    economy_write(&status->economy, economy, sizeof economy);
    client_pair(shot->client, "latency_economy", economy[0] != '\0' ? economy : "nothing");
    if (status->latency_bound > 0) {
        client_pairf(shot->client, "latency_economy", "to be at most %u frames late",
                     status->latency_bound);
    }
}

/* Frames; the chain's own are hidden by reading ahead, what is heard late is what is queued. */
static void show_latency(struct snapshot *shot)
{
    const struct player_status *status = &shot->status;
    uint32_t rate = status->device.rate_hz;

    client_pairf(shot->client, "latency_chain", "%u", status->latency.chain.frames);
    client_pair(shot->client, "latency_block", options_text(shot->parts->options, "block_size"));
    client_pairf(shot->client, "latency_buffer", "%u", status->output.queued_frames);
    client_pairf(shot->client, "latency_target", "%u", status->output.target_frames);
    client_pairf(shot->client, "latency_device", "%u",
                 status->device_open ? status->device.buffer_frames : 0);
    if (status->device_open && rate > 0) {
        client_pairf(shot->client, "latency_rate", "%u", rate);
        client_pairf(shot->client, "latency_ms", "%.1f",
                     1000.0 * status->output.queued_frames / rate);
        client_pairf(shot->client, "read_ahead", "%.2f",
                     (double)status->output.decoded_frames / rate);
    }
    if (status->latency_bound > 0) {
        client_pairf(shot->client, "latency_bound", "%u", status->latency_bound);
    }
    show_economy(shot);
    for (size_t i = 0; i < status->latency.module_count; i++) {
        show_part(shot, "latency_part", &status->latency.modules[i]);
    }
    if (status->latency.rate_hz > 0) {
        show_part(shot, "latency_part", &status->latency.chain);
        show_part(shot, "latency_part", &status->latency.buffer);
        show_part(shot, "latency_part", &status->latency.device);
        show_part(shot, "latency_part", &status->latency.total);
    }
}

static void show_thread(struct snapshot *shot)
{
    const struct output_status *output = &shot->status.output;
    struct output_scheduling scheduling;

    output_read_scheduling(player_output(shot->parts->player), &scheduling);
    client_pair(shot->client, "thread_state", output_state_name(output->state));
    client_pair(shot->client, "thread_fifo",
                output->fifo           ? "yes"
                : output->fifo_refused ? "refused"
                                       : "no");
    client_pairf(shot->client, "thread_priority", "%d", scheduling.priority);
    if (scheduling.cpus[0] != '\0') {
        client_pair(shot->client, "thread_cpus", scheduling.cpus);
    }
    client_pair(shot->client, "thread_paced", output->unpaced ? "no" : "yes");
    if (!shot->blind) { /* the original may clip where the match does not */
        client_pairf(shot->client, "device_clipped", "%llu", (unsigned long long)output->clipped);
    }
}

static void show_modules(struct snapshot *shot)
{
    struct meters_module modules[PERFORMANCE_MODULES];
    size_t count = shot->blind ? 0 : meters_modules(shot->parts->meters, modules);

    for (size_t i = 0; i < count; i++) {
        client_pairf(shot->client, "module", "%s %.2f", modules[i].name, modules[i].block_us);
    }
}

/* What goes on, and the last things that went wrong, the newest first. */
static void show_recovery(struct snapshot *shot)
{
    const struct player_status *status = &shot->status;
    struct recovery *recovery = player_recovery(shot->parts->player);
    struct recovery_event events[RECOVERIES_SHOWN];
    char without[128];
    uint64_t total;
    size_t count = recovery_read(recovery, events, RECOVERIES_SHOWN, &total);

    recovery_without(recovery, without, sizeof without);
    if (without[0] != '\0' && !status->waits_for_device) {
        client_pairf(shot->client, "recovery_state", "plays without %s", without);
    } else {
        client_pair(shot->client, "recovery_state",
                    status->waits_for_device                    ? "waits for the device"
                    : status->output.state == OUTPUT_RECOVERING ? "recovering"
                                                                : "well");
    }
    client_pairf(shot->client, "recovery_count", "%llu", (unsigned long long)total);
    for (size_t i = 0; i < count; i++) {
        char text[TIME_SIZE];

        client_pairf(shot->client, "recovery", "%s %s: %s", time_text(events[i].time_ns, text),
                     recovery_kind_name(events[i].kind), events[i].text);
    }
}

/* Of a copy of the chain; a tone tells nothing of what is heard. */
static void show_quality(struct snapshot *shot)
{
    struct probe_figures figures;

    if (!shot->blind && meters_quality(shot->parts->meters, &figures)) {
        print_value(shot, "quality", "thdn", figures.thdn_db);
        print_value(shot, "quality", "snr", figures.snr_db);
        print_value(shot, "quality", "imd", figures.imd_db);
        print_value(shot, "quality", "level", figures.level_dbfs);
    }
}

/* In ms. */
static void show_disk(struct snapshot *shot)
{
    const struct decoding_disk *disk = &shot->status.disk;

    if (!player_is_monitored(shot->parts->player)) {
        return;
    }
    client_pairf(shot->client, "disk_read", "%.1f", (double)disk->all_ns / 1e6);
    client_pairf(shot->client, "disk_read_last", "%.1f", (double)disk->last_ns / 1e6);
    client_pairf(shot->client, "disk_read_longest", "%.1f", (double)disk->longest_ns / 1e6);
}

static void show_memory(struct snapshot *shot)
{
    uint64_t bytes = meters_memory();

    client_pairf(shot->client, "memory", "%llu", (unsigned long long)bytes);
    client_pairf(shot->client, "memory_mb", "%.1f", (double)bytes / 1e6);
}

/* --- the table ----------------------------------------------------------------------------- */

static const struct meter {
    const char *name;
    unsigned want; /* of the analyser; shown when it has measured it */
    bool costly;   /* shown only when it is named */
    void (*show)(struct snapshot *shot);
} meters[] = {
    {"levels", ANALYSER_LEVELS, true, show_levels},
    {"loudness", ANALYSER_LOUDNESS, true, show_loudness},
    {"true_peak", ANALYSER_TRUE_PEAK, true, show_true_peak},
    {"spectrum", ANALYSER_SPECTRUM, true, show_spectrum},
    {"fft", ANALYSER_SPECTRUM | ANALYSER_LINES, true, show_fft},
    {"limiter", ANALYSER_LIMITER, true, show_limiter},
    {"reference", 0, true, show_reference},
    {"load", 0, false, show_load},
    {"margins", 0, false, show_margins},
    {"dropouts", 0, false, show_dropouts},
    {"recovery", 0, false, show_recovery},
    {"latency", 0, false, show_latency},
    {"thread", 0, false, show_thread},
    {"modules", 0, true, show_modules},
    {"quality", 0, true, show_quality},
    {"memory", 0, false, show_memory},
    {"disk", 0, false, show_disk},
};

enum { METERS = sizeof meters / sizeof meters[0] };

static int find_meter(const char *name)
{
    for (int i = 0; i < METERS; i++) {
        if (strcmp(meters[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}

/* Made with the first question, so that there is no thread for it before. */
static bool have_meters(struct server_parts *parts)
{
    if (parts->meters == NULL) {
        parts->meters = meters_create(parts->player, parts->cache);
    }
    return parts->meters != NULL;
}

static void show_all(struct snapshot *shot, const bool wanted[METERS])
{
    unsigned want = 0;

    for (size_t i = 0; i < METERS; i++) {
        want |= wanted[i] ? meters[i].want : 0;
    }
    player_read_status(shot->parts->player, &shot->status);
    if (want != 0) {
        meters_read(shot->parts->meters, want, &shot->figures);
    }
    if (shot->blind) {
        client_pair(shot->client, "withheld", "a blind test is going on");
    }
    for (size_t i = 0; i < METERS; i++) {
        if (wanted[i] && (meters[i].want & ~shot->figures.have) == 0) {
            meters[i].show(shot);
        }
    }
}

int match_meters(struct client *client, const struct words *words)
{
    struct server_parts *parts = server_parts(client_server(client));
    struct snapshot shot = {
        .client = client, .parts = parts, .blind = abx_session_is_blind(parts->abx)};
    bool wanted[METERS] = {false};

    if (words->count > 1 && !have_meters(parts)) {
        return client_ack(client, ACK_SYSTEM, "out of memory");
    }
    if (words->count == 2 && strcmp(words->word[1], "reset") == 0) {
        meters_reset(parts->meters);
        return 0;
    }
    for (size_t i = 1; i < words->count; i++) {
        int meter = find_meter(words->word[i]);

        if (meter < 0) {
            return client_ack(client, ACK_ARG, "no meter \"%s\"; `match meters` lists them",
                              words->word[i]);
        }
        wanted[meter] = true;
    }
    for (size_t i = 0; i < METERS && words->count == 1; i++) {
        client_pair(client, "meter", meters[i].name);
        wanted[i] = !meters[i].costly;
    }
    show_all(&shot, wanted);
    return 0;
}
