/* test_abx_panel.c - the blind test on the screen, while it waits to begin. */
#include "tests/screen_support.h"

#include "tui/abx_panel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static size_t times_asked(struct stage *stage)
{
    static const char question[] = "match \"abx\" \"status\"\n";
    size_t count = 0;

    fflush(stage->asked_file);
    for (const char *at = stage->asked; (at = strstr(at, question)) != NULL; at++) {
        count++;
    }
    return count;
}

/* The test stands at `state` when this time comes; returns how often it was asked for then. */
static size_t asked_at(struct stage *stage, uint64_t now_ms, const char *state)
{
    size_t before = times_asked(stage);
    int wait;

    stage->screen->abx.open = true;
    snprintf(stage->screen->abx.state, sizeof stage->screen->abx.state, "%s", state);
    wait = screen_tick(stage->screen, now_ms);
    assert_true(strcmp(state, "waiting") != 0 || (wait >= 0 && wait <= 500));
    stage_settle(stage);
    return times_asked(stage) - before;
}

static void a_test_that_waits_is_asked_for_until_it_begins(void **state)
{
    struct stage stage;

    (void)state;
    stage_open(&stage, "tests/data/screen/answers.txt", 24, 80, true);
    assert_int_equal(asked_at(&stage, 1000, "waiting"), 1);
    assert_int_equal(asked_at(&stage, 1200, "waiting"), 0);
    assert_int_equal(asked_at(&stage, 1600, "waiting"), 1);
    assert_int_equal(asked_at(&stage, 9000, "running"), 0);
    stage_close(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_test_that_waits_is_asked_for_until_it_begins),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
