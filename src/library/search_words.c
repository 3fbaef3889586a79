/* search_words.c - words as they are typed: first in each string once, then in the songs. */
#include "library/search_words.h"

#include "library/catalogue_internal.h"
#include "library/fold.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* What is searched in, beside the name of the file. */
enum {
    SEARCHED_KINDS =
        1 << TAG_TITLE | 1 << TAG_ARTIST | 1 << TAG_ALBUM_ARTIST | 1 << TAG_ALBUM | 1 << TAG_DATE,
};

void search_query_make(struct search_query *query, const char *text)
{
    char folded[SEARCH_TEXT_MAX];
    const char *word = folded;
    size_t used = 0;

    query->count = 0;
    fold_text(folded, sizeof folded, text, true);
    while (query->count < SEARCH_WORDS_MAX && *(word += strspn(word, " \t\r\n")) != '\0') {
        size_t length = strcspn(word, " \t\r\n");

        if (used > 0) {
            query->text[used++] = ' ';
        }
        memcpy(query->text + used, word, length);
        query->words[query->count++] = (struct word){query->text + used, length};
        used += length;
        word += length;
    }
    query->text[used] = '\0';
}

static bool is_searched(uint32_t word)
{
    return (SEARCHED_KINDS >> word_kind(word) & 1) != 0;
}

/* Marks the strings that stand where it is searched, of the songs that fit so far, as if they
   fitted. */
static void mark_strings(const struct catalogue *catalogue, const uint8_t *classes,
                         uint8_t *strings)
{
    memset(strings, WORDS_FIT_NOT, catalogue->strings.count);
    for (uint32_t slot = 0; slot < catalogue->song_count; slot++) {
        const struct song *song = &catalogue->songs[slot];
        const uint32_t *words = catalogue->words + song->words;

        if (classes[slot] == WORDS_FIT_NOT) {
            continue;
        }
        strings[song->name] = WORDS_BEGIN;
        for (size_t i = 0; i < song->tag_count; i++) {
            if (is_searched(words[i])) {
                strings[word_string(words[i])] = WORDS_BEGIN;
            }
        }
    }
}

/* Makes ready for a new word: where few songs are left, few strings are looked at. */
static void begin_word(const struct catalogue *catalogue, struct search_words *words)
{
    if (words->hits[WORDS_FIT_NOT] > catalogue->playable / 2) {
        mark_strings(catalogue, words->classes, words->strings);
    } else {
        memcpy(words->strings, words->searched, catalogue->strings.count);
    }
}

/* Looks for a word in each string that is marked, and marks it as it fits. */
static void classify_strings(const struct catalogue *catalogue, const struct word *word,
                             uint8_t *strings)
{
    assert(word->text != NULL && word->length > 0);
    for (uint32_t id = 0; id < catalogue->strings.count; id++) {
        if (strings[id] != WORDS_FIT_NOT) {
            strings[id] = (uint8_t)word_find(intern_searched(&catalogue->strings, id), word);
        }
    }
}

/* The best that one of the song's strings has. */
static uint8_t class_of(const struct catalogue *catalogue, const struct song *song,
                        const uint8_t *strings)
{
    const uint32_t *words = catalogue->words + song->words;
    uint8_t best = strings[song->name];

    for (size_t i = 0; best < WORDS_BEGIN && i < song->tag_count; i++) {
        uint8_t class = is_searched(words[i]) ? strings[word_string(words[i])] : WORDS_FIT_NOT;

        best = class > best ? class : best;
    }
    return best;
}

/* Takes a word more into the classes of the songs. */
static void classify_songs(const struct catalogue *catalogue, struct search_words *words)
{
    memset(words->hits, 0, sizeof words->hits);
    for (uint32_t slot = 0; slot < catalogue->song_count; slot++) {
        uint8_t *class = &words->classes[slot], fits;

        if (*class != WORDS_FIT_NOT) {
            fits = class_of(catalogue, &catalogue->songs[slot], words->strings);
            *class = fits < *class ? fits : *class;
        }
        words->hits[*class]++;
    }
}

static void fit_all(const struct catalogue *catalogue, struct search_words *words)
{
    memset(words->hits, 0, sizeof words->hits);
    for (uint32_t slot = 0; slot < catalogue->song_count; slot++) {
        words->classes[slot] =
            song_is_playable(&catalogue->songs[slot]) ? WORDS_BEGIN : WORDS_FIT_NOT;
        words->hits[words->classes[slot]]++;
    }
}

/* One word more, or the last one with more letters: what fits it has fitted before. In a word that
   goes on, the strings of the last time are looked at alone. */
static void refine(const struct catalogue *catalogue, const struct search_query *query,
                   struct search_words *words)
{
    const struct word *last = &query->words[query->count - 1];

    if (words->count != query->count) {
        begin_word(catalogue, words);
    }
    classify_strings(catalogue, last, words->strings);
    classify_songs(catalogue, words);
}

/* The longest words leave the fewest songs, so they come first; but for the last one, whose strings
   are needed when it goes on. */
static void search_all(const struct catalogue *catalogue, const struct search_query *query,
                       struct search_words *words)
{
    bool done[SEARCH_WORDS_MAX] = {false};

    fit_all(catalogue, words);
    for (size_t n = 0; n < query->count; n++) {
        size_t longest = query->count - 1;

        for (size_t i = 0; i + 1 < query->count; i++) {
            if (!done[i] && (longest == query->count - 1 ||
                             query->words[i].length > query->words[longest].length)) {
                longest = i;
            }
        }
        done[longest] = true;
        begin_word(catalogue, words);
        classify_strings(catalogue, &query->words[longest], words->strings);
        classify_songs(catalogue, words);
    }
}

/* The same words, and then either letters behind the last one or one word more. */
static bool goes_on(const struct search_words *words, const struct search_query *query)
{
    size_t length = strlen(words->text);

    return words->count > 0 && strncmp(words->text, query->text, length) == 0 &&
           (query->count == words->count ||
            (query->count == words->count + 1 && query->text[length] == ' '));
}

static bool words_make(const struct catalogue *catalogue, struct search_words *words)
{
    if (words->text != NULL) {
        return true;
    }
    words->classes = calloc((size_t)catalogue->song_count + 1, 1);
    words->strings = calloc((size_t)catalogue->strings.count + 1, 1);
    words->searched = calloc((size_t)catalogue->strings.count + 1, 1);
    words->text = strdup("");
    if (words->classes == NULL || words->strings == NULL || words->searched == NULL ||
        words->text == NULL) {
        search_words_finish(words);
        return false;
    }
    fit_all(catalogue, words);
    mark_strings(catalogue, words->classes, words->searched);
    return true;
}

void search_words_finish(struct search_words *words)
{
    free(words->classes);
    free(words->strings);
    free(words->searched);
    free(words->text);
    memset(words, 0, sizeof *words);
}

const struct search_words *search_words_find(struct catalogue *catalogue, const char *text)
{
    struct search_words *words = search_cache_words(catalogue);
    struct search_query query = {.count = 0};
    char *kept;

    if (words == NULL || !words_make(catalogue, words)) {
        return NULL;
    }
    search_query_make(&query, text);
    if (strcmp(words->text, query.text) == 0) {
        return words;
    }
    kept = strdup(query.text);
    if (kept == NULL) {
        return NULL;
    }
    if (goes_on(words, &query)) {
        refine(catalogue, &query, words);
    } else {
        search_all(catalogue, &query, words);
    }
    free(words->text);
    words->text = kept;
    words->count = query.count;
    return words;
}

/* --- one song ------------------------------------------------------------------------------- */

static enum words_class better(enum words_class one, enum words_class other)
{
    return one > other ? one : other;
}

enum words_class search_query_song(const struct search_query *query,
                                   const struct catalogue *catalogue, const struct song *song)
{
    const struct intern *strings = &catalogue->strings;
    const uint32_t *tags = catalogue->words + song->words;
    enum words_class all = WORDS_BEGIN;

    for (size_t n = 0; all != WORDS_FIT_NOT && n < query->count; n++) {
        const struct word *word = &query->words[n];
        enum words_class best = word_find(intern_searched(strings, song->name), word);

        for (size_t i = 0; best < WORDS_BEGIN && i < song->tag_count; i++) {
            if (is_searched(tags[i])) {
                best =
                    better(best, word_find(intern_searched(strings, word_string(tags[i])), word));
            }
        }
        all = best < all ? best : all;
    }
    return all;
}

enum words_class search_query_name(const struct search_query *query, const char *uri)
{
    char name[SEARCH_TEXT_MAX + INTERN_PAD] = "";
    const char *slash = strrchr(uri, '/');
    enum words_class all = WORDS_BEGIN;

    fold_text(name, SEARCH_TEXT_MAX, slash != NULL ? slash + 1 : uri, true);
    for (size_t n = 0; n < query->count; n++) {
        enum words_class class = word_find(name, &query->words[n]);

        all = class < all ? class : all;
    }
    return all;
}
