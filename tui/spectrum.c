/* spectrum.c - third octaves of original, matched and reference. */
#include "tui/spectrum.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { AXIS_COLUMNS = 5, TOP_DB = -6, RANGE_DB = 66, STEPS = 2 };

void spectrum_read(struct spectrum *spectrum, const struct answer *answer)
{
    static const char *const keys[SPECTRUM_CURVES] = {"before_spectrum", "after_spectrum",
                                                      "reference_spectrum"};

    for (int i = 0; i < SPECTRUM_CURVES; i++) {
        const char *text = answer_get(answer, 0, keys[i]);

        if (text != NULL) {
            spectrum->there[i] =
                meter_numbers(text, spectrum->bands[i], SPECTRUM_BANDS) == SPECTRUM_BANDS;
        }
    }
}

/* Half rows from the bottom; -1: below it. */
static int height(double db, int rows)
{
    double part = (db - TOP_DB + RANGE_DB) / RANGE_DB;

    return part <= 0.0 ? -1 : (int)(fmin(part, 1.0) * rows * STEPS + 0.5);
}

static void draw_axis(struct canvas *canvas, const struct area *area, int rows, int width)
{
    static const struct {
        int band;
        const char *text;
    } marks[] = {{1, "25"}, {7, "100"}, {13, "400"}, {17, "1k"}, {23, "4k"}, {30, "20k"}};

    for (int row = 0; row < rows; row++) {
        if (row % 2 == 0) {
            canvas_printf(canvas, area->row + row, area->column, AXIS_COLUMNS - 1, ROLE_DIM, "%4d",
                          (int)(TOP_DB - (double)RANGE_DB * row / rows));
        }
    }
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        canvas_text(canvas, area->row + rows, area->column + AXIS_COLUMNS + marks[i].band * width,
                    4, ROLE_DIM, marks[i].text);
    }
}

static void draw_column(struct canvas *canvas, const struct area *area, int rows, int column,
                        int steps)
{
    bool unicode = canvas_is_unicode(canvas);

    for (int row = 0; row < rows; row++) {
        int here = steps - (rows - 1 - row) * STEPS;

        if (here > 0) {
            canvas_text(canvas, area->row + row, column, 1, ROLE_METER_LOW,
                        here >= STEPS ? (unicode ? "█" : "#") : (unicode ? "▄" : ":"));
        }
    }
}

static void draw_mark(struct canvas *canvas, const struct area *area, int rows, int column,
                      int steps, enum role role, const char *mark)
{
    int row = rows - 1 - (steps > 0 ? (steps - 1) / STEPS : 0);

    if (steps >= 0 && row >= 0) {
        canvas_text(canvas, area->row + row, column, 1, role, mark);
    }
}

void spectrum_draw(const struct spectrum *spectrum, struct canvas *canvas, const struct area *area)
{
    int rows = area->rows - 1; /* the last one has the frequencies */
    int width = (area->columns - AXIS_COLUMNS) / SPECTRUM_BANDS;
    char legend[64];

    width = width < 1 ? 1 : width > 4 ? 4 : width;
    if (rows < 2) {
        return;
    }
    draw_axis(canvas, area, rows, width);
    for (int i = 0; i < SPECTRUM_BANDS; i++) {
        int column = area->column + AXIS_COLUMNS + i * width;

        if (spectrum->there[SPECTRUM_MATCHED]) {
            draw_column(canvas, area, rows, column,
                        height(spectrum->bands[SPECTRUM_MATCHED][i], rows));
        }
        if (spectrum->there[SPECTRUM_REFERENCE]) {
            draw_mark(canvas, area, rows, column + (width > 1 ? 1 : 0),
                      height(spectrum->bands[SPECTRUM_REFERENCE][i], rows), ROLE_REFERENCE, "r");
        }
        if (spectrum->there[SPECTRUM_ORIGINAL]) {
            draw_mark(canvas, area, rows, column,
                      height(spectrum->bands[SPECTRUM_ORIGINAL][i], rows), ROLE_ORIGINAL, "o");
        }
    }
    snprintf(legend, sizeof legend, "%s heard  o original  r reference",
             canvas_is_unicode(canvas) ? "█" : "#");
    canvas_text_right(canvas, area->row, area->column, area->columns, ROLE_DIM, legend);
}
