/*
 * tracks.h - a pane of tracks: a long answer of the player as a list, in columns.
 *
 * Threads: one.
 */
#ifndef MP_TUI_TRACKS_H
#define MP_TUI_TRACKS_H

#include "tui/list.h"
#include "tui/mark_rows.h"
#include "tui/rows.h"
#include "tui/screen.h"

enum tracks_columns {
    TRACKS_ALBUM, /* track number, title, time: where artist and album are plain to see */
    TRACKS_FULL,  /* artist, title, album, date, time */
    TRACKS_QUEUE, /* artist, title, playlist, reference, time */
};

struct tracks {
    struct screen *screen;
    struct list list;
    struct rows *rows;
    enum tracks_columns columns;
    struct marks marks;                /* those of another question are gone */
    char *find_expression, *find_sort; /* of the question asked, for search; NULL: none */
    char *playlist;                    /* the one that is shown; NULL: none */
    char wanted[LINE_EDIT_SIZE]; /* of the search on its way; "": not finding it is not told */
    bool marks_playing_by_id;    /* the queue: by id, else by file */
    bool counted; /* false: how many there are is on its way, and any of them can be selected */
};

int tracks_init(struct tracks *tracks, struct screen *screen, enum tracks_columns columns);
void tracks_finish(struct tracks *tracks);
/* All that fit a filter expression, in an order; the count is asked for as well. */
void tracks_find(struct tracks *tracks, const char *expression, const char *sort);
/* A stored playlist; it is asked for whole pages at a time, as the others. `other`: than the one
   before, so that nothing of it is selected yet. */
void tracks_playlist(struct tracks *tracks, const char *name, bool other);
/* The queue. */
void tracks_queue(struct tracks *tracks);
void tracks_refresh(struct tracks *tracks);
/* "12 tracks, 2 marked", or "" as long as that is not known. */
void tracks_write_count(const struct tracks *tracks, char *text, size_t size);
void tracks_draw(struct tracks *tracks, struct canvas *canvas, const struct area *area,
                 bool focused);
/* The selected row, or NULL. */
const struct row *tracks_selected(struct tracks *tracks);
/* Selects what is heard, where it is in this answer; `say`: tells when it is not. */
void tracks_go_to_playing(struct tracks *tracks, bool say);
/* As view_class.search. */
void tracks_search(struct tracks *tracks, const char *text, int direction, bool from_next);

/* What space, e, E and y act on. */
struct mark_rows tracks_mark_rows(struct tracks *tracks);

/* "(TAG == 'value')" with the value quoted as filters want it. */
void filter_equals(char *out, size_t size, const char *tag, const char *value);
/* 4:05; "" for 0. */
void write_duration(char *text, size_t size, double seconds);
/* The last part of a path. */
const char *path_name(const char *path);

#endif
