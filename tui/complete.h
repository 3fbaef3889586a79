/*
 * complete.h - completion of paths, for lines that name a file or a folder.
 *
 * Threads: one.
 */
#ifndef MP_TUI_COMPLETE_H
#define MP_TUI_COMPLETE_H

#include <stdbool.h>
#include <stddef.h>

/* The index-th name in its folder that begins as `begun` does, by name, folders with a slash behind
   them; "~" is kept as it was written. False: there are no more. */
bool complete_path(const char *begun, bool folders_only, size_t index, char *out, size_t size);

#endif
