/* fuzz_search.c - what clients send to be looked for: filter expressions and words, in a library of
 * two songs, one of which is made of the same bytes. */
#include "library/search.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TEXT_MOST = 2048 };

static void put(struct catalogue *catalogue, const char *uri, const char *text)
{
    struct tag_value values[] = {{TAG_ARTIST, text}, {TAG_TITLE, text}, {TAG_TRACK, text}};
    struct tags tags = {.values = values,
                        .count = 3,
                        .track_gain_db = (double)NAN,
                        .track_peak = (double)NAN,
                        .album_gain_db = (double)NAN,
                        .album_peak = (double)NAN};
    struct record record = {.uri = uri, .tags = &tags};

    if (catalogue_put(catalogue, &record) != 0) {
        abort();
    }
}

/* A song that fits an expression does not fit what turns it round. */
static void check_filter(const struct catalogue *catalogue, const char *text, bool fold)
{
    const struct song *song = catalogue_find(catalogue, "a/b.flac");
    char turned[TEXT_MOST + 8], message[256];
    const char *words[] = {text, turned};
    struct filter *filter, *opposite;
    bool fits;

    if (filter_parse(&filter, words, 1, fold, message, sizeof message) != 0) {
        return;
    }
    fits = filter_fits(filter, catalogue, song);
    snprintf(turned, sizeof turned, "(!%s)", text);
    if (filter_parse(&opposite, words + 1, 1, fold, message, sizeof message) == 0) {
        if (filter_fits(opposite, catalogue, song) == fits) {
            abort();
        }
        filter_destroy(opposite);
    }
    filter_destroy(filter);
}

/* A song is found by its own title, unless that is longer than what is looked at. */
static void check_words(struct catalogue *catalogue, const char *text)
{
    struct search_question question = {
        .text = text, .order = {SEARCH_NO_ORDER, false}, .last = SIZE_MAX};
    struct search_result result;

    if (search_songs(catalogue, &question, &result) != 0 ||
        (strlen(text) < 64 && result.total == 0)) {
        abort();
    }
    search_result_finish(&result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct catalogue *catalogue = catalogue_create();
    size_t length = size < TEXT_MOST ? size : TEXT_MOST;
    char text[TEXT_MOST + 1];

    if (catalogue == NULL) {
        abort();
    }
    memcpy(text, data, length);
    text[length] = '\0';
    put(catalogue, "a/b.flac", text);
    put(catalogue, "c.flac", "Another");
    check_filter(catalogue, text, false);
    check_filter(catalogue, text, true);
    check_words(catalogue, text);
    catalogue_destroy(catalogue);
    return 0;
}
