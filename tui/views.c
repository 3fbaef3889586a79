/* views.c - the table of views. */
#include "tui/views.h"

const struct view_class *const view_classes[VIEWS] = {
    [VIEW_LIBRARY] = &view_library,     [VIEW_SORTED] = &view_sorted,
    [VIEW_PLAYLISTS] = &view_playlists, [VIEW_QUEUE] = &view_queue,
    [VIEW_FILES] = &view_files,         [VIEW_FILTERS] = &view_filters,
    [VIEW_SETTINGS] = &view_settings,   [VIEW_REFERENCE] = &view_reference,
    [VIEW_METERS] = &view_meters,       [VIEW_LOG] = &view_log,
    [VIEW_HELP] = &view_help,
};
