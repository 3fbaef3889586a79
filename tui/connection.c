/* connection.c - one connection to the player, not blocking. */
#include "tui/connection.h"

#include <errno.h>
#include <fcntl.h>
#include <mpd/async.h>
#include <mpd/parser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { WORDS_MAX = 40 };

struct connection {
    int fd; /* -1: closed; while connecting, async is NULL */
    struct mpd_async *async;
    struct mpd_parser *parser;
    bool greeted;
    struct request *first, **last;
    size_t waiting;
    struct client_pair *pairs;
    size_t pair_count, pair_room;
    char message[256];
};

/* --- requests ------------------------------------------------------------------------------ */

struct request *request_create(const char *const words[], size_t count, client_answer done,
                               void *context)
{
    struct request *request = calloc(1, sizeof *request);

    if (request == NULL) {
        return NULL;
    }
    request->words = calloc(count, sizeof *request->words);
    request->done = done;
    request->context = context;
    for (size_t i = 0; request->words != NULL && i < count; i++) {
        request->words[i] = strdup(words[i]);
        if (request->words[i] == NULL) {
            request_destroy(request);
            return NULL;
        }
        request->count = i + 1;
    }
    if (request->words == NULL) {
        request_destroy(request);
        return NULL;
    }
    return request;
}

void request_destroy(struct request *request)
{
    if (request == NULL) {
        return;
    }
    for (size_t i = 0; i < request->count; i++) {
        free(request->words[i]);
    }
    free(request->words);
    free(request);
}

/* --- making -------------------------------------------------------------------------------- */

struct connection *connection_create(void)
{
    struct connection *connection = calloc(1, sizeof *connection);

    if (connection == NULL) {
        return NULL;
    }
    connection->fd = -1;
    connection->last = &connection->first;
    connection->parser = mpd_parser_new();
    if (connection->parser == NULL) {
        free(connection);
        errno = ENOMEM;
        return NULL;
    }
    return connection;
}

static void clear_pairs(struct connection *connection)
{
    for (size_t i = 0; i < connection->pair_count; i++) {
        free(connection->pairs[i].name); /* the value lies behind it */
    }
    connection->pair_count = 0;
}

/* Answers the first request and forgets it. */
static void answer_first(struct connection *connection, bool ok, const char *error)
{
    struct request *request = connection->first;
    struct answer answer = {connection->pairs, connection->pair_count, ok, error};

    if (request == NULL) {
        return;
    }
    connection->first = request->next;
    if (connection->first == NULL) {
        connection->last = &connection->first;
    }
    connection->waiting--;
    if (request->done != NULL) {
        request->done(request->context, &answer);
    }
    clear_pairs(connection);
    request_destroy(request);
}

void connection_close(struct connection *connection, const char *why)
{
    if (connection->async != NULL) {
        mpd_async_free(connection->async); /* closes it */
    } else if (connection->fd >= 0) {
        close(connection->fd);
    }
    connection->async = NULL;
    connection->fd = -1;
    connection->greeted = false;
    clear_pairs(connection);
    while (connection->first != NULL) {
        answer_first(connection, false, why);
    }
}

void connection_destroy(struct connection *connection)
{
    if (connection == NULL) {
        return;
    }
    for (struct request *request = connection->first; request != NULL; request = request->next) {
        request->done = NULL;
    }
    connection_close(connection, "");
    mpd_parser_free(connection->parser);
    free(connection->pairs);
    free(connection);
}

static int connect_local(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd;

    if (strlen(path) >= sizeof address.sun_path) {
        return -ENAMETOOLONG;
    }
    memcpy(address.sun_path, path, strlen(path) + 1);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return -errno;
    }
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0 && errno != EAGAIN) {
        int error = -errno;

        close(fd);
        return error;
    }
    return fd;
}

/* A player that went without a word (its computer was switched off, a network is gone) is missed
   within half a minute. */
static void watch(int fd)
{
    const int on = 1, idle_s = 15, between_s = 5, probes = 3;
    const unsigned unanswered_ms = 20000;

    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &between_s, sizeof between_s);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unanswered_ms, sizeof unanswered_ms);
}

static int connect_remote(const struct addrinfo *at)
{
    int fd = socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, at->ai_protocol);

    if (fd < 0) {
        return -errno;
    }
    watch(fd);
    if (connect(fd, at->ai_addr, at->ai_addrlen) < 0 && errno != EINPROGRESS) {
        int error = -errno;

        close(fd);
        return error;
    }
    return fd;
}

int connection_open(struct connection *connection, const char *path, const struct addrinfo *at)
{
    int fd = at == NULL ? connect_local(path) : connect_remote(at);

    if (fd < 0) {
        return fd;
    }
    connection->fd = fd;
    connection->async = mpd_async_new(fd);
    if (connection->async == NULL) {
        close(fd);
        connection->fd = -1;
        return -ENOMEM;
    }
    return 0;
}

bool connection_is_open(const struct connection *connection)
{
    return connection->fd >= 0;
}

bool connection_is_greeted(const struct connection *connection)
{
    return connection->greeted;
}

void connection_add(struct connection *connection, struct request *request)
{
    *connection->last = request;
    connection->last = &request->next;
    connection->waiting++;
}

struct request *connection_first(struct connection *connection)
{
    return connection->first;
}

size_t connection_waiting(const struct connection *connection)
{
    return connection->waiting;
}

/* --- sending ------------------------------------------------------------------------------- */

/* The library takes words as variable arguments only. */
static bool send_va(struct mpd_async *async, const char *command, ...)
{
    va_list arguments;
    bool sent;

    va_start(arguments, command);
    sent = mpd_async_send_command_v(async, command, arguments);
    va_end(arguments);
    return sent;
}

static bool send_request(struct mpd_async *async, const struct request *request)
{
    char *const *w = request->words;
    const char *word[WORDS_MAX] = {NULL};

    for (size_t i = 0; i < request->count && i < WORDS_MAX; i++) {
        word[i] = w[i];
    }
    return send_va(async, word[0], word[1], word[2], word[3], word[4], word[5], word[6], word[7],
                   word[8], word[9], word[10], word[11], word[12], word[13], word[14], word[15],
                   word[16], word[17], word[18], word[19], word[20], word[21], word[22], word[23],
                   word[24], NULL);
}

/* As many as fit into the buffer. */
static void send_waiting(struct connection *connection)
{
    for (struct request *request = connection->first; request != NULL && connection->greeted;
         request = request->next) {
        if (!request->sent) {
            if (!send_request(connection->async, request)) {
                break;
            }
            request->sent = true;
        }
    }
}

/* --- receiving ----------------------------------------------------------------------------- */

static int add_pair(struct connection *connection, const char *name, const char *value)
{
    size_t name_size = strlen(name) + 1;
    size_t value_size = strlen(value) + 1;
    char *text;

    if (connection->pair_count == connection->pair_room) {
        size_t room = connection->pair_room == 0 ? 64 : 2 * connection->pair_room;
        struct client_pair *grown = realloc(connection->pairs, room * sizeof *grown);

        if (grown == NULL) {
            return -ENOMEM;
        }
        connection->pairs = grown;
        connection->pair_room = room;
    }
    text = malloc(name_size + value_size);
    if (text == NULL) {
        return -ENOMEM;
    }
    memcpy(text, name, name_size);
    memcpy(text + name_size, value, value_size);
    connection->pairs[connection->pair_count].name = text;
    connection->pairs[connection->pair_count++].value = text + name_size;
    return 0;
}

static int take_line(struct connection *connection, char *line, const char **why)
{
    if (!connection->greeted) {
        if (strncmp(line, "OK MPD ", 7) != 0) {
            *why = "what answers there is no player";
            return -EPROTO;
        }
        connection->greeted = true;
        return 0;
    }
    switch (mpd_parser_feed(connection->parser, line)) {
    case MPD_PARSER_PAIR:
        return add_pair(connection, mpd_parser_get_name(connection->parser),
                        mpd_parser_get_value(connection->parser));
    case MPD_PARSER_SUCCESS:
        answer_first(connection, true, NULL);
        return 0;
    case MPD_PARSER_ERROR:
        snprintf(connection->message, sizeof connection->message, "%s",
                 mpd_parser_get_message(connection->parser) != NULL
                     ? mpd_parser_get_message(connection->parser)
                     : "it was refused");
        answer_first(connection, false, connection->message);
        return 0;
    case MPD_PARSER_MALFORMED:
    default:
        *why = "the player's answer was not understood";
        return -EPROTO;
    }
}

void connection_poll(const struct connection *connection, struct pollfd *fd)
{
    enum mpd_async_event events = mpd_async_events(connection->async);

    fd->fd = connection->fd;
    fd->events = 0;
    fd->revents = 0;
    if ((events & MPD_ASYNC_EVENT_READ) != 0) {
        fd->events |= POLLIN;
    }
    if ((events & MPD_ASYNC_EVENT_WRITE) != 0) {
        fd->events |= POLLOUT;
    }
    for (const struct request *request = connection->first; request != NULL && connection->greeted;
         request = request->next) {
        if (!request->sent) {
            fd->events |= POLLOUT;
            break;
        }
    }
}

int connection_serve(struct connection *connection, short events, const char **why)
{
    unsigned io = 0;
    char *line;

    if ((events & POLLIN) != 0) {
        io |= MPD_ASYNC_EVENT_READ;
    }
    if ((events & (POLLHUP | POLLERR)) != 0) {
        io |= MPD_ASYNC_EVENT_READ;
    }
    if (connection->greeted) {
        send_waiting(connection);
    }
    if ((mpd_async_events(connection->async) & MPD_ASYNC_EVENT_WRITE) != 0) {
        io |= MPD_ASYNC_EVENT_WRITE;
    }
    if (io != 0 && !mpd_async_io(connection->async, (enum mpd_async_event)io)) {
        *why = mpd_async_get_error_message(connection->async);
        return -ECONNRESET;
    }
    while (connection->async != NULL && (line = mpd_async_recv_line(connection->async)) != NULL) {
        int result = take_line(connection, line, why);

        if (result < 0) {
            return result;
        }
    }
    if (connection->async != NULL && mpd_async_get_error(connection->async) != MPD_ERROR_SUCCESS) {
        *why = mpd_async_get_error_message(connection->async);
        return -ECONNRESET;
    }
    return 0;
}
