/* test_rack_words.c - a rack in words: what is read, what is written, and what is told. */
#include "chain/rack_words.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { SIZE = 256 };

static char told[1024];

static void tell(void *context, const char *message)
{
    size_t used = strlen(told);

    (void)context;
    snprintf(told + used, sizeof told - used, "%s\n", message);
}

static void assert_order(const struct rack *rack, const char *order)
{
    char names[SIZE] = "";

    for (size_t i = 0; i < rack->length; i++) {
        size_t used = strlen(names);

        snprintf(names + used, sizeof names - used, "%s%s%s", used > 0 ? " " : "",
                 rack->entries[i].bypassed ? "-" : "", rack->entries[i].kind->class->name);
    }
    assert_string_equal(names, order);
}

static void a_module_whose_parameter_is_set_stands_in_its_usual_place(void **state)
{
    struct rack rack;
    char message[SIZE];

    (void)state;
    rack_init_exact(&rack);
    assert_int_equal(rack_words_set(&rack, "spectral.range", "3", message, SIZE), 0);
    assert_int_equal(rack_words_set(&rack, "conditioner.dc_filter", "yes", message, SIZE), 0);
    assert_int_equal(rack_words_set(&rack, "dynamics.mode", "manual", message, SIZE), 0);
    assert_order(&rack, "conditioner match_eq dynamics spectral limiter");
    assert_true(rack.entries[0].values[1] == 1);
    assert_true(rack.entries[2].values[0] == 0);
    assert_true(rack.entries[3].values[0] == 3);
}

static void an_order_keeps_what_was_set(void **state)
{
    struct rack rack;
    char message[SIZE];

    (void)state;
    told[0] = '\0';
    rack_init_exact(&rack);
    assert_int_equal(rack_words_set(&rack, "limiter.ceiling", "-3", message, SIZE), 0);
    rack_words_bypass(&rack, "match_eq", tell, NULL);
    assert_order(&rack, "-match_eq limiter");
    rack_words_order(&rack, " limiter, match_eq\tdynamics ", tell, NULL);
    assert_order(&rack, "limiter match_eq dynamics");
    assert_true(rack.entries[0].values[LIMITER_CEILING] == -3);
    rack_words_bypass(&rack, "", tell, NULL);
    rack_words_order(&rack, "", tell, NULL);
    assert_int_equal(rack.length, 0);
    assert_string_equal(told, "");
}

static void what_is_wrong_is_told_and_left_out(void **state)
{
    static const char *const wrong[][3] = {
        {"limiter", "1", "limiter is not MODULE.PARAMETER"},
        {"reverb.size", "1", "there is no module reverb"},
        {"limitr.ceiling", "1", "there is no module limitr; the nearest is limiter"},
        {"limiter.cieling", "-1", "limiter has no parameter cieling; the nearest is ceiling"},
        {"match_eq.gain", "1", "match_eq has no parameter gain, nor any other"},
        {"limiter.ceiling", "-21", "limiter.ceiling: -21 is no number from -20 to 0 dBTP"},
        {"limiter.ceiling", "-1 dB", "limiter.ceiling: -1 dB is no number from -20 to 0 dBTP"},
        {"limiter.ceiling", "", "limiter.ceiling:  is no number from -20 to 0 dBTP"},
        {"limiter.ceiling", "inf", "limiter.ceiling: inf is no number from -20 to 0 dBTP"},
        {"limiter.true_peak", "2", "limiter.true_peak: 2 is none of off|on"},
        {"limiter.true_peak", "0.5", "limiter.true_peak: 0.5 is none of off|on"},
        {"dynamics.mode", "yes", "dynamics.mode: yes is none of manual|reference"},
    };
    struct rack rack;
    char message[SIZE];

    (void)state;
    rack_init_exact(&rack);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_true(rack_words_set(&rack, wrong[i][0], wrong[i][1], message, SIZE) < 0);
        assert_string_equal(message, wrong[i][2]);
        assert_true(rack_is_exact(&rack));
    }
    told[0] = '\0';
    rack_words_order(&rack, "match_eq reverb limiter match_eq", tell, NULL);
    assert_string_equal(told, "there is no module reverb\n"
                              "match_eq stands in the chain twice; the first holds\n");
    assert_true(rack_is_exact(&rack));
    told[0] = '\0';
    rack_words_bypass(&rack, "spectral", tell, NULL);
    assert_string_equal(told, "spectral does not stand in the chain, so it cannot be bypassed\n");
}

/* Of every parameter there is: its range's ends and its standard value. */
static void every_value_is_read_back_as_it_was_written(void **state)
{
    size_t count;
    const struct rack_kind *kinds = rack_kinds(&count);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        const struct module_class *class = kinds[i].class;

        assert_true(class->parameter_count <= RACK_PARAMETERS_MAX);
        for (size_t j = 0; j < class->parameter_count; j++) {
            const struct module_parameter *parameter = &class->parameters[j];
            const double values[] = {parameter->minimum, parameter->standard, parameter->maximum};

            assert_true(strlen(parameter->help) > 5);
            assert_non_null(parameter->unit);
            for (size_t k = 0; k < 3; k++) {
                char text[SIZE], message[SIZE];
                double value = NAN;

                rack_words_write(parameter, values[k], text, SIZE);
                assert_int_equal(
                    rack_words_value(&kinds[i], parameter, text, &value, message, SIZE), 0);
                assert_true(value == values[k]);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_module_whose_parameter_is_set_stands_in_its_usual_place),
        cmocka_unit_test(an_order_keeps_what_was_set),
        cmocka_unit_test(what_is_wrong_is_told_and_left_out),
        cmocka_unit_test(every_value_is_read_back_as_it_was_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
