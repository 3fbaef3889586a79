/*
 * presets.h - the presets there are, as `match preset` tells them: for completion, and to be chosen
 * one after the other.
 *
 * Threads: one.
 */
#ifndef MP_TUI_PRESETS_H
#define MP_TUI_PRESETS_H

#include "tui/client.h"

struct screen;

struct preset_names {
    struct preset_name {
        char *id, *description;
    } * list;
    size_t count;
};

void presets_finish(struct preset_names *presets);
/* Has the player tell them anew; until it has, those of before serve. */
void presets_ask(struct screen *screen);
/* NULL past the last. */
const char *presets_at(const struct preset_names *presets, size_t index);
/* "": there is none such, or it has none. */
const char *presets_description(const struct preset_names *presets, const char *id);
/* The one that stands `by` places after it, round the ends; NULL: there are none. */
const char *presets_next(const struct preset_names *presets, const char *id, int by);

/* As line_edit.complete, with the screen as context: the name of a preset; what a slot of A/B may
   hold ("matched", "preset night"). Where a whole one stands already, the others follow it. */
bool presets_complete(void *context, const char *before, size_t index, char *out, size_t size);
bool presets_complete_slot(void *context, const char *before, size_t index, char *out, size_t size);

#endif
