/*
 * match_abx.c - `match abx start N | hear a|b|x | answer a|b | stop | status`: a blind test.
 *
 * Each answers with how the test stands. What X is, and how many answers were right, is not told
 * before the last one.
 */
#include "server/match_verbs.h"

#include "config/paths.h"
#include "server/abx_session.h"
#include "server/client.h"
#include "server/server.h"
#include "server/slots.h"

#include <stdlib.h>
#include <string.h>

static struct abx_session *session_of(struct server_parts *parts)
{
    char *path;

    if (parts->abx == NULL) {
        path = path_in_made(PATH_STATE, "abx.log");
        parts->abx = path != NULL ? abx_session_create(parts->player, path, parts->log) : NULL;
        free(path);
    }
    return parts->abx;
}

static bool source_named(const char *name, enum abx_source *source)
{
    static const char *const names[] = {[ABX_A] = "a", [ABX_B] = "b", [ABX_X] = "x"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) == 0) {
            *source = (enum abx_source)i;
            return true;
        }
    }
    return false;
}

static void show(struct client *client, struct abx_session *session)
{
    struct abx_status status;

    abx_session_read(session, &status);
    client_pair(client, "abx", abx_state_name(status.state));
    if (status.state == ABX_NONE) {
        return;
    }
    client_pairf(client, "trials", "%u", status.trials);
    client_pairf(client, "answered", "%u", status.answered);
    if (status.state == ABX_RUNNING) {
        client_pairf(client, "hearing", "%c", "abx"[status.hearing]);
        client_pair(client, "x_heard", status.x_heard ? "1" : "0");
    } else if (status.state == ABX_DONE) {
        client_pairf(client, "right", "%u", status.correct);
        client_pairf(client, "p_value", "%.4f", status.p_value);
    }
}

static int start(struct client *client, struct abx_session *session, const char *argument,
                 char message[ABX_MESSAGE_SIZE])
{
    const struct options *options = server_parts(client_server(client))->options;
    const struct abx_slots slots = {options_text(options, slot_option(SLOT_A)),
                                    options_text(options, slot_option(SLOT_B))};
    uint32_t trials;

    if (!protocol_unsigned(argument, &trials, message, ABX_MESSAGE_SIZE)) {
        return client_ack(client, ACK_ARG, "%s", message);
    }
    if (abx_session_start(session, trials, &slots, message) < 0) {
        return client_ack(client, ACK_ARG, "%s", message);
    }
    return 0;
}

static int hear_or_answer(struct client *client, struct abx_session *session,
                          const struct words *words, char message[ABX_MESSAGE_SIZE])
{
    bool hear = strcmp(words->word[1], "hear") == 0;
    enum abx_source source;
    int result;

    if (!source_named(words->word[2], &source) || (source == ABX_X && !hear)) {
        return client_ack(client, ACK_ARG, hear ? "a, b or x is expected" : "a or b is expected");
    }
    result = hear ? abx_session_hear(session, source, message)
                  : abx_session_answer(session, source, message);
    return result < 0 ? client_ack(client, ACK_ARG, "%s", message) : 0;
}

int match_abx(struct client *client, const struct words *words)
{
    struct server *server = client_server(client);
    struct abx_session *session = session_of(server_parts(server));
    const char *verb = words->word[1];
    char message[ABX_MESSAGE_SIZE] = "";
    bool status = strcmp(verb, "status") == 0;
    bool alone = status || strcmp(verb, "stop") == 0;
    bool was_blind = abx_session_is_blind(session);
    int result = 0;

    if (session == NULL) {
        return client_ack(client, ACK_SYSTEM, "out of memory");
    }
    if (!alone && strcmp(verb, "start") != 0 && strcmp(verb, "hear") != 0 &&
        strcmp(verb, "answer") != 0) {
        return client_ack(client, ACK_ARG, "start N, hear a|b|x, answer a|b, stop or status");
    }
    if (words->count != (alone ? 2 : 3)) {
        return client_ack(client, ACK_ARG, "wrong number of arguments for \"match abx %s\"", verb);
    }
    if (!alone && strcmp(verb, "start") == 0) {
        result = start(client, session, words->word[2], message);
    } else if (!alone) {
        result = hear_or_answer(client, session, words, message);
    } else if (!status) {
        abx_session_stop(session);
    }
    if (result != 0) {
        return result;
    }
    show(client, session);
    if (!status || was_blind != abx_session_is_blind(session)) { /* one that waited has begun */
        server_switched(server);
    }
    return 0;
}
