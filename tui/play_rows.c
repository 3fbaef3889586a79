/* play_rows.c - what enter, e, E, y do with rows. */
#include "tui/play_rows.h"

#include <stdio.h>
#include <string.h>

enum { PLACE_SIZE = 24 };

void play_found(struct screen *screen, const char *expression, const char *sort, size_t position)
{
    char place[PLACE_SIZE];

    snprintf(place, sizeof place, "%zu", position);
    screen_send(screen, "match", "replace", "find", expression, sort, place, NULL);
}

void play_playlist(struct screen *screen, const char *name, size_t position)
{
    char place[PLACE_SIZE];

    snprintf(place, sizeof place, "%zu", position);
    screen_send(screen, "match", "replace", "playlist", name, place, NULL);
}

void play_folder(struct screen *screen, const char *folder, size_t position)
{
    char place[PLACE_SIZE];

    snprintf(place, sizeof place, "%zu", position);
    screen_send(screen, "match", "replace", "folder", folder, place, NULL);
}

static void undone(void *context, const struct answer *answer)
{
    struct screen *screen = context;

    if (answer->ok) {
        screen_say(screen, ROLE_TEXT, "the queue is back; :undo again takes that back");
    } else {
        screen_answer_errors(screen, answer);
    }
}

void play_undo(struct screen *screen)
{
    client_ask(screen->client, undone, screen, "match", "undo", NULL);
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
