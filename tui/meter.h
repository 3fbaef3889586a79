/*
 * meter.h - one meter: a const class that says what it shows, and a mode that draws it.
 *
 * A class names what it needs of `match meters`, the pairs in the answer it reads, and how it is
 * drawn. A new meter is one entry in meters.c. What the player does not measure is not in the
 * answer, and such a meter does not show.
 *
 * Threads: one.
 */
#ifndef MP_TUI_METER_H
#define MP_TUI_METER_H

#include "tui/canvas.h"
#include "tui/client.h"

enum { METER_VALUES_MAX = 32, METER_TEXT_SIZE = 96, METER_LINES_MAX = 16 };

enum meter_mode {
    METER_TEXT,      /* caption, then values with their unit */
    METER_BAR,       /* caption, a bar for the first value, numbers behind it */
    METER_HISTOGRAM, /* caption, a column for each value */
    METER_LINES,     /* caption, then each pair's text on a line of its own */
    METER_WORDS,     /* caption, then the pairs' texts in a row, each behind its part of `unit` */
};

struct meter_class {
    const char *name, *caption;
    const char *wanted; /* the word behind `match meters` */
    enum meter_mode mode;
    const char *keys[4];     /* pairs whose numbers are read, one after the other; NULL ends */
    const char *unit;        /* of METER_WORDS a word for each key: "|priority|cpu" */
    double minimum, maximum; /* of a bar */
    double middle, high;     /* from where on it is drawn in another colour */
    int decimals;
    int rows; /* of METER_LINES: the most it takes, up to METER_LINES_MAX */
};

struct meter {
    const struct meter_class *class;
    double values[METER_VALUES_MAX];
    size_t count;
    char lines[METER_LINES_MAX][METER_TEXT_SIZE]; /* of METER_LINES, and METER_WORDS */
    size_t line_count;
};

void meter_init(struct meter *meter, const struct meter_class *class);
/* Takes what the answer has for it; nothing: it stays as it was. */
void meter_read(struct meter *meter, const struct answer *answer);
/* How many it takes; 0: it was not measured, and does not show. */
int meter_rows(const struct meter *meter);
/* From its row `first` on, as far as there is room. Returns the rows it took. */
int meter_draw(const struct meter *meter, struct canvas *canvas, const struct area *area,
               int first);

/* The numbers of a pair's value ("-1.2 -0.8"), "-inf" as -HUGE_VAL. Returns how many. */
size_t meter_numbers(const char *text, double values[], size_t most);
/* "-inf" or a number with its decimals. */
void meter_write_number(char *text, size_t size, double value, int decimals);

/* meters.c: all of them; NULL past the last. */
const struct meter_class *meter_class_at(size_t index);

#endif
