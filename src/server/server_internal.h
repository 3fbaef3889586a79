/*
 * server_internal.h - the loop: what stands in it, for the files server*.c and client*.c alone.
 *
 * Threads: the loop's.
 */
#ifndef MP_SERVER_SERVER_INTERNAL_H
#define MP_SERVER_SERVER_INTERNAL_H

#include "config/instance.h"
#include "server/client_internal.h"
#include "server/password.h"
#include "server/server.h"
#include "server/server_edits.h"
#include "server/server_library.h"
#include "server/server_memory.h"
#include "server/server_playing.h"
#include "server/server_summaries.h"
#include "server/server_volume.h"

#include "library/totals.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

enum {
    SERVER_LISTENERS_MAX = 4, /* on TCP */
    SERVER_ROOM = 64 * 1024,  /* read at once */
    SERVER_SOCKET_SIZE = 108, /* sun_path */
};

struct server_limits {
    size_t clients;
    size_t list_bytes;   /* of the commands between command_list_begin and _end */
    size_t output_bytes; /* that wait for a client */
    int64_t idle_ms;     /* without a word, and not in `idle`; 0: for ever */
};

struct server {
    uv_loop_t loop;
    bool loop_made;
    pthread_mutex_t lock;
    struct server_parts parts;
    struct server_limits limits;
    int64_t started_s;
    bool verbose; /* -v: log_level does not hold */

    struct instance_wish wish; /* which decides whether the socket's folder must be closed */
    char socket_path[SERVER_SOCKET_SIZE];
    dev_t socket_device; /* which file it is: only our own is removed */
    ino_t socket_inode;
    uv_pipe_t *pipe; /* NULL: none open */
    uv_tcp_t *tcp[SERVER_LISTENERS_MAX];
    size_t tcp_count;

    struct server_library library;
    struct server_edits edits;
    struct server_playing playing;
    struct server_volume volume;
    struct totals totals; /* of the library, when they were asked for last */
    struct server_summaries summaries;
    struct server_memory memory;
    struct queue_place place; /* as it was saved last */
    bool list_changed;        /* since the player was told */
    size_t queue_length;      /* as it was last, to see when something is taken out ... */
    bool queue_shrank;        /* ... since guests were looked at */

    uv_async_t wake;
    uv_timer_t timer; /* looks for clients that have gone silent, while there are any */
    uv_signal_t signals[4];
    size_t signal_count;

    struct password_guard guards[PASSWORD_GUARDS];
    struct client *clients;
    size_t client_count;
    uint64_t turn_ns; /* when the turn of who is served now began */
    uint64_t rests;
    unsigned events;          /* not yet told to the clients */
    atomic_bool asked_to_end; /* by another thread */
    bool quitting, ended;
    char *room;
};

/* Around every callback of the loop. leave tells what has happened and ends the loop if asked. */
void server_enter(struct server *server);
void server_leave(struct server *server);

/* One client is served for 50 ms without a break; then others have their turn. */
void server_begin_turn(struct server *server);
bool server_turn_is_over(const struct server *server);
uint64_t server_next_rest(struct server *server); /* 1, 2, ... */

const struct server_limits *server_limits(const struct server *server);
int64_t server_now_ms(const struct server *server); /* of a clock that is never set */
uv_buf_t server_room(struct server *server);
const char *server_event_name(enum server_event event);

/* A connection waits: takes it or turns it away. */
void server_accept(struct server *server, uv_stream_t *listener, bool local);
/* It is about to be closed. */
void server_forget(struct server *server, struct client *client);

/* server_parts.c: another music folder was set. */
void server_playlists_move(struct server *server);

/* server_sockets.c. 0, or negative errno with one line in message. */
int server_open_socket(struct server *server, const char *path, char *message, size_t size);
void server_renew_socket(struct server *server); /* when its file is gone */
void server_open_tcp(struct server *server);     /* what goes wrong is logged: it does without */
void server_close_tcp(struct server *server);
void server_close_sockets(struct server *server);
void server_read_limits(struct server *server); /* of the options */

#endif
