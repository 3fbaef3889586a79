/* spectrum.c - third octaves of original, matched and reference. */
#include "tui/spectrum.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { AXIS_COLUMNS = 5, TOP_DB = -6, RANGE_DB = 66, STEPS = 2 };

static const double smoothing = 0.4, floor_db = -120.0;

/* What jumps about cannot be read, and costs bytes. */
static void smooth(double kept[SPECTRUM_BANDS], const double bands[SPECTRUM_BANDS], bool there)
{
    for (int i = 0; i < SPECTRUM_BANDS; i++) {
        double band = fmax(bands[i], floor_db);

        kept[i] = there ? kept[i] + smoothing * (band - kept[i]) : band;
    }
}

void spectrum_read(struct spectrum *spectrum, const struct answer *answer)
{
    static const char *const keys[SPECTRUM_CURVES] = {"before_spectrum", "after_spectrum",
                                                      "reference_spectrum"};

    for (int i = 0; i < SPECTRUM_CURVES; i++) {
        const char *text = answer_get(answer, 0, keys[i]);
        double bands[SPECTRUM_BANDS];

        if (text != NULL && meter_numbers(text, bands, SPECTRUM_BANDS) == SPECTRUM_BANDS) {
            smooth(spectrum->bands[i], bands, spectrum->there[i]);
            spectrum->there[i] = true;
        }
    }
}

/* Half rows from the bottom, as the band was drawn last unless it has clearly left that; -1: below.
 */
static int height(struct spectrum *spectrum, int curve, int band, int rows)
{
    double part = (spectrum->bands[curve][band] - TOP_DB + RANGE_DB) / RANGE_DB;
    double exact = part <= 0.0 ? -1.0 : fmin(part, 1.0) * rows * STEPS;
    int *step = &spectrum->steps[curve][band];

    if (rows != spectrum->rows || fabs(exact - *step) > 0.8) {
        *step = (int)floor(exact + 0.5);
    }
    return *step;
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

static void draw_column(struct canvas *canvas, const struct area *cell, int steps)
{
    bool unicode = canvas_is_unicode(canvas);

    for (int row = 0; row < cell->rows; row++) {
        int here = steps - (cell->rows - 1 - row) * STEPS;

        if (here > 0) {
            canvas_text(canvas, cell->row + row, cell->column, 1, ROLE_TEXT,
                        here >= STEPS ? (unicode ? "█" : "#") : (unicode ? "▄" : ":"));
        }
    }
}

static void draw_mark(struct canvas *canvas, const struct area *cell, int steps, enum role role,
                      const char *mark)
{
    int row = cell->rows - 1 - (steps > 0 ? (steps - 1) / STEPS : 0);

    if (steps >= 0 && row >= 0) {
        canvas_text(canvas, cell->row + row, cell->column, 1, role, mark);
    }
}

void spectrum_draw(struct spectrum *spectrum, struct canvas *canvas, const struct area *area)
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
        struct area cell = {area->row, area->column + AXIS_COLUMNS + i * width, rows, width};

        if (spectrum->there[SPECTRUM_MATCHED]) {
            draw_column(canvas, &cell, height(spectrum, SPECTRUM_MATCHED, i, rows));
        }
        if (spectrum->there[SPECTRUM_ORIGINAL]) {
            draw_mark(canvas, &cell, height(spectrum, SPECTRUM_ORIGINAL, i, rows), ROLE_ORIGINAL,
                      "o");
        }
        if (spectrum->there[SPECTRUM_REFERENCE]) {
            cell.column += width > 1 ? 1 : 0;
            draw_mark(canvas, &cell, height(spectrum, SPECTRUM_REFERENCE, i, rows), ROLE_REFERENCE,
                      "r");
        }
    }
    spectrum->rows = rows;
    snprintf(legend, sizeof legend, "%s heard  o original  r reference",
             canvas_is_unicode(canvas) ? "█" : "#");
    canvas_text_right(canvas, area->row, area->column, area->columns, ROLE_DIM, legend);
}
