/* reference.c - R and X: what shall sound like the selected track, asked in one line; W, D, < and
   >: the references that hold, changed one by one. */
#include "tui/reference.h"

#include "tui/tracks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REFERENCES_MAX = 16, WEIGHT_TEXT = 32, PLAYLIST_COLUMNS = 20 };

static const double weight_step = 0.25, weight_most = 4.0;

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

/* The keys that there is something for, and their words: first, so that they are seen where there
   are 40 columns. */
static void offer(struct screen *screen, char answers[8], char *text, size_t size)
{
    const char *playlist = playlist_of(screen);
    bool heard = screen->state.song.file != NULL;
    bool album = heard && screen->state.song.album != NULL;
    char name[SCREEN_MESSAGE_SIZE / 4] = "";

    snprintf(answers, 8, "e%s%s%s", heard ? "t" : "", album ? "a" : "",
             playlist != NULL ? "p" : "");
    snprintf(screen->reference_playlist, sizeof screen->reference_playlist, "%s",
             playlist != NULL ? playlist : "");
    text_shorten(name, sizeof name, screen->reference_playlist, PLAYLIST_COLUMNS, false);
    snprintf(text, size, "e everything%s%s%s%s", heard ? ", t track" : "", album ? ", a album" : "",
             playlist != NULL ? ", p playlist " : "", name);
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
    screen_question(screen, answers, make_answered, NULL, "%s: like %s?", text,
                    path_name(screen->reference_wanted));
}

void reference_clear(struct screen *screen)
{
    char answers[8], text[SCREEN_MESSAGE_SIZE / 2];

    offer(screen, answers, text, sizeof text);
    screen_question(screen, answers, clear_answered, NULL, "%s: without its reference?", text);
}

/* --- one by one ---------------------------------------------------------------------------- */

size_t reference_scope_words(const char *scope, const char *words[3])
{
    words[0] = scope;
    words[1] = words[2] = "";
    return strcmp(scope, "settings") == 0                                  ? 0
           : strcmp(scope, "album") == 0                                   ? 3
           : strcmp(scope, "track") == 0 || strcmp(scope, "playlist") == 0 ? 2
                                                                           : 1;
}

void reference_scope_say(const struct player_state *state, const char *scope, char *text,
                         size_t size)
{
    bool playlist = strcmp(scope, "playlist") == 0;

    snprintf(text, size, "%s%s",
             playlist                      ? "the playlist "
             : strcmp(scope, "track") == 0 ? "this track"
             : strcmp(scope, "album") == 0 ? "this album"
                                           : "everything",
             playlist ? state->origin : "");
}

/* These are the references of that scope from now on. */
static void set_all(struct screen *screen, const struct state_reference list[], size_t count)
{
    const char *words[5 + REFERENCES_MAX] = {"match", "reference"};
    char *texts[REFERENCES_MAX] = {NULL};
    const char *from = screen->state.reference_from;
    /* What the settings say becomes what holds for everything. */
    const char *scope = strcmp(from, "settings") == 0 ? "all" : from;
    size_t used = 2 + reference_scope_words(scope, words + 2), texts_used = 0;

    for (size_t i = 0; i < count; i++) {
        size_t size = strlen(list[i].uri) + WEIGHT_TEXT;

        texts[texts_used] = malloc(size);
        if (texts[texts_used] != NULL) {
            snprintf(texts[texts_used], size, "%s:%g", list[i].uri, list[i].weight);
            words[used++] = texts[texts_used++];
        }
    }
    if (texts_used == count) {
        client_ask_words(screen->client, set_told, screen, words, used);
    }
    for (size_t i = 0; i < texts_used; i++) {
        free(texts[i]);
    }
}

void reference_add(struct screen *screen)
{
    struct view *view = screen_view(screen, screen->current);
    const struct player_state *state = &screen->state;
    struct state_reference list[REFERENCES_MAX];
    size_t count = state->reference_count;
    char uri[4096];

    if (count == 0) {
        reference_make(screen);
        return;
    }
    if (view == NULL || view->class->selected == NULL ||
        !view->class->selected(view, uri, sizeof uri)) {
        screen_say(screen, ROLE_TEXT, "select the track that is to be one more reference");
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(state->references[i].uri, uri) == 0) {
            screen_say(screen, ROLE_TEXT, "%s is a reference already", path_name(uri));
            return;
        }
    }
    if (count >= REFERENCES_MAX) {
        screen_say(screen, ROLE_WARNING, "there are %d references, and no room for more",
                   REFERENCES_MAX);
        return;
    }
    memcpy(list, state->references, count * sizeof list[0]);
    list[count] = (struct state_reference){uri, 1.0};
    snprintf(screen->reference_said, sizeof screen->reference_said,
             "%s is a reference, too; view 8 weighs them", path_name(uri));
    set_all(screen, list, count + 1);
}

/* The one at `index` of the references may be changed here; says why not. */
static bool changeable(struct screen *screen, size_t index)
{
    if (screen->state.reference_count > REFERENCES_MAX) {
        screen_say(screen, ROLE_WARNING,
                   "more than %d references: :match reference ... changes them", REFERENCES_MAX);
        return false;
    }
    return index < screen->state.reference_count;
}

void reference_weigh(struct screen *screen, size_t index, int by)
{
    struct player_state *state = &screen->state;
    double weight;

    if (!changeable(screen, index)) {
        return;
    }
    if (state->reference_count == 1) {
        screen_say(screen, ROLE_TEXT, "a weight counts beside another reference: W adds one");
        return;
    }
    weight = state->references[index].weight + by * weight_step;
    weight = weight < weight_step ? weight_step : weight > weight_most ? weight_most : weight;
    state->references[index].weight = weight; /* shown at once */
    snprintf(screen->reference_said, sizeof screen->reference_said, "%s counts %g from now on",
             path_name(state->references[index].uri), weight);
    set_all(screen, state->references, state->reference_count);
}

void reference_remove(struct screen *screen, size_t index)
{
    const struct player_state *state = &screen->state;
    struct state_reference list[REFERENCES_MAX];
    size_t count = 0;

    if (!changeable(screen, index)) {
        return;
    }
    if (state->reference_count == 1) {
        reference_clear(screen);
        return;
    }
    for (size_t i = 0; i < state->reference_count; i++) {
        if (i != index) {
            list[count++] = state->references[i];
        }
    }
    snprintf(screen->reference_said, sizeof screen->reference_said, "%s is no reference any more",
             path_name(state->references[index].uri));
    set_all(screen, list, count);
}
