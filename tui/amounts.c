/* amounts.c - how far to match and by which preset, changed in the scope where it is said. */
#include "tui/amounts.h"

#include "tui/reference.h"

#include <stdio.h>

enum { WORDS_MAX = 8 };

/* Sends `words` with the scope behind them. True, with a message: it is not that of the settings.
 */
static bool send_in_scope(struct screen *screen, const char *scope, const char *words[WORDS_MAX],
                          size_t count)
{
    size_t more = reference_scope_words(scope, words + count);
    char where[STATE_TEXT + 16];

    client_ask_words(screen->client, screen_answer_errors, screen, words, count + more);
    if (more > 0) {
        reference_scope_say(&screen->state, scope, where, sizeof where);
        screen_say(screen, ROLE_TEXT, "%s %s for %s", words[count - 2], words[count - 1], where);
    }
    return more > 0;
}

void amounts_set(struct screen *screen, enum state_amount amount, int value)
{
    static const char *const names[] = {"level", "eq", "width", "limiter"};
    const char *words[WORDS_MAX] = {"match", "amount", names[amount]};
    char text[16];

    snprintf(text, sizeof text, "%d", value);
    words[3] = text;
    send_in_scope(screen, screen->state.amount_from[amount], words, 4);
}

/* An edited chain would be heard in place of the preset's. */
void amounts_choose_preset(struct screen *screen, const char *name)
{
    const char *words[WORDS_MAX] = {"match", "preset", name};
    const char *description = presets_description(&screen->presets, name);

    if (send_in_scope(screen, screen->state.preset_from, words, 3)) {
        if (screen->state.chain_edited) { /* one in the settings ends it by itself */
            screen_send(screen, "match", "chain", "reset", NULL);
        }
    } else if (description[0] != '\0') {
        screen_say(screen, ROLE_TEXT, "%s: %s", name, description);
    }
}

void amounts_next_preset(struct screen *screen, int by)
{
    const char *name = presets_next(&screen->presets, screen->state.preset, by);

    if (name != NULL) {
        amounts_choose_preset(screen, name);
    }
}
