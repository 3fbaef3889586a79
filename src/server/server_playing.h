/*
 * server_playing.h - the player as the server sees it: made, watched, and what is kept of it.
 *
 * The player wakes the loop when something changed; here the loop finds out what, moves the queue's
 * current entry along with what is heard, and tells the clients. What a restart goes on from
 * (place, volume, original or matched, loudness) is written when it changes, the place every few
 * seconds.
 *
 * Threads: the server's loop.
 */
#ifndef MP_SERVER_SERVER_PLAYING_H
#define MP_SERVER_SERVER_PLAYING_H

#include "player/player.h"

#include <uv.h>

struct server;

/* What is remembered of the player's status, to see what changes. */
struct server_seen {
    enum player_state state;
    uint32_t id;
    int64_t begin_position;
    bool original, equal_loudness, device_open;
    enum player_match match;
    enum quality_level quality;
    double volume;
    char error[PLAYER_ERROR_SIZE];
    char station[256], title[512]; /* of what comes from an address */
};

struct server_playing {
    struct server_seen seen;
    struct server_seen kept; /* as it stands in the state file */
    uv_timer_t timer;        /* while it plays, and a while after a change */
    char *device, *affinity; /* as the player was made; the options may change meanwhile */
};

/* 0, or negative errno with one line in message. */
int server_playing_open(struct server *server, char *message, size_t size);
/* Where it was, paused. */
void server_playing_start(struct server *server);
/* The player may have changed. */
void server_playing_look(struct server *server);
/* The same, and what it is: the queue's current entry is then the one of this status. */
void server_playing_read(struct server *server, struct player_status *status);
/* Something that a restart goes on from has changed: writes the place now, and the rest soon (that
   is synced, and must not be for each step of a volume). */
void server_playing_keep(struct server *server);
/* Writes all of it. */
void server_playing_save(struct server *server);
/* Without the server's lock. */
void server_playing_close(struct server *server);

#endif
