/* test_render.c - rendered files against the offline matcher's own, and what goes wrong in between.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "match/match.h"
#include "match/render.h"
#include "tests/match_support.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct render_request request_for(const char *target, const char *reference,
                                         const char *output)
{
    return (struct render_request){
        .target = target,
        .references = {reference},
        .weights = {1.0},
        .reference_count = 1,
        .output = output,
        .amounts = amounts_exact,
        .precision = FFT_FLOAT64,
        .kernels = kernels_select(SIMD_AUTO),
    };
}

static struct stereo rendered(const struct render_request *request)
{
    struct render_report report;
    struct media_error error = {0};

    if (render(request, &report, NULL, NULL, &error) < 0)
        fail_msg("%s", error.message);
    render_report_finish(&report);
    return sound_read(request->output);
}

static void nulls_against_the_offline_matcher(void **state)
{
    char path[128], golden[128];

    (void)state;
    scratch_path("null.wav", path, sizeof(path));
    for (int i = 0; i < GOLDENS; i++) {
        struct render_request request = request_for(goldens[i].target, goldens[i].reference, path);
        struct stereo ours = rendered(&request);

        snprintf(golden, sizeof(golden), "tests/data/expected/%s.limited.flac", goldens[i].name);
        struct stereo theirs = sound_read(golden);

        assert_int_equal(ours.frames, theirs.frames);
        /* Asked: -120 dBFS. Measured: -138.5, a step of their 24 bits. */
        assert_true(worst_difference_db(&ours, &theirs, 0, ours.frames) < -130.0);
        stereo_destroy(&ours);
        stereo_destroy(&theirs);
    }
}

static void block_size_and_processor_make_no_difference(void **state)
{
    static const uint32_t blocks[] = {64, 128, 512, 1024, 4096};
    const struct kernels *tiers[8];
    size_t tier_count = every_tier(tiers);
    char path[128];
    struct render_request request;

    (void)state;
    scratch_path("blocks.wav", path, sizeof(path));
    request = request_for(goldens[2].target, goldens[2].reference, path);
    struct stereo standard = rendered(&request);

    for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]) + tier_count; i++) {
        bool is_block = i < sizeof(blocks) / sizeof(blocks[0]);

        request.block_frames = is_block ? blocks[i] : 0;
        request.kernels = is_block ? kernels_select(SIMD_AUTO) : tiers[i - 5];
        struct stereo other = rendered(&request);

        assert_int_equal(other.frames, standard.frames);
        assert_true(worst_difference_db(&standard, &other, 0, standard.frames) < -140.0);
        stereo_destroy(&other);
    }
    stereo_destroy(&standard);
}

/* Every length around the blocks, latencies and transforms comes out as long as it went in. */
static void the_output_is_as_long_as_the_target(void **state)
{
    static const size_t lengths[] = {4096, 4097, 6143, 8191, 8192, 12287, 44100};
    char target[128], path[128];

    (void)state;
    scratch_path("length.wav", target, sizeof(target));
    scratch_path("length-out.wav", path, sizeof(path));
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        struct stereo sound = sound_make(lengths[i], 0.3, 0.5, i + 1);
        struct render_request request = request_for(target, goldens[2].reference, path);

        sound_write(target, &sound, 44100);
        struct stereo out = rendered(&request);

        assert_int_equal(out.frames, lengths[i]);
        stereo_destroy(&sound);
        stereo_destroy(&out);
    }
}

static void amounts_of_zero_give_back_the_target(void **state)
{
    char path[128];
    struct render_request request;

    (void)state;
    scratch_path("zero.wav", path, sizeof(path));
    request = request_for(goldens[2].target, goldens[2].reference, path);
    request.amounts.level = request.amounts.eq = request.amounts.width = 0.0;
    struct stereo out = rendered(&request), target = sound_read(request.target);

    assert_int_equal(out.frames, target.frames);
    for (size_t i = 0; i < out.frames; i++)
        assert_true(out.channel[0][i] == target.channel[0][i] &&
                    out.channel[1][i] == target.channel[1][i]);
    stereo_destroy(&out);
    stereo_destroy(&target);
}

/* Without EQ and width it is the target at another level, one frame late as always. */
static void level_alone_is_a_gain_one_frame_late(void **state)
{
    char target[128], reference[128], path[128];
    struct stereo quiet = sound_make(44100 * 3, 0.1, 0.5, 8),
                  loud = sound_make(44100 * 3, 0.2, 0.5, 9);
    struct render_request request;

    (void)state;
    scratch_path("level-target.wav", target, sizeof(target));
    scratch_path("level-reference.wav", reference, sizeof(reference));
    scratch_path("level-out.wav", path, sizeof(path));
    sound_write(target, &quiet, 44100);
    sound_write(reference, &loud, 44100);
    request = request_for(target, reference, path);
    request.amounts.eq = request.amounts.width = 0.0;
    request.amounts.limiter = false;
    struct stereo out = rendered(&request), heard = sound_read(target);
    double gain = out.channel[0][50001] / heard.channel[0][50000];

    assert_true(gain > 1.2);
    assert_true(out.channel[0][0] == 0.0);
    for (size_t i = 1; i < out.frames; i++)
        assert_true(fabs(out.channel[1][i] - gain * heard.channel[1][i - 1]) < 1e-6);
    stereo_destroy(&quiet);
    stereo_destroy(&loud);
    stereo_destroy(&out);
    stereo_destroy(&heard);
}

static bool warned(const struct render_report *report, const char *words)
{
    for (size_t i = 0; i < report->warning_count; i++) {
        if (strstr(report->warnings[i], words))
            return true;
    }
    return false;
}

static void clipped_targets_are_told(void **state)
{
    char target[128], path[128];
    struct stereo sound = sound_make(44100 * 3, 4.0, 0.5, 8);
    struct render_request request;
    struct render_report report;
    struct media_error error;

    (void)state;
    for (size_t i = 0; i < sound.frames; i++) {
        for (int c = 0; c < 2; c++)
            sound.channel[c][i] = fmax(-1.0, fmin(1.0, 4.0 * sound.channel[c][i]));
    }
    scratch_path("clipped.wav", target, sizeof(target));
    scratch_path("clipped-out.wav", path, sizeof(path));
    sound_write(target, &sound, 44100);
    request = request_for(target, "tests/data/master.flac", path);
    assert_int_equal(render(&request, &report, NULL, NULL, &error), 0);
    assert_true(warned(&report, "is clipped"));
    assert_true(warned(&report, target));
    assert_true(isnan(report.loudness_lufs));
    render_report_finish(&report);
    stereo_destroy(&sound);
}

static void expect_failure(const struct render_request *request, const char *named)
{
    struct render_report report;
    struct media_error error = {0};
    int result = render(request, &report, NULL, NULL, &error);

    assert_true(result < 0);
    assert_int_equal(result, error.code);
    if (!strstr(error.message, named))
        fail_msg("\"%s\" does not name %s", error.message, named);
    assert_null(strchr(error.message, '\n'));
    assert_null(report.plan);
}

static void what_cannot_be_matched_names_the_file_and_leaves_nothing_behind(void **state)
{
    char silent[128], path[128], scrap[128];
    struct stereo silence = stereo_create(44100), little = sound_make(1000, 0.3, 0.5, 1);
    struct render_request request;

    (void)state;
    scratch_path("silent.wav", silent, sizeof(silent));
    scratch_path("scrap.wav", scrap, sizeof(scrap));
    scratch_path("never.wav", path, sizeof(path));
    sound_write(silent, &silence, 44100);
    sound_write(scrap, &little, 44100);

    request = request_for(silent, goldens[2].reference, path);
    expect_failure(&request, silent);
    request = request_for(goldens[2].target, silent, path);
    expect_failure(&request, silent);
    request = request_for(goldens[2].target, scrap, path);
    expect_failure(&request, scrap);
    request = request_for("tests/data/none.flac", goldens[2].reference, path);
    expect_failure(&request, "none.flac");
    request = request_for("tests/data", goldens[2].reference, path);
    expect_failure(&request, "tests/data");
    request = request_for(goldens[2].target, goldens[2].reference, "/nowhere/out.wav");
    expect_failure(&request, "/nowhere/out.wav");
    assert_int_equal(access(path, F_OK), -1);
    stereo_destroy(&silence);
    stereo_destroy(&little);
}

static void the_wish_to_end_leaves_no_output(void **state)
{
    char path[128];
    struct render_request request;
    struct render_report report;
    struct media_error error;
    struct progress progress = {.cancel = true};

    (void)state;
    scratch_path("cancelled.wav", path, sizeof(path));
    request = request_for(goldens[2].target, goldens[2].reference, path);
    assert_int_equal(render(&request, &report, &progress, NULL, &error), -ECANCELED);
    assert_int_equal(access(path, F_OK), -1);
}

static void a_target_may_be_replaced_by_its_match(void **state)
{
    char path[128];
    struct stereo sound = sound_make(44100 * 2, 0.2, 0.5, 4);
    struct render_request request;

    (void)state;
    scratch_path("in-place.wav", path, sizeof(path));
    sound_write(path, &sound, 44100);
    request = request_for(path, goldens[2].reference, path);
    struct stereo out = rendered(&request);

    assert_int_equal(out.frames, sound.frames);
    assert_true(worst_difference_db(&out, &sound, 0, out.frames) > -40.0);
    stereo_destroy(&sound);
    stereo_destroy(&out);
}

/* A peak less than 1e-5 above the threshold: the offline matcher leaves the limiter out. */
static void a_peak_a_hair_above_the_threshold_is_left_alone(void **state)
{
    char target[128], path[128];
    struct stereo sound = sound_make(44100 * 3, 0.1, 0.5, 8);
    double highest = 0.0;
    struct render_report report;
    struct media_error error;

    (void)state;
    for (size_t i = 0; i < sound.frames; i++)
        highest = fmax(highest, fmax(fabs(sound.channel[0][i]), fabs(sound.channel[1][i])));
    for (size_t i = 0; i < sound.frames; i++) {
        for (int c = 0; c < 2; c++)
            sound.channel[c][i] *= MATCH_THRESHOLD * (1.0 + 5e-6) / highest;
    }
    /* One frame late, the last is lost: it must not count in the level. */
    sound.channel[0][sound.frames - 1] = sound.channel[1][sound.frames - 1] = 0.0;
    scratch_path("hair.wav", target, sizeof(target));
    scratch_path("hair-out.wav", path, sizeof(path));
    sound_write(target, &sound, 44100);

    /* The reference is the target itself, of which the peak factor is 1: a level of 1, no EQ. Named
       twice, for alone it would be refused. */
    struct render_request request = request_for(target, target, path);

    request.references[1] = target;
    request.weights[1] = 1.0;
    request.reference_count = 2;
    request.amounts.eq = request.amounts.width = 0.0;
    assert_int_equal(render(&request, &report, NULL, NULL, &error), 0);
    assert_true(report.work.input_peak > MATCH_THRESHOLD);
    assert_true(report.limiter_idle);

    struct stereo out = sound_read(path), heard = sound_read(target);
    double worst = 0.0;

    for (size_t i = 1; i < out.frames; i++)
        worst = fmax(worst, fabs(out.channel[0][i] - report.plan->gain * heard.channel[0][i - 1]));
    assert_true(worst < 1e-7);
    render_report_finish(&report);
    stereo_destroy(&sound);
    stereo_destroy(&out);
    stereo_destroy(&heard);
}

static void a_target_that_is_its_own_reference_is_refused(void **state)
{
    char path[128];
    struct render_request request;

    (void)state;
    scratch_path("same-out.wav", path, sizeof(path));
    request = request_for("tests/data/mono.flac", "tests/data/mono.flac", path);
    expect_failure(&request, "same sound as its reference");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nulls_against_the_offline_matcher),
        cmocka_unit_test(block_size_and_processor_make_no_difference),
        cmocka_unit_test(the_output_is_as_long_as_the_target),
        cmocka_unit_test(amounts_of_zero_give_back_the_target),
        cmocka_unit_test(level_alone_is_a_gain_one_frame_late),
        cmocka_unit_test(clipped_targets_are_told),
        cmocka_unit_test(a_target_that_is_its_own_reference_is_refused),
        cmocka_unit_test(what_cannot_be_matched_names_the_file_and_leaves_nothing_behind),
        cmocka_unit_test(the_wish_to_end_leaves_no_output),
        cmocka_unit_test(a_target_may_be_replaced_by_its_match),
        cmocka_unit_test(a_peak_a_hair_above_the_threshold_is_left_alone),
    };

    return cmocka_run_group_tests(tests, NULL, scratch_end);
}
