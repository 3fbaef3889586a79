/* test_options.c - the table of settings, and the values that may stand in it. */
#include "config/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

static char message[512];

static int set(struct options *options, const char *name, const char *value)
{
    message[0] = '\0';
    return options_set(options, NULL, name, value, message, sizeof message);
}

static void every_default_passes_its_own_check(void **state)
{
    size_t count;
    const struct option *table = options_table(&count);

    (void)state;
    assert_true(count > 20);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(option_check(&table[i], table[i].standard, message, sizeof message), 0);
        assert_true(strlen(table[i].help) > 10);
    }
}

static void names_are_unique_and_sections_stand_together(void **state)
{
    size_t count;
    const struct option *table = options_table(&count);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        assert_ptr_equal(options_find(NULL, table[i].name), &table[i]);
        for (size_t j = i + 2; j < count; j++) {
            if (strcmp(table[i].section, table[j].section) == 0) {
                assert_string_equal(table[j - 1].section, table[j].section);
            }
        }
    }
}

static void gives_defaults_until_something_is_set(void **state)
{
    struct options *options = options_create();

    (void)state;
    assert_string_equal(options_text(options, "device"), "default");
    assert_int_equal(options_integer(options, "block_size"), 512);
    assert_false(options_is_set(options, "level"));
    assert_int_equal(set(options, "level", "62.5"), 0);
    assert_true(options_is_set(options, "level"));
    assert_true(options_number(options, "level") == 62.5);
    assert_int_equal(set(options, "dither", "OFF"), 0);
    assert_false(options_boolean(options, "dither"));
    assert_int_equal(set(options, "buffer_strategy", "Robust"), 0);
    assert_int_equal(options_choice(options, "buffer_strategy"), 2);
    options_destroy(options);
}

static void refuses_what_is_out_of_range_and_says_the_range(void **state)
{
    struct options *options = options_create();

    (void)state;
    assert_int_equal(set(options, "level", "101"), -ERANGE);
    assert_non_null(strstr(message, "from 0 to 100 %"));
    assert_int_equal(set(options, "level", "much"), -EINVAL);
    assert_int_equal(set(options, "level", "nan"), -EINVAL);
    assert_int_equal(set(options, "level", ""), -EINVAL);
    assert_int_equal(set(options, "level", "5 %"), -EINVAL);
    assert_int_equal(set(options, "num_buffers", "8.5"), -EINVAL);
    assert_int_equal(set(options, "block_size", "500"), -EINVAL);
    assert_non_null(strstr(message, "512"));
    assert_int_equal(set(options, "limiter", "perhaps"), -EINVAL);
    assert_true(options_number(options, "level") == 100);
    options_destroy(options);
}

static void names_the_nearest_setting(void **state)
{
    struct options *options = options_create();

    (void)state;
    assert_int_equal(set(options, "block_sise", "512"), -ENOENT);
    assert_non_null(strstr(message, "block_size in [output]"));
    assert_int_equal(options_set(options, "match", "device", "x", message, sizeof message),
                     -ENOENT);
    assert_non_null(strstr(message, "section [output]"));
    assert_int_equal(set(options, "zzzzzzzzz", "512"), -ENOENT);
    assert_null(strstr(message, "nearest"));
    options_destroy(options);
}

static void counts_swapped_letters_as_one_slip(void **state)
{
    static const char *const names[] = {"play", "match", "analyze"};

    (void)state;
    assert_string_equal(option_nearest_name("paly", names, 3), "play");
    assert_string_equal(option_nearest_name("analyse", names, 3), "analyze");
    assert_null(option_nearest_name("devices", names, 3));
}

static void keeps_key_bindings_in_order_and_the_last_of_each(void **state)
{
    struct options *options = options_create();
    const char *keys = NULL;

    (void)state;
    assert_int_equal(options_bind(options, "match_ab", "A"), 0);
    assert_int_equal(options_bind(options, "quit", "q"), 0);
    assert_int_equal(options_bind(options, "match_ab", "A a"), 0);
    assert_string_equal(options_binding(options, 0, &keys), "match_ab");
    assert_string_equal(keys, "A a");
    assert_string_equal(options_binding(options, 1, &keys), "quit");
    assert_null(options_binding(options, 2, &keys));
    options_destroy(options);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_default_passes_its_own_check),
        cmocka_unit_test(names_are_unique_and_sections_stand_together),
        cmocka_unit_test(gives_defaults_until_something_is_set),
        cmocka_unit_test(refuses_what_is_out_of_range_and_says_the_range),
        cmocka_unit_test(names_the_nearest_setting),
        cmocka_unit_test(counts_swapped_letters_as_one_slip),
        cmocka_unit_test(keeps_key_bindings_in_order_and_the_last_of_each),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
