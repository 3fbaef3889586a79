/* view_meters.c - view 9: what is measured of the sound, before and after, and of the machine. */
#include "tui/meter.h"
#include "tui/screen.h"
#include "tui/scroll.h"
#include "tui/spectrum.h"
#include "tui/views.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { METERS_MAX = 32, WORDS_MAX = 32, SLOW_PER_S = 2, TABLE_COLUMNS = 40, NUMBER_COLUMNS = 13 };
enum { MACHINE_COLUMNS = 39 }; /* the least that a column of the machine's meters takes */

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

enum { TABLE_LINES = sizeof table / sizeof table[0], TABLE_ROWS = TABLE_LINES + 1 };

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
    bool machine;    /* the machine's meters have the whole room */
    struct scroll scroll;
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

/* Third octaves, lines, the machine's meters alone, and round. */
static void turn_page(struct view_of_meters *meters)
{
    const char *says = "the spectrum in third octaves";

    if (meters->machine) {
        meters->machine = false;
    } else if (meters->spectrum.fine) {
        spectrum_refine(&meters->spectrum);
        meters->machine = true;
        says = "all that is measured of the machine and the chain";
    } else {
        spectrum_refine(&meters->spectrum);
        says = "the spectrum in lines of a twelfth of an octave";
    }
    meters->scroll.top = 0;
    meters->next_slow_ms = 0;
    screen_say(meters->view.screen, ROLE_TEXT, "%s", says);
}

static bool act(struct view *view, enum action action)
{
    struct view_of_meters *meters = (struct view_of_meters *)view;

    if (action != ACTION_OTHER_PANE) {
        return scroll_act(&meters->scroll, action);
    }
    turn_page(meters);
    return true;
}

static bool point(struct view *view, const struct input *input)
{
    if (input->kind == INPUT_WHEEL) {
        scroll_turn(&((struct view_of_meters *)view)->scroll, input->lines);
    }
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

static void draw_table_line(const struct view_of_meters *meters, struct canvas *canvas,
                            const struct area *line, size_t index)
{
    int caption = line->columns - 2 * NUMBER_COLUMNS;
    int original = line->column + caption, heard = original + NUMBER_COLUMNS;
    char text[64];

    canvas_text(canvas, line->row, line->column, caption, ROLE_DIM, table[index].caption);
    write_value(text, sizeof text, &meters->original[index], table[index].decimals);
    canvas_text_right(canvas, line->row, original, NUMBER_COLUMNS, ROLE_TEXT, text);
    write_value(text, sizeof text, &meters->heard[index], table[index].decimals);
    canvas_text_right(canvas, line->row, heard, NUMBER_COLUMNS, ROLE_TEXT, text);
}

/* From its row `first` on. Returns the rows it took. */
static int draw_table(const struct view_of_meters *meters, struct canvas *canvas,
                      const struct area *area, int first)
{
    struct area line = *area;
    int at = first;

    for (; at < TABLE_ROWS && line.row < area->row + area->rows; at++, line.row++) {
        int caption = area->columns - 2 * NUMBER_COLUMNS;

        if (at > 0) {
            draw_table_line(meters, canvas, &line, (size_t)at - 1);
            continue;
        }
        canvas_text_right(canvas, line.row, area->column + caption, NUMBER_COLUMNS, ROLE_TITLE,
                          "original");
        canvas_text_right(canvas, line.row, area->column + caption + NUMBER_COLUMNS, NUMBER_COLUMNS,
                          ROLE_TITLE, "heard");
    }
    return at - first;
}

static int machine_columns(const struct area *area)
{
    return area->columns >= 2 * MACHINE_COLUMNS ? 2 : 1;
}

static int machine_rows(const struct view_of_meters *meters)
{
    int rows = 0;

    for (size_t i = 0; i < meters->count; i++) {
        rows += meter_rows(&meters->meters[i]);
    }
    return rows;
}

/* From their row `first` on, in one column, or two side by side. */
static void draw_machine(const struct view_of_meters *meters, struct canvas *canvas,
                         const struct area *area, int first)
{
    int columns = machine_columns(area), width = area->columns / columns;
    size_t i = 0;

    for (; i < meters->count && first >= meter_rows(&meters->meters[i]); i++) {
        first -= meter_rows(&meters->meters[i]);
    }
    for (int c = 0; c < columns; c++) {
        struct area line = {area->row, area->column + c * width, area->rows, width - (columns - 1)};

        while (i < meters->count && line.rows > 0) {
            int rows = meter_draw(&meters->meters[i], canvas, &line, first);

            line.row += rows;
            line.rows -= rows;
            first += rows;
            if (first >= meter_rows(&meters->meters[i])) {
                first = 0;
                i++;
            }
        }
    }
}

/* The machine's meters, after the table where it has no place of its own, as far as they were
   scrolled. */
static void draw_scrolled(struct view_of_meters *meters, struct canvas *canvas,
                          const struct area *area, bool with_table)
{
    int columns = with_table ? 1 : machine_columns(area);
    int before = with_table ? TABLE_ROWS : 0;
    struct area body = *area;
    int first;

    body.rows = scroll_fit(&meters->scroll, before + machine_rows(meters), area->rows, columns);
    first = meters->scroll.top;
    if (first < before) {
        int used = draw_table(meters, canvas, &body, first);

        body.row += used;
        body.rows -= used;
        first = before;
    }
    draw_machine(meters, canvas, &body, first - before);
    scroll_mark(&meters->scroll, canvas, area);
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

/* The table, beside it the machine's meters, below both the spectrum. */
static void draw_wide(struct view_of_meters *meters, struct canvas *canvas, const struct area *area)
{
    struct area left = {area->row, area->column, area->rows, TABLE_COLUMNS - 2};
    struct area right = {area->row, area->column + TABLE_COLUMNS, TABLE_ROWS,
                         area->columns - TABLE_COLUMNS};
    struct area below = {area->row, area->column - 1, area->rows, area->columns + 2};
    int columns = machine_columns(&right), half = area->rows / 2 + 1;
    int wanted = (machine_rows(meters) + columns - 1) / columns;

    if (wanted > TABLE_ROWS && half > TABLE_ROWS) {
        right.rows = wanted < half ? wanted : half;
    }
    right.rows = right.rows < area->rows ? right.rows : area->rows;
    draw_table(meters, canvas, &left, 0);
    draw_scrolled(meters, canvas, &right, false);
    below.row += right.rows;
    below.rows -= right.rows;
    spectrum_draw(&meters->spectrum, canvas, &below);
}

static void draw(struct view *view, struct canvas *canvas, const struct area *area)
{
    struct view_of_meters *meters = (struct view_of_meters *)view;
    struct area all = {area->row, area->column + 1, area->rows, area->columns - 2};
    struct area bars = {area->row, area->column + 1, 2, area->columns - 2};
    struct area rest = {area->row + 2, area->column + 1, area->rows - 2, area->columns - 2};

    if (!meters->there) {
        canvas_text(canvas, area->row, area->column + 1, area->columns - 1, ROLE_DIM,
                    "one moment: measuring begins when it is asked for");
    } else if (meters->withheld[0] != '\0') {
        canvas_printf(canvas, area->row, area->column + 1, area->columns - 1, ROLE_WARNING,
                      "%s: what would tell A from B is not shown", meters->withheld);
        draw_scrolled(meters, canvas, &rest, false);
    } else if (meters->machine) {
        draw_scrolled(meters, canvas, &all, false);
    } else {
        draw_peaks(meters, canvas, &bars);
        if (area->columns >= 2 * TABLE_COLUMNS && rest.rows >= TABLE_ROWS) {
            draw_wide(meters, canvas, &rest);
        } else {
            draw_scrolled(meters, canvas, &rest, true);
        }
    }
}

const struct view_class view_meters = {
    .name = "meters",
    .create = create,
    .destroy = destroy,
    .shown = shown,
    .hidden = hidden,
    .tick = tick,
    .act = act,
    .point = point,
    .draw = draw,
};
