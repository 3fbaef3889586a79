/*
 * scanner_internal.h - what the files behind scanner.h share.
 *
 * A job (scanner_job.c, in the scanner's thread "mp-scan") is a list of places to look at. For each
 * job it loads what the library knew (scanner_stamps.h), lets some threads walk and read
 * (scanner_walk.c, scanner_read.c, "mp-tags"), writes what they found, and hands it on. inotify
 * (scanner_watch.c) collects places that changed, for a job of their own.
 *
 * Threads: `lock` guards struct scanner but for what says otherwise; a walk has a lock of its own,
 * and the watches theirs, which comes before `lock` where both are held.
 */
#ifndef MP_LIBRARY_SCANNER_INTERNAL_H
#define MP_LIBRARY_SCANNER_INTERNAL_H

#include "library/scanner.h"
#include "library/scanner_batch.h"
#include "library/scanner_stamps.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

enum {
    SCANNER_DEPTH_MAX = 64,
    SCANNER_THREADS_MAX = 16,
    SCANNER_PLACES_MAX = 4096, /* of one job; more: all is looked at */
    SCANNER_JOBS_MAX = 32,     /* that wait, as with MPD */
    SCANNER_LEFT_OUT_TOLD = 20 /* names that a job puts into the log; then how many more */
};

/* A place to look at. */
struct scan_place {
    char *uri;
    bool deep; /* with all below it */
};

struct scan_job {
    struct scan_job *next;
    unsigned number;
    bool again;
    struct scan_place *places;
    size_t count, room;
};

/* A folder that is being watched; several may be one to the system, through links. */
struct watch {
    int number; /* inotify's; -1: free */
    char *uri;
};

struct scanner {
    char *database_path, *root;
    unsigned threads;
    int64_t quiet_ns;
    struct log *log;
    void (*news)(void *context);
    void *context;

    pthread_mutex_t lock;
    pthread_cond_t wake; /* of the scanner's thread; monotonic clock */
    pthread_t thread;
    bool started, ended;
    atomic_bool stopping;
    struct scan_job *jobs, *running; /* waiting, in order */
    unsigned last_number;

    struct scanner_batch *events, *events_end; /* for scanner_take */
    size_t events_bytes;

    struct scan_job *changed; /* what inotify told of: becomes a job once it is quiet */
    int64_t changed_first_ns, changed_last_ns;

    atomic_size_t files, read, errors, left_out;
    bool root_missing; /* and said so; the scanner's thread */

    int watch_fd;
    atomic_bool watching;
    pthread_mutex_t watch_lock;
    struct watch *watches; /* a hash table by number; size a power of two */
    size_t watch_count, watch_size;
    bool watches_ran_out; /* and said so */
};

/* A line for the log, unless the scanner is being destroyed. */
void scanner_log(struct scanner *scanner, enum log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* "ROOT/uri", the caller's; NULL with ENOMEM. */
char *scanner_path(const struct scanner *scanner, const char *uri);
int64_t scanner_now_ns(void);
/* Starts a thread that takes no signals. 0 or negative errno. */
int scanner_start_thread(pthread_t *thread, void *(*run)(void *context), void *context);
/* In the thread itself: its name, and that others come first. */
void scanner_name_thread(const char *name);
/* Takes the batch; waits while too much is waiting there already. */
void scanner_hand_over(struct scanner *scanner, struct scanner_batch *batch);

/* --- scanner_place.c: jobs as lists of places --- */
struct scan_job *scan_job_create(void); /* NULL with ENOMEM */
void scan_job_destroy(struct scan_job *job);
/* Adds a place, unless it was the last to be added. 0 or -ENOMEM. */
int scan_job_add(struct scan_job *job, const char *uri, bool deep);
/* Leaves out what other places of the job cover. */
void scan_job_tidy(struct scan_job *job);
/* a/b is below a, all is below "". */
bool scan_uri_is_below(const char *uri, const char *folder);
/* What may be looked at: no empty, hidden or too long names, no 0. */
bool scan_uri_is_fit(const char *uri);

/* --- scanner_job.c: the scanner's thread --- */
void *scanner_run(void *scanner);

/* --- scanner_walk.c, scanner_read.c: one walk over the places of a job --- */
struct scan_above { /* a folder that is being looked at, for the circles */
    const struct scan_above *up;
    struct scan_above *next; /* of all of the walk */
    dev_t device;
    ino_t inode;
    int depth;
};

struct scan_file {
    size_t name; /* offset in names */
    int64_t modified_ns, size, added_s;
    int64_t known_size; /* as of the last time, SCANNER_UNOPENED - 1: not known */
};

struct scan_files {
    struct record_bytes names;
    struct scan_file *list;
    size_t count, room;
};

/* A folder to be listed, or some files of one to be read. */
struct scan_work {
    struct scan_work *next;
    const struct scan_above *above;
    bool deep;
    struct scan_files *files; /* NULL: list it */
    char uri[];
};

struct scan_walk {
    struct scanner *scanner;
    struct stamps *stamps;
    bool again;
    atomic_bool root_empty; /* there is nothing in the music folder */

    pthread_mutex_t lock;
    pthread_cond_t work_there, batch_there, room_there;
    struct scan_work *work;
    unsigned busy;    /* threads that may yet find work */
    unsigned running; /* threads */
    struct scanner_batch *batches, *batches_end;
    size_t batch_count;
    struct scan_above *folders;
    char *mounts_before, *mounts; /* folders on other disks, one a line: known; met now */
    char **kept;                  /* folders that could not be looked at */
    size_t kept_count;
    bool failed; /* no memory: what was not seen is not to be removed */
    pthread_t threads[SCANNER_THREADS_MAX];
};

/* One of the threads, and what it uses over and over. */
struct scan_worker {
    struct scan_walk *walk;
    struct tags_reader *reader;
    struct scanner_batch *batch;
    struct scan_files files;
    struct record_bytes path, folders; /* folders: names, each with its 0 */
    size_t folder_count;
};

/* Of a zeroed one, but for what scan_mounts_load has put there. */
int scan_walk_start(struct scan_walk *walk, struct scanner *scanner, struct stamps *stamps,
                    const struct scan_job *job);
/* The next batch of what was read, the caller's; NULL: the walk is over, or the scanner stops. */
struct scanner_batch *scan_walk_next(struct scan_walk *walk);
/* Waits for the threads. */
void scan_walk_finish(struct scan_walk *walk);
/* Could the folder not be looked at, or one above it? */
bool scan_walk_kept(const struct scan_walk *walk, const char *uri);

/* For the workers: */
void scan_walk_push(struct scan_walk *walk, struct scan_work *work);
void scan_walk_keep(struct scan_walk *walk, const char *uri);
void scan_walk_give(struct scan_walk *walk, struct scanner_batch *batch);
struct scan_work *scan_work_create(const char *folder, const char *name);
void scan_work_destroy(struct scan_work *work);
void scan_list_folder(struct scan_worker *worker, struct scan_work *work);
int scan_files_add(struct scan_files *files, const char *name, const struct scan_file *file);
void scan_files_finish(struct scan_files *files);
void scan_read_files(struct scan_worker *worker, const char *folder,
                     const struct scan_files *files);
/* Gives what was read so far to the writer. */
void scan_flush(struct scan_worker *worker);

/* --- scanner_mounts.c --- */
void scan_mounts_load(struct scan_walk *walk, struct database *database);
/* Was there a disk of its own in this folder? */
bool scan_mounts_know(struct scan_walk *walk, const char *uri);
void scan_mounts_note(struct scan_walk *walk, const char *uri);
int scan_mounts_save(struct scan_walk *walk, struct database *database);

/* --- scanner_watch.c --- */
void scanner_watch_open(struct scanner *scanner);
void scanner_watch_close(struct scanner *scanner);
void scanner_watch_folder(struct scanner *scanner, const char *uri, const char *path);

#endif
