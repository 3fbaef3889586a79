/* test_dynamics_reference.c - real pairs: the spread of levels comes closer to the reference's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "match/dynamics_fit.h"
#include "tests/match_support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RATE = 44100, BEFORE = 4096, BLOCK = 1024, FILES = 4, PAIRS = FILES * (FILES - 1) };

static const char *const files[FILES] = {"tests/data/mix.flac", "tests/data/master.flac",
                                         "tests/data/ambient.flac", "tests/data/mono.flac"};

/* The range as it comes, and at its most; a difference that nobody measures twice alike. */
static const double RANGE_DB = 6.0, WIDE_DB = 24.0, NEAR_DB = 0.3;

/* The short-term levels of sound in memory. */
static struct short_term measure(const struct stereo *sound)
{
    struct short_term_table *table = short_term_table_create(RATE, (int64_t)sound->frames);
    struct short_term_listener *listener = short_term_listener_create(table);
    float *memory = calloc(2 * (BEFORE + sound->frames), sizeof(float));
    const float *channel[2];
    struct short_term result;

    assert_non_null(memory);
    for (size_t c = 0; c < 2; c++) {
        float *to = memory + c * (BEFORE + sound->frames) + BEFORE;

        for (size_t n = 0; n < sound->frames; n++)
            to[n] = (float)sound->channel[c][n];
        channel[c] = to;
    }
    short_term_listen(listener, 0, channel, sound->frames);
    assert_int_equal(short_term_read(table, &result), 0);
    short_term_listener_destroy(listener);
    short_term_table_destroy(table);
    free(memory);
    return result;
}

static double spread(const struct short_term *levels, size_t band)
{
    return levels->band[band].loud_db - levels->band[band].median_db;
}

struct pair {
    const char *from, *to; /* paths */
    struct profile *target, *reference;
    struct plan *plan;
    double range_db; /* of all bands */
    struct stereo sound;
    struct plan_designs designs;
    struct short_term before, after; /* behind the match EQ alone, and behind the dynamics */
};

static struct rack make_rack(bool with_dynamics, double range_db)
{
    static const char *const ranges[] = {"band1_range", "band2_range", "band3_range",
                                         "band4_range"};
    struct rack rack;

    rack_init(&rack);
    assert_int_equal(rack_add(&rack, "match_eq", 0), 0);
    if (!with_dynamics)
        return rack;
    assert_int_equal(rack_add(&rack, "dynamics", 1), 0);
    for (size_t band = 0; band < DYNAMICS_BANDS; band++)
        assert_int_equal(rack_set_parameter(&rack, 1, ranges[band], range_db), 0);
    return rack;
}

static struct short_term play(struct pair *pair, bool with_dynamics)
{
    const struct module_format format = {RATE, BLOCK, kernels_select(SIMD_AUTO)};
    struct rack rack = make_rack(with_dynamics, pair->range_db);
    struct short_term result;
    struct stereo played;
    struct chain *chain;

    plan_design(pair->plan, FFT_FLOAT64, false, &pair->designs);
    chain = rack_build(&rack, &format, &pair->designs.rack);
    assert_non_null(chain);
    assert_int_equal(chain_length(chain), with_dynamics ? 2 : 1);
    played = stream_chain(chain, &pair->sound, 1);
    result = measure(&played);
    stereo_destroy(&played);
    chain_destroy(chain);
    return result;
}

static void pair_begin(struct pair *pair, const char *target, const char *reference,
                       double range_db)
{
    struct programme *programme = NULL;
    struct rack rack = make_rack(true, range_db);
    struct media_error error;

    *pair = (struct pair){.from = target,
                          .to = reference,
                          .target = profile_of(target, PROFILE_CHARACTER),
                          .reference = profile_of(reference, PROFILE_CHARACTER),
                          .range_db = range_db,
                          .sound = sound_read(target)};
    pair->plan = plan_for(pair->target, pair->reference, &amounts_exact);
    assert_int_equal(programme_open(&programme, &target, 1, 0, &error), 0);
    assert_true(dynamics_fit_is_wanted(pair->plan, &rack));
    assert_int_equal(dynamics_fit(pair->plan, &rack, programme, NULL, NULL, &error), 0);
    assert_false(dynamics_fit_is_wanted(pair->plan, &rack));
    programme_close(programme);
    pair->before = play(pair, false);
    pair->after = play(pair, true);
}

static void pair_end(struct pair *pair)
{
    stereo_destroy(&pair->sound);
    plan_destroy(pair->plan);
    profile_destroy(pair->target);
    profile_destroy(pair->reference);
}

/* From the reference's spread, in front of the dynamics and behind. */
static double distance(const struct pair *pair, const struct short_term *levels, size_t band)
{
    return fabs(spread(levels, band) - spread(&pair->reference->short_term, band));
}

static bool is_closed(const struct pair *pair, size_t band)
{
    return distance(pair, &pair->after, band) <=
           fmax(0.5 * distance(pair, &pair->before, band), NEAR_DB);
}

/* What could not be closed says so, and it is for the range: the widest lets it come there, or is
   used up in turn. */
static void check_range(const struct pair *pair, const struct pair *wide, size_t band)
{
    if (!pair->plan->dynamics.band[band].at_range) {
        fail_msg("%s to %s, band %zu: %.2f dB from the reference became %.2f dB, unsaid",
                 pair->from, pair->to, band + 1, distance(pair, &pair->before, band),
                 distance(pair, &pair->after, band));
    }
    if (!is_closed(wide, band) && wide->plan->dynamics.band[band].most_db < WIDE_DB - 0.2) {
        fail_msg("%s to %s, band %zu: %.2f dB became %.2f dB, and it is not for the range",
                 pair->from, pair->to, band + 1, distance(wide, &wide->before, band),
                 distance(wide, &wide->after, band));
    }
}

static void half_of_the_distance_to_the_reference_is_closed_or_the_range_is_reached(void **state)
{
    const struct pair *pairs = *state;

    for (size_t i = 0; i < PAIRS; i++) {
        const struct pair *pair = &pairs[i];
        struct pair wide;
        bool open[DYNAMICS_BANDS], any = false;

        for (size_t band = 0; band < DYNAMICS_BANDS; band++) {
            open[band] = !is_closed(pair, band);
            any = any || open[band];
        }
        if (!any)
            continue;
        pair_begin(&wide, pair->from, pair->to, WIDE_DB);
        for (size_t band = 0; band < DYNAMICS_BANDS; band++) {
            if (open[band])
                check_range(pair, &wide, band);
        }
        pair_end(&wide);
    }
}

static void check_words(const struct pair *pair, size_t band)
{
    struct rack rack = make_rack(true, RANGE_DB);
    struct dynamics_aim aim;
    double change = spread(&pair->after, band) - spread(&pair->before, band);
    double power = pair->after.band[band].mean_db - pair->before.band[band].mean_db;

    dynamics_aim_band(rack.entries[1].values, &pair->designs.dynamics, band, &aim);
    if (fabs(aim.change_db - change) > 0.4)
        fail_msg("%s to %s, band %zu: said %+.2f dB, did %+.2f dB", pair->from, pair->to, band + 1,
                 aim.change_db, change);
    if (fabs(power) > 0.3)
        fail_msg("%s to %s, band %zu: its power changed by %+.2f dB", pair->from, pair->to,
                 band + 1, power);
}

static void it_says_by_how_much_and_the_bands_keep_their_power(void **state)
{
    const struct pair *pairs = *state;

    for (size_t i = 0; i < PAIRS; i++) {
        for (size_t band = 0; band < DYNAMICS_BANDS; band++)
            check_words(&pairs[i], band);
    }
}

static void without_short_term_levels_there_are_no_dynamics(void **state)
{
    struct profile *target = profile_of("tests/data/mono.flac", PROFILE_MATCH);
    struct profile *reference = profile_of("tests/data/ambient.flac", PROFILE_CHARACTER);
    struct plan *plan = plan_for(target, reference, &amounts_exact);
    const struct module_format format = {RATE, BLOCK, kernels_select(SIMD_AUTO)};
    struct rack rack = make_rack(true, RANGE_DB);
    struct plan_designs designs;
    struct chain *chain;

    (void)state;
    assert_false(dynamics_fit_is_wanted(plan, &rack));
    plan_design(plan, FFT_FLOAT64, false, &designs);
    chain = rack_build(&rack, &format, &designs.rack);
    assert_int_equal(chain_length(chain), 1);
    chain_destroy(chain);
    plan_destroy(plan);
    profile_destroy(target);
    profile_destroy(reference);
}

/* All pairs, played. */
static int begin(void **state)
{
    struct pair *pairs = calloc(PAIRS, sizeof(*pairs));
    size_t count = 0;

    assert_non_null(pairs);
    for (size_t i = 0; i < FILES * FILES; i++) {
        if (i / FILES != i % FILES)
            pair_begin(&pairs[count++], files[i / FILES], files[i % FILES], RANGE_DB);
    }
    *state = pairs;
    return 0;
}

static int end(void **state)
{
    struct pair *pairs = *state;

    for (size_t i = 0; i < PAIRS; i++)
        pair_end(&pairs[i]);
    free(pairs);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(half_of_the_distance_to_the_reference_is_closed_or_the_range_is_reached),
        cmocka_unit_test(it_says_by_how_much_and_the_bands_keep_their_power),
        cmocka_unit_test(without_short_term_levels_there_are_no_dynamics),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
