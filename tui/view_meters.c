/* view_meters.c - view 9: what is measured of the sound, before and after, and of the machine. */
#include "tui/meter.h"
#include "tui/screen.h"
#include "tui/spectrum.h"
#include "tui/views.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { METERS_MAX = 32, WORDS_MAX = 32, SLOW_PER_S = 2, TABLE_COLUMNS = 40, NUMBER_COLUMNS = 13 };

/* Original beside what is heard: a line of the table. */
static const struct table_line {
    const char *caption, *key, *unit;
    int decimals;
} table[] = {
    {"peak", "peak", "dBFS", 1},
    {"RMS", "rms", "dBFS", 1},
    {"momentary", "momentary", "LUFS", 1},
    {"short-term", "short_term", "LUFS", 1},
    {"integrated", "integrated", "LUFS", 1},
    {"range", "range", "LU", 1},
    {"true peak", "true_peak", "dBTP", 1},
    {"headroom", "headroom", "dB", 1},
    {"clipped", "clipped", "", 0},
    {"correlation", "correlation", "", 2},
    {"width", "width", "", 2},
};

enum { TABLE_LINES = sizeof table / sizeof table[0] };

struct table_value {
    double values[2];
    size_t count; /* 0: not measured; 2: left and right */
};

struct view_of_meters {
    struct view view;
    struct meter meters[METERS_MAX];
    size_t count;
    struct table_value original[TABLE_LINES], heard[TABLE_LINES];
    struct spectrum spectrum;
    double peaks[2]; /* of what is heard, for the bars */
    bool there;      /* an answer has come */
    char withheld[METER_TEXT_SIZE];
    bool shown, asked;
    uint64_t next_ms, next_slow_ms;
};

static struct view *create(struct screen *screen)
{
    struct view_of_meters *meters = calloc(1, sizeof *meters);

    (void)screen;
    if (meters == NULL) {
        return NULL;
    }
    while (meters->count < METERS_MAX && meter_class_at(meters->count) != NULL) {
        meter_init(&meters->meters[meters->count], meter_class_at(meters->count));
        meters->count++;
    }
    meters->peaks[0] = meters->peaks[1] = -HUGE_VAL;
    return &meters->view;
}

static void destroy(struct view *view)
{
    client_cancel(view->screen->client, view);
    free(view);
}

/* --- reading ------------------------------------------------------------------------------- */

static void read_side(struct table_value values[TABLE_LINES], const struct answer *answer,
                      const char *side)
{
    for (size_t i = 0; i < TABLE_LINES; i++) {
        char key[64];
        const char *text;

        snprintf(key, sizeof key, "%s_%s", side, table[i].key);
        text = answer_get(answer, 0, key);
        if (text != NULL) {
            values[i].count = meter_numbers(text, values[i].values, 2);
        }
    }
}

static void told(void *context, const struct answer *answer)
{
    struct view_of_meters *meters = context;
    const char *peaks = answer_get(answer, 0, "after_peak");
    const char *withheld = answer_get(answer, 0, "withheld");

    meters->asked = false;
    if (!answer->ok) {
        return;
    }
    meters->there = true;
    snprintf(meters->withheld, sizeof meters->withheld, "%s", withheld != NULL ? withheld : "");
    for (size_t i = 0; i < meters->count; i++) {
        meter_read(&meters->meters[i], answer);
    }
    spectrum_read(&meters->spectrum, answer);
    if (peaks != NULL) {
        meter_numbers(peaks, meters->peaks, 2);
    }
    if (answer_get(answer, 0, "load_mean") != NULL) { /* numbers that change too fast help nobody */
        read_side(meters->original, answer, "before");
        read_side(meters->heard, answer, "after");
    }
    if (meters->shown) {
        screen_dirty(meters->view.screen);
    }
}

static void ask(struct view_of_meters *meters, bool slow)
{
    const char *words[WORDS_MAX] = {"match", "meters", "levels", "limiter"};
    const char *const more[] = {"spectrum", "loudness", "true_peak", "reference", "load",
                                "margins",  "dropouts", "latency",   "thread",    "modules",
                                "memory",   "quality",  "recovery",  "disk"};
    size_t count = 4;

    for (size_t i = 0; slow && i < sizeof more / sizeof more[0]; i++) {
        words[count++] = more[i];
    }
    if (slow && meters->spectrum.fine) {
        words[count++] = "fft";
    }
    meters->asked = true;
    if (client_ask_words(meters->view.screen->client, told, meters, words, count) < 0) {
        meters->asked = false;
    }
}

static int tick(struct view *view, uint64_t now_ms)
{
    struct view_of_meters *meters = (struct view_of_meters *)view;
    unsigned per_s = view->screen->meters_per_s;
    bool slow = now_ms >= meters->next_slow_ms;

    if (!view->screen->state.joined || meters->asked) {
        return -1;
    }
    if (now_ms >= meters->next_ms) {
        meters->next_ms = now_ms + 1000 / per_s;
        if (slow) {
            meters->next_slow_ms = now_ms + 1000 / (per_s < SLOW_PER_S ? per_s : SLOW_PER_S) - 20;
        }
        ask(meters, slow);
    }
    return (int)(meters->next_ms > now_ms ? meters->next_ms - now_ms : 1);
}

static void shown(struct view *view)
{
    struct view_of_meters *meters = (struct view_of_meters *)view;

    meters->shown = true;
    meters->next_ms = meters->next_slow_ms = 0;
}

static void hidden(struct view *view)
{
    ((struct view_of_meters *)view)->shown = false;
}

static bool act(struct view *view, enum action action)
{
    struct view_of_meters *meters = (struct view_of_meters *)view;

    if (action != ACTION_OTHER_PANE) {
        return false;
    }
    spectrum_refine(&meters->spectrum);
    meters->next_slow_ms = 0;
    screen_say(view->screen, ROLE_TEXT,
               meters->spectrum.fine ? "the spectrum in lines of a twelfth of an octave"
                                     : "the spectrum in third octaves");
    return true;
}

/* --- drawing ------------------------------------------------------------------------------- */

static void write_value(char *text, size_t size, const struct table_value *value, int decimals)
{
    char left[24], right[24];

    if (value->count == 0) {
        snprintf(text, size, "-");
        return;
    }
    meter_write_number(left, sizeof left, value->values[0], decimals);
    if (value->count == 1) {
        snprintf(text, size, "%s", left);
        return;
    }
    meter_write_number(right, sizeof right, value->values[1], decimals);
    snprintf(text, size, "%s %s", left, right);
}

static int draw_table(const struct view_of_meters *meters, struct canvas *canvas,
                      const struct area *area)
{
    int caption = area->columns - 2 * NUMBER_COLUMNS;
    int row = area->row;

    canvas_text_right(canvas, row, area->column + caption, NUMBER_COLUMNS, ROLE_TITLE, "original");
    canvas_text_right(canvas, row, area->column + caption + NUMBER_COLUMNS, NUMBER_COLUMNS,
                      ROLE_TITLE, "heard");
    row++;
    for (size_t i = 0; i < TABLE_LINES && row < area->row + area->rows; i++, row++) {
        char text[64];

        canvas_text(canvas, row, area->column, caption, ROLE_DIM, table[i].caption);
        write_value(text, sizeof text, &meters->original[i], table[i].decimals);
        canvas_text_right(canvas, row, area->column + caption, NUMBER_COLUMNS, ROLE_TEXT, text);
        write_value(text, sizeof text, &meters->heard[i], table[i].decimals);
        canvas_text_right(canvas, row, area->column + caption + NUMBER_COLUMNS, NUMBER_COLUMNS,
                          ROLE_TEXT, text);
    }
    return row - area->row;
}

/* In one column, or two side by side. Returns the rows it took. */
static int draw_machine(const struct view_of_meters *meters, struct canvas *canvas,
                        const struct area *area)
{
    int columns = area->columns >= 2 * TABLE_COLUMNS ? 2 : 1;
    int width = area->columns / columns;
    size_t i = 0;
    int most = 0;

    for (int c = 0; c < columns; c++) {
        struct area line = {area->row, area->column + c * width, area->rows, width - (columns - 1)};

        for (; i < meters->count && line.rows > 0; i++) {
            int rows = meter_draw(&meters->meters[i], canvas, &line);

            line.row += rows;
            line.rows -= rows;
        }
        most = line.row - area->row > most ? line.row - area->row : most;
    }
    return most;
}

/* Two bars from -60 dBFS up, one a channel; the colour belongs to the place, so that only the bar's
   end changes. */
static void draw_peaks(const struct view_of_meters *meters, struct canvas *canvas,
                       const struct area *area)
{
    int columns = area->columns - 2;

    for (int c = 0; c < 2 && c < area->rows; c++) {
        double db = meters->peaks[c];

        canvas_text(canvas, area->row + c, area->column, 2, ROLE_DIM, c == 0 ? "L" : "R");
        canvas_bar(canvas, &(struct area){area->row + c, area->column + 2, 1, columns},
                   (db + 60.0) / 60.0, ROLE_METER_LOW, ROLE_METER_LOW);
        canvas_paint(canvas, area->row + c, area->column + 2 + columns * 9 / 10, columns / 10,
                     ROLE_METER_MIDDLE);
        canvas_paint(canvas, area->row + c, area->column + 1 + columns, 1, ROLE_METER_HIGH);
    }
}

static void draw(struct view *view, struct canvas *canvas, const struct area *area)
{
    struct view_of_meters *meters = (struct view_of_meters *)view;
    bool wide = area->columns >= 2 * TABLE_COLUMNS;
    struct area left = {area->row + 2, area->column + 1, area->rows - 2,
                        wide ? TABLE_COLUMNS - 2 : area->columns - 2};
    struct area right = {area->row + 2, area->column + TABLE_COLUMNS + 1, TABLE_LINES + 1,
                         area->columns - TABLE_COLUMNS - 2};
    struct area bars = {area->row, area->column + 1, 2, area->columns - 2};
    struct area below = *area;
    int used;

    if (!meters->there) {
        canvas_text(canvas, area->row, area->column + 1, area->columns - 1, ROLE_DIM,
                    "one moment: measuring begins when it is asked for");
        return;
    }
    if (meters->withheld[0] != '\0') {
        canvas_printf(canvas, area->row, area->column + 1, area->columns - 1, ROLE_WARNING,
                      "%s: what would tell A from B is not shown", meters->withheld);
        draw_machine(meters, canvas, &left);
        return;
    }
    draw_peaks(meters, canvas, &bars);
    if (left.rows < TABLE_LINES + 1 && !wide) { /* too little room for both */
        draw_table(meters, canvas, &left);
        return;
    }
    used = 2 + draw_table(meters, canvas, &left);
    if (wide) {
        int machine;

        if (right.columns < 2 * TABLE_COLUMNS && right.rows < area->rows / 2) {
            right.rows = area->rows / 2;
        }
        right.rows = right.rows < area->rows - 2 ? right.rows : area->rows - 2;
        machine = 2 + draw_machine(meters, canvas, &right);
        used = used > machine ? used : machine;
    } else {
        struct area under = {area->row + used, area->column + 1, area->rows - used,
                             area->columns - 2};

        draw_machine(meters, canvas, &under);
        return;
    }
    below.row += used;
    below.rows -= used;
    spectrum_draw(&meters->spectrum, canvas, &below);
}

const struct view_class view_meters = {
    .name = "meters",
    .create = create,
    .destroy = destroy,
    .shown = shown,
    .hidden = hidden,
    .tick = tick,
    .act = act,
    .draw = draw,
};
