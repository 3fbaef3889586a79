/* server_library.c - the library of the server: read from disk at start, kept up by the scanner. */
#include "server/server_library.h"

#include "config/paths.h"
#include "server/server_internal.h"

#include <errno.h>
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

int server_library_open(struct server *server, char *message, size_t size)
{
    struct server_parts *parts = &server->parts;
    char *path = path_in_made(PATH_DATA, "library.db");
    struct scanner_settings settings = {
        .database_path = path,
        .music_directory = parts->music_directory,
        .log = parts->log,
        .news = on_news,
        .context = server,
    };
    int error = -ENOMEM;

    snprintf(message, size, "the library: %s", strerror(path != NULL ? ENOMEM : errno));
    parts->catalogue = catalogue_create();
    if (path != NULL && parts->catalogue != NULL) {
        error = fill(server, path, message, size);
    }
    if (error == 0) {
        parts->scanner = scanner_create(&settings);
        error = parts->scanner != NULL ? 0 : -errno;
        if (error != 0) {
            snprintf(message, size, "the scanner: %s", strerror(-error));
        }
    }
    free(path);
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

static void enter_loop(struct server *server)
{
    struct server_library *library = &server->library;
    int file = scanner_watch_fd(server->parts.scanner);

    uv_timer_init(&server->loop, &library->hourly);
    library->hourly.data = server;
    library->watched = file >= 0 && uv_poll_init(&server->loop, &library->watch, file) == 0;
    library->watch.data = server;
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
    if (library->watched) {
        uv_poll_start(&library->watch, UV_READABLE, on_watch);
    }
    uv_timer_start(&library->hourly, on_hour, HOUR_MS, HOUR_MS);
    scanner_update(server->parts.scanner, "", false);
}

void server_library_close(struct server *server)
{
    if (server->library.watched) { /* before its descriptor is closed */
        uv_close((uv_handle_t *)&server->library.watch, NULL);
    }
    scanner_destroy(server->parts.scanner);
    server->parts.scanner = NULL;
    catalogue_destroy(server->parts.catalogue);
    server->parts.catalogue = NULL;
}
