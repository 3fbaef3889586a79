/*
 * server_edits.h - playlists and references that somebody edits while the player runs: seen at
 * once, told to the clients, heard from the next plan on.
 *
 * Threads: the server's loop.
 */
#ifndef MP_SERVER_SERVER_EDITS_H
#define MP_SERVER_SERVER_EDITS_H

#include <stdint.h>
#include <uv.h>

struct server;

struct server_edits {
    uv_fs_event_t playlists, references;      /* of the folders they are in */
    uv_timer_t settle;                        /* editors write in several steps */
    uint64_t playlist_edits, reference_edits; /* as they were seen last */
};

/* Where a folder cannot be watched, edits are seen when something else has them looked for. */
void server_edits_start(struct server *server);

#endif
