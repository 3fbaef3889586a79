/*
 * test_screen.c - golden pictures of every view, and what keys ask of the player.
 *
 * The player's answers were recorded from a real one (tests/tools/record_answers.py).
 * GOLDEN_UPDATE=1 writes the pictures anew: look at each of them before they are kept.
 */
#include "tests/screen_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char answers[] = "tests/data/screen/answers.txt";

/* --- pictures ------------------------------------------------------------------------------ */

struct picture {
    const char *name, *keys;
};

static const struct picture pictures[] = {
    {"library", "1 j space j j space"},
    {"sorted", "2 j j"},
    {"lists", "3 j"},
    {"queue", "4 j"},
    {"files", "5 j enter enter"},
    {"filters", "6 j"},
    {"settings", "7 j j"},
    {"match", "8 j"},
    {"meters", "9"},
    {"meters-all", "9 tab tab"},
    {"help", "F1"},
};

static void draw_all(int rows, int columns, bool unicode)
{
    for (size_t i = 0; i < sizeof pictures / sizeof pictures[0]; i++) {
        struct stage stage;
        char name[128];

        stage_open(&stage, answers, rows, columns, unicode);
        stage_type(&stage, pictures[i].keys);
        snprintf(name, sizeof name, "%s-%dx%d-%s", pictures[i].name, columns, rows,
                 unicode ? "utf8" : "ascii");
        stage_is_golden(&stage, name);
        stage_close(&stage);
    }
}

static void every_view_at_80x24(void **state)
{
    (void)state;
    draw_all(24, 80, true);
    draw_all(24, 80, false);
}

static void every_view_at_132x43(void **state)
{
    (void)state;
    draw_all(43, 132, true);
    draw_all(43, 132, false);
}

static void every_view_at_40x10(void **state)
{
    (void)state;
    draw_all(10, 40, true);
}

/* --- keys ---------------------------------------------------------------------------------- */

static void playing_is_told_what_keys_say(void **state)
{
    static const struct {
        const char *keys, *asked;
    } cases[] = {
        {"c", "pause \"1\""},
        {"v", "stop"},
        {"b", "next"},
        {"z", "previous"},
        {"l", "seekcur \"+5\""},
        {",", "seekcur \"-60\""},
        {"-", "setvol \"95\""},
        {"s", "random \"1\""},
        {"r", "repeat \"0\""},
        {"A", "match \"ab\" \"toggle\""},
        {"w", "match \"loudness\" \"toggle\""},
        {"u", "update"},
        {"2 U", "update \"Björk/Homogenic/01 Hunter.flac\""},
        {"4 B", "playlistinfo \"2:11\""},
        {": s e t space l e v e l = 5 0 enter", "match \"set\" \"level\" \"50\""},
        {": p i n g enter", "ping"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage stage;

        stage_open(&stage, answers, 24, 80, true);
        stage_type(&stage, cases[i].keys);
        if (!stage_was_asked(&stage, cases[i].asked)) {
            fail_msg("%s does not send %s but %s", cases[i].keys, cases[i].asked, stage.asked);
        }
        stage_close(&stage);
    }
}

static void enter_keeps_the_queue_and_plays_the_rows_shown(void **state)
{
    struct stage stage;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    stage_type(&stage, "2 j j enter");
    assert_true(stage_was_asked(&stage, "match \"replace\" \"find\" \"(file != \\\"\\\")\" "
                                        "\"AlbumArtist\" \"2\"\n"));
    stage_type(&stage, "3 enter");
    assert_true(stage_was_asked(&stage, "match \"replace\" \"playlist\" \"blues\" \"0\"\n"));
    stage_type(&stage, "5 j enter enter j enter");
    assert_true(
        stage_was_asked(&stage, "match \"replace\" \"folder\" \"Kraftwerk/Computerwelt\" \"1\"\n"));
    stage_type(&stage, ": u n d o enter");
    assert_true(stage_was_asked(&stage, "match \"undo\"\n"));
    stage_close(&stage);
}

static void a_question_is_answered_by_one_key_or_left(void **state)
{
    struct stage stage;
    char *text;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    stage_type(&stage, "2 R");
    text = stage_text(&stage);
    assert_non_null(strstr(text, "p playlist blues"));
    free(text);
    stage_type(&stage, "x");
    assert_false(stage_was_asked(&stage, "match \"reference\""));
    stage_type(&stage, "R p");
    assert_true(stage_was_asked(
        &stage, "match \"reference\" \"playlist\" \"blues\" \"Björk/Homogenic/01 Hunter.flac\""));
    stage_type(&stage, "X e");
    assert_true(stage_was_asked(&stage, "match \"clear\" \"all\""));
    stage_type(&stage, "Q n");
    assert_false(stage_was_asked(&stage, "kill"));
    stage_close(&stage);
}

/* Two references of the playlist hold. */
static void tell_two_references(struct stage *stage)
{
    char names[5][24] = {"reference", "weight", "reference", "weight", "reference_from"};
    char values[5][24] = {"a/one.flac", "1", "b/two: 2.flac", "0.5", "playlist"};
    struct client_pair pairs[5];
    const struct answer answer = {.pairs = pairs, .count = 5, .ok = true};

    for (size_t i = 0; i < 5; i++) {
        pairs[i] = (struct client_pair){names[i], values[i]};
    }
    player_state_take_match(&stage->screen->state, &answer);
}

static void references_are_weighed_added_and_taken_away(void **state)
{
    const char *line, *weight;
    struct stage stage;
    char *text;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    stage_type(&stage, "8");
    tell_two_references(&stage);
    stage_type(&stage, "j j j j j j j j"); /* to the second one */
    text = stage_text(&stage);
    assert_non_null(strstr(text, "Like one.flac and two: 2.flac"));
    line = strstr(text, "like     two: 2.flac ");
    assert_non_null(line);
    weight = strstr(line, " 0.5");
    assert_true(weight != NULL && weight < strchr(line, '\n'));
    free(text);
    stage_type(&stage, ">");
    assert_true(stage_was_asked(&stage, "match \"reference\" \"playlist\" \"\" \"a/one.flac:1\" "
                                        "\"b/two: 2.flac:0.75\"\n"));
    stage_type(&stage, "D");
    assert_true(
        stage_was_asked(&stage, "match \"reference\" \"playlist\" \"\" \"a/one.flac:1\"\n"));
    stage_type(&stage, "2 W"); /* from another view */
    assert_true(stage_was_asked(&stage,
                                "match \"reference\" \"playlist\" \"\" \"a/one.flac:1\" "
                                "\"b/two: 2.flac:0.75\" \"Björk/Homogenic/01 Hunter.flac:1\"\n"));
    stage_close(&stage);
}

static void slots_are_set_and_named_in_the_status_line(void **state)
{
    char names[3][8] = {"ab", "slot_a", "slot_b"};
    char values[3][32] = {"original", "preset gentle", "matched"};
    struct client_pair pairs[3];
    const struct answer answer = {.pairs = pairs, .count = 3, .ok = true};
    struct stage stage;
    char *text;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    stage_type(&stage, ": s l o t space a space p r e s e t space g e n t l e enter");
    assert_true(stage_was_asked(&stage, "match \"slot\" \"a\" \"preset\" \"gentle\"\n"));
    stage_type(&stage, "8 j j j j j j enter ^U r e f e r e n c e space m y space o n e enter");
    assert_true(stage_was_asked(&stage, "match \"slot\" \"b\" \"reference\" \"my one\"\n"));
    for (size_t i = 0; i < 3; i++) {
        pairs[i] = (struct client_pair){names[i], values[i]};
    }
    player_state_take_match(&stage.screen->state, &answer);
    screen_draw(stage.screen, stage.canvas);
    text = stage_text(&stage);
    assert_non_null(strstr(text, " A gentle "));
    assert_non_null(strstr(text, " A        preset gentle"));
    free(text);
    stage_close(&stage);
}

static void status_line_of(struct stage *stage, const struct client_pair *pairs, size_t count,
                           const char *wanted)
{
    struct client_pair copy[8];
    const struct answer answer = {.pairs = copy, .count = count, .ok = true};
    char *text;

    memcpy(copy, pairs, count * sizeof copy[0]);
    player_state_take_match(&stage->screen->state, &answer);
    screen_draw(stage->screen, stage->canvas);
    text = stage_text(stage);
    assert_non_null(strstr(text, wanted));
    free(text);
}

static void a_that_is_not_ready_is_not_named_as_if_it_were(void **state)
{
    static char names[3][8] = {"ab", "slot_a", "plan_a"};
    static char values[3][32] = {"original", "preset night", ""};
    static const char *const plans[] = {"waiting", "failed", "none", "ready"};
    static const char *const words[] = {" A preparing ", " A as it is ", " A as it is ",
                                        " A night "};
    struct client_pair pairs[3];
    struct stage stage;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    for (size_t i = 0; i < 3; i++) {
        pairs[i] = (struct client_pair){names[i], values[i]};
    }
    for (size_t i = 0; i < 4; i++) {
        strcpy(values[2], plans[i]);
        status_line_of(&stage, pairs, 3, words[i]);
    }
    stage_close(&stage);
}

static void the_reference_is_shown_with_its_gain(void **state)
{
    static char names[6][32] = {"ab",    "hearing",          "loudness", "gain_reference",
                                "gains", "reference_quieter"};
    static char values[6][16] = {"matched", "reference", "equal", "-3.24", "estimated", "2.51"};
    struct client_pair pairs[6];
    struct stage stage;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    for (size_t i = 0; i < 6; i++) {
        pairs[i] = (struct client_pair){names[i], values[i]};
    }
    status_line_of(&stage, pairs, 5, " C reference =-3.2 dB~ ");
    strcpy(values[4], "measured");
    status_line_of(&stage, pairs, 5, " C reference =-3.2 dB ");
    strcpy(values[3], "0.00");
    status_line_of(&stage, pairs, 6, " C reference =, 2.5 dB too quiet ");
    strcpy(values[2], "true");
    status_line_of(&stage, pairs, 3, " C reference ");
    stage_close(&stage);
}

static void what_holds_is_saved_as_a_preset(void **state)
{
    struct stage stage;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    stage_type(&stage, "8 S w a r m enter");
    assert_true(stage_was_asked(&stage, "match \"preset\" \"save\" \"warm\"\n"));
    stage_type(&stage, ": p r e s e t space s a v e space c o l d enter");
    assert_true(stage_was_asked(&stage, "match \"preset\" \"save\" \"cold\"\n"));
    stage_type(&stage, ": p r e s e t space d e l e t e space c o l d enter");
    assert_true(stage_was_asked(&stage, "match \"preset\" \"delete\" \"cold\"\n"));
    stage_type(&stage, ": p r e s e t space n i g h t enter");
    assert_true(stage_was_asked(&stage, "match \"preset\" \"night\"\n"));
    stage_close(&stage);
}

static void keys_that_do_nothing_say_so(void **state)
{
    struct stage stage;
    char *text;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    stage_type(&stage, "m");
    text = stage_text(&stage);
    assert_non_null(strstr(text, "has no meaning here"));
    free(text);
    stage_type(&stage, "é");
    text = stage_text(&stage);
    assert_non_null(strstr(text, "é does nothing"));
    free(text);
    stage_close(&stage);
}

static void a_player_that_is_gone_is_told_and_the_view_stays(void **state)
{
    struct stage stage;
    char *text;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    stage_type(&stage, "2 j j");
    stage_lose_player(&stage);
    screen_draw(stage.screen, stage.canvas);
    text = stage_text(&stage);
    assert_non_null(strstr(text, "the player is gone"));
    assert_non_null(strstr(text, "Bachelorette"));
    free(text);
    stage_close(&stage);
}

static void rows_on_their_way_show_as_an_ellipsis(void **state)
{
    struct stage stage;
    char *text;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    stage.screen->state.queue_length = 1000; /* more than the answers hold */
    stage_type(&stage, "4");
    stage.screen->state.queue_length = 1000;
    stage_type(&stage, "G");
    text = stage_text(&stage);
    assert_non_null(strstr(text, "…"));
    free(text);
    stage_close(&stage);
}

/* That it has begun is an event only for who has looked. */
static void a_blind_test_that_waits_is_asked_after(void **state)
{
    static const char question[] = "match \"abx\" \"status\"\n";
    struct stage stage;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    stage.screen->abx.open = true;
    snprintf(stage.screen->abx.state, sizeof stage.screen->abx.state, "waiting");
    assert_false(stage_was_asked(&stage, question));
    assert_in_range(screen_tick(stage.screen, 10000), 1, 1000);
    stage_settle(&stage);
    assert_true(stage_was_asked(&stage, question));
    assert_string_equal(stage.screen->abx.state, "none");
    stage_close(&stage);
}

/* The answers with one line in place of another, in a file of their own. */
static void write_answers(const char *path, const char *line, const char *instead)
{
    FILE *from = fopen(answers, "re"), *to = fopen(path, "we");
    char text[8192];

    assert_non_null(from);
    assert_non_null(to);
    while (fgets(text, sizeof text, from) != NULL) {
        fputs(strcmp(text, line) == 0 ? instead : text, to);
    }
    fclose(from);
    fclose(to);
}

static void the_status_line_says_what_a_slow_computer_leaves_out(void **state)
{
    char path[] = "/tmp/matchplay-screen-XXXXXX";
    struct stage stage;
    char *text;

    (void)state;
    close(mkstemp(path));
    write_answers(path, "quality: full\n", "quality: no-spectral\n");
    stage_open(&stage, path, 24, 80, true);
    stage_type(&stage, "4");
    text = stage_text(&stage);
    assert_non_null(strstr(text, " B matched, no-spectral "));
    free(text);
    stage_close(&stage);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_view_at_80x24),
        cmocka_unit_test(every_view_at_132x43),
        cmocka_unit_test(every_view_at_40x10),
        cmocka_unit_test(playing_is_told_what_keys_say),
        cmocka_unit_test(enter_keeps_the_queue_and_plays_the_rows_shown),
        cmocka_unit_test(a_question_is_answered_by_one_key_or_left),
        cmocka_unit_test(references_are_weighed_added_and_taken_away),
        cmocka_unit_test(slots_are_set_and_named_in_the_status_line),
        cmocka_unit_test(a_that_is_not_ready_is_not_named_as_if_it_were),
        cmocka_unit_test(the_reference_is_shown_with_its_gain),
        cmocka_unit_test(what_holds_is_saved_as_a_preset),
        cmocka_unit_test(the_status_line_says_what_a_slow_computer_leaves_out),
        cmocka_unit_test(keys_that_do_nothing_say_so),
        cmocka_unit_test(a_blind_test_that_waits_is_asked_after),
        cmocka_unit_test(a_player_that_is_gone_is_told_and_the_view_stays),
        cmocka_unit_test(rows_on_their_way_show_as_an_ellipsis),
    };

    return cmocka_run_group_tests(tests, stage_set_up, NULL);
}
