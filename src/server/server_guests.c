/* server_guests.c - tracks from outside of the library: into the queue and the catalogue. */
#include "server/server_guests.h"

#include "library/gather.h"
#include "media/text.h"
#include "server/server_internal.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { TAKE_MOST = 200, ODD_TOLD = 20, SHOWN_SIZE = 400, LINE_SIZE = 512 };

static void on_news(void *context)
{
    server_wake(context);
}

int server_guests_open(struct server *server, char *message, size_t size)
{
    server->parts.gather = gather_create(on_news, server);
    if (server->parts.gather == NULL) {
        snprintf(message, size, "out of memory");
        return -ENOMEM;
    }
    return 0;
}

void server_guests_close(struct server *server)
{
    gather_destroy(server->parts.gather);
    server->parts.gather = NULL;
}

static bool is_guest(const char *uri)
{
    return uri[0] == '/' || playlist_is_address(uri);
}

void server_guest(struct server *server, const char *path)
{
    struct server_parts *parts = &server->parts;
    const double none = (double)NAN;
    /* Until its tags are read its name is all that is known. */
    const struct tags tags = {
        .track_gain_db = none, .track_peak = none, .album_gain_db = none, .album_peak = none};
    const struct record record = {.uri = path, .tags = &tags};

    if (!is_guest(path) || catalogue_find(parts->catalogue, path) != NULL) {
        return;
    }
    if (catalogue_put(parts->catalogue, &record) == 0) {
        gather_tags(parts->gather, path);
    }
}

static bool put_says(struct server *server, const char *address, const char *name,
                     const char *title)
{
    const double none = (double)NAN;
    struct tag_value values[2];
    struct tags tags = {.values = values,
                        .track_gain_db = none,
                        .track_peak = none,
                        .album_gain_db = none,
                        .album_peak = none};
    const struct record record = {.uri = address, .tags = &tags};

    if (title != NULL && title[0] != '\0') {
        values[tags.count++] = (struct tag_value){TAG_TITLE, title};
    }
    if (name != NULL && name[0] != '\0') {
        values[tags.count++] = (struct tag_value){TAG_NAME, name};
    }
    return catalogue_put(server->parts.catalogue, &record) == 0;
}

void server_guest_says(struct server *server, const char *address, const char *name,
                       const char *title)
{
    if (put_says(server, address, name, title) && queue_touch_uri(server->parts.queue, address)) {
        server_queue_changed(server);
    }
}

static bool is_queued(void *context, const char *uri)
{
    return queue_holds_uri(context, uri);
}

void server_guests_drop(struct server *server)
{
    catalogue_keep_guests(server->parts.catalogue, is_queued, server->parts.queue);
}

static bool start_one(void *context, const struct queue_entry *entry)
{
    server_guest(context, entry->uri);
    return true;
}

void server_guests_start(struct server *server)
{
    queue_each(server->parts.queue, 0, queue_length(server->parts.queue), start_one, server);
}

uint32_t server_guests_add(struct server *server, const char *const paths[], size_t count)
{
    return gather_paths(server->parts.gather, paths, count);
}

bool server_guests_wait(struct server *server, uint32_t ticket, int timeout_ms)
{
    return gather_wait(server->parts.gather, ticket, timeout_ms);
}

/* --- what was found ------------------------------------------------------------------------ */

struct taking {
    struct server *server;
    struct server_guests_watch *watch;
    bool queued, touched;
    size_t odd; /* names in what is being taken that no line can hold */
};

static void tell(struct taking *taking, const struct gather_find *find, const char *line)
{
    struct server_guests_watch *watch = taking->watch;
    char clean[PROTOCOL_SENT_LIMIT];

    text_clean(clean, sizeof clean, line); /* there may be a path in it */
    if (watch != NULL && watch->ticket == find->ticket) {
        watch->line(watch->context, clean);
    } else {
        log_write(taking->server->parts.log, LOG_WARNING, "%s", clean);
    }
}

/* What a track is called in the queue: below the music folder as the library has it. */
static const char *uri_of(struct server *server, const char *path)
{
    const char *music = server->parts.music_directory;
    size_t length = strlen(music);

    if (strncmp(path, music, length) == 0 && path[length] == '/' &&
        catalogue_find(server->parts.catalogue, path + length + 1) != NULL) {
        return path + length + 1;
    }
    return path;
}

/* True: a line of the protocol can hold it. Else a line says so, for the first few. */
static bool can_be_shown(struct taking *taking, const struct gather_find *find, const char *path,
                         const char *what)
{
    const char *trouble = record_uri_trouble(path);
    char clean[SHOWN_SIZE], line[LINE_SIZE];

    if (trouble != NULL && ++taking->odd <= ODD_TOLD) {
        text_clean(clean, sizeof clean, path);
        snprintf(line, sizeof line, "%s, as %s: %s; rename it", what, trouble, clean);
        tell(taking, find, line);
    }
    return trouble == NULL;
}

static void tell_all(struct taking *taking, const struct gather_find *find, int error)
{
    char line[LINE_SIZE];

    for (size_t i = 0; i < find->line_count; i++) {
        tell(taking, find, find->lines[i]);
    }
    if (taking->odd > ODD_TOLD) {
        snprintf(line, sizeof line, "%zu more are left out for reasons like these",
                 taking->odd - ODD_TOLD);
        tell(taking, find, line);
    }
    if (error != 0) {
        tell(taking, find,
             error == -ENOSPC ? "the queue is full; the rest is left out"
                              : "out of memory; the rest is left out");
    }
}

static int queue_one(struct taking *taking, const char *uri, const struct playlist *playlist)
{
    struct queue *queue = taking->server->parts.queue;
    const char *origin =
        playlist != NULL && record_uri_trouble(playlist->path) == NULL ? playlist->path : NULL;
    uint32_t id;

    server_guest(taking->server, uri);
    return queue_insert(queue, queue_length(queue), uri, origin, &id);
}

static void queue_all(struct taking *taking, const struct gather_find *find)
{
    const struct source_list *list = find->list;
    size_t added = 0;
    int error = list != NULL ? 0 : -ENOMEM;

    taking->odd = 0;
    for (size_t i = 0; list != NULL && i < list->playlist_count; i++) {
        can_be_shown(taking, find, list->playlists[i]->path, "its reference does not hold");
    }
    for (size_t i = 0; error == 0 && i < list->count; i++) {
        const char *uri = uri_of(taking->server, list->entries[i].path);

        if (can_be_shown(taking, find, uri, "left out")) {
            error = queue_one(taking, uri, source_playlist(list, i));
            added += error == 0;
        }
    }
    tell_all(taking, find, error);
    taking->queued = taking->queued || added > 0;
    if (taking->watch != NULL && taking->watch->ticket == find->ticket) {
        taking->watch->added += added;
    }
}

static void take_one(void *context, const struct gather_find *find)
{
    struct taking *taking = context;
    struct server_parts *parts = &taking->server->parts;

    if (find->ticket != 0) {
        queue_all(taking, find);
        return;
    }
    if (catalogue_find(parts->catalogue, find->record->uri) != NULL) { /* else it has gone since */
        catalogue_put(parts->catalogue, find->record);
        taking->touched = queue_touch_uri(parts->queue, find->record->uri) || taking->touched;
    }
}

bool server_guests_take(struct server *server, struct server_guests_watch *watch)
{
    struct taking taking = {.server = server, .watch = watch};
    size_t taken = gather_take(server->parts.gather, TAKE_MOST, take_one, &taking);

    if (taking.queued || taking.touched) {
        server_queue_changed(server);
    }
    return taken == TAKE_MOST;
}
