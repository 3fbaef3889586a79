/*
 * views.h - the table of views.
 *
 * Threads: any; const.
 */
#ifndef MP_TUI_VIEWS_H
#define MP_TUI_VIEWS_H

#include "tui/view.h"

extern const struct view_class view_library, view_sorted, view_playlists, view_queue, view_files,
    view_filters, view_settings, view_reference, view_meters, view_log, view_help;

/* The playlist that y adds to, or NULL: none is marked. */
const char *view_playlists_marked(const struct view *view);

extern const struct view_class *const view_classes[VIEWS];

#endif
