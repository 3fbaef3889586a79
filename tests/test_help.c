/* test_help.c - help and manual page against the keys that work. */
#include "tests/screen_support.h"

#include "config/ini.h"
#include "tui/abx_panel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    ROWS = 400,       /* all of the help at once */
    KEY_COLUMNS = 12, /* in which keys stand, from the second column on */
    PLAIN = 256,      /* keys below it are tried one and all */
    KEYS = PLAIN + INPUT_F12 - INPUT_FIRST_NAMED + 1,
};

static const char answers[] = "tests/data/screen/answers.txt";
static const char blind_test[] = "While a blind test runs";
static const char commands[] = "Commands, after :";

/* --- what the help says -------------------------------------------------------------------- */

static int key_of(int index)
{
    return index < PLAIN ? index : INPUT_FIRST_NAMED + index - PLAIN;
}

static int index_of(int key)
{
    int index = key < PLAIN ? key : PLAIN + key - INPUT_FIRST_NAMED;

    assert_true(index > 0 && index < KEYS);
    return index;
}

/* The line that begins with a text, from `from` on. */
static const char *line_with(const char *from, const char *text)
{
    const char *line = from;

    while (line != NULL && strncmp(line + 1, text, strlen(text)) != 0) {
        line = strchr(line, '\n');
        line = line != NULL ? line + 1 : NULL;
    }
    assert_non_null(line);
    return line;
}

/* The keys of one line; a title's first word is none. */
static void read_line(const char *line, bool listed[KEYS])
{
    size_t length = strcspn(line, "\n");
    char text[KEY_COLUMNS + 1];
    bool first = true;

    snprintf(text, sizeof text, "%.*s", length > 0 ? (int)length - 1 : 0, line + 1);
    for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " ")) {
        int key = key_named(word);

        if (first && key < 0) {
            return;
        }
        if (key < 0) {
            fail_msg("%s is no key in: %.*s", word, (int)length, line);
        }
        listed[index_of(key)] = true;
        first = false;
    }
}

static void read_lines(const char *from, const char *to, bool listed[KEYS])
{
    memset(listed, 0, KEYS * sizeof *listed);
    for (const char *line = from; line < to; line = strchr(line, '\n') + 1) {
        read_line(line, listed);
    }
}

/* --- what the keys do ---------------------------------------------------------------------- */

static void press(struct stage *stage, int key)
{
    const struct input input = {.kind = INPUT_KEY, .key = key};

    screen_input(stage->screen, &input);
    stage_settle(stage);
}

static bool works(struct stage *stage, int key)
{
    bool result;

    press(stage, key);
    result = strstr(stage->screen->message, "does nothing; F1 shows the keys") == NULL;
    stage->screen->mode = SCREEN_NORMAL; /* what it asks is left unanswered */
    stage->screen->leave = false;
    stage->screen->message[0] = '\0';
    return result;
}

/* In a blind test that goes on. */
static bool works_blind(struct stage *stage, int key)
{
    bool result;

    stage->screen->abx.open = true;
    snprintf(stage->screen->abx.state, sizeof stage->screen->abx.state, "running");
    press(stage, key);
    result = strstr(stage->screen->message, "q gives up") == NULL;
    stage->screen->mode = SCREEN_NORMAL;
    stage->screen->message[0] = '\0';
    return result;
}

static void compare(struct stage *stage, const bool listed[KEYS],
                    bool (*does)(struct stage *stage, int key))
{
    for (int i = 1; i < KEYS; i++) {
        bool is = does(stage, key_of(i));
        char name[32];

        key_write(key_of(i), name, sizeof name);
        if (is != listed[i]) {
            fail_msg("%s %s, and the help %s", name, is ? "works" : "does nothing",
                     listed[i] ? "lists it" : "does not list it");
        }
    }
}

static void compare_all(int columns, const char *before)
{
    bool listed[KEYS], listed_blind[KEYS];
    const char *blind, *end;
    struct stage stage;
    char *text;

    stage_open(&stage, answers, ROWS, columns, true);
    stage_type(&stage, before);
    stage_type(&stage, "F1");
    text = stage_text(&stage);
    blind = line_with(text, blind_test);
    end = line_with(blind, commands);
    read_lines(strchr(text, '\n') + 1, blind, listed); /* the first is the title line */
    read_lines(blind, end, listed_blind);
    free(text);
    compare(&stage, listed, works);
    compare(&stage, listed_blind, works_blind);
    stage_close(&stage);
}

static void help_lists_exactly_the_keys_that_work(void **state)
{
    (void)state;
    compare_all(132, "");
    compare_all(80, "");
    compare_all(40, "");
}

static void help_lists_exactly_the_keys_that_work_when_others_are_bound(void **state)
{
    (void)state;
    compare_all(80, ": b i n d space p l a y space F 2 space x space y space é space i n s e r t "
                    "space b a c k - t a b enter "
                    ": b i n d space s e e k - o n space F 6 enter");
}

static void a_key_bound_while_help_shows_is_in_it_at_once(void **state)
{
    struct stage stage;
    char *text;

    (void)state;
    stage_open(&stage, answers, ROWS, 80, true);
    stage_type(&stage, "F1 : b i n d space s t o p space F 7 enter");
    text = stage_text(&stage);
    assert_non_null(strstr(text, " F7           stop "));
    free(text);
    stage_close(&stage);
}

static void help_is_searched_for_what_an_action_is_called(void **state)
{
    struct stage stage;
    char *text;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    stage_type(&stage, "F1 / h a l f - p a g e - u p enter");
    text = stage_text(&stage);
    assert_non_null(strstr(text, " ^U           half-page-up "));
    free(text);
    stage_close(&stage);
}

static void rows_scroll_under_the_selection(void **state)
{
    struct stage stage;
    char *text;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    stage_type(&stage, "F1 j j j ^E");
    text = stage_text(&stage);
    assert_null(strstr(text, ":bind ACTION"));
    assert_non_null(strstr(text, "from the track's beginning"));
    free(text);
    stage_type(&stage, "^E ^E ^E ^Y ^Y ^Y ^Y");
    text = stage_text(&stage);
    assert_non_null(strstr(text, ":bind ACTION"));
    free(text);
    stage_close(&stage);
}

/* --- the manual page ----------------------------------------------------------------------- */

/* with: '\0' for nothing. */
static void replace_all(char *text, const char *what, char with)
{
    char *at = text;

    while ((at = strstr(at, what)) != NULL) {
        const char *rest = at + strlen(what);

        if (with != '\0') {
            *at++ = with;
        }
        memmove(at, rest, strlen(rest) + 1);
    }
}

/* contrib/matchplay.1 without what only groff reads. */
static char *read_page(void)
{
    size_t length;
    char *page = config_read_file("contrib/matchplay.1", 1 << 20, &length);

    assert_non_null(page);
    replace_all(page, "\\fB", '\0');
    replace_all(page, "\\fR", '\0');
    replace_all(page, "\\-", '-');
    replace_all(page, "\\(ha", '^');
    return page;
}

static void page_has(const char *page, const char *tag, const char *help)
{
    char wanted[512];

    snprintf(wanted, sizeof wanted, ".IP \"%s\" 32\n%s\n", tag, help);
    if (strstr(page, wanted) == NULL) {
        fail_msg("contrib/matchplay.1 has not\n%s", wanted);
    }
}

static void the_manual_page_has_every_key_and_command(void **state)
{
    char *page = read_page();
    const char *name, *arguments, *help, *keys;
    char tag[128];

    (void)state;
    for (size_t i = 0; action_at(i) != NULL; i++) {
        snprintf(tag, sizeof tag, "%s  %s", action_at(i)->keys, action_at(i)->name);
        page_has(page, tag, action_at(i)->help);
    }
    for (size_t i = 0; (keys = abx_panel_keys_at(i, &help)) != NULL; i++) {
        page_has(page, keys, help);
    }
    for (size_t i = 0; (name = screen_command_at(i, &arguments, &help)) != NULL; i++) {
        snprintf(tag, sizeof tag, ":%s%s%s", name, arguments[0] != '\0' ? " " : "", arguments);
        page_has(page, tag, help);
    }
    free(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_lists_exactly_the_keys_that_work),
        cmocka_unit_test(help_lists_exactly_the_keys_that_work_when_others_are_bound),
        cmocka_unit_test(a_key_bound_while_help_shows_is_in_it_at_once),
        cmocka_unit_test(help_is_searched_for_what_an_action_is_called),
        cmocka_unit_test(rows_scroll_under_the_selection),
        cmocka_unit_test(the_manual_page_has_every_key_and_command),
    };

    return cmocka_run_group_tests(tests, stage_set_up, NULL);
}
