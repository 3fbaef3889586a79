/* screen_input.c - keys and mouse: the modes of the last line, and what goes to the view. */
#include "tui/abx_panel.h"
#include "tui/screen.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { HOLD_MS = 1000 };

/* --- questions ----------------------------------------------------------------------------- */

void screen_question(struct screen *screen, const char *answers,
                     void (*answered)(struct screen *screen, int key, void *context), void *context,
                     const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(screen->question, sizeof screen->question, format, arguments);
    va_end(arguments);
    snprintf(screen->answers, sizeof screen->answers, "%s", answers);
    screen->answered = answered;
    screen->question_context = context;
    screen->mode = SCREEN_QUESTION;
    screen_dirty(screen);
}

void screen_ask_text(struct screen *screen, const char *question, const char *first,
                     void (*done)(struct screen *screen, const char *text, void *context),
                     void *context)
{
    snprintf(screen->question, sizeof screen->question, "%s", question);
    line_edit_set(&screen->text, first);
    screen->text.complete = NULL;
    screen->text.context = screen;
    screen->text_done = done;
    screen->question_context = context;
    screen->mode = SCREEN_TEXT;
    screen_dirty(screen);
}

static void question_key(struct screen *screen, int key)
{
    screen->mode = SCREEN_NORMAL;
    if (key > 0 && key < 128 && strchr(screen->answers, key) != NULL) {
        screen->answered(screen, key, screen->question_context);
    } else {
        screen_say(screen, ROLE_TEXT, "left as it was");
    }
}

static void text_key(struct screen *screen, int key)
{
    switch (line_edit_key(&screen->text, key)) {
    case LINE_EDIT_DONE:
        screen->mode = SCREEN_NORMAL;
        line_edit_remember(&screen->text);
        screen->text_done(screen, screen->text.text, screen->question_context);
        break;
    case LINE_EDIT_LEFT:
        screen->mode = SCREEN_NORMAL;
        break;
    case LINE_EDIT_GOES_ON:
    default:
        break;
    }
}

/* --- input --------------------------------------------------------------------------------- */

/* The view in front, if it has anything to search; else that is said. */
static struct view *searched_view(struct screen *screen)
{
    struct view *view = screen_view(screen, screen->current);

    if (view != NULL && view->class->search != NULL) {
        return view;
    }
    screen_say(screen, ROLE_TEXT, "there is nothing to search in this view");
    return NULL;
}

static void find(struct screen *screen, const char *text, int direction, bool from_next)
{
    struct view *view = searched_view(screen);

    if (view != NULL && text[0] != '\0') {
        view->class->search(view, text, direction, from_next);
    }
}

static void search_key(struct screen *screen, int key)
{
    switch (line_edit_key(&screen->search, key)) {
    case LINE_EDIT_DONE:
        screen->mode = SCREEN_NORMAL;
        if (screen->search.text[0] == '\0') { /* the last one once more, as in cmus */
            screen_search_again(screen, 1);
            break;
        }
        line_edit_remember(&screen->search);
        snprintf(screen->searched, sizeof screen->searched, "%s", screen->search.text);
        break;
    case LINE_EDIT_LEFT:
        screen->mode = SCREEN_NORMAL;
        break;
    case LINE_EDIT_GOES_ON:
    default:
        find(screen, screen->search.text, screen->search_direction, false);
        break;
    }
}

static void command_key(struct screen *screen, int key)
{
    switch (line_edit_key(&screen->command, key)) {
    case LINE_EDIT_DONE:
        screen->mode = SCREEN_NORMAL;
        line_edit_remember(&screen->command);
        screen_command(screen, screen->command.text);
        break;
    case LINE_EDIT_LEFT:
        screen->mode = SCREEN_NORMAL;
        break;
    case LINE_EDIT_GOES_ON:
    default:
        break;
    }
}

void screen_search(struct screen *screen, int direction)
{
    if (searched_view(screen) != NULL) {
        screen->mode = SCREEN_SEARCH;
        screen->search_direction = direction;
        line_edit_set(&screen->search, "");
    }
}

void screen_search_again(struct screen *screen, int direction)
{
    if (screen->searched[0] == '\0') {
        screen_say(screen, ROLE_TEXT, "nothing has been searched for yet");
        return;
    }
    find(screen, screen->searched, direction * screen->search_direction, true);
}

static void normal_key(struct screen *screen, int key)
{
    enum action action = keys_action(screen->keys, key);

    if (screen->abx.open) {
        abx_panel_key(screen, key);
        return;
    }

    if (screen->message_until_ms != 0) {
        screen->message[0] = '\0';
    }
    if (action == ACTION_NONE) {
        char name[32];

        key_write(key, name, sizeof name);
        screen_say(screen, ROLE_TEXT, "%s does nothing; F1 shows the keys", name);
        return;
    }
    screen_act(screen, action);
}

static void point(struct screen *screen, const struct input *input)
{
    struct view *view = screen_view(screen, screen->current);

    if (view != NULL && view->class->point != NULL && screen->mode == SCREEN_NORMAL) {
        struct input within = *input;

        within.row -= 1; /* the title line */
        view->class->point(view, &within);
    }
}

static void take(struct screen *screen, const struct input *input)
{
    screen_dirty(screen);
    if (input->kind == INPUT_CLICK || input->kind == INPUT_WHEEL) {
        point(screen, input);
        return;
    }
    if (input->kind != INPUT_KEY) {
        return;
    }
    switch (screen->mode) {
    case SCREEN_COMMAND:
        command_key(screen, input->key);
        break;
    case SCREEN_SEARCH:
        search_key(screen, input->key);
        break;
    case SCREEN_QUESTION:
        question_key(screen, input->key);
        break;
    case SCREEN_TEXT:
        text_key(screen, input->key);
        break;
    case SCREEN_NORMAL:
    default:
        normal_key(screen, input->key);
        break;
    }
}

/* --- keys that wait ------------------------------------------------------------------------ */

void screen_ask_place(struct screen *screen, client_answer done, void *context,
                      const char *const words[], size_t count)
{
    screen->place_told = done;
    screen->place_context = context;
    client_ask_words(screen->client, done, context, words, count);
}

static bool waits(const struct screen *screen)
{
    return screen->mode == SCREEN_NORMAL &&
           client_awaits(screen->client, screen->place_told, screen->place_context);
}

static void hold(struct screen *screen, const struct input *input)
{
    if (screen->held_count == 0) {
        screen->held_until_ms = screen->now_ms + HOLD_MS;
    }
    if (screen->held_count < SCREEN_HELD_MAX) { /* nobody types as much within HOLD_MS */
        screen->held[screen->held_count++] = *input;
    }
}

void screen_input(struct screen *screen, const struct input *input)
{
    if (screen->held_count > 0 || waits(screen)) {
        hold(screen, input);
    } else {
        take(screen, input);
    }
}

int screen_input_tick(struct screen *screen)
{
    bool late = screen->now_ms >= screen->held_until_ms; /* a player that does not answer */
    size_t taken = 0;

    while (taken < screen->held_count && (late || !waits(screen))) {
        const struct input input = screen->held[taken++];

        take(screen, &input);
    }
    screen->held_count -= taken;
    memmove(screen->held, screen->held + taken, screen->held_count * sizeof screen->held[0]);
    if (taken > 0) {
        screen->held_until_ms = screen->now_ms + HOLD_MS;
    }
    return screen->held_count > 0 ? (int)(screen->held_until_ms - screen->now_ms) : -1;
}
