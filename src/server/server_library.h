/*
 * server_library.h - the library of the server: read from disk at start, kept up by the scanner.
 *
 * Threads: the server's loop.
 */
#ifndef MP_SERVER_SERVER_LIBRARY_H
#define MP_SERVER_SERVER_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

struct server;

struct server_library {
    uv_poll_t *watch;  /* inotify's descriptor; NULL: there is none */
    uv_timer_t hourly; /* scans, where inotify cannot tell what changes */
    bool started;      /* the timer is in the loop */
    unsigned job;      /* that clients know to be running; 0: none */
    int64_t updated_s; /* when something changed in it last; 0: never */
};

/* Opens the database, fills the catalogue and makes the scanner. 0, or negative errno with one
   line in message. */
int server_library_open(struct server *server, char *message, size_t size);
/* Scans, and watches for changes, if the settings say so. */
void server_library_start(struct server *server);
/* What the scanner has found since the last call. True: there is more; call it again soon. */
bool server_library_take(struct server *server);
/* Another music folder was set: what is found there takes the place of what was. */
void server_library_move(struct server *server);
void server_library_close(struct server *server);

#endif
