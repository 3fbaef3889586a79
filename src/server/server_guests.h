/*
 * server_guests.h - tracks from outside of the library: into the queue, and into the catalogue as
 * guests with their tags.
 *
 * What is below a path, and what a file says of itself, is found out in another thread
 * (library/gather.h), so that a sleeping disk holds nobody up: entries come first, tags follow.
 *
 * Threads: the server's loop.
 */
#ifndef MP_SERVER_SERVER_GUESTS_H
#define MP_SERVER_SERVER_GUESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct server;

/* 0, or negative errno with one line in message. */
int server_guests_open(struct server *server, char *message, size_t size);
/* Those of the queue as it was saved. */
void server_guests_start(struct server *server);
void server_guests_close(struct server *server);
/* Something was taken out of the queue: guests that nothing of it holds are let go. */
void server_guests_drop(struct server *server);

/* Sees that a track with an absolute path, or an address, is in the catalogue; its tags follow. */
void server_guest(struct server *server, const char *path);
/* What a radio station says of itself: its name, and what it plays; NULL or "": nothing. Everybody
   who looks at the queue is told. */
void server_guest_says(struct server *server, const char *address, const char *name,
                       const char *title);

/* Asks for the tracks below some paths; they go to the end of the queue when they are known.
   A ticket, or 0: out of memory. */
uint32_t server_guests_add(struct server *server, const char *const paths[], size_t count);
/* True if they are known; waits for that, at most so long. */
bool server_guests_wait(struct server *server, uint32_t ticket, int timeout_ms);

/* How it went, for one who waited. */
struct server_guests_watch {
    uint32_t ticket;
    void (*line)(void *context, const char *line); /* what was left out, and why */
    void *context;
    size_t added;
};
/* Takes what was found. watch may be NULL; what it does not want to know is logged. True: there is
   more; call it again soon. */
bool server_guests_take(struct server *server, struct server_guests_watch *watch);

#endif
