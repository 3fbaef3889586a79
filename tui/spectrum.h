/*
 * spectrum.h - the spectra of original, matched and reference, drawn over one another: in third
 * octaves, or in lines of an FFT, a twelfth of an octave each.
 *
 * Threads: one.
 */
#ifndef MP_TUI_SPECTRUM_H
#define MP_TUI_SPECTRUM_H

#include "tui/meter.h"

enum { SPECTRUM_BANDS = 31, SPECTRUM_LINES = 120 };

enum spectrum_curve { SPECTRUM_ORIGINAL, SPECTRUM_MATCHED, SPECTRUM_REFERENCE, SPECTRUM_CURVES };

struct spectrum {
    bool fine; /* lines */
    bool there[SPECTRUM_CURVES];
    double levels[SPECTRUM_CURVES][SPECTRUM_LINES]; /* dBFS, smoothed */
    int steps[SPECTRUM_CURVES][SPECTRUM_LINES];     /* as drawn last, of `rows` rows */
    int rows;
};

void spectrum_read(struct spectrum *spectrum, const struct answer *answer);
/* Lines in place of third octaves, or back; nothing is there until it was read. */
void spectrum_refine(struct spectrum *spectrum);
/* Matched as columns, original and reference as marks. */
void spectrum_draw(struct spectrum *spectrum, struct canvas *canvas, const struct area *area);

#endif
