/* reference.c - R and X: what shall sound like the selected track, asked in one line. */
#include "tui/reference.h"

#include "tui/tracks.h"

#include <stdio.h>
#include <string.h>

/* The playlist that is meant: the one selected in view 3, else that of the track that is heard. */
static const char *playlist_of(struct screen *screen)
{
    struct view *view = screen_view(screen, screen->current);
    const char *name =
        view != NULL && view->class->playlist != NULL ? view->class->playlist(view) : NULL;

    return name != NULL ? name : screen->state.origin[0] != '\0' ? screen->state.origin : NULL;
}

static void set_told(void *context, const struct answer *answer)
{
    struct screen *screen = context;

    if (!answer->ok) {
        screen_answer_errors(screen, answer);
    } else {
        screen_say(screen, ROLE_TEXT, "%s", screen->reference_said);
    }
}

/* Sends `match VERB SCOPE KEY...`, and the reference to `make`. */
static void send(struct screen *screen, const char *verb, int key, bool make)
{
    const char *words[8] = {"match", verb};
    const char *what = key == 'e' ? "everything" : key == 'a' ? "this album" : "the track heard";
    size_t count = 2;

    switch (key) {
    case 't':
        words[count++] = "track";
        words[count++] = "";
        break;
    case 'p':
        words[count++] = "playlist";
        words[count++] = what = screen->reference_playlist;
        break;
    case 'a':
        words[count++] = "album";
        words[count++] = "";
        words[count++] = "";
        break;
    default:
        words[count++] = "all";
        break;
    }
    if (make) {
        words[count++] = screen->reference_wanted;
        snprintf(screen->reference_said, sizeof screen->reference_said,
                 "%s is to sound like %s from now on", what, path_name(screen->reference_wanted));
    } else {
        snprintf(screen->reference_said, sizeof screen->reference_said,
                 "%s has no reference of its own any more", what);
    }
    client_ask_words(screen->client, set_told, screen, words, count);
}

static void make_answered(struct screen *screen, int key, void *context)
{
    (void)context;
    send(screen, "reference", key, true);
}

static void clear_answered(struct screen *screen, int key, void *context)
{
    (void)context;
    send(screen, "clear", key, false);
}

/* The keys that there is something for, and their words. */
static void offer(struct screen *screen, char answers[8], char *text, size_t size)
{
    const char *playlist = playlist_of(screen);
    bool heard = screen->state.song.file != NULL;
    size_t used = 0;

    snprintf(answers, 8, "%s%s%se", heard ? "t" : "", playlist != NULL ? "p" : "",
             heard && screen->state.song.album != NULL ? "a" : "");
    snprintf(screen->reference_playlist, sizeof screen->reference_playlist, "%s",
             playlist != NULL ? playlist : "");
    text[0] = '\0';
    if (heard) {
        used += (size_t)snprintf(text + used, size - used, "t the track heard, ");
    }
    if (playlist != NULL) {
        used += (size_t)snprintf(text + used, size - used, "p playlist %s, ", playlist);
    }
    if (heard && screen->state.song.album != NULL) {
        used += (size_t)snprintf(text + used, size - used, "a its album, ");
    }
    snprintf(text + used, size - used, "e everything");
}

void reference_make(struct screen *screen)
{
    struct view *view = screen_view(screen, screen->current);
    char answers[8], text[SCREEN_MESSAGE_SIZE / 2];

    if (view == NULL || view->class->selected == NULL ||
        !view->class->selected(view, screen->reference_wanted, sizeof screen->reference_wanted)) {
        screen_say(screen, ROLE_TEXT, "select the track that the others shall sound like");
        return;
    }
    offer(screen, answers, text, sizeof text);
    screen_question(screen, answers, make_answered, NULL, "Like %s shall sound: %s?",
                    path_name(screen->reference_wanted), text);
}

void reference_clear(struct screen *screen)
{
    char answers[8], text[SCREEN_MESSAGE_SIZE / 2];

    offer(screen, answers, text, sizeof text);
    screen_question(screen, answers, clear_answered, NULL, "Take the reference away from: %s?",
                    text);
}
