/* server_library.c - the library of the server: read from disk at start, kept up by the scanner. */
#include "server/server_library.h"

#include "config/paths.h"
#include "server/server_internal.h"

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TAKE_MOST = 2000, HOUR_MS = 3600 * 1000 };

/* --- from disk ---------------------------------------------------------------------------------
 */

struct filling {
    struct catalogue *catalogue;
    int error;
};

static bool fill_one(void *context, const struct record *record)
{
    struct filling *filling = context;

    filling->error = catalogue_put(filling->catalogue, record);
    return filling->error == 0;
}

static int fill(struct server *server, const char *path, char *message, size_t size)
{
    struct filling filling = {server->parts.catalogue, 0};
    struct database *database = NULL;
    int error = database_open(&database, path, server->parts.log, message, size);
    char *text;

    if (error != 0) {
        return error;
    }
    error = database_each(database, fill_one, &filling);
    error = error == 0 ? filling.error : error;
    if (error != 0) {
        snprintf(message, size, "%s: %s; the library cannot be read", path, strerror(-error));
    }
    text = database_get_text(database, DATABASE_UPDATED);
    server->library.updated_s = text != NULL ? strtoll(text, NULL, 10) : 0;
    free(text);
    database_close(database);
    return error;
}

static void on_news(void *context)
{
    server_wake(context);
}

static int make_scanner(struct server *server)
{
    struct server_parts *parts = &server->parts;
    char *path = path_in_made(PATH_DATA, "library.db");
    const struct scanner_settings settings = {
        .database_path = path,
        .music_directory = parts->music_directory,
        .log = parts->log,
        .news = on_news,
        .context = server,
    };

    parts->scanner = path != NULL ? scanner_create(&settings) : NULL;
    free(path);
    return parts->scanner != NULL ? 0 : -errno;
}

int server_library_open(struct server *server, char *message, size_t size)
{
    struct server_parts *parts = &server->parts;
    char *path = path_in_made(PATH_DATA, "library.db");
    int error = -ENOMEM;

    snprintf(message, size, "the library: %s", strerror(path != NULL ? ENOMEM : errno));
    parts->catalogue = catalogue_create();
    if (path != NULL && parts->catalogue != NULL) {
        error = fill(server, path, message, size);
    }
    free(path);
    if (error == 0) {
        error = make_scanner(server);
        if (error != 0) {
            snprintf(message, size, "the scanner: %s", strerror(-error));
        }
    }
    return error;
}

/* --- what the scanner finds --------------------------------------------------------------------
 */

struct taking {
    struct server *server;
    bool touched; /* something that is queued */
    bool done, changed;
};

static void take_one(void *context, const struct scanner_event *event)
{
    struct taking *taking = context;
    struct server_parts *parts = &taking->server->parts;
    bool touched = false;

    switch (event->kind) {
    case SCANNER_PUT:
        catalogue_put(parts->catalogue, event->record);
        if (event->record->error != NULL) {
            log_write(parts->log, LOG_NOTICE, "%s: cannot be played: %s", event->record->uri,
                      event->record->error);
        }
        touched = queue_touch_uri(parts->queue, event->record->uri);
        break;
    case SCANNER_REMOVED:
        catalogue_remove(parts->catalogue, event->uri);
        touched = queue_touch_uri(parts->queue, event->uri);
        break;
    case SCANNER_DONE:
        taking->done = true;
        taking->changed = taking->changed || event->changed;
        break;
    default:
        break;
    }
    taking->touched = taking->touched || touched;
}

bool server_library_take(struct server *server)
{
    struct taking taking = {.server = server};
    struct scanner_status status;
    size_t taken = scanner_take(server->parts.scanner, TAKE_MOST, take_one, &taking);

    if (taking.touched) {
        server_queue_changed(server);
    }
    if (taking.changed) {
        server->library.updated_s = (int64_t)time(NULL);
        server_changed(server, EVENT_DATABASE);
        summaries_again(server->parts.summaries);
    }
    if (taking.done) {
        malloc_trim(0); /* what a scan took and gave back, 100,000 tracks' worth of it */
    }
    scanner_read_status(server->parts.scanner, &status);
    if (taking.done || status.job != server->library.job) {
        server->library.job = status.job;
        server_changed(server, EVENT_UPDATE);
    }
    return taken == TAKE_MOST;
}

/* --- beginning and end
 * ---------------------------------------------------------------------------- */

static bool is_wanted(const struct server *server)
{
    return options_boolean(server->parts.options, "auto_update");
}

static void on_watch(uv_poll_t *watch, int status, int events)
{
    struct server *server = watch->data;

    (void)events;
    server_enter(server);
    if (status == 0 && is_wanted(server)) {
        scanner_watch(server->parts.scanner);
    } else {
        uv_poll_stop(watch); /* else it would call again and again */
    }
    server_leave(server);
}

static void on_hour(uv_timer_t *timer)
{
    struct server *server = timer->data;
    struct scanner_status status;

    server_enter(server);
    scanner_read_status(server->parts.scanner, &status);
    if (is_wanted(server) && !status.watching && status.job == 0) {
        scanner_update(server->parts.scanner, "", false);
    }
    server_leave(server);
}

static void free_watch(uv_handle_t *handle)
{
    free(handle);
}

/* inotify's descriptor into the loop. */
static void open_watch(struct server *server)
{
    struct server_library *library = &server->library;
    int file = scanner_watch_fd(server->parts.scanner);
    uv_poll_t *watch = file >= 0 ? calloc(1, sizeof *watch) : NULL;

    if (watch != NULL && uv_poll_init(&server->loop, watch, file) != 0) {
        free(watch);
        watch = NULL;
    }
    if (watch != NULL) {
        watch->data = server;
    }
    library->watch = watch;
}

/* Before the descriptor is closed. */
static void close_watch(struct server *server)
{
    if (server->library.watch != NULL) {
        uv_close((uv_handle_t *)server->library.watch, free_watch);
        server->library.watch = NULL;
    }
}

static void enter_loop(struct server *server)
{
    struct server_library *library = &server->library;

    uv_timer_init(&server->loop, &library->hourly);
    library->hourly.data = server;
    open_watch(server);
    library->started = true;
}

void server_library_start(struct server *server)
{
    struct server_library *library = &server->library;

    if (!library->started) {
        enter_loop(server);
    }
    if (!is_wanted(server)) {
        return;
    }
    if (library->watch != NULL) {
        uv_poll_start(library->watch, UV_READABLE, on_watch);
    }
    uv_timer_start(&library->hourly, on_hour, HOUR_MS, HOUR_MS);
    scanner_update(server->parts.scanner, "", false);
}

void server_library_move(struct server *server)
{
    struct server_parts *parts = &server->parts;
    char *folder = path_music(options_text(parts->options, "music_directory"));

    if (folder == NULL || strcmp(folder, parts->music_directory) == 0) {
        free(folder);
        return;
    }
    close_watch(server);
    scanner_destroy(parts->scanner);
    free(parts->music_directory);
    parts->music_directory = folder;
    if (make_scanner(server) < 0) {
        log_write(parts->log, LOG_ERROR, "%s: the scanner: %s; start the player anew", folder,
                  strerror(errno));
        server_quit(server); /* nothing works without it */
        return;
    }
    server_playlists_move(server);
    open_watch(server);
    server_library_start(server);
    scanner_update(parts->scanner, "", false);
    server_match_changed(server);
}

void server_library_close(struct server *server)
{
    close_watch(server);
    scanner_destroy(server->parts.scanner);
    server->parts.scanner = NULL;
    catalogue_destroy(server->parts.catalogue);
    server->parts.catalogue = NULL;
}
