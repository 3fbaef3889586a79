/*
 * server.h - the player that outlives the terminal: the loop, and what its commands work on.
 *
 * One thread runs the loop (libuv) and every command. Each callback of the loop holds the server's
 * lock; the player's thread takes it for the moments in which it asks the queue what comes next
 * (player_list). So what is named below is used by one thread at a time, and has no locks itself.
 *
 * Threads: the loop's, but for server_wake, server_lock and server_unlock.
 */
#ifndef MP_SERVER_SERVER_H
#define MP_SERVER_SERVER_H

#include "chain/preset.h"
#include "config/options.h"
#include "library/catalogue.h"
#include "library/database.h"
#include "library/playlists.h"
#include "library/queue.h"
#include "library/queue_store.h"
#include "library/references.h"
#include "library/scanner.h"
#include "match/cache.h"
#include "player/player.h"
#include "player/summaries.h"

/* What changes; the names are MPD's idle events and ours. */
enum server_event {
    EVENT_DATABASE,
    EVENT_UPDATE,
    EVENT_STORED_PLAYLIST,
    EVENT_PLAYLIST,
    EVENT_PLAYER,
    EVENT_MIXER,
    EVENT_OUTPUT,
    EVENT_OPTIONS,
    EVENT_SUBSCRIPTION,
    EVENT_MESSAGE,
    EVENT_STICKER, /* this and the next three never happen: MPD's clients may name them */
    EVENT_NEIGHBOR,
    EVENT_MOUNT,
    EVENT_PARTITION,
    EVENT_MATCH, /* ours: for those alone who name it */
    EVENTS
};

/* What queue_replace.h knows of the queue that it keeps, and of what it put in its place. */
struct queue_previous {
    bool read;
    uint32_t first_id, count; /* of the entries that were put into the queue; count 0: none */
    bool kept_was_put;        /* what is kept was itself put there, and not changed */
    struct queue_kept_place {
        long position; /* -1: nothing of it was heard */
        double elapsed_s;
        enum queue_kept_state { QUEUE_STOPPED, QUEUE_PAUSED, QUEUE_PLAYED } state;
    } place; /* where it was heard */
};

/* Made at start, before the first client; a command never sees NULL but where it is said. */
struct server_parts {
    struct options *options;
    struct presets *presets;
    bool chain_is_edited; /* by `match chain`: it holds in place of every preset's, until ... */
    struct rack chain;    /* ... it is reset, saved, or another preset is chosen */
    struct log *log;
    struct player *player;
    struct catalogue *catalogue;
    struct scanner *scanner;
    struct queue *queue;
    struct queue_store *queue_store;
    struct playlists *playlists;
    struct queue_previous previous;
    struct references *references;
    struct cache *cache;         /* NULL: nothing is kept; its functions take that */
    struct summaries *summaries; /* NULL without a cache; likewise */
    struct gather *gather;       /* files from outside of the library, server_guests.h */
    struct meters *meters;       /* NULL until the first `match meters` */
    struct abx_session *abx;     /* NULL until the first `match abx` */
    char *music_directory;       /* absolute */
    char *settings_path;         /* of the state folder */
    char *config_path;           /* the matchplayrc that is read */
};

struct server;

/* Any thread: has the loop look at what happened (the player's status, the scanner's news). */
void server_wake(struct server *server);
/* The player's thread, for the moment of a question to the queue, the references, the catalogue.
   Never around a wait; the loop calls the player while it holds it, so not around locks of its. */
void server_lock(struct server *server);
void server_unlock(struct server *server);

struct server_parts *server_parts(struct server *server);
/* Tells clients that idle for it, once the command that runs is done. */
void server_changed(struct server *server, enum server_event event);
/* The queue was changed: saves it, tells the player and the clients. */
void server_queue_changed(struct server *server);
/* Its modes were (random, repeat, single, consume): likewise. */
void server_modes_changed(struct server *server);
/* A verb has switched something of the match that the player knows already: tells the clients. */
void server_switched(struct server *server);
/* References, presets or amounts were: tells the player and the clients. */
void server_match_changed(struct server *server);
/* Ends the loop when the command that runs is done. */
void server_quit(struct server *server);
int64_t server_started_s(const struct server *server); /* seconds since 1970 */

#endif
