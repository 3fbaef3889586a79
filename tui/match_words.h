/*
 * match_words.h - the first lines of view 8: which reference holds and why, and what the match
 * does.
 *
 * Threads: one.
 */
#ifndef MP_TUI_MATCH_WORDS_H
#define MP_TUI_MATCH_WORDS_H

#include "tui/canvas.h"
#include "tui/client.h"
#include "tui/state.h"

struct match_words {
    bool rehearsed; /* the numbers are known */
    double loudness_before, loudness_after, limited_percent, limited_most_db, true_peak;
    char shapes[160]; /* what dynamics and spectral processor change; "" nothing */
};

/* The answer to `match plan`. */
void match_words_take(struct match_words *words, const struct answer *answer);
/* In the area's first rows, as many as it returns: four, more where there is room and much to say.
 */
int match_words_draw(const struct match_words *words, const struct player_state *state,
                     struct canvas *canvas, const struct area *area);

#endif
