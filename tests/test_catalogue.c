/* test_catalogue.c - the tracks in memory: what was put is found, what is gone is gone. */
#include "library/catalogue.h"

#include "library/catalogue_internal.h"
#include "tests/library_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <math.h>
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

static void finds_what_was_put(void **state)
{
    struct catalogue *catalogue = *state;
    struct made_record made;
    struct song_facts facts;
    const struct song *song;
    char uri[SONG_URI_SIZE];

    record_make(&made, "Queen/Jazz/03 Jealousy.flac",
                "Artist=Queen|Artist=Freddie|Album=Jazz|Title=Jealousy|Track=03/13");
    made.tags.duration_s = 193.4567;
    made.tags.track_gain_db = -7.89;
    made.record.modified_ns = 1234567890999999999;
    assert_int_equal(catalogue_put(catalogue, &made.record), 0);
    song = catalogue_find(catalogue, "Queen/Jazz/03 Jealousy.flac");
    assert_non_null(song);
    assert_string_equal(song_uri(catalogue, song, uri), "Queen/Jazz/03 Jealousy.flac");
    assert_string_equal(song_tag(catalogue, song, TAG_ARTIST, 0), "Queen");
    assert_string_equal(song_tag(catalogue, song, TAG_ARTIST, 1), "Freddie");
    assert_null(song_tag(catalogue, song, TAG_ARTIST, 2));
    assert_string_equal(song_first(catalogue, song, TAG_TRACK), "3");
    assert_string_equal(song_first(catalogue, song, TAG_GENRE), "");
    song_facts(catalogue, song, &facts);
    assert_true(facts.modified_s == 1234567890);
    assert_true(facts.added_s == 2000);
    assert_true(fabs(facts.duration_s - 193.457) < 1e-9);
    assert_true(facts.rate_hz == 44100 && facts.bits == 16 && facts.channels == 2);
    assert_string_equal(facts.codec, "FLAC");
    assert_true(fabs(facts.track_gain_db + 7.89) < 1e-6);
    assert_true(isnan(facts.album_gain_db));
    assert_null(facts.error);
}

static void does_not_find_what_only_looks_like_it(void **state)
{
    struct catalogue *catalogue = *state;

    record_put(catalogue, "a/b.flac", "Title=T");
    assert_null(catalogue_find(catalogue, "a/b.fla"));
    assert_null(catalogue_find(catalogue, "a/b.flac2"));
    assert_null(catalogue_find(catalogue, "b.flac"));
    assert_null(catalogue_find(catalogue, "a"));
    assert_null(catalogue_find(catalogue, ""));
    assert_null(catalogue_find(catalogue, "/"));
    assert_null(catalogue_find(catalogue, "/a/b.flac"));
}

static void replaces_the_tags_of_a_track_read_anew(void **state)
{
    struct catalogue *catalogue = *state;
    const struct song *song;
    uint64_t version;

    record_put(catalogue, "x.flac", "Artist=Old|Title=Was");
    version = catalogue_version(catalogue);
    record_put(catalogue, "x.flac", "Artist=New");
    song = catalogue_find(catalogue, "x.flac");
    assert_string_equal(song_first(catalogue, song, TAG_ARTIST), "New");
    assert_string_equal(song_first(catalogue, song, TAG_TITLE), "");
    assert_int_equal(catalogue_count(catalogue), 1);
    assert_true(catalogue_version(catalogue) > version);
}

static void forgets_a_folder_with_its_last_track(void **state)
{
    struct catalogue *catalogue = *state;

    record_put(catalogue, "a/b/c/x.flac", "Title=X");
    record_put(catalogue, "a/y.flac", "Title=Y");
    assert_true(catalogue_is_folder(catalogue, "a/b/c"));
    assert_true(catalogue_is_folder(catalogue, "a/b"));
    assert_true(catalogue_is_folder(catalogue, ""));
    catalogue_remove(catalogue, "a/b/c/x.flac");
    assert_false(catalogue_is_folder(catalogue, "a/b/c"));
    assert_false(catalogue_is_folder(catalogue, "a/b"));
    assert_true(catalogue_is_folder(catalogue, "a"));
    catalogue_remove(catalogue, "a/y.flac");
    assert_false(catalogue_is_folder(catalogue, "a"));
    assert_true(catalogue_is_folder(catalogue, ""));
    assert_int_equal(catalogue_count(catalogue), 0);
    catalogue_remove(catalogue, "a/y.flac"); /* once more is no harm */
}

struct told {
    const struct catalogue *catalogue;
    char text[4096];
    size_t count, most;
};

static bool tell(struct told *told, const char *text)
{
    size_t used = strlen(told->text);

    snprintf(told->text + used, sizeof told->text - used, "%s\n", text);
    return ++told->count != told->most;
}

static bool tell_song(void *context, const struct song *song)
{
    struct told *told = context;
    char uri[SONG_URI_SIZE];

    return tell(told, song_uri(told->catalogue, song, uri));
}

static bool tell_folder(void *context, const char *uri, int64_t modified_s)
{
    char text[128];

    snprintf(text, sizeof text, "%s/ %lld", uri, (long long)modified_s);
    return tell(context, text);
}

static void put_tree(struct catalogue *catalogue)
{
    record_put(catalogue, "b/2.flac", "Album=One|Disc=1|Track=10");
    record_put(catalogue, "b/1.flac", "Album=one|Disc=2|Track=1");
    record_put(catalogue, "b/3.flac", "Album=One|Disc=1|Track=9/12");
    record_put(catalogue, "b/z.flac", "Album=Aha|Track=99");
    record_put(catalogue, "b/Z2.flac", "Title=without album");
    record_put(catalogue, "b/a.flac", "Title=without album");
    record_put(catalogue, "B2/sub/x.flac", "Title=x");
    record_put(catalogue, "\xC3\x84/x.flac", "Title=x"); /* A with marks */
    record_put(catalogue, "top.flac", "Title=top");
}

static void walks_as_it_is_shown_albums_together_and_in_order(void **state)
{
    struct told told = {.catalogue = *state};
    struct catalogue_walk walk = {&told, tell_folder, tell_song};

    put_tree(*state);
    assert_int_equal(catalogue_walk(*state, "", true, &walk), 0);
    assert_string_equal(told.text, "top.flac\n"
                                   "\xC3\x84/ 1000\n\xC3\x84/x.flac\n"
                                   "b/ 1000\n"
                                   "b/a.flac\nb/Z2.flac\nb/z.flac\nb/3.flac\nb/2.flac\nb/1.flac\n"
                                   "B2/ 1000\nB2/sub/ 1000\nB2/sub/x.flac\n");
}

static void walks_one_folder_alone(void **state)
{
    struct told told = {.catalogue = *state};
    struct catalogue_walk walk = {&told, tell_folder, tell_song};

    put_tree(*state);
    assert_int_equal(catalogue_walk(*state, "B2", false, &walk), 0);
    assert_string_equal(told.text, "B2/sub/ 1000\n");
    assert_int_equal(catalogue_walk(*state, "B", false, &walk), -ENOENT);
    told.count = 0;
    told.most = 2;
    assert_int_equal(catalogue_walk(*state, "", true, &walk), -ECANCELED);
    assert_int_equal(told.count, 2);
}

static void keeps_guests_out_of_the_tree(void **state)
{
    struct catalogue *catalogue = *state;
    struct told told = {.catalogue = catalogue};
    struct catalogue_walk walk = {&told, tell_folder, tell_song};
    char uri[SONG_URI_SIZE];

    record_put(catalogue, "/mnt/usb/g.flac", "Title=guest");
    record_put(catalogue, "/g.flac", "Title=guest");
    record_put(catalogue, "mine.flac", "Title=mine");
    assert_int_equal(catalogue_count(catalogue), 1);
    assert_false(catalogue_is_folder(catalogue, "/mnt/usb"));
    assert_int_equal(catalogue_walk(catalogue, "", true, &walk), 0);
    assert_string_equal(told.text, "mine.flac\n");
    assert_int_equal(catalogue_walk(catalogue, "/mnt/usb", true, &walk), -ENOENT);
    catalogue_clear(catalogue);
    assert_null(catalogue_find(catalogue, "mine.flac"));
    assert_non_null(catalogue_find(catalogue, "/g.flac"));
    assert_string_equal(song_uri(catalogue, catalogue_find(catalogue, "/mnt/usb/g.flac"), uri),
                        "/mnt/usb/g.flac");
    assert_string_equal(song_uri(catalogue, catalogue_find(catalogue, "/g.flac"), uri), "/g.flac");
}

static void lists_what_cannot_be_read_with_its_reason_and_does_not_count_it(void **state)
{
    struct catalogue *catalogue = *state;
    struct made_record made;
    struct song_facts facts;

    record_make(&made, "broken.flac", "");
    made.record.tags = NULL;
    made.record.error = "not a FLAC file";
    assert_int_equal(catalogue_put(catalogue, &made.record), 0);
    song_facts(catalogue, catalogue_find(catalogue, "broken.flac"), &facts);
    assert_string_equal(facts.error, "not a FLAC file");
    assert_int_equal(catalogue_count(catalogue), 0);
    record_put(catalogue, "broken.flac", "Title=mended");
    song_facts(catalogue, catalogue_find(catalogue, "broken.flac"), &facts);
    assert_null(facts.error);
    assert_int_equal(catalogue_count(catalogue), 1);
}

static void does_not_grow_when_the_same_tracks_are_read_again_and_again(void **state)
{
    struct catalogue *catalogue = *state;
    char uri[64], tags[256];

    for (int round = 0; round < 200; round++) {
        for (int i = 0; i < 100; i++) {
            snprintf(uri, sizeof uri, "%d/%d.flac", i % 7, i);
            snprintf(tags, sizeof tags, "Artist=artist of round %d|Title=title %d of round %d",
                     round, i, round);
            record_put(catalogue, uri, tags);
        }
    }
    assert_int_equal(catalogue_count(catalogue), 100);
    assert_true(catalogue->song_count <= 101);
    assert_true(catalogue->strings.used < 200000);
    assert_true(catalogue->strings.count < 1000);
    assert_true(catalogue->words_used < 60000);
    assert_string_equal(song_first(catalogue, catalogue_find(catalogue, "3/31.flac"), TAG_TITLE),
                        "title 31 of round 199");
}

/* The plain version: a table of uris, each with the title that was put last, or none. */
enum { PLACES = 400, CHANGES = 20000 };

static bool count_song(void *context, const struct song *song)
{
    (void)song;
    ++*(size_t *)context;
    return true;
}

static void agrees_with_a_plain_table_after_thousands_of_changes(void **state)
{
    struct catalogue *catalogue = *state;
    struct chance chance = {1};
    static uint32_t titles[PLACES];
    char uri[64], tags[128], expected[64];
    size_t there = 0, walked = 0;
    struct catalogue_walk walk = {&walked, NULL, count_song};

    memset(titles, 0, sizeof titles);
    for (uint32_t change = 1; change <= CHANGES; change++) {
        uint32_t place = chance_below(&chance, PLACES);

        snprintf(uri, sizeof uri, "%u/%u/%u.flac", place % 3, place % 11, place);
        if (chance_below(&chance, 3) == 0) {
            catalogue_remove(catalogue, uri);
            titles[place] = 0;
        } else {
            snprintf(tags, sizeof tags, "Title=%u|Genre=%u", change, change % 5);
            record_put(catalogue, uri, tags);
            titles[place] = change;
        }
    }
    for (uint32_t place = 0; place < PLACES; place++) {
        const struct song *song;

        snprintf(uri, sizeof uri, "%u/%u/%u.flac", place % 3, place % 11, place);
        snprintf(expected, sizeof expected, "%u", titles[place]);
        song = catalogue_find(catalogue, uri);
        assert_true((song != NULL) == (titles[place] != 0));
        if (song != NULL) {
            assert_string_equal(song_first(catalogue, song, TAG_TITLE), expected);
            there++;
        }
    }
    assert_int_equal(catalogue_count(catalogue), there);
    assert_int_equal(catalogue_walk(catalogue, "", true, &walk), 0);
    assert_int_equal(walked, there);
    catalogue_clear(catalogue);
    assert_int_equal(catalogue->strings.index.used, 1); /* "" alone */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(finds_what_was_put),
        TEST(does_not_find_what_only_looks_like_it),
        TEST(replaces_the_tags_of_a_track_read_anew),
        TEST(forgets_a_folder_with_its_last_track),
        TEST(walks_as_it_is_shown_albums_together_and_in_order),
        TEST(walks_one_folder_alone),
        TEST(keeps_guests_out_of_the_tree),
        TEST(lists_what_cannot_be_read_with_its_reason_and_does_not_count_it),
        TEST(does_not_grow_when_the_same_tracks_are_read_again_and_again),
        TEST(agrees_with_a_plain_table_after_thousands_of_changes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
