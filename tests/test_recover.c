/* test_recover.c - what errors of a sink mean. */
#include "output/recover.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void each_error_has_its_cure(void **state)
{
    (void)state;
    assert_int_equal(recover_step_for(0), RECOVER_NOTHING);
    assert_int_equal(recover_step_for(-EAGAIN), RECOVER_NOTHING);
    assert_int_equal(recover_step_for(-EPIPE), RECOVER_PREPARE);
    assert_int_equal(recover_step_for(-ESTRPIPE), RECOVER_RESUME);
    assert_int_equal(recover_step_for(-ENODEV), RECOVER_REOPEN);
    assert_int_equal(recover_step_for(-EIO), RECOVER_REOPEN);
    assert_int_equal(recover_step_for(-EBADFD), RECOVER_REOPEN);
    assert_int_equal(recover_step_for(-ENOSPC), RECOVER_GIVE_UP);
}

static void a_lost_device_is_waited_for_but_not_a_forbidden_one(void **state)
{
    (void)state;
    assert_int_equal(recover_step_for_open(-ENODEV), RECOVER_REOPEN);
    assert_int_equal(recover_step_for_open(-ENOENT), RECOVER_REOPEN);
    assert_int_equal(recover_step_for_open(-EBUSY), RECOVER_REOPEN);
    assert_int_equal(recover_step_for_open(-EACCES), RECOVER_GIVE_UP);
    assert_int_equal(recover_step_for_open(-EINVAL), RECOVER_GIVE_UP);
}

static void tries_come_at_once_then_ever_later_up_to_five_seconds(void **state)
{
    (void)state;
    assert_int_equal(recover_delay_ms(0), 0);
    assert_int_equal(recover_delay_ms(1), 100);
    assert_int_equal(recover_delay_ms(2), 200);
    assert_int_equal(recover_delay_ms(6), 3200);
    assert_int_equal(recover_delay_ms(7), 5000);
    assert_int_equal(recover_delay_ms(UINT32_MAX), 5000);
}

static void errors_have_a_word_for_the_screen(void **state)
{
    (void)state;
    assert_string_equal(recover_text(-EPIPE), "xrun");
    assert_string_equal(recover_text(-ENODEV), "unplugged");
    assert_string_equal(recover_text(-EBUSY), "in use");
    assert_string_equal(recover_text(-12345), "failed");
    assert_string_equal(recover_text(0), "works");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_error_has_its_cure),
        cmocka_unit_test(a_lost_device_is_waited_for_but_not_a_forbidden_one),
        cmocka_unit_test(tries_come_at_once_then_ever_later_up_to_five_seconds),
        cmocka_unit_test(errors_have_a_word_for_the_screen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
