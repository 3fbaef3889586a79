/* screen_player.c - what the screen asks of the player, and what it does with the answers. */
#include "tui/abx_panel.h"
#include "tui/first_run.h"
#include "tui/screen.h"
#include "tui/screen_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { PATHS_MAX = 20, WORDS_MAX = 16 };

/* True for what was on its way when the player went: screen_left tells that once for all. */
static bool is_lost(const struct screen *screen)
{
    return screen->state.joined && !client_is_joined(screen->client);
}

void screen_answer_errors(void *context, const struct answer *answer)
{
    struct screen *screen = context;

    if (!answer->ok && !is_lost(screen)) {
        screen_say(screen, ROLE_ERROR, "%s", answer->error);
    }
}

bool screen_answer_came(struct screen *screen, const struct answer *answer)
{
    if (!screen->state.joined || !client_is_joined(screen->client)) {
        return false;
    }
    screen_answer_errors(screen, answer);
    return true;
}

static void done(void *context, const struct answer *answer)
{
    struct screen *screen = context;

    if (answer->ok) {
        screen_say(screen, ROLE_TEXT, "%s", screen->done_said);
    } else {
        screen_answer_errors(screen, answer);
    }
}

static void send_words(struct screen *screen, client_answer answered, const char *command,
                       va_list arguments)
{
    const char *words[WORDS_MAX];
    size_t count = 0;

    for (const char *word = command; word != NULL && count < WORDS_MAX;
         word = va_arg(arguments, const char *)) {
        words[count++] = word;
    }
    if (client_ask_words(screen->client, answered, screen, words, count) < 0) {
        screen_say(screen, ROLE_ERROR, "out of memory");
    }
}

void screen_send(struct screen *screen, const char *command, ...)
{
    va_list arguments;

    va_start(arguments, command);
    send_words(screen, screen_answer_errors, command, arguments);
    va_end(arguments);
}

void screen_send_told(struct screen *screen, const char *said, const char *command, ...)
{
    va_list arguments;

    snprintf(screen->done_said, sizeof screen->done_said, "%s", said);
    va_start(arguments, command);
    send_words(screen, done, command, arguments);
    va_end(arguments);
}

void screen_will_tell(struct screen *screen, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(screen->done_said, sizeof screen->done_said, format, arguments);
    va_end(arguments);
}

static void status_told(void *context, const struct answer *answer)
{
    struct screen *screen = context;

    char before[STATE_TEXT];

    memcpy(before, screen->state.error, sizeof before);
    player_state_take_status(&screen->state, answer);
    if (screen->state.error[0] != '\0' && strcmp(before, screen->state.error) != 0) {
        screen_say(screen, ROLE_ERROR, "%s", screen->state.error);
    }
    screen_dirty(screen);
}

/* At another track, not at each draw: meanwhile the selection is the user's. */
static void follow(struct screen *screen)
{
    static const enum view_id views[] = {VIEW_LIBRARY, VIEW_SORTED, VIEW_QUEUE};
    bool other = screen->state.id != screen->followed_id;

    screen->followed_id = screen->state.id;
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
        struct view *view = screen->views[views[i]];

        if (other && screen->follow && screen->state.id >= 0 && view != NULL) {
            view->class->follow(view);
        }
    }
}

static void song_told(void *context, const struct answer *answer)
{
    struct screen *screen = context;

    player_state_take_song(&screen->state, answer);
    if (answer->ok) { /* status, asked before it, has told its place */
        follow(screen);
    }
    screen_dirty(screen);
}

static void match_told(void *context, const struct answer *answer)
{
    struct screen *screen = context;

    player_state_take_match(&screen->state, answer);
    screen_dirty(screen);
}

static void ask_state(struct screen *screen, unsigned what)
{
    if ((what & (CHANGED_PLAYER | CHANGED_MIXER | CHANGED_OPTIONS | CHANGED_PLAYLIST |
                 CHANGED_UPDATE)) != 0) {
        client_ask(screen->client, status_told, screen, "status", NULL);
    }
    if ((what & (CHANGED_PLAYER | CHANGED_PLAYLIST | CHANGED_DATABASE)) != 0) {
        client_ask(screen->client, song_told, screen, "currentsong", NULL);
    }
    if ((what & (CHANGED_PLAYER | CHANGED_MATCH | CHANGED_OUTPUT | CHANGED_PLAYLIST)) != 0) {
        client_ask(screen->client, match_told, screen, "match", "status", NULL);
    }
}

void screen_changed(void *context, unsigned what)
{
    struct screen *screen = context;

    if ((what & CHANGED_MATCH) != 0) {
        abx_panel_changed(screen);
    }

    ask_state(screen, what);
    for (int i = 0; i < VIEWS; i++) {
        if (screen->views[i] != NULL && screen->views[i]->class->changed != NULL) {
            screen->views[i]->class->changed(screen->views[i], what);
        }
    }
    screen_dirty(screen);
}

/* `matchplay PATH...`: queued, and played if nothing plays. */
static void paths_queued(void *context, const struct answer *answer)
{
    struct screen *screen = context;
    const char *position = answer_get(answer, 0, "position");
    const char *warning = answer_get(answer, 0, "warning");

    screen_answer_errors(screen, answer);
    if (answer->ok && warning != NULL) {
        screen_say(screen, ROLE_WARNING, "%s", warning);
    }
    if (answer->ok && position != NULL && screen->state.playing == STATE_STOPPED) {
        screen_send(screen, "play", position, NULL);
    }
}

static void queue_paths(struct screen *screen)
{
    const char *words[PATHS_MAX + 2] = {"match", "add"};
    size_t count = 2;

    while (screen->paths != NULL && *screen->paths != NULL && count < PATHS_MAX + 2) {
        words[count++] = *screen->paths++;
    }
    screen->paths = NULL;
    if (count > 2) {
        client_ask_words(screen->client, paths_queued, screen, words, count);
    }
}

void screen_joined(void *context)
{
    struct screen *screen = context;

    screen->state.joined = true;
    screen->message[0] = '\0';
    screen_changed(screen, CHANGED_ALL);
    queue_paths(screen);
    if (!screen->joined_before) {
        screen->joined_before = true;
        first_run(screen);
    }
}

void screen_left(void *context, const char *why)
{
    struct screen *screen = context;

    screen->state.joined = false;
    if (!screen->joined_before && client_is_local(screen->client)) {
        screen_say(screen, ROLE_TEXT, "starting the player");
        return;
    }
    if (client_is_joined(screen->client)) {
        screen_say(screen, ROLE_ERROR, "%s", why);
    } else {
        screen_say(screen, ROLE_ERROR, "the player is gone (%s); trying again", why);
    }
    screen->message_until_ms = 0;
}
