/* test_plan_describe.c - a plan in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "match/plan.h"
#include "tests/match_support.h"

#include <math.h>
#include <string.h>

static void words_tell_level_brightness_and_width(void **state)
{
    struct profile *target = profile_made(44100, 0.1, -1.0, 0.3);
    struct profile *reference = profile_made(44100, 0.2, -0.5, 0.45);
    struct plan *plan = plan_for(target, reference, &amounts_exact);
    char text[256], cut[8];

    (void)state;
    plan_describe(plan, text, sizeof(text));
    assert_non_null(strstr(text, "+6.0 dB"));
    assert_non_null(strstr(text, "brighter above"));
    assert_non_null(strstr(text, "leaner below"));
    assert_non_null(strstr(text, "wider"));
    plan_describe(plan, cut, sizeof(cut));
    assert_string_equal(cut, "+6.0 dB");
    plan_destroy(plan);
    profile_destroy(target);
    profile_destroy(reference);
}

static void no_change_is_said_in_words_and_no_gain_without_a_sign(void **state)
{
    struct plan plan = {.identity = true};
    static const struct {
        double gain;
        const char *text;
    } cases[] = {{0.9999, "0.0 dB"},
                 {1.0, "0.0 dB"},
                 {1.0001, "0.0 dB"},
                 {0.99, "-0.1 dB"},
                 {1.01, "+0.1 dB"}};
    char text[64];

    (void)state;
    plan_describe(&plan, text, sizeof(text));
    assert_string_equal(text, "as it is");
    plan.identity = false;
    plan.final_amplitude = 1.0;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        plan.coefficients[0] = cases[i].gain;
        plan_describe(&plan, text, sizeof(text));
        assert_string_equal(text, cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_tell_level_brightness_and_width),
        cmocka_unit_test(no_change_is_said_in_words_and_no_gain_without_a_sign),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
