/* marks.c - the rows that space has marked. */
#include "tui/marks.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void marks_init(struct marks *marks, struct client *client, void (*changed)(void *context),
                void *context)
{
    *marks = (struct marks){.client = client, .changed = changed, .context = context};
}

static void mark_destroy(struct mark *mark)
{
    client_cancel(mark->marks->client, mark);
    free(mark->uri);
    free(mark);
}

void marks_clear(struct marks *marks)
{
    for (size_t i = 0; i < marks->count; i++) {
        mark_destroy(marks->mark[i]);
    }
    free(marks->mark);
    marks->mark = NULL;
    marks->count = 0;
}

static void drop(struct marks *marks, size_t index)
{
    mark_destroy(marks->mark[index]);
    marks->count--;
    memmove(marks->mark + index, marks->mark + index + 1,
            (marks->count - index) * sizeof(struct mark *));
}

/* marks->count: there is none. */
static size_t index_of(const struct marks *marks, const char *uri, long id, size_t place)
{
    size_t i = 0;

    for (; i < marks->count; i++) {
        const struct mark *mark = marks->mark[i];

        if (marks->key == MARKS_BY_ID      ? mark->id == id
            : marks->key == MARKS_BY_PLACE ? mark->place == place
                                           : strcmp(mark->uri, uri) == 0) {
            break;
        }
    }
    return i;
}

bool marks_has(const struct marks *marks, const char *uri, long id, size_t place)
{
    return index_of(marks, uri, id, place) < marks->count;
}

int marks_toggle(struct marks *marks, const char *uri, long id, size_t place)
{
    size_t index = index_of(marks, uri, id, place);
    struct mark **more, *mark;

    if (index < marks->count) {
        drop(marks, index);
        return 0;
    }
    if (marks->count == MARKS_MAX) {
        return -ENOSPC;
    }
    more = realloc(marks->mark, (marks->count + 1) * sizeof(struct mark *));
    if (more == NULL) {
        return -ENOMEM;
    }
    marks->mark = more;
    mark = calloc(1, sizeof *mark);
    if (mark == NULL || (mark->uri = strdup(uri)) == NULL) {
        free(mark);
        return -ENOMEM;
    }
    mark->marks = marks;
    mark->id = id;
    mark->place = place;
    marks->mark[marks->count++] = mark;
    return 0;
}

static int by_place(const void *one, const void *other)
{
    const struct mark *a = *(struct mark *const *)one, *b = *(struct mark *const *)other;

    return (a->place > b->place) - (a->place < b->place);
}

void marks_sort(struct marks *marks)
{
    if (marks->count > 1) {
        qsort(marks->mark, marks->count, sizeof(struct mark *), by_place);
    }
}

static void place_told(void *context, const struct answer *answer)
{
    struct mark *mark = context;
    struct marks *marks = mark->marks;
    const char *place = answer_get(answer, 0, "Pos");

    if (answer->ok && place != NULL) {
        mark->place = (size_t)strtoul(place, NULL, 10);
    } else if (!answer->ok && strstr(answer->error, "No such song") != NULL) {
        drop(marks, index_of(marks, mark->uri, mark->id, mark->place));
    }
    marks->changed(marks->context);
}

void marks_follow(struct marks *marks)
{
    char id[24];

    for (size_t i = 0; i < marks->count; i++) {
        snprintf(id, sizeof id, "%ld", marks->mark[i]->id);
        client_cancel(marks->client, marks->mark[i]);
        client_ask(marks->client, place_told, marks->mark[i], "playlistid", id, NULL);
    }
}

size_t marks_moves(struct marks *marks, size_t at, bool after, struct row_move *moves)
{
    size_t count = 0, above = 0, below = 0;

    marks_sort(marks);
    while (above < marks->count && marks->mark[above]->place < at) {
        above++;
    }
    /* From above, the nearest first: each one goes right to the row, which itself goes up by one
       each time when they are put after it. */
    for (size_t i = above; i > 0; i--) {
        const struct mark *mark = marks->mark[i - 1];

        moves[count] = (struct row_move){mark, mark->place, at - count - (after ? 0 : 1)};
        count++;
    }
    /* From below, the nearest first: each goes behind those that are there by now. */
    for (size_t i = above; i < marks->count; i++) {
        const struct mark *mark = marks->mark[i];

        if (mark->place != at) {
            moves[count++] = (struct row_move){mark, mark->place, at + below + (after ? 1 : 0)};
            below++;
        }
    }
    return count;
}

size_t marks_shift(const struct row_move *moves, size_t count, size_t at, bool after)
{
    size_t above = 0;

    while (above < count && moves[above].from < at) {
        above++;
    }
    return after ? at - above : at + (count - above);
}
