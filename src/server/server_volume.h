/*
 * server_volume.h - the volume that remotes turn: of the samples, of the card, or none
 * (volume_control in [output]).
 *
 * 0 ... 100 as people hear it. Of the samples it is a gain of (volume / 100)^3; at 100 no sample is
 * touched. The card's own mixer is opened when it is asked first, and again when it has gone; what
 * others turn there is told to the clients.
 *
 * Threads: the server's loop.
 */
#ifndef MP_SERVER_SERVER_VOLUME_H
#define MP_SERVER_SERVER_VOLUME_H

#include "output/mixer.h"

#include <stdbool.h>
#include <uv.h>

struct server;

struct server_volume {
    struct mixer *mixer; /* NULL: not open */
    int64_t failed_ms;   /* when it could not be opened last; 0: never */
    bool watched;
    uv_poll_t watch; /* the mixer's descriptor */
    struct server *server;
};

/* -1: there is none. */
int server_volume_read(struct server *server);
/* 0, or -ENOTSUP: there is none; or what the mixer said. */
int server_volume_set(struct server *server, int volume);
/* The settings have changed: device or volume_control. */
void server_volume_renew(struct server *server);
void server_volume_close(struct server *server);

#endif
