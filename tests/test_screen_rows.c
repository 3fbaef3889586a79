/* test_screen_rows.c - the rows that keys act on, and that stay while the library and the music go
 * on.
 */
#include "tests/screen_support.h"
#include "tui/screen_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char answers[] = "tests/data/screen/answers.txt";

static void begin(struct stage *stage, const char *keys)
{
    stage_open(stage, answers, 24, 80, true);
    stage_type(stage, keys);
}

/* From now on the player says that. */
static void player_says(struct stage *stage, const char *instead, const char *of)
{
    char *at = strstr(stage->answers, of), *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);

    assert_non_null(at);
    fprintf(file, "%.*s%s%s", (int)(at - stage->answers), stage->answers, instead, at + strlen(of));
    fclose(file);
    free(stage->answers);
    stage->answers = text;
}

/* Idle has told it. */
static void something_changes(struct stage *stage, unsigned what)
{
    screen_changed(stage->screen, what);
    stage_settle(stage);
}

static void assert_asked(struct stage *stage, const char *text)
{
    if (!stage_was_asked(stage, text)) {
        fail_msg("%s is not sent, but %s", text, stage->asked);
    }
}

/* --- keys that come quickly ------------------------------------------------------------------- */

/* As in one packet, over a slow line: each acts on the row that the keys before it have reached. */
static void keys_that_arrive_together_act_on_the_row_they_reached(void **state)
{
    static const struct {
        const char *before, *keys, *asked;
    } cases[] = {
        {"1 g", "j enter",
         "\"replace\" \"find\" \"((file != \\\"\\\") AND (AlbumArtist == \\\"Kraftwerk\\\"))\" "
         "\"AlbumArtist\" \"0\""},
        {"1 g", "j e",
         "findadd \"((file != \\\"\\\") AND (AlbumArtist == \\\"Kraftwerk\\\"))\" \"sort\""},
        {"1 g", "j tab j enter",
         "\"replace\" \"find\" \"((file != \\\"\\\") AND (AlbumArtist == \\\"Kraftwerk\\\"))\" "
         "\"AlbumArtist\" \"1\""},
        {"3 g tab G tab", "j enter", "\"replace\" \"playlist\" \"electric\" \"0\""},
        {"3 g tab G tab", "j e", "load \"electric\""},
        {"3 g tab G tab", "j tab j enter", "\"replace\" \"playlist\" \"electric\" \"1\""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage stage;

        begin(&stage, cases[i].before);
        stage_type_at_once(&stage, cases[i].keys);
        stage_settle(&stage);
        assert_asked(&stage, cases[i].asked);
        stage_close(&stage);
    }
}

static void keys_wait_for_where_a_search_leads(void **state)
{
    static const char told[] =
        "> match \"find\" \"queue\" \"a\" \"0\" \"+0\"\nposition: 3\nOK\n"
        "> match \"find\" \"queue\" \"a\" \"3\" \"+1\"\nposition: 5\nOK\n"
        "> match \"find\" \"folder\" \"\" \"n\" \"0\" \"+0\"\nposition: 2\nOK\n";
    struct stage stage;

    (void)state;
    begin(&stage, "4 g");
    stage_answer_more(&stage, told);
    stage_type_at_once(&stage, "/ a enter enter n D");
    stage_settle(&stage);
    assert_asked(&stage, "playid \"13\"\n");
    assert_asked(&stage, "\ndelete \"5\"\n");
    stage_type_at_once(&stage, "5 g");
    stage_settle(&stage);
    stage_type_at_once(&stage, "/ n enter e");
    stage_settle(&stage);
    assert_asked(&stage, "add \"Nina Simone\"\n");
    stage_close(&stage);
}

static void enter_in_a_folder_on_its_way_does_nothing(void **state)
{
    struct stage stage;

    (void)state;
    begin(&stage, "5 j");
    stage_type_at_once(&stage, "enter enter");
    stage_settle(&stage);
    assert_true(stage_was_asked(&stage, "match \"folder\" \"Kraftwerk\"\n"));
    stage_type_at_once(&stage, "enter enter");
    stage_settle(&stage);
    assert_true(stage_was_asked(&stage, "match \"folder\" \"Kraftwerk/Computerwelt\"\n"));
    assert_false(stage_was_asked(&stage, "replace"));
    stage_close(&stage);
}

/* --- artists and albums ----------------------------------------------------------------------- */

static const char queues_computerwelt[] =
    "findadd \"((file != \\\"\\\") AND (AlbumArtist == \\\"Kraftwerk\\\") AND "
    "(Album == \\\"Computerwelt\\\"))\"";

static void what_is_unfolded_and_selected_stays_so_while_the_library_is_read(void **state)
{
    struct stage stage;

    (void)state;
    begin(&stage, "1 g space j j space j");
    player_says(&stage, "AlbumArtist: abba\nAlbumArtist: Björk\n", "AlbumArtist: Björk\n");
    something_changes(&stage, CHANGED_DATABASE);
    stage_assert_shows(&stage, "+ abba");
    stage_assert_shows(&stage, "- Björk ");
    stage_assert_shows(&stage, "    Homogenic  1997");
    stage_assert_shows(&stage, "- Kraftwerk ");
    stage_assert_shows(&stage, "    Computerwelt  1981");
    player_says(&stage, "Date: 1974\nAlbum: Autobahn\nDate: 1981\nAlbum: Computerwelt\n",
                "Date: 1981\nAlbum: Computerwelt\n");
    something_changes(&stage, CHANGED_DATABASE);
    stage_assert_shows(&stage, "    Autobahn");
    stage_type(&stage, "e");
    assert_asked(&stage, queues_computerwelt);
    stage_close(&stage);
}

static void artists_unfolded_one_after_the_other_both_show_their_albums(void **state)
{
    struct stage stage;

    (void)state;
    begin(&stage, "1 g");
    stage_type_at_once(&stage, "space j space");
    stage_settle(&stage);
    stage_assert_shows(&stage, "    Homogenic  1997");
    stage_assert_shows(&stage, "    Computerwelt  1981");
    stage_type(&stage, "j e"); /* albums that came in above have not moved the selection */
    assert_asked(&stage, queues_computerwelt);
    stage_close(&stage);
}

/* --- f ---------------------------------------------------------------------------------------- */

static void the_selection_follows_at_another_track_and_moves_freely_meanwhile(void **state)
{
    struct stage stage;

    (void)state;
    begin(&stage, "1 2 4 g f j j enter");
    assert_asked(&stage, "playid \"12\"");
    player_says(&stage, "songid: 14", "songid: 11");
    player_says(&stage, "song: 4", "song: 1");
    something_changes(&stage, CHANGED_PLAYER);
    assert_asked(&stage, "match \"find\" \"(file != \\\"\\\")\" \"AlbumArtist\" \"(file == ");
    assert_asked(&stage, "match \"find\" \"((file != \\\"\\\") AND (AlbumArtist == ");
    stage_type(&stage, "enter");
    assert_asked(&stage, "playid \"14\"");
    something_changes(&stage, CHANGED_PLAYER);
    stage_type(&stage, "k k k enter");
    assert_asked(&stage, "playid \"11\"");
    stage_type(&stage, "f");
    player_says(&stage, "songid: 13", "songid: 14");
    player_says(&stage, "song: 3", "song: 4");
    something_changes(&stage, CHANGED_PLAYER);
    stage_type(&stage, "j enter");
    assert_false(stage_was_asked(&stage, "playid \"13\""));
    stage_close(&stage);
}

/* --- C and ^R --------------------------------------------------------------------------------- */

static void what_holds_a_track_gives_repeat_back_as_it_was(void **state)
{
    static const struct {
        const char *repeat, *keys, *asked;
    } cases[] = {
        {"repeat: 1", "C", "\nrepeat \"0\"\nsingle \"1\"\n"}, /* else it would not stop */
        {"repeat: 1", "C C", "\nsingle \"1\"\nsingle \"0\"\nrepeat \"1\"\n"},
        {"repeat: 0", "C C", "\nsingle \"1\"\nsingle \"0\"\n"},
        {"repeat: 0", "^R", "\nrepeat \"1\"\nsingle \"1\"\n"},
        {"repeat: 0", "^R ^R", "\nsingle \"1\"\nsingle \"0\"\nrepeat \"0\"\n"},
        {"repeat: 1", "^R ^R", "\nsingle \"1\"\nsingle \"0\"\n"},
        {"repeat: 1", "C ^R ^R", "\nrepeat \"1\"\nsingle \"1\"\nsingle \"0\"\n"},
        {"repeat: 0", "^R C C", "\nrepeat \"0\"\nsingle \"1\"\nsingle \"0\"\n"},
        {"repeat: 0", "C r C", "\nsingle \"1\"\nsingle \"0\"\nrepeat \"1\"\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage stage;
        size_t length = strlen(cases[i].asked);

        begin(&stage, "4");
        player_says(&stage, cases[i].repeat, "repeat: 1");
        something_changes(&stage, CHANGED_OPTIONS);
        stage_type(&stage, cases[i].keys);
        if (stage.asked_size < length ||
            strcmp(stage.asked + stage.asked_size - length, cases[i].asked) != 0) {
            fail_msg("%s, %s: %s", cases[i].repeat, cases[i].keys, stage.asked);
        }
        stage_close(&stage);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_that_arrive_together_act_on_the_row_they_reached),
        cmocka_unit_test(keys_wait_for_where_a_search_leads),
        cmocka_unit_test(enter_in_a_folder_on_its_way_does_nothing),
        cmocka_unit_test(what_is_unfolded_and_selected_stays_so_while_the_library_is_read),
        cmocka_unit_test(artists_unfolded_one_after_the_other_both_show_their_albums),
        cmocka_unit_test(the_selection_follows_at_another_track_and_moves_freely_meanwhile),
        cmocka_unit_test(what_holds_a_track_gives_repeat_back_as_it_was),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
