/* match_lists.c - `match queue` and `match playlist`: lists, with how their tracks shall sound. */
#include "server/match_scope.h"
#include "server/match_verbs.h"
#include "server/song_print.h"
#include "server/track_sound.h"

#include <stdlib.h>

enum { MESSAGE_SIZE = 256 };

/* --- the queue ----------------------------------------------------------------------------- */

/* "Origin: jazz", "Reference: master.flac", "ReferenceFrom: playlist". */
static void print_sound(struct client *client, const struct queue_entry *entry)
{
    struct server_parts *parts = server_parts(client_server(client));
    struct track_sound sound;

    if (entry->origin != NULL) {
        client_pair(client, "Origin", playlists_uri(parts->playlists, entry->origin));
    }
    if (track_sound_find(parts, entry->uri, entry->origin, &sound) != 0) {
        return;
    }
    for (size_t i = 0; i < sound.said.reference_count; i++) {
        client_pair(client, "Reference",
                    playlists_uri(parts->playlists, sound.said.references[i].path));
    }
    if (sound.said.reference_count > 0) {
        client_pair(client, "ReferenceFrom", reference_scope_name((int)sound.references));
    }
    track_sound_finish(&sound);
}

static bool print_entry(void *context, const struct queue_entry *entry)
{
    struct client *client = context;

    song_print_uri(client, server_parts(client_server(client)), entry->uri);
    client_pairf(client, "Pos", "%u", entry->position);
    client_pairf(client, "Id", "%u", entry->id);
    if (entry->priority > 0) {
        client_pairf(client, "Prio", "%u", entry->priority);
    }
    print_sound(client, entry);
    return true;
}

int match_queue(struct client *client, const struct words *words)
{
    struct queue *queue = server_parts(client_server(client))->queue;
    struct range range = {0, SIZE_MAX};
    char message[MESSAGE_SIZE];

    if (words->count > 1 && !protocol_range(words->word[1], &range, message, sizeof message)) {
        return client_ack(client, ACK_ARG, "%s", message);
    }
    if (range.last > queue_length(queue)) {
        range.last = queue_length(queue);
    }
    if (range.first < range.last) {
        queue_each(queue, range.first, range.last, print_entry, client);
    }
    return 0;
}

/* --- a playlist ---------------------------------------------------------------------------- */

static void print_songs(struct client *client, const struct playlist *playlist,
                        const struct range *range)
{
    struct server_parts *parts = server_parts(client_server(client));

    for (size_t i = range->first; i < range->last && i < playlist->count; i++) {
        song_print_uri(client, parts, playlists_uri(parts->playlists, playlist->entries[i].path));
        client_pairf(client, "Pos", "%zu", i);
    }
}

static void print_summary(struct client *client, const struct playlist *playlist)
{
    struct server_parts *parts = server_parts(client_server(client));
    double seconds = 0.0;

    for (size_t i = 0; i < playlist->count; i++) {
        const struct song *song = catalogue_find(
            parts->catalogue, playlists_uri(parts->playlists, playlist->entries[i].path));
        struct song_facts facts;

        if (song != NULL) {
            song_facts(parts->catalogue, song, &facts);
            seconds += facts.duration_s;
        }
    }
    client_pairf(client, "songs", "%zu", playlist->count);
    client_pairf(client, "playtime", "%.0f", seconds);
    match_sound_print(client, &playlist->sound);
}

int match_playlist(struct client *client, const struct words *words)
{
    struct server_parts *parts = server_parts(client_server(client));
    struct range range;
    struct playlist *playlist;
    char message[MESSAGE_SIZE];
    int error;

    if (words->count > 2 && !protocol_range(words->word[2], &range, message, sizeof message)) {
        return client_ack(client, ACK_ARG, "%s", message);
    }
    error = playlists_read(parts->playlists, words->word[1], &playlist);
    if (error != 0) {
        return client_ack_errno(client, error, words->word[1]);
    }
    if (words->count > 2) {
        print_songs(client, playlist, &range);
    } else {
        print_summary(client, playlist);
    }
    playlist_destroy(playlist);
    return 0;
}
