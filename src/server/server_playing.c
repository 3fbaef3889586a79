/* server_playing.c - the player as the server sees it: made, watched, told of. */
#include "server/server_playing.h"

#include "player/player_options.h"
#include "server/server_guests.h"
#include "server/server_internal.h"
#include "server/server_list.h"
#include "server/server_state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEEP_MS = 5000, SOON_MS = 2000 };

static void take_seen(struct server_seen *seen, const struct player_status *status)
{
    seen->state = status->state;
    seen->id = status->id;
    seen->begin_position = status->begin_position;
    seen->original = status->original;
    seen->equal_loudness = status->equal_loudness;
    seen->device_open = status->device_open;
    seen->match = status->match;
    seen->quality = status->quality;
    seen->volume = status->volume;
    snprintf(seen->error, sizeof seen->error, "%s", status->error);
    seen->station[0] = seen->title[0] = '\0';
    if (status->source.remote) {
        snprintf(seen->station, sizeof seen->station, "%s", status->station);
        snprintf(seen->title, sizeof seen->title, "%s", status->title);
    }
}

static bool plays(enum player_state state)
{
    return state == PLAYER_PLAYING || state == PLAYER_STARTING;
}

/* --- what has changed ------------------------------------------------------------------------- */

static void tell_differences(struct server *server, const struct server_seen *now)
{
    const struct server_seen *before = &server->playing.seen;

    if (now->state != before->state || now->id != before->id ||
        now->begin_position != before->begin_position || strcmp(now->error, before->error) != 0) {
        server_changed(server, EVENT_PLAYER);
    }
    if (now->volume != before->volume) {
        server_changed(server, EVENT_MIXER);
    }
    if (now->original != before->original) {
        server_changed(server, EVENT_OUTPUT);
    }
    if (now->original != before->original || now->equal_loudness != before->equal_loudness) {
        server_switched(server);
    }
    if (now->match != before->match || now->id != before->id || now->quality != before->quality) {
        server_changed(server, EVENT_MATCH);
    }
}

/* A radio station has said its name, or what it plays now. */
static void hear_station(struct server *server, const struct player_status *status,
                         const struct server_seen *now)
{
    const struct server_seen *before = &server->playing.seen;

    if (!status->source.remote || (now->station[0] == '\0' && now->title[0] == '\0') ||
        (now->id == before->id && strcmp(now->station, before->station) == 0 &&
         strcmp(now->title, before->title) == 0)) {
        return;
    }
    server_guest_says(server, status->path, now->station, now->title);
    server_changed(server, EVENT_PLAYER);
}

/* The music has gone on by itself: what was asked for, the commands have told the queue already. */
static void follow(struct server *server, const struct player_status *status)
{
    struct queue *queue = server->parts.queue;
    uint32_t before = queue_current(queue), version = queue_version(queue);
    struct queue_modes modes, modes_now;
    bool over = status->state == PLAYER_STOPPED && status->ended;
    bool begun = status->state != PLAYER_STOPPED && status->id != PLAYER_NO_TRACK;
    uint32_t now = over ? (uint32_t)QUEUE_NONE : status->id;

    if (before == now || before == QUEUE_NONE || !(over || begun)) {
        return;
    }
    queue_read_modes(queue, &modes);
    queue_set_current(queue, now);
    queue_played(queue, before);
    queue_read_modes(queue, &modes_now);
    if (modes.single != modes_now.single) {
        server_changed(server, EVENT_OPTIONS);
    }
    if (version != queue_version(queue)) {
        server_queue_changed(server);
    }
}

static void read_place(const struct player_status *status, struct queue_place *place)
{
    place->id = status->id;
    place->elapsed_s = status->elapsed_s;
    place->playing = plays(status->state);
    place->paused = status->state == PLAYER_PAUSED;
}

void server_playing_save(struct server *server)
{
    struct player_status status;
    struct server_seen now;

    player_read_status(server->parts.player, &status);
    take_seen(&now, &status);
    now.state = server->playing.seen.state; /* what plays is server_playing_look's to see */
    now.id = server->playing.seen.id;
    now.begin_position = server->playing.seen.begin_position;
    memcpy(now.station, server->playing.seen.station, sizeof now.station);
    memcpy(now.title, server->playing.seen.title, sizeof now.title);
    tell_differences(server, &now);
    server->playing.seen = now;
    read_place(&status, &server->place);
    queue_store_save(server->parts.queue_store, &server->place);
    server_state_write(server, &now);
}

static void on_timer(uv_timer_t *timer)
{
    struct server *server = timer->data;

    server_enter(server);
    server_playing_save(server);
    server_leave(server);
}

void server_playing_keep(struct server *server)
{
    struct player_status status;

    player_read_status(server->parts.player, &status);
    read_place(&status, &server->place);
    queue_store_save(server->parts.queue_store, &server->place);
    if (!uv_is_active((uv_handle_t *)&server->playing.timer)) {
        uv_timer_start(&server->playing.timer, on_timer, SOON_MS, 0);
    }
}

void server_playing_read(struct server *server, struct player_status *status)
{
    struct server_playing *playing = &server->playing;
    struct server_seen now;
    bool moved;

    player_read_status(server->parts.player, status);
    take_seen(&now, status);
    moved = now.state != playing->seen.state || now.id != playing->seen.id;
    tell_differences(server, &now);
    hear_station(server, status, &now);
    playing->seen = now;
    follow(server, status);
    summaries_pause(server->parts.summaries,
                    plays(now.state) || !options_boolean(server->parts.options, "summaries"));
    if (!moved) {
        return;
    }
    server_playing_keep(server);
    if (plays(now.state)) {
        uv_timer_start(&playing->timer, on_timer, KEEP_MS, KEEP_MS);
    } else {
        uv_timer_start(&playing->timer, on_timer, SOON_MS, 0); /* the last time */
    }
}

void server_playing_look(struct server *server)
{
    struct player_status status;

    server_playing_read(server, &status);
}

/* --- beginning and end --------------------------------------------------------------------------
 */

int server_playing_open(struct server *server, char *message, size_t size)
{
    struct server_parts *parts = &server->parts;
    struct player_settings settings;
    struct player_list list;

    uv_timer_init(&server->loop, &server->playing.timer);
    server->playing.timer.data = server;
    player_options_read(&settings, parts->options, parts->log);
    settings.cache = parts->cache;
    server->playing.device = strdup(settings.device);
    server->playing.affinity = strdup(settings.output.cpu_affinity);
    if (server->playing.device == NULL || server->playing.affinity == NULL) {
        snprintf(message, size, "out of memory");
        return -ENOMEM;
    }
    settings.device = server->playing.device;
    settings.output.cpu_affinity = server->playing.affinity;
    server_state_read(server);
    settings.begin_with_original = server->playing.kept.original;
    settings.equal_loudness = server->playing.kept.equal_loudness;
    parts->player = player_create(&settings, parts->log);
    if (parts->player == NULL) {
        snprintf(message, size, "the player could not be made: %s", strerror(errno));
        return -errno;
    }
    if (options_choice(parts->options, "volume_control") == 0) { /* the samples' */
        player_set_volume(parts->player, server->playing.kept.volume);
    }
    list = server_list(server);
    player_set_list(parts->player, &list);
    return 0;
}

void server_playing_start(struct server *server)
{
    struct server_parts *parts = &server->parts;
    const struct queue_place *place = &server->place;
    struct player_status status;

    if (place->id != QUEUE_NONE && (place->playing || place->paused) &&
        queue_position_of(parts->queue, place->id) >= 0) {
        queue_set_current(parts->queue, place->id);
        player_cue(parts->player, place->id, place->elapsed_s);
    }
    player_read_status(parts->player, &status);
    take_seen(&server->playing.seen, &status);
}

void server_playing_close(struct server *server)
{
    player_destroy(server->parts.player);
    server->parts.player = NULL;
    free(server->playing.device);
    free(server->playing.affinity);
}
