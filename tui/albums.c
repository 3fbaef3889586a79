/* albums.c - to the first track of the queue's next album, or of the one before. */
#include "tui/albums.h"

#include <stdio.h>
#include <string.h>

enum { PAGE = 64 };

static void write_album(char *text, size_t size, const struct row *row)
{
    snprintf(text, size, "%s\n%s", row->album_artist != NULL ? row->album_artist : "",
             row->album != NULL ? row->album : "");
}

static void play_found(struct screen *screen)
{
    const struct album_skip *skip = &screen->album_skip;
    char place[24];

    if (skip->found < 0) {
        screen_say(screen, ROLE_TEXT, "there is no album %s this one in the queue",
                   skip->direction > 0 ? "after" : "before");
        return;
    }
    snprintf(place, sizeof place, "%ld", skip->found);
    screen_send(screen, "play", place, NULL);
}

/* True: the way ends here. Backwards it goes on to the first track of the album it has come to. */
static bool pass(struct album_skip *skip, const struct row *row)
{
    long position = skip->at;
    char album[STATE_TEXT];

    skip->at += skip->direction;
    write_album(album, sizeof album, row);
    if (strcmp(album, skip->album) == 0) {
        skip->found = skip->found >= 0 ? position : -1;
        return false;
    }
    if (skip->found >= 0) {
        return true;
    }
    skip->found = position;
    snprintf(skip->album, sizeof skip->album, "%s", album);
    return skip->direction > 0;
}

static void ask(struct screen *screen);

static void arrived(void *context, const struct answer *answer)
{
    struct screen *screen = context;
    struct album_skip *skip = &screen->album_skip;
    struct row rows[PAGE];
    size_t count = 0;
    bool ends = false;

    skip->asked = false;
    if (!answer->ok) {
        screen_answer_errors(screen, answer);
        return;
    }
    for (size_t from = 0; from < answer->count && count < PAGE; count++) {
        from = row_read(&rows[count], answer, from);
    }
    for (size_t i = 0; i < count && !ends; i++) {
        ends = pass(skip, &rows[skip->direction > 0 ? i : count - 1 - i]);
    }
    if (ends || count == 0) {
        play_found(screen);
    } else {
        ask(screen);
    }
    for (size_t i = 0; i < count; i++) {
        row_finish(&rows[i]);
    }
}

static void ask(struct screen *screen)
{
    struct album_skip *skip = &screen->album_skip;
    long first = skip->direction > 0 ? skip->at : skip->at - PAGE + 1;
    long end = skip->direction > 0 ? skip->at + PAGE : skip->at + 1;
    long length = (long)screen->state.queue_length;
    char range[48];

    first = first < 0 ? 0 : first;
    end = end > length ? length : end;
    if (first >= end) {
        play_found(screen);
        return;
    }
    snprintf(range, sizeof range, "%ld:%ld", first, end);
    skip->asked = client_ask(screen->client, arrived, screen, "playlistinfo", range, NULL) == 0;
}

void albums_skip(struct screen *screen, int direction)
{
    struct album_skip *skip = &screen->album_skip;
    const struct player_state *state = &screen->state;

    if (state->random) {
        screen_send(screen, direction > 0 ? "next" : "previous", NULL);
        return;
    }
    if (state->position < 0) {
        screen_say(screen, ROLE_TEXT, "nothing is played: there is no album to go on from");
        return;
    }
    if (skip->asked) {
        return;
    }
    skip->direction = direction;
    skip->at = state->position + direction;
    skip->found = -1;
    write_album(skip->album, sizeof skip->album, &state->song);
    ask(screen);
}
