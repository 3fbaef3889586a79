/* plan_describe.c - what a plan does, in words and numbers. */
#include "match/plan.h"

#include "base/tenths.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

/* Third octaves around 1 kHz: from 50 Hz to 16 kHz. */
enum { BAND_LOWEST = -13, BAND_HIGHEST = 12, BANDS = BAND_HIGHEST - BAND_LOWEST + 1 };
enum { MIDDLE_FIRST = 6, MIDDLE_LAST = 16 }; /* 200 Hz to 2 kHz */
static const double WORTH_DB = 0.5, WORTH_PERCENT = 2.0;

struct text {
    char *at;
    size_t size, used;
};

static void say(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct text *text, const char *format, ...)
{
    va_list arguments;
    int length;

    if (text->used >= text->size)
        return;
    va_start(arguments, format);
    length = vsnprintf(text->at + text->used, text->size - text->used, format, arguments);
    va_end(arguments);
    text->used += length > 0 ? (size_t)length : 0;
}

static double band_hz(int band)
{
    return 1000.0 * pow(2.0, (double)(band + BAND_LOWEST) / 3.0);
}

/* The mid curve in a third octave, in dB; NAN above the last bin. */
static double band_db(const struct plan *plan, int band)
{
    double bin = (double)plan->rate_hz / (double)plan->taps;
    size_t first = (size_t)ceil(band_hz(band) * pow(2.0, -1.0 / 6.0) / bin);
    size_t end = (size_t)ceil(band_hz(band) * pow(2.0, 1.0 / 6.0) / bin);
    double power = 0.0;

    if (end <= first)
        end = first + 1;
    if (end > plan->taps / 2 + 1)
        return (double)NAN;
    for (size_t k = first; k < end; k++)
        power += plan->mid_curve[k] * plan->mid_curve[k];
    return 10.0 * log10(fmax(power / (double)(end - first), 1e-12));
}

static double mean_db(const double *db, int first, int last)
{
    double sum = 0.0;
    int count = 0;

    for (int i = first; i <= last; i++) {
        if (isnan(db[i]))
            continue;
        sum += db[i];
        count++;
    }
    return count > 0 ? sum / count : 0.0;
}

static void say_hz(struct text *text, const char *side, double hz)
{
    if (hz >= 1000.0)
        say(text, " %s %.3g kHz", side, hz / 1000.0);
    else
        say(text, " %s %.0f Hz", side, hz);
}

/* A shelf begins where the curve has left the middle by half of what it does in the end. */
static void say_treble(struct text *text, const double *db, double middle)
{
    double change = mean_db(db, MIDDLE_LAST + 3, BANDS - 1) - middle;
    int edge = MIDDLE_LAST + 3;

    if (fabs(change) < WORTH_DB)
        return;
    while (edge > MIDDLE_FIRST && (db[edge - 1] - middle) / change > 0.5)
        edge--;
    say(text, ", %s", change > 0.0 ? "brighter" : "duller");
    say_hz(text, "above", band_hz(edge));
    say(text, " by %.1f dB", fabs(change));
}

static void say_bass(struct text *text, const double *db, double middle)
{
    double change = mean_db(db, 0, MIDDLE_FIRST - 2) - middle;
    int edge = MIDDLE_FIRST - 2;

    if (fabs(change) < WORTH_DB)
        return;
    while (edge < MIDDLE_LAST && (db[edge + 1] - middle) / change > 0.5)
        edge++;
    say(text, ", %s", change > 0.0 ? "fuller" : "leaner");
    say_hz(text, "below", band_hz(edge));
    say(text, " by %.1f dB", fabs(change));
}

static void say_shape(struct text *text, const struct plan *plan)
{
    double db[BANDS], middle, percent = 100.0 * (plan->wider - 1.0);

    if (plan->taps == 0)
        return;
    for (int i = 0; i < BANDS; i++)
        db[i] = band_db(plan, i);
    middle = mean_db(db, MIDDLE_FIRST, MIDDLE_LAST);
    say_treble(text, db, middle);
    say_bass(text, db, middle);
    if (fabs(percent) >= WORTH_PERCENT)
        say(text, ", %.0f %% %s", fabs(percent), percent > 0.0 ? "wider" : "narrower");
}

void plan_describe(const struct plan *plan, char *text, size_t size)
{
    struct text out = {.at = text, .size = size};
    double gain_db;

    if (plan->identity) {
        say(&out, "as it is");
        return;
    }
    gain_db = tenths(20.0 * log10(plan->coefficients[0] * plan->final_amplitude));
    say(&out, gain_db == 0.0 ? "%.1f dB" : "%+.1f dB", gain_db);
    say_shape(&out, plan);
}
