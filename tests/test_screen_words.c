/*
 * test_screen_words.c - what the screen says at its foot, and what it makes of words typed there:
 * path and reference, a player that is gone, filters, paths of :add.
 */
#include "tests/screen_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char seventies[] = "(date =~ \\\"^197\\\")"; /* as it comes over the socket */

/* A folder of the test's own: home, settings, answers. */
struct room {
    char folder[64], answers[128], root[4096];
};

static char *file_of(const char *path)
{
    FILE *file = fopen(path, "re");
    char *text = calloc(1, 1 << 20);

    assert_non_null(file);
    assert_non_null(text);
    text[fread(text, 1, (1 << 20) - 1, file)] = '\0';
    fclose(file);
    return text;
}

static void write_file(const char *path, const char *text, const char *more)
{
    FILE *file = fopen(path, "we");

    assert_non_null(file);
    fprintf(file, "%s%s", text, more);
    fclose(file);
}

static int set_up(void **state)
{
    struct room *room = calloc(1, sizeof *room);
    char path[256], more[256];
    char *text = file_of("tests/data/screen/answers.txt");

    assert_non_null(room);
    assert_non_null(getcwd(room->root, sizeof room->root));
    snprintf(room->folder, sizeof room->folder, "/tmp/matchplay-words-XXXXXX");
    assert_non_null(mkdtemp(room->folder));
    snprintf(room->answers, sizeof room->answers, "%s/answers", room->folder);
    snprintf(more, sizeof more, "> count \"%s\"\nsongs: 3\nplaytime: 600\nOK\n", seventies);
    write_file(room->answers, text, more);
    free(text);
    snprintf(path, sizeof path, "%s/matchplay", room->folder);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/My Music", room->folder);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/My Music/one two.flac", room->folder);
    write_file(path, "", "");
    snprintf(path, sizeof path, "%s/matchplay/filters", room->folder);
    write_file(path, "wrong = (nonsense)\n", "");
    setenv("XDG_CONFIG_HOME", room->folder, 1);
    setenv("HOME", room->folder, 1);
    unsetenv("SSH_CONNECTION");
    *state = room;
    return 0;
}

static int tear_down(void **state)
{
    struct room *room = *state;
    static const char *const names[] = {"My Music/one two.flac", "My Music", "matchplay/filters",
                                        "matchplay", "answers"};

    assert_int_equal(chdir(room->root), 0);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[256];

        snprintf(path, sizeof path, "%s/%s", room->folder, names[i]);
        remove(path);
    }
    rmdir(room->folder);
    free(room);
    return 0;
}

static void shows(struct stage *stage, const char *wanted)
{
    char *text;

    screen_draw(stage->screen, stage->canvas);
    text = stage_text(stage);
    if (strstr(text, wanted) == NULL) {
        fail_msg("no \"%s\" in\n%s", wanted, text);
    }
    free(text);
}

/* The way of the sound and a reference with a long name, as the player tells them. */
static void tell_path(struct stage *stage, const char *ab, const char *path)
{
    char names[5][24] = {"ab", "path", "reference", "weight", "reference_from"};
    char values[5][96] = {"", "", "a/01 - Someone - A Song With An Ordinary Name.flac", "1",
                          "settings"};
    struct client_pair pairs[5];
    const struct answer answer = {.pairs = pairs, .count = 5, .ok = true};

    snprintf(values[0], sizeof values[0], "%s", ab);
    snprintf(values[1], sizeof values[1], "%s", path);
    for (size_t i = 0; i < 5; i++) {
        pairs[i] = (struct client_pair){names[i], values[i]};
    }
    player_state_take_match(&stage->screen->state, &answer);
}

static void the_path_shows_whole_beside_a_long_name(void **state)
{
    const struct room *room = *state;
    struct stage stage;

    stage_open(&stage, room->answers, 24, 80, true);
    tell_path(&stage, "matched", "FLAC 44.1/16 > match > S32 44.1 hw:1,0");
    shows(&stage, "  FLAC 44.1/16 > match > S32 44.1 hw:1,0 ");
    shows(&stage, "  like 01 - ");
    stage_close(&stage);
}

static void bit_perfect_is_never_cut_off(void **state)
{
    static const int columns[] = {40, 80, 132};
    const struct room *room = *state;

    for (size_t i = 0; i < 3; i++) {
        struct stage stage;

        stage_open(&stage, room->answers, 24, columns[i], true);
        tell_path(&stage, "original", "FLAC 192/24 > S32 192 front:CARD=PCH,DEV=0, bit-perfect");
        shows(&stage, "  bit-perfect: FLAC");
        tell_path(&stage, "original", "FLAC 44.1/16 > S32 48 hw:1,0");
        shows(&stage, "  FLAC 44.1/16 ");
        stage_close(&stage);
    }
}

static void R_shows_all_its_keys_in_40_columns(void **state)
{
    const struct room *room = *state;
    struct stage stage;

    stage_open(&stage, room->answers, 10, 40, true);
    stage_type(&stage, "2 R");
    shows(&stage, "\ne everything, t track, a album, p playl");
    stage_close(&stage);
}

static void what_is_asked_of_a_player_that_is_gone_is_told_so(void **state)
{
    static const char *const keys[] = {"e", "enter", "c", "x", "u", "A"};
    const struct room *room = *state;
    struct stage stage;

    stage_open(&stage, room->answers, 24, 80, true);
    stage_type(&stage, "2 j");
    stage_lose_player(&stage);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        stage.screen->message[0] = '\0';
        stage_type(&stage, keys[i]);
        shows(&stage, "the player is not there");
    }
    stage.screen->now_ms = 0;
    screen_tick(stage.screen, 60000); /* long after the message has gone */
    assert_string_equal(stage.screen->message, "");
    shows(&stage, " the player is gone; trying again");
    shows(&stage, "Bachelorette"); /* the rows stay */
    stage_close(&stage);
}

static void a_filter_is_saved_only_when_the_player_takes_it(void **state)
{
    const struct room *room = *state;
    struct stage stage;
    char path[256];
    char *text;

    stage_open(&stage, room->answers, 24, 80, true);
    stage_type(&stage, ": f i l t e r space n o space ( d a t e enter");
    shows(&stage, "unknown command"); /* the answer in the file to what is not in it */
    stage_type(&stage, ": f i l t e r space y e s space ( d a t e space = ~ space \" ^ 1 9 7 \" ) "
                       "enter");
    shows(&stage, "the filter yes is saved");
    snprintf(path, sizeof path, "%s/matchplay/filters", room->folder);
    text = file_of(path);
    assert_null(strstr(text, "no = "));
    assert_non_null(strstr(text, "yes = (date =~ \"^197\")\n"));
    free(text);
    stage_close(&stage);
}

static void a_filter_that_is_refused_is_told_in_view_2(void **state)
{
    const struct room *room = *state;
    struct stage stage;

    stage_open(&stage, room->answers, 24, 80, true);
    stage_type(&stage, "6 enter 2");
    shows(&stage, "wrong: 0 tracks");
    shows(&stage, "unknown command");
    stage_close(&stage);
}

static void a_filter_that_is_deleted_holds_no_longer(void **state)
{
    const struct room *room = *state;
    struct stage stage;

    stage_open(&stage, room->answers, 24, 80, true);
    stage_type(&stage, "6 enter");
    assert_string_equal(screen_filter(stage.screen), "(nonsense)");
    stage_type(&stage, "D y 2");
    assert_string_equal(screen_filter(stage.screen), "(file != \"\")");
    shows(&stage, "Library: ");
    stage_close(&stage);
}

static void paths_of_add_are_sent_from_the_root(void **state)
{
    const struct room *room = *state;
    struct stage stage;
    char wanted[256];

    stage_open(&stage, room->answers, 24, 80, true);
    assert_int_equal(chdir(room->folder), 0);
    stage_type(&stage, ": a d d space ~ / o n e space t w o space h t t p : / / h / s enter");
    snprintf(wanted, sizeof wanted, "match \"add\" \"%s/one\"\nmatch \"add\" \"%s/two\"\n",
             room->folder, room->folder);
    assert_true(stage_was_asked(&stage, wanted));
    assert_true(stage_was_asked(&stage, "match \"add\" \"http://h/s\"\n"));
    stage_close(&stage);
}

static void names_with_blanks_are_completed_in_quotes(void **state)
{
    const struct room *room = *state;
    struct stage stage;
    char wanted[256];

    stage_open(&stage, room->answers, 24, 80, true);
    assert_int_equal(chdir(room->folder), 0);
    stage_type(&stage, ": a d d space M tab");
    assert_string_equal(stage.screen->command.text, "add \"My Music/");
    stage_type(&stage, "o tab");
    assert_string_equal(stage.screen->command.text, "add \"My Music/one two.flac\"");
    stage_type(&stage, "enter");
    snprintf(wanted, sizeof wanted, "match \"add\" \"%s/My Music/one two.flac\"\n", room->folder);
    assert_true(stage_was_asked(&stage, wanted));
    stage_close(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_path_shows_whole_beside_a_long_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bit_perfect_is_never_cut_off, set_up, tear_down),
        cmocka_unit_test_setup_teardown(R_shows_all_its_keys_in_40_columns, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_asked_of_a_player_that_is_gone_is_told_so, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_filter_is_saved_only_when_the_player_takes_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_filter_that_is_refused_is_told_in_view_2, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_filter_that_is_deleted_holds_no_longer, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(paths_of_add_are_sent_from_the_root, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_with_blanks_are_completed_in_quotes, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
