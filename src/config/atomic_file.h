/*
 * atomic_file.h - a small file written whole or not at all: beside its place, synced, renamed.
 *
 * Whatever happens meanwhile, who opens the name finds all of the old file or all of the new one. A
 * link is followed to the file that it names; the mode of what is replaced is kept; what is no
 * plain file, or may not be written, is left alone. A kill leaves at most one file ".NAME.new"
 * behind, which the next writing takes over.
 *
 * Threads: any; one at a time for one path.
 */
#ifndef MP_CONFIG_ATOMIC_FILE_H
#define MP_CONFIG_ATOMIC_FILE_H

#include <stddef.h>

/* Its folder must be there. 0 or negative errno, and the old file stays as it was. */
int atomic_file_write(const char *path, const void *bytes, size_t size);

#endif
