/* search_cache.c - orders and lists of values of a catalogue, kept until it changes. */
#include "library/search_cache.h"

#include "library/catalogue_internal.h"
#include "library/fold.h"
#include "library/radix.h"
#include "library/search_words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { ORDERS = 5, PREFIX = 8, PREFIX_SPACE = 256 };

struct cached_order {
    struct search_order order;
    uint32_t *slots; /* NULL: free */
    uint64_t used;
};

struct search_cache {
    uint64_t version, uses;
    struct cached_order orders[ORDERS];
    struct search_column columns[TAG_KINDS];
    struct search_words words;
};

static void cache_empty(struct search_cache *cache)
{
    for (size_t i = 0; i < ORDERS; i++) {
        free(cache->orders[i].slots);
    }
    for (size_t i = 0; i < TAG_KINDS; i++) {
        free(cache->columns[i].strings);
    }
    search_words_finish(&cache->words);
    memset(cache, 0, sizeof *cache);
}

void search_cache_destroy(struct search_cache *cache)
{
    if (cache != NULL) {
        cache_empty(cache);
        free(cache);
    }
}

struct search_cache *search_cache_get(struct catalogue *catalogue)
{
    if (catalogue->cache == NULL) {
        catalogue->cache = calloc(1, sizeof *catalogue->cache);
    } else if (catalogue->cache->version != catalogue->version) {
        cache_empty(catalogue->cache);
    }
    if (catalogue->cache != NULL) {
        catalogue->cache->version = catalogue->version;
    }
    return catalogue->cache;
}

struct search_words *search_cache_words(struct catalogue *catalogue)
{
    struct search_cache *cache = search_cache_get(catalogue);

    return cache != NULL ? &cache->words : NULL;
}

/* --- columns -------------------------------------------------------------------------------- */

struct sorted_string {
    uint64_t prefix; /* the first bytes, folded, so that most are told apart by them */
    const char *text;
    uint32_t string;
};

static int compare_strings(const void *one, const void *other)
{
    const struct sorted_string *first = one, *second = other;

    if (first->prefix != second->prefix) {
        return first->prefix < second->prefix ? -1 : 1;
    }
    return fold_compare(first->text, second->text);
}

static uint64_t prefix_of(const char *text)
{
    char folded[PREFIX_SPACE] = {0};
    uint64_t prefix = 0;

    fold_text(folded, sizeof folded, text, true);
    for (size_t i = 0; i < PREFIX; i++) {
        prefix = prefix << 8 | (unsigned char)folded[i];
    }
    return prefix;
}

static int sort_strings(const struct catalogue *catalogue, uint32_t *strings, size_t count)
{
    struct sorted_string *sorted = calloc(count + 1, sizeof *sorted);

    if (sorted == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        sorted[i].text = intern_text(&catalogue->strings, strings[i]);
        sorted[i].prefix = prefix_of(sorted[i].text);
        sorted[i].string = strings[i];
    }
    qsort(sorted, count, sizeof *sorted, compare_strings);
    for (size_t i = 0; i < count; i++) {
        strings[i] = sorted[i].string;
    }
    free(sorted);
    return 0;
}

/* Marks the strings that playable songs have of a kind. Returns how many. */
static size_t mark_strings(const struct catalogue *catalogue, enum tag kind, uint8_t *marks)
{
    size_t count = 0;

    for (uint32_t slot = 0; slot < catalogue->song_count; slot++) {
        const struct song *song = &catalogue->songs[slot];
        const uint32_t *words = catalogue->words + song->words;
        enum tag resolved;

        if (!song_is_playable(song)) {
            continue;
        }
        resolved = song_resolve(catalogue, song, kind);
        if (resolved == TAG_KINDS) {
            count += marks[0] == 0;
            marks[0] = 1;
        }
        for (size_t i = 0; resolved != TAG_KINDS && i < song->tag_count; i++) {
            if (word_kind(words[i]) == resolved) {
                count += marks[word_string(words[i])] == 0;
                marks[word_string(words[i])] = 1;
            }
        }
    }
    return count;
}

const struct search_column *search_cache_column(struct catalogue *catalogue, enum tag kind)
{
    struct search_cache *cache = search_cache_get(catalogue);
    struct search_column *column;
    uint8_t *marks;
    size_t count;

    if (cache == NULL) {
        return NULL;
    }
    column = &cache->columns[kind];
    if (column->made) {
        return column;
    }
    marks = calloc(catalogue->strings.count, 1);
    if (marks == NULL) {
        return NULL;
    }
    count = mark_strings(catalogue, kind, marks);
    column->strings = calloc(count + 1, sizeof *column->strings);
    for (uint32_t string = 0; column->strings != NULL && string < catalogue->strings.count;
         string++) {
        if (marks[string] != 0) {
            column->strings[column->count++] = string;
        }
    }
    free(marks);
    if (column->strings == NULL || sort_strings(catalogue, column->strings, count) < 0) {
        free(column->strings);
        memset(column, 0, sizeof *column);
        return NULL;
    }
    column->made = true;
    return column;
}

uint32_t *search_column_ranks(const struct catalogue *catalogue, const struct search_column *column)
{
    uint32_t *ranks = calloc((size_t)catalogue->strings.count + 1, sizeof *ranks);

    for (size_t i = 0; ranks != NULL && i < column->count; i++) {
        ranks[column->strings[i]] = (uint32_t)i;
    }
    return ranks;
}

/* --- orders --------------------------------------------------------------------------------- */

/* What a sort works with. */
struct sorting {
    struct catalogue *catalogue;
    uint32_t *slots, *spare, *keys; /* keys by slot */
    size_t placed;
};

static bool add_place(void *context, const struct song *song)
{
    struct sorting *sorting = context;

    if (song_is_playable(song)) {
        sorting->slots[sorting->placed++] = song_slot(sorting->catalogue, song);
    }
    return true;
}

/* Keys of a tag's first values. */
static int fill_tag_keys(struct sorting *sorting, enum tag kind)
{
    struct catalogue *catalogue = sorting->catalogue;
    bool is_number = kind == TAG_TRACK || kind == TAG_DISC;
    const struct search_column *column = NULL;
    uint32_t *ranks = NULL;

    if (!is_number) {
        column = search_cache_column(catalogue, kind);
        ranks = column != NULL ? search_column_ranks(catalogue, column) : NULL;
        if (ranks == NULL) {
            return -ENOMEM;
        }
    }
    /* In the order of memory, not of the slots so far. */
    for (uint32_t slot = 0; slot < catalogue->song_count; slot++) {
        const struct song *song = &catalogue->songs[slot];
        uint32_t string = 0;
        enum tag resolved;

        if (!song_is_playable(song)) {
            continue;
        }
        resolved = song_resolve(catalogue, song, kind);
        if (resolved != TAG_KINDS) {
            string = song_first_string(catalogue, song, resolved);
        }
        sorting->keys[slot] =
            is_number ? song_number(intern_text(&catalogue->strings, string)) : ranks[string];
    }
    free(ranks);
    return 0;
}

static int sort_by(struct sorting *sorting, int kind, bool descending)
{
    struct catalogue *catalogue = sorting->catalogue;
    int result = 0;

    if (kind >= 0 && kind < TAG_KINDS) {
        result = fill_tag_keys(sorting, (enum tag)kind);
    } else {
        for (size_t i = 0; i < catalogue->playable; i++) {
            const struct song *song = &catalogue->songs[sorting->slots[i]];

            sorting->keys[sorting->slots[i]] =
                kind == SEARCH_BY_MODIFIED ? song->modified_s : song->added_s;
        }
    }
    for (size_t i = 0; result == 0 && descending && i < catalogue->playable; i++) {
        sorting->keys[sorting->slots[i]] ^= UINT32_MAX;
    }
    if (result == 0) {
        radix_sort(sorting->slots, catalogue->playable, sorting->keys, sorting->spare);
    }
    return result;
}

/* From the least to the most important, each sort keeping the order of the one before. */
static int sort_by_ties(struct sorting *sorting)
{
    static const int kinds[] = {TAG_TRACK, TAG_DISC, TAG_ALBUM, TAG_DATE, TAG_ALBUM_ARTIST};
    int result = 0;

    for (size_t i = 0; result == 0 && i < sizeof kinds / sizeof kinds[0]; i++) {
        result = sort_by(sorting, kinds[i], false);
    }
    return result;
}

/* What an order is made from by one more sort, itself an order. */
static struct search_order order_below(const struct search_order *order)
{
    struct search_order below = {order->kind == SEARCH_NO_ORDER ? SEARCH_BY_PLACE : SEARCH_NO_ORDER,
                                 false};

    return below;
}

static int make_order(struct sorting *sorting, const struct search_order *order)
{
    struct catalogue *catalogue = sorting->catalogue;
    struct catalogue_walk walk = {sorting, NULL, add_place};
    struct search_order below = order_below(order);
    const uint32_t *from;

    if (order->kind == SEARCH_BY_PLACE) {
        return catalogue_walk(catalogue, "", true, &walk);
    }
    from = search_cache_order(catalogue, &below);
    if (from == NULL) {
        return -ENOMEM;
    }
    memcpy(sorting->slots, from, catalogue->playable * sizeof *from);
    return order->kind == SEARCH_NO_ORDER ? sort_by_ties(sorting)
                                          : sort_by(sorting, order->kind, order->descending);
}

/* A free one, else the one that was not used for longest. */
static struct cached_order *oldest_order(struct search_cache *cache)
{
    struct cached_order *oldest = &cache->orders[0];

    for (size_t i = 1; i < ORDERS; i++) {
        if (cache->orders[i].used < oldest->used) {
            oldest = &cache->orders[i];
        }
    }
    return oldest;
}

static uint32_t *new_order(struct catalogue *catalogue, const struct search_order *order)
{
    size_t room = (size_t)catalogue->song_count + 1;
    struct sorting sorting = {.catalogue = catalogue,
                              .slots = calloc(catalogue->playable + 1, sizeof(uint32_t)),
                              .spare = malloc((catalogue->playable + 1) * sizeof(uint32_t)),
                              .keys = calloc(room, sizeof(uint32_t))};
    int result =
        sorting.slots != NULL && sorting.spare != NULL && sorting.keys != NULL ? 0 : -ENOMEM;

    if (result == 0) {
        result = make_order(&sorting, order);
    }
    free(sorting.spare);
    free(sorting.keys);
    if (result < 0) {
        free(sorting.slots);
        return NULL;
    }
    return sorting.slots;
}

/* NOLINTNEXTLINE(misc-no-recursion): through order_below, two levels */
const uint32_t *search_cache_order(struct catalogue *catalogue, const struct search_order *order)
{
    struct search_cache *cache = search_cache_get(catalogue);
    struct search_order wanted = {order->kind, order->kind >= 0 && order->descending};
    struct cached_order *made;
    uint32_t *slots;

    if (cache == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < ORDERS; i++) {
        made = &cache->orders[i];
        if (made->slots != NULL && made->order.kind == wanted.kind &&
            made->order.descending == wanted.descending) {
            made->used = ++cache->uses;
            return made->slots;
        }
    }
    slots = new_order(catalogue, &wanted);
    if (slots == NULL) {
        return NULL;
    }
    made = oldest_order(cache);
    free(made->slots);
    *made = (struct cached_order){wanted, slots, ++cache->uses};
    return slots;
}
