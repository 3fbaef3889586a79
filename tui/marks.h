/*
 * marks.h - the rows that space has marked, which e E y D p P then act on.
 *
 * A row is known by its id in the queue, by its place in a playlist, else by its uri. Marks are
 * few: the list itself is the player's.
 *
 * Threads: one.
 */
#ifndef MP_TUI_MARKS_H
#define MP_TUI_MARKS_H

#include "tui/client.h"

enum { MARKS_MAX = 1000 };

enum marks_key { MARKS_BY_URI, MARKS_BY_PLACE, MARKS_BY_ID };

struct mark {
    struct marks *marks;
    char *uri;
    long id;      /* -1: not of the queue */
    size_t place; /* of the row in its list, as it was known last */
};

struct marks {
    enum marks_key key;
    struct client *client;
    struct mark **mark; /* in the order of their places after marks_sort */
    size_t count;
    void (*changed)(void *context); /* one has moved or gone */
    void *context;
};

/* Empty, and by uri. */
void marks_init(struct marks *marks, struct client *client, void (*changed)(void *context),
                void *context);
void marks_clear(struct marks *marks);
bool marks_has(const struct marks *marks, const char *uri, long id, size_t place);
/* Marks the row, or takes its mark away. 0, -ENOSPC (MARKS_MAX) or -ENOMEM. */
int marks_toggle(struct marks *marks, const char *uri, long id, size_t place);
void marks_sort(struct marks *marks);
/* The queue has changed: asks where each is by now; what has left it is marked no longer. */
void marks_follow(struct marks *marks);

/* One row out of its place into another, counted as they stand then. */
struct row_move {
    const struct mark *mark;
    size_t from, to;
};
/* The moves, one after the other, that bring all marked rows next to the row at `at`, after or
   before it, in their order. Room for marks->count; returns how many there are. The row at `at`
   itself stays. */
size_t marks_moves(struct marks *marks, size_t at, bool after, struct row_move *moves);
/* Where the row at `at` stands after them. */
size_t marks_shift(const struct row_move *moves, size_t count, size_t at, bool after);

#endif
