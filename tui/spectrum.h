/*
 * spectrum.h - third octaves of original, matched and reference, drawn over one another.
 *
 * Threads: one.
 */
#ifndef MP_TUI_SPECTRUM_H
#define MP_TUI_SPECTRUM_H

#include "tui/meter.h"

enum { SPECTRUM_BANDS = 31 };

enum spectrum_curve { SPECTRUM_ORIGINAL, SPECTRUM_MATCHED, SPECTRUM_REFERENCE, SPECTRUM_CURVES };

struct spectrum {
    bool there[SPECTRUM_CURVES];
    double bands[SPECTRUM_CURVES][SPECTRUM_BANDS]; /* dBFS, smoothed */
    int steps[SPECTRUM_CURVES][SPECTRUM_BANDS];    /* as drawn last, of `rows` rows */
    int rows;
};

void spectrum_read(struct spectrum *spectrum, const struct answer *answer);
/* Matched as columns, original and reference as marks. */
void spectrum_draw(struct spectrum *spectrum, struct canvas *canvas, const struct area *area);

#endif
