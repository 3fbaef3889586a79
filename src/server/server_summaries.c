/* server_summaries.c - what the summaries are taken of: the tracks of the library, in its order. */
#include "server/server_summaries.h"

#include "config/paths.h"
#include "server/server_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void clear(struct server_summaries *summaries)
{
    for (size_t i = summaries->at; i < summaries->count; i++) {
        free(summaries->uris[i]);
    }
    summaries->count = summaries->at = 0;
}

struct gathering {
    struct server *server;
    struct server_summaries *summaries;
    bool past; /* the last one that was given has been passed */
};

static bool gather_one(void *context, const struct song *song)
{
    struct gathering *gathering = context;
    struct server_summaries *summaries = gathering->summaries;
    struct song_facts facts;
    char uri[SONG_URI_SIZE];

    song_uri(gathering->server->parts.catalogue, song, uri);
    if (!gathering->past) {
        gathering->past = strcmp(uri, summaries->last) == 0;
        return true;
    }
    song_facts(gathering->server->parts.catalogue, song, &facts);
    if (facts.error == NULL) {
        char *copy = strdup(uri);

        if (copy == NULL) {
            return false;
        }
        summaries->uris[summaries->count++] = copy;
    }
    return summaries->count < SUMMARIES_BATCH;
}

/* Walks to the last one given and beyond it; if that is gone meanwhile, from the beginning: what
   has a summary already is passed over quickly. */
static void gather(struct server *server, struct server_summaries *summaries)
{
    struct gathering gathering = {server, summaries, summaries->last == NULL};
    struct catalogue_walk walk = {.context = &gathering, .song = gather_one};

    clear(summaries);
    catalogue_walk(server->parts.catalogue, "", true, &walk);
    if (!gathering.past) {
        gathering.past = true;
        catalogue_walk(server->parts.catalogue, "", true, &walk);
    }
}

static bool next_track(void *context, bool first, char *path, size_t size)
{
    struct server *server = context;
    struct server_summaries *summaries = &server->summaries;
    bool given = false;

    server_lock(server);
    if (first) {
        clear(summaries);
        free(summaries->last);
        summaries->last = NULL;
    }
    if (summaries->at == summaries->count) {
        gather(server, summaries);
    }
    if (summaries->at < summaries->count) {
        char *full;

        free(summaries->last);
        summaries->last = summaries->uris[summaries->at++];
        full = path_join(server->parts.music_directory, summaries->last);
        given = full != NULL && strlen(full) < size;
        if (given) {
            memcpy(path, full, strlen(full) + 1);
        }
        free(full);
    }
    server_unlock(server);
    return given;
}

void server_summaries_open(struct server *server)
{
    struct summaries_settings settings = {
        .cache = server->parts.cache,
        .log = server->parts.log,
        .next = next_track,
        .context = server,
        .idle_ms = SUMMARIES_IDLE_MS,
    };

    if (server->parts.cache != NULL) {
        server->parts.summaries = summaries_create(&settings);
        summaries_pause(server->parts.summaries,
                        !options_boolean(server->parts.options, "summaries"));
    }
}

void server_summaries_close(struct server *server)
{
    summaries_destroy(server->parts.summaries);
    server->parts.summaries = NULL;
    clear(&server->summaries);
    free(server->summaries.last);
    server->summaries.last = NULL;
}
