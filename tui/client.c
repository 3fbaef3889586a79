/* client.c - the connection to the player: commands, answers, what changed. */
#include "tui/client.h"

#include "tui/connection.h"
#include "tui/lookup.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RETRY_MS = 1000, LOOK_MS = 50, ATTEMPTS_MAX = 5040, ASK_WORDS_MAX = 24, REASON_SIZE = 256 };

struct client {
    char *address, *password;
    struct client_hooks hooks;
    struct connection *commands, *idle;
    bool joined, told_left;
    uint64_t retry_ms;     /* when to try next */
    struct lookup *lookup; /* NULL: on this computer */
    unsigned attempts;     /* the address whose turn it is */
};

static const struct {
    const char *name;
    unsigned bit;
} events[] = {
    {"database", CHANGED_DATABASE},
    {"update", CHANGED_UPDATE},
    {"stored_playlist", CHANGED_STORED_PLAYLIST},
    {"playlist", CHANGED_PLAYLIST},
    {"player", CHANGED_PLAYER},
    {"mixer", CHANGED_MIXER},
    {"output", CHANGED_OUTPUT},
    {"options", CHANGED_OPTIONS},
    {"match", CHANGED_MATCH},
};

static uint64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

const char *answer_get(const struct answer *answer, size_t from, const char *name)
{
    for (size_t i = from; i < answer->count; i++) {
        if (strcmp(answer->pairs[i].name, name) == 0) {
            return answer->pairs[i].value;
        }
    }
    return NULL;
}

struct client *client_create(const char *address, const char *password,
                             const struct client_hooks *hooks)
{
    struct client *client = calloc(1, sizeof *client);

    if (client == NULL) {
        return NULL;
    }
    client->hooks = *hooks;
    client->address = strdup(address);
    client->password = password != NULL ? strdup(password) : NULL;
    client->commands = connection_create();
    client->idle = connection_create();
    client->lookup = address[0] != '/' ? lookup_create(address) : NULL;
    if (client->address == NULL || (address[0] != '/' && client->lookup == NULL) ||
        (password != NULL && client->password == NULL) || client->commands == NULL ||
        client->idle == NULL) {
        client_destroy(client);
        errno = ENOMEM;
        return NULL;
    }
    return client;
}

void client_destroy(struct client *client)
{
    if (client == NULL) {
        return;
    }
    connection_destroy(client->commands);
    connection_destroy(client->idle);
    lookup_destroy(client->lookup);
    free(client->address);
    free(client->password);
    free(client);
}

bool client_is_joined(const struct client *client)
{
    return client->joined;
}

bool client_is_local(const struct client *client)
{
    return client->address[0] == '/';
}

/* --- asking -------------------------------------------------------------------------------- */

static int ask(struct connection *connection, client_answer done, void *context,
               const char *const words[], size_t count)
{
    struct request *request = request_create(words, count, done, context);

    if (request == NULL) {
        return -ENOMEM;
    }
    connection_add(connection, request);
    return 0;
}

int client_ask_words(struct client *client, client_answer done, void *context,
                     const char *const words[], size_t count)
{
    if (!client->joined) {
        const struct answer answer = {NULL, 0, false, "the player is not there"};

        if (done != NULL) {
            done(context, &answer);
        }
        return 0;
    }
    return ask(client->commands, done, context, words, count);
}

int client_ask(struct client *client, client_answer done, void *context, const char *command, ...)
{
    const char *words[ASK_WORDS_MAX];
    size_t count = 0;
    va_list arguments;

    va_start(arguments, command);
    for (const char *word = command; word != NULL && count < ASK_WORDS_MAX;
         word = va_arg(arguments, const char *)) {
        words[count++] = word;
    }
    va_end(arguments);
    return client_ask_words(client, done, context, words, count);
}

void client_cancel(struct client *client, const void *context)
{
    for (struct request *request = connection_first(client->commands); request != NULL;
         request = request->next) {
        if (request->context == context) {
            request->done = NULL;
        }
    }
}

bool client_awaits(const struct client *client, client_answer done, const void *context)
{
    const struct request *request = connection_first(client->commands);

    while (request != NULL && (request->done != done || request->context != context)) {
        request = request->next;
    }
    return request != NULL && done != NULL;
}

size_t client_waiting(const struct client *client)
{
    return connection_waiting(client->commands);
}

/* --- idling -------------------------------------------------------------------------------- */

static void idle_again(struct client *client);

static void idle_answered(void *context, const struct answer *answer)
{
    struct client *client = context;
    unsigned what = 0;

    if (!answer->ok) {
        return; /* the connection ended, or is about to */
    }
    for (size_t i = 0; i < answer->count; i++) {
        for (size_t j = 0; j < sizeof events / sizeof events[0]; j++) {
            if (strcmp(answer->pairs[i].value, events[j].name) == 0) {
                what |= events[j].bit;
            }
        }
    }
    idle_again(client);
    if (what != 0) {
        client->hooks.changed(client->hooks.context, what);
    }
}

static void idle_again(struct client *client)
{
    const char *words[1 + sizeof events / sizeof events[0]] = {"idle"};
    size_t count = 1;

    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        words[count++] = events[i].name;
    }
    ask(client->idle, idle_answered, client, words, count);
}

/* --- coming and going ---------------------------------------------------------------------- */

static void leave(struct client *client, const char *reason)
{
    bool first = client->joined || !client->told_left;
    char why[REASON_SIZE]; /* what was given belongs to the connection, which goes */

    snprintf(why, sizeof why, "%s", reason);
    if (!client->joined && client->lookup != NULL) { /* its address may be another by now */
        lookup_forget(client->lookup);
    }
    client->joined = false;
    client->told_left = true;
    client->retry_ms = now_ms() + RETRY_MS;
    connection_close(client->commands, why);
    connection_close(client->idle, why);
    if (first) {
        client->hooks.left(client->hooks.context, why);
    }
}

/* The address whose turn it is: a name may have several, and the player may listen on one of them.
 */
static const struct addrinfo *pick(const struct client *client, const struct addrinfo *found)
{
    const struct addrinfo *at = found;

    for (unsigned i = 0; i < client->attempts; i++) {
        at = at->ai_next != NULL ? at->ai_next : found;
    }
    return at;
}

static void open_both(struct client *client)
{
    const struct addrinfo *found = NULL;
    const char *why = NULL;
    int result = client->lookup != NULL ? lookup_find(client->lookup, &found, &why) : 0;

    if (result == -EINPROGRESS) {
        client->retry_ms = now_ms() + LOOK_MS;
        return;
    }
    if (result < 0) {
        leave(client, why);
        return;
    }
    found = found != NULL ? pick(client, found) : NULL;
    client->attempts = (client->attempts + 1) % ATTEMPTS_MAX;
    result = connection_open(client->commands, client->address, found);
    if (result == 0) {
        result = connection_open(client->idle, client->address, found);
    }
    if (result < 0) {
        leave(client, strerror(-result));
    }
}

static void password_answered(void *context, const struct answer *answer)
{
    struct client *client = context;

    if (!answer->ok) {
        client->hooks.left(client->hooks.context, "the password is not the player's");
    }
}

/* Both have been greeted. */
static void join(struct client *client)
{
    const char *words[] = {"password", client->password};

    client->joined = true;
    client->told_left = false;
    client->attempts = client->attempts > 0 ? client->attempts - 1 : 0; /* that one again */
    if (client->password != NULL) {
        ask(client->commands, password_answered, client, words, 2);
        ask(client->idle, NULL, NULL, words, 2);
    }
    idle_again(client);
    client->hooks.joined(client->hooks.context);
}

void client_retry(struct client *client)
{
    client->retry_ms = 0;
}

int client_poll(struct client *client, struct pollfd fds[CLIENT_FDS], int *timeout_ms)
{
    uint64_t now = now_ms();

    if (!connection_is_open(client->commands)) {
        int wait = client->retry_ms > now ? (int)(client->retry_ms - now) : 0;

        if (*timeout_ms < 0 || wait < *timeout_ms) {
            *timeout_ms = wait;
        }
        return 0;
    }
    connection_poll(client->commands, &fds[0]);
    connection_poll(client->idle, &fds[1]);
    return CLIENT_FDS;
}

void client_serve(struct client *client, const struct pollfd fds[], int count)
{
    const char *why = "the connection ended";

    if (!connection_is_open(client->commands)) {
        if (now_ms() >= client->retry_ms) {
            open_both(client);
        }
        return;
    }
    if (count == CLIENT_FDS && (connection_serve(client->commands, fds[0].revents, &why) < 0 ||
                                connection_serve(client->idle, fds[1].revents, &why) < 0)) {
        leave(client, why);
        return;
    }
    if (!client->joined && connection_is_greeted(client->commands) &&
        connection_is_greeted(client->idle)) {
        join(client);
    }
}
