/* test_search.c - what a user who types finds, and in which order. */
#include "library/search.h"

#include "tests/library_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int set_up(void **state)
{
    *state = catalogue_create();
    return *state != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    catalogue_destroy(*state);
    return 0;
}

/* --- what a user types -------------------------------------------------------------------------
 */

static const char *typed(struct catalogue *catalogue, const char *text)
{
    static char found[4096];
    struct search_question question = {NULL, text, {SEARCH_NO_ORDER, false}, 0, SIZE_MAX};
    struct search_result result;

    assert_int_equal(search_songs(catalogue, &question, &result), 0);
    found[0] = '\0';
    for (size_t i = 0; i < result.count; i++) {
        size_t used = strlen(found);

        snprintf(found + used, sizeof found - used, "%s%s", used > 0 ? ", " : "",
                 song_first(catalogue, result.songs[i], TAG_TITLE));
    }
    search_result_finish(&result);
    return found;
}

static void put_some(struct catalogue *catalogue)
{
    record_put(catalogue, "bjork/01 Hunter.flac",
               "Artist=Bj\xC3\xB6rk|Album=Homogenic|Title=Hunter|Track=1|Date=1997");
    record_put(catalogue, "bjork/02 Joga.flac",
               "Artist=Bj\xC3\xB6rk|Album=Homogenic|Title=J\xC3\xB3ga|Track=2|Date=1997");
    record_put(catalogue, "acdc/hells.ogg",
               "Artist=AC/DC|Album=Back in Black|Title=Hells Bells|Track=1|Date=1980");
    record_put(catalogue, "various/song.mp3",
               "Artist=Someone|AlbumArtist=The Black Hunt|Album=Mix|Title=Backlash|Date=2001");
}

static void finds_every_word_anywhere_case_and_marks_aside(void **state)
{
    put_some(*state);
    assert_string_equal(typed(*state, "bjork"), "Hunter, J\xC3\xB3ga");
    assert_string_equal(typed(*state, "BJ\xC3\x96RK joga"), "J\xC3\xB3ga");
    assert_string_equal(typed(*state, "joga  bj"), "J\xC3\xB3ga");
    assert_string_equal(typed(*state, "  j\xC3\xB3g "), "J\xC3\xB3ga");
    assert_string_equal(typed(*state, "1980 ac/dc"), "Hells Bells");
    assert_string_equal(typed(*state, "song.mp3"), "Backlash");
    assert_string_equal(typed(*state, "homogenic bells"), "");
    assert_string_equal(typed(*state, "nothing"), "");
}

static void puts_those_first_where_all_words_begin_a_word(void **state)
{
    put_some(*state);
    /* "lack" is inside of Black twice, and inside of Backlash only by its letters. */
    record_put(*state, "z.flac", "Artist=Aaa|Title=Zunter");
    assert_string_equal(typed(*state, "unt"), "Zunter, Hunter, Backlash");
    record_put(*state, "y.flac", "Artist=Zzz|Title=Untold");
    assert_string_equal(typed(*state, "unt"), "Untold, Zunter, Hunter, Backlash");
    /* "dc" begins a word in AC/DC. */
    record_put(*state, "w.flac", "Artist=Aaa|Title=Abcdc");
    assert_string_equal(typed(*state, "dc"), "Hells Bells, Abcdc");
}

static void finds_the_same_letter_by_letter_back_and_forth(void **state)
{
    static const char *const keys[] = {
        "h", "hu", "hun", "hunt", "hunt ", "hunt b",        "hunt bj", "hunt b",     "hunt", "hu",
        "",  "b",  "bl",  "bla",  "b",     "backlash 2001", "b",       "bells 19 1", "be b"};

    put_some(*state);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        struct catalogue *fresh = catalogue_create();
        char by_keys[4096];

        put_some(fresh);
        snprintf(by_keys, sizeof by_keys, "%s", typed(*state, keys[i]));
        assert_string_equal(by_keys, typed(fresh, keys[i]));
        catalogue_destroy(fresh);
    }
}

static void sees_what_changed_since_the_last_key(void **state)
{
    put_some(*state);
    assert_string_equal(typed(*state, "hunte"), "Hunter");
    record_put(*state, "new.flac", "Artist=Aaa|Title=Hunters");
    assert_string_equal(typed(*state, "hunter"), "Hunters, Hunter");
    catalogue_remove(*state, "bjork/01 Hunter.flac");
    assert_string_equal(typed(*state, "hunter"), "Hunters");
}

static void shows_neither_guests_nor_what_cannot_be_read(void **state)
{
    struct made_record made;

    record_put(*state, "/mnt/x.flac", "Title=Guest Hunter");
    record_make(&made, "broken.flac", "Title=Broken Hunter");
    made.record.error = "no sound in it";
    assert_int_equal(catalogue_put(*state, &made.record), 0);
    assert_string_equal(typed(*state, "hunter"), "");
    assert_string_equal(typed(*state, ""), "");
}

static long next_of(struct catalogue *catalogue, const char *text, const struct search_order *order,
                    size_t from, int direction)
{
    const struct search_hit hit = {.text = text};
    const struct hits_way way = {from, direction, false};

    return search_next(catalogue, NULL, &hit, order, &way);
}

static void goes_to_the_next_hit_and_round(void **state)
{
    struct search_order order = {TAG_TITLE, false};
    struct catalogue *catalogue = *state;

    record_put(catalogue, "0.flac", "Title=a one");
    record_put(catalogue, "1.flac", "Title=b two");
    record_put(catalogue, "2.flac", "Title=c one");
    record_put(catalogue, "3.flac", "Title=d two");
    assert_int_equal(next_of(catalogue, "one", &order, 0, 1), 2);
    assert_int_equal(next_of(catalogue, "one", &order, 2, 1), 0);
    assert_int_equal(next_of(catalogue, "one", &order, 1, -1), 0);
    assert_int_equal(next_of(catalogue, "one", &order, 0, -1), 2);
    assert_int_equal(next_of(catalogue, "b", &order, 1, 1), 1); /* itself, last */
    assert_int_equal(next_of(catalogue, "none", &order, 0, 1), -1);
    assert_int_equal(next_of(catalogue, "two", &order, 99, 1), 1);
    assert_int_equal(next_of(catalogue, "two", &order, 99, -1), 3);
    catalogue_clear(catalogue);
    assert_int_equal(next_of(catalogue, "one", &order, 0, 1), -1);
}

static void goes_through_word_starts_first_then_through_the_rest(void **state)
{
    static const long order_of_hits[] = {1, 3, 0, 2, 1};
    struct search_order order = {TAG_TITLE, false};
    struct catalogue *catalogue = *state;

    record_put(catalogue, "0.flac", "Title=a Mustard");
    record_put(catalogue, "1.flac", "Title=b Star");
    record_put(catalogue, "2.flac", "Title=c Bastards");
    record_put(catalogue, "3.flac", "Title=d Starling");
    record_put(catalogue, "4.flac", "Title=e nothing");
    for (size_t i = 0; i < 4; i++) {
        size_t here = (size_t)order_of_hits[i], next = (size_t)order_of_hits[i + 1];

        assert_int_equal(next_of(catalogue, "star", &order, here, 1), next);
        assert_int_equal(next_of(catalogue, "star", &order, next, -1), here);
    }
    assert_int_equal(next_of(catalogue, "star", &order, 4, 1), 1); /* from what is no hit */
    assert_int_equal(next_of(catalogue, "star", &order, 4, -1), 3);
    assert_int_equal(next_of(catalogue, "tar", &order, 4, 1), 0); /* only inside of words */
}

static void stays_on_a_hit_while_it_is_typed(void **state)
{
    struct search_order order = {TAG_TITLE, false};
    struct search_hit hit = {.text = "st"};
    struct hits_way forwards = {1, 1, true}, backwards = {3, -1, true};
    struct catalogue *catalogue = *state;

    record_put(catalogue, "0.flac", "Title=a star");
    record_put(catalogue, "1.flac", "Title=b star");
    record_put(catalogue, "2.flac", "Title=c mustard");
    record_put(catalogue, "3.flac", "Title=d star");
    assert_int_equal(search_next(catalogue, NULL, &hit, &order, &forwards), 1);
    assert_int_equal(search_next(catalogue, NULL, &hit, &order, &backwards), 3);
    forwards.from = 2; /* a word's start further on comes before what is here inside of one */
    assert_int_equal(search_next(catalogue, NULL, &hit, &order, &forwards), 3);
    forwards.from = 99;
    assert_int_equal(search_next(catalogue, NULL, &hit, &order, &forwards), 0);
}

static void looks_through_any_list_for_guests_and_strangers_too(void **state)
{
    static const char *const uris[] = {
        "0.flac", "/mnt/x.flac", "http://radio/Jazz Lounge", "0.flac", "gone/Stardust.flac",
    };
    struct search_hit hit = {.text = "H\xC3\xBCnter guest"};
    struct hits_way way = {0, 1, true};
    struct catalogue *catalogue = *state;

    record_put(catalogue, "0.flac", "Artist=Bj\xC3\xB6rk|Title=Hunter");
    record_put(catalogue, "/mnt/x.flac", "Title=Guest Hunter");
    assert_int_equal(search_next_uri(catalogue, uris, 5, &hit, &way), 1);
    hit.text = "hunter bjork";
    way = (struct hits_way){1, -1, false};
    assert_int_equal(search_next_uri(catalogue, uris, 5, &hit, &way), 0);
    assert_int_equal(search_next_uri(catalogue, uris, 0, &hit, &way), -1);
    way = (struct hits_way){0, 1, false};
    assert_int_equal(search_next_uri(catalogue, uris, 5, &hit, &way), 3);
    hit.text = "lounge";
    assert_int_equal(search_next_uri(catalogue, uris, 5, &hit, &way), 2);
    hit.text = "star";
    assert_int_equal(search_next_uri(catalogue, uris, 5, &hit, &way), 4);
    hit.text = "radio";
    assert_int_equal(search_next_uri(catalogue, uris, 5, &hit, &way), -1);
}

static void goes_to_the_hit_that_fits_an_expression(void **state)
{
    static const char *const wanted_words[] = {"(file == '2.flac')"};
    static const char *const listed_words[] = {"(title contains 'one')"};
    struct search_order order = {TAG_TITLE, false};
    struct catalogue *catalogue = *state;
    struct hits_way way = {0, 1, false};
    struct search_hit hit = {0};
    struct filter *wanted = NULL, *listed = NULL;
    char message[256];

    record_put(catalogue, "0.flac", "Title=a one");
    record_put(catalogue, "1.flac", "Title=b two");
    record_put(catalogue, "2.flac", "Title=c one");
    assert_int_equal(filter_parse(&wanted, wanted_words, 1, false, message, sizeof message), 0);
    assert_int_equal(filter_parse(&listed, listed_words, 1, false, message, sizeof message), 0);
    hit.filter = wanted;
    assert_int_equal(search_next(catalogue, NULL, &hit, &order, &way), 2);
    assert_int_equal(search_next(catalogue, listed, &hit, &order, &way), 1);
    filter_destroy(wanted);
    filter_destroy(listed);
}

static void knows_the_orders_by_name(void **state)
{
    struct search_order order;

    (void)state;
    assert_true(search_order_parse(&order, "albumartistsort"));
    assert_true(order.kind == TAG_ALBUM_ARTIST_SORT && !order.descending);
    assert_true(search_order_parse(&order, "-Last-Modified"));
    assert_true(order.kind == SEARCH_BY_MODIFIED && order.descending);
    assert_true(search_order_parse(&order, "added"));
    assert_false(search_order_parse(&order, "file"));
    assert_false(search_order_parse(&order, "-"));
    assert_false(search_order_parse(&order, ""));
}

/* --- lists and counts --------------------------------------------------------------------------
 */

struct lines {
    char text[16][64];
    size_t count;
};

static bool add_line(void *context, const char *const row[])
{
    struct lines *lines = context;

    snprintf(lines->text[lines->count++], sizeof lines->text[0], "%s", row[0]);
    return true;
}

static void lists_a_window_of_what_a_filter_lets_through(void **state)
{
    struct lines lines = {.count = 0};
    struct search_columns columns;
    const char *expression = "(artist == 'A')";
    struct filter *filter;
    char message[64];

    record_put(*state, "1.flac", "Artist=A|Album=c");
    record_put(*state, "2.flac", "Artist=A|Album=B");
    record_put(*state, "3.flac", "Artist=A|Album=a");
    record_put(*state, "4.flac", "Artist=Other|Album=0");
    assert_int_equal(filter_parse(&filter, &expression, 1, false, message, sizeof message), 0);
    columns = (struct search_columns){TAG_ALBUM, NULL, 0, filter, 1, 3};
    assert_int_equal(search_list(*state, &columns, add_line, &lines), 0);
    assert_int_equal(lines.count, 2);
    assert_string_equal(lines.text[0], "B");
    assert_string_equal(lines.text[1], "c");
    filter_destroy(filter);
}

struct counted {
    char text[512];
};

static bool add_count(void *context, const char *value, size_t songs, double seconds)
{
    struct counted *counted = context;
    size_t used = strlen(counted->text);

    snprintf(counted->text + used, sizeof counted->text - used, "%s:%zu:%.0f ", value, songs,
             seconds);
    return true;
}

static void counts_songs_and_their_seconds(void **state)
{
    struct counted all = {""}, groups = {""};

    record_put(*state, "1.flac", "Artist=B|Genre=x");
    record_put(*state, "2.flac", "Artist=a|Artist=B");
    record_put(*state, "3.flac", "Title=without");
    assert_int_equal(search_count(*state, NULL, -1, add_count, &all), 0);
    assert_string_equal(all.text, ":3:600 ");
    assert_int_equal(search_count(*state, NULL, TAG_ARTIST, add_count, &groups), 0);
    assert_string_equal(groups.text, ":1:200 a:1:200 B:2:400 ");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(finds_every_word_anywhere_case_and_marks_aside),
        TEST(puts_those_first_where_all_words_begin_a_word),
        TEST(finds_the_same_letter_by_letter_back_and_forth),
        TEST(sees_what_changed_since_the_last_key),
        TEST(shows_neither_guests_nor_what_cannot_be_read),
        TEST(goes_to_the_next_hit_and_round),
        TEST(goes_through_word_starts_first_then_through_the_rest),
        TEST(stays_on_a_hit_while_it_is_typed),
        TEST(looks_through_any_list_for_guests_and_strangers_too),
        TEST(goes_to_the_hit_that_fits_an_expression),
        TEST(knows_the_orders_by_name),
        TEST(lists_a_window_of_what_a_filter_lets_through),
        TEST(counts_songs_and_their_seconds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
