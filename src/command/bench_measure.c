/* bench_measure.c - what the chain's parts cost on this machine. */
#include "command/bench_measure.h"

#include "chain/rack.h"
#include "dsp/convolver.h"
#include "dsp/format.h"
#include "match/profile.h"
#include "measure/true_peak.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BLOCKS = 200, BLOCK_MOST = 4096 };

const char *const bench_names[BENCH_PARTS] = {
    [BENCH_CONVOLVER_F32] = "convolver_f32",
    [BENCH_CONVOLVER_F64] = "convolver_f64",
    [BENCH_CONDITIONER] = "conditioner",
    [BENCH_MATCH_EQ] = "match_eq",
    [BENCH_DYNAMICS] = "dynamics",
    [BENCH_SPECTRAL] = "spectral",
    [BENCH_LIMITER] = "limiter",
    [BENCH_LIMITER_TRUE_PEAK] = "limiter_true_peak",
    [BENCH_EXACT_CHAIN] = "exact_chain",
    [BENCH_ALL_MODULES] = "all_modules",
    [BENCH_WORDS] = "words_s16",
    [BENCH_TRUE_PEAK] = "true_peak",
};

const char *const bench_titles[BENCH_PARTS] = {
    [BENCH_CONVOLVER_F32] = "two convolutions, float32",
    [BENCH_CONVOLVER_F64] = "two convolutions, float64",
    [BENCH_CONDITIONER] = "conditioner, all of it",
    [BENCH_MATCH_EQ] = "match EQ (mid/side, float64)",
    [BENCH_DYNAMICS] = "dynamics, four bands",
    [BENCH_SPECTRAL] = "spectral",
    [BENCH_LIMITER] = "limiter, at work all the time",
    [BENCH_LIMITER_TRUE_PEAK] = "limiter with true peak",
    [BENCH_EXACT_CHAIN] = "exact chain: EQ and limiter",
    [BENCH_ALL_MODULES] = "all modules",
    [BENCH_WORDS] = "16-bit words with dither",
    [BENCH_TRUE_PEAK] = "true peak meter",
};

struct bench {
    const struct bench_setup *setup;
    size_t taps;
    double *filter[2];
    double input[2][BLOCK_MOST], audio[2][BLOCK_MOST];
};

/* One block of work on `audio`, in place. */
typedef void block_work(void *context, double *const audio[2]);

/* --- taking the time ----------------------------------------------------------------------- */

static double now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec * 1e-3;
}

static int compare(const void *one, const void *other)
{
    double first = *(const double *)one, second = *(const double *)other;

    return (first > second) - (first < second);
}

static double run_blocks(struct bench *bench, block_work *work, void *context)
{
    double *const audio[2] = {bench->audio[0], bench->audio[1]};
    size_t bytes = bench->setup->block_frames * sizeof(double);
    double begin = now_us();

    for (int i = 0; i < BLOCKS; i++) {
        memcpy(bench->audio[0], bench->input[0], bytes);
        memcpy(bench->audio[1], bench->input[1], bytes);
        if (work != NULL) {
            work(context, audio);
        }
    }
    return (now_us() - begin) / BLOCKS;
}

struct span {
    double least_us, median_us;
};

static struct span measure(struct bench *bench, block_work *work, void *context)
{
    double copying = HUGE_VAL; /* putting the input in place is not the chain's work */
    double runs[BENCH_RUNS_MOST] = {0};
    int count = bench->setup->runs;

    for (int run = 0; run < count; run++) {
        double empty = run_blocks(bench, NULL, NULL);

        copying = empty < copying ? empty : copying;
        runs[run] = run_blocks(bench, work, context);
    }
    qsort(runs, (size_t)count, sizeof runs[0], compare);
    return (struct span){runs[0] - copying, runs[count / 2] - copying};
}

/* --- what is measured ---------------------------------------------------------------------- */

struct convolution {
    struct convolver *convolver;
    struct convolver_filter *filter;
};

static void work_convolver(void *context, double *const audio[2])
{
    struct convolution *convolution = context;

    convolver_process(convolution->convolver, convolution->filter, audio);
}

static int bench_convolver(struct bench *bench, enum fft_precision precision, struct span *span)
{
    const struct convolver_shape shape = {2, bench->setup->block_frames, bench->taps, precision,
                                          bench->setup->kernels};
    const double *const taps[2] = {bench->filter[0], bench->filter[1]};
    struct convolution convolution = {convolver_create(&shape),
                                      convolver_filter_create(&shape, taps)};
    int result = -ENOMEM;

    if (convolution.convolver != NULL && convolution.filter != NULL) {
        *span = measure(bench, work_convolver, &convolution);
        result = 0;
    }
    convolver_destroy(convolution.convolver);
    convolver_filter_destroy(convolution.filter);
    return result;
}

/* Modules whose entries are set so that they have something to do. */
static int fill_rack(struct rack *rack, enum bench_part part)
{
    static const struct {
        enum bench_part part; /* that this module alone is */
        const char *kind;
        struct {
            const char *name;
            double value;
        } values[3];
    } modules[] = {
        {BENCH_CONDITIONER, "conditioner", {{"dc_filter", 1}, {"phase_rotation", 4}}},
        {BENCH_MATCH_EQ, "match_eq", {{NULL, 0}}},
        {BENCH_DYNAMICS, "dynamics", {{"mode", 1}}},
        {BENCH_SPECTRAL, "spectral", {{"range", 6}}},
        {BENCH_LIMITER_TRUE_PEAK, "limiter", {{"true_peak", 1}, {"ceiling", -1}}},
    };

    rack_init(rack);
    for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++) {
        if (part != BENCH_ALL_MODULES && part != modules[i].part) {
            continue;
        }
        if (rack_add(rack, modules[i].kind, rack->length) < 0) {
            return -EINVAL;
        }
        for (size_t k = 0; modules[i].values[k].name != NULL; k++) {
            if (rack_set_parameter(rack, rack->length - 1, modules[i].values[k].name,
                                   modules[i].values[k].value) < 0) {
                return -EINVAL;
            }
        }
    }
    return 0;
}

static int choose_rack(struct rack *rack, enum bench_part part)
{
    if (part == BENCH_EXACT_CHAIN) {
        rack_init_exact(rack);
        return 0;
    }
    if (part == BENCH_LIMITER) {
        rack_init(rack);
        return rack_add(rack, "limiter", 0);
    }
    return fill_rack(rack, part);
}

static void work_chain(void *context, double *const audio[2])
{
    chain_process(context, audio);
}

static int bench_chain(struct bench *bench, enum bench_part part, struct span *span)
{
    const struct module_format format = {bench->setup->rate_hz, bench->setup->block_frames,
                                         bench->setup->kernels};
    const struct match_eq_design eq = {.taps = bench->taps,
                                       .mid = bench->filter[0],
                                       .side = bench->filter[1],
                                       .gain = 1.0,
                                       .precision = FFT_FLOAT64};
    const struct limiter_design limiter = {.active = true, .output_gain = 0.99};
    struct spectral_design spectral;
    struct dynamics_goal dynamics;
    struct rack_plan plan = {
        .match_eq = &eq, .spectral = &spectral, .limiter = &limiter, .dynamics = &dynamics};
    struct rack rack;
    struct chain *chain;
    int result;

    memset(&spectral, 0, sizeof spectral);
    memset(&dynamics, 0, sizeof dynamics);
    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        spectral.target[i] = (struct balance){-26, -20, -14};
        spectral.reference[i] = (struct balance){-24, i % 2 == 0 ? -17 : -21, -15};
    }
    for (size_t i = 0; i < DYNAMICS_BANDS; i++) {
        dynamics.band[i] = (struct dynamics_goal_band){
            .known = true, .median_db = -20, .mean_db = -17, .spread_db = 8, .reference_db = 5};
    }
    result = choose_rack(&rack, part);
    if (result < 0) {
        return result;
    }
    chain = rack_build(&rack, &format, &plan);
    if (chain == NULL) {
        return -errno;
    }
    *span = measure(bench, work_chain, chain);
    chain_destroy(chain);
    return 0;
}

struct words {
    struct dither dither;
    uint32_t frames;
    int16_t word[2 * BLOCK_MOST];
};

static void work_words(void *context, double *const audio[2])
{
    struct words *words = context;
    const double *const channel[2] = {audio[0], audio[1]};

    format_write(WORD_S16, &words->dither, channel, words->frames, words->word);
}

static int bench_words(struct bench *bench, struct span *span)
{
    struct words words = {.frames = bench->setup->block_frames};

    dither_init(&words.dither, 1, true, 0);
    words.dither.kernels = bench->setup->kernels;
    *span = measure(bench, work_words, &words);
    return 0;
}

struct peaks {
    struct true_peak *meter;
    uint32_t frames;
    double highest;
};

static void work_peaks(void *context, double *const audio[2])
{
    struct peaks *peaks = context;
    const double *const channel[2] = {audio[0], audio[1]};

    peaks->highest =
        fmax(peaks->highest, true_peak_process_f64(peaks->meter, channel, peaks->frames));
}

static int bench_peaks(struct bench *bench, struct span *span)
{
    struct peaks peaks = {true_peak_create(bench->setup->rate_hz), bench->setup->block_frames, 0};

    if (peaks.meter == NULL) {
        return -ENOMEM;
    }
    true_peak_set_kernels(peaks.meter, bench->setup->kernels);
    *span = measure(bench, work_peaks, &peaks);
    true_peak_destroy(peaks.meter);
    return 0;
}

/* --- all of it ----------------------------------------------------------------------------- */

/* A filter that passes the sound, coloured a little; music-like sound that keeps the limiter at
   work. */
static int fill(struct bench *bench)
{
    unsigned state = 1;

    for (int c = 0; c < 2; c++) {
        bench->filter[c] = malloc(bench->taps * sizeof(double));
        if (bench->filter[c] == NULL) {
            return -ENOMEM;
        }
        for (size_t k = 0; k < bench->taps; k++) {
            state = state * 1664525U + 1013904223U;
            bench->filter[c][k] = (k == bench->taps / 2 ? 1.0 : 0.0) +
                                  1e-3 * ((double)(state >> 8) / 16777216.0 - 0.5);
        }
        for (size_t i = 0; i < BLOCK_MOST; i++) {
            state = state * 1664525U + 1013904223U;
            bench->input[c][i] =
                1.2 * sin(0.05 * (double)i + c) + 0.3 * ((double)(state >> 8) / 16777216.0 - 0.5);
        }
    }
    return 0;
}

static int measure_part(struct bench *bench, enum bench_part part, struct span *span)
{
    switch (part) {
    case BENCH_CONVOLVER_F32:
        return bench_convolver(bench, FFT_FLOAT32, span);
    case BENCH_CONVOLVER_F64:
        return bench_convolver(bench, FFT_FLOAT64, span);
    case BENCH_WORDS:
        return bench_words(bench, span);
    case BENCH_TRUE_PEAK:
        return bench_peaks(bench, span);
    default:
        return bench_chain(bench, part, span);
    }
}

int bench_measure_part(const struct bench_setup *setup, enum bench_part part,
                       struct bench_times *times)
{
    struct bench *bench = calloc(1, sizeof *bench);
    struct span span;
    int result;

    if (bench == NULL) {
        return -ENOMEM;
    }
    bench->setup = setup;
    bench->taps = profile_fft_size(setup->rate_hz);
    rt_flush_denormals();
    result = fill(bench);
    result = result < 0 ? result : measure_part(bench, part, &span);
    if (result == 0) {
        times->least_us[part] = span.least_us;
        times->median_us[part] = span.median_us;
    }
    free(bench->filter[0]);
    free(bench->filter[1]);
    free(bench);
    return result;
}

int bench_measure(const struct bench_setup *setup, struct bench_times *times)
{
    for (int part = 0; part < BENCH_PARTS; part++) {
        int result = bench_measure_part(setup, (enum bench_part)part, times);

        if (result < 0) {
            return result;
        }
    }
    return 0;
}
