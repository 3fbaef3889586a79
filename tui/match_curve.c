/* match_curve.c - what the match does to each part of the spectrum, drawn. */
#include "tui/match_curve.h"

#include "tui/meter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void match_curve_take(struct match_curve *curve, const struct answer *answer)
{
    const char *gain = answer_get(answer, 0, "gain");

    curve->points = 0;
    curve->gain_db = gain != NULL ? strtod(gain, NULL) : 0.0;
    for (size_t i = 0; answer->ok && i < answer->count && curve->points < MATCH_CURVE_POINTS; i++) {
        double numbers[3];

        if (strcmp(answer->pairs[i].name, "curve") == 0 &&
            meter_numbers(answer->pairs[i].value, numbers, 3) == 3) {
            curve->hz[curve->points] = numbers[0];
            curve->mid_db[curve->points] = numbers[1];
            curve->side_db[curve->points++] = numbers[2];
        }
    }
}

void match_curve_draw(const struct match_curve *curve, struct canvas *canvas,
                      const struct area *area)
{
    int rows = area->rows - 1, middle = rows / 2;
    int width = (area->columns - 6) / MATCH_CURVE_POINTS;
    double step = 18.0 / (middle > 0 ? middle : 1);

    width = width < 1 ? 1 : width > 3 ? 3 : width;
    if (rows < 3 || curve->points == 0) {
        return;
    }
    canvas_text(canvas, area->row, area->column, 5, ROLE_DIM, " +18");
    canvas_text(canvas, area->row + middle, area->column, 5, ROLE_DIM, "0 dB");
    canvas_text(canvas, area->row + rows - 1, area->column, 5, ROLE_DIM, " -18");
    for (size_t i = 0; i < curve->points; i++) {
        int column = area->column + 6 + (int)i * width;
        int mid = (int)lround(curve->mid_db[i] / step);
        int side = middle - (int)lround(curve->side_db[i] / step);
        int from = mid >= 0 ? middle - mid : middle;
        int to = mid >= 0 ? middle : middle - mid;

        for (int row = from < 0 ? 0 : from; row <= to && row < rows; row++) {
            canvas_text(canvas, area->row + row, column, 1, ROLE_METER_LOW,
                        canvas_is_unicode(canvas) ? "█" : "#");
        }
        if (side >= 0 && side < rows) {
            canvas_text(canvas, area->row + side, column + (width > 1 ? 1 : 0), 1, ROLE_MARKED,
                        "s");
        }
        if (i % 6 == 1) {
            canvas_printf(canvas, area->row + rows, column, 6, ROLE_DIM,
                          curve->hz[i] < 1000.0 ? "%.0f" : "%.0fk",
                          curve->hz[i] < 1000.0 ? curve->hz[i] : curve->hz[i] / 1000.0);
        }
    }
    canvas_printf(canvas, area->row, area->column + 6, area->columns - 6, ROLE_DIM,
                  "%+.1f dB in all; %s middle  s sides", curve->gain_db,
                  canvas_is_unicode(canvas) ? "█" : "#");
}
