/* view_filters.c - view 6: saved filters; the one chosen holds for views 1 and 2. */
#include "tui/filters.h"
#include "tui/list.h"
#include "tui/screen.h"
#include "tui/views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_COLUMNS = 22 };

struct view_of_filters {
    struct view view;
    struct filters filters;
    struct list list;
};

static struct view *create(struct screen *screen)
{
    struct view_of_filters *filters = calloc(1, sizeof *filters);
    int result;

    if (filters == NULL) {
        return NULL;
    }
    result = filters_load(&filters->filters);
    if (result < 0) {
        screen_say(screen, ROLE_ERROR, "the filters file cannot be read: %s", strerror(-result));
    }
    return &filters->view;
}

static void destroy(struct view *view)
{
    filters_finish(&((struct view_of_filters *)view)->filters);
    free(view);
}

static const struct filter_entry *selected_entry(const struct view_of_filters *filters)
{
    return filters->list.selected < filters->filters.count
               ? &filters->filters.entries[filters->list.selected]
               : NULL;
}

static void draw_row(void *context, struct canvas *canvas, const struct area *area, size_t index,
                     enum role role)
{
    const struct view_of_filters *filters = context;
    const struct filter_entry *entry = &filters->filters.entries[index];
    bool holds = strcmp(filters->view.screen->filter_name, entry->name) == 0 &&
                 filters->view.screen->filter[0] != '\0';

    canvas_printf(canvas, area->row, area->column, NAME_COLUMNS,
                  holds && role == ROLE_TEXT ? ROLE_MARKED : role, "%s %s", holds ? "*" : " ",
                  entry->name);
    canvas_text(canvas, area->row, area->column + NAME_COLUMNS + 1,
                area->columns - NAME_COLUMNS - 1, role == ROLE_TEXT ? ROLE_DIM : role,
                entry->expression);
}

static void draw(struct view *view, struct canvas *canvas, const struct area *area)
{
    struct view_of_filters *filters = (struct view_of_filters *)view;
    struct area body = {area->row + 1, area->column, area->rows - 1, area->columns};

    list_set_count(&filters->list, filters->filters.count);
    canvas_text(canvas, area->row, area->column, area->columns, ROLE_TITLE,
                " Filters: enter chooses one for views 1 and 2, enter again takes it back");
    if (filters->filters.count == 0) {
        canvas_text(canvas, body.row, body.column + 2, body.columns - 2, ROLE_DIM,
                    "none yet: :filter NAME EXPRESSION saves one, as in");
        canvas_text(canvas, body.row + 1, body.column + 4, body.columns - 4, ROLE_DIM,
                    ":filter soul ((genre contains \"soul\") AND (date =~ \"^197\"))");
        return;
    }
    list_draw(&filters->list, canvas, &body, true, draw_row, filters);
}

static void choose(struct view_of_filters *filters)
{
    struct screen *screen = filters->view.screen;
    const struct filter_entry *entry = selected_entry(filters);

    if (entry == NULL) {
        return;
    }
    if (screen->filter[0] != '\0' && strcmp(screen->filter_name, entry->name) == 0) {
        screen->filter[0] = '\0';
        screen_say(screen, ROLE_TEXT, "views 1 and 2 show the whole library");
        return;
    }
    snprintf(screen->filter, sizeof screen->filter, "%s", entry->expression);
    snprintf(screen->filter_name, sizeof screen->filter_name, "%s", entry->name);
    screen_say(screen, ROLE_TEXT, "views 1 and 2 show %s", entry->name);
}

static void remove_answered(struct screen *screen, int key, void *context)
{
    struct view_of_filters *filters = context;
    const struct filter_entry *entry = selected_entry(filters);

    if (key == 'y' && entry != NULL) {
        char name[LINE_EDIT_SIZE];

        snprintf(name, sizeof name, "%s", entry->name);
        screen_save_filter(screen, name, NULL);
    }
}

static bool act(struct view *view, enum action action)
{
    struct view_of_filters *filters = (struct view_of_filters *)view;

    if (list_act(&filters->list, action)) {
        return true;
    }
    switch (action) {
    case ACTION_ACTIVATE:
    case ACTION_TOGGLE:
        choose(filters);
        return filters->filters.count > 0;
    case ACTION_REMOVE:
        if (selected_entry(filters) != NULL) {
            screen_question(view->screen, "yn", remove_answered, filters,
                            "delete the filter %s? (y or n)", selected_entry(filters)->name);
        }
        return true;
    default:
        return false;
    }
}

static bool point(struct view *view, const struct input *input)
{
    struct view_of_filters *filters = (struct view_of_filters *)view;

    if (list_point(&filters->list, input, 1)) {
        choose(filters);
    }
    return true;
}

static void write_row(const void *context, size_t index, char *text, size_t size)
{
    const struct view_of_filters *filters = context;
    const struct filter_entry *entry = &filters->filters.entries[index];

    snprintf(text, size, "%s %s", entry->name, entry->expression);
}

static void search(struct view *view, const char *text, int direction, bool from_next)
{
    struct view_of_filters *filters = (struct view_of_filters *)view;
    const struct row_search wanted = {text, direction, from_next};

    screen_find_row(view->screen, &filters->list, &wanted, write_row, filters);
}

void screen_save_filter(struct screen *screen, const char *name, const char *expression)
{
    struct view_of_filters *filters = (struct view_of_filters *)screen_view(screen, VIEW_FILTERS);
    int result = filters != NULL ? filters_set(&filters->filters, name, expression) : 0;

    if (screen->filter[0] != '\0' && strcmp(screen->filter_name, name) == 0) { /* as it is now */
        snprintf(screen->filter, sizeof screen->filter, "%s", expression != NULL ? expression : "");
    }
    if (result < 0) {
        screen_say(screen, ROLE_ERROR, "the filters file cannot be written: %s", strerror(-result));
    } else {
        screen_say(screen, ROLE_TEXT, "the filter %s is %s", name,
                   expression != NULL ? "saved; view 6 chooses it" : "deleted");
    }
}

const struct view_class view_filters = {
    .name = "filters",
    .create = create,
    .destroy = destroy,
    .draw = draw,
    .act = act,
    .point = point,
    .search = search,
};
