/* mark_rows.c - what space, e, E and y do in a list whose rows can be marked. */
#include "tui/mark_rows.h"

#include "tui/play_rows.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void mark_rows_toggle(const struct mark_rows *rows)
{
    const struct row *row = rows->selected;
    int error;

    if (row == NULL) {
        screen_say(rows->screen, ROLE_TEXT, "there is nothing to mark here");
        return;
    }
    error = marks_toggle(rows->marks, row->file, row->id, rows->list->selected);
    if (error == -ENOSPC) {
        screen_say(rows->screen, ROLE_WARNING, "no more than %d tracks can be marked", MARKS_MAX);
    } else if (error < 0) {
        screen_say(rows->screen, ROLE_ERROR, "the track cannot be marked: %s", strerror(-error));
    } else {
        list_act(rows->list, ACTION_DOWN);
    }
}

static void queue_one(const struct mark_rows *rows, const char *uri, size_t place, bool next)
{
    if (rows->playlist != NULL) {
        queue_playlist_track(rows->screen, rows->playlist, place, next);
    } else {
        queue_uri(rows->screen, uri, next);
    }
}

/* Those that are to come next are put in one before the other: the last one goes first. */
static void queue_marked(const struct mark_rows *rows, bool next)
{
    struct marks *marks = rows->marks;

    marks_sort(marks);
    for (size_t i = 0; i < marks->count; i++) {
        const struct mark *mark = marks->mark[next ? marks->count - 1 - i : i];

        queue_one(rows, mark->uri, mark->place, next);
    }
    if (marks->count > 1) {
        screen_will_tell(rows->screen, "%zu tracks: queued%s", marks->count,
                         next ? " to come next" : "");
    }
    marks_clear(marks);
}

void mark_rows_queue(const struct mark_rows *rows, bool next)
{
    if (rows->marks->count > 0) {
        queue_marked(rows, next);
    } else if (rows->selected != NULL) {
        queue_one(rows, rows->selected->file, rows->list->selected, next);
        list_act(rows->list, ACTION_DOWN);
    }
}

bool mark_rows_to_playlist(const struct mark_rows *rows, const char *name)
{
    struct marks *marks = rows->marks;
    char said[SCREEN_MESSAGE_SIZE];

    snprintf(said, sizeof said, "added to %s", name);
    if (marks->count == 0) {
        if (rows->selected == NULL) {
            return false;
        }
        screen_send_told(rows->screen, said, "playlistadd", name, rows->selected->file, NULL);
        list_act(rows->list, ACTION_DOWN);
        return true;
    }
    marks_sort(marks);
    for (size_t i = 0; i < marks->count; i++) {
        screen_send_told(rows->screen, said, "playlistadd", name, marks->mark[i]->uri, NULL);
    }
    marks_clear(marks);
    return true;
}

const char *marks_write(const struct marks *marks, char *text, size_t size)
{
    text[0] = '\0';
    if (marks->count > 0) {
        snprintf(text, size, ", %zu marked", marks->count);
    }
    return text;
}
