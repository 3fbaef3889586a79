/* play_rows.c - what enter, e, E, y do with rows. */
#include "tui/play_rows.h"

#include <stdio.h>
#include <string.h>

static const char previous[] = ".previous";

/* The queue that is there is kept, then emptied. */
static void keep_and_clear(struct screen *screen)
{
    if (screen->state.queue_length > 0) {
        client_ask(screen->client, NULL, NULL, "rm", previous, NULL); /* there may be none */
        screen_send(screen, "save", previous, NULL);
    }
    screen_send(screen, "clear", NULL);
}

static void play_at(struct screen *screen, size_t position)
{
    char place[24];

    snprintf(place, sizeof place, "%zu", position);
    screen_send(screen, "play", place, NULL);
}

void play_found(struct screen *screen, const char *expression, const char *sort, size_t position)
{
    keep_and_clear(screen);
    screen_send(screen, "findadd", expression, "sort", sort, NULL);
    play_at(screen, position);
}

void play_playlist(struct screen *screen, const char *name, size_t position)
{
    keep_and_clear(screen);
    screen_send(screen, "load", name, NULL);
    play_at(screen, position);
}

void play_files(struct screen *screen, const char *const uris[], size_t count, size_t position)
{
    keep_and_clear(screen);
    for (size_t i = 0; i < count; i++) {
        screen_send(screen, "add", uris[i], NULL);
    }
    play_at(screen, position);
}

void play_undo(struct screen *screen)
{
    screen_send(screen, "clear", NULL);
    screen_send(screen, "load", previous, NULL);
}

/* "+0": after what is heard; MPD refuses that while nothing is. */
static const char *place_of(const struct screen *screen, bool next)
{
    return !next ? NULL : screen->state.position >= 0 ? "+0" : "0";
}

/* What queue_... says when it is done. */
static const char *queued(char said[SCREEN_MESSAGE_SIZE], const char *what, bool next)
{
    snprintf(said, SCREEN_MESSAGE_SIZE, "%s: queued%s", what, next ? " to come next" : "");
    return said;
}

void queue_uri(struct screen *screen, const char *uri, bool next)
{
    const char *slash = strrchr(uri, '/');
    char said[SCREEN_MESSAGE_SIZE];

    screen_send_told(screen, queued(said, slash != NULL ? slash + 1 : uri, next), "add", uri,
                     place_of(screen, next), NULL);
}

void queue_found(struct screen *screen, const char *expression, const char *sort, bool next)
{
    char said[SCREEN_MESSAGE_SIZE];

    queued(said, "what is selected", next);
    if (next) {
        screen_send_told(screen, said, "findadd", expression, "sort", sort, "position",
                         place_of(screen, next), NULL);
    } else {
        screen_send_told(screen, said, "findadd", expression, "sort", sort, NULL);
    }
}

void queue_playlist(struct screen *screen, const char *name, bool next)
{
    char said[SCREEN_MESSAGE_SIZE];

    queued(said, name, next);
    if (next) {
        screen_send_told(screen, said, "load", name, "0:", place_of(screen, next), NULL);
    } else {
        screen_send_told(screen, said, "load", name, NULL);
    }
}

/* With its playlist as its origin, so that the playlist's reference holds for it. */
void queue_playlist_track(struct screen *screen, const char *name, size_t position, bool next)
{
    char range[48], said[SCREEN_MESSAGE_SIZE];

    snprintf(range, sizeof range, "%zu:%zu", position, position + 1);
    screen_send_told(screen, queued(said, "the track", next), "load", name, range,
                     place_of(screen, next), NULL);
}
