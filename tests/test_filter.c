/* test_filter.c - filter expressions: read as MPD reads them, fitting what they say. */
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
    struct catalogue *catalogue = catalogue_create();

    record_put(catalogue, "Bjork/Homogenic/1.flac",
               "Artist=Bj\xC3\xB6rk|Album=Homogenic|Title=Hunter|Track=1/10|Genre=Electronic|"
               "Genre=Pop|Date=1997-09-22");
    record_put(catalogue, "Bjork/Homogenic/2.flac",
               "Artist=Bj\xC3\xB6rk|AlbumArtist=Bjork|Album=Homogenic|Title=J\xC3\xB3ga|Track=2");
    record_put(catalogue, "ACDC/hells.ogg",
               "Artist=AC/DC|Album=Back in Black|Title=Hells \"Bells\"|ArtistSort=ACDC");
    record_put(catalogue, "x.flac", "Artist=One|Title=It's mine|Comment=a\\b");
    record_put(catalogue, "plain.wav", "");
    *state = catalogue;
    return 0;
}

static int tear_down(void **state)
{
    catalogue_destroy(*state);
    return 0;
}

/* The names of the files that fit, in order of the tree. */
static const char *fitting(struct catalogue *catalogue, const char *const words[], size_t count,
                           bool fold)
{
    static char found[8192];
    struct search_question question = {.order = {SEARCH_BY_PLACE, false}, .last = SIZE_MAX};
    struct search_result result;
    struct filter *filter;
    char message[256];

    if (filter_parse(&filter, words, count, fold, message, sizeof message) < 0) {
        snprintf(found, sizeof found, "%s", message);
        return found;
    }
    question.filter = filter;
    assert_int_equal(search_songs(catalogue, &question, &result), 0);
    found[0] = '\0';
    for (size_t i = 0; i < result.count; i++) {
        char uri[SONG_URI_SIZE];
        const char *name = strrchr(song_uri(catalogue, result.songs[i], uri), '/');
        size_t used = strlen(found);

        snprintf(found + used, sizeof found - used, "%s%s", used > 0 ? " " : "",
                 name != NULL ? name + 1 : uri);
    }
    search_result_finish(&result);
    filter_destroy(filter);
    return found;
}

struct expected {
    const char *expression, *found;
};

static void expect_all(struct catalogue *catalogue, const struct expected *expected, size_t count,
                       bool fold)
{
    for (size_t i = 0; i < count; i++) {
        const char *found = fitting(catalogue, &expected[i].expression, 1, fold);

        if (strcmp(found, expected[i].found) != 0) {
            print_error("%s\n", expected[i].expression);
        }
        assert_string_equal(found, expected[i].found);
    }
}

#define EXPECT_ALL(catalogue, list, fold)                                                          \
    expect_all(catalogue, list, sizeof(list) / sizeof(list)[0], fold)

static void finds_by_each_operator(void **state)
{
    static const struct expected list[] = {
        {"(Artist == 'Bj\xC3\xB6rk')", "1.flac 2.flac"},
        {"(artist=='Bj\xC3\xB6rk')", "1.flac 2.flac"},
        {"( artist  ==  \"One\" )", "x.flac"},
        {"(artist == 'one')", ""},
        {"(artist != 'One')", "plain.wav hells.ogg 1.flac 2.flac"},
        {"(genre == 'Pop')", "1.flac"},
        {"(genre != 'Pop')", "plain.wav x.flac hells.ogg 2.flac"},
        {"(title contains 'ell')", "hells.ogg"},
        {"(title CONTAINS 'ELL')", ""},
        {"(title !contains 'n')", "plain.wav hells.ogg 2.flac"},
        {"(title starts_with 'H')", "hells.ogg 1.flac"},
        {"(title !starts_with 'H')", "plain.wav x.flac 2.flac"},
        {"(title =~ '^H.*r$')", "1.flac"},
        {"(title !~ 'e')", "plain.wav 2.flac"},
        {"(date =~ '^\\\\d{4}-')", "1.flac"},
        {"(any == 'Pop')", "1.flac"},
        {"(file == 'x.flac')", "x.flac"},
        {"(file contains 'Homo')", "1.flac 2.flac"},
        {"(file contains 'genic/1')", "1.flac"},
        {"(file starts_with 'ACDC/')", "hells.ogg"},
        {"(base 'Bjork')", "1.flac 2.flac"},
        {"(base 'Bjork/Homogenic')", "1.flac 2.flac"},
        {"(base 'Bj')", ""},
        {"(base 'x.flac')", "x.flac"},
        {"(base 'ACDC/hells.ogg')", "hells.ogg"},
        {"(base '')", "plain.wav x.flac hells.ogg 1.flac 2.flac"},
        {"(modified-since '1000')", "plain.wav x.flac hells.ogg 1.flac 2.flac"},
        {"(modified-since '1970-01-01T00:16:41Z')", ""},
        {"(modified-since '1970-01-01T01:16:40+01:00')",
         "plain.wav x.flac hells.ogg 1.flac 2.flac"},
        {"(added-since '2001')", ""},
        {"(AudioFormat == '44100:16:2')", "plain.wav x.flac hells.ogg 1.flac 2.flac"},
        {"(AudioFormat =~ '*:24:*')", ""},
        {"(AudioFormat =~ '44100:*:*')", "plain.wav x.flac hells.ogg 1.flac 2.flac"},
    };

    EXPECT_ALL(*state, list, false);
}

static void joins_and_turns_round(void **state)
{
    static const struct expected list[] = {
        {"((artist == 'Bj\xC3\xB6rk') AND (title == 'Hunter'))", "1.flac"},
        {"((artist == 'Bj\xC3\xB6rk'))", "1.flac 2.flac"},
        {"((artist == 'One') AND (base '') AND (title contains 'm'))", "x.flac"},
        {"(!(artist == 'Bj\xC3\xB6rk'))", "plain.wav x.flac hells.ogg"},
        {"(!((artist == 'One') AND (title == 'Hunter')))",
         "plain.wav x.flac hells.ogg 1.flac 2.flac"},
        {"(!(!(artist == 'One')))", "x.flac"},
        {"((!(base 'Bjork')) AND (artist != ''))", "x.flac hells.ogg"},
    };

    EXPECT_ALL(*state, list, false);
}

static void knows_what_is_missing_and_what_it_falls_back_to(void **state)
{
    static const struct expected list[] = {
        {"(artist == '')", "plain.wav"},
        {"(artist != '')", "x.flac hells.ogg 1.flac 2.flac"},
        {"(any == '')", ""},
        {"(albumartist == 'Bj\xC3\xB6rk')", "1.flac"},
        {"(albumartist == 'Bjork')", "2.flac"},
        {"(artistsort == 'ACDC')", "hells.ogg"},
        {"(artistsort == 'AC/DC')", ""},
        {"(albumartistsort == 'ACDC')", "hells.ogg"},
        {"(albumartistsort == 'One')", "x.flac"},
        {"(albumsort == 'Homogenic')", "1.flac 2.flac"},
    };

    EXPECT_ALL(*state, list, false);
}

static void takes_quotes_and_backslashes_in_values(void **state)
{
    static const struct expected list[] = {
        {"(title == 'It\\'s mine')", "x.flac"},
        {"(title == \"It's mine\")", "x.flac"},
        {"(title == \"Hells \\\"Bells\\\"\")", "hells.ogg"},
        {"(comment == 'a\\\\b')", "x.flac"},
    };

    EXPECT_ALL(*state, list, false);
}

static void puts_case_aside_for_search(void **state)
{
    static const struct expected list[] = {
        {"(title == 'HUNTER')", "1.flac"},
        {"(artist == 'BJ\xC3\x96RK')", "1.flac 2.flac"},
        {"(artist == 'bjork')", ""},
        {"(title contains 'ELL')", "hells.ogg"},
        {"(title starts_with 'hEl')", "hells.ogg"},
        {"(title =~ '^h.*R$')", "1.flac"},
        {"(file contains 'HOMO')", "1.flac 2.flac"},
    };

    EXPECT_ALL(*state, list, true);
}

static void takes_pairs_and_expressions_beside_each_other(void **state)
{
    const char *pairs[] = {"artist", "Bj\xC3\xB6rk", "title", "Hunter"};
    const char *folded[] = {"artist", "bj\xC3\xB6", "TITLE", "UNT"};
    const char *mixed[] = {"(artist == 'Bj\xC3\xB6rk')", "album", "Homogenic"};
    const char *other_way[] = {"any", "Homogenic", "(track == '2')"};

    assert_string_equal(fitting(*state, pairs, 4, false), "1.flac");
    assert_string_equal(fitting(*state, folded, 4, true), "1.flac");
    assert_string_equal(fitting(*state, mixed, 3, false), "1.flac 2.flac");
    assert_string_equal(fitting(*state, other_way, 3, false), "2.flac");
}

/* Each message is what Debian's mpd 0.23.12 says to the same. */
static void says_what_is_wrong_as_mpd_does(void **state)
{
    static const struct expected list[] = {
        {"(artist == 'ZZ'", "')' expected"},
        {"(artist == 'ZZ)", "Closing quote not found"},
        {"(artist == ZZ)", "Quoted string expected"},
        {"(artist = 'ZZ')", "'==' or '!=' expected"},
        {"(artist 'ZZ')", "'==' or '!=' expected"},
        {"(artist)", "'==' or '!=' expected"},
        {"(title contains'Hunter')", "'==' or '!=' expected"},
        {"(foo == 'ZZ')", "Unknown filter type: foo"},
        {"(artist == 'ZZ') x", "Unparsed garbage after expression"},
        {"(artist == 'a') AND (title == 'b')", "Unparsed garbage after expression"},
        {"(artist == 'a' AND title == 'b')", "')' expected"},
        {"((artist == 'a') and (title == 'b'))", "'AND' expected"},
        {"((artist == 'a') (title == 'b'))", "Word expected"},
        {"((artist == 'a')", "Word expected"},
        {"(!artist == 'a')", "'(' expected"},
        {"(!(title == 'a')", "')' expected"},
        {"()", "Word expected"},
        {"(", "Word expected"},
        {"", "Incorrect number of filter arguments"},
        {"artist", "Incorrect number of filter arguments"},
        {"(modified-since 'foo')", "Failed to parse date"},
        {"(base == 'x')", "Quoted string expected"},
        {"(AudioFormat != '44100:16:2')", "'==' or '=~' expected"},
        {"(AudioFormat == 'foo')", "Failed to parse the sample rate"},
        {"(AudioFormat == '44100:16')", "Channel count missing"},
        {"(AudioFormat == '44100:16:')", "Failed to parse the channel count"},
    };
    const char *unknown[] = {"foo", "bar"}, *odd[] = {"artist", "a", "title"};
    const char *bad_base[] = {"base", "Bjork/"}, *bad_time[] = {"modified-since", "foo"};

    EXPECT_ALL(*state, list, false);
    assert_string_equal(fitting(*state, unknown, 2, false), "Unknown filter type");
    assert_string_equal(fitting(*state, odd, 3, false), "Incorrect number of filter arguments");
    assert_string_equal(fitting(*state, NULL, 0, false), "Incorrect number of filter arguments");
    assert_string_equal(fitting(*state, bad_base, 2, false), "Bad URI");
    assert_string_equal(fitting(*state, bad_time, 2, false), "Failed to parse date");
}

static void refuses_what_would_cost_too_much(void **state)
{
    char deep[8192] = "", regex[1024];
    const char *expression = deep;

    memset(deep, '(', sizeof deep - 1);
    assert_string_equal(fitting(*state, &expression, 1, false), "Expression is too deep");
    expression = "(title =~ '(a*)*\\\\1')";
    assert_string_equal(fitting(*state, &expression, 1, false), "Regex with back-references");
    expression = "(title =~ '((a{99}){99}){99}')";
    assert_string_equal(fitting(*state, &expression, 1, false), "Regex with too large counts");
    snprintf(regex, sizeof regex, "(title =~ '%0500d')", 1);
    expression = regex;
    assert_string_equal(fitting(*state, &expression, 1, false), "Regex is too long");
    expression = "(title =~ '(')";
    assert_non_null(strstr(fitting(*state, &expression, 1, false), "Error in regex"));
}

static void tells_the_folder_that_is_asked_for(void **state)
{
    const char *plain = "(base 'Bjork')", *joined = "((base 'Bjork') AND (title == 'x'))";
    const char *turned = "(!(base 'Bjork'))", *none = "(title == 'x')";
    const char *const expressions[] = {plain, joined, turned, none};
    const char *const bases[] = {"Bjork", "Bjork", NULL, NULL};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct filter *filter;
        char message[64];

        assert_int_equal(filter_parse(&filter, &expressions[i], 1, false, message, sizeof message),
                         0);
        if (bases[i] == NULL) {
            assert_null(filter_base(filter));
        } else {
            assert_string_equal(filter_base(filter), bases[i]);
        }
        filter_destroy(filter);
    }
}

/* --- random filters against a plain reading ----------------------------------------------------
 */

static const char *const values[] = {"", "a", "b", "ab", "ba", "aab"};
static const enum tag kinds[] = {TAG_ARTIST, TAG_ALBUM_ARTIST, TAG_TITLE, TAG_GENRE};
static const char *const operators[] = {"==", "!=", "contains", "!contains", "starts_with"};

struct plain {
    const struct catalogue *catalogue;
    const struct song *song;
    struct chance *chance;
};

static bool value_fits(const char *text, int how, const char *value)
{
    switch (how) {
    case 0:
    case 1:
        return strcmp(text, value) == 0;
    case 2:
    case 3:
        return strstr(text, value) != NULL;
    default:
        return strncmp(text, value, strlen(value)) == 0;
    }
}

static bool plain_condition(const struct plain *plain, enum tag kind, int how, const char *value)
{
    bool fits = false, negated = how == 1 || how == 3;
    const char *text;

    if (kind == TAG_ALBUM_ARTIST && song_tag(plain->catalogue, plain->song, kind, 0) == NULL) {
        kind = TAG_ARTIST;
    }
    if (song_tag(plain->catalogue, plain->song, kind, 0) == NULL) {
        fits = value[0] == '\0';
    }
    for (size_t i = 0; (text = song_tag(plain->catalogue, plain->song, kind, i)) != NULL; i++) {
        fits = fits || value_fits(text, how, value);
    }
    return fits != negated;
}

/* Writes an expression and says whether the song fits it. */
static bool plain_expression(const struct plain *plain, char *text, size_t size, int depth)
{
    uint32_t shape = depth > 0 ? chance_below(plain->chance, 4) : 0;
    size_t used;
    bool fits;

    if (shape <= 1) {
        enum tag kind = kinds[chance_below(plain->chance, 4)];
        int how = (int)chance_below(plain->chance, 5);
        const char *value = values[chance_below(plain->chance, 6)];

        snprintf(text, size, "(%s %s '%s')", tag_name(kind), operators[how], value);
        return plain_condition(plain, kind, how, value);
    }
    snprintf(text, size, shape == 2 ? "(!" : "(");
    used = strlen(text);
    fits = plain_expression(plain, text + used, size - used, depth - 1);
    used = strlen(text);
    if (shape == 3) {
        bool other;

        snprintf(text + used, size - used, " AND ");
        used = strlen(text);
        other = plain_expression(plain, text + used, size - used, depth - 1);
        fits = fits && other;
        used = strlen(text);
    }
    snprintf(text + used, size - used, ")");
    return shape == 2 ? !fits : fits;
}

static void agrees_with_a_plain_reading_of_random_filters(void **state)
{
    struct chance chance = {3};
    struct catalogue *catalogue = catalogue_create();

    (void)state;
    for (uint32_t round = 0; round < 3000; round++) {
        char tags[256] = "", expression[4096];
        const char *word = expression;
        struct plain plain = {catalogue, NULL, &chance};
        struct filter *filter;
        char message[128];
        bool fits;

        for (size_t i = 0; i < 4; i++) {
            size_t used = strlen(tags);

            if (chance_below(&chance, 2) == 0) {
                snprintf(tags + used, sizeof tags - used, "%s%s=%s", used > 0 ? "|" : "",
                         tag_name(kinds[chance_below(&chance, 4)]),
                         values[1 + chance_below(&chance, 5)]);
            }
        }
        record_put(catalogue, "x.flac", tags);
        plain.song = catalogue_find(catalogue, "x.flac");
        fits = plain_expression(&plain, expression, sizeof expression, 4);
        assert_int_equal(filter_parse(&filter, &word, 1, false, message, sizeof message), 0);
        if (filter_fits(filter, catalogue, plain.song) != fits) {
            print_error("%s on %s\n", expression, tags);
        }
        assert_int_equal(filter_fits(filter, catalogue, plain.song), fits);
        filter_destroy(filter);
    }
    catalogue_destroy(catalogue);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(finds_by_each_operator),
        TEST(joins_and_turns_round),
        TEST(knows_what_is_missing_and_what_it_falls_back_to),
        TEST(takes_quotes_and_backslashes_in_values),
        TEST(puts_case_aside_for_search),
        TEST(takes_pairs_and_expressions_beside_each_other),
        TEST(says_what_is_wrong_as_mpd_does),
        TEST(refuses_what_would_cost_too_much),
        TEST(tells_the_folder_that_is_asked_for),
        TEST(agrees_with_a_plain_reading_of_random_filters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
