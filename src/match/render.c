/* render.c - a matched file from beginning to end. */
#include "match/render.h"

#include "match/dynamics_fit.h"
#include "match/match.h"
#include "match/plan_rate.h"
#include "match/render_internal.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* From how many samples on the target's peaks are called cut: at least LEAST, and one in PART. */
enum { LIMITED_LEAST = 32, LIMITED_PART = 20000 };

struct render {
    const struct render_request *request;
    struct render_report *report;
    struct progress *progress;
    struct media_error *error;
    struct render_source source[1 + RENDER_REFERENCES_MAX]; /* the target first */
    size_t sources;
    struct encoder *encoder;
    struct rack exact;
};

void render_warn(struct render_report *report, const char *format, ...)
{
    va_list arguments;

    if (report->warning_count == RENDER_WARNINGS_MAX)
        return;
    va_start(arguments, format);
    vsnprintf(report->warnings[report->warning_count++], MEDIA_MESSAGE_SIZE, format, arguments);
    va_end(arguments);
}

/* One of a file that is gone serves as it is. */
static bool recall_profile(const struct render *render, struct render_source *source)
{
    uint32_t rate_hz = source->measured ? programme_rate_hz(source->measured) : 0;

    source->profile = cache_profile(render->request->cache, &source->key, rate_hz);
    if (source->profile && !source->key.gone && !profile_has(source->profile, source->depth)) {
        profile_destroy(source->profile);
        source->profile = NULL;
    }
    source->known = source->profile != NULL;
    return source->known;
}

/* The target, where its rate is so high that it is not measured at that. */
static int open_measured(struct render_source *source, struct media_error *error)
{
    uint32_t rate_hz = programme_rate_hz(source->programme);
    uint32_t measured_hz = programme_measured_hz(rate_hz);

    return measured_hz == rate_hz
               ? 0
               : programme_open(&source->measured, &source->path, 1, measured_hz, error);
}

static int open_sources(struct render *render)
{
    const struct render_request *request = render->request;
    bool deep = request->rack && rack_needs_character(request->rack);

    if (request->reference_count == 0 || request->reference_count > RENDER_REFERENCES_MAX)
        return match_fail(render->error, -EINVAL, "name 1 to %d references (-r FILE)",
                          RENDER_REFERENCES_MAX);
    render->sources = 1 + request->reference_count;
    for (size_t i = 0; i < render->sources; i++) {
        struct render_source *source = &render->source[i];
        int result;

        source->depth = deep ? PROFILE_CHARACTER : PROFILE_MATCH;
        source->path = i == 0 ? request->target : request->references[i - 1];
        cache_key_init(&source->key, &source->path, 1);
        if (i > 0 && source->key.gone && recall_profile(render, source))
            continue;
        result = i > 0
                     ? programme_open_measured(&source->programme, &source->path, 1, render->error)
                     : programme_open(&source->programme, &source->path, 1, 0, render->error);
        if (result == 0 && i == 0)
            result = open_measured(source, render->error);
        if (result < 0)
            return result;
        recall_profile(render, source);
    }
    return 0;
}

/* What was read anew; what was damaged is told each time, so it is not kept. */
static void keep_profiles(struct render *render)
{
    char line[MEDIA_MESSAGE_SIZE];

    for (size_t i = 0; i < render->sources; i++) {
        struct render_source *source = &render->source[i];

        if (!source->known &&
            !programme_damage_line(source->measured ? source->measured : source->programme, line,
                                   sizeof(line)))
            cache_keep_profile(render->request->cache, &source->key, source->profile, true);
    }
}

static void close_sources(struct render *render)
{
    for (size_t i = 0; i < render->sources; i++) {
        programme_close(render->source[i].programme);
        programme_close(render->source[i].measured);
        profile_destroy(render->source[i].profile);
        cache_key_finish(&render->source[i].key);
    }
}

static int open_encoder(struct render *render)
{
    const struct render_request *request = render->request;

    return encoder_open(&render->encoder, request->output, request->format,
                        programme_rate_hz(render->source[0].programme), request->target,
                        render->error);
}

static void warn_of_file(struct render_report *report, const struct render_source *source)
{
    const struct media_info *info;
    char line[MEDIA_MESSAGE_SIZE];

    if (!source->programme) {
        render_warn(report, "%s: is gone; what was measured of it before serves as the reference",
                    source->path);
        return;
    }
    info = programme_info(source->programme);
    if (programme_damage_line(source->programme, line, sizeof(line)))
        render_warn(report, "%s", line);
    if (info->channels > MEDIA_CHANNELS)
        render_warn(report, "%s: %u channels were mixed down to two", source->path, info->channels);
    if (info->is_dsd)
        render_warn(report, "%s: DSD was converted to PCM at %u Hz", source->path, info->rate_hz);
}

/* Sound that was clipped or limited before gains little from a match, and should be told apart. */
static void warn_of_limiting(struct render_report *report, const struct render_source *target)
{
    const struct profile *profile = target->profile;
    uint64_t enough = (uint64_t)profile->frames / LIMITED_PART;

    if (enough < LIMITED_LEAST)
        enough = LIMITED_LEAST;
    if (profile->full_scale_samples >= enough) {
        render_warn(report,
                    "%s: is clipped (%llu samples at full scale): match an unclipped mix if there "
                    "is one",
                    target->path, (unsigned long long)profile->full_scale_samples);
    } else if (profile->peak_samples >= enough) {
        render_warn(report,
                    "%s: was limited before (%llu samples at its peak): match the unlimited mix "
                    "if there is one",
                    target->path, (unsigned long long)profile->peak_samples);
    }
}

static void warn_of_sources(struct render *render)
{
    const struct render_source *target = &render->source[0];

    for (size_t i = 0; i < render->sources; i++)
        warn_of_file(render->report, &render->source[i]);
    warn_of_limiting(render->report, target);
}

static int check_fit(const struct render *render)
{
    for (size_t i = 0; i < render->sources; i++) {
        const struct render_source *source = &render->source[i];
        const char *reason = i == 0 ? profile_unfit_target(source->profile)
                                    : profile_unfit_reference(source->profile);

        if (reason)
            return match_fail(render->error, -EINVAL, "%s: %s; choose another %s", source->path,
                              reason, i == 0 ? "track to match" : "reference");
    }
    /* Among several references it has its part in the mean. */
    if (render->sources == 2 &&
        profile_same_sound(render->source[0].profile, render->source[1].profile)) {
        return match_fail(render->error, -EINVAL,
                          "%s: is the same sound as its reference; choose another reference",
                          render->source[0].path);
    }
    return 0;
}

static int make_plan(struct render *render)
{
    struct weighted_reference references[RENDER_REFERENCES_MAX];
    const struct render_request *request = render->request;

    for (size_t i = 0; i < request->reference_count; i++) {
        references[i].profile = render->source[i + 1].profile;
        references[i].weight = request->weights[i];
    }
    render->report->plan = plan_create(render->source[0].profile, references,
                                       request->reference_count, &request->amounts, render->error);
    return render->report->plan ? 0 : -errno;
}

/* How the dynamics of a rack reach the reference, if it has such. */
static int fit(struct render *render, struct plan_key *key, struct plan_memory *memory)
{
    const struct render_request *request = render->request;
    struct plan *plan = render->report->plan;
    int result;

    if (!request->rack || !dynamics_fit_is_wanted(plan, request->rack))
        return 0;
    key->rack = request->rack;
    if (cache_plan(request->cache, key, memory) && memory->fitted) {
        plan->dynamics = memory->dynamics;
        return 0;
    }
    result = dynamics_fit(plan, request->rack, render->source[0].programme, request->kernels,
                          render->progress, render->error);
    if (result < 0)
        return result;
    *memory = (struct plan_memory){.fitted = true, .dynamics = plan->dynamics};
    memcpy(memory->coefficients, plan->coefficients, sizeof(memory->coefficients));
    cache_keep_plan(request->cache, key, memory);
    return 0;
}

static int correct(struct render *render)
{
    const struct render_request *request = render->request;
    const struct cache_key *references[RENDER_REFERENCES_MAX];
    struct plan_key key = {.target = &render->source[0].key,
                           .references = references,
                           .weights = request->weights,
                           .reference_count = request->reference_count,
                           .amounts = &request->amounts,
                           .rate_hz = programme_rate_hz(render->source[0].programme)};
    struct plan_memory memory = {.rehearsed = false};
    const struct render_source *target = &render->source[0];
    struct plan *plan = render->report->plan; /* make_plan made it */
    int result;

    assert(plan != NULL);
    for (size_t i = 0; i < request->reference_count; i++)
        references[i] = &render->source[i + 1].key;
    if (!cache_plan(request->cache, &key, &memory) || !plan_recall(plan, memory.coefficients)) {
        memset(&memory, 0, sizeof(memory));
        result = plan_correct(plan, target->profile,
                              target->measured ? target->measured : target->programme,
                              render->progress, render->error);
        if (result < 0)
            return result;
        memcpy(memory.coefficients, plan->coefficients, sizeof(memory.coefficients));
        cache_keep_plan(request->cache, &key, &memory);
    }
    if (target->measured && plan_to_rate(plan, programme_rate_hz(target->programme)) < 0)
        return match_fail_memory(render->error);
    return fit(render, &key, &memory);
}

/* Told as the file is, whatever the rate at which it was measured. */
static void tell_own_rate(struct render_source *source)
{
    struct profile *profile = source->profile;
    uint32_t rate_hz = source->programme ? programme_info(source->programme)->source_rate_hz : 0;
    bool exact;

    if (rate_hz == 0 || programme_measured_hz(rate_hz) == rate_hz)
        return;
    profile->frames = llround((double)profile->frames * rate_hz / profile->rate_hz);
    if (programme_rate_hz(source->programme) == rate_hz &&
        programme_frames(source->programme, &exact) > 0 && exact)
        profile->frames = programme_frames(source->programme, &exact);
    profile->rate_hz = rate_hz;
}

/* The report keeps the profiles of the target and the first reference. */
static void hand_over(struct render *render)
{
    tell_own_rate(&render->source[0]);
    tell_own_rate(&render->source[1]);
    render->report->target = render->source[0].profile;
    render->report->result_reference = render->source[1].profile;
    render->source[0].profile = render->source[1].profile = NULL;
}

/* The output, finished. Whether there is nothing at all to limit shows only at the end; the rare
   sound whose peak lies less than 1e-5 above the threshold is written once more without. */
static int write_output(struct render *render)
{
    struct render_report *report = render->report;
    struct render_pass pass = {.request = render->request,
                               .rack =
                                   render->request->rack ? render->request->rack : &render->exact,
                               .programme = render->source[0].programme,
                               .encoder = render->encoder,
                               .progress = render->progress};
    int result = render_write(&pass, report, render->error);

    if (result == 0 && report->plan->limiter && report->limiter_idle &&
        report->work.input_peak > MATCH_THRESHOLD) {
        double peak = report->work.input_peak;

        encoder_abort(render->encoder);
        render->encoder = NULL;
        result = open_encoder(render);
        pass.encoder = render->encoder;
        pass.without_limiter = true;
        if (result == 0)
            result = render_write(&pass, report, render->error);
        report->work.input_peak = peak; /* a limiter that is left out looks at none */
    }
    if (result < 0)
        return result;
    result = encoder_finish(render->encoder, render->error);
    render->encoder = NULL;
    return result;
}

static void enter(_Atomic int *stage, enum render_stage value)
{
    if (stage)
        atomic_store(stage, value);
}

static int run(struct render *render, _Atomic int *stage)
{
    int result;

    enter(stage, RENDER_ANALYSE);
    result = open_sources(render);
    if (result == 0)
        result = open_encoder(render); /* what cannot be written is told before the work */
    if (result == 0)
        result = render_analyse(render->source, render->sources, render->progress, render->error);
    if (result == 0)
        result = check_fit(render);
    if (result != 0)
        return result;
    keep_profiles(render);
    warn_of_sources(render);
    result = make_plan(render);
    if (result < 0)
        return result;
    enter(stage, RENDER_CORRECT);
    result = correct(render);
    if (result < 0)
        return result;
    enter(stage, RENDER_WRITE);
    hand_over(render);
    return write_output(render);
}

int render(const struct render_request *request, struct render_report *report,
           struct progress *progress, _Atomic int *stage, struct media_error *error)
{
    struct render render = {
        .request = request, .report = report, .progress = progress, .error = error};
    int result;

    rack_init_exact(&render.exact);
    *report = (struct render_report){0};
    *error = (struct media_error){0};
    result = run(&render, stage);
    encoder_abort(render.encoder);
    close_sources(&render);
    if (result < 0)
        render_report_finish(report);
    return result;
}

void render_report_finish(struct render_report *report)
{
    profile_destroy(report->target);
    profile_destroy(report->result_reference);
    plan_destroy(report->plan);
    report->target = report->result_reference = NULL;
    report->plan = NULL;
}
