/*
 * database.h - the library on disk: one SQLite file, ~/.local/share/matchplay/library.db.
 *
 * WAL, migrations by user_version; a file that is no database, or is damaged, is set aside as
 * library.db.damaged-TIME with a line, and a new one begun: what it holds can be read again. One of
 * a newer matchplay is left alone, and refused. One writer: the scanner's thread. Others read.
 *
 * Threads: one thread at a time for one database object; each thread opens its own.
 * Errors: negative errno. -EUCLEAN of any function: the file turned out to be damaged; it was set
 * aside, and the object goes on with an empty one: forget what it told, and begin anew.
 */
#ifndef MP_LIBRARY_DATABASE_H
#define MP_LIBRARY_DATABASE_H

#include "base/log.h"
#include "library/record.h"

struct database;

/* 0 with *database, or negative errno with a line in message (-ENOTSUP: of a newer matchplay). The
   folder must exist. path ":memory:" for tests. */
int database_open(struct database **database, const char *path, struct log *log, char *message,
                  size_t size);
void database_close(struct database *database);

/* Each file of the library; the callback copies. False stops. 0 or negative errno. */
int database_each(struct database *database, bool (*each)(void *context, const struct record *),
                  void *context);
/* What a rescan must know of a file: enough to see that it is unchanged. Of all files below
   `folder` ("": all there are), in order of their uris, byte by byte. */
int database_each_stamp(struct database *database, const char *folder,
                        bool (*each)(void *context, const char *uri, int64_t modified_ns,
                                     int64_t size, int64_t added_s),
                        void *context);

int database_begin(struct database *database); /* one transaction around many writes */
int database_commit(struct database *database);
int database_put(struct database *database, const struct record *record);
/* The same of tags that are packed already (record_pack.h). */
int database_put_packed(struct database *database, const struct record *record, const void *tags,
                        size_t tags_size);
int database_remove(struct database *database, const char *uri);

/* Small values under a name: the music folder it was scanned from, the time of the last update that
   changed anything in seconds since 1970; the scanner writes these two.
   get: the caller's, NULL when it is not there. */
#define DATABASE_MUSIC_DIRECTORY "music_directory"
#define DATABASE_UPDATED "updated_s"
#define DATABASE_MOUNTS "mounts" /* the scanner's alone */
char *database_get_text(struct database *database, const char *name);
int database_set_text(struct database *database, const char *name, const char *text);

#endif
