/* server_summaries.c - gives the library's tracks to the job that listens through them. */
#include "server/server_summaries.h"

#include "server/server_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COPIED_AT_ONCE = 1000, ROOM_LEAST = 64 * 1024 };

/* --- the job's thread ---------------------------------------------------------------------- */

struct copying {
    struct server *server;
    size_t seen;
};

static bool append(struct server_summaries *summaries, const char *uri)
{
    size_t size = strlen(uri) + 1;

    if (summaries->used + size > summaries->room) {
        size_t room = 2 * summaries->room + size + ROOM_LEAST;
        char *texts = realloc(summaries->texts, room);

        if (texts == NULL) {
            return false;
        }
        summaries->texts = texts;
        summaries->room = room;
    }
    memcpy(summaries->texts + summaries->used, uri, size);
    summaries->used += size;
    return true;
}

static bool copy_one(void *context, const struct song *song)
{
    struct copying *copying = context;
    struct server_summaries *summaries = &copying->server->summaries;
    const struct catalogue *catalogue = copying->server->parts.catalogue;
    char uri[SONG_URI_SIZE];
    struct song_facts facts;

    if (copying->seen++ < summaries->passed) {
        return true;
    }
    summaries->passed++;
    song_facts(catalogue, song, &facts);
    if (facts.error == NULL && !append(summaries, song_uri(catalogue, song, uri))) {
        return false;
    }
    return summaries->passed % COPIED_AT_ONCE != 0;
}

/* The next of the library, so many that the catalogue is seldom walked. Under the lock. */
static void copy_some(struct server *server)
{
    const struct catalogue_walk walk = {&(struct copying){.server = server}, NULL, copy_one};

    server->summaries.used = server->summaries.at = 0;
    catalogue_walk(server->parts.catalogue, "", true, &walk);
    if (server->summaries.used == 0) { /* all was given */
        free(server->summaries.texts);
        server->summaries.texts = NULL;
        server->summaries.room = 0;
    }
}

static bool give_next(void *context, bool first, char *path, size_t size)
{
    struct server *server = context;
    struct server_summaries *summaries = &server->summaries;
    bool found;

    server_lock(server);
    if (first) {
        summaries->used = summaries->at = summaries->passed = 0;
    }
    if (summaries->at == summaries->used) {
        copy_some(server);
    }
    found = summaries->at < summaries->used;
    if (found) {
        const char *uri = summaries->texts + summaries->at;

        snprintf(path, size, "%s/%s", server->parts.music_directory, uri);
        summaries->at += strlen(uri) + 1;
    }
    server_unlock(server);
    return found;
}

/* --- the loop ------------------------------------------------------------------------------ */

void server_summaries_open(struct server *server)
{
    const struct summaries_settings settings = {.cache = server->parts.cache,
                                                .log = server->parts.log,
                                                .next = give_next,
                                                .context = server,
                                                .idle_ms = SUMMARIES_IDLE_MS};

    server->summaries.job = summaries_create(&settings); /* it does without if it must */
}

void server_summaries_close(struct server *server)
{
    summaries_destroy(server->summaries.job);
    server->summaries.job = NULL;
    free(server->summaries.texts);
    server->summaries.texts = NULL;
}

static bool others_work(struct server *server)
{
    struct player_status player;
    struct scanner_status scanner;

    scanner_read_status(server->parts.scanner, &scanner);
    if (scanner.job != 0 || server->parts.player == NULL) {
        return scanner.job != 0;
    }
    player_read_status(server->parts.player, &player);
    return player.state == PLAYER_PLAYING || player.state == PLAYER_STARTING;
}

void server_summaries_look(struct server *server)
{
    struct server_summaries *summaries = &server->summaries;
    bool wanted = options_boolean(server->parts.options, "summaries");
    uint64_t version = catalogue_version(server->parts.catalogue);

    if (summaries->job == NULL) {
        return;
    }
    if (version != summaries->version) {
        summaries->version = version;
        summaries_again(summaries->job);
    }
    summaries_pause(summaries->job, !wanted || others_work(server));
}
