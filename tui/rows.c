/* rows.c - a long answer of the player, of which only the pages around what shows are kept. */
#include "tui/rows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOW_SIZE = 48 };

struct page {
    struct rows *rows; /* for the answer: the page is its context */
    bool used, asked, stale;
    size_t number;
    uint64_t wanted; /* when it was wanted last */
    size_t count;
    struct row row[ROWS_PAGE];
};

struct rows {
    struct client *client;
    void (*arrived)(void *context);
    void *context;
    char *words[ROWS_WORDS_MAX];
    size_t word_count, count;
    uint64_t turn;
    struct page pages[ROWS_PAGES];
};

/* --- rows ---------------------------------------------------------------------------------- */

static bool begins_row(const char *name)
{
    return strcmp(name, "file") == 0 || strcmp(name, "directory") == 0 ||
           strcmp(name, "playlist") == 0;
}

static void take_number(struct row *row, const char *name, const char *value)
{
    if (strcmp(name, "duration") == 0 ||
        (strcmp(name, "Time") == 0 && row->duration_s <= 0.0)) { /* in whole seconds: at need */
        row->duration_s = strtod(value, NULL);
    } else if (strcmp(name, "Pos") == 0) {
        row->position = strtol(value, NULL, 10);
    } else if (strcmp(name, "Id") == 0) {
        row->id = strtol(value, NULL, 10);
    }
}

/* The field of a text, or NULL: the row does not keep it. */
static const char **field_of(struct row *row, const char *name)
{
    const struct {
        const char *name;
        const char **field;
    } fields[] = {
        {"Title", &row->title},   {"Artist", &row->artist},
        {"Album", &row->album},   {"AlbumArtist", &row->album_artist},
        {"Track", &row->track},   {"Disc", &row->disc},
        {"Date", &row->date},     {"Genre", &row->genre},
        {"Origin", &row->origin}, {"Reference", &row->reference},
        {"Name", &row->artist}, /* a radio station's */
    };

    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (strcmp(fields[i].name, name) == 0) {
            return *fields[i].field == NULL ? fields[i].field : NULL; /* the first value */
        }
    }
    return NULL;
}

static const char *keep(struct row *row, size_t *used, const char *text)
{
    size_t size = strlen(text) + 1;
    char *at = row->memory + *used;

    memcpy(at, text, size);
    *used += size;
    return at;
}

size_t row_read(struct row *row, const struct answer *answer, size_t from)
{
    size_t size = 0, used = 0, end = from;

    memset(row, 0, sizeof *row);
    row->position = row->id = -1;
    while (end < answer->count && (end == from || !begins_row(answer->pairs[end].name))) {
        size += strlen(answer->pairs[end].value) + strlen(answer->pairs[end].name) + 2;
        end++;
    }
    row->memory = malloc(size > 0 ? size : 1);
    if (row->memory == NULL || from >= answer->count) {
        return end;
    }
    row->kind = keep(row, &used, answer->pairs[from].name);
    row->file = keep(row, &used, answer->pairs[from].value);
    for (size_t i = from + 1; i < end; i++) {
        const char **field = field_of(row, answer->pairs[i].name);

        if (field != NULL) {
            *field = keep(row, &used, answer->pairs[i].value);
        } else {
            take_number(row, answer->pairs[i].name, answer->pairs[i].value);
        }
    }
    return end;
}

void row_finish(struct row *row)
{
    free(row->memory);
    memset(row, 0, sizeof *row);
}

/* --- pages --------------------------------------------------------------------------------- */

static void page_empty(struct page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        row_finish(&page->row[i]);
    }
    page->count = 0;
}

static void page_drop(struct page *page)
{
    if (page->asked) {
        client_cancel(page->rows->client, page);
    }
    page_empty(page);
    page->used = page->asked = page->stale = false;
}

static void page_answered(void *context, const struct answer *answer)
{
    struct page *page = context;

    page->asked = false;
    page_empty(page);
    for (size_t at = 0; answer->ok && at < answer->count && page->count < ROWS_PAGE;) {
        at = row_read(&page->row[page->count++], answer, at);
    }
    page->rows->arrived(page->rows->context);
}

static void page_ask(struct page *page)
{
    struct rows *rows = page->rows;
    const char *words[ROWS_WORDS_MAX + 1];
    char window[WINDOW_SIZE];

    snprintf(window, sizeof window, "%zu:%zu", page->number * ROWS_PAGE,
             (page->number + 1) * ROWS_PAGE);
    for (size_t i = 0; i < rows->word_count; i++) {
        words[i] = rows->words[i];
    }
    words[rows->word_count] = window;
    page->stale = false;
    page->asked = true;
    if (client_ask_words(rows->client, page_answered, page, words, rows->word_count + 1) < 0) {
        page->asked = false;
    }
}

/* The page of a number; one that was wanted longest ago makes room. */
static struct page *page_of(struct rows *rows, size_t number)
{
    struct page *oldest = &rows->pages[0];

    for (size_t i = 0; i < ROWS_PAGES; i++) {
        struct page *page = &rows->pages[i];

        if (page->used && page->number == number) {
            return page;
        }
        if (!page->used || (oldest->used && page->wanted < oldest->wanted)) {
            oldest = page;
        }
    }
    page_drop(oldest);
    oldest->used = true;
    oldest->number = number;
    page_ask(oldest);
    return oldest;
}

struct rows *rows_create(struct client *client, void (*arrived)(void *context), void *context)
{
    struct rows *rows = calloc(1, sizeof *rows);

    if (rows == NULL) {
        return NULL;
    }
    rows->client = client;
    rows->arrived = arrived;
    rows->context = context;
    for (size_t i = 0; i < ROWS_PAGES; i++) {
        rows->pages[i].rows = rows;
    }
    return rows;
}

static void forget_words(struct rows *rows)
{
    for (size_t i = 0; i < rows->word_count; i++) {
        free(rows->words[i]);
    }
    rows->word_count = 0;
}

void rows_destroy(struct rows *rows)
{
    if (rows == NULL) {
        return;
    }
    for (size_t i = 0; i < ROWS_PAGES; i++) {
        page_drop(&rows->pages[i]);
    }
    forget_words(rows);
    free(rows);
}

int rows_ask(struct rows *rows, const char *const words[], size_t word_count)
{
    for (size_t i = 0; i < ROWS_PAGES; i++) {
        page_drop(&rows->pages[i]);
    }
    forget_words(rows);
    rows->count = 0;
    for (size_t i = 0; i < word_count && i < ROWS_WORDS_MAX; i++) {
        rows->words[i] = strdup(words[i]);
        if (rows->words[i] == NULL) {
            return -ENOMEM;
        }
        rows->word_count = i + 1;
    }
    return 0;
}

void rows_set_count(struct rows *rows, size_t count)
{
    rows->count = count;
}

size_t rows_count(const struct rows *rows)
{
    return rows->count;
}

void rows_refresh(struct rows *rows)
{
    for (size_t i = 0; i < ROWS_PAGES; i++) {
        rows->pages[i].stale = rows->pages[i].used;
    }
}

const struct row *rows_get(struct rows *rows, size_t index)
{
    struct page *page;

    if (rows->word_count == 0) {
        return NULL;
    }
    page = page_of(rows, index / ROWS_PAGE);
    page->wanted = ++rows->turn;
    if (page->stale && !page->asked) {
        page_ask(page);
    }
    return index % ROWS_PAGE < page->count ? &page->row[index % ROWS_PAGE] : NULL;
}
