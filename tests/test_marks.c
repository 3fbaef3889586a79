/* test_marks.c - what space marks, and what e E y D p P then do with it. */
#include "tests/screen_support.h"
#include "tui/marks.h"
#include "tui/views.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char answers[] = "tests/data/screen/answers.txt";

static int set_up(void **state)
{
    (void)state;
    unsetenv("SSH_CONNECTION");
    return setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
}

#define SENDS(stage, text)                                                                         \
    do {                                                                                           \
        if (!stage_was_asked(stage, text)) {                                                       \
            fail_msg("not sent: %s\nbut\n%s", text, (stage)->asked);                               \
        }                                                                                          \
    } while (0)

/* --- moving ---------------------------------------------------------------------------------- */

enum { ROWS = 6 };

static void nothing(void *context)
{
    (void)context;
}

static void move_row(char *rows, size_t from, size_t to)
{
    char row = rows[from];

    memmove(rows + from, rows + from + 1, ROWS - 1 - from);
    memmove(rows + to + 1, rows + to, ROWS - 1 - to);
    rows[to] = row;
}

/* What a person expects: the others as they stand, and those marked at one place, in their order.
 */
static void expect(char *out, unsigned marked, size_t at, bool after)
{
    for (size_t i = 0; i < ROWS; i++) {
        bool taken = (marked >> i & 1) != 0 && i != at;

        if (i == at && after) {
            *out++ = (char)('a' + i);
        }
        for (size_t j = 0; i == at && j < ROWS; j++) {
            if (j != at && (marked >> j & 1) != 0) {
                *out++ = (char)('a' + j);
            }
        }
        if (!taken && !(i == at && after)) {
            *out++ = (char)('a' + i);
        }
    }
    *out = '\0';
}

static void toggle_all(struct marks *marks, unsigned marked)
{
    for (size_t i = ROWS; i > 0; i--) {
        if ((marked >> (i - 1) & 1) != 0) {
            assert_int_equal(marks_toggle(marks, "x", -1, i - 1), 0);
        }
    }
}

static void marked_rows_come_together_in_their_order(void **state)
{
    const struct client_hooks hooks = {0};
    struct client *client = client_create("/nonexistent", NULL, &hooks);
    struct marks marks;

    (void)state;
    assert_non_null(client);
    marks_init(&marks, client, nothing, NULL);
    marks.key = MARKS_BY_PLACE;
    for (unsigned marked = 0; marked < 1U << ROWS; marked++) {
        for (size_t at = 0; at < 2 * ROWS; at++) {
            char rows[ROWS + 1] = "abcdef", expected[ROWS + 1];
            struct row_move moves[ROWS];
            bool after = at >= ROWS;
            size_t count, row = at % ROWS;

            toggle_all(&marks, marked);
            count = marks_moves(&marks, row, after, moves);
            for (size_t i = 0; i < count; i++) {
                move_row(rows, moves[i].from, moves[i].to);
            }
            expect(expected, marked, row, after);
            assert_string_equal(rows, expected);
            assert_int_equal(rows[marks_shift(moves, count, row, after)], 'a' + (int)row);
            toggle_all(&marks, marked); /* the second time it takes the mark away */
            assert_int_equal(marks.count, 0);
        }
    }
    marks_clear(&marks);
    client_destroy(client);
}

/* --- the queue ------------------------------------------------------------------------------- */

static void the_queue_shows_what_is_marked_and_moves_it(void **state)
{
    struct stage stage;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    stage_type(&stage,
               "4 g space j space j j"); /* the first and the third; the cursor on the sixth */
    assert_true(stage_shows(&stage, " Queue: 11 tracks, 2 marked"));
    assert_true(stage_shows(&stage, "\n *Nina Simone      Be My Husband"));
    assert_true(stage_shows(&stage, "\n *Nina Simone      Sinnerman"));
    assert_true(stage_shows(&stage, "\n> Nina Simone      Nobody"));
    stage_type(&stage, "p");
    SENDS(&stage, "\nmoveid \"12\" \"5\"\nmoveid \"10\" \"4\"\n");
    assert_false(stage_shows(&stage, "marked"));
    stage_type(&stage, "space space D"); /* from the fourth row on, where the cursor's went */
    SENDS(&stage, "\ndeleteid \"13\"\ndeleteid \"14\"\n");
    assert_false(stage_was_asked(&stage, "\ndelete \""));
    stage_type(&stage, "space G space : u n m a r k enter");
    assert_false(stage_shows(&stage, "marked"));
    stage_type(&stage, "g space k space D"); /* marked twice is not marked: the row itself */
    SENDS(&stage, "\ndelete \"1\"\n");
    stage_close(&stage);
}

static void marks_stay_with_their_tracks_when_others_change_the_queue(void **state)
{
    struct stage stage;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    stage_answer_more(&stage, "> playlistid \"10\"\nfile: x\nPos: 4\nId: 10\nOK\n"
                              "> playlistid \"12\"\nfile: x\nPos: 3\nId: 12\nOK\n");
    stage_type(&stage, "4 g space j space j j j");
    stage.screen->views[VIEW_QUEUE]->class->changed(stage.screen->views[VIEW_QUEUE],
                                                    CHANGED_PLAYLIST);
    stage_settle(&stage);
    stage_type(&stage, "P"); /* in front of the seventh, in the order in which they stand now */
    SENDS(&stage, "\nmoveid \"10\" \"5\"\nmoveid \"12\" \"4\"\n");
    stage_close(&stage);
}

static void marked_tracks_of_the_queue_are_queued_again_and_kept(void **state)
{
    struct stage stage;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    stage_type(&stage, "3 space 4 g space space y");
    SENDS(&stage, "\nplaylistadd \"blues\" \"Nina Simone/Pastel Blues/01 Be My Husband.flac\"\n"
                  "playlistadd \"blues\" \"Nina Simone/Pastel Blues/02 Nobody");
    stage_type(&stage, "g space space E"); /* the second goes in before the first */
    SENDS(&stage, "02 Nobody Knows You When You're Down and Out.flac\" \"+0\"\n"
                  "add \"Nina Simone/Pastel Blues/01 Be My Husband.flac\" \"+0\"\n");
    stage_close(&stage);
}

/* --- other views ----------------------------------------------------------------------------- */

static void tracks_of_the_library_are_marked_and_queued(void **state)
{
    struct stage stage;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    stage_type(&stage, "2 j space space");
    assert_true(stage_shows(&stage, "tracks, 2 marked"));
    stage_type(&stage, "g e");
    assert_false(stage_was_asked(&stage, "pause"));
    SENDS(&stage, "\nadd \"Björk/Homogenic/02");
    assert_false(stage_was_asked(&stage, "\nadd \"Björk/Homogenic/01"));
    assert_false(stage_shows(&stage, "marked"));
    stage_type(&stage, "1 j tab space");
    assert_true(stage_shows(&stage, ", 1 marked"));
    stage_type(&stage, "tab j"); /* tracks of another artist */
    assert_false(stage_shows(&stage, "marked"));
    stage_close(&stage);
}

static void tracks_of_a_playlist_are_marked_by_their_places(void **state)
{
    struct stage stage;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    stage_type(&stage, "3 tab space j space e");
    SENDS(&stage, "\nload \"blues\" \"0:1\"\nload \"blues\" \"2:3\"\n");
    stage_type(&stage, "g space G space P");
    SENDS(&stage, "\nplaylistmove \"blues\" \"0\" \"1\"\n");
    stage_type(&stage, "g space space D");
    SENDS(&stage, "\nplaylistdelete \"blues\" \"0:2\"\n");
    stage_type(&stage, "g space tab j"); /* another playlist */
    assert_true(stage_shows(&stage, "electric: 6 tracks\n"));
    stage_type(&stage, "k tab D");
    SENDS(&stage, "\nplaylistdelete \"blues\" \"0\"\n");
    stage_close(&stage);
}

static void a_playlist_takes_artists_and_folders_as_a_whole(void **state)
{
    struct stage stage;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    stage_type(&stage, "3 space 1 y");
    SENDS(&stage, "\nmatch \"findaddpl\" \"blues\" \"((file != \\\"\\\") AND (AlbumArtist == "
                  "\\\"Björk\\\"))\" \"sort\" \"AlbumArtist\"\n");
    stage_type(&stage, "5 j y");
    SENDS(&stage, "\nplaylistadd \"blues\" \"Kraftwerk\"\n");
    stage_type(&stage, "k enter enter space space y");
    SENDS(&stage, "Computerwelt.flac\"\nplaylistadd \"blues\" \"Kraftwerk/Computerwelt/02 ");
    stage_type(&stage, "9 y");
    assert_true(stage_shows(&stage, "select or mark"));
    stage_close(&stage);
}

static void space_pauses_in_the_meters_alone(void **state)
{
    static const char *const views[] = {"1 tab", "2", "3", "4", "5", "6", "8", "0", "F1"};
    struct stage stage;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
        stage_type(&stage, views[i]);
        stage_type(&stage, "space");
    }
    assert_false(stage_was_asked(&stage, "pause"));
    stage_type(&stage, "9 space");
    SENDS(&stage, "\npause \"1\"\n");
    stage_close(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marked_rows_come_together_in_their_order),
        cmocka_unit_test(the_queue_shows_what_is_marked_and_moves_it),
        cmocka_unit_test(marks_stay_with_their_tracks_when_others_change_the_queue),
        cmocka_unit_test(marked_tracks_of_the_queue_are_queued_again_and_kept),
        cmocka_unit_test(tracks_of_the_library_are_marked_and_queued),
        cmocka_unit_test(tracks_of_a_playlist_are_marked_by_their_places),
        cmocka_unit_test(a_playlist_takes_artists_and_folders_as_a_whole),
        cmocka_unit_test(space_pauses_in_the_meters_alone),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
