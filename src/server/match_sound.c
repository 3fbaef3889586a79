/* match_sound.c - `match ab|loudness|amount|album`: how the match is heard, and how far it goes. */
#include "server/effects.h"
#include "server/match_scope.h"
#include "server/match_verbs.h"

#include "config/settings.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_SIZE = 1024 };

static bool may(struct client *client, unsigned permission)
{
    return (client_permissions(client) & permission) != 0;
}

static int refuse(struct client *client, const char *verb)
{
    return client_ack(client, ACK_PERMISSION, "you don't have permission for \"match %s\"", verb);
}

/* --- what is heard ------------------------------------------------------------------------- */

/* A switch of two positions, named or toggled. */
struct position {
    const char *verb;
    const char *names[2]; /* off, on */
    bool on;
};

/* 0, or an ACK that was sent. */
static int take_position(struct client *client, const char *word, struct position *position)
{
    if (!may(client, PERMISSION_PLAYER)) {
        return refuse(client, position->verb);
    }
    if (strcmp(word, "toggle") == 0) {
        position->on = !position->on;
    } else if (strcmp(word, position->names[1]) == 0) {
        position->on = true;
    } else if (strcmp(word, position->names[0]) == 0) {
        position->on = false;
    } else {
        return client_ack(client, ACK_ARG, "%s: it is %s, %s or toggle", word, position->names[0],
                          position->names[1]);
    }
    return 0;
}

/* What is heard, and how loud, is not to be changed or told in a blind test. */
static int refuse_blind(struct client *client)
{
    return client_ack(client, ACK_ARG, "a blind test goes on; `match abx stop` gives it up");
}

int match_ab(struct client *client, const struct words *words)
{
    struct server *server = client_server(client);
    struct player *player = server_parts(server)->player;
    struct position original = {"ab", {"matched", "original"}, false};
    struct player_status status;

    player_read_status(player, &status);
    original.on = status.original;
    if (status.blind && words->count > 1) {
        return refuse_blind(client);
    }
    if (words->count > 1) {
        int error = take_position(client, words->word[1], &original);

        if (error != 0) {
            return error;
        }
        player_set_original(player, original.on);
        server_changed(server, EVENT_OUTPUT);
        server_switched(server);
    }
    client_pair(client, "ab", status.blind ? "hidden" : original.names[original.on]);
    return 0;
}

int match_loudness(struct client *client, const struct words *words)
{
    struct server *server = client_server(client);
    struct player *player = server_parts(server)->player;
    struct position equal = {"loudness", {"true", "equal"}, false};
    struct player_status status;

    player_read_status(player, &status);
    equal.on = status.equal_loudness;
    if (status.blind && words->count > 1) {
        return refuse_blind(client);
    }
    if (words->count > 1) {
        int error = take_position(client, words->word[1], &equal);

        if (error != 0) {
            return error;
        }
        player_set_equal_loudness(player, equal.on);
        server_switched(server);
    }
    client_pair(client, "loudness", equal.names[equal.on]);
    return 0;
}

/* --- how far ------------------------------------------------------------------------------- */

int match_option_set(struct client *client, const char *name, const char *value)
{
    struct server *server = client_server(client);
    struct server_parts *parts = server_parts(server);
    const struct option *option = options_find(NULL, name);
    char message[MESSAGE_SIZE];
    int error = options_set(parts->options, NULL, name, value, message, sizeof message);

    if (error != 0) {
        return client_ack(client, error == -ENOMEM ? ACK_SYSTEM : ACK_ARG, "%s", message);
    }
    error = settings_keep(parts->settings_path, option, value, message, sizeof message);
    if (error != 0) {
        client_pair(client, "note", message);
    }
    effects_apply(server, option);
    server_switched(server);
    return 0;
}

int match_scope_change(struct client *client, const struct words *words, size_t at,
                       match_change *change, const char *const what_value[2])
{
    struct playlist_sound sound;
    struct match_scope scope;
    int error = match_scope_take(client, words, &at, &scope);

    if (error != 0) {
        return error;
    }
    error = match_scope_read(client, &scope, &sound);
    if (error == 0 && at != words->count) {
        error = client_ack(client, ACK_ARG, "too many arguments");
    }
    if (error == 0) {
        error = change(client, &sound, what_value[0], what_value[1]);
    }
    if (error == 0) {
        error = match_scope_set(client, &scope, &sound);
    }
    playlist_sound_finish(&sound);
    match_scope_finish(&scope);
    return error;
}

static const char *const amounts[AMOUNTS] = {"level", "eq", "width", "limiter"};

static int find_amount(const char *name)
{
    for (int i = 0; i < AMOUNTS; i++) {
        if (strcmp(amounts[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

static int change_amount(struct client *client, struct playlist_sound *sound, const char *what,
                         const char *value)
{
    const struct option *option = options_find(NULL, what);
    int index = find_amount(what);
    char message[MESSAGE_SIZE];

    if (value[0] == '\0') {
        sound->amounts[index] = (double)NAN;
        return 0;
    }
    if (option_check(option, value, message, sizeof message) != 0) {
        return client_ack(client, ACK_ARG, "%s", message);
    }
    sound->amounts[index] = index == AMOUNT_LIMITER ? option_truth(value) : strtod(value, NULL);
    return 0;
}

int match_amount(struct client *client, const struct words *words)
{
    const char *what_value[2] = {words->word[1], words->word[2]};

    if (find_amount(words->word[1]) < 0) {
        return client_ack(client, ACK_ARG, "%s: it is level, eq, width or limiter", words->word[1]);
    }
    return words->count == 3 ? match_option_set(client, words->word[1], words->word[2])
                             : match_scope_change(client, words, 3, change_amount, what_value);
}

int match_album(struct client *client, const struct words *words)
{
    struct server_parts *parts = server_parts(client_server(client));

    if (words->count > 1) {
        int error = may(client, PERMISSION_CONTROL)
                        ? match_option_set(client, "match_mode", words->word[1])
                        : refuse(client, "album");

        if (error != 0) {
            return error;
        }
    }
    client_pair(client, "album_mode", options_text(parts->options, "match_mode"));
    return 0;
}
