/*
 * scanner.h - reads the music folder into the database: walk, tags, changes, inotify.
 *
 * Works in threads of its own (one that walks and writes, one a core that reads tags). Links inside
 * the folder are followed, circles cut, hidden names passed over. What is unchanged by size and
 * time is not opened. A file that cannot be read is kept with the reason, and tried again only when
 * it changes. Names that are not UTF-8 or hold a newline, and paths over RECORD_URI_LIMIT, are left
 * out and named in the log. What is found is handed over in batches, for the catalogue.
 *
 * Threads: the server's loop for all functions; `news` is called in the scanner's thread and must
 * not block (wake the loop, which then calls scanner_take).
 */
#ifndef MP_LIBRARY_SCANNER_H
#define MP_LIBRARY_SCANNER_H

#include "library/database.h"

struct scanner;

struct scanner_settings {
    const char *database_path;
    const char *music_directory; /* absolute */
    unsigned threads;            /* that read tags; 0: one a core */
    unsigned quiet_ms; /* without a change before the changes are looked at; 0: half a second */
    struct log *log;
    void (*news)(void *context);
    void *context;
};

struct scanner *scanner_create(const struct scanner_settings *settings); /* NULL with errno */
void scanner_destroy(struct scanner *scanner); /* stops at once, what was read is kept */

/* Asks for a scan of `folder` ("" all of it); again: files are read even if unchanged. Returns the
   job's number (1, 2, ...), as MPD's update does; 0: no memory, or 32 jobs wait already. */
unsigned scanner_update(struct scanner *scanner, const char *folder, bool again);

/* One thing that happened since the last call. */
enum scanner_event_kind {
    SCANNER_PUT,     /* record: a file is new or was read anew */
    SCANNER_REMOVED, /* uri: a file is gone */
    SCANNER_DONE,    /* a job ended */
};
struct scanner_event {
    enum scanner_event_kind kind;
    const struct record *record;
    const char *uri;
    bool changed; /* of DONE: anything was put or removed */
};
/* Calls `each` for what is waiting, at most `most` events (0: all). Returns how many; when that is
   `most`, more may wait, and `news` does not tell again. Some MiB wait at most: then the scan waits
   until they are taken. */
size_t scanner_take(struct scanner *scanner, size_t most,
                    void (*each)(void *context, const struct scanner_event *event), void *context);

struct scanner_status {
    unsigned job;               /* being done; 0: none */
    size_t files, read, errors; /* of the job so far: seen, opened, unreadable */
    size_t left_out;            /* names that cannot be shown */
    bool watching;              /* inotify tells of changes */
};
void scanner_read_status(struct scanner *scanner, struct scanner_status *status);

/* inotify: the loop polls this descriptor (-1: none, inotify cannot be had) and calls
   scanner_watch when it is readable. Watches are set by scans, in the scanner's thread; where they
   run out, a line in the log says so and `scanner_status.watching` turns false: the loop then
   rescans every hour. */
int scanner_watch_fd(const struct scanner *scanner);
void scanner_watch(struct scanner *scanner);

#endif
