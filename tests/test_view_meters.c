/* test_view_meters.c - view 9: nothing that is measured is out of reach, however small the screen.
 */
#include "tests/screen_support.h"

#include "tui/meter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { CLASSES_MAX = 40, STEPS_MAX = 80 };

static char all_answers[] = "/tmp/matchplay-meters-XXXXXX";

/* The recorded answers, and a chain that tells what it does to bands. */
static int make_answers(void **state)
{
    FILE *from = fopen("tests/data/screen/answers.txt", "re");
    int file = mkstemp(all_answers);
    FILE *to = file >= 0 ? fdopen(file, "w") : NULL;
    char line[8192];

    (void)state;
    if (from == NULL || to == NULL) {
        return -1;
    }
    while (fgets(line, sizeof line, from) != NULL) {
        fputs(line, to);
        if (strncmp(line, "limiter_reduction_highest:", 26) == 0) {
            fputs("dynamics: -1.2 0.0 0.0 -0.4\nspectral: 0.1 0.2 -0.3 0.0\n", to);
        }
    }
    fclose(from);
    return fclose(to);
}

static int drop_answers(void **state)
{
    (void)state;
    return unlink(all_answers);
}

/* Marks those whose caption shows. */
static void see(struct stage *stage, bool seen[CLASSES_MAX])
{
    for (size_t i = 0; meter_class_at(i) != NULL && i < CLASSES_MAX; i++) {
        char caption[64]; /* not a word inside of another line */

        snprintf(caption, sizeof caption, " %-11.11s", meter_class_at(i)->caption);
        seen[i] = seen[i] || stage_shows(stage, caption);
    }
}

static void assert_all_seen(const bool seen[CLASSES_MAX], const char *how)
{
    for (size_t i = 0; meter_class_at(i) != NULL; i++) {
        if (!seen[i]) {
            fail_msg("%s: %s never showed", how, meter_class_at(i)->name);
        }
    }
}

static void every_meter_can_be_scrolled_to(void **state)
{
    static const int sizes[][2] = {{24, 80}, {10, 40}, {10, 80}, {43, 132}};

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        bool seen[CLASSES_MAX] = {false};
        struct stage stage;
        char size[32];

        snprintf(size, sizeof size, "%dx%d", sizes[i][1], sizes[i][0]);
        stage_open(&stage, all_answers, sizes[i][0], sizes[i][1], true);
        stage_type(&stage, "9");
        for (int step = 0; step < STEPS_MAX; step++) {
            see(&stage, seen);
            stage_type(&stage, "j");
        }
        assert_all_seen(seen, size);
        stage_assert_shows(&stage, " total"); /* the last line of the last one */
        stage_close(&stage);
    }
}

static void one_page_has_them_all(void **state)
{
    bool seen[CLASSES_MAX] = {false};
    struct stage stage;

    (void)state;
    stage_open(&stage, all_answers, 24, 80, true);
    stage_type(&stage, "9 tab tab");
    see(&stage, seen);
    assert_all_seen(seen, "in one page");
    assert_false(stage_shows(&stage, " more "));
    stage_type(&stage, "tab");
    stage_assert_shows(&stage, "original        heard");
    stage_close(&stage);
}

static void what_does_not_fit_is_told_and_keys_and_wheel_move(void **state)
{
    struct input wheel = {.kind = INPUT_WHEEL, .row = 5, .column = 50, .lines = 3};
    struct stage stage;

    (void)state;
    stage_open(&stage, all_answers, 24, 80, true);
    stage_type(&stage, "9");
    stage_assert_shows(&stage, " more below");
    stage_assert_shows(&stage, "CPU load");
    stage_type(&stage, "G");
    stage_assert_shows(&stage, " more above");
    stage_assert_shows(&stage, " total");
    stage_assert_shows(&stage, "integrated"); /* the table stays where it has a place of its own */
    stage_type(&stage, "g");
    screen_input(stage.screen, &wheel);
    stage_settle(&stage);
    stage_assert_shows(&stage, " below, 3 above");
    assert_false(stage_shows(&stage, "CPU load"));
    stage_type(&stage, "^D ^U k k k");
    stage_assert_shows(&stage, "CPU load");
    stage_close(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_meter_can_be_scrolled_to),
        cmocka_unit_test(one_page_has_them_all),
        cmocka_unit_test(what_does_not_fit_is_told_and_keys_and_wheel_move),
    };

    return cmocka_run_group_tests(tests, make_answers, drop_answers);
}
