/* match_report.c - what a match did, in words and in JSON. */
#include "command/match_report.h"

#include "base/tenths.h"
#include "match/shaping.h"

#include <math.h>

enum { TEXT_SIZE = 512 };

double amplitude_db(double amplitude)
{
    return amplitude > 0.0 ? 20.0 * log10(amplitude) : -HUGE_VAL;
}

void match_report_line(FILE *file, const struct render_request *request,
                       const struct render_report *report)
{
    struct shaping shaping;
    char text[TEXT_SIZE] = "";

    plan_describe(report->plan, text, sizeof text);
    fprintf(file, "%s: %s", request->output, text);
    shaping_find(report->plan, request->rack, &shaping);
    shaping_describe(&shaping, text, sizeof text);
    fprintf(file, "%s%s", text[0] != '\0' ? "; " : "", text);
    if (isfinite(report->loudness_lufs)) { /* it may not have been measured */
        fprintf(file, "; %.1f LUFS", report->loudness_lufs);
    }
    if (isfinite(report->true_peak_dbtp)) {
        fprintf(file, "; %.1f dBTP", tenths(report->true_peak_dbtp));
    }
    if (!report->plan->limiter) {
        fprintf(file, "; not limited\n");
    } else if (report->limiter_idle) {
        fprintf(file, "; nothing to limit\n");
    } else {
        fprintf(file, "; limited by %.1f dB at most\n", report->work.most_reduction_db);
    }
}

/* null where it was not measured. */
static void measured_number(struct json *json, const char *key, const struct profile *profile,
                            double value)
{
    json_number(json, key, profile->measured ? value : HUGE_VAL);
}

void profile_json(struct json *json, const struct profile *profile)
{
    json_integer(json, "rate_hz", profile->rate_hz);
    json_integer(json, "frames", profile->frames);
    json_number(json, "seconds", (double)profile->frames / profile->rate_hz);
    json_number(json, "peak_dbfs", amplitude_db(profile->peak));
    measured_number(json, "true_peak_dbtp", profile, profile->true_peak_dbtp);
    measured_number(json, "loudness_lufs", profile, profile->loudness_lufs);
    measured_number(json, "loudness_range_lu", profile, profile->loudness_range_lu);
    json_number(json, "rms_db", profile->rms_db);
    json_number(json, "match_rms_db", amplitude_db(profile->match_rms));
    json_integer(json, "pieces", (int64_t)profile->pieces);
    json_integer(json, "loud_pieces", (int64_t)profile->loud_pieces);
    json_number(json, "correlation", profile->correlation);
    json_number(json, "width", profile->width);
    json_integer(json, "full_scale_samples", (int64_t)profile->full_scale_samples);
}

/* null: not known. Nothing where the chain has no such module, or it does not follow the reference.
 */
static void shaping_json(struct json *json, const struct shaping *shaping)
{
    if (shaping->dynamics) {
        json_array(json, "dynamics");
        for (size_t i = 0; i < DYNAMICS_BANDS; i++) {
            const struct shaping_band *band = &shaping->band[i];

            json_object(json, NULL);
            json_integer(json, "band", (int64_t)i + 1);
            json_number(json, "spread_db", band->known ? band->spread_db : HUGE_VAL);
            json_number(json, "reference_db", band->known ? band->reference_db : HUGE_VAL);
            json_number(json, "change_db", band->known ? band->change_db : HUGE_VAL);
            json_boolean(json, "at_range", band->at_range);
            json_object_end(json);
        }
        json_array_end(json);
    }
    if (shaping->spectral) {
        json_array(json, "spectral");
        for (size_t i = 0; i < BALANCE_PARTS; i++) {
            const struct shaping_part *part = &shaping->part[i];

            json_object(json, NULL);
            json_number(json, "hz", part->middle_hz);
            json_number(json, "change_db", part->known ? part->change_db : HUGE_VAL);
            json_number(json, "spread_db", part->known ? part->spread_db : HUGE_VAL);
            json_number(json, "reference_db", part->known ? part->reference_db : HUGE_VAL);
            json_boolean(json, "at_range", part->known && part->at_range);
            json_object_end(json);
        }
        json_array_end(json);
    }
}

static void plan_json(struct json *json, const struct render_request *request,
                      const struct plan *plan)
{
    struct shaping shaping;
    char text[TEXT_SIZE] = "";

    plan_describe(plan, text, sizeof text);
    shaping_find(plan, request->rack, &shaping);
    json_object(json, "match");
    json_string(json, "words", text);
    json_boolean(json, "identity", plan->identity);
    json_integer(json, "taps", (int64_t)plan->taps);
    json_number(json, "gain_db", amplitude_db(plan->gain));
    json_array(json, "coefficients");
    for (size_t i = 0; i < sizeof plan->coefficients / sizeof plan->coefficients[0]; i++) {
        json_number(json, NULL, plan->coefficients[i]);
    }
    json_array_end(json);
    json_number(json, "final_amplitude", plan->final_amplitude);
    json_number(json, "target_match_rms_db", amplitude_db(plan->target_rms));
    json_number(json, "reference_match_rms_db", amplitude_db(plan->reference_rms));
    json_number(json, "level", request->amounts.level * 100.0);
    json_number(json, "eq", request->amounts.eq * 100.0);
    json_number(json, "width", request->amounts.width * 100.0);
    json_boolean(json, "limiter", request->amounts.limiter);
    json_number(json, "max_boost_db", request->amounts.max_boost_db); /* null: no bound */
    shaping_json(json, &shaping);
    json_string(json, "eq_precision", request->precision == FFT_FLOAT64 ? "float64" : "float32");
    json_string(json, "simd", request->kernels->name);
    json_object_end(json);
}

static void result_json(struct json *json, const struct render_report *report)
{
    json_object(json, "result");
    json_number(json, "loudness_lufs", report->loudness_lufs);
    json_number(json, "true_peak_dbtp", report->true_peak_dbtp);
    json_boolean(json, "limited", report->plan->limiter && !report->limiter_idle);
    json_integer(json, "limited_frames", (int64_t)report->work.limited_frames);
    json_number(json, "most_reduction_db", report->work.most_reduction_db);
    json_object_end(json);
}

void match_report_json(FILE *file, const struct render_request *request,
                       const struct render_report *report)
{
    struct json json;

    json_start(&json, file);
    json_object(&json, NULL);
    json_string(&json, "output", request->output);
    json_object(&json, "target");
    json_string(&json, "path", request->target);
    profile_json(&json, report->target);
    json_object_end(&json);
    json_array(&json, "references");
    for (size_t i = 0; i < request->reference_count; i++) {
        json_object(&json, NULL);
        json_string(&json, "path", request->references[i]);
        json_number(&json, "weight", request->weights[i]);
        if (i == 0) {
            profile_json(&json, report->result_reference);
        }
        json_object_end(&json);
    }
    json_array_end(&json);
    plan_json(&json, request, report->plan);
    result_json(&json, report);
    json_array(&json, "warnings");
    for (size_t i = 0; i < report->warning_count; i++) {
        json_string(&json, NULL, report->warnings[i]);
    }
    json_array_end(&json);
    json_object_end(&json);
    json_end(&json);
}
