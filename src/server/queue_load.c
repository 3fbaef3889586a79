/* queue_load.c - stored playlists into the queue, and the queue into one. */
#include "server/queue_load.h"

#include "library/source.h"
#include "server/server_guests.h"
#include "server/song_print.h"
#include "server/stored_playlist.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- into the queue --------------------------------------------------------------------------- */

static int load_one(struct queue_load *load, const char *uri, const char *origin)
{
    int error = uri_list_add(&load->uris, uri);

    if (error == 0 && load->origin == NULL) {
        error = uri_list_add(&load->origins, origin != NULL ? origin : "");
    }
    return error;
}

/* Of what is in no library: a station, or a file that is there and whose name can be sent. */
static bool can_be_queued(const char *path)
{
    return record_uri_trouble(path) == NULL &&
           (media_is_address(path) ||
            (!playlist_is_address(path) && source_is_sound(path) && access(path, R_OK) == 0));
}

/* What cannot be queued is passed over, as MPD does. */
static int collect(struct queue_load *load, struct client *client, const struct playlist *playlist,
                   const struct range *range)
{
    const struct server_parts *parts = server_parts(client_server(client));
    char text[SONG_URI_SIZE];
    int error = 0;

    for (size_t i = range->first; error == 0 && i < range->last && i < playlist->count; i++) {
        const char *path = playlist->entries[i].path;
        const char *uri = stored_playlist_uri(parts, path, text);
        bool known = catalogue_find(parts->catalogue, uri) != NULL;

        if (i == load->marked) {
            load->marked_at = load->uris.count;
        }
        if (!known && !can_be_queued(path)) {
            load->marked_gone = load->marked_gone || i == load->marked;
            continue;
        }
        error = load_one(load, uri, playlist->entries[i].origin);
        if (!known && media_is_address(path)) {
            server_guest_says(client_server(client), path, playlist->entries[i].title, NULL);
        } else if (!known && *uri == '/') {
            server_guest(client_server(client), uri);
        }
    }
    return error == 0 ? 0 : client_ack_errno(client, error, "playlist");
}

/* One among the music is known by its path, as references.h has it. NULL: each entry has its own.
 */
static const char *origin_of(const struct playlist *playlist, const char *name, bool stored)
{
    if (stored) {
        return strcmp(name, playlists_previous) != 0 ? name : NULL;
    }
    return record_uri_trouble(playlist->path) == NULL ? playlist->path : NULL;
}

int queue_load_playlist(struct queue_load *load, struct client *client, const char *name,
                        const struct range *range)
{
    struct playlist *playlist;
    const char *origin;
    bool stored;
    int status = stored_playlist_open(client, name, &playlist, &stored);

    if (status != 0) {
        return status;
    }
    origin = origin_of(playlist, name, stored);
    load->origin = origin != NULL ? strdup(origin) : NULL;
    status = origin != NULL && load->origin == NULL ? client_ack_errno(client, -ENOMEM, "playlist")
                                                    : collect(load, client, playlist, range);
    playlist_destroy(playlist);
    return status;
}

/* Entries of one origin that follow one another go in together. */
int queue_load_put(const struct queue_load *load, struct client *client, size_t position)
{
    const struct uri_list *uris = &load->uris;
    char *const *origins = load->origins.uris;
    size_t last = 0;
    int status = 0;

    if (load->origin != NULL || load->origins.count == 0) {
        return uri_list_queue(uris, client, position, load->origin);
    }
    for (size_t first = 0; status == 0 && first < uris->count; first = last) {
        struct uri_list run = {.uris = uris->uris + first};

        for (last = first; last < uris->count && strcmp(origins[last], origins[first]) == 0;
             last++) {
            run.count++;
        }
        status = uri_list_queue(&run, client, position + first,
                                *origins[first] != '\0' ? origins[first] : NULL);
    }
    return status;
}

void queue_load_finish(struct queue_load *load)
{
    free(load->origin);
    load->origin = NULL;
    uri_list_finish(&load->uris);
    uri_list_finish(&load->origins);
}

/* --- out of it -------------------------------------------------------------------------------- */

struct saving {
    struct uri_list uris, origins; /* origins: "" none */
    bool with_origins;
    int error;
};

static bool save_one(void *context, const struct queue_entry *entry)
{
    struct saving *saving = context;

    saving->error = uri_list_add(&saving->uris, entry->uri);
    if (saving->error == 0 && saving->with_origins) {
        saving->error = uri_list_add(&saving->origins, entry->origin != NULL ? entry->origin : "");
    }
    return saving->error == 0;
}

int queue_save(struct server_parts *parts, const char *name, size_t count, enum playlists_save mode)
{
    struct saving saving = {.with_origins = strcmp(name, playlists_previous) == 0};

    queue_each(parts->queue, 0, count, save_one, &saving);
    if (saving.error == 0) {
        saving.error =
            playlists_save(parts->playlists, name, (const char *const *)saving.uris.uris,
                           saving.with_origins ? (const char *const *)saving.origins.uris : NULL,
                           saving.uris.count, mode);
    }
    uri_list_finish(&saving.uris);
    uri_list_finish(&saving.origins);
    return saving.error;
}
