/* meter.c - reads one meter's values out of an answer, and draws it in its mode. */
#include "tui/meter.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CAPTION_COLUMNS = 11 };

void meter_init(struct meter *meter, const struct meter_class *class)
{
    memset(meter, 0, sizeof *meter);
    meter->class = class;
}

size_t meter_numbers(const char *text, double values[], size_t most)
{
    size_t count = 0;
    char *end;

    while (count < most) {
        double value = strtod(text, &end);

        if (end == text) {
            break;
        }
        values[count++] = value;
        text = end;
    }
    return count;
}

void meter_write_number(char *text, size_t size, double value, int decimals)
{
    if (isinf(value)) {
        snprintf(text, size, "%s", value < 0.0 ? "-inf" : "inf");
    } else {
        double unit = pow(10.0, decimals);
        double rounded = floor(value * unit + 0.5) / unit;

        snprintf(text, size, "%.*f", decimals, rounded == 0.0 ? 0.0 : rounded); /* never -0.0 */
    }
}

/* A line may begin with "2026-11-26T20:01:02Z": there is no room for the day. */
static const char *without_day(const char *line)
{
    static const char pattern[] = "0000-00-00T00:00:00Z";
    size_t i = 0;

    while (pattern[i] != '\0' &&
           (pattern[i] == '0' ? line[i] >= '0' && line[i] <= '9' : line[i] == pattern[i])) {
        i++;
    }
    return pattern[i] == '\0' ? line + strlen("0000-00-00T") : line;
}

static void read_lines(struct meter *meter, const struct answer *answer)
{
    size_t most = (size_t)meter->class->rows;

    if (answer_get(answer, 0, meter->class->keys[0]) == NULL) {
        return; /* it was not asked for this time */
    }
    meter->line_count = 0;
    for (size_t i = 0; i < answer->count && meter->line_count < most; i++) {
        if (strcmp(answer->pairs[i].name, meter->class->keys[0]) == 0) {
            snprintf(meter->lines[meter->line_count++], METER_TEXT_SIZE, "%s",
                     without_day(answer->pairs[i].value));
        }
    }
}

/* "yes, priority 70, cpu 1,3": what is not told is left out. */
static void read_words(struct meter *meter, const struct answer *answer)
{
    const struct meter_class *class = meter->class;
    const char *label = class->unit;
    size_t used = 0;

    if (answer_get(answer, 0, class->keys[0]) == NULL) {
        return;
    }
    for (size_t i = 0; i < 4 && class->keys[i] != NULL && used < METER_TEXT_SIZE; i++) {
        const char *text = answer_get(answer, 0, class->keys[i]);
        int length = (int)strcspn(label, "|");

        if (text != NULL) {
            used +=
                (size_t)snprintf(meter->lines[0] + used, METER_TEXT_SIZE - used, "%s%.*s%s%s",
                                 used > 0 ? ", " : "", length, label, length > 0 ? " " : "", text);
        }
        label += length + (label[length] == '|');
    }
    meter->line_count = 1;
}

void meter_read(struct meter *meter, const struct answer *answer)
{
    const struct meter_class *class = meter->class;
    double values[METER_VALUES_MAX];
    size_t count = 0;

    if (class->mode == METER_LINES) {
        read_lines(meter, answer);
        return;
    }
    if (class->mode == METER_WORDS) {
        read_words(meter, answer);
        return;
    }
    for (size_t i = 0; i < 4 && class->keys[i] != NULL; i++) {
        const char *text = answer_get(answer, 0, class->keys[i]);

        if (text == NULL) {
            return;
        }
        count += meter_numbers(text, values + count, METER_VALUES_MAX - count);
    }
    memcpy(meter->values, values, count * sizeof values[0]);
    meter->count = count;
}

int meter_rows(const struct meter *meter)
{
    bool lines = meter->class->mode == METER_LINES || meter->class->mode == METER_WORDS;

    return lines ? (int)meter->line_count : meter->count > 0;
}

static enum role role_of(const struct meter_class *class, double value)
{
    return value >= class->high     ? ROLE_METER_HIGH
           : value >= class->middle ? ROLE_METER_MIDDLE
                                    : ROLE_METER_LOW;
}

/* "0.3 1.2 %" */
static void write_values(const struct meter *meter, char *text, size_t size)
{
    size_t used = 0;
    char number[32];

    text[0] = '\0';
    for (size_t i = 0; i < meter->count && used < size; i++) {
        meter_write_number(number, sizeof number, meter->values[i], meter->class->decimals);
        used += (size_t)snprintf(text + used, size - used, "%s%s", i > 0 ? " " : "", number);
    }
    if (used < size && meter->class->unit[0] != '\0') {
        snprintf(text + used, size - used, " %s", meter->class->unit);
    }
}

static void draw_bar(const struct meter *meter, struct canvas *canvas, const struct area *area)
{
    const struct meter_class *class = meter->class;
    char text[METER_TEXT_SIZE];
    int bar = area->columns - CAPTION_COLUMNS - 16;
    int at = area->column + CAPTION_COLUMNS;

    write_values(meter, text, sizeof text);
    if (bar > 3) {
        canvas_bar(canvas, &(struct area){area->row, at, 1, bar},
                   (meter->values[0] - class->minimum) / (class->maximum - class->minimum),
                   role_of(class, meter->values[0]), ROLE_TEXT);
        at += bar + 1;
    }
    canvas_text(canvas, area->row, at, area->column + area->columns - at, ROLE_TEXT, text);
}

static void draw_histogram(const struct meter *meter, struct canvas *canvas,
                           const struct area *area)
{
    static const char *const steps[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    static const char *const ascii[] = {" ", ".", ".", ":", ":", "+", "+", "#", "#"};
    double most = 1.0;

    for (size_t i = 0; i < meter->count; i++) {
        most = fmax(most, meter->values[i]);
    }
    for (size_t i = 0; i < meter->count; i++) { /* logarithmic: the rare ones matter */
        int step =
            meter->values[i] <= 0.0 ? 0 : 1 + (int)(7.0 * log1p(meter->values[i]) / log1p(most));

        canvas_text(canvas, area->row, area->column + CAPTION_COLUMNS + (int)i, 1, ROLE_METER_LOW,
                    canvas_is_unicode(canvas) ? steps[step] : ascii[step]);
    }
    canvas_text(canvas, area->row, area->column + CAPTION_COLUMNS + (int)meter->count + 1,
                area->columns - CAPTION_COLUMNS - (int)meter->count - 1, ROLE_DIM,
                meter->class->unit);
}

static int draw_lines(const struct meter *meter, struct canvas *canvas, const struct area *area,
                      int first)
{
    int row = 0;

    for (; row < area->rows && first + row < (int)meter->line_count; row++) {
        canvas_text(canvas, area->row + row, area->column + CAPTION_COLUMNS,
                    area->columns - CAPTION_COLUMNS, ROLE_TEXT, meter->lines[first + row]);
    }
    return row;
}

int meter_draw(const struct meter *meter, struct canvas *canvas, const struct area *area, int first)
{
    char text[METER_TEXT_SIZE];

    if (first >= meter_rows(meter) || area->rows < 1) {
        return 0;
    }
    canvas_text(canvas, area->row, area->column, CAPTION_COLUMNS - 1, ROLE_DIM,
                meter->class->caption);
    switch (meter->class->mode) {
    case METER_BAR:
        draw_bar(meter, canvas, area);
        return 1;
    case METER_HISTOGRAM:
        draw_histogram(meter, canvas, area);
        return 1;
    case METER_LINES:
    case METER_WORDS:
        return draw_lines(meter, canvas, area, first);
    case METER_TEXT:
    default:
        write_values(meter, text, sizeof text);
        canvas_text(canvas, area->row, area->column + CAPTION_COLUMNS,
                    area->columns - CAPTION_COLUMNS, ROLE_TEXT, text);
        return 1;
    }
}
