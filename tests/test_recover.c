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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_error_has_its_cure),
        cmocka_unit_test(a_lost_device_is_waited_for_but_not_a_forbidden_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
