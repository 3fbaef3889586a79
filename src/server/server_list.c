/* server_list.c - the queue as the player asks for it. */
#include "server/server_list.h"

#include "server/server.h"
#include "server/slots.h"
#include "server/track_sound.h"

#include <stdlib.h>

/* What the library knows of it; nothing: the player reads the file. */
static void know(const struct server_parts *parts, const char *uri, struct player_track *track)
{
    const struct song *song = catalogue_find(parts->catalogue, uri);
    struct song_facts facts;

    if (song == NULL) {
        return;
    }
    song_facts(parts->catalogue, song, &facts);
    if (facts.error == NULL && facts.rate_hz > 0) {
        player_track_know(track, song_first(parts->catalogue, song, TAG_TITLE),
                          song_first(parts->catalogue, song, TAG_ALBUM),
                          song_first(parts->catalogue, song, TAG_ALBUM_ARTIST), facts.rate_hz);
    }
}

static void take_sound(struct server_parts *parts, const struct queue_entry *entry, enum slot slot,
                       struct player_track *track)
{
    struct track_sound sound;

    if (track_sound_find(parts, entry->uri, entry->origin, &sound) != 0) {
        return; /* no memory: it plays as it is */
    }
    if (slot_apply(parts, slot, &sound) != 0) {
        sound.match = false;
    }
    track->amounts = sound.amounts;
    track->match = sound.match;
    track->rack = sound.rack;
    for (size_t i = 0; i < sound.said.reference_count; i++) {
        player_track_add_reference(track, sound.said.references[i].path,
                                   sound.said.references[i].weight);
    }
    track_sound_finish(&sound);
}

static struct player_track *make_track(struct server_parts *parts, uint32_t id)
{
    struct queue_entry entry;
    struct player_track *track;
    char *path;

    if (!queue_read(parts->queue, id, &entry)) {
        return NULL;
    }
    path = track_path(parts, entry.uri);
    track = path != NULL ? player_track_create(id, path) : NULL;
    free(path);
    if (track != NULL) {
        know(parts, entry.uri, track);
        if (slot_kind(parts, SLOT_A) != SLOT_ORIGINAL) {
            track->a = player_track_copy(track);
        }
        if (track->a != NULL) {
            take_sound(parts, &entry, SLOT_A, track->a);
        }
        take_sound(parts, &entry, SLOT_B, track);
    }
    return track;
}

static struct player_track *track(void *context, uint32_t id)
{
    struct server *server = context;
    struct player_track *made;

    server_lock(server);
    made = make_track(server_parts(server), id);
    server_unlock(server);
    return made;
}

static uint32_t next(void *context, uint32_t id, bool *border)
{
    struct server *server = context;
    uint32_t found;

    server_lock(server);
    found = queue_next(server_parts(server)->queue, id, false, border);
    server_unlock(server);
    return found;
}

static uint32_t neighbour(void *context, uint32_t id, int step)
{
    struct server *server = context;
    struct queue *queue = server_parts(server)->queue;
    uint32_t found = PLAYER_NO_TRACK;
    long position;

    server_lock(server);
    position = queue_position_of(queue, id);
    if (position >= 0 && position + step >= 0) {
        found = queue_id_at(queue, (size_t)(position + step));
    }
    server_unlock(server);
    return found;
}

static void changed(void *context)
{
    server_wake(context);
}

struct player_list server_list(struct server *server)
{
    return (struct player_list){.context = server,
                                .track = track,
                                .next = next,
                                .neighbour = neighbour,
                                .changed = changed};
}
