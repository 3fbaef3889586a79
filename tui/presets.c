/* presets.c - the presets there are, and completion of their names. */
#include "tui/presets.h"

#include "tui/screen.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHOICE_SIZE = 128 };

void presets_finish(struct preset_names *presets)
{
    for (size_t i = 0; i < presets->count; i++) {
        free(presets->list[i].id);
        free(presets->list[i].description);
    }
    free(presets->list);
    memset(presets, 0, sizeof *presets);
}

static void add(struct preset_names *presets, const char *id)
{
    struct preset_name *grown =
        realloc(presets->list, (presets->count + 1) * sizeof presets->list[0]);

    if (grown == NULL) {
        return;
    }
    presets->list = grown;
    grown[presets->count] = (struct preset_name){strdup(id), NULL};
    presets->count += grown[presets->count].id != NULL;
}

static void told(void *context, const struct answer *answer)
{
    struct screen *screen = context;
    struct preset_names *presets = &screen->presets;

    if (!answer->ok) {
        return;
    }
    presets_finish(presets);
    for (size_t i = 0; i < answer->count; i++) {
        const struct client_pair *pair = &answer->pairs[i];

        if (strcmp(pair->name, "preset") == 0) {
            add(presets, pair->value);
        } else if (strcmp(pair->name, "description") == 0 && presets->count > 0 &&
                   presets->list[presets->count - 1].description == NULL) {
            presets->list[presets->count - 1].description = strdup(pair->value);
        }
    }
    screen_dirty(screen);
}

void presets_ask(struct screen *screen)
{
    client_ask(screen->client, told, screen, "match", "preset", NULL);
}

const char *presets_at(const struct preset_names *presets, size_t index)
{
    return index < presets->count ? presets->list[index].id : NULL;
}

/* presets->count: there is none such. */
static size_t find(const struct preset_names *presets, const char *id)
{
    size_t i = 0;

    while (i < presets->count && strcmp(presets->list[i].id, id) != 0) {
        i++;
    }
    return i;
}

const char *presets_description(const struct preset_names *presets, const char *id)
{
    size_t at = find(presets, id);

    return at < presets->count && presets->list[at].description != NULL
               ? presets->list[at].description
               : "";
}

const char *presets_next(const struct preset_names *presets, const char *id, int by)
{
    size_t at = find(presets, id);

    if (presets->count == 0) {
        return NULL;
    }
    if (at == presets->count) {
        return presets->list[0].id;
    }
    return presets->list[(at + presets->count + (size_t)by) % presets->count].id;
}

/* --- completion ---------------------------------------------------------------------------- */

/* The index-th thing that may stand in the line. False: there are no more. */
typedef bool (*choice)(const struct preset_names *presets, size_t index, char text[CHOICE_SIZE]);

static bool preset_choice(const struct preset_names *presets, size_t index, char text[CHOICE_SIZE])
{
    if (index >= presets->count) {
        return false;
    }
    snprintf(text, CHOICE_SIZE, "%s", presets->list[index].id);
    return true;
}

static bool slot_choice(const struct preset_names *presets, size_t index, char text[CHOICE_SIZE])
{
    static const char *const others[] = {"original", "matched", "reference "};
    size_t count = sizeof others / sizeof others[0];

    if (index >= count + presets->count) {
        return false;
    }
    if (index < count) {
        snprintf(text, CHOICE_SIZE, "%s", others[index]);
    } else {
        snprintf(text, CHOICE_SIZE, "preset %s", presets->list[index - count].id);
    }
    return true;
}

/* The index-th that begins as the line does; of a line that is one of them, the index-th after it.
 */
static bool complete(choice choices, const struct preset_names *presets, const char *before,
                     size_t index, char *out, size_t size)
{
    char text[CHOICE_SIZE];
    size_t count = 0, whole = SIZE_MAX;

    for (; choices(presets, count, text); count++) {
        whole = strcmp(text, before) == 0 ? count : whole;
    }
    if (whole != SIZE_MAX) {
        return index + 1 < count && choices(presets, (whole + 1 + index) % count, text) &&
               snprintf(out, size, "%s", text) > 0;
    }
    for (size_t i = 0; choices(presets, i, text); i++) {
        if (strncmp(text, before, strlen(before)) == 0 && index-- == 0) {
            snprintf(out, size, "%s", text);
            return true;
        }
    }
    return false;
}

bool presets_complete(void *context, const char *before, size_t index, char *out, size_t size)
{
    const struct screen *screen = context;

    return complete(preset_choice, &screen->presets, before, index, out, size);
}

bool presets_complete_slot(void *context, const char *before, size_t index, char *out, size_t size)
{
    const struct screen *screen = context;

    return complete(slot_choice, &screen->presets, before, index, out, size);
}
