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

static void say_queued(struct screen *screen, const char *what, bool next)
{
    screen_say(screen, ROLE_TEXT, "%s: queued%s", what, next ? " to come next" : "");
}

void queue_uri(struct screen *screen, const char *uri, bool next)
{
    const char *slash = strrchr(uri, '/');

    screen_send(screen, "add", uri, place_of(screen, next), NULL);
    say_queued(screen, slash != NULL ? slash + 1 : uri, next);
}

void queue_found(struct screen *screen, const char *expression, const char *sort, bool next)
{
    if (next) {
        screen_send(screen, "findadd", expression, "sort", sort, "position", place_of(screen, next),
                    NULL);
    } else {
        screen_send(screen, "findadd", expression, "sort", sort, NULL);
    }
    say_queued(screen, "what is selected", next);
}

void queue_playlist(struct screen *screen, const char *name, bool next)
{
    if (next) {
        screen_send(screen, "load", name, "0:", place_of(screen, next), NULL);
    } else {
        screen_send(screen, "load", name, NULL);
    }
    say_queued(screen, name, next);
}

/* With its playlist as its origin, so that the playlist's reference holds for it. */
void queue_playlist_track(struct screen *screen, const char *name, size_t position, bool next)
{
    char range[48];

    snprintf(range, sizeof range, "%zu:%zu", position, position + 1);
    screen_send(screen, "load", name, range, place_of(screen, next), NULL);
    say_queued(screen, "the track", next);
}
