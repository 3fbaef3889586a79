/* server_parts.c - what the commands work on: made in order, and taken apart in the other. */
#include "player/meters.h"
#include "server/abx_session.h"
#include "server/effects.h"
#include "server/server_guests.h"
#include "server/server_internal.h"
#include "server/server_start.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/paths.h"

enum { MESSAGE_SIZE = 1024 };

static void report_line(void *context, const char *message)
{
    struct server *server = context;

    log_write(server->parts.log, LOG_WARNING, "%s", message);
}

static int make_names(struct server *server, const struct server_settings *settings, char *message,
                      size_t size)
{
    struct server_parts *parts = &server->parts;

    parts->options = settings->options;
    parts->presets = settings->presets;
    parts->log = settings->log;
    parts->config_path = strdup(settings->config_path);
    parts->settings_path = path_in_made(PATH_STATE, "settings");
    parts->music_directory = path_music(options_text(parts->options, "music_directory"));
    if (parts->config_path == NULL || parts->settings_path == NULL ||
        parts->music_directory == NULL) {
        snprintf(message, size, "the state folder: %s; is HOME set?", strerror(errno));
        return -ENOENT;
    }
    effects_warn(parts);
    return 0;
}

static int open_queue(struct server *server, char *message, size_t size)
{
    struct server_parts *parts = &server->parts;
    char *path = path_in_made(PATH_STATE, "queue");

    parts->queue = queue_create();
    if (path != NULL && parts->queue != NULL) {
        parts->queue_store =
            queue_store_open(path, parts->queue, &server->place, report_line, server);
    }
    if (parts->queue_store == NULL) {
        snprintf(message, size, "%s: %s; the queue is kept there", path != NULL ? path : "queue",
                 strerror(errno));
    }
    free(path);
    return parts->queue_store != NULL ? 0 : -EIO;
}

static int open_playlists(struct server *server, char *message, size_t size)
{
    struct server_parts *parts = &server->parts;
    char *folder = path_in(PATH_DATA, "playlists");
    char *path = path_in_made(PATH_DATA, "references");

    if (folder != NULL) {
        parts->playlists = playlists_create(folder, parts->music_directory, report_line, server);
    }
    if (path != NULL && parts->playlists != NULL) {
        parts->references = references_open(path, parts->playlists, report_line, server);
    }
    if (parts->references == NULL) {
        snprintf(message, size, "%s: %s; the references are kept there",
                 path != NULL ? path : "the data folder", strerror(errno));
    }
    free(path);
    free(folder);
    return parts->references != NULL ? 0 : -EIO;
}

/* Uris are told from another music folder on. */
void server_playlists_move(struct server *server)
{
    struct server_parts *parts = &server->parts;
    char message[MESSAGE_SIZE];

    references_close(parts->references);
    playlists_destroy(parts->playlists);
    parts->references = NULL;
    parts->playlists = NULL;
    if (open_playlists(server, message, sizeof message) < 0) {
        log_write(parts->log, LOG_ERROR, "%s", message);
        server_quit(server);
    }
}

static void open_cache(struct server *server)
{
    struct server_parts *parts = &server->parts;
    char *path = path_in_made(PATH_CACHE, "analysis.db");

    if (path != NULL) { /* it does without if it must */
        parts->cache = cache_open(
            path, (int64_t)options_integer(parts->options, "cache_limit") * 1000000, parts->log);
    }
    free(path);
}

int server_parts_make(struct server *server, const struct server_settings *settings, char *message,
                      size_t size)
{
    int error = make_names(server, settings, message, size);

    if (error == 0) {
        error = open_queue(server, message, size);
    }
    if (error == 0) {
        error = server_library_open(server, message, size);
    }
    if (error == 0) {
        error = open_playlists(server, message, size);
    }
    if (error == 0) {
        error = server_guests_open(server, message, size);
    }
    if (error == 0) {
        open_cache(server);
        error = server_playing_open(server, message, size);
    }
    if (error == 0) {
        server_summaries_open(server);
    }
    return error;
}

void server_parts_finish(struct server *server)
{
    struct server_parts *parts = &server->parts;

    server_summaries_close(server); /* threads that take the lock go first */
    abx_session_destroy(parts->abx);
    meters_destroy(parts->meters);
    server_volume_close(server);
    server_playing_close(server);
    server_guests_close(server);
    server_library_close(server);
    references_close(parts->references);
    playlists_destroy(parts->playlists);
    queue_store_close(parts->queue_store);
    queue_destroy(parts->queue);
    cache_close(parts->cache);
    free(parts->music_directory);
    free(parts->settings_path);
    free(parts->config_path);
}
