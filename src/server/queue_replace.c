/* queue_replace.c - another list in place of the queue, and the queue back. */
#include "server/queue_replace.h"

#include "config/atomic_file.h"
#include "config/ini.h"
#include "config/paths.h"
#include "server/playback_commands.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- what is known of both -------------------------------------------------------------------- */

static const char *const state_names[] = {"stop", "pause", "play"};

static void take(struct queue_previous *previous, const char *key, const char *value)
{
    if (strcmp(key, "first_id") == 0) {
        previous->first_id = (uint32_t)strtoul(value, NULL, 10);
    } else if (strcmp(key, "count") == 0) {
        previous->count = (uint32_t)strtoul(value, NULL, 10);
    } else if (strcmp(key, "kept_was_put") == 0) {
        previous->kept_was_put = strcmp(value, "1") == 0;
    } else if (strcmp(key, "place") == 0) {
        previous->place.position = strtol(value, NULL, 10);
    } else if (strcmp(key, "elapsed") == 0) {
        previous->place.elapsed_s = strtod(value, NULL);
    } else if (strcmp(key, "state") == 0) {
        previous->place.state = strcmp(value, state_names[QUEUE_PLAYED]) == 0   ? QUEUE_PLAYED
                                : strcmp(value, state_names[QUEUE_PAUSED]) == 0 ? QUEUE_PAUSED
                                                                                : QUEUE_STOPPED;
    }
}

static struct queue_previous *previous_of(struct server_parts *parts)
{
    struct queue_previous *previous = &parts->previous;
    char *path = previous->read ? NULL : path_in(PATH_STATE, "previous");
    struct ini *ini = NULL;

    if (!previous->read) {
        previous->read = true;
        previous->place.position = -1;
    }
    if (path != NULL && ini_load(&ini, path, NULL, NULL) == 0) {
        for (size_t i = 0; i < ini->count; i++) {
            if (ini->entries[i].key != NULL) {
                take(previous, ini->entries[i].key, ini->entries[i].value);
            }
        }
    }
    ini_destroy(ini);
    free(path);
    return previous;
}

static void write_previous(const struct queue_previous *previous)
{
    char text[512], *path = path_in_made(PATH_STATE, "previous");
    int length = snprintf(text, sizeof text,
                          "# Of the queue kept as playlist .previous, and the one in its place.\n"
                          "[previous]\nfirst_id = %u\ncount = %u\nkept_was_put = %d\n"
                          "place = %ld\nelapsed = %.3f\nstate = %s\n",
                          (unsigned)previous->first_id, (unsigned)previous->count,
                          previous->kept_was_put ? 1 : 0, previous->place.position,
                          previous->place.elapsed_s, state_names[previous->place.state]);

    if (path != NULL) {
        atomic_file_write(path, text, (size_t)length);
    }
    free(path);
}

/* What stands in the queue now was put there whole. */
static void remember_put(struct queue_previous *previous, struct queue *queue, bool put)
{
    previous->first_id = queue_id_at(queue, 0);
    previous->count = put ? (uint32_t)queue_length(queue) : 0;
}

/* Ids are never used again, and those that come in together follow one another. */
struct comparing {
    uint32_t next, end;
    bool gaps; /* consume takes out what was heard */
    bool same;
};

static bool compare(void *context, const struct queue_entry *entry)
{
    struct comparing *comparing = context;

    comparing->same = entry->id < comparing->end && entry->id >= comparing->next &&
                      (comparing->gaps || entry->id == comparing->next);
    comparing->next = entry->id + 1;
    return comparing->same;
}

static bool is_as_put(struct queue *queue, const struct queue_previous *previous)
{
    struct comparing comparing = {previous->first_id, previous->first_id + previous->count, false,
                                  previous->count > 0};
    struct queue_modes modes;

    queue_read_modes(queue, &modes);
    comparing.gaps = modes.consume != QUEUE_CONSUME_OFF;
    queue_each(queue, 0, SIZE_MAX, compare, &comparing);
    return comparing.same && (comparing.gaps || comparing.next == comparing.end);
}

/* --- the place -------------------------------------------------------------------------------- */

static void read_place(struct server_parts *parts, struct queue_kept_place *place)
{
    struct player_status status;

    player_read_status(parts->player, &status);
    place->position = queue_position_of(parts->queue, queue_current(parts->queue));
    place->state = status.state == PLAYER_STOPPED  ? QUEUE_STOPPED
                   : status.state == PLAYER_PAUSED ? QUEUE_PAUSED
                                                   : QUEUE_PLAYED;
    place->elapsed_s =
        place->state != QUEUE_STOPPED && !status.source.live ? status.elapsed_s : 0.0;
}

static void go_to_place(struct client *client, const struct queue_kept_place *place)
{
    struct server *server = client_server(client);
    struct server_parts *parts = server_parts(server);
    uint32_t id = place->position >= 0 ? queue_id_at(parts->queue, (size_t)place->position)
                                       : (uint32_t)QUEUE_NONE;

    queue_set_current(parts->queue, id);
    if (id == QUEUE_NONE || place->state == QUEUE_STOPPED) {
        player_stop(parts->player);
    } else if (place->state == QUEUE_PAUSED) {
        player_cue(parts->player, id, place->elapsed_s);
    } else {
        player_play(parts->player, id, place->elapsed_s);
        player_set_paused(parts->player, false);
    }
    server_changed(server, EVENT_PLAYER);
}

/* --- to and fro ------------------------------------------------------------------------------- */

/* The first `count` entries of the queue, as .previous. */
static int keep(struct client *client, size_t count)
{
    struct server_parts *parts = server_parts(client_server(client));
    int error = queue_save(parts, playlists_previous, count, PLAYLISTS_REPLACE);

    if (error == -ENOENT) {
        error = queue_save(parts, playlists_previous, count, PLAYLISTS_CREATE);
    }
    if (error == -ENOSPC && count > PLAYLIST_ENTRIES_MAX) {
        return client_ack(client, ACK_PLAYLIST_MAX,
                          "the queue stays: it has more than %d entries, too many to be kept; "
                          "clear empties it",
                          PLAYLIST_ENTRIES_MAX);
    }
    return error == 0 ? 0
                      : client_ack(client, ACK_SYSTEM, "the queue stays: it cannot be kept: %s",
                                   strerror(-error));
}

static bool is_kept(struct server_parts *parts)
{
    char *path = playlists_path(parts->playlists, playlists_previous);
    bool kept = path != NULL && access(path, F_OK) == 0;

    free(path);
    return kept;
}

/* What was put there whole takes the place only of its like. */
static bool is_to_be_kept(struct server_parts *parts, const struct queue_previous *previous)
{
    return queue_length(parts->queue) > 0 &&
           (!is_as_put(parts->queue, previous) || previous->kept_was_put || !is_kept(parts));
}

int queue_replace(struct client *client, const struct queue_load *load, size_t position)
{
    struct server *server = client_server(client);
    struct server_parts *parts = server_parts(server);
    struct queue_previous *previous = previous_of(parts);
    bool kept = is_to_be_kept(parts, previous), was_put = is_as_put(parts->queue, previous);
    struct queue_kept_place place;
    int status;

    if (load->uris.count == 0) {
        return client_ack(client, ACK_NO_EXIST, "there is nothing to be played");
    }
    if (position >= load->uris.count) {
        return queue_refuse(client, -ERANGE);
    }
    read_place(parts, &place);
    status = kept ? keep(client, queue_length(parts->queue)) : 0;
    if (status != 0) {
        return status;
    }
    if (kept) {
        previous->place = place;
        previous->kept_was_put = was_put;
    }
    queue_clear(parts->queue);
    status = queue_load_put(load, client, 0);
    remember_put(previous, parts->queue, status == 0);
    write_previous(previous);
    server_queue_changed(server);
    if (status == 0) {
        playback_choose(server, queue_id_at(parts->queue, position));
    } else {
        player_stop(parts->player);
    }
    return status;
}

/* What is kept comes in at the end; then what stood before it is kept, and goes. */
static int change_over(struct client *client, const struct queue_load *load)
{
    struct queue *queue = server_parts(client_server(client))->queue;
    size_t length = queue_length(queue);
    int status = queue_load_put(load, client, length);

    if (status == 0 && length > 0) {
        status = keep(client, length);
    }
    if (status != 0) {
        queue_delete(queue, length, queue_length(queue)); /* if there is anything */
    } else if (length > 0) {
        queue_delete(queue, 0, length);
    }
    server_queue_changed(client_server(client));
    return status;
}

/* Now that the queue is back, and some of it may be gone; the music never begins by itself. */
static void go_back(struct client *client, struct queue_kept_place place,
                    const struct queue_load *load, enum queue_kept_state now)
{
    if (place.position >= 0) {
        place.position = (long)load->marked_at;
        place.elapsed_s = load->marked_gone ? 0.0 : place.elapsed_s;
    }
    place.state = now < place.state ? now : place.state;
    go_to_place(client, &place);
}

int queue_undo(struct client *client)
{
    struct server_parts *parts = server_parts(client_server(client));
    struct queue_previous *previous = previous_of(parts);
    const struct queue_kept_place place = previous->place;
    const struct range all = {0, SIZE_MAX};
    struct queue_load load = {.marked = place.position >= 0 ? (size_t)place.position : SIZE_MAX};
    struct queue_kept_place now;
    bool was_put = is_as_put(parts->queue, previous), some = queue_length(parts->queue) > 0;
    int status;

    if (!is_kept(parts)) {
        return client_ack(client, ACK_NO_EXIST,
                          "no queue was replaced: there is none to bring back");
    }
    status = queue_load_playlist(&load, client, playlists_previous, &all);
    read_place(parts, &now);
    if (status == 0 && load.uris.count == 0) {
        status = client_ack(client, ACK_NO_EXIST, "nothing is there any more of the queue");
    }
    if (status == 0) {
        status = change_over(client, &load);
    }
    if (status == 0) {
        remember_put(previous, parts->queue, previous->kept_was_put);
        if (some) {
            previous->place = now;
            previous->kept_was_put = was_put;
        }
        write_previous(previous);
        go_back(client, place, &load, now.state);
    }
    queue_load_finish(&load);
    return status;
}
