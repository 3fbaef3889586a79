/* test_search_plain.c - random libraries: search and lists beside slow plain versions of them. */
#include "library/search.h"

#include "library/fold.h"
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

enum { SONGS = 300, LINE = 2048 };

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

static const char *const words[] = {"Sun",   "sunny", "\xC3\x89t\xC3\xA9", "ete", "AC/DC", "dc",
                                    "Black", "lack",  "(remix)",           "mix", "O",     "oo"};
enum { WORDS = sizeof words / sizeof words[0] };

static void make_value(struct chance *chance, char *text, size_t size)
{
    uint32_t count = 1 + chance_below(chance, 3);
    size_t used = 0;

    for (uint32_t i = 0; i < count; i++) {
        used += (size_t)snprintf(text + used, size - used, "%s%s", i > 0 ? " " : "",
                                 words[chance_below(chance, WORDS)]);
    }
}

static void put_random(struct catalogue *catalogue, struct chance *chance, uint32_t number)
{
    static const char *const kinds[] = {"Artist",      "Artist", "Album", "Title",
                                        "AlbumArtist", "Genre",  "Date"};
    char uri[64], tags[1024] = "", value[64];
    struct made_record made;

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (chance_below(chance, 3) != 0) {
            size_t used = strlen(tags);

            make_value(chance, value, sizeof value);
            snprintf(tags + used, sizeof tags - used, "%s%s=%s", used > 0 ? "|" : "", kinds[i],
                     value);
        }
    }
    snprintf(tags + strlen(tags), sizeof tags - strlen(tags), "%sTrack=%u/20|Disc=%u",
             tags[0] != '\0' ? "|" : "", chance_below(chance, 12), chance_below(chance, 2));
    snprintf(uri, sizeof uri, "%u/%u/%s %u.flac", number % 3, number % 5,
             number % 2 == 0 ? "Sun" : "lack", number);
    record_make(&made, uri, tags);
    made.record.modified_ns = (int64_t)chance_below(chance, 100) * 1000000000;
    made.tags.duration_s = chance_below(chance, 100);
    assert_int_equal(catalogue_put(catalogue, &made.record), 0);
}

static void put_library(struct catalogue *catalogue, struct chance *chance)
{
    for (uint32_t i = 0; i < SONGS; i++) {
        put_random(catalogue, chance, chance_below(chance, SONGS));
        if (chance_below(chance, 9) == 0) {
            char uri[64];
            uint32_t number = chance_below(chance, SONGS);

            snprintf(uri, sizeof uri, "%u/%u/%s %u.flac", number % 3, number % 5,
                     number % 2 == 0 ? "Sun" : "lack", number);
            catalogue_remove(catalogue, uri);
        }
    }
}

/* All songs, as the tree has them. */
struct plain {
    const struct catalogue *catalogue;
    const struct song *songs[SONGS];
    size_t places[SONGS];
    int classes[SONGS]; /* 0: does not fit */
    size_t count;
};

static bool add_song(void *context, const struct song *song)
{
    struct plain *plain = context;

    plain->songs[plain->count++] = song;
    return true;
}

static void read_plain(struct plain *plain, const struct catalogue *catalogue)
{
    struct catalogue_walk walk = {plain, NULL, add_song};

    plain->catalogue = catalogue;
    plain->count = 0;
    assert_int_equal(catalogue_walk(catalogue, "", true, &walk), 0);
}

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || (byte & 0x80) != 0;
}

/* 0: not there, 1: inside, 2: begins a word. */
static int plain_word(const char *line, const char *word)
{
    int best = 0;

    for (const char *at = line; (at = strstr(at, word)) != NULL; at++) {
        bool begins = at == line || !is_letter(at[-1]);

        best = begins ? 2 : best > 1 ? best : 1;
    }
    return best;
}

static int plain_class(const struct catalogue *catalogue, const struct song *song, const char *text)
{
    static const enum tag kinds[] = {TAG_ARTIST, TAG_ALBUM_ARTIST, TAG_ALBUM, TAG_TITLE, TAG_DATE};
    char all[LINE] = "", line[LINE], query[LINE], uri[SONG_URI_SIZE], *rest;
    int class = 2;

    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        const char *value;

        for (size_t i = 0; (value = song_tag(catalogue, song, kinds[k], i)) != NULL; i++) {
            snprintf(all + strlen(all), sizeof all - strlen(all), "%s ", value);
        }
    }
    snprintf(all + strlen(all), sizeof all - strlen(all), "%s",
             strrchr(song_uri(catalogue, song, uri), '/') + 1);
    search_fold(line, sizeof line, all);
    search_fold(query, sizeof query, text);
    for (char *word = strtok_r(query, " ", &rest); word != NULL;
         word = strtok_r(NULL, " ", &rest)) {
        int found = plain_word(line, word);

        class = found < class ? found : class;
    }
    return class;
}

static const char *resolved(const struct catalogue *catalogue, const struct song *song,
                            enum tag kind)
{
    const char *value = song_tag(catalogue, song, kind, 0);

    if (value == NULL && kind == TAG_ALBUM_ARTIST) {
        value = song_tag(catalogue, song, TAG_ARTIST, 0);
    }
    return value != NULL ? value : "";
}

static int compare_kind(const struct catalogue *catalogue, enum tag kind, const struct song *one,
                        const struct song *other)
{
    const char *first = resolved(catalogue, one, kind);
    const char *second = resolved(catalogue, other, kind);

    if (kind == TAG_TRACK || kind == TAG_DISC) {
        return atoi(first) - atoi(second);
    }
    return fold_compare(first, second);
}

struct comparison {
    const struct plain *plain;
    struct search_order order;
};

static int compare_plain(const void *one, const void *other, void *context)
{
    static const enum tag ties[] = {TAG_ALBUM_ARTIST, TAG_DATE, TAG_ALBUM, TAG_DISC, TAG_TRACK};
    const struct comparison *comparison = context;
    const struct plain *plain = comparison->plain;
    size_t first = *(const size_t *)one, second = *(const size_t *)other;
    const struct song *a = plain->songs[first], *b = plain->songs[second];
    int order = plain->classes[second] - plain->classes[first];

    if (order == 0 && comparison->order.kind == SEARCH_BY_MODIFIED) {
        struct song_facts facts, other_facts;

        song_facts(plain->catalogue, a, &facts);
        song_facts(plain->catalogue, b, &other_facts);
        order = (facts.modified_s > other_facts.modified_s) -
                (facts.modified_s < other_facts.modified_s);
    } else if (order == 0 && comparison->order.kind >= 0) {
        order = compare_kind(plain->catalogue, (enum tag)comparison->order.kind, a, b);
    }
    if (plain->classes[second] == plain->classes[first] && comparison->order.descending) {
        order = -order;
    }
    for (size_t i = 0; order == 0 && comparison->order.kind != SEARCH_BY_PLACE && i < 5; i++) {
        order = compare_kind(plain->catalogue, ties[i], a, b);
    }
    return order != 0 ? order : (first > second) - (first < second);
}

static void check_search(struct catalogue *catalogue, const char *text,
                         const struct search_order *order, size_t first, size_t last)
{
    static struct plain plain;
    struct comparison comparison = {&plain, *order};
    struct search_question question = {NULL, text, *order, first, last};
    struct search_result result;
    size_t fitting = 0;

    read_plain(&plain, catalogue);
    for (size_t i = 0; i < plain.count; i++) {
        plain.classes[i] = plain_class(catalogue, plain.songs[i], text);
        if (plain.classes[i] > 0) {
            plain.places[fitting++] = i;
        }
    }
    qsort_r(plain.places, fitting, sizeof plain.places[0], compare_plain, &comparison);
    assert_int_equal(search_songs(catalogue, &question, &result), 0);
    assert_int_equal(result.total, fitting);
    assert_int_equal(result.count, first < fitting ? (last < fitting ? last : fitting) - first : 0);
    for (size_t i = 0; i < result.count; i++) {
        assert_ptr_equal(result.songs[i], plain.songs[plain.places[first + i]]);
    }
    search_result_finish(&result);
}

static void agrees_with_a_plain_search_in_random_libraries(void **state)
{
    static const struct search_order orders[] = {
        {SEARCH_NO_ORDER, false},    {SEARCH_BY_PLACE, false},   {TAG_TITLE, false},
        {TAG_TITLE, true},           {TAG_TRACK, false},         {TAG_ALBUM_ARTIST, true},
        {SEARCH_BY_MODIFIED, false}, {SEARCH_BY_MODIFIED, true}, {TAG_DATE, false},
        {TAG_GENRE, false}};
    struct chance chance = {11};

    for (int round = 0; round < 6; round++) {
        put_library(*state, &chance);
        for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
            char text[64];
            size_t first = chance_below(&chance, 60), length;

            make_value(&chance, text, sizeof text);
            for (length = chance_below(&chance, 3); text[length] != '\0'; length++) {
                char key[64];

                snprintf(key, sizeof key, "%.*s", (int)length, text);
                check_search(*state, key, &orders[i], 0, SIZE_MAX);
            }
            check_search(*state, "", &orders[i], first, first + chance_below(&chance, 60));
        }
    }
}

/* Rows as text, "title | album artist", in order. */
struct lines {
    char text[SONGS * 4][128];
    size_t count, values;
};

static bool add_line(void *context, const char *const row[])
{
    struct lines *lines = context;
    char *text = lines->text[lines->count++];

    snprintf(text, sizeof lines->text[0], "%s", row[0]);
    if (lines->values > 1) {
        snprintf(text + strlen(text), sizeof lines->text[0] - strlen(text), "|%s", row[1]);
    }
    return true;
}

/* By the group, then by the value. */
static int compare_lines(const void *one, const void *other)
{
    char first[128], second[128], *group, *other_group;
    int order = 0;

    snprintf(first, sizeof first, "%s", (const char *)one);
    snprintf(second, sizeof second, "%s", (const char *)other);
    group = strchr(first, '|');
    other_group = strchr(second, '|');
    if (group != NULL && other_group != NULL) {
        *group = *other_group = '\0';
        order = fold_compare(group + 1, other_group + 1);
    }
    return order != 0 ? order : fold_compare(first, second);
}

/* The values of a kind, what it falls back to included; "" where there is none. */
static size_t all_values(const struct catalogue *catalogue, const struct song *song, enum tag kind,
                         const char *found[4])
{
    size_t count = 0;

    if (kind == TAG_ALBUM_ARTIST && song_tag(catalogue, song, kind, 0) == NULL) {
        kind = TAG_ARTIST;
    }
    while (count < 4 && (found[count] = song_tag(catalogue, song, kind, count)) != NULL) {
        count++;
    }
    if (count == 0) {
        found[count++] = "";
    }
    return count;
}

static void lists_each_value_once_as_a_plain_list_does(void **state)
{
    static struct lines lines, expected;
    static struct plain plain;
    static const enum tag group[] = {TAG_ALBUM_ARTIST};
    struct chance chance = {17};

    for (size_t groups = 0; groups < 2; groups++) {
        struct search_columns columns = {TAG_TITLE, group, groups, NULL, 0, SIZE_MAX};

        put_library(*state, &chance);
        read_plain(&plain, *state);
        lines = (struct lines){.values = groups + 1};
        expected = lines;
        for (size_t i = 0; i < plain.count; i++) {
            const char *titles[4], *artists[4] = {""};
            size_t title_count = all_values(*state, plain.songs[i], TAG_TITLE, titles);
            size_t artist_count =
                groups > 0 ? all_values(*state, plain.songs[i], TAG_ALBUM_ARTIST, artists) : 1;

            for (size_t k = 0; k < title_count * artist_count; k++) {
                const char *row[] = {titles[k / artist_count], artists[k % artist_count]};

                add_line(&expected, row);
            }
        }
        qsort(expected.text, expected.count, sizeof expected.text[0], compare_lines);
        assert_int_equal(search_list(*state, &columns, add_line, &lines), 0);
        for (size_t i = 0, k = 0; i < expected.count; i++) {
            if (i == 0 || strcmp(expected.text[i], expected.text[i - 1]) != 0) {
                assert_true(k < lines.count);
                assert_string_equal(lines.text[k++], expected.text[i]);
            }
        }
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(agrees_with_a_plain_search_in_random_libraries),
        TEST(lists_each_value_once_as_a_plain_list_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
