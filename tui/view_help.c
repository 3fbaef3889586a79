/* view_help.c - help: the keys as they are bound now, and the commands; made when it shows. */
#include "tui/list.h"
#include "tui/screen.h"
#include "tui/views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HELP_LINES_MAX = 256, HELP_LINE_SIZE = 200, KEY_COLUMNS = 18 };

struct help_line {
    enum role role;
    char key[48];
    char text[HELP_LINE_SIZE];
};

struct view_of_help {
    struct view view;
    struct list list;
    struct help_line lines[HELP_LINES_MAX];
    size_t count;
};

static void add(struct view_of_help *help, enum role role, const char *key, const char *text)
{
    struct help_line *line = &help->lines[help->count];

    if (help->count < HELP_LINES_MAX) {
        line->role = role;
        snprintf(line->key, sizeof line->key, "%s", key);
        snprintf(line->text, sizeof line->text, "%s", text);
        help->count++;
    }
}

static void fill(struct view_of_help *help)
{
    const char *group = "";
    char keys[48];
    const char *arguments, *text;

    help->count = 0;
    for (size_t i = 0; action_at(i) != NULL; i++) {
        const struct action_entry *entry = action_at(i);

        if (strcmp(group, entry->group) != 0) {
            group = entry->group;
            if (i > 0) {
                add(help, ROLE_TEXT, "", "");
            }
            add(help, ROLE_TITLE, group, "");
        }
        keys_of(help->view.screen->keys, entry->action, keys, sizeof keys);
        add(help, ROLE_KEY, keys, entry->help);
    }
    add(help, ROLE_TEXT, "", "");
    add(help, ROLE_TITLE, "Commands", "after :");
    for (size_t i = 0; screen_command_at(i, &arguments, &text) != NULL; i++) {
        char line[HELP_LINE_SIZE];

        snprintf(line, sizeof line, "%s%s%s", arguments, arguments[0] != '\0' ? "  " : "", text);
        add(help, ROLE_KEY, screen_command_at(i, &arguments, &text), line);
    }
    add(help, ROLE_TEXT, "",
        "anything else goes to the player as it is: a command of the protocol");
    list_set_count(&help->list, help->count);
}

static struct view *create(struct screen *screen)
{
    struct view_of_help *help = calloc(1, sizeof *help);

    (void)screen;
    if (help == NULL) {
        return NULL;
    }
    return &help->view;
}

static void destroy(struct view *view)
{
    free(view);
}

static void shown(struct view *view)
{
    fill((struct view_of_help *)view);
}

static void draw_row(void *context, struct canvas *canvas, const struct area *area, size_t index,
                     enum role role)
{
    const struct view_of_help *help = context;
    const struct help_line *line = &help->lines[index];
    int at = area->column + 1;

    if (line->role == ROLE_TITLE) {
        at += canvas_printf(canvas, area->row, at, area->columns - 1,
                            role == ROLE_TEXT ? ROLE_TITLE : role, "%s ", line->key);
        canvas_text(canvas, area->row, at, area->columns - at, role, line->text);
        return;
    }
    canvas_text(canvas, area->row, at, KEY_COLUMNS - 1, role == ROLE_TEXT ? ROLE_KEY : role,
                line->key);
    canvas_text(canvas, area->row, at + KEY_COLUMNS, area->columns - KEY_COLUMNS - 1, role,
                line->text);
}

static void draw(struct view *view, struct canvas *canvas, const struct area *area)
{
    struct view_of_help *help = (struct view_of_help *)view;

    list_draw(&help->list, canvas, area, true, draw_row, help);
}

static bool act(struct view *view, enum action action)
{
    struct view_of_help *help = (struct view_of_help *)view;

    if (action == ACTION_LEAVE || action == ACTION_BACK) {
        screen_show(view->screen, view->screen->before_help);
        return true;
    }
    return list_act(&help->list, action);
}

static bool point(struct view *view, const struct input *input)
{
    list_point(&((struct view_of_help *)view)->list, input, 0);
    return true;
}

static void write_row(const void *context, size_t index, char *text, size_t size)
{
    const struct view_of_help *help = context;

    snprintf(text, size, "%s %s", help->lines[index].key, help->lines[index].text);
}

static void search(struct view *view, const char *text, int direction, bool from_next)
{
    struct view_of_help *help = (struct view_of_help *)view;
    const struct row_search wanted = {text, direction, from_next};

    screen_find_row(view->screen, &help->list, &wanted, write_row, help);
}

const struct view_class view_help = {
    .name = "help",
    .create = create,
    .destroy = destroy,
    .shown = shown,
    .draw = draw,
    .act = act,
    .point = point,
    .search = search,
};
