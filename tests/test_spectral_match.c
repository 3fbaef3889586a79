/* test_spectral_match.c - the spectral processor on the demo pairs: does the short-term balance of
 * what comes out lie nearer to the reference's? */
#include "match/plan.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "match_support.h"

enum { BLOCK = 512, RATE = 44100 };

/* Short-term levels of a sound, as a profile has them. */
static void measure(const struct stereo *sound, struct short_term *result)
{
    size_t before = profile_fft_size(RATE);
    struct short_term_table *table = short_term_table_create(RATE, (int64_t)sound->frames);
    struct short_term_listener *listener = short_term_listener_create(table);
    float *channel[2];

    assert_non_null(listener);
    for (size_t c = 0; c < 2; c++) {
        channel[c] = calloc(before + sound->frames, sizeof(float));
        assert_non_null(channel[c]);
        for (size_t n = 0; n < sound->frames; n++) {
            channel[c][before + n] = (float)sound->channel[c][n];
        }
    }
    short_term_listen(listener, 0, (const float *const[]){channel[0] + before, channel[1] + before},
                      sound->frames);
    assert_int_equal(short_term_read(table, result), 0);
    short_term_listener_destroy(listener);
    short_term_table_destroy(table);
    free(channel[0]);
    free(channel[1]);
}

static double part_distance_db(const struct balance *one, const struct balance *other)
{
    return (fabs(one->low_db - other->low_db) + fabs(one->middle_db - other->middle_db) +
            fabs(one->high_db - other->high_db)) /
           3;
}

/* The mean over parts and percentiles. */
static double distance_db(const struct short_term *one, const struct short_term *other)
{
    double sum = 0;

    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        sum += part_distance_db(&one->part[i], &other->part[i]);
    }
    return sum / BALANCE_PARTS;
}

enum { MUSIC = 4, AMBIENT = 2 };

static const char *const music[MUSIC] = {"tests/data/mix.flac", "tests/data/master.flac",
                                         "tests/data/ambient.flac", "tests/data/mono.flac"};

static struct plan *characterised_plan(const char *target_path, const char *reference_path,
                                       struct profile **reference)
{
    struct profile *target = profile_of(target_path, PROFILE_CHARACTER);
    struct plan *plan;

    *reference = profile_of(reference_path, PROFILE_CHARACTER);
    plan = plan_for(target, *reference, &amounts_exact);
    assert_true(plan->characterised);
    profile_destroy(target);
    return plan;
}

static struct stereo run_rack(const struct plan *plan, bool with_spectral, const struct stereo *in)
{
    const struct module_format format = {RATE, BLOCK, kernels_select(SIMD_AUTO)};
    struct plan_designs designs;
    struct rack rack;
    struct chain *chain;
    struct stereo out;

    plan_design(plan, FFT_FLOAT64, true, &designs);
    rack_init(&rack);
    assert_int_equal(rack_add(&rack, "match_eq", 0), 0);
    if (with_spectral) {
        assert_int_equal(rack_add(&rack, "spectral", 1), 0);
    }
    chain = rack_build(&rack, &format, &designs.rack);
    assert_non_null(chain);
    out = stream_chain(chain, in, 0);
    chain_destroy(chain);
    return out;
}

static double short_term_distance_db(const struct plan *plan, bool with_spectral,
                                     const struct stereo *in, const struct profile *reference)
{
    struct stereo out = run_rack(plan, with_spectral, in);
    struct short_term result;

    measure(&out, &result);
    stereo_destroy(&out);
    return distance_db(&result, &reference->short_term);
}

/* Parts that would have to move by more than the range to have the reference's median. */
static size_t beyond_range(const struct plan *plan)
{
    double range_db = spectral_class.parameters[SPECTRAL_RANGE_DB].standard;
    double db[BALANCE_PARTS];
    size_t count = 0;

    spectral_static_gains(&plan->spectral, NULL, db);
    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        count += fabs(db[i]) > range_db;
    }
    return count;
}

static void check_pair(size_t target, size_t of)
{
    struct profile *reference;
    struct plan *plan = characterised_plan(music[target], music[of], &reference);
    struct stereo in = sound_read(music[target]);
    double before = short_term_distance_db(plan, false, &in, reference);
    double after = short_term_distance_db(plan, true, &in, reference);
    size_t beyond = beyond_range(plan);

    print_message("%s to %s: %.2f dB from it, %.2f dB with it; %zu of %d parts beyond its range\n",
                  music[target], music[of], before, after, beyond, BALANCE_PARTS);
    assert_true(after < before);
    assert_true(after <= before / 2 || beyond >= BALANCE_PARTS / 4);
    /* Only the ambient one is that far from the others. */
    assert_true((beyond > 0) == (target == AMBIENT || of == AMBIENT));
    stereo_destroy(&in);
    plan_destroy(plan);
    profile_destroy(reference);
}

static void closes_half_of_the_distance_to_the_reference_or_reaches_its_range(void **state)
{
    (void)state;
    for (size_t i = 0; i < MUSIC * MUSIC; i++) {
        if (i / MUSIC != i % MUSIC) {
            check_pair(i / MUSIC, i % MUSIC);
        }
    }
}

static void knows_nothing_of_profiles_without_short_term_levels(void **state)
{
    struct profile *target = profile_of(goldens[0].target, PROFILE_MATCH);
    struct profile *reference = profile_of(goldens[0].reference, PROFILE_CHARACTER);
    struct plan *plan = plan_for(target, reference, &amounts_exact);
    struct plan_designs designs;

    (void)state;
    assert_false(plan->characterised);
    plan_design(plan, FFT_FLOAT64, true, &designs);
    assert_null(designs.rack.spectral);
    plan_destroy(plan);
    profile_destroy(target);
    profile_destroy(reference);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closes_half_of_the_distance_to_the_reference_or_reaches_its_range),
        cmocka_unit_test(knows_nothing_of_profiles_without_short_term_levels),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
