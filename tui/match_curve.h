/*
 * match_curve.h - what the match does to each part of the spectrum, as `match plan` tells it,
 * drawn.
 *
 * Levels in dB, frequencies in Hz.
 *
 * Threads: one.
 */
#ifndef MP_TUI_MATCH_CURVE_H
#define MP_TUI_MATCH_CURVE_H

#include "tui/canvas.h"
#include "tui/client.h"

enum { MATCH_CURVE_POINTS = 31 };

struct match_curve {
    double hz[MATCH_CURVE_POINTS], mid_db[MATCH_CURVE_POINTS], side_db[MATCH_CURVE_POINTS];
    size_t points;
    double gain_db; /* in all */
};

void match_curve_take(struct match_curve *curve, const struct answer *answer);
/* Mid as columns from the middle line, sides as marks, +-18 dB. */
void match_curve_draw(const struct match_curve *curve, struct canvas *canvas,
                      const struct area *area);

#endif
