/* biquad.c - second-order filters: their coefficients, and a pair of channels run through one. */
#include "dsp/biquad.h"

#include <math.h>

static const double HIGHEST = 0.45; /* of the rate */

double biquad_hz(double hz, double rate_hz)
{
    return fmin(hz, HIGHEST * rate_hz);
}

/* tan of half the angle: the analogue frequency that the bilinear transform lays at hz. */
static double warp(double hz, double rate_hz)
{
    return tan(M_PI * biquad_hz(hz, rate_hz) / rate_hz);
}

/* (b0 s^2 + b1 s + b2) / (s^2 + s/q + 1) with s = (1 - 1/z) / (1 + 1/z) / k */
static void transform(struct biquad *biquad, const double b[3], double k, double q)
{
    double scale = 1 / (1 + k / q + k * k);

    biquad->b0 = (b[0] + b[1] * k + b[2] * k * k) * scale;
    biquad->b1 = 2 * (b[2] * k * k - b[0]) * scale;
    biquad->b2 = (b[0] - b[1] * k + b[2] * k * k) * scale;
    biquad->a1 = 2 * (k * k - 1) * scale;
    biquad->a2 = (1 - k / q + k * k) * scale;
}

void biquad_low_pass(struct biquad *biquad, double hz, double q, double rate_hz)
{
    transform(biquad, (const double[]){0, 0, 1}, warp(hz, rate_hz), q);
}

void biquad_high_pass(struct biquad *biquad, double hz, double q, double rate_hz)
{
    transform(biquad, (const double[]){1, 0, 0}, warp(hz, rate_hz), q);
}

void biquad_all_pass(struct biquad *biquad, double hz, double q, double rate_hz)
{
    transform(biquad, (const double[]){1, -1 / q, 1}, warp(hz, rate_hz), q);
}

void biquad_high_pass_1(struct biquad *biquad, double hz, double rate_hz)
{
    double k = warp(hz, rate_hz);

    *biquad = (struct biquad){.b0 = 1 / (1 + k), .b1 = -1 / (1 + k), .a1 = (k - 1) / (1 + k)};
}

void biquad_all_pass_1(struct biquad *biquad, double hz, double rate_hz)
{
    double k = warp(hz, rate_hz), c = (k - 1) / (k + 1);

    *biquad = (struct biquad){.b0 = c, .b1 = 1, .a1 = c};
}

/* --- running them -------------------------------------------------------------------------- */

/* Left and right; every processor here has such vectors. */
typedef double pair __attribute__((vector_size(16)));

/* One filter, one frame further: x goes in and comes out. The sums are laid so that as little as
   can be waits for the frame before. */
#define TAKE(i)                                                                                    \
    const pair b0_##i = {filter[i].b0, filter[i].b0}, b1_##i = {filter[i].b1, filter[i].b1},       \
               b2_##i = {filter[i].b2, filter[i].b2}, a1_##i = {filter[i].a1, filter[i].a1},       \
               a2_##i = {filter[i].a2, filter[i].a2};                                              \
    pair one_##i = {state[i].one[0], state[i].one[1]}, two_##i = {state[i].two[0], state[i].two[1]}
#define STEP(i)                                                                                    \
    do {                                                                                           \
        pair out = b0_##i * x + one_##i;                                                           \
                                                                                                   \
        one_##i = (b1_##i * x + two_##i) - a1_##i * out;                                           \
        two_##i = b2_##i * x - a2_##i * out;                                                       \
        x = out;                                                                                   \
    } while (0)
#define GIVE(i)                                                                                    \
    state[i] = (struct biquad_pair)                                                                \
    {                                                                                              \
        {one_##i[0], one_##i[1]},                                                                  \
        {                                                                                          \
            two_##i[0], two_##i[1]                                                                 \
        }                                                                                          \
    }

void biquad_run(const struct biquad *filter, struct biquad_pair *state, double *left, double *right,
                size_t frames)
{
    TAKE(0);

    for (size_t n = 0; n < frames; n++) {
        pair x = {left[n], right[n]};

        STEP(0);
        left[n] = x[0];
        right[n] = x[1];
    }
    GIVE(0);
}

/* Four at once: while one works on a frame, the one before is at the next. */
MP_RT static void run_four(const struct biquad *filter, struct biquad_pair *state, double *left,
                           double *right, size_t frames)
{
    TAKE(0);
    TAKE(1);
    TAKE(2);
    TAKE(3);

    for (size_t n = 0; n < frames; n++) {
        pair x = {left[n], right[n]};

        STEP(0);
        STEP(1);
        STEP(2);
        STEP(3);
        left[n] = x[0];
        right[n] = x[1];
    }
    GIVE(0);
    GIVE(1);
    GIVE(2);
    GIVE(3);
}

MP_RT static void run_two(const struct biquad *filter, struct biquad_pair *state, double *left,
                          double *right, size_t frames)
{
    TAKE(0);
    TAKE(1);

    for (size_t n = 0; n < frames; n++) {
        pair x = {left[n], right[n]};

        STEP(0);
        STEP(1);
        left[n] = x[0];
        right[n] = x[1];
    }
    GIVE(0);
    GIVE(1);
}

void biquad_run_row(const struct biquad *filters, struct biquad_pair *states, size_t count,
                    double *left, double *right, size_t frames)
{
    size_t i = 0;

    for (; i + 4 <= count; i += 4) {
        run_four(filters + i, states + i, left, right, frames);
    }
    for (; i + 2 <= count; i += 2) {
        run_two(filters + i, states + i, left, right, frames);
    }
    if (i < count) {
        biquad_run(filters + i, states + i, left, right, frames);
    }
}
