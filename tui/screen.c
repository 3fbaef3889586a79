/* screen.c - the whole screen: views, modes, messages, what was asked of the player. */
#include "tui/screen.h"

#include "tui/abx_panel.h"
#include "tui/scanning.h"
#include "tui/screen_internal.h"
#include "tui/views.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MESSAGE_MS = 5000, TICK_MS = 1000, TITLE_COLUMNS = 80, SSH_METERS_PER_S = 4 };

/* --- messages ------------------------------------------------------------------------------ */

static void log_add(struct screen *screen, enum role role, const char *text)
{
    size_t at = (screen->log_first + screen->log_count) % SCREEN_LOG_LINES;
    struct log_line *line;

    if (screen->log_count == SCREEN_LOG_LINES) {
        at = screen->log_first;
        screen->log_first = (screen->log_first + 1) % SCREEN_LOG_LINES;
    } else {
        screen->log_count++;
    }
    line = &screen->log[at];
    free(line->text);
    line->text = strdup(text);
    line->time_s = (int64_t)time(NULL);
    line->role = role;
}

void screen_say(struct screen *screen, enum role role, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(screen->message, sizeof screen->message, format, arguments);
    va_end(arguments);
    screen->message_role = role;
    screen->message_until_ms = screen->now_ms + MESSAGE_MS;
    if (role == ROLE_ERROR || role == ROLE_WARNING) {
        log_add(screen, role, screen->message);
    }
    screen_dirty(screen);
}

void screen_dirty(struct screen *screen)
{
    screen->dirty = true;
}

/* --- settings --- */

/* Over SSH meters come at most four times a second, unless somebody has said otherwise. */
void screen_use_options(struct screen *screen)
{
    const struct theme *theme = theme_named(options_text(screen->options, "theme"));

    if (theme != NULL && theme != screen->theme) {
        screen->theme = theme;
        screen->theme_changed = true;
    }
    screen->meters_per_s = (unsigned)options_integer(screen->options, "meters_per_second");
    if (getenv("SSH_CONNECTION") != NULL && screen->meters_per_s > SSH_METERS_PER_S &&
        !options_is_set(screen->options, "meters_per_second")) {
        screen->meters_per_s = SSH_METERS_PER_S;
    }
}

static void bind_keys(struct screen *screen)
{
    char message[SCREEN_MESSAGE_SIZE];
    const char *action, *keys;

    for (size_t i = 0; (action = options_binding(screen->options, i, &keys)) != NULL; i++) {
        if (keys_bind(screen->keys, action, keys, message, sizeof message) < 0) {
            screen_say(screen, ROLE_WARNING, "matchplayrc, [keys]: %s", message);
        }
    }
}

/* --- making -------------------------------------------------------------------------------- */

struct screen *screen_create(struct options *options, const char *address, const char *password)
{
    struct screen *screen = calloc(1, sizeof *screen);
    struct client_hooks hooks = {screen, screen_joined, screen_left, screen_changed};

    if (screen == NULL) {
        return NULL;
    }
    screen->options = options;
    screen->current = VIEW_LIBRARY;
    screen->followed_id = screen->repeat_before = -1;
    screen->theme = theme_at(0);
    player_state_init(&screen->state);
    line_edit_init(&screen->command);
    line_edit_init(&screen->search);
    line_edit_init(&screen->text);
    screen->keys = keys_create();
    screen->client = client_create(address, password, &hooks);
    if (screen->keys == NULL || screen->client == NULL) {
        screen_destroy(screen);
        errno = ENOMEM;
        return NULL;
    }
    screen_command_init(screen);
    screen_use_options(screen);
    screen->status_meters = options_boolean(options, "status_meters");
    bind_keys(screen);
    return screen;
}

void screen_destroy(struct screen *screen)
{
    if (screen == NULL) {
        return;
    }
    for (int i = 0; i < VIEWS; i++) {
        if (screen->views[i] != NULL) {
            screen->views[i]->class->destroy(screen->views[i]);
        }
    }
    client_destroy(screen->client);
    keys_destroy(screen->keys);
    player_state_finish(&screen->state);
    presets_finish(&screen->presets);
    line_edit_finish(&screen->command);
    line_edit_finish(&screen->search);
    line_edit_finish(&screen->text);
    for (size_t i = 0; i < SCREEN_LOG_LINES; i++) {
        free(screen->log[i].text);
    }
    free(screen);
}

/* --- views --------------------------------------------------------------------------------- */

struct view *screen_view(struct screen *screen, enum view_id id)
{
    if (screen->views[id] == NULL) {
        screen->views[id] = view_classes[id]->create(screen);
        if (screen->views[id] == NULL) {
            screen_say(screen, ROLE_ERROR, "out of memory");
            return NULL;
        }
        screen->views[id]->class = view_classes[id];
        screen->views[id]->screen = screen;
        if (view_classes[id]->changed != NULL) {
            view_classes[id]->changed(screen->views[id], CHANGED_ALL);
        }
    }
    return screen->views[id];
}

void screen_show(struct screen *screen, enum view_id id)
{
    struct view *before = screen->views[screen->current];
    struct view *view = screen_view(screen, id);

    if (view == NULL || id == screen->current) {
        return;
    }
    if (before != NULL && before->class->hidden != NULL) {
        before->class->hidden(before);
    }
    if (id == VIEW_HELP) {
        screen->before_help = screen->current;
    }
    screen->current = id;
    if (view->class->shown != NULL) {
        view->class->shown(view);
    }
    screen_dirty(screen);
}

const char *screen_filter(const struct screen *screen)
{
    return screen->filter[0] != '\0' ? screen->filter : "(file != \"\")";
}

const char *screen_filter_name(const struct screen *screen)
{
    return screen->filter[0] != '\0' ? screen->filter_name : "Library";
}

/* --- drawing ------------------------------------------------------------------------------- */

/* The sooner of two times; -1 is never. */
static int sooner(int one, int other)
{
    return one < 0 ? other : other < 0 || one < other ? one : other;
}

int screen_tick(struct screen *screen, uint64_t now_ms)
{
    struct view *view = screen->views[screen->current];
    int wait = -1;

    screen->now_ms = now_ms;
    if (screen->message[0] != '\0' && screen->message_until_ms != 0) {
        if (now_ms >= screen->message_until_ms) {
            screen->message[0] = '\0';
            screen_dirty(screen);
        } else {
            wait = (int)(screen->message_until_ms - now_ms);
        }
    }
    if (view != NULL && view->class->tick != NULL) {
        wait = sooner(wait, view->class->tick(view, now_ms));
    }
    wait = sooner(wait, screen_input_tick(screen));
    wait = sooner(wait, abx_panel_tick(screen));
    wait = sooner(wait, status_tick(screen));
    wait = sooner(wait, scanning_tick(screen));
    if (screen->state.playing == STATE_PLAYING && screen->state.joined) {
        double elapsed = player_state_elapsed(&screen->state, now_ms);
        int next = TICK_MS - (int)((uint64_t)(elapsed * 1000.0) % TICK_MS);

        wait = sooner(wait, next);
    }
    return wait;
}

/* "1library 2sorted ...", the view that shows in brackets; numbers alone where there is no room. */
static void draw_title(struct screen *screen, struct canvas *canvas, int columns)
{
    const struct area line = {0, 0, 1, columns};
    int at = 0;

    canvas_fill(canvas, &line, ROLE_STATUS);
    for (int i = 0; i < VIEW_HELP; i++) {
        bool here = (int)screen->current == i;
        bool name = here || columns >= TITLE_COLUMNS;

        at += canvas_printf(canvas, 0, at, columns - at, ROLE_STATUS_STRONG, "%s%d",
                            here ? "[" : "", (i + 1) % 10);
        at += canvas_printf(canvas, 0, at, columns - at, here ? ROLE_STATUS_STRONG : ROLE_STATUS,
                            "%s%s ", name ? view_classes[i]->name : "", here ? "]" : "");
    }
}

static void draw_foot(struct screen *screen, struct canvas *canvas, int row, int columns)
{
    switch (screen->mode) {
    case SCREEN_COMMAND:
        line_edit_draw(&screen->command, canvas, row, columns, ":");
        break;
    case SCREEN_SEARCH:
        line_edit_draw(&screen->search, canvas, row, columns,
                       screen->search_direction > 0 ? "/" : "?");
        break;
    case SCREEN_QUESTION:
        canvas_text(canvas, row, 0, columns, ROLE_WARNING, screen->question);
        break;
    case SCREEN_TEXT:
        line_edit_draw(&screen->text, canvas, row, columns, screen->question);
        break;
    case SCREEN_NORMAL:
    default:
        canvas_text(canvas, row, 0, columns, screen->message_role, screen->message);
        break;
    }
}

void screen_draw(struct screen *screen, struct canvas *canvas)
{
    struct area all = canvas_area(canvas);
    struct view *view = screen_view(screen, screen->current);
    int foot = status_rows(screen);
    struct area middle = {1, 0, all.rows - 2 - foot, all.columns};
    struct area status = {all.rows - 1 - foot, 0, foot, all.columns};

    canvas_clear(canvas);
    draw_title(screen, canvas, all.columns);
    if (screen->abx.open) {
        abx_panel_draw(screen, canvas, &middle);
    } else if (view != NULL && middle.rows > 0) {
        view->class->draw(view, canvas, &middle);
    }
    status_draw(screen, canvas, &status);
    draw_foot(screen, canvas, all.rows - 1, all.columns);
    screen->dirty = false;
}
