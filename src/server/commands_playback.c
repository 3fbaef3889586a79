/* commands_playback.c - play, pause, seek, modes, volume: the table, and what steers the music. */
#include "server/commands.h"
#include "server/playback_commands.h"
#include "server/server.h"
#include "server/server_volume.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_SIZE = 256 };

static struct server_parts *parts_of(const struct client *client)
{
    return server_parts(client_server(client));
}

static bool is_playing(struct server_parts *parts)
{
    struct player_status status;

    player_read_status(parts->player, &status);
    return status.state != PLAYER_STOPPED && queue_current(parts->queue) != QUEUE_NONE;
}

static int refuse(struct client *client, const char *message)
{
    return client_ack(client, ACK_ARG, "%s", message);
}

static int not_playing(struct client *client)
{
    return client_ack(client, ACK_PLAYER_SYNC, "Not playing");
}

/* Another entry, or none any more, is what plays. */
static void go_to(struct server *server, uint32_t id)
{
    struct server_parts *parts = server_parts(server);

    queue_set_current(parts->queue, id);
    player_play(parts->player, id, 0.0);
    player_set_paused(parts->player, false);
    server_changed(server, EVENT_PLAYER);
}

void playback_choose(struct server *server, uint32_t id)
{
    queue_choose(server_parts(server)->queue, id);
    go_to(server, id);
}

/* --- play, pause, stop ------------------------------------------------------------------------ */

/* Without a place: goes on, or begins where it was. */
static int play_on(struct client *client)
{
    struct server *server = client_server(client);
    struct server_parts *parts = server_parts(server);
    uint32_t id = queue_first(parts->queue);

    if (is_playing(parts)) {
        player_set_paused(parts->player, false);
        server_changed(server, EVENT_PLAYER);
    } else if (id != QUEUE_NONE) {
        go_to(server, id);
    }
    return 0;
}

static int run_play(struct client *client, const struct words *words)
{
    char message[MESSAGE_SIZE];
    int position = -1;
    uint32_t id;

    if (words->count > 1 &&
        !protocol_integer(words->word[1], &position, INT_MIN, INT_MAX, message, sizeof message)) {
        return refuse(client, message);
    }
    if (position == -1) {
        return play_on(client);
    }
    id = position >= 0 ? queue_id_at(parts_of(client)->queue, (size_t)position)
                       : (uint32_t)QUEUE_NONE;
    if (id == QUEUE_NONE) {
        return client_ack_errno(client, -ERANGE, "song");
    }
    playback_choose(client_server(client), id);
    return 0;
}

static int run_playid(struct client *client, const struct words *words)
{
    char message[MESSAGE_SIZE];
    int id = -1;

    if (words->count > 1 &&
        !protocol_integer(words->word[1], &id, INT_MIN, INT_MAX, message, sizeof message)) {
        return refuse(client, message);
    }
    if (id == -1) {
        return play_on(client);
    }
    if (id < 0 || queue_position_of(parts_of(client)->queue, (uint32_t)id) < 0) {
        return client_ack_errno(client, -ENOENT, "song");
    }
    playback_choose(client_server(client), (uint32_t)id);
    return 0;
}

static int run_pause(struct client *client, const struct words *words)
{
    struct server *server = client_server(client);
    struct server_parts *parts = server_parts(server);
    struct player_status status;
    char message[MESSAGE_SIZE];
    bool paused;

    player_read_status(parts->player, &status);
    paused = status.state != PLAYER_PAUSED;
    if (words->count > 1 && !protocol_boolean(words->word[1], &paused, message, sizeof message)) {
        return refuse(client, message);
    }
    if (status.state != PLAYER_STOPPED && paused != (status.state == PLAYER_PAUSED)) {
        player_set_paused(parts->player, paused);
        server_changed(server, EVENT_PLAYER);
    }
    return 0;
}

static int run_stop(struct client *client, const struct words *words)
{
    struct server *server = client_server(client);
    struct server_parts *parts = server_parts(server);

    (void)words;
    if (is_playing(parts)) {
        queue_stopped(parts->queue);
        server_changed(server, EVENT_PLAYER);
    }
    player_stop(parts->player);
    return 0;
}

/* --- next, previous ----------------------------------------------------------------------------
 */

static int run_next(struct client *client, const struct words *words)
{
    struct server *server = client_server(client);
    struct server_parts *parts = server_parts(server);
    uint32_t before = queue_current(parts->queue);
    struct queue_modes modes, modes_now;
    uint32_t version = queue_version(parts->queue);

    (void)words;
    if (!is_playing(parts)) {
        return not_playing(client);
    }
    queue_read_modes(parts->queue, &modes);
    go_to(server, queue_next(parts->queue, before, true, NULL));
    if (queue_played(parts->queue, before)) {
        queue_read_modes(parts->queue, &modes_now);
        if (modes.single != modes_now.single) {
            server_modes_changed(server);
        }
        if (version != queue_version(parts->queue)) {
            server_queue_changed(server);
        }
    }
    return 0;
}

static int run_previous(struct client *client, const struct words *words)
{
    struct server_parts *parts = parts_of(client);

    (void)words;
    if (!is_playing(parts)) {
        return not_playing(client);
    }
    go_to(client_server(client), queue_previous(parts->queue, queue_current(parts->queue)));
    return 0;
}

/* --- seek --------------------------------------------------------------------------------------
 */

static int take_seconds(struct client *client, const char *word, double *seconds)
{
    char message[MESSAGE_SIZE];

    if (!protocol_number(word, seconds, message, sizeof message)) {
        return refuse(client, message);
    }
    if (*seconds < 0.0) {
        return client_ack(client, ACK_ARG, "Negative value not allowed: %s", word);
    }
    return 0;
}

/* True: nothing else is to be sought in what is heard (a radio station), and the client knows. */
static bool not_seekable(struct client *client, int *status)
{
    struct player_status player;

    player_read_status(parts_of(client)->player, &player);
    if (player.state == PLAYER_STOPPED || !player.source.live) {
        return false;
    }
    *status = client_ack(client, ACK_UNKNOWN, "Not seekable");
    return true;
}

/* In the entry that plays, or in another, which plays then; paused stays paused. */
static int seek_in(struct client *client, uint32_t id, double seconds)
{
    struct server *server = client_server(client);
    struct server_parts *parts = server_parts(server);
    int status;

    if (is_playing(parts) && queue_current(parts->queue) == id) {
        if (not_seekable(client, &status)) {
            return status;
        }
        player_seek(parts->player, seconds, false);
    } else {
        bool playing = is_playing(parts);

        queue_choose(parts->queue, id);
        queue_set_current(parts->queue, id);
        player_play(parts->player, id, seconds);
        if (!playing) {
            player_set_paused(parts->player, false);
        }
    }
    server_changed(server, EVENT_PLAYER);
    return 0;
}

static int run_seek(struct client *client, const struct words *words)
{
    char message[MESSAGE_SIZE];
    uint32_t position, id;
    double seconds;
    int error;

    if (!protocol_unsigned(words->word[1], &position, message, sizeof message)) {
        return refuse(client, message);
    }
    error = take_seconds(client, words->word[2], &seconds);
    if (error != 0) {
        return error;
    }
    id = queue_id_at(parts_of(client)->queue, position);
    return id != QUEUE_NONE ? seek_in(client, id, seconds)
                            : client_ack_errno(client, -ERANGE, "song");
}

static int run_seekid(struct client *client, const struct words *words)
{
    char message[MESSAGE_SIZE];
    double seconds;
    uint32_t id;
    int error;

    if (!protocol_unsigned(words->word[1], &id, message, sizeof message)) {
        return refuse(client, message);
    }
    error = take_seconds(client, words->word[2], &seconds);
    if (error != 0) {
        return error;
    }
    return queue_position_of(parts_of(client)->queue, id) >= 0
               ? seek_in(client, id, seconds)
               : client_ack_errno(client, -ENOENT, "song");
}

static int run_seekcur(struct client *client, const struct words *words)
{
    struct server *server = client_server(client);
    struct server_parts *parts = server_parts(server);
    const char *word = words->word[1];
    bool relative = word[0] == '+' || word[0] == '-';
    char message[MESSAGE_SIZE];
    double seconds;
    int status;

    if (word[0] == '+' && (word[1] == '-' || word[1] == '+')) {
        snprintf(message, sizeof message, "Float expected: %.200s", word);
        return refuse(client, message);
    }
    if (!protocol_number(word, &seconds, message, sizeof message)) {
        return refuse(client, message);
    }
    if (!is_playing(parts)) {
        return not_playing(client);
    }
    if (not_seekable(client, &status)) {
        return status;
    }
    player_seek(parts->player, seconds, relative);
    server_changed(server, EVENT_PLAYER);
    return 0;
}

/* --- modes -------------------------------------------------------------------------------------
 */

static int set_mode(struct client *client, const char *word,
                    void (*set)(struct queue_modes *, bool))
{
    struct server *server = client_server(client);
    struct queue *queue = server_parts(server)->queue;
    struct queue_modes modes;
    char message[MESSAGE_SIZE];
    bool on;

    if (!protocol_boolean(word, &on, message, sizeof message)) {
        return refuse(client, message);
    }
    queue_read_modes(queue, &modes);
    set(&modes, on);
    queue_set_modes(queue, &modes);
    server_modes_changed(server);
    return 0;
}

static void set_random(struct queue_modes *modes, bool on)
{
    modes->random = on;
}

static void set_repeat(struct queue_modes *modes, bool on)
{
    modes->repeat = on;
}

static void set_consume(struct queue_modes *modes, bool on)
{
    modes->consume = on ? QUEUE_CONSUME_ON : QUEUE_CONSUME_OFF;
}

static int run_random(struct client *client, const struct words *words)
{
    return set_mode(client, words->word[1], set_random);
}

static int run_repeat(struct client *client, const struct words *words)
{
    return set_mode(client, words->word[1], set_repeat);
}

static int run_consume(struct client *client, const struct words *words)
{
    return set_mode(client, words->word[1], set_consume);
}

static int run_single(struct client *client, const struct words *words)
{
    static const char *const names[] = {"0", "1", "oneshot"};
    struct server *server = client_server(client);
    struct queue *queue = server_parts(server)->queue;
    struct queue_modes modes;

    for (int i = QUEUE_SINGLE_OFF; i <= QUEUE_SINGLE_ONESHOT; i++) {
        if (strcmp(words->word[1], names[i]) == 0) {
            queue_read_modes(queue, &modes);
            modes.single = (enum queue_single)i;
            queue_set_modes(queue, &modes);
            server_modes_changed(server);
            return 0;
        }
    }
    return client_ack(client, ACK_ARG, "Unrecognized single mode, expected 0, 1, or oneshot");
}

/* --- volume ------------------------------------------------------------------------------------
 */

static int change_volume(struct client *client, int volume, enum ack none)
{
    struct server *server = client_server(client);
    int error = server_volume_set(server, volume);

    if (error == -ENOTSUP) {
        return client_ack(client, none, "No mixer");
    }
    if (error < 0) {
        return client_ack(client, ACK_SYSTEM, "the card's volume: %s", strerror(-error));
    }
    server_changed(server, EVENT_MIXER);
    return 0;
}

static int run_setvol(struct client *client, const struct words *words)
{
    char message[MESSAGE_SIZE];
    int volume;

    if (!protocol_integer(words->word[1], &volume, 0, 100, message, sizeof message)) {
        return refuse(client, message);
    }
    return change_volume(client, volume, ACK_UNKNOWN);
}

static int run_volume(struct client *client, const struct words *words)
{
    int before = server_volume_read(client_server(client));
    char message[MESSAGE_SIZE];
    int change, volume;

    if (!protocol_integer(words->word[1], &change, -100, 100, message, sizeof message)) {
        return refuse(client, message);
    }
    if (before < 0) {
        return client_ack(client, ACK_SYSTEM, "No mixer");
    }
    volume = before + change;
    return change_volume(client, volume < 0 ? 0 : volume > 100 ? 100 : volume, ACK_SYSTEM);
}

static int run_getvol(struct client *client, const struct words *words)
{
    int volume = server_volume_read(client_server(client));

    (void)words;
    if (volume >= 0) {
        client_pairf(client, "volume", "%d", volume);
    }
    return 0;
}

static int run_clearerror(struct client *client, const struct words *words)
{
    (void)words;
    player_clear_error(parts_of(client)->player);
    return 0;
}

static const struct server_command commands[] = {
    {"clearerror", PERMISSION_PLAYER, 0, 0, run_clearerror},
    {"consume", PERMISSION_PLAYER, 1, 1, run_consume},
    {"currentsong", PERMISSION_READ, 0, 0, playback_run_currentsong},
    {"disableoutput", PERMISSION_PLAYER, 1, 1, playback_run_disableoutput},
    {"enableoutput", PERMISSION_PLAYER, 1, 1, playback_run_enableoutput},
    {"getvol", PERMISSION_READ, 0, 0, run_getvol},
    {"next", PERMISSION_PLAYER, 0, 0, run_next},
    {"outputs", PERMISSION_READ, 0, 0, playback_run_outputs},
    {"outputset", PERMISSION_ADMIN, 3, 3, playback_run_outputset},
    {"pause", PERMISSION_PLAYER, 0, 1, run_pause},
    {"play", PERMISSION_PLAYER, 0, 1, run_play},
    {"playid", PERMISSION_PLAYER, 0, 1, run_playid},
    {"previous", PERMISSION_PLAYER, 0, 0, run_previous},
    {"random", PERMISSION_PLAYER, 1, 1, run_random},
    {"repeat", PERMISSION_PLAYER, 1, 1, run_repeat},
    {"seek", PERMISSION_PLAYER, 2, 2, run_seek},
    {"seekcur", PERMISSION_PLAYER, 1, 1, run_seekcur},
    {"seekid", PERMISSION_PLAYER, 2, 2, run_seekid},
    {"setvol", PERMISSION_PLAYER, 1, 1, run_setvol},
    {"single", PERMISSION_PLAYER, 1, 1, run_single},
    {"stats", PERMISSION_READ, 0, 0, playback_run_stats},
    {"status", PERMISSION_READ, 0, 0, playback_run_status},
    {"stop", PERMISSION_PLAYER, 0, 0, run_stop},
    {"toggleoutput", PERMISSION_PLAYER, 1, 1, playback_run_toggleoutput},
    {"volume", PERMISSION_PLAYER, 1, 1, run_volume},
};

const struct command_set commands_playback = {commands, sizeof commands / sizeof commands[0]};
