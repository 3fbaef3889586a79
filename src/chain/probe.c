/* probe.c - what a chain and the device's words add to a test tone: THD+N, SNR and IMD. */
#include "chain/probe.h"

#include "dsp/fft.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    TONE_HZ = 997,
    LOW_HZ = 60,
    HIGH_HZ = 7000,
    PAIRS = 10, /* of lines around HIGH_HZ: as far as an analyser's 700 Hz low-pass hears them */
    FROM_HZ = 20,
    TO_HZ = 20000,
    LEAST_RATE_HZ = 16000,
    WORD_BYTES = 4,
    SETTLE_S = 1,   /* filters, and what shapes dynamics */
    RELEASE_S = 10, /* a limiter remembers the tone's onset so long, for -140 dB */
    TRIES = 8,
};

static const double distortion_dbfs = -1.0, quiet_dbfs = -60.0;
static const double level_error = 1e-4; /* that the level may be off by */
static const double most_peak = 64;     /* at the input, where the chain holds against it */

/* One or two sines; full_scale is 1. */
struct tone {
    uint32_t hz[2];
    double peak[2];
};

struct bench {
    const struct probe_setup *setup;
    struct fft *fft; /* of one second */
    double *audio[CHAIN_CHANNELS], *time[CHAIN_CHANNELS], *lines;
    unsigned char *words;
    struct dither dither;
    uint64_t frame; /* of the tone */
    double needed;  /* peak at the input over that at the output, as far as it is known */
};

/* The lines of one channel, as mean squares. */
struct spectrum {
    double tone, rest; /* within the band, and all else there */
};

static void finish(struct bench *bench)
{
    for (int c = 0; c < CHAIN_CHANNELS; c++) {
        free(bench->audio[c]);
        free(bench->time[c]);
    }
    free(bench->lines);
    free(bench->words);
    fft_destroy(bench->fft);
}

static int begin(struct bench *bench, const struct probe_setup *setup)
{
    size_t rate = setup->rate_hz, block = setup->block_frames;
    bool there = true;

    *bench = (struct bench){.setup = setup, .needed = 1.0};
    bench->fft = fft_create(rate, FFT_FLOAT64);
    bench->lines = fft_alloc((rate + 2) * sizeof(double));
    bench->words = calloc(block, (size_t)CHAIN_CHANNELS * WORD_BYTES);
    for (int c = 0; c < CHAIN_CHANNELS; c++) {
        bench->audio[c] = fft_alloc(block * sizeof(double));
        bench->time[c] = fft_alloc((rate + block) * sizeof(double));
        there = there && bench->audio[c] != NULL && bench->time[c] != NULL;
    }
    if (!there || bench->fft == NULL || bench->lines == NULL || bench->words == NULL) {
        finish(bench);
        return -ENOMEM;
    }
    dither_init(&bench->dither, 1, setup->dither,
                setup->bits > 0 ? setup->bits : word_bits(setup->words));
    if (setup->chain != NULL) {
        chain_reset(setup->chain);
    }
    return 0;
}

/* --- sound --------------------------------------------------------------------------------- */

static void make_tone(struct bench *bench, const struct tone *tone)
{
    uint64_t rate = bench->setup->rate_hz;

    for (uint32_t i = 0; i < bench->setup->block_frames; i++, bench->frame++) {
        double value = 0.0;

        for (int k = 0; k < 2; k++) { /* the phase is a whole number of 1/rate turns: exact */
            uint64_t turn = bench->frame % rate * tone->hz[k] % rate;

            value += tone->peak[k] * sin(2.0 * M_PI * (double)turn / (double)rate);
        }
        bench->audio[0][i] = bench->audio[1][i] = value;
    }
}

static double word_value(const unsigned char *bytes, enum word_format format)
{
    uint32_t word = 0;
    float number;

    switch (format) {
    case WORD_FLOAT:
        memcpy(&number, bytes, sizeof number);
        return (double)number;
    case WORD_S16:
        word = (uint32_t)bytes[0] << 16 | (uint32_t)bytes[1] << 24;
        break;
    case WORD_S24_3LE:
    case WORD_S24:
        word = (uint32_t)bytes[0] << 8 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 24;
        break;
    default:
        word = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
               (uint32_t)bytes[3] << 24;
        break;
    }
    return (double)(int32_t)word / 2147483648.0;
}

/* The block into words and back. */
static void make_words(struct bench *bench)
{
    const struct probe_setup *setup = bench->setup;
    const double *from[CHAIN_CHANNELS] = {bench->audio[0], bench->audio[1]};
    size_t bytes = word_bytes(setup->words);

    format_write(setup->words, &bench->dither, from, setup->block_frames, bench->words);
    for (uint32_t i = 0; i < setup->block_frames; i++) {
        for (size_t c = 0; c < CHAIN_CHANNELS; c++) {
            bench->audio[c][i] =
                word_value(bench->words + (i * CHAIN_CHANNELS + c) * bytes, setup->words);
        }
    }
}

/* Lets the tone run until everything has settled, and takes a second of it. 0 or -ECANCELED. */
static int run(struct bench *bench, const struct tone *tone, uint32_t settle_s, bool words)
{
    const struct probe_setup *setup = bench->setup;
    size_t settle = (size_t)settle_s * setup->rate_hz, block = setup->block_frames;

    settle += setup->chain != NULL ? 2 * (size_t)chain_latency_frames(setup->chain) : 0;
    settle = (settle + block - 1) / block * block;
    for (size_t done = 0; done < settle + setup->rate_hz; done += block) {
        if (setup->leave != NULL && atomic_load(setup->leave)) {
            return -ECANCELED;
        }
        make_tone(bench, tone);
        if (setup->chain != NULL) {
            chain_process(setup->chain, bench->audio);
        }
        if (done < settle) {
            continue;
        }
        if (words) {
            make_words(bench);
        }
        for (int c = 0; c < CHAIN_CHANNELS; c++) {
            memcpy(bench->time[c] + (done - settle), bench->audio[c], block * sizeof(double));
        }
    }
    return 0;
}

/* --- lines --------------------------------------------------------------------------------- */

/* Into bench->lines: 1 Hz apart. */
static void transform(struct bench *bench, int channel)
{
    fft_forward_f64(bench->fft, bench->time[channel], bench->lines);
}

/* The peak of the sine at a line. */
static double line_peak(const struct bench *bench, uint32_t hz)
{
    return 2.0 * hypot(bench->lines[2 * hz], bench->lines[2 * hz + 1]) / bench->setup->rate_hz;
}

static struct spectrum read_lines(const struct bench *bench)
{
    uint32_t half = (bench->setup->rate_hz - 1) / 2;
    struct spectrum sums = {0};

    for (uint32_t hz = FROM_HZ; hz <= TO_HZ && hz <= half; hz++) {
        double peak = line_peak(bench, hz);

        *(hz == TONE_HZ ? &sums.tone : &sums.rest) += 0.5 * peak * peak;
    }
    return sums;
}

/* --- figures ------------------------------------------------------------------------------- */

/* The peak of the tone as it leaves the chain, of the louder channel. */
static int level_of(struct bench *bench, const struct tone *tone, double *peak)
{
    int result = run(bench, tone, SETTLE_S, false);

    *peak = 0.0;
    for (int c = 0; c < CHAIN_CHANNELS && result == 0; c++) {
        transform(bench, c);
        *peak = fmax(*peak, line_peak(bench, TONE_HZ));
    }
    return result < 0 ? result : *peak > 1e-9 && isfinite(*peak) ? 0 : -EDOM;
}

/* Sets the tone's level so that it leaves the chain with peak `wanted`, or as near as it goes, by
   the secant of its logarithms; *reached is the peak it has there. 0 or negative errno. */
static int set_level(struct bench *bench, struct tone *tone, double wanted, double *reached)
{
    double slope = 1.0, in_before = 0.0, out_before = 0.0;

    for (int try = 0; try < TRIES; try++) {
        int result = level_of(bench, tone, reached);
        double in = log(tone->peak[0]), out = log(*reached), step;

        if (result < 0) {
            return result;
        }
        bench->needed = tone->peak[0] / *reached;
        if (try > 0 && in != in_before) {
            slope = fmin(fmax((out - out_before) / (in - in_before), 0.05), 2.0);
        }
        in_before = in;
        out_before = out;
        step = (log(wanted) - out) / slope;
        if (fabs(log(wanted) - out) < level_error || in + step > log(most_peak) ||
            try + 1 == TRIES) {
            break;
        }
        tone->peak[0] = exp(in + step);
    }
    return 0;
}

static int measure_tone(struct bench *bench, double wanted_dbfs, uint32_t settle_s,
                        struct spectrum *worst, double *level_dbfs)
{
    double wanted = pow(10.0, wanted_dbfs / 20.0), reached = 0.0;
    struct tone tone = {{TONE_HZ, 0}, {wanted * bench->needed, 0.0}};
    int result = set_level(bench, &tone, wanted, &reached);

    if (result == 0) {
        result = run(bench, &tone, settle_s, true);
    }
    if (result < 0) {
        return result;
    }
    *level_dbfs = 20.0 * log10(reached);
    *worst = (struct spectrum){0};
    for (int c = 0; c < CHAIN_CHANNELS; c++) {
        struct spectrum sums;

        transform(bench, c);
        sums = read_lines(bench);
        if (c == 0 || sums.rest > worst->rest) {
            *worst = sums;
        }
    }
    return 0;
}

static int measure_distortion(struct bench *bench, struct probe_figures *figures)
{
    struct spectrum worst;
    int result = measure_tone(bench, distortion_dbfs, RELEASE_S, &worst, &figures->level_dbfs);

    if (result == 0) {
        figures->thdn_db = 10.0 * log10(fmax(worst.rest, 1e-30) / (worst.tone + worst.rest));
    }
    return result;
}

static int measure_noise(struct bench *bench, struct probe_figures *figures)
{
    struct spectrum worst;
    double level_dbfs;
    int result = measure_tone(bench, quiet_dbfs, SETTLE_S, &worst, &level_dbfs);

    if (result == 0) {
        figures->snr_db = 10.0 * log10(0.5 / fmax(worst.rest, 1e-30));
    }
    return result;
}

static int measure_modulation(struct bench *bench, struct probe_figures *figures)
{
    double peak = bench->setup->programme_peak;
    const struct tone tone = {{LOW_HZ, HIGH_HZ}, {0.8 * peak, 0.2 * peak}};
    int result = run(bench, &tone, 2 * SETTLE_S, true);

    if (result < 0) {
        return result;
    }
    figures->imd_db = -HUGE_VAL;
    for (int c = 0; c < CHAIN_CHANNELS; c++) {
        double sum = 0.0, carrier;

        transform(bench, c);
        carrier = line_peak(bench, HIGH_HZ);
        if (!(carrier > 1e-9)) {
            return -EDOM;
        }
        for (uint32_t k = 1; k <= PAIRS; k++) {
            double pair =
                line_peak(bench, HIGH_HZ - k * LOW_HZ) + line_peak(bench, HIGH_HZ + k * LOW_HZ);

            sum += pair * pair;
        }
        figures->imd_db =
            fmax(figures->imd_db, 10.0 * log10(fmax(sum, 1e-30) / (carrier * carrier)));
    }
    return 0;
}

int probe_measure(const struct probe_setup *setup, struct probe_figures *figures)
{
    struct bench bench;
    int result;

    if (setup->rate_hz < LEAST_RATE_HZ || setup->rate_hz % 2 != 0 || setup->block_frames == 0 ||
        !(setup->programme_peak > 0.0) ||
        (setup->chain != NULL && chain_block_frames(setup->chain) != setup->block_frames)) {
        return -EINVAL;
    }
    result = begin(&bench, setup);
    if (result < 0) {
        return result;
    }
    *figures = (struct probe_figures){0};
    result = measure_noise(&bench, figures); /* the quietest first: dynamics are at rest */
    if (result == 0) {
        result = measure_distortion(&bench, figures);
    }
    if (result == 0) {
        result = measure_modulation(&bench, figures);
    }
    finish(&bench);
    return result;
}
