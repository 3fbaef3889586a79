/* test_spectral.c - the spectral processor: what it moves, and how far. */
#include "chain/spectral.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "chain/rack.h"
#include "spectral_support.h"

static double part_db(const double *power, size_t part)
{
    return power_db(power, balance_edge_hz(part), balance_edge_hz(part + 1));
}

static void leaves_a_balance_alone_that_is_the_references(void **state)
{
    struct spectral_design design = design_neutral();
    struct stereo in = pink_noise(60000, 3), out;

    (void)state;
    out = spectral_run_stream(SPECTRAL_RATE, 512, &design, spectral_standard, &in);
    assert_true(worst_difference_db(&out, &in, 0, in.frames) < -200);
    stereo_destroy(&in);
    stereo_destroy(&out);
}

static void is_left_out_with_range_or_amount_0(void **state)
{
    const struct module_format format = {SPECTRAL_RATE, 512, kernels_select(SIMD_AUTO)};
    struct spectral_design design = design_zigzag(3);
    struct rack_plan plan = {.spectral = &design}, unknown = {.limiter = NULL};
    struct rack rack;
    struct chain *chain;

    (void)state;
    rack_init(&rack);
    assert_int_equal(rack_add(&rack, "spectral", 0), 0);
    chain = rack_build(&rack, &format, &plan);
    assert_int_equal(chain_length(chain), 1);
    chain_destroy(chain);
    chain = rack_build(&rack, &format, &unknown);
    assert_int_equal(chain_length(chain), 0);
    chain_destroy(chain);
    assert_int_equal(rack_set_parameter(&rack, 0, "range", 0), 0);
    chain = rack_build(&rack, &format, &plan);
    assert_int_equal(chain_length(chain), 0);
    chain_destroy(chain);
    assert_int_equal(rack_set_parameter(&rack, 0, "range", 6), 0);
    assert_int_equal(rack_set_parameter(&rack, 0, "amount", 0), 0);
    chain = rack_build(&rack, &format, &plan);
    assert_int_equal(chain_length(chain), 0);
    chain_destroy(chain);
}

/* By how much each part came out higher than it went in. */
static void moved_by(spectral_maker *make, const struct spectral_design *design,
                     const double *values, double *db)
{
    struct stereo in = pink_noise(5 * SPECTRAL_RATE, 3),
                  out = spectral_run_with(make, design, values, &in);
    double *before = calloc(SPECTRUM_FRAMES, sizeof(double)),
           *after = calloc(SPECTRUM_FRAMES, sizeof(double));

    spectrum_of(in.channel[0] + 2 * SPECTRAL_RATE, before);
    spectrum_of(out.channel[0] + 2 * SPECTRAL_RATE, after);
    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        db[i] = part_db(after, i) - part_db(before, i);
    }
    db[BALANCE_PARTS] =
        power_db(after, 0, 0.5 * SPECTRAL_RATE) - power_db(before, 0, 0.5 * SPECTRAL_RATE);
    free(before);
    free(after);
    stereo_destroy(&in);
    stereo_destroy(&out);
}

static void moved(const struct spectral_design *design, const double *values, double *db)
{
    moved_by(spectral_create, design, values, db);
}

static void moves_a_part_as_far_as_the_reference_asks_and_keeps_the_level(void **state)
{
    struct spectral_design design = design_neutral();
    double db[BALANCE_PARTS + 1];

    (void)state;
    balance_shift(&design.reference[12], 3);
    balance_shift(&design.reference[15], -4);
    moved(&design, spectral_standard, db);
    assert_true(db[12] > 2.2 && db[12] < 3.2);
    assert_true(db[15] < -3.0 && db[15] > -4.2);
    assert_true(fabs(db[9]) < 0.6);
    assert_true(fabs(db[BALANCE_PARTS]) < 0.1);
}

static void goes_half_the_way_with_half_the_amount(void **state)
{
    const double half[SPECTRAL_PARAMETERS] = {6, 100, 50};
    struct spectral_design design = design_neutral();
    double db[BALANCE_PARTS + 1];

    (void)state;
    balance_shift(&design.reference[12], 5);
    moved(&design, half, db);
    assert_true(db[12] > 1.8 && db[12] < 2.7);
}

static void goes_no_further_than_its_range(void **state)
{
    static spectral_maker *const makers[] = {spectral_create, spectral_create_short};
    const double narrow[SPECTRAL_PARAMETERS] = {2, 20, 100};
    struct spectral_design design = design_zigzag(10);

    (void)state;
    for (size_t m = 0; m < sizeof makers / sizeof makers[0]; m++) {
        double db[BALANCE_PARTS + 1], most = 0;

        moved_by(makers[m], &design, narrow, db);
        for (size_t i = 0; i < BALANCE_PARTS; i++) {
            most = fmax(most, fabs(db[i]));
        }
        assert_true(most > 1.5 && most <= 2.01);
    }
}

/* A live source's: half the frames, which do not tell the parts below 355 Hz apart. */
static void the_short_one_moves_what_lies_above_its_frames_alike(void **state)
{
    struct spectral_design design = design_neutral();
    double db[BALANCE_PARTS + 1];

    (void)state;
    balance_shift(&design.reference[1], 4);
    balance_shift(&design.reference[12], 3);
    balance_shift(&design.reference[15], -4);
    moved_by(spectral_create_short, &design, spectral_standard, db);
    assert_true(db[12] > 2.2 && db[12] < 3.2);
    assert_true(db[15] < -3.0 && db[15] > -4.2);
    assert_true(fabs(db[1]) < 0.6 && fabs(db[9]) < 0.6);
    assert_true(fabs(db[BALANCE_PARTS]) < 0.1);
}

static void does_not_do_again_what_the_match_eq_did(void **state)
{
    struct spectral_design design = design_neutral();
    double db[BALANCE_PARTS + 1];

    (void)state;
    /* The target had 5 dB less there, which the EQ in front has lifted. */
    balance_shift(&design.target[12], -5);
    design.eq_db[12] = 5;
    moved(&design, spectral_standard, db);
    assert_true(fabs(db[12]) < 0.5);
}

static void maps_percentile_to_percentile(void **state)
{
    struct spectral_design design = design_neutral();
    double static_db[BALANCE_PARTS], db[BALANCE_PARTS + 1];

    (void)state;
    spectral_static_gains(&design, NULL, static_db);
    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        assert_true(fabs(static_db[i]) < 1e-9);
    }
    /* In the noise, this part stands where the target is loudest: there the reference has less. */
    balance_shift(&design.target[12], -4);
    design.reference[12].high_db -= 3;
    moved(&design, spectral_standard, db);
    assert_true(db[12] < 1.6 && db[12] > 0.4); /* it would be 4 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_a_balance_alone_that_is_the_references),
        cmocka_unit_test(is_left_out_with_range_or_amount_0),
        cmocka_unit_test(moves_a_part_as_far_as_the_reference_asks_and_keeps_the_level),
        cmocka_unit_test(goes_half_the_way_with_half_the_amount),
        cmocka_unit_test(goes_no_further_than_its_range),
        cmocka_unit_test(the_short_one_moves_what_lies_above_its_frames_alike),
        cmocka_unit_test(does_not_do_again_what_the_match_eq_did),
        cmocka_unit_test(maps_percentile_to_percentile),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
