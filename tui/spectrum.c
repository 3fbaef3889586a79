/* spectrum.c - the spectra of original, matched and reference. */
#include "tui/spectrum.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { AXIS_COLUMNS = 5, TOP_DB = -6, RANGE_DB = 66, STEPS = 2 };

static const double smoothing = 0.4, floor_db = -120.0;

/* What jumps about cannot be read, and costs bytes. */
static void smooth(double *kept, const double *levels, size_t count, bool there)
{
    for (size_t i = 0; i < count; i++) {
        double level = fmax(levels[i], floor_db);

        kept[i] = there ? kept[i] + smoothing * (level - kept[i]) : level;
    }
}

void spectrum_refine(struct spectrum *spectrum)
{
    spectrum->fine = !spectrum->fine;
    memset(spectrum->there, 0, sizeof spectrum->there);
    spectrum->rows = 0;
}

static size_t points(const struct spectrum *spectrum)
{
    return spectrum->fine ? SPECTRUM_LINES : SPECTRUM_BANDS;
}

void spectrum_read(struct spectrum *spectrum, const struct answer *answer)
{
    static const char *const keys[][SPECTRUM_CURVES] = {
        {"before_spectrum", "after_spectrum", "reference_spectrum"},
        {"before_fft", "after_fft", "reference_fft"}};
    size_t count = points(spectrum);

    for (int i = 0; i < SPECTRUM_CURVES; i++) {
        const char *text = answer_get(answer, 0, keys[spectrum->fine][i]);
        double levels[SPECTRUM_LINES];

        if (text != NULL && meter_numbers(text, levels, count) == count) {
            smooth(spectrum->levels[i], levels, count, spectrum->there[i]);
            spectrum->there[i] = true;
        }
    }
}

/* The columns a curve is drawn in, `width` cells each. */
struct columns {
    int count, width;
};

static struct columns columns_of(const struct spectrum *spectrum, int room)
{
    struct columns columns = {(int)points(spectrum), room / (int)points(spectrum)};

    columns.width = columns.width < 1 ? 1 : columns.width > 4 ? 4 : columns.width;
    if (columns.count * columns.width > room) {
        columns.count = room < 1 ? 1 : room;
    }
    return columns;
}

/* The highest of the levels that share a column. */
static double level_of(const struct spectrum *spectrum, int curve, int column, int columns)
{
    int count = (int)points(spectrum);
    int first = column * count / columns, last = (column + 1) * count / columns;
    double level = floor_db;

    for (int i = first; i < last || i == first; i++) {
        level = fmax(level, spectrum->levels[curve][i]);
    }
    return level;
}

/* Half rows from the bottom, as the column was drawn last unless it has clearly left that; -1:
 * below.
 */
static int height(struct spectrum *spectrum, int curve, int column, int columns, int rows)
{
    double level = level_of(spectrum, curve, column, columns);
    double part = (level - TOP_DB + RANGE_DB) / RANGE_DB;
    double exact = part <= 0.0 ? -1.0 : fmin(part, 1.0) * rows * STEPS;
    int *step = &spectrum->steps[curve][column];

    if (rows != spectrum->rows || fabs(exact - *step) > 0.8) {
        *step = (int)floor(exact + 0.5);
    }
    return *step;
}

/* Where a third octave stands among the columns; lines begin at 20 Hz. */
static int column_of_band(const struct spectrum *spectrum, int band, const struct columns *columns)
{
    double line = (band - 17.0) / 10.0 * 12.0 / log10(2.0) + 12.0 * log2(1000.0 / 20.0);

    return spectrum->fine ? (int)(line * columns->count / SPECTRUM_LINES) : band * columns->width;
}

static void draw_axis(const struct spectrum *spectrum, struct canvas *canvas,
                      const struct area *area, int rows)
{
    static const struct {
        int band;
        const char *text;
    } marks[] = {{1, "25"}, {7, "100"}, {13, "400"}, {17, "1k"}, {23, "4k"}, {30, "20k"}};
    struct columns columns = columns_of(spectrum, area->columns - AXIS_COLUMNS);

    for (int row = 0; row < rows; row++) {
        if (row % 2 == 0) {
            canvas_printf(canvas, area->row + row, area->column, AXIS_COLUMNS - 1, ROLE_DIM, "%4d",
                          (int)(TOP_DB - (double)RANGE_DB * row / rows));
        }
    }
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        canvas_text(canvas, area->row + rows,
                    area->column + AXIS_COLUMNS + column_of_band(spectrum, marks[i].band, &columns),
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
    struct columns columns = columns_of(spectrum, area->columns - AXIS_COLUMNS);
    char legend[64];

    if (rows < 2) {
        return;
    }
    draw_axis(spectrum, canvas, area, rows);
    for (int i = 0; i < columns.count; i++) {
        struct area cell = {area->row, area->column + AXIS_COLUMNS + i * columns.width, rows,
                            columns.width};

        if (spectrum->there[SPECTRUM_MATCHED]) {
            draw_column(canvas, &cell, height(spectrum, SPECTRUM_MATCHED, i, columns.count, rows));
        }
        if (spectrum->there[SPECTRUM_ORIGINAL]) {
            draw_mark(canvas, &cell, height(spectrum, SPECTRUM_ORIGINAL, i, columns.count, rows),
                      ROLE_ORIGINAL, "o");
        }
        if (spectrum->there[SPECTRUM_REFERENCE]) {
            cell.column += columns.width > 1 ? 1 : 0;
            draw_mark(canvas, &cell, height(spectrum, SPECTRUM_REFERENCE, i, columns.count, rows),
                      ROLE_REFERENCE, "r");
        }
    }
    spectrum->rows = rows;
    snprintf(legend, sizeof legend, "%s%s heard  o original  r reference",
             spectrum->fine ? "FFT  " : "", canvas_is_unicode(canvas) ? "█" : "#");
    canvas_text_right(canvas, area->row, area->column, area->columns, ROLE_DIM, legend);
}
