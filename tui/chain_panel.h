/*
 * chain_panel.h - the chain in view 8: its modules and their parameters, as `match chain` tells
 * them, changed while music plays.
 *
 * Threads: one.
 */
#ifndef MP_TUI_CHAIN_PANEL_H
#define MP_TUI_CHAIN_PANEL_H

#include "tui/list.h"
#include "tui/screen.h"

enum { CHAIN_PANEL_LINES_MAX = 160, CHAIN_PANEL_TEXT = 160 };

enum chain_line_kind { CHAIN_MODULE, CHAIN_PARAMETER, CHAIN_AVAILABLE };

/* A line of the list. */
struct chain_line {
    enum chain_line_kind kind;
    char module[32], name[32]; /* name: the module's title, or the parameter */
    bool bypassed;
    char value[32], unit[64]; /* unit "off|on": names of values */
    double minimum, maximum;
    char help[CHAIN_PANEL_TEXT];
};

struct chain_panel {
    struct screen *screen;
    struct list list;
    struct chain_line lines[CHAIN_PANEL_LINES_MAX];
    size_t count;
    bool edited;
    char moved[32];     /* the module that the selection goes with; "" none */
    char parameter[80]; /* that a value is being typed for: "MODULE PARAMETER" */
};

void chain_panel_init(struct chain_panel *panel, struct screen *screen);
/* Its owner is gone: no answer comes any more. */
void chain_panel_finish(struct chain_panel *panel);
void chain_panel_ask(struct chain_panel *panel); /* how the chain is now */
void chain_panel_draw(struct chain_panel *panel, struct canvas *canvas, const struct area *area);
/* True if the action meant something here. */
bool chain_panel_act(struct chain_panel *panel, enum action action);
/* `top`: the row of the input at which the panel begins. */
void chain_panel_point(struct chain_panel *panel, const struct input *input, int top);

#endif
