/* test_rehearse.c - the rehearsal against what is really rendered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "match/match.h"
#include "match/rehearse.h"
#include "match/render.h"
#include "match/stage.h"
#include "measure/loudness.h"
#include "tests/match_support.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct golden *golden = &goldens[2];

static struct rehearsal *rehearsed_in(const struct rack *rack, const struct plan *plan,
                                      const char *path)
{
    const struct rehearsed_chain chain = {plan, rack, FFT_FLOAT64, kernels_select(SIMD_AUTO)};
    struct programme *programme = NULL;
    struct media_error error;

    assert_int_equal(programme_open(&programme, &path, 1, 0, &error), 0);
    struct rehearsal *rehearsal = rehearse(&chain, programme, NULL, &error);

    assert_non_null(rehearsal);
    programme_close(programme);
    return rehearsal;
}

static struct rehearsal *rehearsed(const struct plan *plan, const char *path)
{
    struct rack exact;

    rack_init_exact(&exact);
    return rehearsed_in(&exact, plan, path);
}

static void loudness_and_peak_are_those_of_the_rendered_file(void **state)
{
    char path[128];
    struct render_report report;
    struct media_error error;

    (void)state;
    scratch_path("rendered.wav", path, sizeof(path));
    struct render_request request = {
        .target = golden->target,
        .references = {golden->reference},
        .weights = {1.0},
        .reference_count = 1,
        .output = path,
        .amounts = amounts_exact,
        .precision = FFT_FLOAT64,
        .measure = true,
    };

    assert_int_equal(render(&request, &report, NULL, NULL, &error), 0);
    struct rehearsal *rehearsal = rehearsed(report.plan, golden->target);
    struct profile *result = profile_of(path, PROFILE_FULL);

    assert_true(fabs(rehearsal->loudness_lufs - result->loudness_lufs) < 0.1);
    assert_true(fabs(rehearsal->true_peak_dbtp - result->true_peak_dbtp) < 0.1);
    assert_true(fabs(report.loudness_lufs - result->loudness_lufs) < 0.01);
    assert_true(fabs(report.true_peak_dbtp - result->true_peak_dbtp) < 0.01);
    assert_int_equal(rehearsal->work.limited_frames, report.work.limited_frames);
    assert_true(fabs(rehearsal->work.input_peak - report.work.input_peak) < 1e-9);
    assert_false(rehearsal->limiter_idle);
    rehearsal_destroy(rehearsal);
    profile_destroy(result);
    render_report_finish(&report);
}

/* A stream kept whole. */
struct keep {
    struct stereo sound;
};

static int keep_frames(void *context, const double *const channel[CHAIN_CHANNELS], size_t frames)
{
    struct keep *keep = context;

    for (int c = 0; c < 2; c++)
        memcpy(keep->sound.channel[c] + keep->sound.frames, channel[c], frames * sizeof(double));
    keep->sound.frames += frames;
    return 0;
}

/* The target through one module. */
static struct stereo through(struct module *module, const struct module_format *format,
                             const struct stereo *in)
{
    struct keep keep = {stereo_create(in->frames)};
    struct stage_sink sink = {keep_frames, &keep};
    struct chain *chain = chain_create(format);
    struct stage *stage;
    const double *const channel[2] = {in->channel[0], in->channel[1]};

    keep.sound.frames = 0;
    assert_non_null(chain);
    assert_int_equal(chain_append(chain, module), 0);
    stage = stage_create(chain, &sink);
    assert_non_null(stage);
    assert_int_equal(stage_push_f64(stage, channel, in->frames), 0);
    assert_int_equal(stage_flush(stage), 0);
    assert_int_equal(keep.sound.frames, in->frames);
    stage_destroy(stage);
    return keep.sound;
}

/* A limiter that starts in the middle from a checkpoint goes on as if it had always run. */
static void a_checkpoint_lets_the_limiter_start_in_the_middle(void **state)
{
    struct plan *plan = plan_of(golden->target, golden->reference, &amounts_exact);
    struct rehearsal *rehearsal = rehearsed(plan, golden->target);
    struct module_format format = {plan->rate_hz, 1024, kernels_select(SIMD_AUTO)};
    struct stereo target = sound_read(golden->target);
    struct match_eq_design eq;
    struct limiter_design design;
    size_t at = 14, distance = (size_t)rehearsal->checkpoint_frames;

    (void)state;
    plan_eq_design(plan, FFT_FLOAT64, &eq);
    plan_limiter_design(plan, rehearsal->limiter_idle, &design);
    struct stereo equalised = through(match_eq_create(&format, &eq), &format, &target);
    struct stereo whole = through(limiter_create(&format, &design), &format, &equalised);
    struct module *limiter = limiter_create(&format, &design);

    assert_non_null(limiter);
    assert_true(distance % 1024 == 0 && fabs((double)distance - 11025.0) < 600.0);
    assert_int_equal(rehearsal->checkpoints,
                     1 + (target.frames + limiter->class->latency_frames(limiter) + 1023) / 1024 *
                             1024 / distance);
    /* Windows are filled from the frames before the checkpoint, the filters from its state. */
    size_t from = at * distance, warm = (limiter_warm_frames(limiter) + 1023) / 1024 * 1024;
    double block[2][1024];
    double *const audio[2] = {block[0], block[1]};
    size_t latency = limiter->class->latency_frames(limiter);
    double worst = 0.0;

    for (size_t n = from - warm; n < from + 20 * 1024; n += 1024) {
        if (n == from)
            limiter_set_state(limiter, &rehearsal->states[at]);
        for (int c = 0; c < 2; c++)
            memcpy(block[c], equalised.channel[c] + n, sizeof(block[c]));
        limiter->class->process(limiter, audio);
        for (size_t i = 0; i < 1024 && n >= from + 1024; i++)
            worst = fmax(worst, fabs(block[0][i] - whole.channel[0][n + i - latency]));
    }
    assert_true(worst < 1e-7);
    limiter->class->destroy(limiter);
    stereo_destroy(&target);
    stereo_destroy(&equalised);
    stereo_destroy(&whole);
    rehearsal_destroy(rehearsal);
    plan_destroy(plan);
}

static void a_quiet_track_leaves_the_limiter_idle(void **state)
{
    char target[128], reference[128];
    struct stereo sound = sound_make(44100 * 4, 0.1, 0.9, 3);

    (void)state;
    scratch_path("quiet-target.wav", target, sizeof(target));
    scratch_path("quiet-reference.wav", reference, sizeof(reference));
    sound_write(target, &sound, 44100);
    sound_write(reference, &sound, 44100);

    struct amounts amounts = amounts_exact;

    amounts.level = 0.0;
    struct plan *plan = plan_of(target, reference, &amounts);
    struct rehearsal *rehearsal = rehearsed(plan, target);
    struct profile *profile = profile_of(target, PROFILE_FULL);

    assert_true(rehearsal->limiter_idle);
    assert_int_equal(rehearsal->work.limited_frames, 0);
    assert_true(fabs(rehearsal->loudness_lufs - profile->loudness_lufs) < 0.5);
    rehearsal_destroy(rehearsal);
    profile_destroy(profile);
    plan_destroy(plan);
    stereo_destroy(&sound);
}

static void a_plan_that_changes_nothing_is_as_loud_as_the_track(void **state)
{
    const struct amounts nothing = {0.0, 0.0, 0.0, true, HUGE_VAL};
    struct plan *plan = plan_of(golden->target, golden->reference, &nothing);
    struct rehearsal *rehearsal = rehearsed(plan, golden->target);
    struct profile *profile = profile_of(golden->target, PROFILE_FULL);

    (void)state;
    assert_true(fabs(rehearsal->loudness_lufs - profile->loudness_lufs) < 1e-9);
    assert_true(rehearsal->limiter_idle);
    rehearsal_destroy(rehearsal);
    profile_destroy(profile);
    plan_destroy(plan);
}

static void the_wish_to_end_is_heard(void **state)
{
    struct plan *plan = plan_of(golden->target, golden->reference, &amounts_exact);
    struct progress progress = {.cancel = true};
    struct rack exact;
    const struct rehearsed_chain chain = {plan, &exact, FFT_FLOAT64, kernels_select(SIMD_AUTO)};
    struct programme *programme = NULL;
    struct media_error error;

    (void)state;
    assert_int_equal(programme_open(&programme, &golden->target, 1, 0, &error), 0);
    rack_init_exact(&exact);
    assert_null(rehearse(&chain, programme, &progress, &error));
    assert_int_equal(error.code, -ECANCELED);
    programme_close(programme);
    plan_destroy(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loudness_and_peak_are_those_of_the_rendered_file),
        cmocka_unit_test(a_checkpoint_lets_the_limiter_start_in_the_middle),
        cmocka_unit_test(a_quiet_track_leaves_the_limiter_idle),
        cmocka_unit_test(a_plan_that_changes_nothing_is_as_loud_as_the_track),
        cmocka_unit_test(the_wish_to_end_is_heard),
    };

    return cmocka_run_group_tests(tests, NULL, scratch_end);
}
