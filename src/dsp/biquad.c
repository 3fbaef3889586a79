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

void biquad_run(const struct biquad *biquad, struct biquad_pair *state, double *left, double *right,
                size_t frames)
{
    const struct biquad f = *biquad;
    double left_one = state->one[0], left_two = state->two[0];
    double right_one = state->one[1], right_two = state->two[1];

    for (size_t n = 0; n < frames; n++) {
        double l = left[n], r = right[n];
        double left_out = f.b0 * l + left_one, right_out = f.b0 * r + right_one;

        left_one = f.b1 * l - f.a1 * left_out + left_two;
        right_one = f.b1 * r - f.a1 * right_out + right_two;
        left_two = f.b2 * l - f.a2 * left_out;
        right_two = f.b2 * r - f.a2 * right_out;
        left[n] = left_out;
        right[n] = right_out;
    }
    *state = (struct biquad_pair){{left_one, right_one}, {left_two, right_two}};
}
