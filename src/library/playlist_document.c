/* playlist_document.c - a playlist as head, entries with what belongs to them, and tail. */
#include "library/playlist_document.h"
#include "library/playlist_internal.h"
#include "library/playlist_sound.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char byte_order_mark[] = "\xef\xbb\xbf";

/* --- parts ------------------------------------------------------------------------------------ */

static bool make_room(struct playlist_parts *parts, size_t count)
{
    size_t room = parts->room;
    struct playlist_part *grown;

    if (parts->count + count <= room) {
        return true;
    }
    while (room < parts->count + count) {
        room = room * 2 + 16;
    }
    grown = realloc(parts->parts, room * sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    parts->parts = grown;
    parts->room = room;
    return true;
}

static int add_part(struct playlist_parts *parts, char *text, size_t size, bool owned)
{
    if (!make_room(parts, 1)) {
        if (owned) {
            free(text);
        }
        return -ENOMEM;
    }
    parts->parts[parts->count++] = (struct playlist_part){text, size, owned};
    return 0;
}

static void free_parts(const struct playlist_part *parts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (parts[i].owned) {
            free(parts[i].text);
        }
    }
}

void playlist_document_finish(struct playlist_document *document)
{
    free_parts(document->head.parts, document->head.count);
    free_parts(document->entry.parts, document->entry.count);
    free(document->head.parts);
    free(document->entry.parts);
    free(document->text);
    memset(document, 0, sizeof *document);
}

/* --- reading ---------------------------------------------------------------------------------- */

enum line_kind { LINE_BLANK, LINE_COMMENT, LINE_HEAD, LINE_OURS, LINE_ENTRY };

static bool begins(const char *line, size_t size, const char *word)
{
    size_t length = strlen(word);

    return size >= length && strncasecmp(line, word, length) == 0;
}

/* What playlist_read takes for an entry is one here, and nothing else. */
static enum line_kind kind_of(const char *line, size_t size)
{
    while (size > 0 && (line[size - 1] == '\n' || line[size - 1] == '\r')) {
        size--;
    }
    if (strspn(line, " \t") >= size) {
        return LINE_BLANK;
    }
    if (*line != '#') {
        return size < PLAYLIST_PATH_LIMIT && memchr(line, '\0', size) == NULL ? LINE_ENTRY
                                                                              : LINE_COMMENT;
    }
    if (begins(line, size, "#MATCHPLAY-") && !begins(line, size, PLAYLIST_ORIGIN_MARK)) {
        return LINE_OURS;
    }
    return begins(line, size, "#EXTM3U") || begins(line, size, "#EXTENC") ||
                   begins(line, size, "#PLAYLIST")
               ? LINE_HEAD
               : LINE_COMMENT;
}

/* Comments that wait for the entry they belong to; lines of ours are lifted out of them. */
struct gathering {
    char *begin;
    size_t size;
};

/* What was gathered becomes lines of the head. */
static int gather_to_head(struct playlist_document *document, struct gathering *gathering)
{
    int error = gathering->size > 0
                    ? add_part(&document->head, gathering->begin, gathering->size, false)
                    : 0;

    gathering->begin += gathering->size;
    gathering->size = 0;
    return error;
}

static int read_line(struct playlist_document *document, struct gathering *gathering, char *line,
                     size_t size)
{
    enum line_kind kind = kind_of(line, size);
    bool at_top = document->entry.count == 0;
    int error;

    if (kind == LINE_OURS && !at_top) {
        char *copy = malloc(size); /* moves to the top; what is around it closes up */

        if (copy != NULL) {
            memcpy(copy, line, size);
        }
        memmove(gathering->begin + size, gathering->begin, gathering->size);
        gathering->begin += size;
        return copy == NULL ? -ENOMEM : add_part(&document->head, copy, size, true);
    }
    if (at_top && (kind == LINE_OURS || kind == LINE_HEAD || kind == LINE_BLANK)) {
        error = gather_to_head(document, gathering);
        gathering->begin = line + size;
        return error != 0 ? error : add_part(&document->head, line, size, false);
    }
    gathering->size += size;
    if (kind != LINE_ENTRY) {
        return 0;
    }
    error = add_part(&document->entry, gathering->begin, gathering->size, false);
    gathering->begin += gathering->size;
    gathering->size = 0;
    return error;
}

int playlist_document_read(struct playlist_document *document, char *text_taken, size_t size)
{
    char *text = text_taken, *end;
    struct gathering gathering;
    int error = 0;

    memset(document, 0, sizeof *document);
    document->text = text;
    document->line_end = "\n";
    if (text == NULL) {
        text = strdup("#EXTM3U\n");
        return text != NULL ? add_part(&document->head, text, strlen(text), true) : -ENOMEM;
    }
    end = text + size;
    if (size >= 3 && memcmp(text, byte_order_mark, 3) == 0) {
        document->has_mark = true;
        text += 3;
    }
    gathering = (struct gathering){text, 0};
    while (error == 0 && text < end) {
        char *next = memchr(text, '\n', (size_t)(end - text));

        next = next != NULL ? next + 1 : end;
        if (next - text >= 2 && gathering.begin == text && document->head.count == 0 &&
            document->entry.count == 0 && memcmp(next - 2, "\r\n", 2) == 0) {
            document->line_end = "\r\n";
        }
        error = read_line(document, &gathering, text, (size_t)(next - text));
        text = next;
    }
    document->tail = (struct playlist_part){gathering.begin, gathering.size, false};
    return error;
}

/* --- changing --------------------------------------------------------------------------------- */

static char *line_of(const char *path, const char *origin, const char *line_end)
{
    char *line = NULL;
    int length =
        origin != NULL && *origin != '\0'
            ? asprintf(&line, PLAYLIST_ORIGIN_MARK "%s%s%s%s", origin, line_end, path, line_end)
            : asprintf(&line, "%s%s", path, line_end);

    return length < 0 ? NULL : line;
}

static bool can_stand(const char *path)
{
    return *path != '\0' && *path != '#' && strlen(path) < PLAYLIST_PATH_LIMIT &&
           strpbrk(path, "\r\n") == NULL && path[strspn(path, " \t")] != '\0';
}

int playlist_document_insert(struct playlist_document *document, size_t position,
                             const char *const paths[], const char *const origins[], size_t count)
{
    struct playlist_parts *entry = &document->entry;
    struct playlist_part *new;

    if (position > entry->count) {
        return -ERANGE;
    }
    if (count > PLAYLIST_ENTRIES_MAX || entry->count + count > PLAYLIST_ENTRIES_MAX) {
        return -ENOSPC;
    }
    new = calloc(count + 1, sizeof *new);
    for (size_t i = 0; i < count; i++) {
        const char *origin = origins != NULL ? origins[i] : NULL;
        bool good = can_stand(paths[i]) && (origin == NULL || strpbrk(origin, "\r\n") == NULL);

        if (new != NULL && good) {
            new[i].text = line_of(paths[i], origin, document->line_end);
            new[i].owned = true;
        }
        if (new == NULL || new[i].text == NULL) {
            free_parts(new, new != NULL ? i : 0);
            free(new);
            return good ? -ENOMEM : -EINVAL;
        }
        new[i].size = strlen(new[i].text);
    }
    if (new == NULL || !make_room(entry, count)) {
        free_parts(new, new != NULL ? count : 0);
        free(new);
        return -ENOMEM;
    }
    memmove(entry->parts + position + count, entry->parts + position,
            (entry->count - position) * sizeof *new);
    memcpy(entry->parts + position, new, count * sizeof *new);
    entry->count += count;
    free(new);
    return 0;
}

int playlist_document_delete(struct playlist_document *document, size_t first, size_t last)
{
    struct playlist_parts *entry = &document->entry;

    if (first > last || last > entry->count) {
        return -ERANGE;
    }
    if (first == last) {
        return 0;
    }
    free_parts(entry->parts + first, last - first);
    memmove(entry->parts + first, entry->parts + last,
            (entry->count - last) * sizeof *entry->parts);
    entry->count -= last - first;
    return 0;
}

int playlist_document_move(struct playlist_document *document, size_t from, size_t to)
{
    struct playlist_parts *entry = &document->entry;
    struct playlist_part moved;

    if (from >= entry->count || to >= entry->count) {
        return -ERANGE;
    }
    moved = entry->parts[from];
    memmove(entry->parts + from, entry->parts + from + 1, (entry->count - from - 1) * sizeof moved);
    memmove(entry->parts + to + 1, entry->parts + to, (entry->count - 1 - to) * sizeof moved);
    entry->parts[to] = moved;
    return 0;
}

int playlist_document_set_sound(struct playlist_document *document,
                                const struct playlist_sound *sound)
{
    struct playlist_parts *head = &document->head;
    char *text = playlist_sound_write(sound, document->line_end);
    size_t kept = 0, last_named = 0;

    if (text == NULL || !make_room(head, 1)) {
        free(text);
        return -ENOMEM;
    }
    for (size_t i = 0; i < head->count; i++) {
        const struct playlist_part part = head->parts[i];

        if (begins(part.text, part.size, "#MATCHPLAY-REFERENCE:") ||
            begins(part.text, part.size, "#MATCHPLAY-PRESET:") ||
            begins(part.text, part.size, "#MATCHPLAY-AMOUNT:")) {
            free_parts(&part, 1);
            continue;
        }
        head->parts[kept++] = part;
        last_named = kind_of(part.text, part.size) == LINE_HEAD ? kept : last_named;
    }
    memmove(head->parts + last_named + 1, head->parts + last_named,
            (kept - last_named) * sizeof *head->parts);
    head->parts[last_named] = (struct playlist_part){text, strlen(text), true};
    head->count = kept + 1;
    return 0;
}

/* --- writing ---------------------------------------------------------------------------------- */

/* A last line without its end gets one when something follows. */
static void write_part(FILE *file, const struct playlist_part *part, const char *line_end,
                       char *last)
{
    if (part->size == 0) {
        return;
    }
    if (*last != '\n') {
        fputs(line_end, file);
    }
    fwrite(part->text, 1, part->size, file);
    *last = part->text[part->size - 1];
}

char *playlist_document_write(const struct playlist_document *document, size_t *size)
{
    char *text = NULL;
    char last = '\n';
    FILE *file = open_memstream(&text, size);

    if (file == NULL) {
        return NULL;
    }
    if (document->has_mark) {
        fputs(byte_order_mark, file);
    }
    for (size_t i = 0; i < document->head.count; i++) {
        write_part(file, &document->head.parts[i], document->line_end, &last);
    }
    for (size_t i = 0; i < document->entry.count; i++) {
        write_part(file, &document->entry.parts[i], document->line_end, &last);
    }
    write_part(file, &document->tail, document->line_end, &last);
    if (fclose(file) != 0) {
        free(text);
        return NULL;
    }
    return text;
}
