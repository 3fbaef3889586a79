/*
 * keys.h - the table of what a person can do, with the keys for it, and the bindings in force.
 *
 * One entry an action: its name (for matchplayrc's [keys], `action = keys`, and for :bind), the
 * keys it has by default (those of cmus where cmus has it), where it belongs in help, and a line of
 * help. Keys are written as in help: x X ^R space enter tab F1 up alt-x; several are separated by
 * spaces.
 *
 * Threads: one at a time.
 */
#ifndef MP_TUI_KEYS_H
#define MP_TUI_KEYS_H

#include "tui/input.h"

#include <stdbool.h>
#include <stddef.h>

enum action {
    ACTION_NONE,
    /* playing */
    ACTION_PLAY,
    ACTION_PAUSE,
    ACTION_STOP,
    ACTION_NEXT,
    ACTION_PREVIOUS,
    ACTION_NEXT_ALBUM,
    ACTION_PREVIOUS_ALBUM,
    ACTION_SEEK_BACK,
    ACTION_SEEK_ON,
    ACTION_SEEK_BACK_FAR,
    ACTION_SEEK_ON_FAR,
    ACTION_LOUDER,
    ACTION_QUIETER,
    ACTION_RANDOM,
    ACTION_REPEAT,
    ACTION_REPEAT_CURRENT,
    ACTION_CONTINUE,
    /* the match */
    ACTION_AB,
    ACTION_HEAR_REFERENCE,
    ACTION_EQUAL_LOUDNESS,
    ACTION_MAKE_REFERENCE,
    ACTION_ADD_REFERENCE,
    ACTION_CLEAR_REFERENCE,
    ACTION_AMOUNT_LESS,
    ACTION_AMOUNT_MORE,
    ACTION_SAVE_PRESET,
    ACTION_ABX,
    ACTION_METERS,
    /* moving */
    ACTION_DOWN,
    ACTION_UP,
    ACTION_PAGE_DOWN,
    ACTION_PAGE_UP,
    ACTION_HALF_DOWN,
    ACTION_HALF_UP,
    ACTION_SCROLL_DOWN,
    ACTION_SCROLL_UP,
    ACTION_TOP,
    ACTION_BOTTOM,
    ACTION_OTHER_PANE,
    ACTION_TOGGLE,   /* space: unfold, mark */
    ACTION_ACTIVATE, /* enter */
    ACTION_BACK,
    ACTION_GO_TO_CURRENT,
    ACTION_FOLLOW,
    ACTION_SEARCH,
    ACTION_SEARCH_BACK,
    ACTION_SEARCH_NEXT,
    ACTION_SEARCH_PREVIOUS,
    /* the queue and playlists */
    ACTION_QUEUE,
    ACTION_QUEUE_FIRST,
    ACTION_TO_PLAYLIST,
    ACTION_TO_LIBRARY,
    ACTION_REMOVE,
    ACTION_MOVE_AFTER,
    ACTION_MOVE_BEFORE,
    /* views and the rest */
    ACTION_VIEW_LIBRARY,
    ACTION_VIEW_SORTED,
    ACTION_VIEW_PLAYLISTS,
    ACTION_VIEW_QUEUE,
    ACTION_VIEW_FILES,
    ACTION_VIEW_FILTERS,
    ACTION_VIEW_SETTINGS,
    ACTION_VIEW_REFERENCE,
    ACTION_VIEW_METERS,
    ACTION_VIEW_LOG,
    ACTION_HELP,
    ACTION_COMMAND,
    ACTION_FILTER,
    ACTION_REMAINING_TIME,
    ACTION_RESCAN,
    ACTION_RESCAN_SELECTED,
    ACTION_REDRAW,
    ACTION_LEAVE,
    ACTION_QUIT,
    /* keys of cmus that mean nothing here, and say so */
    ACTION_NOT_HERE,
    ACTIONS
};

struct action_entry {
    enum action action;
    const char *name;  /* "play" */
    const char *keys;  /* "x" */
    const char *group; /* of help: "playing" */
    const char *help;  /* "plays, from the beginning of the track" */
};

/* In the order of help; NULL past the last. */
const struct action_entry *action_at(size_t index);
/* _ stands for - as well. NULL: none such. */
const struct action_entry *action_named(const char *name);
const struct action_entry *action_entry(enum action action);

struct keys;

struct keys *keys_create(void); /* the defaults; NULL with ENOMEM */
void keys_destroy(struct keys *keys);
/* The keys of an action are these from now on, "" for none; they leave whatever had them. 0,
   -ENOENT (no such action), -EINVAL (no such key), with a line in message. */
int keys_bind(struct keys *keys, const char *action, const char *names, char *message, size_t size);
enum action keys_action(const struct keys *keys, int key);
/* "x c": the keys of an action as they are now. */
void keys_of(const struct keys *keys, enum action action, char *text, size_t size);

/* "^R", "space", "F1", "alt-x", "é". */
void key_write(int key, char *text, size_t size);
/* -1: none such. */
int key_named(const char *name);

#endif
