/* loudness_meter.c - momentary, short-term and integrated loudness and its range, as it goes by. */
#include "measure/loudness_meter.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    STEPS_A_SECOND = 100, /* so finely the two windows slide */
    MOMENTARY = 40,
    SHORT_TERM = 300,
    BLOCK_STEPS = 10,  /* from one block that counts to the next */
    BINS_A_LU = 50,    /* what lies near a gate is taken for what it is to 0.02 LU */
    LOWEST_LUFS = -70, /* the absolute gate */
    HIGHEST_LUFS = 10,
    BINS = (HIGHEST_LUFS - LOWEST_LUFS) * BINS_A_LU,
};

typedef double pair __attribute__((vector_size(2 * sizeof(double)))); /* left, right */

/* Second order, in transposed direct form II. */
struct section {
    double b0, b1, b2, a1, a2;
    pair z1, z2;
};

/* How often each loudness was met, and what its powers add up to. */
struct histogram {
    uint64_t counts[BINS];
    double powers[BINS];
};

struct loudness_meter {
    uint32_t rate_hz, step_frames, filled; /* of the step that is being filled */
    uint64_t in_second;                    /* which of its second it is */
    struct section shelf, high_pass;
    pair sum;
    double steps[SHORT_TERM];     /* sums of squares of the last 3 s, a circle */
    uint32_t lengths[SHORT_TERM]; /* frames of each: where the rate is no multiple they differ */
    uint32_t at;
    uint64_t taken;             /* steps since the meter was made */
    uint64_t since_begin;       /* and since loudness_meter_begin */
    struct histogram blocks;    /* of 400 ms, overlapping by 300 */
    struct histogram stretches; /* of 3 s, once a second */
    double integrated, range;
};

/* --- K-weighting ----------------------------------------------------------------------------- */

/* The analogue filters behind the coefficients that BS.1770 gives for 48 kHz, for any rate. */
static void init_shelf(struct section *section, double rate_hz)
{
    const double f0 = 1681.974450955533, gain_db = 3.999843853973347, q = 0.7071752369554196;
    double k = tan(M_PI * f0 / rate_hz);
    double vh = pow(10.0, gain_db / 20.0), vb = pow(vh, 0.4996667741545416);
    double a0 = 1.0 + k / q + k * k;

    *section = (struct section){.b0 = (vh + vb * k / q + k * k) / a0,
                                .b1 = 2.0 * (k * k - vh) / a0,
                                .b2 = (vh - vb * k / q + k * k) / a0,
                                .a1 = 2.0 * (k * k - 1.0) / a0,
                                .a2 = (1.0 - k / q + k * k) / a0};
}

static void init_high_pass(struct section *section, double rate_hz)
{
    const double f0 = 38.13547087602444, q = 0.5003270373238773;
    double k = tan(M_PI * f0 / rate_hz);
    double a0 = 1.0 + k / q + k * k;

    *section = (struct section){.b0 = 1.0, /* the standard's own, not normalised */
                                .b1 = -2.0,
                                .b2 = 1.0,
                                .a1 = 2.0 * (k * k - 1.0) / a0,
                                .a2 = (1.0 - k / q + k * k) / a0};
}

static inline pair filter(struct section *section, pair x)
{
    pair y = section->b0 * x + section->z1;

    section->z1 = section->b1 * x - section->a1 * y + section->z2;
    section->z2 = section->b2 * x - section->a2 * y;
    return y;
}

/* --- gates ----------------------------------------------------------------------------------- */

static double lufs_of(double power)
{
    return power > 0.0 ? -0.691 + 10.0 * log10(power) : -HUGE_VAL;
}

static void count(struct histogram *histogram, double power)
{
    double place = (lufs_of(power) - LOWEST_LUFS) * BINS_A_LU;

    if (place >= 0.0) { /* below is silence: the absolute gate */
        size_t bin = place < BINS - 1 ? (size_t)place : BINS - 1;

        histogram->counts[bin]++;
        histogram->powers[bin] += power;
    }
}

/* The mean power of what is not below `gate_lufs`; 0: nothing. */
static double mean_above(const struct histogram *histogram, double gate_lufs, size_t *first)
{
    double place = (gate_lufs - LOWEST_LUFS) * BINS_A_LU;
    uint64_t sum = 0;
    double power = 0.0;

    *first = place <= 0.0 ? 0 : (size_t)lround(place);
    for (size_t bin = *first; bin < BINS; bin++) {
        sum += histogram->counts[bin];
        power += histogram->powers[bin];
    }
    return sum > 0 ? power / (double)sum : 0.0;
}

/* The loudness below which a share of what is counted from bin `first` on lies. */
static double percentile(const struct histogram *histogram, size_t first, double share)
{
    uint64_t all = 0, sum = 0, wanted;

    for (size_t bin = first; bin < BINS; bin++) {
        all += histogram->counts[bin];
    }
    wanted = (uint64_t)((double)(all - 1) * share + 0.5);
    for (size_t bin = first; bin < BINS; bin++) {
        sum += histogram->counts[bin];
        if (sum > wanted) {
            return lufs_of(histogram->powers[bin] / (double)histogram->counts[bin]);
        }
    }
    return -HUGE_VAL;
}

/* --- use ------------------------------------------------------------------------------------- */

struct loudness_meter *loudness_meter_create(uint32_t rate_hz)
{
    struct loudness_meter *meter = NULL;

    if (rate_hz < 4000 || rate_hz > 768000) {
        errno = EINVAL;
        return NULL;
    }
    meter = aligned_alloc(64, (sizeof *meter + 63) / 64 * 64);
    if (meter == NULL) {
        errno = ENOMEM;
        return NULL;
    }
    memset(meter, 0, sizeof *meter);
    meter->rate_hz = rate_hz;
    meter->step_frames = rate_hz / STEPS_A_SECOND;
    init_shelf(&meter->shelf, rate_hz);
    init_high_pass(&meter->high_pass, rate_hz);
    meter->integrated = -HUGE_VAL;
    return meter;
}

void loudness_meter_destroy(struct loudness_meter *meter)
{
    free(meter);
}

void loudness_meter_begin(struct loudness_meter *meter)
{
    memset(&meter->blocks, 0, sizeof meter->blocks);
    memset(&meter->stretches, 0, sizeof meter->stretches);
    meter->since_begin = 0;
    meter->integrated = -HUGE_VAL;
    meter->range = 0.0;
}

/* The mean power of the last `steps`, or of as many as there are. */
static double mean_of_last(const struct loudness_meter *meter, uint32_t steps)
{
    uint32_t there = meter->taken < steps ? (uint32_t)meter->taken : steps;
    uint64_t frames = 0;
    double sum = 0.0;

    for (uint32_t i = 1; i <= there; i++) {
        uint32_t at = (meter->at + SHORT_TERM - i) % SHORT_TERM;

        sum += meter->steps[at];
        frames += meter->lengths[at];
    }
    return frames > 0 ? sum / (double)frames : 0.0;
}

static double integrated_of(const struct loudness_meter *meter)
{
    size_t first;
    double power = mean_above(&meter->blocks, LOWEST_LUFS, &first);

    return power > 0.0 ? lufs_of(mean_above(&meter->blocks, lufs_of(power) - 10.0, &first))
                       : -HUGE_VAL;
}

static double range_of(const struct loudness_meter *meter)
{
    size_t first;
    double power = mean_above(&meter->stretches, LOWEST_LUFS, &first);

    if (power <= 0.0) {
        return 0.0;
    }
    mean_above(&meter->stretches, lufs_of(power) - 20.0, &first);
    return percentile(&meter->stretches, first, 0.95) - percentile(&meter->stretches, first, 0.1);
}

/* The steps of a second add up to it, whatever the rate. */
static void next_length(struct loudness_meter *meter)
{
    uint64_t rate = meter->rate_hz;

    meter->in_second = (meter->in_second + 1) % STEPS_A_SECOND;
    meter->step_frames = (uint32_t)((meter->in_second + 1) * rate / STEPS_A_SECOND -
                                    meter->in_second * rate / STEPS_A_SECOND);
}

static void end_step(struct loudness_meter *meter)
{
    meter->steps[meter->at] = meter->sum[0] + meter->sum[1];
    meter->lengths[meter->at] = meter->step_frames;
    meter->at = (meter->at + 1) % SHORT_TERM;
    meter->taken++;
    meter->since_begin++;
    meter->sum = (pair){0.0, 0.0};
    meter->filled = 0;
    next_length(meter);
    if (meter->since_begin % BLOCK_STEPS != 0) {
        return;
    }
    if (meter->since_begin >= MOMENTARY) {
        count(&meter->blocks, mean_of_last(meter, MOMENTARY));
    }
    if (meter->since_begin >= SHORT_TERM && meter->since_begin % STEPS_A_SECOND == 0) {
        count(&meter->stretches, mean_of_last(meter, SHORT_TERM));
        meter->range = range_of(meter);
    }
    meter->integrated = integrated_of(meter);
}

void loudness_meter_add(struct loudness_meter *meter, const float *const audio[2], uint32_t frames)
{
    for (uint32_t done = 0; done < frames;) {
        uint32_t left = meter->step_frames - meter->filled;
        uint32_t end = frames - done < left ? frames : done + left;
        struct section shelf = meter->shelf, high_pass = meter->high_pass;
        pair sum = meter->sum;

        meter->filled += end - done;
        for (; done < end; done++) {
            pair x = {(double)audio[0][done], (double)audio[1][done]};
            pair y = filter(&high_pass, filter(&shelf, x));

            sum += y * y;
        }
        meter->shelf = shelf;
        meter->high_pass = high_pass;
        meter->sum = sum;
        if (meter->filled == meter->step_frames) {
            end_step(meter);
        }
    }
}

double loudness_meter_momentary(const struct loudness_meter *meter)
{
    return lufs_of(mean_of_last(meter, MOMENTARY));
}

double loudness_meter_short_term(const struct loudness_meter *meter)
{
    return lufs_of(mean_of_last(meter, SHORT_TERM));
}

double loudness_meter_integrated(const struct loudness_meter *meter)
{
    return meter->integrated;
}

double loudness_meter_range(const struct loudness_meter *meter)
{
    return meter->range;
}
