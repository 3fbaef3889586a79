/* search_list.c - the values that tags have, and how much of each there is. */
#include "library/search.h"

#include "library/catalogue_internal.h"
#include "library/radix.h"
#include "library/room.h"
#include "library/search_cache.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A song with many values of many kinds has no more rows than this. */
enum { SONG_ROWS_MAX = 1024, LEVELS_MAX = SEARCH_GROUPS_MAX + 1, RECENT = 4096 };

/* Rows are kept as ranks, one array a level. Level 0 is the outermost: the last group, as in MPD;
   the last one is the kind that is listed. */
struct rows {
    struct catalogue *catalogue;
    enum tag kinds[LEVELS_MAX];
    size_t levels;
    const struct search_column *columns[LEVELS_MAX];
    uint32_t *ranks[LEVELS_MAX];
    uint32_t *cells; /* row after row */
    size_t count, capacity;
    uint32_t recent[RECENT]; /* by hash: the number of such a row, or of none; most are seen again
                                soon, and left out with little work. What stays is sorted. */
};

static void rows_finish(struct rows *rows)
{
    for (size_t level = 0; level < rows->levels; level++) {
        free(rows->ranks[level]);
    }
    free(rows->cells);
}

static int rows_init(struct rows *rows, struct catalogue *catalogue,
                     const struct search_columns *columns)
{
    const enum tag *groups = columns->groups;
    size_t group_count = columns->group_count;

    memset(rows, 0, sizeof *rows);
    rows->catalogue = catalogue;
    rows->levels = group_count + 1;
    for (size_t level = 0; level < rows->levels; level++) {
        rows->kinds[level] = level < group_count ? groups[group_count - 1 - level] : columns->kind;
        rows->columns[level] = search_cache_column(catalogue, rows->kinds[level]);
        if (rows->columns[level] != NULL) {
            rows->ranks[level] = search_column_ranks(catalogue, rows->columns[level]);
        }
        if (rows->ranks[level] == NULL) {
            rows_finish(rows);
            return -ENOMEM;
        }
    }
    return 0;
}

/* The values of one song at one level, as ranks. Returns how many: one at least. */
static size_t song_ranks(const struct rows *rows, size_t level, const struct song *song,
                         uint32_t ranks[TAG_VALUES_MAX])
{
    const uint32_t *words = rows->catalogue->words + song->words;
    enum tag kind = song_resolve(rows->catalogue, song, rows->kinds[level]);
    size_t count = 0;

    for (size_t i = 0; kind != TAG_KINDS && i < song->tag_count; i++) {
        if (word_kind(words[i]) == kind) {
            ranks[count++] = rows->ranks[level][word_string(words[i])];
        }
    }
    if (count == 0) {
        ranks[count++] = rows->ranks[level][0];
    }
    return count;
}

static bool is_row(const struct rows *rows, size_t number, const uint32_t *row)
{
    return rows->cells != NULL && number < rows->count &&
           memcmp(rows->cells + number * rows->levels, row, rows->levels * sizeof *row) == 0;
}

static int rows_add(struct rows *rows, const uint32_t *row)
{
    size_t size = rows->levels * sizeof *row;
    void *cells = rows->cells;
    uint32_t *recent;

    /* Tracks of an album stand together, mostly. */
    if (is_row(rows, rows->count - 1, row)) {
        return 0;
    }
    recent = &rows->recent[index_hash_bytes(row, size) % RECENT];
    if (is_row(rows, *recent, row)) {
        return 0;
    }
    if (rows->count > UINT32_MAX || room_make(&cells, &rows->capacity, rows->count + 1, size) < 0) {
        return -ENOMEM;
    }
    rows->cells = cells;
    memcpy(rows->cells + rows->count * rows->levels, row, size);
    *recent = (uint32_t)rows->count++;
    return 0;
}

/* Every combination of the song's values. */
static int rows_add_song(struct rows *rows, const struct song *song)
{
    uint32_t ranks[LEVELS_MAX][TAG_VALUES_MAX], row[LEVELS_MAX];
    size_t counts[LEVELS_MAX] = {0}, combinations = 1;
    int result = 0;

    for (size_t level = 0; level < rows->levels; level++) {
        counts[level] = song_ranks(rows, level, song, ranks[level]);
        combinations *= counts[level];
        combinations = combinations < SONG_ROWS_MAX ? combinations : SONG_ROWS_MAX;
    }
    for (size_t i = 0; result == 0 && i < combinations; i++) {
        size_t rest = i;

        for (size_t level = rows->levels; level-- > 0; rest /= counts[level]) {
            row[level] = ranks[level][rest % counts[level]];
        }
        result = rows_add(rows, row);
    }
    return result;
}

/* Row numbers in order; the caller's to free. NULL: no memory. */
static uint32_t *rows_sort(const struct rows *rows)
{
    uint32_t *order = malloc((rows->count + 1) * sizeof *order);
    uint32_t *spare = malloc((rows->count + 1) * sizeof *spare);
    uint32_t *keys = malloc((rows->count + 1) * sizeof *keys);

    for (size_t i = 0; order != NULL && i < rows->count; i++) {
        order[i] = (uint32_t)i;
    }
    for (size_t level = rows->levels;
         order != NULL && spare != NULL && keys != NULL && level-- > 0;) {
        for (size_t i = 0; i < rows->count; i++) {
            keys[i] = rows->cells[i * rows->levels + level];
        }
        radix_sort(order, rows->count, keys, spare);
    }
    if (spare == NULL || keys == NULL) {
        free(order);
        order = NULL;
    }
    free(spare);
    free(keys);
    return order;
}

/* values[0]: of the kind; values[1 + g]: of group g. */
static void row_values(const struct rows *rows, const uint32_t *row, const char *values[])
{
    for (size_t level = 0; level < rows->levels; level++) {
        values[rows->levels - 1 - level] =
            intern_text(&rows->catalogue->strings, rows->columns[level]->strings[row[level]]);
    }
}

static void rows_tell(const struct rows *rows, const uint32_t *order,
                      const struct search_columns *columns,
                      bool (*row)(void *context, const char *const values[]), void *context)
{
    const uint32_t *before = NULL;
    const char *values[LEVELS_MAX];
    size_t place = 0;

    for (size_t i = 0; i < rows->count && place < columns->last; i++) {
        const uint32_t *cells = rows->cells + order[i] * rows->levels;

        if (before != NULL && memcmp(before, cells, rows->levels * sizeof *cells) == 0) {
            continue;
        }
        before = cells;
        if (place++ < columns->first) {
            continue;
        }
        row_values(rows, cells, values);
        if (!row(context, values)) {
            return;
        }
    }
}

/* All values of a kind, which stand in its column as they are wanted. */
static void tell_column(const struct rows *rows, size_t first, size_t last,
                        bool (*row)(void *context, const char *const values[]), void *context)
{
    const struct search_column *column = rows->columns[0];

    for (size_t i = first; i < column->count && i < last; i++) {
        const char *value = intern_text(&rows->catalogue->strings, column->strings[i]);

        if (!row(context, &value)) {
            return;
        }
    }
}

int search_list(struct catalogue *catalogue, const struct search_columns *columns,
                bool (*row)(void *context, const char *const values[]), void *context)
{
    const struct filter *filter = columns->filter;
    struct rows rows;
    uint32_t *order;
    int result =
        columns->group_count > SEARCH_GROUPS_MAX ? -EINVAL : rows_init(&rows, catalogue, columns);

    if (result < 0) {
        return result;
    }
    if (filter == NULL && columns->group_count == 0) {
        tell_column(&rows, columns->first, columns->last, row, context);
        rows_finish(&rows);
        return 0;
    }
    for (uint32_t slot = 0; result == 0 && slot < catalogue->song_count; slot++) {
        const struct song *song = &catalogue->songs[slot];

        if (song_is_playable(song) && (filter == NULL || filter_fits(filter, catalogue, song))) {
            result = rows_add_song(&rows, song);
        }
    }
    order = result == 0 ? rows_sort(&rows) : NULL;
    if (order != NULL) {
        rows_tell(&rows, order, columns, row, context);
    } else {
        result = -ENOMEM;
    }
    free(order);
    rows_finish(&rows);
    return result;
}

/* --- count ---------------------------------------------------------------------------------- */

struct sum {
    size_t songs;
    uint64_t duration_ms;
};

static void count_groups(struct rows *rows, const struct filter *filter, struct sum *sums)
{
    struct catalogue *catalogue = rows->catalogue;
    uint32_t ranks[TAG_VALUES_MAX];

    for (uint32_t slot = 0; slot < catalogue->song_count; slot++) {
        const struct song *song = &catalogue->songs[slot];
        size_t count;

        if (!song_is_playable(song) || (filter != NULL && !filter_fits(filter, catalogue, song))) {
            continue;
        }
        count = song_ranks(rows, 0, song, ranks);
        for (size_t i = 0; i < count; i++) {
            sums[ranks[i]].songs++;
            sums[ranks[i]].duration_ms += song->duration_ms;
        }
    }
}

static struct sum count_all(const struct catalogue *catalogue, const struct filter *filter)
{
    struct sum sum = {0, 0};

    for (uint32_t slot = 0; slot < catalogue->song_count; slot++) {
        const struct song *song = &catalogue->songs[slot];

        if (song_is_playable(song) && (filter == NULL || filter_fits(filter, catalogue, song))) {
            sum.songs++;
            sum.duration_ms += song->duration_ms;
        }
    }
    return sum;
}

int search_count(struct catalogue *catalogue, const struct filter *filter, int group,
                 bool (*row)(void *context, const char *value, size_t songs, double seconds),
                 void *context)
{
    struct search_columns columns = {.kind = (enum tag)group};
    struct rows rows;
    struct sum *sums;
    bool goes_on = true;

    if (group < 0) {
        struct sum sum = count_all(catalogue, filter);

        row(context, "", sum.songs, (double)sum.duration_ms / 1000);
        return 0;
    }
    if (rows_init(&rows, catalogue, &columns) < 0) {
        return -ENOMEM;
    }
    sums = calloc(rows.columns[0]->count + 1, sizeof *sums);
    if (sums != NULL) {
        count_groups(&rows, filter, sums);
    }
    for (size_t i = 0; sums != NULL && goes_on && i < rows.columns[0]->count; i++) {
        if (sums[i].songs > 0) {
            goes_on = row(context, intern_text(&catalogue->strings, rows.columns[0]->strings[i]),
                          sums[i].songs, (double)sums[i].duration_ms / 1000);
        }
    }
    rows_finish(&rows);
    if (sums == NULL) {
        return -ENOMEM;
    }
    free(sums);
    return 0;
}
