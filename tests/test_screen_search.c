/* test_screen_search.c - / ? n N in every view: what the player is asked, and where they go. */
#include "tests/screen_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const char answers[] = "tests/data/screen/answers.txt";

static void asks(const char *keys, const char *asked)
{
    struct stage stage;

    stage_open(&stage, answers, 24, 80, true);
    stage_type(&stage, keys);
    if (!stage_was_asked(&stage, asked)) {
        fail_msg("%s does not send %s but %s", keys, asked, stage.asked);
    }
    assert_false(stage_was_asked(&stage, "playlistsearch"));
    stage_close(&stage);
}

static void long_lists_are_searched_by_the_player_both_ways(void **state)
{
    (void)state;
    asks("4 g j / a space b", "match \"find\" \"queue\" \"a b\" \"1\" \"+0\"\n");
    asks("4 g j ? a", "match \"find\" \"queue\" \"a\" \"1\" \"-0\"\n");
    asks("4 g j / a enter n", "match \"find\" \"queue\" \"a\" \"1\" \"+1\"\n");
    asks("4 g j / a enter N", "match \"find\" \"queue\" \"a\" \"1\" \"-1\"\n");
    asks("4 g j ? a enter n", "match \"find\" \"queue\" \"a\" \"1\" \"-1\"\n");
    asks("4 g j ? a enter N", "match \"find\" \"queue\" \"a\" \"1\" \"+1\"\n");
    asks("4 g j / a enter ? enter", "match \"find\" \"queue\" \"a\" \"1\" \"-1\"\n");
    asks("2 j / a", "match \"find\" \"(file != \\\"\\\")\" \"AlbumArtist\" \"a\" \"1\" \"+0\"\n");
    asks("2 j / a enter n",
         "match \"find\" \"(file != \\\"\\\")\" \"AlbumArtist\" \"a\" \"1\" \"+1\"\n");
    asks("3 tab j / a", "match \"find\" \"playlist\" \"blues\" \"a\" \"1\" \"+0\"\n");
    asks("3 tab i", "match \"find\" \"playlist\" \"blues\" \"(file == \\\"Nina Simone/");
}

static void every_n_counts_however_fast_they_come(void **state)
{
    static const char told[] = "> match \"find\" \"queue\" \"a\" \"0\" \"+0\"\nposition: 3\nOK\n"
                               "> match \"find\" \"queue\" \"a\" \"3\" \"+1\"\nposition: 5\nOK\n"
                               "> match \"find\" \"queue\" \"a\" \"5\" \"+1\"\nposition: 8\nOK\n";
    struct stage stage;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    stage_answer_more(&stage, told);
    stage_type(&stage, "4 g");
    stage_type_at_once(&stage, "/ a enter n n");
    stage_settle(&stage);
    stage_type(&stage, "D");
    assert_true(stage_was_asked(&stage, "\ndelete \"8\"\n"));
    stage_close(&stage);
}

static void short_lists_find_words_at_their_starts_first(void **state)
{
    struct stage stage;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    stage_type(&stage, "3 / c t enter"); /* inside of a word alone */
    assert_true(stage_shows(&stage, "electric: 6 tracks"));
    stage_type(&stage, "g / b enter");
    assert_true(stage_shows(&stage, "blues: 3 tracks"));
    stage_type(&stage, "6 j / 1 9 7 space s o u l enter D"); /* two words, in any order */
    assert_true(stage_shows(&stage, "delete the filter soul?"));
    stage_type(&stage, "n / i x enter D");
    assert_true(stage_shows(&stage, "delete the filter sixties?"));
    stage_close(&stage);
}

static void view_8_is_searched_for_references_and_candidates(void **state)
{
    struct stage stage;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    stage_type(&stage, "8 / h u n t enter H");
    assert_true(
        stage_was_asked(&stage, "match \"hear\" \"reference\" \"Björk/Homogenic/01 Hunter.flac"));
    stage_close(&stage);
}

static void views_without_anything_to_search_say_so(void **state)
{
    struct stage stage;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    stage_type(&stage, "9 /");
    assert_true(stage_shows(&stage, "there is nothing to search in this view"));
    stage_type(&stage, "4 n");
    assert_true(stage_shows(&stage, "nothing has been searched for yet"));
    stage_close(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_lists_are_searched_by_the_player_both_ways),
        cmocka_unit_test(every_n_counts_however_fast_they_come),
        cmocka_unit_test(short_lists_find_words_at_their_starts_first),
        cmocka_unit_test(view_8_is_searched_for_references_and_candidates),
        cmocka_unit_test(views_without_anything_to_search_say_so),
    };

    return cmocka_run_group_tests(tests, stage_set_up, NULL);
}
