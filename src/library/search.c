/* search.c - which songs fit, in which order. */
#include "library/search.h"

#include "library/catalogue_internal.h"
#include "library/fold.h"
#include "library/search_words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool search_order_parse(struct search_order *order, const char *text)
{
    int kind;

    order->descending = *text == '-';
    text += order->descending ? 1 : 0;
    kind = tag_named(text);
    if (strcasecmp(text, "Last-Modified") == 0) {
        kind = SEARCH_BY_MODIFIED;
    } else if (strcasecmp(text, "Added") == 0) {
        kind = SEARCH_BY_ADDED;
    }
    order->kind = kind;
    return kind >= 0;
}

void search_fold(char *out, size_t size, const char *in)
{
    fold_text(out, size, in, true);
}

/* One question, and what is needed to answer it. */
struct search {
    const struct catalogue *catalogue;
    const struct filter *filter;      /* NULL: everything */
    const struct search_words *words; /* NULL: everything */
    const uint32_t *slots;            /* catalogue_count of them, in order */
};

static int search_begin(struct search *search, struct catalogue *catalogue,
                        const struct filter *filter, const char *text,
                        const struct search_order *order)
{
    *search = (struct search){.catalogue = catalogue, .filter = filter};
    search->slots = search_cache_order(catalogue, order);
    if (search->slots == NULL) {
        return -ENOMEM;
    }
    if (text != NULL && text[strspn(text, " \t")] != '\0') {
        search->words = search_words_find(catalogue, text);
        if (search->words == NULL) {
            return -ENOMEM;
        }
    }
    return 0;
}

static bool fits_filter(const struct search *search, uint32_t slot)
{
    return search->filter == NULL ||
           filter_fits(search->filter, search->catalogue, &search->catalogue->songs[slot]);
}

/* The window over a run of hits, as they come. */
struct window {
    size_t first, last;
    struct search_result *result;
    size_t capacity;
};

static void window_add(struct window *window, const struct song *song)
{
    struct search_result *result = window->result;

    if (result->total >= window->first && result->total < window->last &&
        result->count < window->capacity) {
        result->songs[result->count++] = song;
    }
    result->total++;
}

/* Songs of one class; 0: of any, without words. */
static void search_class(const struct search *search, uint8_t class, struct window *window)
{
    const struct catalogue *catalogue = search->catalogue;

    for (size_t i = 0; i < catalogue->playable; i++) {
        uint32_t slot = search->slots[i];

        if ((class == 0 || search->words->classes[slot] == class) && fits_filter(search, slot)) {
            window_add(window, &catalogue->songs[slot]);
        }
    }
}

int search_songs(struct catalogue *catalogue, const struct filter *filter, const char *text,
                 const struct search_order *order, size_t first, size_t last,
                 struct search_result *result)
{
    struct window window = {first, last, result, 0};
    struct search search;
    int error = search_begin(&search, catalogue, filter, text, order);

    memset(result, 0, sizeof *result);
    if (error < 0) {
        return error;
    }
    if (first < last && first < catalogue->playable) {
        window.capacity = (last < catalogue->playable ? last : catalogue->playable) - first;
    }
    result->songs = calloc(window.capacity + 1, sizeof *result->songs);
    if (result->songs == NULL) {
        return -ENOMEM;
    }
    if (search.words == NULL) {
        search_class(&search, 0, &window);
    } else if (search.words->hits > 0) {
        search_class(&search, WORDS_BEGIN, &window);
        search_class(&search, WORDS_INSIDE, &window);
    }
    return 0;
}

void search_result_finish(struct search_result *result)
{
    free(result->songs);
    memset(result, 0, sizeof *result);
}

/* Which of those that fit the filter fit the words: one byte each. Returns how many there are. */
static size_t mark_hits(const struct search *search, uint8_t *hits)
{
    size_t count = 0;

    for (size_t i = 0; i < search->catalogue->playable; i++) {
        uint32_t slot = search->slots[i];

        if (fits_filter(search, slot)) {
            hits[count++] = search->words == NULL || search->words->classes[slot] != WORDS_FIT_NOT;
        }
    }
    return count;
}

long search_next(struct catalogue *catalogue, const struct filter *filter, const char *text,
                 const struct search_order *order, size_t from, int direction)
{
    struct search search;
    uint8_t *hits;
    size_t count;
    long found = -1;

    if (search_begin(&search, catalogue, filter, text, order) < 0) {
        return -1;
    }
    hits = malloc(catalogue->playable + 1);
    if (hits == NULL) {
        return -1;
    }
    count = mark_hits(&search, hits);
    if (from >= count) {
        /* Nowhere: forwards the first comes next, backwards the last. */
        from = direction < 0 || count == 0 ? 0 : count - 1;
    }
    for (size_t step = 1; step <= count; step++) {
        size_t place = (direction < 0 ? from + count - step : from + step) % count;

        if (hits[place] != 0) {
            found = (long)place;
            break;
        }
    }
    free(hits);
    return found;
}
