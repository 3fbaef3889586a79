/*
 * client.h - one connection, as commands see it: who it is, and what is answered.
 *
 * Threads: the server's loop.
 */
#ifndef MP_SERVER_CLIENT_H
#define MP_SERVER_CLIENT_H

#include "server/protocol.h"

struct server;
struct client;

/* MPD's permissions, and ours for what only a local client may do (paths from anywhere). */
enum permission {
    PERMISSION_NONE = 0,
    PERMISSION_READ = 1,
    PERMISSION_ADD = 2,
    PERMISSION_PLAYER = 4,
    PERMISSION_CONTROL = 8,
    PERMISSION_ADMIN = 16,
};

struct server *client_server(const struct client *client);
unsigned client_permissions(const struct client *client); /* of enum permission, or-ed */
bool client_is_local(const struct client *client);        /* by the socket of this user, not TCP */
/* Turned off with `tagtypes`: such lines are not sent. Bit i is enum tag i. */
uint64_t client_tags(const struct client *client);
size_t client_binary_limit(const struct client *client);

/* "name: value\n". What would make the line longer than PROTOCOL_SENT_LIMIT is cut on a character's
   border; a line end in a value becomes a space. */
void client_pair(struct client *client, const char *name, const char *value);
void client_pairf(struct client *client, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* "binary: N\n", the bytes, "\n". */
void client_binary(struct client *client, const void *bytes, size_t size);
/* "ACK [code@index] {command} message\n"; index and command are filled in. Returns `code`, so that
   a command may `return client_ack(...)`. What it had answered before goes out in front of it. */
int client_ack(struct client *client, enum ack code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Anything a library function gave back, as MPD would say it: -ENOENT, -ERANGE, -EEXIST, ... */
int client_ack_errno(struct client *client, int error, const char *what);

#endif
