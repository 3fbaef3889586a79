/* test_shaping.c - what dynamics and spectral processor do about a plan, in numbers and words. */
#include "match/shaping.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

/* Three bands that were tried out, the second at its range; nothing in the fourth. */
static void fill_dynamics(struct plan *plan)
{
    static const double after_db[] = {6.7, 7.6, 8.24};

    plan->characterised = true;
    plan->gain = 1.0;
    for (size_t i = 0; i < 3; i++) {
        plan->dynamics.band[i] = (struct dynamics_goal_band){.known = true,
                                                             .fitted = true,
                                                             .at_range = i == 1,
                                                             .spread_db = 9.0,
                                                             .before_db = 8.0,
                                                             .after_db = after_db[i],
                                                             .reference_db = 6.5,
                                                             .ratio = 1.0};
    }
}

/* The lower half of the parts is to be 8 dB below the other, and all vary less. */
static void fill_spectral(struct plan *plan)
{
    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        double middle = i < BALANCE_PARTS / 2 ? -24.0 : -16.0;

        plan->spectral.target[i] = (struct balance){-23.0, -20.0, -17.0};
        plan->spectral.reference[i] = (struct balance){middle - 2.0, middle, middle + 2.0};
    }
}

static void set(struct rack *rack, const char *module, const char *parameter, double value)
{
    assert_int_equal(rack_set_parameter(rack, (size_t)rack_find(rack, module), parameter, value),
                     0);
}

static void bands_are_told_by_how_much_and_which_stop_at_their_range(void **state)
{
    struct plan plan = {.rate_hz = 44100};
    struct shaping shaping;
    struct rack rack;
    char text[128], cut[12];

    (void)state;
    fill_dynamics(&plan);
    rack_init_exact(&rack);
    assert_int_equal(rack_add(&rack, "dynamics", 1), 0);
    shaping_find(&plan, &rack, &shaping);
    assert_true(shaping.dynamics && !shaping.spectral);
    assert_true(shaping.band[0].known && fabs(shaping.band[0].change_db + 1.3) < 1e-9);
    assert_true(shaping.band[0].spread_db == 8.0 && shaping.band[0].reference_db == 6.5);
    assert_true(shaping.band[1].at_range && !shaping.band[2].at_range && !shaping.band[3].known);
    shaping_describe(&shaping, text, sizeof text);
    assert_string_equal(text, "dynamics -1.3 -0.4 +0.2 - dB, 1 at range");
    shaping_describe(&shaping, cut, sizeof cut);
    assert_string_equal(cut, "dynamics -1");
}

static void parts_are_told_by_how_much_and_how_many_stop_at_their_range(void **state)
{
    struct plan plan = {.rate_hz = 44100, .characterised = true, .gain = 1.0};
    struct shaping shaping;
    struct rack rack;
    char text[128];

    (void)state;
    fill_spectral(&plan);
    rack_init_exact(&rack);
    assert_int_equal(rack_add(&rack, "spectral", 1), 0);
    set(&rack, "spectral", "range", 1);
    set(&rack, "spectral", "amount", 100);
    shaping_find(&plan, &rack, &shaping);
    assert_true(shaping.spectral && !shaping.dynamics);
    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        assert_true(shaping.part[i].known && shaping.part[i].at_range);
        assert_true(i < BALANCE_PARTS / 2 ? fabs(shaping.part[i].change_db + 1.0) < 1e-9
                                          : shaping.part[i].change_db > 0.5);
        assert_true(shaping.part[i].spread_db == 6.0 && shaping.part[i].reference_db == 4.0);
    }
    shaping_describe(&shaping, text, sizeof text);
    assert_string_equal(text, "spectral up to 1.0 dB, 20 at range");
    set(&rack, "spectral", "range", 12);
    fill_dynamics(&plan);
    assert_int_equal(rack_add(&rack, "dynamics", 1), 0);
    shaping_find(&plan, &rack, &shaping);
    shaping_describe(&shaping, text, sizeof text);
    assert_non_null(strstr(text, "dynamics -1.3 -0.4 +0.2 - dB, 1 at range; spectral up to "));
    assert_null(strstr(strstr(text, "spectral"), "range"));
}

static void what_does_not_follow_the_reference_is_not_told(void **state)
{
    struct plan plan = {.rate_hz = 44100};
    struct shaping shaping;
    struct rack rack;
    char text[64] = "before";

    (void)state;
    fill_dynamics(&plan);
    fill_spectral(&plan);
    rack_init_exact(&rack);
    shaping_find(&plan, &rack, &shaping);
    shaping_describe(&shaping, text, sizeof text);
    assert_string_equal(text, "");
    assert_int_equal(rack_add(&rack, "dynamics", 1), 0);
    set(&rack, "dynamics", "mode", 0); /* manual */
    assert_int_equal(rack_add(&rack, "spectral", 2), 0);
    set(&rack, "spectral", "range", 0);
    shaping_find(&plan, &rack, &shaping);
    assert_false(shaping.dynamics || shaping.spectral);
    shaping_find(&plan, NULL, &shaping);
    assert_false(shaping.dynamics || shaping.spectral);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bands_are_told_by_how_much_and_which_stop_at_their_range),
        cmocka_unit_test(parts_are_told_by_how_much_and_how_many_stop_at_their_range),
        cmocka_unit_test(what_does_not_follow_the_reference_is_not_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
