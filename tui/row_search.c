/* row_search.c - the search in rows that the screen has itself: as the player searches its own. */
#include "base/hits.h"
#include "tui/screen.h"
#include "tui/text.h"

#include <string.h>

enum { ROW_SIZE = 4096, ROW_PAD = 32, WORDS_MAX = 32 };

struct wanted_row {
    void (*write_row)(const void *context, size_t index, char *text, size_t size);
    const void *context;
    char text[LINE_EDIT_SIZE]; /* folded */
    struct word words[WORDS_MAX];
    size_t count;
};

static enum words_class class_at(const void *context, size_t index)
{
    const struct wanted_row *wanted = context;
    char text[ROW_SIZE], folded[ROW_SIZE + ROW_PAD];
    enum words_class all = WORDS_BEGIN;

    wanted->write_row(wanted->context, index, text, sizeof text);
    text_fold(folded, ROW_SIZE, text);
    if (folded[0] == '\0') {
        return WORDS_FIT_NOT;
    }
    for (size_t i = 0; i < wanted->count; i++) {
        enum words_class class = word_find(folded, &wanted->words[i]);

        all = class < all ? class : all;
    }
    return all;
}

static void split(struct wanted_row *wanted)
{
    const char *word = wanted->text;

    while (wanted->count < WORDS_MAX && *(word += strspn(word, " ")) != '\0') {
        size_t length = strcspn(word, " ");

        wanted->words[wanted->count++] = (struct word){word, length};
        word += length;
    }
}

bool screen_find_row(struct screen *screen, struct list *list, const struct row_search *search,
                     void (*write_row)(const void *context, size_t index, char *text, size_t size),
                     const void *context)
{
    struct wanted_row wanted = {.write_row = write_row, .context = context};
    const struct hits hits = {list->count, class_at, &wanted};
    const struct hits_way way = {list->selected, search->direction, !search->from_next};
    long found;

    text_fold(wanted.text, sizeof wanted.text, search->text);
    split(&wanted);
    found = hits_next(&hits, &way);
    if (found < 0) {
        screen_say(screen, ROLE_TEXT, "%s: not found", search->text);
        return false;
    }
    list_select(list, (size_t)found);
    return true;
}
