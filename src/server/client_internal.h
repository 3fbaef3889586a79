/*
 * client_internal.h - a connection: what stands in it, for the files client*.c, server*.c and
 * commands_connection.c alone.
 *
 * A client without a connection (`stream` false) runs one command and keeps its answer: so a
 * message to the channel `matchplay` is carried out.
 *
 * Threads: the server's loop, with the server's lock.
 */
#ifndef MP_SERVER_CLIENT_INTERNAL_H
#define MP_SERVER_CLIENT_INTERNAL_H

#include "media/tags.h"
#include "server/client.h"

#include <uv.h>

struct errand;

enum {
    CLIENT_CHANNELS_MAX = 16, /* subscriptions of one client */
    CLIENT_MESSAGES_MAX = 64, /* unread ones; further ones are lost, as with MPD */
    CLIENT_BINARY_LEAST = 64,
    CLIENT_BINARY_STANDARD = 8192,
    CLIENT_BINARY_MAX = 4 << 20,
};

/* As MPD has it, comments are sent to those only who ask for them. */
#define CLIENT_TAGS_STANDARD (((UINT64_C(1) << TAG_KINDS) - 1) & ~(UINT64_C(1) << TAG_COMMENT))

enum {
    PERMISSION_ALL = PERMISSION_READ | PERMISSION_ADD | PERMISSION_PLAYER | PERMISSION_CONTROL |
                     PERMISSION_ADMIN,
};

struct message {
    char *channel, *text;
};

/* What has come in and is no whole command yet. */
struct client_input {
    char *partial; /* a line whose end has not come */
    size_t length;
    bool listing, list_ok; /* between command_list_begin and _end */
    bool running;          /* the list is carried out: list_at is its next line, of that index */
    char *list;            /* its lines, each with a NUL behind it */
    size_t list_length, list_capacity, list_at;
    unsigned list_index;
    char *held; /* what came behind, while it waits or rests */
    size_t held_length;
};

/* Bytes [sent, length) wait. They are handed to libuv when the callback of the loop ends; a long
   answer is written as it comes, as fast as the client reads. */
struct client_output {
    char *bytes;
    size_t sent, length, capacity;
    bool overflowed;
};

struct client {
    struct server *server;
    struct client *previous, *next;
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_pipe_t pipe;
        uv_tcp_t tcp;
    } uv;
    bool connected; /* uv is in use */
    bool local;
    bool closing; /* uv_close was called */
    bool leaving; /* to be closed when all is written */
    char address[48];
    uint64_t network;  /* where from: IPv4 address, first half of an IPv6 one; 0: local */
    int64_t active_ms; /* when it last did something */

    unsigned permissions;
    uint64_t tags;
    size_t binary_limit;

    struct client_input input;
    struct client_output output;

    const char *command; /* that runs; "": none */
    /* Nothing is read while it waits for an errand (NULL: for none), or rests: it has had its turn
       and asks for more. Who has rested longest, with the least number (0: none), goes on first. */
    struct errand *errand;
    uint64_t rests;
    unsigned index; /* of it in its list */
    bool failed;    /* client_ack was called for it */

    bool idling;
    unsigned idle_wanted, events; /* bits of enum server_event */

    char *channels[CLIENT_CHANNELS_MAX];
    size_t channel_count;
    struct message messages[CLIENT_MESSAGES_MAX];
    size_t message_count;
};

/* Without a connection as yet; with all permissions if local, else none. NULL with ENOMEM. */
struct client *client_create(struct server *server, bool local);
void client_destroy(struct client *client); /* its handle is closed, or was never opened */

/* Its uv handle is accepted: greets it and reads from it. 0 or negative errno. */
int client_begin(struct client *client);

/* Bytes from the connection: runs what is whole, answers into the output. False: it must be closed
   now (what it had to be told is in the output). */
bool client_feed(struct client *client, char *bytes, size_t length);
/* Its errand was answered, or it has rested: carries out what comes behind, and reads on. */
void client_go_on(struct client *client);
/* The same but for the connection. False: it must be closed now. */
bool client_feed_on(struct client *client);
/* errand.c: its client goes; takes NULL. */
void errand_forget(struct errand *errand);
/* One command without a list around it; true: it was carried out. */
bool client_run_words(struct client *client, const struct words *words);
/* What has happened since it was last told, if it waits for it. */
void client_tell_events(struct client *client);
/* Writes what the connection takes without waiting. */
void client_push(struct client *client);
/* Hands all of the output to the connection. */
void client_flush(struct client *client);
/* Ends it; the rest of the output goes out first. */
void client_close(struct client *client);
/* Ends it now. */
void client_abandon(struct client *client);
/* Fills in `address`, for the log. */
void client_name(struct client *client);

/* Bytes that libuv holds until the connection takes them. */
size_t client_unsent(const struct client *client);

/* Appends to the output. */
void client_write(struct client *client, const void *bytes, size_t length);
void client_forget_messages(struct client *client);

#endif
