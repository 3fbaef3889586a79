/* view_settings.c - view 7: every setting, what it is for, and what the player has it at. */
#include "tui/list.h"
#include "tui/screen.h"
#include "tui/views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_COLUMNS = 24, VALUE_SIZE = 512, HELP_ROWS = 4 };

/* A line of the list: a section's title, or a setting. */
struct setting_line {
    const struct option *option; /* the first of a section stands for its title, too */
    bool title;
};

struct view_of_settings {
    struct view view;
    struct list list;
    struct setting_line *lines;
    size_t count;
    char (*values)[VALUE_SIZE]; /* by the option's place in the table; "" not told yet */
    bool *set;
};

static void lay_out(struct view_of_settings *settings, const struct option *table, size_t count)
{
    const char *section = "";

    for (size_t i = 0; i < count; i++) {
        if (strcmp(section, table[i].section) != 0) {
            section = table[i].section;
            settings->lines[settings->count++] = (struct setting_line){&table[i], true};
        }
        settings->lines[settings->count++] = (struct setting_line){&table[i], false};
    }
    list_set_count(&settings->list, settings->count);
    list_select(&settings->list, 1);
}

static void destroy(struct view *view)
{
    struct view_of_settings *settings = (struct view_of_settings *)view;

    if (view->screen != NULL) {
        client_cancel(view->screen->client, settings);
    }
    free(settings->lines);
    free(settings->values);
    free(settings->set);
    free(settings);
}

static struct view *create(struct screen *screen)
{
    struct view_of_settings *settings = calloc(1, sizeof *settings);
    size_t count;
    const struct option *table = options_table(&count);

    if (settings == NULL) {
        return NULL;
    }
    settings->view.screen = screen;
    settings->lines = calloc(2 * count, sizeof *settings->lines);
    settings->values = calloc(count, sizeof *settings->values);
    settings->set = calloc(count, sizeof *settings->set);
    if (settings->lines == NULL || settings->values == NULL || settings->set == NULL) {
        destroy(&settings->view);
        return NULL;
    }
    lay_out(settings, table, count);
    return &settings->view;
}

static void told(void *context, const struct answer *answer)
{
    struct view_of_settings *settings = context;
    size_t count, at = 0;
    const struct option *table = options_table(&count);
    bool known = false;

    for (size_t i = 0; answer->ok && i < answer->count; i++) {
        const struct client_pair *pair = &answer->pairs[i];

        if (strcmp(pair->name, "setting") == 0) {
            const struct option *option = options_find(NULL, pair->value);

            known = option != NULL;
            at = known ? (size_t)(option - table) : 0;
        } else if (known && strcmp(pair->name, "value") == 0) {
            snprintf(settings->values[at], VALUE_SIZE, "%s", pair->value);
        } else if (known && strcmp(pair->name, "set") == 0) {
            settings->set[at] = strcmp(pair->value, "1") == 0;
        }
    }
    screen_dirty(settings->view.screen);
}

static void changed(struct view *view, unsigned what)
{
    if ((what & CHANGED_OPTIONS) != 0) {
        client_ask(view->screen->client, told, view, "match", "set", NULL);
    }
}

static const struct option *selected_option(const struct view_of_settings *settings)
{
    const struct setting_line *line = &settings->lines[settings->list.selected];

    return line->title ? NULL : line->option;
}

static size_t place_of(const struct option *option)
{
    size_t count;

    return (size_t)(option - options_table(&count));
}

static void draw_row(void *context, struct canvas *canvas, const struct area *area, size_t index,
                     enum role role)
{
    const struct view_of_settings *settings = context;
    const struct setting_line *line = &settings->lines[index];
    size_t at = place_of(line->option);

    if (line->title) {
        canvas_printf(canvas, area->row, area->column + 1, area->columns - 1,
                      role == ROLE_TEXT ? ROLE_TITLE : role, "[%s]", line->option->section);
        return;
    }
    canvas_text(canvas, area->row, area->column + 3, NAME_COLUMNS, role, line->option->name);
    canvas_printf(canvas, area->row, area->column + 4 + NAME_COLUMNS,
                  area->columns - NAME_COLUMNS - 4,
                  role == ROLE_TEXT ? (settings->set[at] ? ROLE_MARKED : ROLE_DIM) : role, "%s %s",
                  settings->values[at], line->option->unit);
}

static void draw_help(const struct view_of_settings *settings, struct canvas *canvas,
                      const struct area *area)
{
    const struct option *option = selected_option(settings);
    const char *text = option != NULL ? option->help : "";
    int row = area->row + 1;

    canvas_text(canvas, area->row, area->column, area->columns, ROLE_DIM,
                " enter changes a setting; those that differ from the default are marked");
    for (; *text != '\0' && row < area->row + area->rows; row++) {
        size_t length = strcspn(text, "\n");

        canvas_printf(canvas, row, area->column + 3, area->columns - 3, ROLE_TEXT, "%.*s",
                      (int)length, text);
        text += length + (text[length] == '\n' ? 1 : 0);
    }
    if (option != NULL && option->choices != NULL && row < area->row + area->rows) {
        int at = area->column + 3;

        for (size_t i = 0; option->choices[i] != NULL && at < area->columns; i++) {
            at += canvas_printf(canvas, row, at, area->columns - at, ROLE_DIM, "%s%s",
                                i > 0 ? ", " : "", option->choices[i]);
        }
    }
}

static void draw(struct view *view, struct canvas *canvas, const struct area *area)
{
    struct view_of_settings *settings = (struct view_of_settings *)view;
    int help = area->rows > 2 * HELP_ROWS ? HELP_ROWS : 1;
    struct area body = {area->row, area->column, area->rows - help, area->columns};
    struct area foot = {area->row + area->rows - help, area->column, help, area->columns};

    list_draw(&settings->list, canvas, &body, true, draw_row, settings);
    draw_help(settings, canvas, &foot);
}

static void typed(struct screen *screen, const char *text, void *context)
{
    const struct option *option = context;

    screen_set(screen, option->name, text);
}

static void change(struct view_of_settings *settings)
{
    const struct option *option = selected_option(settings);
    char question[VALUE_SIZE];
    const char *value;

    if (option == NULL) {
        return;
    }
    value = settings->values[place_of(option)];
    if (option->type == OPTION_BOOLEAN) {
        screen_set(settings->view.screen, option->name, option_truth(value) == 1 ? "no" : "yes");
    } else if (option->type == OPTION_CHOICE) {
        int index = option_choice_index(option, value) + 1;

        screen_set(settings->view.screen, option->name,
                   option->choices[option->choices[index] != NULL ? index : 0]);
    } else {
        snprintf(question, sizeof question, "%s = ", option->name);
        screen_ask_text(settings->view.screen, question, value, typed, (void *)(uintptr_t)option);
    }
}

static bool act(struct view *view, enum action action)
{
    struct view_of_settings *settings = (struct view_of_settings *)view;

    if (list_act(&settings->list, action)) {
        return true;
    }
    if (action == ACTION_ACTIVATE || action == ACTION_TOGGLE) {
        change(settings);
        return true;
    }
    return false;
}

static bool point(struct view *view, const struct input *input)
{
    struct view_of_settings *settings = (struct view_of_settings *)view;

    if (list_point(&settings->list, input, 0)) {
        change(settings);
    }
    return true;
}

/* By name; titles are passed over. */
static void write_row(const void *context, size_t index, char *text, size_t size)
{
    const struct view_of_settings *settings = context;
    const struct setting_line *line = &settings->lines[index];

    snprintf(text, size, "%s", line->title ? "" : line->option->name);
}

static void search(struct view *view, const char *text, int direction, bool from_next)
{
    struct view_of_settings *settings = (struct view_of_settings *)view;
    const struct row_search wanted = {text, direction, from_next};

    screen_find_row(view->screen, &settings->list, &wanted, write_row, settings);
}

const struct view_class view_settings = {
    .name = "settings",
    .create = create,
    .destroy = destroy,
    .changed = changed,
    .draw = draw,
    .act = act,
    .point = point,
    .search = search,
};
