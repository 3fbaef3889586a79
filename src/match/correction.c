/* correction.c - histograms from which the level after clipping is read for any gain. */
#include "match/correction.h"

#include "match/match.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The bits of a float above its 13 lowest are its exponent and 10 bits of mantissa: read as a
   number they are a piecewise linear logarithm of 1024 steps to the octave. */
enum { OCTAVES = 4, STEPS = 1024, MANTISSA_BITS = 23, STEP_BITS = 10 };
static const float LOWEST = 0.25F; /* -12 dB; OCTAVES above it end at +12 dB */

/* Bins of all pieces together, at most: 48 MiB. Beyond (17 h) they become coarser. */
enum { BINS_MAX = 4 << 20 };

struct piece {
    double below;  /* sum of squares of what is too low to be clipped by any gain */
    int64_t above; /* count of what is clipped by every gain */
};

struct correction {
    size_t pieces, bins; /* bins: of one piece, a power of two */
    unsigned shift;      /* from the bits of a float to its bin */
    int64_t piece_frames, fed;
    double gain;
    struct piece *piece;
    uint32_t *count; /* pieces * bins */
    double *power;   /* pieces * bins: sums of squares */
    double *rms;     /* pieces, scratch of correction_match_rms */
    bool *loud;
};

struct correction *correction_create(size_t pieces, int64_t piece_frames, double gain)
{
    struct correction *correction = calloc(1, sizeof(*correction));

    if (!correction)
        return NULL;
    correction->pieces = pieces;
    correction->piece_frames = piece_frames;
    correction->gain = gain;
    correction->bins = (size_t)OCTAVES * STEPS;
    correction->shift = MANTISSA_BITS - STEP_BITS;
    while (correction->bins * pieces > BINS_MAX && correction->bins > OCTAVES) {
        correction->bins /= 2;
        correction->shift++;
    }
    correction->piece = calloc(pieces, sizeof(*correction->piece));
    correction->count = calloc(pieces * correction->bins, sizeof(*correction->count));
    correction->power = calloc(pieces * correction->bins, sizeof(*correction->power));
    correction->rms = calloc(pieces, sizeof(*correction->rms));
    correction->loud = calloc(pieces, sizeof(*correction->loud));
    if (correction->piece && correction->count && correction->power && correction->rms &&
        correction->loud)
        return correction;
    correction_destroy(correction);
    errno = ENOMEM;
    return NULL;
}

void correction_destroy(struct correction *correction)
{
    if (!correction)
        return;
    free(correction->piece);
    free(correction->count);
    free(correction->power);
    free(correction->rms);
    free(correction->loud);
    free(correction);
}

static uint32_t bits_of(float value)
{
    uint32_t bits;

    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

static void feed_piece(struct correction *correction, size_t index, const double *mid,
                       size_t frames)
{
    struct piece *piece = &correction->piece[index];
    uint32_t *count = correction->count + index * correction->bins;
    double *power = correction->power + index * correction->bins;
    uint32_t lowest = bits_of(LOWEST);
    double below = 0.0;

    for (size_t i = 0; i < frames; i++) {
        double value = correction->gain * mid[i], square = value * value;
        float level = fabsf((float)value);
        if (level < LOWEST) {
            below += square;
            continue;
        }
        size_t bin = (bits_of(level) - lowest) >> correction->shift;
        if (bin >= correction->bins) {
            piece->above++;
            continue;
        }
        count[bin]++;
        power[bin] += square;
    }
    piece->below += below;
}

void correction_go_to(struct correction *correction, int64_t frame)
{
    correction->fed = frame;
}

void correction_add(struct correction *correction, const struct correction *other)
{
    for (size_t i = 0; i < correction->pieces; i++) {
        correction->piece[i].below += other->piece[i].below;
        correction->piece[i].above += other->piece[i].above;
    }
    for (size_t i = 0; i < correction->pieces * correction->bins; i++) {
        correction->count[i] += other->count[i];
        correction->power[i] += other->power[i];
    }
}

void correction_feed(struct correction *correction, const double *mid, size_t frames)
{
    while (frames > 0) {
        size_t index = (size_t)(correction->fed / correction->piece_frames);
        int64_t rest = (int64_t)(index + 1) * correction->piece_frames - correction->fed;
        size_t step = (int64_t)frames < rest ? frames : (size_t)rest;

        if (index >= correction->pieces)
            return;
        feed_piece(correction, index, mid, step);
        correction->fed += (int64_t)step;
        mid += step;
        frames -= step;
    }
}

/* The lowest level that belongs in a bin. */
static double bin_edge(const struct correction *correction, size_t bin)
{
    uint32_t bits = bits_of(LOWEST) + ((uint32_t)bin << correction->shift);
    float edge;

    memcpy(&edge, &bits, sizeof(edge));
    return (double)edge;
}

/* The one bin that the clipping level cuts: its levels are taken as spread evenly. */
static double cut_power(const struct correction *correction, size_t bin, double count, double gain)
{
    double low = bin_edge(correction, bin), high = bin_edge(correction, bin + 1);
    double cut = 1.0 / gain, density = count / (high - low);

    return density * (gain * gain * (cut * cut * cut - low * low * low) / 3.0 + high - cut);
}

/* Sum of min(1, gain * |y|)^2 over a piece. */
static double clipped_power(const struct correction *correction, size_t index, double gain)
{
    const struct piece *piece = &correction->piece[index];
    const uint32_t *count = correction->count + index * correction->bins;
    const double *power = correction->power + index * correction->bins;
    double below = piece->below, above = (double)piece->above;
    size_t i = 0;

    for (; i < correction->bins && gain * bin_edge(correction, i + 1) <= 1.0; i++)
        below += power[i];
    if (i < correction->bins && gain * bin_edge(correction, i) < 1.0) {
        above += cut_power(correction, i, (double)count[i], gain);
        i++;
    }
    for (; i < correction->bins; i++)
        above += (double)count[i];
    return gain * gain * below + above;
}

double correction_match_rms(const struct correction *correction, double gain)
{
    size_t loud;

    for (size_t i = 0; i < correction->pieces; i++)
        correction->rms[i] =
            sqrt(clipped_power(correction, i, gain) / (double)correction->piece_frames);
    return match_loud_pieces(correction->rms, correction->pieces, correction->loud, &loud);
}

bool correction_covers(double gain)
{
    return gain >= 0.2512 && gain <= 3.98;
}
