/* view_help.c - help: the keys as they are bound now, and the commands; made as it is drawn. */
#include "tui/abx_panel.h"
#include "tui/list.h"
#include "tui/screen.h"
#include "tui/text.h"
#include "tui/views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LINES_MAX = 512,
    LINE_SIZE = 256,
    KEY_COLUMNS = 13,
    NAME_COLUMNS = 19,
    NARROW = 60, /* below it names stand before the text, not in a column of their own */
    TEXT_LEAST = 8,
};

struct help_line {
    enum role role; /* ROLE_KEY: in columns; the text of others is as wide as the screen */
    char key[48], name[48], text[LINE_SIZE];
};

struct view_of_help {
    struct view view;
    struct list list;
    struct help_line lines[LINES_MAX];
    size_t count;
    int columns; /* that it was laid out for */
};

static struct help_line *next_line(struct view_of_help *help, enum role role)
{
    struct help_line *line = &help->lines[help->count < LINES_MAX ? help->count++ : LINES_MAX - 1];

    memset(line, 0, sizeof *line);
    line->role = role;
    return line;
}

/* What fits into so many columns, up to a blank where there is one; *text moves on behind it. */
static void take_piece(const char **text, int columns, char *piece, size_t size)
{
    const char *at = *text;
    size_t length = text_fitting(at, columns > TEXT_LEAST ? columns : TEXT_LEAST);
    size_t blank = length;

    while (at[length] != '\0' && blank > 0 && at[blank] != ' ') {
        blank--;
    }
    length = blank > 0 ? blank : length;
    snprintf(piece, size, "%.*s", (int)length, at);
    *text = at + length + strspn(at + length, " ");
}

static void add_text(struct view_of_help *help, enum role role, const char *text)
{
    do {
        struct help_line *line = next_line(help, role);

        take_piece(&text, help->columns - 1, line->text, sizeof line->text);
    } while (*text != '\0');
}

/* In as many lines as its keys and its text need. */
static void add_keys(struct view_of_help *help, const char *keys, const char *name,
                     const char *text)
{
    int columns = help->columns - 1 - KEY_COLUMNS - NAME_COLUMNS;
    char joined[LINE_SIZE];

    if (help->columns < NARROW) {
        snprintf(joined, sizeof joined, "%s%s%s", name, name[0] != '\0' ? "  " : "", text);
        text = joined;
        name = "";
        columns += NAME_COLUMNS;
    }
    do {
        struct help_line *line = next_line(help, ROLE_KEY);

        take_piece(&keys, KEY_COLUMNS - 1, line->key, sizeof line->key);
        take_piece(&name, NAME_COLUMNS - 1, line->name, sizeof line->name);
        take_piece(&text, columns, line->text, sizeof line->text);
    } while (*keys != '\0' || *name != '\0' || *text != '\0');
}

static void add_title(struct view_of_help *help, const char *title)
{
    if (help->lines[help->count - 1].role == ROLE_KEY) {
        add_text(help, ROLE_TEXT, "");
    }
    add_text(help, ROLE_TITLE, title);
}

static void add_actions(struct view_of_help *help)
{
    const struct action_entry *entry;
    const char *group = "";
    char keys[LINE_SIZE];

    for (size_t i = 0; (entry = action_at(i)) != NULL; i++) {
        if (strcmp(group, entry->group) != 0) {
            group = entry->group;
            add_title(help, group);
        }
        keys_of(help->view.screen->keys, entry->action, keys, sizeof keys);
        add_keys(help, keys, entry->name, entry->help);
    }
}

static void add_blind_test(struct view_of_help *help)
{
    static const enum action shared[] = {ACTION_PAUSE, ACTION_TOGGLE, ACTION_SEEK_BACK,
                                         ACTION_SEEK_ON};
    const char *keys, *text;
    char bound[LINE_SIZE];

    add_title(help, "While a blind test runs");
    for (size_t i = 0; (keys = abx_panel_keys_at(i, &text)) != NULL; i++) {
        add_keys(help, keys, "", text);
    }
    for (size_t i = 0; i < sizeof shared / sizeof shared[0]; i++) {
        keys_of(help->view.screen->keys, shared[i], bound, sizeof bound);
        add_keys(help, bound, action_entry(shared[i])->name,
                 shared[i] == ACTION_TOGGLE ? "pause, too" : "as elsewhere");
    }
}

static void fill(struct view_of_help *help, int columns)
{
    const char *name, *arguments, *text;

    help->columns = columns;
    help->count = 0;
    add_text(help, ROLE_DIM,
             ":bind ACTION KEYS, or ACTION = KEYS in [keys] of matchplayrc, binds others");
    add_actions(help);
    add_blind_test(help);
    add_title(help, "Commands, after :");
    for (size_t i = 0; (name = screen_command_at(i, &arguments, &text)) != NULL; i++) {
        add_keys(help, name, arguments, text);
    }
    add_text(help, ROLE_TEXT,
             "Anything else goes to the player as it is: a command of the protocol.");
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

static void draw_row(void *context, struct canvas *canvas, const struct area *area, size_t index,
                     enum role role)
{
    const struct view_of_help *help = context;
    const struct help_line *line = &help->lines[index];
    bool plain = role == ROLE_TEXT; /* not the selected row, which has one colour */
    int at = area->column + 1, end = area->column + area->columns;

    if (line->role != ROLE_KEY) {
        canvas_text(canvas, area->row, at, end - at, plain ? line->role : role, line->text);
        return;
    }
    canvas_text(canvas, area->row, at, KEY_COLUMNS - 1, plain ? ROLE_KEY : role, line->key);
    at += KEY_COLUMNS;
    if (help->columns >= NARROW) {
        canvas_text(canvas, area->row, at, NAME_COLUMNS - 1, plain ? ROLE_DIM : role, line->name);
        at += NAME_COLUMNS;
    }
    canvas_text(canvas, area->row, at, end - at, role, line->text);
}

static void draw(struct view *view, struct canvas *canvas, const struct area *area)
{
    struct view_of_help *help = (struct view_of_help *)view;

    fill(help, area->columns); /* each time: :bind may have changed the keys */
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

    snprintf(text, size, "%s %s %s", help->lines[index].key, help->lines[index].name,
             help->lines[index].text);
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
    .draw = draw,
    .act = act,
    .point = point,
    .search = search,
};
