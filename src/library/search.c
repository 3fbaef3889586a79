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
    const struct search_words *words; /* NULL: everything */
    const uint32_t *slots;            /* catalogue_count of them, in order */
    uint8_t *filtered;                /* by slot: fits the filter; NULL: everything does */
};

/* In the order of memory, which is several times faster than in any other. */
static int mark_filtered(struct search *search, const struct filter *filter)
{
    const struct catalogue *catalogue = search->catalogue;

    search->filtered = calloc((size_t)catalogue->song_count + 1, 1);
    if (search->filtered == NULL) {
        return -ENOMEM;
    }
    for (uint32_t slot = 0; slot < catalogue->song_count; slot++) {
        const struct song *song = &catalogue->songs[slot];

        search->filtered[slot] =
            song_is_playable(song) &&
            (search->words == NULL || search->words->classes[slot] != WORDS_FIT_NOT) &&
            filter_fits(filter, catalogue, song);
    }
    return 0;
}

static void search_end(struct search *search)
{
    free(search->filtered);
}

static bool has_words(const char *text)
{
    return text != NULL && text[strspn(text, " \t")] != '\0';
}

/* To be ended after 0. */
static int search_begin(struct search *search, struct catalogue *catalogue,
                        const struct filter *filter, const char *text,
                        const struct search_order *order)
{
    *search = (struct search){.catalogue = catalogue};
    search->slots = search_cache_order(catalogue, order);
    if (search->slots == NULL) {
        return -ENOMEM;
    }
    if (has_words(text)) {
        search->words = search_words_find(catalogue, text);
        if (search->words == NULL) {
            return -ENOMEM;
        }
    }
    return filter != NULL ? mark_filtered(search, filter) : 0;
}

static bool fits_filter(const struct search *search, uint32_t slot)
{
    return search->filtered == NULL || search->filtered[slot] != 0;
}

/* The window over a run of hits, as they come. */
struct window {
    size_t first, last, capacity;
    struct search_result *result;
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

/* Everything: the window is a piece of the order. */
static void take_all(const struct search *search, struct window *window)
{
    for (size_t i = 0; i < window->capacity; i++) {
        window->result->songs[i] = &search->catalogue->songs[search->slots[window->first + i]];
    }
    window->result->count = window->capacity;
    window->result->total = search->catalogue->playable;
}

static void take_filtered(const struct search *search, struct window *window)
{
    for (size_t i = 0; i < search->catalogue->playable; i++) {
        if (search->filtered[search->slots[i]] != 0) {
            window_add(window, &search->catalogue->songs[search->slots[i]]);
        }
    }
}

/* Songs of one class. How many there are is known, so without a filter no more are gone through
   than stand in the window. */
static void take_class(const struct search *search, enum words_class class, struct window *window)
{
    const struct catalogue *catalogue = search->catalogue;
    size_t left = search->words->hits[class], total = window->result->total + left;

    for (size_t i = 0; left > 0 && i < catalogue->playable; i++) {
        uint32_t slot = search->slots[i];

        if (search->words->classes[slot] != (uint8_t) class) {
            continue;
        }
        left--;
        if (fits_filter(search, slot)) {
            window_add(window, &catalogue->songs[slot]);
        }
        if (search->filtered == NULL && window->result->total >= window->last) {
            break;
        }
    }
    if (search->filtered == NULL) {
        window->result->total = total;
    }
}

int search_songs(struct catalogue *catalogue, const struct search_question *question,
                 struct search_result *result)
{
    struct window window = {question->first, question->last, 0, result};
    struct search search;
    int error =
        search_begin(&search, catalogue, question->filter, question->text, &question->order);

    memset(result, 0, sizeof *result);
    if (error < 0) {
        return error;
    }
    if (window.first < window.last && window.first < catalogue->playable) {
        window.capacity =
            (window.last < catalogue->playable ? window.last : catalogue->playable) - window.first;
    }
    result->songs = calloc(window.capacity + 1, sizeof *result->songs);
    if (result->songs == NULL) {
        error = -ENOMEM;
    } else if (search.words != NULL) {
        take_class(&search, WORDS_BEGIN, &window);
        take_class(&search, WORDS_INSIDE, &window);
    } else if (search.filtered != NULL) {
        take_filtered(&search, &window);
    } else {
        take_all(&search, &window);
    }
    search_end(&search);
    return error;
}

void search_result_finish(struct search_result *result)
{
    free(result->songs);
    memset(result, 0, sizeof *result);
}

/* How the words stand in those that fit the filter: one byte each. Returns how many there are. */
static size_t classify(const struct search *search, const struct filter *wanted, uint8_t *classes)
{
    size_t count = 0;

    for (size_t i = 0; i < search->catalogue->playable; i++) {
        uint32_t slot = search->slots[i];

        if (fits_filter(search, slot)) {
            bool fits = wanted == NULL ||
                        filter_fits(wanted, search->catalogue, &search->catalogue->songs[slot]);

            classes[count++] = (uint8_t)(!fits                   ? WORDS_FIT_NOT
                                         : search->words == NULL ? WORDS_BEGIN
                                                                 : search->words->classes[slot]);
        }
    }
    return count;
}

static enum words_class class_of_place(const void *context, size_t place)
{
    return (enum words_class)((const uint8_t *)context)[place];
}

long search_next(struct catalogue *catalogue, const struct filter *filter,
                 const struct search_hit *hit, const struct search_order *order,
                 const struct hits_way *way)
{
    struct search search;
    uint8_t *classes = NULL;
    long found = -1;

    /* All that fit the filter have a place, whether they fit the words or not. */
    if (search_begin(&search, catalogue, filter, NULL, order) < 0) {
        return -1;
    }
    if (has_words(hit->text)) {
        search.words = search_words_find(catalogue, hit->text);
    }
    if (search.words != NULL || !has_words(hit->text)) {
        classes = malloc(catalogue->playable + 1);
    }
    if (classes != NULL) {
        size_t count = classify(&search, hit->filter, classes);
        const struct hits hits = {count, class_of_place, classes};

        found = hits_next(&hits, way);
    }
    search_end(&search);
    free(classes);
    return found;
}

/* --- in any list ------------------------------------------------------------------------------ */

struct uri_search {
    const struct catalogue *catalogue;
    const char *const *uris;
    const struct filter *filter;
    struct search_query query;
};

static enum words_class class_of_uri(const void *context, size_t place)
{
    const struct uri_search *search = context;
    const char *uri = search->uris[place];
    const struct song *song = catalogue_find(search->catalogue, uri);

    if (search->filter != NULL &&
        (song == NULL || !filter_fits(search->filter, search->catalogue, song))) {
        return WORDS_FIT_NOT;
    }
    return song != NULL ? search_query_song(&search->query, search->catalogue, song)
                        : search_query_name(&search->query, uri);
}

long search_next_uri(const struct catalogue *catalogue, const char *const uris[], size_t count,
                     const struct search_hit *hit, const struct hits_way *way)
{
    struct uri_search search = {.catalogue = catalogue, .uris = uris, .filter = hit->filter};
    const struct hits hits = {count, class_of_uri, &search};

    search_query_make(&search.query, hit->text != NULL ? hit->text : "");
    return hits_next(&hits, way);
}
