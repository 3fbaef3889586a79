/* test_analyser.c - each meter against a figure that is known, and that nothing is measured which
 * nobody asks for. */
#include "measure/analyser_internal.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { RATE_HZ = 48000, BLOCK = 480 };

/* --- sounds -------------------------------------------------------------------------------- */

struct tone {
    double hz, phase;
    double left, right; /* amplitudes; a negative one is turned over */
};

static double db(double amplitude)
{
    return 20.0 * log10(amplitude);
}

static double amplitude_of(double dbfs)
{
    return pow(10.0, dbfs / 20.0);
}

/* Both sides get the tone, the one after at twice the amplitude. */
static void play(struct analyser_work *work, const struct tone *tone, double seconds)
{
    static float audio[ANALYSER_SIDES][2][BLOCK];
    struct analyser_block block = {.rate_hz = RATE_HZ, .frames = BLOCK, .lowest_gain = 1.0};
    int64_t frames = (int64_t)(seconds * RATE_HZ);

    for (int64_t at = 0; at < frames; at += BLOCK) {
        for (int i = 0; i < BLOCK; i++) {
            double x = sin(2.0 * M_PI * tone->hz * (double)(at + i) / RATE_HZ + tone->phase);

            audio[0][0][i] = (float)(tone->left * x);
            audio[0][1][i] = (float)(tone->right * x);
            audio[1][0][i] = 2.0F * audio[0][0][i];
            audio[1][1][i] = 2.0F * audio[0][1][i];
        }
        for (size_t s = 0; s < ANALYSER_SIDES; s++) {
            block.audio[s][0] = audio[s][0];
            block.audio[s][1] = audio[s][1];
        }
        analyser_work_add(work, &block);
    }
    analyser_work_read(work);
}

static double noise(uint64_t *state)
{
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return (double)(*state >> 33) / (double)(1U << 30) - 1.0;
}

/* --- meters -------------------------------------------------------------------------------- */

static void sine_of_minus_23_dbfs_has_minus_23_lufs(void **state)
{
    /* EBU Tech 3341, case 1. */
    const struct tone tone = {1000.0, 0.0, amplitude_of(-23.0), amplitude_of(-23.0)};
    struct analyser_work work = {0};
    const struct analyser_levels *before = &work.figures.side[ANALYSER_BEFORE];
    const struct analyser_levels *after = &work.figures.side[ANALYSER_AFTER];

    (void)state;
    analyser_work_want(&work, ANALYSER_LOUDNESS);
    play(&work, &tone, 20.0);
    assert_int_equal(work.figures.have, ANALYSER_LOUDNESS);
    assert_true(fabs(before->momentary_lufs + 23.0) <= 0.1);
    assert_true(fabs(before->short_term_lufs + 23.0) <= 0.1);
    assert_true(fabs(before->integrated_lufs + 23.0) <= 0.1);
    assert_true(fabs(after->momentary_lufs + 23.0 - db(2.0)) <= 0.1);
    assert_true(fabs(after->integrated_lufs + 23.0 - db(2.0)) <= 0.1);
    assert_true(fabs(work.figures.since_s[1] - 20.0) < 0.011);
    analyser_work_finish(&work);
}

static void two_levels_10_db_apart_have_a_range_of_10_lu(void **state)
{
    /* EBU Tech 3342, case 1. */
    struct tone tone = {1000.0, 0.0, amplitude_of(-20.0), amplitude_of(-20.0)};
    struct analyser_work work = {0};

    (void)state;
    analyser_work_want(&work, ANALYSER_LOUDNESS);
    play(&work, &tone, 20.0);
    tone.left = tone.right = amplitude_of(-30.0);
    play(&work, &tone, 20.0);
    assert_true(fabs(work.figures.side[0].range_lu - 10.0) <= 1.0);
    assert_true(fabs(work.figures.side[1].range_lu - 10.0) <= 1.0);
    assert_true(fabs(work.figures.side[0].momentary_lufs + 30.0) <= 0.1);
    analyser_work_begin(&work); /* another track */
    play(&work, &tone, 20.0);
    assert_true(fabs(work.figures.side[0].integrated_lufs + 30.0) <= 0.1);
    assert_true(work.figures.side[0].range_lu <= 0.2);
    analyser_work_finish(&work);
}

static void peaks_between_the_samples_are_seen_and_fall_after_3_s(void **state)
{
    /* EBU Tech 3341, cases 15 to 18: a quarter of the rate, half of full scale. */
    static const double phases[] = {0.0, M_PI / 4, M_PI / 3, M_PI / 8};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct tone tone = {RATE_HZ / 4.0, phases[i], 0.5, 0.5};
        struct analyser_work work = {0};
        const struct analyser_levels *side = &work.figures.side[ANALYSER_BEFORE];

        analyser_work_want(&work, ANALYSER_TRUE_PEAK);
        play(&work, &tone, 0.5);
        assert_true(side->true_peak_dbtp >= -6.4 && side->true_peak_dbtp <= -5.8);
        tone = (struct tone){1000.0, 0.0, 0.01, 0.01};
        play(&work, &tone, 2.0);
        assert_true(side->true_peak_dbtp >= -6.4);
        play(&work, &tone, 1.5);
        assert_true(fabs(side->true_peak_dbtp + 40.0) <= 0.2);
        assert_true(side->highest_true_peak_dbtp >= -6.4 && side->highest_true_peak_dbtp <= -5.8);
        analyser_work_finish(&work);
    }
}

static void peak_and_rms_of_a_sine_are_3_db_apart(void **state)
{
    const struct tone tone = {997.0, 0.3, 0.4, -0.1};
    const struct tone silence = {997.0, 0.0, 0.0, 0.0};
    struct analyser_work work = {0};
    const struct levels_figures *before = &work.figures.side[ANALYSER_BEFORE].levels;

    (void)state;
    analyser_work_want(&work, ANALYSER_LEVELS);
    play(&work, &tone, 0.1); /* right from the first 100 ms on */
    assert_true(fabs(before->rms_dbfs[0] - db(0.4 / sqrt(2.0))) < 0.1);
    play(&work, &tone, 2.0);
    assert_true(fabs(before->peak_dbfs[0] - db(0.4)) < 0.05);
    assert_true(fabs(before->peak_dbfs[1] - db(0.1)) < 0.05);
    assert_true(fabs(before->rms_dbfs[0] - db(0.4 / sqrt(2.0))) < 0.05);
    assert_true(fabs(before->rms_dbfs[1] - db(0.1 / sqrt(2.0))) < 0.05);
    assert_true(fabs(before->correlation + 1.0) < 1e-6);
    assert_true(fabs(before->width - 0.25 / 0.15) < 1e-3); /* |l - r| / |l + r| */
    play(&work, &silence, 1.7);
    assert_true(fabs(before->peak_dbfs[0] - db(0.4) + 20.0) < 0.1); /* 20 dB in 1.7 s */
    assert_true(before->rms_dbfs[0] < db(0.4) - 20.0);
    analyser_work_finish(&work);
}

static void correlation_and_width_are_those_of_the_slow_sums(void **state)
{
    static float audio[2][BLOCK];
    struct levels levels;
    struct levels_figures figures;
    double ll = 0, rr = 0, lr = 0, weight = 1;
    uint64_t seed = 3;
    const float *const channels[2] = {audio[0], audio[1]};

    (void)state;
    levels_init(&levels, RATE_HZ);
    for (int block = 0; block < 300; block++) {
        ll *= exp(-0.01 / 0.3);
        rr *= exp(-0.01 / 0.3);
        lr *= exp(-0.01 / 0.3);
        weight = 1;
        for (int i = 0; i < BLOCK; i++) {
            double both = noise(&seed);

            audio[0][i] = (float)(0.3 * both + 0.2 * noise(&seed));
            audio[1][i] = (float)(0.2 * both + 0.1 * noise(&seed));
            ll += (double)audio[0][i] * (double)audio[0][i];
            rr += (double)audio[1][i] * (double)audio[1][i];
            lr += (double)audio[0][i] * (double)audio[1][i];
        }
        levels_add(&levels, channels, BLOCK);
    }
    levels_read(&levels, &figures);
    assert_true(fabs(figures.correlation - lr / sqrt(ll * rr)) < 1e-9);
    assert_true(fabs(figures.width - sqrt((ll + rr - 2 * lr) / (ll + rr + 2 * lr))) < 1e-9);
    assert_true(weight > 0 && figures.clipped == 0);
    assert_true(figures.correlation > 0.5 && figures.correlation < 0.95);
}

static void samples_at_full_scale_are_counted_as_clipped(void **state)
{
    static float audio[2][BLOCK];
    const float *const channels[2] = {audio[0], audio[1]};
    struct levels levels;
    struct levels_figures figures;

    (void)state;
    levels_init(&levels, RATE_HZ);
    audio[0][5] = 32767.0F / 32768.0F;
    audio[0][6] = -1.0F;
    audio[1][7] = 1.5F;
    audio[1][8] = 32766.0F / 32768.0F;
    levels_add(&levels, channels, BLOCK);
    levels_read(&levels, &figures);
    assert_int_equal(figures.clipped, 3);
}

/* --- asking -------------------------------------------------------------------------------- */

struct fake {
    atomic_bool enabled;
    atomic_int given, turns;
    atomic_uint kinds;
    float audio[BLOCK];
};

static void fake_want(void *context, unsigned kinds)
{
    struct fake *fake = context;

    atomic_store(&fake->enabled, (kinds & ANALYSER_ALL) != 0);
    atomic_store(&fake->kinds, kinds);
    atomic_fetch_add(&fake->turns, 1);
}

/* Two blocks a turn. */
static bool fake_read(void *context, struct analyser_block *block)
{
    struct fake *fake = context;

    if (!atomic_load(&fake->enabled) || atomic_fetch_add(&fake->given, 1) % 3 == 2) {
        return false;
    }
    *block =
        (struct analyser_block){.rate_hz = RATE_HZ,
                                .frames = BLOCK,
                                .audio = {{fake->audio, fake->audio}, {fake->audio, fake->audio}},
                                .lowest_gain = 0.5};
    return true;
}

static struct analyser *create(struct fake *fake)
{
    const struct analyser_source source = {fake, fake_want, fake_read};
    struct analyser *analyser = analyser_create(&source);

    assert_non_null(analyser);
    for (int i = 0; i < BLOCK; i++) {
        fake->audio[i] = 0.25F;
    }
    return analyser;
}

static void ask_until(struct analyser *analyser, unsigned want, struct analyser_figures *figures)
{
    for (int i = 0; i < 5000; i++) {
        analyser_read(analyser, want, figures);
        if (figures->have == want) {
            return;
        }
        usleep(1000);
    }
    fail_msg("it measures %x of %x", figures->have, want);
}

static void measures_what_is_asked_for_and_that_alone(void **state)
{
    struct fake fake = {.given = 0};
    struct analyser *analyser = create(&fake);
    struct analyser_figures figures;

    (void)state;
    usleep(30000);
    assert_false(analyser_is_awake(analyser));
    assert_false(atomic_load(&fake.enabled));
    assert_int_equal(atomic_load(&fake.given), 0);
    ask_until(analyser, ANALYSER_LEVELS, &figures);
    assert_true(fabs(figures.side[0].levels.peak_dbfs[0] - db(0.25)) < 0.2);
    assert_true(figures.side[0].integrated_lufs == 0.0);
    assert_true(atomic_load(&fake.enabled));
    ask_until(analyser, ANALYSER_LIMITER | ANALYSER_SPECTRUM, &figures);
    assert_true(fabs(figures.reduction_db - db(2.0)) < 1e-9);
    assert_true(fabs(figures.highest_reduction_db - db(2.0)) < 1e-9);
    ask_until(analyser, ANALYSER_ALL, &figures);
    assert_int_equal(atomic_load(&fake.kinds), ANALYSER_ALL);
    analyser_read(analyser, ANALYSER_SOURCE, &figures); /* nothing to measure, but it is told */
    for (int i = 0; i < 5000 && (atomic_load(&fake.kinds) & ANALYSER_SOURCE) == 0; i++) {
        usleep(1000);
    }
    assert_int_equal(atomic_load(&fake.kinds), ANALYSER_ALL | ANALYSER_SOURCE);
    analyser_destroy(analyser);
    assert_false(atomic_load(&fake.enabled));
}

static void sleeps_when_nobody_has_asked_for_2_s(void **state)
{
    struct fake fake = {.given = 0};
    struct analyser *analyser = create(&fake);
    struct analyser_figures figures;
    int given;

    (void)state;
    ask_until(analyser, ANALYSER_LEVELS, &figures);
    for (int i = 0; i < 5000 && analyser_is_awake(analyser); i++) {
        usleep(1000);
    }
    assert_false(analyser_is_awake(analyser));
    assert_false(atomic_load(&fake.enabled));
    assert_int_equal(atomic_load(&fake.turns), 2);
    given = atomic_load(&fake.given);
    usleep(50000);
    assert_int_equal(atomic_load(&fake.given), given);
    analyser_read(analyser, ANALYSER_LEVELS, &figures);
    assert_int_equal(figures.have, 0); /* what was is not shown as if it were now */
    ask_until(analyser, ANALYSER_LEVELS, &figures);
    assert_true(atomic_load(&fake.enabled));
    analyser_destroy(analyser);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sine_of_minus_23_dbfs_has_minus_23_lufs),
        cmocka_unit_test(two_levels_10_db_apart_have_a_range_of_10_lu),
        cmocka_unit_test(peaks_between_the_samples_are_seen_and_fall_after_3_s),
        cmocka_unit_test(peak_and_rms_of_a_sine_are_3_db_apart),
        cmocka_unit_test(correlation_and_width_are_those_of_the_slow_sums),
        cmocka_unit_test(samples_at_full_scale_are_counted_as_clipped),
        cmocka_unit_test(measures_what_is_asked_for_and_that_alone),
        cmocka_unit_test(sleeps_when_nobody_has_asked_for_2_s),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
