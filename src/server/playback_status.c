/* playback_status.c - what plays, and how much there is to play: status, currentsong, stats. */
#include "server/playback_commands.h"
#include "server/server_internal.h"
#include "server/server_playing.h"
#include "server/server_volume.h"
#include "server/song_print.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const char *state_name(const struct player_status *status)
{
    return status->state == PLAYER_STOPPED  ? "stop"
           : status->state == PLAYER_PAUSED ? "pause"
                                            : "play";
}

static void print_modes(struct client *client, struct queue *queue)
{
    static const char *const single[] = {"0", "1", "oneshot"};
    struct queue_modes modes;

    queue_read_modes(queue, &modes);
    client_pair(client, "repeat", modes.repeat ? "1" : "0");
    client_pair(client, "random", modes.random ? "1" : "0");
    client_pair(client, "single", single[modes.single]);
    client_pair(client, "consume", modes.consume == QUEUE_CONSUME_ON ? "1" : "0");
    client_pair(client, "partition", "default");
}

static void print_place(struct client *client, struct queue *queue, uint32_t id,
                        const char *position_name, const char *id_name)
{
    long position = id != QUEUE_NONE ? queue_position_of(queue, id) : -1;

    if (position >= 0) {
        client_pairf(client, position_name, "%ld", position);
        client_pairf(client, id_name, "%u", (unsigned)id);
    }
}

/* As the player knows it, else as the library does; 0: nobody does. */
static double duration_of(const struct server_parts *parts, const struct player_status *status,
                          uint32_t id)
{
    struct queue_entry entry;
    const struct song *song;
    struct song_facts facts;

    if (status->id == id && status->duration_s > 0.0) {
        return status->duration_s;
    }
    if (!queue_read(parts->queue, id, &entry)) {
        return 0.0;
    }
    song = catalogue_find(parts->catalogue, entry.uri);
    if (song == NULL) {
        return 0.0;
    }
    song_facts(parts->catalogue, song, &facts);
    return facts.duration_s;
}

static void print_audio(struct client *client, const struct media_info *source)
{
    char bits[16] = "f";

    if (source->source_rate_hz == 0) {
        return; /* nothing is open yet */
    }
    if (source->is_dsd) {
        client_pairf(client, "audio", "dsd%u:%u", (unsigned)(source->source_rate_hz / 44100),
                     (unsigned)source->channels);
        return;
    }
    if (!source->is_float && source->bits > 0) {
        snprintf(bits, sizeof bits, "%u", (unsigned)source->bits);
    }
    client_pairf(client, "audio", "%u:%s:%u", (unsigned)source->source_rate_hz, bits,
                 (unsigned)source->channels);
}

static void print_time(struct client *client, const struct server_parts *parts,
                       const struct player_status *status, uint32_t id)
{
    double duration = duration_of(parts, status, id);
    double elapsed = fmax(status->elapsed_s, 0.0);

    if (duration > 0.0 && elapsed > duration) { /* a seek past the end, not yet carried out */
        elapsed = duration;
    }
    client_pairf(client, "time", "%ld:%ld", lround(elapsed), lround(duration));
    client_pairf(client, "elapsed", "%.3f", elapsed);
    client_pairf(client, "bitrate", "%u", (unsigned)((status->bit_rate + 500) / 1000));
    if (duration > 0.0) {
        client_pairf(client, "duration", "%.3f", duration);
    }
    print_audio(client, &status->source);
}

int playback_run_status(struct client *client, const struct words *words)
{
    struct server *server = client_server(client);
    struct server_parts *parts = server_parts(server);
    struct queue *queue = parts->queue;
    uint32_t current, next = QUEUE_NONE;
    struct scanner_status scan;
    struct player_status status;
    int volume = server_volume_read(server);
    bool border;

    (void)words;
    server_playing_read(server, &status);
    current = queue_current(queue);
    scanner_read_status(parts->scanner, &scan);
    if (volume >= 0) {
        client_pairf(client, "volume", "%d", volume);
    }
    print_modes(client, queue);
    client_pairf(client, "playlist", "%u", (unsigned)queue_version(queue));
    client_pairf(client, "playlistlength", "%zu", queue_length(queue));
    client_pair(client, "state", state_name(&status));
    print_place(client, queue, current, "song", "songid");
    if (status.state != PLAYER_STOPPED) {
        print_time(client, parts, &status, current);
    }
    if (scan.job != 0) {
        client_pairf(client, "updating_db", "%u", scan.job);
    }
    if (status.error[0] != '\0') {
        client_pair(client, "error", status.error);
    }
    if (current != QUEUE_NONE) {
        next = queue_next(queue, current, false, &border);
    }
    print_place(client, queue, next, "nextsong", "nextsongid");
    return 0;
}

int playback_run_currentsong(struct client *client, const struct words *words)
{
    struct server *server = client_server(client);
    struct server_parts *parts = server_parts(server);
    struct queue_entry entry;

    (void)words;
    server_playing_look(server);
    if (queue_read(parts->queue, queue_current(parts->queue), &entry)) {
        song_print_uri(client, parts, entry.uri);
        client_pairf(client, "Pos", "%u", (unsigned)entry.position);
        client_pairf(client, "Id", "%u", (unsigned)entry.id);
        if (entry.priority > 0) {
            client_pairf(client, "Prio", "%u", (unsigned)entry.priority);
        }
    }
    return 0;
}

int playback_run_stats(struct client *client, const struct words *words)
{
    struct server *server = client_server(client);
    struct server_parts *parts = server_parts(server);
    struct player_status status;

    (void)words;
    player_read_status(parts->player, &status);
    totals_read(&server->totals, parts->catalogue);
    client_pairf(client, "uptime", "%lld", (long long)time(NULL) - server->started_s);
    client_pairf(client, "playtime", "%.0f", status.played_s);
    client_pairf(client, "artists", "%zu", server->totals.artists);
    client_pairf(client, "albums", "%zu", server->totals.albums);
    client_pairf(client, "songs", "%zu", server->totals.songs);
    client_pairf(client, "db_playtime", "%.0f", server->totals.duration_s);
    client_pairf(client, "db_update", "%lld", (long long)server->library.updated_s);
    return 0;
}
