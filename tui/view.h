/*
 * view.h - one of the views 1 to 9 and 0: a const class, and an instance that keeps its place.
 *
 * A view draws what it knows and asks the player for what it lacks; it never waits. Members that
 * are NULL are things the view does not do.
 *
 * Threads: one.
 */
#ifndef MP_TUI_VIEW_H
#define MP_TUI_VIEW_H

#include "tui/canvas.h"
#include "tui/input.h"
#include "tui/keys.h"

#include <stdint.h>

struct marks;
struct screen;
struct view;

enum view_id {
    VIEW_LIBRARY,
    VIEW_SORTED,
    VIEW_PLAYLISTS,
    VIEW_QUEUE,
    VIEW_FILES,
    VIEW_FILTERS,
    VIEW_SETTINGS,
    VIEW_REFERENCE,
    VIEW_METERS,
    VIEW_LOG,
    VIEW_HELP,
    VIEWS
};

struct view_class {
    const char *name; /* "library", for the title line and :view */
    /* NULL with ENOMEM. */
    struct view *(*create)(struct screen *screen);
    void (*destroy)(struct view *view);
    void (*shown)(struct view *view);  /* it shows from now on */
    void (*hidden)(struct view *view); /* and not any more */
    /* CHANGED_... of tui/client.h; also when it is not shown: ask again when it is. */
    void (*changed)(struct view *view, unsigned what);
    /* While it shows, before each wait: the time until it wants to be called again, in ms; -1: when
       something else happens. */
    int (*tick)(struct view *view, uint64_t now_ms);
    void (*draw)(struct view *view, struct canvas *canvas, const struct area *area);
    bool (*act)(struct view *view, enum action action); /* false: not for it */
    /* Another track is heard, and the selection follows it (f). */
    void (*follow)(struct view *view);
    /* A click or the wheel; row and column are within its area. */
    bool (*point)(struct view *view, const struct input *input);
    /* Goes to the next row that holds the words of `text`, from the selected one on (from_next:
       from the one after it) in direction +1 or -1. */
    void (*search)(struct view *view, const char *text, int direction, bool from_next);
    /* The track that is selected (R, T, e act on it): its uri, or false. */
    bool (*selected)(struct view *view, char *uri, size_t size);
    /* Adds what is marked, else what is selected (an artist, album or folder as a whole), to a
       stored playlist, and goes on to the next row where nothing was marked. False: there is
       nothing. */
    bool (*to_playlist)(struct view *view, const char *name);
    /* The rows that space has marked. */
    struct marks *(*marks)(struct view *view);
    /* The playlist that is selected, or whose tracks show; NULL: none. */
    const char *(*playlist)(struct view *view);
};

/* The beginning of every view. */
struct view {
    const struct view_class *class;
    struct screen *screen;
};

#endif
