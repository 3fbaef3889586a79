/* scanning.c - how far the player is with reading the music folder. */
#include "tui/scanning.h"

#include <stdio.h>
#include <stdlib.h>

enum { ASK_MS = 500 };

static size_t count_of(const struct answer *answer, const char *name)
{
    const char *text = answer_get(answer, 0, name);

    return text != NULL ? (size_t)strtoul(text, NULL, 10) : 0;
}

/* ", 56 new or changed, 2 cannot be read": what there is none of is not told. */
static void write_counts(const struct screen *screen, char *text, size_t size)
{
    const struct scan_progress *scan = &screen->scan;
    int used = snprintf(text, size, "%zu file%s", scan->files, scan->files == 1 ? "" : "s");

    if (scan->read > 0) {
        used += snprintf(text + used, size - (size_t)used, ", %zu new or changed", scan->read);
    }
    if (scan->errors > 0) {
        used += snprintf(text + used, size - (size_t)used, ", %zu cannot be read", scan->errors);
    }
    if (scan->left_out > 0) {
        snprintf(text + used, size - (size_t)used, ", %zu left out for their names",
                 scan->left_out);
    }
}

static void told(void *context, const struct answer *answer)
{
    struct screen *screen = context;
    struct scan_progress *scan = &screen->scan;
    char text[256];

    scan->asked = false;
    if (!answer->ok) { /* a player that knows no such verb */
        scan->tell_end = false;
        return;
    }
    scan->files = count_of(answer, "files");
    scan->read = count_of(answer, "read");
    scan->errors = count_of(answer, "errors");
    scan->left_out = count_of(answer, "left_out");
    if (scan->tell_end && count_of(answer, "job") == 0) {
        scan->tell_end = false;
        write_counts(screen, text, sizeof text);
        screen_say(screen, scan->errors + scan->left_out > 0 ? ROLE_WARNING : ROLE_TEXT,
                   "the music folder: %s%s", text,
                   scan->errors + scan->left_out > 0 ? "; the player's log names them" : "");
    }
    screen_dirty(screen);
}

int scanning_tick(struct screen *screen)
{
    struct scan_progress *scan = &screen->scan;

    if (!screen->state.joined || scan->asked || (!screen->state.updating && !scan->tell_end)) {
        return -1;
    }
    if (screen->now_ms >= scan->next_ms) {
        scan->next_ms = screen->now_ms + ASK_MS;
        scan->asked = true;
        client_ask(screen->client, told, screen, "match", "scan", NULL);
    }
    return (int)(scan->next_ms - screen->now_ms);
}

void scanning_tell_end(struct screen *screen)
{
    screen->scan.tell_end = true;
    screen->scan.next_ms = screen->now_ms + ASK_MS;
}

void scanning_write(const struct screen *screen, char *text, size_t size)
{
    int used;

    text[0] = '\0';
    if (screen->state.updating) {
        used = snprintf(text, size, "reading the music folder: ");
        write_counts(screen, text + used, size - (size_t)used);
    }
}
