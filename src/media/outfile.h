/*
 * outfile.h - a file that appears whole under its name, or not at all.
 *
 * Private to src/media. Written beside its place, synced and renamed. What is there already and is
 * no plain file (a pipe, /dev/full) is written straight. Where the name is a link, the file that it
 * names is replaced.
 *
 * Threads: one at a time for one outfile.
 * Errors: negative errno and one line that names the file.
 */
#ifndef MP_MEDIA_OUTFILE_H
#define MP_MEDIA_OUTFILE_H

#include "media/decoder.h"

struct outfile;

int outfile_open(struct outfile **file, const char *path, struct media_error *error);
/* False: nothing can be written again that is written, as in a pipe. */
bool outfile_seekable(const struct outfile *file);
int outfile_write(struct outfile *file, const void *bytes, size_t size);
/* The next write goes to `place`. */
int outfile_seek(struct outfile *file, int64_t place);
int64_t outfile_size(const struct outfile *file);
int64_t outfile_tell(const struct outfile *file);
/* Syncs, renames, frees. */
int outfile_commit(struct outfile *file, struct media_error *error);
/* Leaves nothing behind; takes NULL. */
void outfile_abort(struct outfile *file);
/* The line for a failed write. */
int outfile_fail(const struct outfile *file, int code, struct media_error *error);

#endif
