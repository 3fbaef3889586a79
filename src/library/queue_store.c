/* queue_store.c - the queue on disk: each change appended, the whole written anew now and then. */
#include "library/queue_store_internal.h"

#include "config/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { JOURNAL_LEAST = 1 << 16, PLACE_SIZE = 64 };

struct queue_store {
    char *path;
    int file; /* -1: to be written anew, whole */
    struct queue *queue;
    char *origin; /* what the last `from` said; NULL: nothing */
    bool origin_known;
    char *waiting; /* lines that are to be appended */
    size_t waiting_size, waiting_room;
    size_t changes;          /* among them */
    size_t size;             /* of the file */
    size_t snapshot_size;    /* of what it was when it was written anew */
    struct queue_place last; /* place that was saved */
    char place[PLACE_SIZE];  /* its line, as it was written last */
    bool lost;               /* a change could not be noted: what waits is not all */
    bool told;               /* that it cannot be written */
    config_report report;
    void *context;
};

/* --- lines ------------------------------------------------------------------------------------ */

static bool make_room(struct queue_store *store, size_t size)
{
    size_t room = store->waiting_room;
    char *grown;

    if (store->waiting_size + size <= room) {
        return true;
    }
    while (room < store->waiting_size + size) {
        room = room * 2 + 256;
    }
    grown = realloc(store->waiting, room);
    if (grown == NULL) {
        store->lost = true;
        return false;
    }
    store->waiting = grown;
    store->waiting_room = room;
    return true;
}

static void put_bytes(struct queue_store *store, const char *bytes, size_t size)
{
    if (make_room(store, size)) {
        memcpy(store->waiting + store->waiting_size, bytes, size);
        store->waiting_size += size;
    }
}

static void put(struct queue_store *store, const char *text)
{
    put_bytes(store, text, strlen(text));
}

/* "VERB 1 2 3", without a line end. */
static void put_numbers(struct queue_store *store, const char *verb, const size_t numbers[],
                        size_t count)
{
    char text[32];

    put(store, verb);
    for (size_t i = 0; i < count; i++) {
        snprintf(text, sizeof text, " %zu", numbers[i]);
        put(store, text);
    }
}

static void put_change(struct queue_store *store, const char *verb, const size_t numbers[],
                       size_t count)
{
    put_numbers(store, verb, numbers, count);
    put(store, "\n");
}

static void put_escaped(struct queue_store *store, const char *text)
{
    static const char plain[] = "\\\t\n\r", written[] = "\\tnr";

    for (; *text != '\0'; text++) {
        const char *found = strchr(plain, *text);

        put_bytes(store, "\\", found != NULL);
        put_bytes(store, found != NULL ? &written[found - plain] : text, 1);
    }
}

static void put_origin(struct queue_store *store, const char *origin)
{
    const char *known = store->origin;

    if (store->origin_known &&
        (known == origin || (known != NULL && origin != NULL && strcmp(origin, known) == 0))) {
        return;
    }
    store->origin_known = true;
    free(store->origin);
    store->origin = origin != NULL ? strdup(origin) : NULL;
    store->lost = store->lost || (origin != NULL && store->origin == NULL);
    put(store, "from");
    if (origin != NULL) {
        put(store, " ");
        put_escaped(store, origin);
    }
    put(store, "\n");
}

static bool put_added(void *context, const struct queue_entry *entry)
{
    struct queue_store *store = context;

    put_origin(store, entry->origin);
    put_numbers(store, "add", (size_t[]){entry->id}, 1);
    put(store, " ");
    put(store, entry->uri);
    put(store, "\n");
    store->changes++;
    return true;
}

static bool put_inserted(void *context, const struct queue_entry *entry)
{
    struct queue_store *store = context;

    put_origin(store, entry->origin);
    put_numbers(store, "insert", (size_t[]){entry->position, entry->id}, 2);
    put(store, " ");
    put(store, entry->uri);
    put(store, "\n");
    store->changes++;
    return true;
}

static bool put_priority(void *context, const struct queue_entry *entry)
{
    if (entry->priority > 0) {
        put_change(context, "priority", (size_t[]){entry->id, entry->priority}, 2);
    }
    return true;
}

static bool put_id(void *context, const struct queue_entry *entry)
{
    put_numbers(context, "", (size_t[]){entry->id}, 1);
    return true;
}

static void put_modes(struct queue_store *store)
{
    struct queue_modes modes;

    queue_read_modes(store->queue, &modes);
    put_change(store, "modes", (size_t[]){modes.random, modes.repeat, modes.single, modes.consume},
               4);
}

static void note(void *context, const struct queue_change *change)
{
    struct queue_store *store = context;

    store->changes++;
    switch (change->kind) {
    case QUEUE_INSERTED:
        store->changes--;
        queue_each(store->queue, change->first, change->last,
                   change->last == queue_length(store->queue) ? put_added : put_inserted, store);
        break;
    case QUEUE_DELETED:
        put_change(store, "delete", (size_t[]){change->first, change->last}, 2);
        break;
    case QUEUE_MOVED:
        put_change(store, "move", (size_t[]){change->first, change->last, change->to}, 3);
        break;
    case QUEUE_SWAPPED:
        put_change(store, "swap", (size_t[]){change->first, change->last}, 2);
        break;
    case QUEUE_SHUFFLED:
        put_numbers(store, "order", &change->first, 1);
        queue_each(store->queue, change->first, change->last, put_id, store);
        put(store, "\n");
        break;
    case QUEUE_CLEARED:
        put(store, "clear\n");
        break;
    case QUEUE_PRIORITY:
        put_change(store, "priority", (size_t[]){change->id, change->priority}, 2);
        break;
    case QUEUE_RENAMED:
        put(store, "rename ");
        put_escaped(store, change->from);
        put(store, "\t");
        put_escaped(store, change->name != NULL ? change->name : "");
        put(store, "\n");
        break;
    case QUEUE_MODES:
        put_modes(store);
        break;
    }
}

/* True when it is another one than before. */
static bool put_place(struct queue_store *store, const struct queue_place *place)
{
    char line[PLACE_SIZE];

    snprintf(line, sizeof line, "place %u %.3f %s\n", (unsigned)place->id, place->elapsed_s,
             place->playing  ? "playing"
             : place->paused ? "paused"
                             : "stopped");
    if (strcmp(line, store->place) == 0) {
        return false;
    }
    memcpy(store->place, line, sizeof line);
    put(store, line);
    store->changes++;
    return true;
}

/* --- writing ---------------------------------------------------------------------------------- */

static void forget_waiting(struct queue_store *store)
{
    store->waiting_size = 0;
    store->changes = 0;
    store->lost = false;
}

static int close_file(struct queue_store *store, int error)
{
    if (store->file >= 0) {
        close(store->file);
    }
    store->file = -1;
    return error;
}

/* The whole queue instead of what became of it. */
static int write_anew(struct queue_store *store)
{
    int error;

    close_file(store, 0);
    forget_waiting(store);
    free(store->origin);
    store->origin = NULL;
    store->origin_known = true;
    store->place[0] = '\0';
    put(store, QUEUE_STORE_TITLE);
    put_change(store, "next-id", (size_t[]){queue_next_id(store->queue)}, 1);
    put_modes(store);
    queue_each(store->queue, 0, queue_length(store->queue), put_added, store);
    queue_each(store->queue, 0, queue_length(store->queue), put_priority, store);
    put_place(store, &store->last);
    error =
        store->lost ? -ENOMEM : atomic_file_write(store->path, store->waiting, store->waiting_size);
    if (error == 0) {
        store->size = store->snapshot_size = store->waiting_size;
        store->file = open(store->path, O_WRONLY | O_APPEND | O_CLOEXEC);
        error = store->file < 0 ? -errno : 0;
    }
    forget_waiting(store);
    if (store->waiting_room > JOURNAL_LEAST) { /* it was as large as the whole queue */
        free(store->waiting);
        store->waiting = NULL;
        store->waiting_room = 0;
    }
    return error;
}

/* One write, so that it is there as a whole for whoever reads after a kill. */
static int append(struct queue_store *store)
{
    ssize_t written;
    int error;

    do {
        written = write(store->file, store->waiting, store->waiting_size);
    } while (written < 0 && errno == EINTR);
    if (written != (ssize_t)store->waiting_size) {
        error = written < 0 ? -errno : -ENOSPC;
        /* What was written of it has no `end`, or no line end, so that nobody heeds it. */
        return close_file(store, error); /* the next time all is written anew */
    }
    store->size += store->waiting_size;
    forget_waiting(store);
    return 0;
}

/* Changes that are one stand between `begin` and `end`. */
static void enclose(struct queue_store *store)
{
    static const char begin[] = "begin\n", end[] = "end\n";
    size_t size = sizeof begin - 1;

    if (store->changes > 1 && make_room(store, size + sizeof end - 1)) {
        memmove(store->waiting + size, store->waiting, store->waiting_size);
        memcpy(store->waiting, begin, size);
        store->waiting_size += size;
        put(store, end);
    }
}

/* Told once, until it goes well again. */
static int told(struct queue_store *store, int error)
{
    if (error != 0 && !store->told) {
        config_tell(store->report, store->context, store->path, 0,
                    "the queue cannot be kept (%s); free some space, or see who may write there",
                    strerror(-error));
    }
    store->told = error != 0;
    return error;
}

int queue_store_save(struct queue_store *store, const struct queue_place *place)
{
    store->last = *place;
    put_place(store, place);
    if (store->changes == 0 && store->file >= 0) {
        return 0;
    }
    enclose(store);
    if (store->file < 0 || store->lost ||
        store->size + store->waiting_size > store->snapshot_size * 2 + JOURNAL_LEAST) {
        return told(store, write_anew(store));
    }
    return told(store, append(store));
}

/* --- opening and closing ---------------------------------------------------------------------- */

/* Something else stands there under the queue's name: it is kept. */
static int set_aside(struct queue_store *store)
{
    char *aside = NULL;
    int error = 0;

    if (asprintf(&aside, "%s.bad", store->path) < 0) {
        return -ENOMEM;
    }
    if (rename(store->path, aside) != 0) {
        error = -errno;
    } else {
        config_tell(store->report, store->context, store->path, 0,
                    "this is no queue of matchplay's; it is %s now, and the queue begins empty",
                    aside);
    }
    free(aside);
    return error;
}

static int restore(struct queue_store *store, struct queue_place *place)
{
    struct queue_store_reading reading = {store->path, store->queue, place, store->report,
                                          store->context};
    size_t size = 0, kept = 0;
    struct stat status;
    char *text = NULL;
    int error;

    if (stat(store->path, &status) == 0) {
        text = config_read_file(store->path, (size_t)status.st_size + 1, &size);
    }
    if (text == NULL) {
        return errno == ENOENT ? 0 : -errno;
    }
    error = queue_store_read(&reading, text, size, &kept);
    free(text);
    if (error != 0) {
        return error == -EBADMSG ? set_aside(store) : error;
    }
    if (kept > 0 && (kept == size || truncate(store->path, (off_t)kept) == 0)) {
        store->file = open(store->path, O_WRONLY | O_APPEND | O_CLOEXEC);
        store->size = store->snapshot_size = kept;
    }
    return 0;
}

static void destroy(struct queue_store *store)
{
    queue_set_watch(store->queue, NULL, NULL);
    close_file(store, 0);
    free(store->path);
    free(store->waiting);
    free(store->origin);
    free(store);
}

struct queue_store *queue_store_open(const char *path, struct queue *queue,
                                     struct queue_place *place, config_report report, void *context)
{
    struct queue_store *store = calloc(1, sizeof *store);
    int error;

    *place = (struct queue_place){0};
    if (store == NULL) {
        return NULL;
    }
    store->file = -1;
    store->queue = queue;
    store->report = report;
    store->context = context;
    store->path = strdup(path);
    error = store->path != NULL ? restore(store, place) : -ENOMEM;
    if (error != 0) {
        destroy(store);
        errno = -error;
        return NULL;
    }
    store->last = *place;
    queue_set_watch(queue, note, store);
    if (store->file < 0) {
        told(store, write_anew(store)); /* a full disk is told, and tried again with each change */
    }
    return store;
}

void queue_store_close(struct queue_store *store)
{
    if (store == NULL) {
        return;
    }
    if (store->file < 0 || store->size != store->snapshot_size) {
        told(store, write_anew(store));
    }
    destroy(store);
}
