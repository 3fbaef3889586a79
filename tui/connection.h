/*
 * connection.h - one connection to the player, not blocking: lines out, pairs in.
 *
 * Private to client.c. Commands wait in a list until the library's small buffer takes them.
 * Source: libmpdclient's mpd_async and mpd_parser; the MPD protocol.
 *
 * Threads: one.
 */
#ifndef MP_TUI_CONNECTION_H
#define MP_TUI_CONNECTION_H

#include "tui/client.h"

#include <netdb.h>

struct request {
    struct request *next;
    char **words;
    size_t count;
    bool sent;
    client_answer done;
    void *context;
};

struct connection;

struct connection *connection_create(void); /* not connected; NULL with ENOMEM */
void connection_destroy(struct connection *connection);
/* Begins to connect: to a socket of this computer, or (at not NULL) to an address elsewhere. 0 or
   negative errno. */
int connection_open(struct connection *connection, const char *path, const struct addrinfo *at);
/* Ends it; what was asked for is answered with `why`. */
void connection_close(struct connection *connection, const char *why);
bool connection_is_open(const struct connection *connection);
bool connection_is_greeted(const struct connection *connection); /* commands can be sent */
/* Takes the request. */
void connection_add(struct connection *connection, struct request *request);
struct request *connection_first(struct connection *connection);
size_t connection_waiting(const struct connection *connection);
void connection_poll(const struct connection *connection, struct pollfd *fd);
/* 0, or negative errno: the connection is of no use any more (close it); *why says what. */
int connection_serve(struct connection *connection, short events, const char **why);

struct request *request_create(const char *const words[], size_t count, client_answer done,
                               void *context);
void request_destroy(struct request *request);

#endif
