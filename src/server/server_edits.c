/* server_edits.c - the folders of playlists and references, watched. */
#include "server/server_edits.h"

#include "config/paths.h"
#include "server/server_internal.h"

#include <stdlib.h>
#include <string.h>

enum { SETTLE_MS = 300 };

static void on_settled(uv_timer_t *timer)
{
    struct server *server = timer->data;
    struct server_edits *edits = &server->edits;
    uint64_t playlists, references;

    server_enter(server);
    playlists = playlists_edits(server->parts.playlists);
    references = references_edits(server->parts.references);
    if (playlists != edits->playlist_edits) {
        server_changed(server, EVENT_STORED_PLAYLIST);
    }
    if (playlists != edits->playlist_edits || references != edits->reference_edits) {
        server_match_changed(server);
    }
    edits->playlist_edits = playlists;
    edits->reference_edits = references;
    server_leave(server);
}

/* Beside the references lies the database, of which there is more to hear. */
static void on_event(uv_fs_event_t *event, const char *name, int events, int status)
{
    struct server *server = event->data;
    bool ours =
        event == &server->edits.playlists || (name != NULL && strcmp(name, "references") == 0);

    (void)events;
    if (status == 0 && ours) {
        uv_timer_start(&server->edits.settle, on_settled, SETTLE_MS, 0);
    }
}

static void watch(struct server *server, uv_fs_event_t *event, const char *name)
{
    char *folder = path_in(PATH_DATA, name);

    uv_fs_event_init(&server->loop, event);
    event->data = server;
    if (folder != NULL && path_make_folder(folder) == 0) {
        uv_fs_event_start(event, on_event, folder, 0);
    }
    free(folder);
}

void server_edits_start(struct server *server)
{
    struct server_edits *edits = &server->edits;

    uv_timer_init(&server->loop, &edits->settle);
    edits->settle.data = server;
    edits->playlist_edits = playlists_edits(server->parts.playlists);
    edits->reference_edits = references_edits(server->parts.references);
    watch(server, &edits->playlists, "playlists");
    watch(server, &edits->references, NULL);
}
