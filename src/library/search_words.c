/* search_words.c - words as they are typed, in the folded lines of the catalogue. */
#include "library/search_words.h"

#include "library/catalogue_internal.h"
#include "library/find_bytes.h"
#include "library/fold.h"

#include <stdlib.h>
#include <string.h>

/* What is typed beyond this is not looked at. */
enum { WORDS_MAX = 32, TEXT_MAX = 1024 };

struct word {
    const char *text;
    size_t length;
};

struct query {
    char text[TEXT_MAX]; /* folded, one space between words, none at the ends */
    struct word words[WORDS_MAX];
    size_t count;
};

static void query_make(struct query *query, const char *text)
{
    char folded[TEXT_MAX];
    const char *word = folded;
    size_t used = 0;

    query->count = 0;
    fold_text(folded, sizeof folded, text, true);
    while (query->count < WORDS_MAX && *(word += strspn(word, " \t\r\n")) != '\0') {
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

static bool begins_word(const char *line, const char *at)
{
    return at == line || !fold_is_letter(at[-1]);
}

/* How a word stands in a line. */
static enum words_class find_word(const char *line, size_t length, const struct word *word)
{
    const char *at = line, *end = line + length;
    enum words_class best = WORDS_FIT_NOT;

    while ((at = find_bytes(at, end, word->text, word->length)) != NULL) {
        if (begins_word(line, at)) {
            return WORDS_BEGIN;
        }
        best = WORDS_INSIDE;
        at++;
    }
    return best;
}

static enum words_class find_words(const char *line, size_t length, const struct query *query)
{
    enum words_class worst = WORDS_BEGIN;

    for (size_t i = 0; i < query->count && worst != WORDS_FIT_NOT; i++) {
        enum words_class found = find_word(line, length, &query->words[i]);

        worst = found < worst ? found : worst;
    }
    return worst;
}

/* Without its end. */
static size_t line_length(const struct catalogue *catalogue, uint32_t line)
{
    size_t end =
        line + 1 < catalogue->line_count ? catalogue->lines[line + 1].offset : catalogue->text_used;

    return end - catalogue->lines[line].offset - 1;
}

static void forget_hits(struct search_words *words)
{
    memset(words->hits, 0, sizeof words->hits);
}

/* Looks again where there was something. */
static void refine(const struct catalogue *catalogue, const struct query *query,
                   struct search_words *words)
{
    forget_hits(words);
    for (uint32_t slot = 0; slot < catalogue->song_count; slot++) {
        uint32_t line = catalogue->songs[slot].line;

        if (words->classes[slot] == WORDS_FIT_NOT) {
            continue;
        }
        words->classes[slot] = (uint8_t)find_words(catalogue->text + catalogue->lines[line].offset,
                                                   line_length(catalogue, line), query);
        words->hits[words->classes[slot]]++;
    }
}

/* The longest word leads through the text; the others are looked for in the lines where it is. */
static void scan(const struct catalogue *catalogue, const struct query *query,
                 struct search_words *words)
{
    const struct word *longest = &query->words[0];
    const char *at = catalogue->text, *end = at + catalogue->text_used;
    uint32_t line = 0;

    for (size_t i = 1; i < query->count; i++) {
        if (query->words[i].length > longest->length) {
            longest = &query->words[i];
        }
    }
    memset(words->classes, WORDS_FIT_NOT, catalogue->song_count);
    forget_hits(words);
    while (at != NULL && (at = find_bytes(at, end, longest->text, longest->length)) != NULL) {
        size_t offset = (size_t)(at - catalogue->text), length;
        uint8_t *class;

        while (line + 1 < catalogue->line_count && catalogue->lines[line + 1].offset <= offset) {
            line++;
        }
        length = line_length(catalogue, line);
        class = &words->classes[catalogue->lines[line].song];
        *class =
            (uint8_t)find_words(catalogue->text + catalogue->lines[line].offset, length, query);
        words->hits[*class]++;
        at = catalogue->text + catalogue->lines[line].offset + length + 1;
    }
}

static void fit_all(const struct catalogue *catalogue, struct search_words *words)
{
    forget_hits(words);
    for (uint32_t slot = 0; slot < catalogue->song_count; slot++) {
        words->classes[slot] = catalogue->songs[slot].folder != CATALOGUE_NONE &&
                                       catalogue->songs[slot].line != CATALOGUE_NONE
                                   ? WORDS_BEGIN
                                   : WORDS_FIT_NOT;
        words->hits[words->classes[slot]]++;
    }
}

const struct search_words *search_words_find(struct catalogue *catalogue, const char *text)
{
    struct search_words *words = search_cache_words(catalogue);
    struct query query;
    char *kept;

    if (words == NULL) {
        return NULL;
    }
    query_make(&query, text);
    if (words->text != NULL && strcmp(words->text, query.text) == 0) {
        return words;
    }
    kept = strdup(query.text);
    if (kept == NULL) {
        return NULL;
    }
    if (query.count == 0) {
        fit_all(catalogue, words);
    } else if (words->text != NULL && words->text[0] != '\0' &&
               strncmp(words->text, query.text, strlen(words->text)) == 0) {
        refine(catalogue, &query, words);
    } else {
        scan(catalogue, &query, words);
    }
    free(words->text);
    words->text = kept;
    return words;
}
