/* chain_panel.c - the chain in view 8, seen and changed. */
#include "tui/chain_panel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = 40, NAME_COLUMNS = 20, FOOT_ROWS = 3 };

void chain_panel_init(struct chain_panel *panel, struct screen *screen)
{
    memset(panel, 0, sizeof *panel);
    panel->screen = screen;
}

void chain_panel_finish(struct chain_panel *panel)
{
    client_cancel(panel->screen->client, panel);
}

/* --- what the player tells ----------------------------------------------------------------- */

static void copy(char *to, size_t size, const char *text)
{
    snprintf(to, size, "%s", text);
}

static struct chain_line *add_line(struct chain_panel *panel, enum chain_line_kind kind,
                                   const char *module)
{
    struct chain_line *line = &panel->lines[panel->count];

    if (panel->count == CHAIN_PANEL_LINES_MAX) {
        return NULL;
    }
    memset(line, 0, sizeof *line);
    line->kind = kind;
    copy(line->module, sizeof line->module, module);
    panel->count++;
    return line;
}

/* One pair of what belongs to the line before. */
static void fill_line(struct chain_line *line, const struct client_pair *pair)
{
    if (strcmp(pair->name, "title") == 0) {
        copy(line->name, sizeof line->name, pair->value);
    } else if (strcmp(pair->name, "bypassed") == 0) {
        line->bypassed = pair->value[0] == '1';
    } else if (strcmp(pair->name, "value") == 0) {
        copy(line->value, sizeof line->value, pair->value);
    } else if (strcmp(pair->name, "unit") == 0) {
        copy(line->unit, sizeof line->unit, pair->value);
    } else if (strcmp(pair->name, "minimum") == 0) {
        line->minimum = strtod(pair->value, NULL);
    } else if (strcmp(pair->name, "maximum") == 0) {
        line->maximum = strtod(pair->value, NULL);
    } else if (strcmp(pair->name, "help") == 0) {
        copy(line->help, sizeof line->help, pair->value);
    }
}

/* The selection goes with the module that was moved, until it is moved itself. */
static void select_moved(struct chain_panel *panel)
{
    for (size_t i = 0; i < panel->count && panel->moved[0] != '\0'; i++) {
        if (panel->lines[i].kind == CHAIN_MODULE &&
            strcmp(panel->lines[i].module, panel->moved) == 0) {
            list_select(&panel->list, i);
        }
    }
}

static void told(void *context, const struct answer *answer)
{
    struct chain_panel *panel = context;
    struct chain_line *line = NULL;
    const char *module = "";
    bool bypassed = false;

    if (!answer->ok) {
        return;
    }
    panel->count = 0;
    for (size_t i = 0; i < answer->count; i++) {
        const struct client_pair *pair = &answer->pairs[i];

        if (strcmp(pair->name, "module") == 0) {
            module = pair->value;
            line = add_line(panel, CHAIN_MODULE, module);
        } else if (strcmp(pair->name, "parameter") == 0) {
            bypassed = line != NULL ? line->bypassed : bypassed;
            line = add_line(panel, CHAIN_PARAMETER, module);
            if (line != NULL) {
                copy(line->name, sizeof line->name, pair->value);
                line->bypassed = bypassed;
            }
        } else if (strcmp(pair->name, "available") == 0) {
            line = add_line(panel, CHAIN_AVAILABLE, pair->value);
        } else if (strcmp(pair->name, "edited") == 0) {
            panel->edited = pair->value[0] == '1';
        } else if (line != NULL) {
            fill_line(line, pair);
        }
    }
    list_set_count(&panel->list, panel->count);
    select_moved(panel);
    screen_dirty(panel->screen);
}

void chain_panel_ask(struct chain_panel *panel)
{
    client_ask(panel->screen->client, told, panel, "match", "chain", NULL);
}

/* --- drawing ------------------------------------------------------------------------------- */

static bool has_names(const struct chain_line *line)
{
    return strchr(line->unit, '|') != NULL;
}

static void draw_row(void *context, struct canvas *canvas, const struct area *area, size_t index,
                     enum role role)
{
    const struct chain_panel *panel = context;
    const struct chain_line *line = &panel->lines[index];
    enum role quiet = role == ROLE_TEXT ? ROLE_DIM : role;
    enum role text = line->bypassed ? quiet : role;

    switch (line->kind) {
    case CHAIN_MODULE:
        canvas_printf(canvas, area->row, area->column + 1, area->columns - 1,
                      text == ROLE_TEXT ? ROLE_TITLE : text, "%s%s", line->name,
                      line->bypassed ? " (bypassed)" : "");
        break;
    case CHAIN_PARAMETER:
        canvas_text(canvas, area->row, area->column + 3, NAME_COLUMNS, text, line->name);
        canvas_printf(canvas, area->row, area->column + 4 + NAME_COLUMNS,
                      area->columns - NAME_COLUMNS - 4, text, "%s %s", line->value,
                      has_names(line) ? "" : line->unit);
        break;
    default:
        canvas_printf(canvas, area->row, area->column + 1, area->columns - 1, quiet, "add %s",
                      line->module);
        break;
    }
}

static const struct chain_line *selected(const struct chain_panel *panel)
{
    return panel->count > 0 ? &panel->lines[panel->list.selected] : NULL;
}

/* What is selected is for, and what can be done; as long as two short lines. */
static const char *hint_of(const struct chain_line *line)
{
    switch (line->kind) {
    case CHAIN_MODULE:
        return "enter bypasses it, or not; p P move it; D takes it out";
    case CHAIN_PARAMETER:
        return line->help;
    default:
        return "enter puts it into the chain";
    }
}

/* Over two rows, broken at a space. */
static void draw_words(struct canvas *canvas, const struct area *area, enum role role,
                       const char *text)
{
    size_t most = area->columns > 0 ? (size_t)area->columns : 0, length = strlen(text);

    if (length > most) {
        for (length = most; length > 0 && text[length] != ' '; length--) {
        }
        canvas_text(canvas, area->row + 1, area->column, area->columns, role, text + length + 1);
    }
    canvas_printf(canvas, area->row, area->column, area->columns, role, "%.*s", (int)length, text);
}

static void draw_foot(const struct chain_panel *panel, struct canvas *canvas,
                      const struct area *area)
{
    const struct chain_line *line = selected(panel);
    struct area words = {area->row, area->column + 1, 2, area->columns - 1};

    if (line == NULL) {
        return;
    }
    draw_words(canvas, &words, line->kind == CHAIN_PARAMETER ? ROLE_TEXT : ROLE_DIM, hint_of(line));
    canvas_text(canvas, area->row + 2, words.column, words.columns, ROLE_DIM,
                panel->edited ? "edited: S saves, X takes it back" : "as the preset says");
}

void chain_panel_draw(struct chain_panel *panel, struct canvas *canvas, const struct area *area)
{
    int foot_rows = area->rows > 3 * FOOT_ROWS ? FOOT_ROWS : 0;
    struct area body = {area->row, area->column, area->rows - foot_rows, area->columns};
    struct area foot = {area->row + body.rows, area->column, foot_rows, area->columns};

    list_draw(&panel->list, canvas, &body, true, draw_row, panel);
    if (foot_rows > 0) {
        draw_foot(panel, canvas, &foot);
    }
}

/* --- keys ---------------------------------------------------------------------------------- */

static void set(struct chain_panel *panel, const struct chain_line *line, const char *value)
{
    screen_send(panel->screen, "match", "chain", "set", line->module, line->name, value, NULL);
}

/* The name that stands `by` places after the value's, round the ends. */
static void set_next_name(struct chain_panel *panel, const struct chain_line *line, int by)
{
    char names[sizeof line->unit], *name[16], *rest = names, *word;
    int count = 0, at = 0;

    copy(names, sizeof names, line->unit);
    while ((word = strsep(&rest, "|")) != NULL && count < 16) {
        at = strcmp(word, line->value) == 0 ? count : at;
        name[count++] = word;
    }
    set(panel, line, name[(at + by + count) % count]);
}

static void change(struct chain_panel *panel, int by)
{
    const struct chain_line *line = selected(panel);
    double step, value;
    char text[32];

    if (line == NULL || line->kind != CHAIN_PARAMETER) {
        screen_say(panel->screen, ROLE_TEXT, "select a parameter first");
        return;
    }
    if (has_names(line)) {
        set_next_name(panel, line, by);
        return;
    }
    step = (line->maximum - line->minimum) / STEPS;
    value = strtod(line->value, NULL) + by * step;
    value = value < line->minimum ? line->minimum : value > line->maximum ? line->maximum : value;
    snprintf(text, sizeof text, "%.4g", value);
    set(panel, line, text);
}

static void typed(struct screen *screen, const char *text, void *context)
{
    struct chain_panel *panel = context;
    char *name = strchr(panel->parameter, ' ');

    if (name != NULL) {
        *name = '\0';
        screen_send(screen, "match", "chain", "set", panel->parameter, name + 1, text, NULL);
    }
}

static void activate(struct chain_panel *panel)
{
    const struct chain_line *line = selected(panel);
    char question[256];

    if (line == NULL) {
        return;
    }
    if (line->kind == CHAIN_MODULE) {
        screen_send(panel->screen, "match", "chain", "bypass", line->module, NULL);
    } else if (line->kind == CHAIN_AVAILABLE) {
        screen_send(panel->screen, "match", "chain", "add", line->module, NULL);
    } else if (has_names(line)) {
        set_next_name(panel, line, 1);
    } else {
        snprintf(panel->parameter, sizeof panel->parameter, "%s %s", line->module, line->name);
        snprintf(question, sizeof question, "%s (%g to %g %s) = ", line->name, line->minimum,
                 line->maximum, line->unit);
        screen_ask_text(panel->screen, question, line->value, typed, panel);
    }
}

static void take_out(struct chain_panel *panel)
{
    const struct chain_line *line = selected(panel);

    if (line != NULL && line->kind == CHAIN_MODULE) {
        screen_send(panel->screen, "match", "chain", "remove", line->module, NULL);
    } else {
        screen_say(panel->screen, ROLE_TEXT, "select a module to take it out");
    }
}

/* One place on, or back. */
static void move(struct chain_panel *panel, int by)
{
    const struct chain_line *line = selected(panel);
    int place = 0, places = 0;
    char text[16];

    if (line == NULL || line->kind != CHAIN_MODULE) {
        screen_say(panel->screen, ROLE_TEXT, "select a module to move it");
        return;
    }
    for (size_t i = 0; i < panel->count; i++) {
        place = &panel->lines[i] == line ? places : place;
        places += panel->lines[i].kind == CHAIN_MODULE;
    }
    if (place + by < 0 || place + by >= places) {
        screen_say(panel->screen, ROLE_TEXT, "it is the %s already", by > 0 ? "last" : "first");
        return;
    }
    snprintf(text, sizeof text, "%d", place + by);
    copy(panel->moved, sizeof panel->moved, line->module);
    screen_send(panel->screen, "match", "chain", "move", line->module, text, NULL);
}

bool chain_panel_act(struct chain_panel *panel, enum action action)
{
    if (list_act(&panel->list, action)) {
        panel->moved[0] = '\0';
        return true;
    }
    switch (action) {
    case ACTION_AMOUNT_LESS:
    case ACTION_AMOUNT_MORE:
        change(panel, action == ACTION_AMOUNT_MORE ? 1 : -1);
        return true;
    case ACTION_REMOVE:
        take_out(panel);
        return true;
    case ACTION_MOVE_AFTER:
    case ACTION_MOVE_BEFORE:
        move(panel, action == ACTION_MOVE_AFTER ? 1 : -1);
        return true;
    case ACTION_CLEAR_REFERENCE:
        screen_send(panel->screen, "match", "chain", "reset", NULL);
        return true;
    case ACTION_ACTIVATE:
    case ACTION_TOGGLE:
        activate(panel);
        return true;
    default:
        return false;
    }
}

void chain_panel_point(struct chain_panel *panel, const struct input *input, int top)
{
    panel->moved[0] = '\0';
    if (list_point(&panel->list, input, top)) {
        activate(panel);
    }
}
