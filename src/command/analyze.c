/* analyze.c - matchplay analyze: what a track sounds like. */
#include "command/command.h"
#include "command/configure.h"
#include "command/match_report.h"
#include "command/progress_bar.h"
#include "match/cache.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* Third octaves around 1 kHz, 25 Hz to 20 kHz; rows of one octave. */
enum { BAND_LOWEST = -16, BANDS = 30, BANDS_A_ROW = 3 };
enum { KEY_JSON = COMMAND_LONG_ONLY };

static const struct command_option options[] = {
    {KEY_JSON, "json", NULL, "an array of one object a file, on stdout"},
    {'q', "quiet", NULL, "no progress"},
    {0, NULL, NULL, NULL},
};

struct track {
    const char *path;
    struct media_info info;
    struct profile *profile;
    double bands_db[BANDS]; /* share of the whole; -HUGE_VAL: none, or above the rate's half */
    char damage[MEDIA_MESSAGE_SIZE]; /* empty: none */
    int interrupted_by;              /* a signal, or 0 */
};

static double band_hz(int band)
{
    return 1000.0 * pow(2.0, (double)(band + BAND_LOWEST) / 3.0);
}

/* Power of mid and side in each third octave, as a share of all of it. A bin belongs to the bands
   it overlaps, by how much: the low bands are narrower than a bin. */
static void measure_bands(struct track *track)
{
    const struct profile *profile = track->profile;
    double bin_hz = (double)profile->rate_hz / (double)profile->fft_size;
    double half = pow(2.0, 1.0 / 6.0), total = 0.0;

    for (size_t k = 1; k < profile->bins; k++) {
        total += profile->mid[k] * profile->mid[k] + profile->side[k] * profile->side[k];
    }
    for (int band = 0; band < BANDS; band++) {
        double low = band_hz(band) / half / bin_hz + 0.5,
               high = band_hz(band) * half / bin_hz + 0.5;
        double power = 0.0;

        for (size_t k = (size_t)low; k < profile->bins && (double)k < high; k++) {
            double part = fmin(high, (double)k + 1.0) - fmax(low, (double)k);

            power +=
                part * (profile->mid[k] * profile->mid[k] + profile->side[k] * profile->side[k]);
        }
        track->bands_db[band] = power > 0.0 && band_hz(band) * 2.0 < profile->rate_hz
                                    ? 10.0 * log10(power / total)
                                    : -HUGE_VAL;
    }
}

/* What all files share. */
struct analyze {
    struct command_context *context;
    struct cache *cache;
    struct json *json; /* NULL: text */
    bool quiet;
};

/* All there is to say of a file that was listened to before and was not damaged, or false. */
static bool recall(const struct analyze *analyze, struct track *track, struct cache_key *key)
{
    track->profile = cache_profile(analyze->cache, key, 0);
    if (track->profile != NULL && !track->profile->measured) {
        profile_destroy(track->profile);
        track->profile = NULL;
    }
    return track->profile != NULL;
}

static void listen(const struct analyze *analyze, struct track *track, struct programme *programme,
                   const struct cache_key *key, struct media_error *error)
{
    const char *const stages[] = {"listening"};
    struct progress progress;
    struct progress_bar *bar;

    memset(&progress, 0, sizeof progress);
    bar = progress_bar_start(analyze->context, &progress, NULL, stages, analyze->quiet);
    track->profile = profile_create(programme, PROFILE_FULL, &progress, error);
    track->interrupted_by = progress_bar_stop(bar);
    if (track->profile == NULL) {
        return;
    }
    if (programme_damage_line(programme, track->damage, sizeof track->damage)) {
        return; /* to be told each time, so it is listened to each time */
    }
    track->damage[0] = '\0';
    /* A match measures what has a high rate at another. */
    cache_keep_profile(analyze->cache, key, track->profile, programme_is_measured(programme));
}

/* 0, or negative errno and *error; -ECANCELED: interrupted. */
static int measure(const struct analyze *analyze, struct track *track, struct media_error *error)
{
    struct programme *programme = NULL;
    struct cache_key key;
    int result;

    cache_key_init(&key, &track->path, 1);
    result = programme_open(&programme, &track->path, 1, 0, error);
    if (result != 0) {
        cache_key_finish(&key);
        return result;
    }
    if (!recall(analyze, track, &key)) {
        listen(analyze, track, programme, &key, error);
    }
    cache_key_finish(&key);
    if (track->profile == NULL) {
        result = error->code != 0 ? error->code : -EIO;
    } else if (track->profile->frames == 0) {
        result = -EINVAL;
        snprintf(error->message, sizeof error->message,
                 "%.900s: there is no sound in it; choose another", track->path);
    } else {
        track->info = *programme_info(programme);
        measure_bands(track);
    }
    programme_close(programme);
    return result;
}

static void print_format(const struct track *track)
{
    const struct media_info *info = &track->info;
    double seconds = (double)track->profile->frames / track->profile->rate_hz;

    printf("%s\n  %s, %u Hz, %u channel%s", track->path, info->codec, info->source_rate_hz,
           info->channels, info->channels == 1 ? "" : "s");
    if (info->bits > 0) {
        printf(", %u bit", info->bits);
    } else if (info->is_float) {
        printf(", float");
    }
    printf("; %d:%04.1f, %lld frames\n", (int)(seconds / 60.0), fmod(seconds, 60.0),
           (long long)track->profile->frames);
}

static void print_levels(const struct profile *profile)
{
    printf("  loudness %.1f LUFS, range %.1f LU; RMS %.1f dB, match RMS %.1f dB\n",
           profile->loudness_lufs, profile->loudness_range_lu, profile->rms_db,
           amplitude_db(profile->match_rms));
    printf("  peak %.2f dBFS, true peak %.2f dBTP; correlation %.2f, width %.0f %%\n",
           amplitude_db(profile->peak), profile->true_peak_dbtp, profile->correlation,
           profile->width * 100.0);
    if (profile->full_scale_samples > 1) {
        printf("  %llu samples stand at full scale: it is clipped, or limited hard\n",
               (unsigned long long)profile->full_scale_samples);
    }
}

static void print_bands(const struct track *track)
{
    printf("  third octaves, dB of the whole (below, at and above):\n");
    for (int row = 0; row < BANDS / BANDS_A_ROW; row++) {
        printf("  %7.0f Hz", band_hz(row * BANDS_A_ROW + 1));
        for (int i = 0; i < BANDS_A_ROW; i++) {
            double db = track->bands_db[row * BANDS_A_ROW + i];

            if (isfinite(db)) {
                printf(" %7.1f", db);
            } else {
                printf("       -");
            }
        }
        printf("\n");
    }
}

static void print_track(const struct track *track)
{
    const char *unfit_target = profile_unfit_target(track->profile);
    const char *unfit_reference = profile_unfit_reference(track->profile);

    print_format(track);
    print_levels(track->profile);
    if (unfit_target != NULL) {
        printf("  cannot be matched: it %s\n", unfit_target);
    }
    if (unfit_reference != NULL) {
        printf("  cannot be a reference: it %s\n", unfit_reference);
    }
    print_bands(track);
}

static void write_json(struct json *json, const struct track *track)
{
    json_object(json, NULL);
    json_string(json, "path", track->path);
    json_string(json, "codec", track->info.codec);
    json_integer(json, "source_rate_hz", track->info.source_rate_hz);
    json_integer(json, "channels", track->info.channels);
    json_integer(json, "bits", track->info.bits);
    json_boolean(json, "float", track->info.is_float);
    json_boolean(json, "lossless", track->info.lossless);
    profile_json(json, track->profile);
    json_string(json, "unfit_as_target", profile_unfit_target(track->profile));
    json_string(json, "unfit_as_reference", profile_unfit_reference(track->profile));
    json_array(json, "third_octaves");
    for (int band = 0; band < BANDS; band++) {
        json_object(json, NULL);
        json_number(json, "hz", band_hz(band));
        json_number(json, "db", track->bands_db[band]);
        json_object_end(json);
    }
    json_array_end(json);
    json_string(json, "damage", track->damage[0] != '\0' ? track->damage : NULL);
    json_object_end(json);
}

/* One file; false: the user wants no more of them. */
static bool analyze_file(const struct analyze *analyze, const char *path, int *status)
{
    const struct command_context *context = analyze->context;
    struct track track;
    struct media_error error;
    int result;

    memset(&track, 0, sizeof track);
    memset(&error, 0, sizeof error);
    track.path = path;
    result = measure(analyze, &track, &error);
    if (result == -ECANCELED) {
        command_fail(context, "%s: interrupted", path);
        *status = command_interrupted(track.interrupted_by);
    } else if (result != 0) {
        *status = command_fail(context, "%s%s%s", error.message[0] != '\0' ? "" : path,
                               error.message[0] != '\0' ? "" : ": ",
                               error.message[0] != '\0' ? error.message : strerror(-result));
    } else {
        if (track.damage[0] != '\0') {
            log_write(context->log, LOG_WARNING, "%s", track.damage);
        }
        if (analyze->json != NULL) {
            write_json(analyze->json, &track);
        } else {
            print_track(&track);
        }
        fflush(stdout); /* in step with what goes to stderr */
    }
    profile_destroy(track.profile);
    return result != -ECANCELED;
}

static int run(struct command_context *context, const struct command_line *line)
{
    struct analyze analyze = {.context = context};
    bool as_json = false, go_on = true;
    struct json json;
    int status = EXIT_DONE;

    if (line->operands == 0) {
        return command_misuse(context, "which FILE is to be analyzed?");
    }
    for (size_t i = 0; i < line->count; i++) {
        as_json = as_json || line->words[i].key == KEY_JSON;
        analyze.quiet = analyze.quiet || line->words[i].key == 'q';
    }
    json_start(&json, stdout);
    if (as_json) {
        analyze.json = &json;
        json_array(&json, NULL);
    }
    analyze.cache = configure_cache(context);
    for (size_t i = 0; go_on && i < line->count; i++) {
        if (line->words[i].key == 0) {
            go_on = analyze_file(&analyze, line->words[i].value, &status);
        }
    }
    cache_close(analyze.cache);
    if (as_json) {
        json_array_end(&json);
        json_end(&json);
    }
    return status;
}

const struct command command_analyze = {
    "analyze",
    "FILE... [--json]",
    "say what a track sounds like",
    "A file that cannot be read is told on stderr; the others go on, and the exit status is 1.\n",
    options,
    run,
};
