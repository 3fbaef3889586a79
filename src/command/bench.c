/* bench.c - what the chain costs on this machine, module by module. */
#include "chain/rack.h"
#include "command/command.h"
#include "command/json.h"
#include "dsp/convolver.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { KEY_JSON = COMMAND_LONG_ONLY };
enum { RATE_HZ = 44100, TAPS = 4096, BLOCKS = 200, RUNS = 40, BLOCK_MOST = 4096 };

struct times {
    double least_us, median_us; /* of a block */
};

struct bench {
    const struct kernels *kernels;
    uint32_t block;
    double taps[2][TAPS];
    double input[2][BLOCK_MOST], audio[2][BLOCK_MOST];
    struct times convolver_f32, convolver_f64, match_eq, limiter, chain;
    struct times conditioner, dynamics;
};

/* One block of work on `audio`, in place. */
typedef void block_work(void *context, double *const audio[2]);

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
    double begin = now_us();

    for (int i = 0; i < BLOCKS; i++) {
        memcpy(bench->audio, bench->input, sizeof bench->audio);
        if (work != NULL) {
            work(context, audio);
        }
    }
    return (now_us() - begin) / BLOCKS;
}

static void measure(struct bench *bench, block_work *work, void *context, struct times *times)
{
    double copying = HUGE_VAL; /* putting the input in place is not the chain's work */
    double runs[RUNS];

    for (int run = 0; run < RUNS; run++) {
        double empty = run_blocks(bench, NULL, NULL);

        copying = empty < copying ? empty : copying;
        runs[run] = run_blocks(bench, work, context);
    }
    qsort(runs, RUNS, sizeof runs[0], compare);
    times->least_us = runs[0] - copying;
    times->median_us = runs[RUNS / 2] - copying;
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

static int bench_convolver(struct bench *bench, enum fft_precision precision, struct times *times)
{
    const struct convolver_shape shape = {2, bench->block, TAPS, precision, bench->kernels};
    const double *const taps[2] = {bench->taps[0], bench->taps[1]};
    struct convolution convolution = {convolver_create(&shape),
                                      convolver_filter_create(&shape, taps)};
    int result = -ENOMEM;

    if (convolution.convolver != NULL && convolution.filter != NULL) {
        measure(bench, work_convolver, &convolution, times);
        result = 0;
    }
    convolver_destroy(convolution.convolver);
    convolver_filter_destroy(convolution.filter);
    return result;
}

static void work_chain(void *context, double *const audio[2])
{
    chain_process(context, audio);
}

/* The exact chain, or what is left of it with one entry bypassed (-1: none). */
static int bench_chain(struct bench *bench, int bypassed, struct times *times)
{
    const struct module_format format = {RATE_HZ, bench->block, bench->kernels};
    const struct match_eq_design eq = {.taps = TAPS,
                                       .mid = bench->taps[0],
                                       .side = bench->taps[1],
                                       .gain = 1.0,
                                       .precision = FFT_FLOAT64};
    const struct limiter_design limiter = {.active = true, .output_gain = 0.99};
    const struct rack_plan plan = {.match_eq = &eq, .limiter = &limiter};
    struct rack rack;
    struct chain *chain;

    rack_init_exact(&rack);
    if (bypassed >= 0) {
        rack_bypass(&rack, (size_t)bypassed, true);
    }
    chain = rack_build(&rack, &format, &plan);
    if (chain == NULL) {
        return -errno;
    }
    measure(bench, work_chain, chain, times);
    chain_destroy(chain);
    return 0;
}

/* One module that needs no match, with each parameter in the middle: no fewer steps to do. */
static int bench_module(struct bench *bench, const char *kind, struct times *times)
{
    const struct module_format format = {RATE_HZ, bench->block, bench->kernels};
    const struct rack_plan plan = {.match_eq = NULL};
    const struct module_class *class = rack_kind_named(kind)->class;
    struct chain *chain;
    struct rack rack;

    rack_init(&rack);
    rack_add(&rack, kind, 0);
    for (size_t i = 0; i < class->parameter_count; i++) {
        const struct module_parameter *parameter = &class->parameters[i];

        rack_set_parameter(&rack, 0, parameter->name,
                           strcmp(parameter->name, "mode") == 0
                               ? parameter->minimum
                               : 0.5 * (parameter->minimum + parameter->maximum));
    }
    chain = rack_build(&rack, &format, &plan);
    if (chain == NULL) {
        return -errno;
    }
    measure(bench, work_chain, chain, times);
    chain_destroy(chain);
    return 0;
}

/* A filter that passes the sound, coloured a little; music-like sound that keeps the limiter at
   work all the time, which is its dearest state. */
static void fill(struct bench *bench)
{
    unsigned state = 1;

    for (size_t k = 0; k < TAPS; k++) {
        for (int c = 0; c < 2; c++) {
            state = state * 1664525U + 1013904223U;
            bench->taps[c][k] =
                (k == TAPS / 2 ? 1.0 : 0.0) + 1e-3 * ((double)(state >> 8) / 16777216.0 - 0.5);
        }
    }
    for (size_t i = 0; i < BLOCK_MOST; i++) {
        for (int c = 0; c < 2; c++) {
            state = state * 1664525U + 1013904223U;
            bench->input[c][i] =
                1.2 * sin(0.05 * (double)i + c) + 0.3 * ((double)(state >> 8) / 16777216.0 - 0.5);
        }
    }
}

static int measure_all(struct bench *bench)
{
    rt_flush_denormals();
    fill(bench);
    if (bench_convolver(bench, FFT_FLOAT32, &bench->convolver_f32) < 0 ||
        bench_convolver(bench, FFT_FLOAT64, &bench->convolver_f64) < 0 ||
        bench_chain(bench, 1, &bench->match_eq) < 0 || bench_chain(bench, 0, &bench->limiter) < 0 ||
        bench_chain(bench, -1, &bench->chain) < 0 ||
        bench_module(bench, "conditioner", &bench->conditioner) < 0 ||
        bench_module(bench, "dynamics", &bench->dynamics) < 0) {
        return -ENOMEM;
    }
    return 0;
}

/* --- what is said -------------------------------------------------------------------------- */

static double core_percent(const struct bench *bench, double block_us)
{
    return 100.0 * block_us * RATE_HZ / (bench->block * 1e6);
}

/* What all modules in one chain come to. */
static double all_modules_us(const struct bench *bench)
{
    return bench->chain.least_us + bench->conditioner.least_us + bench->dynamics.least_us;
}

static void write_json(const struct bench *bench)
{
    struct json json;

    json_start(&json, stdout);
    json_object(&json, NULL);
    json_integer(&json, "block_frames", bench->block);
    json_integer(&json, "rate_hz", RATE_HZ);
    json_string(&json, "simd", bench->kernels->name);
    json_number(&json, "convolver_f32_us", bench->convolver_f32.least_us);
    json_number(&json, "convolver_f64_us", bench->convolver_f64.least_us);
    json_number(&json, "match_eq_us", bench->match_eq.least_us);
    json_number(&json, "limiter_us", bench->limiter.least_us);
    json_number(&json, "exact_chain_us", bench->chain.least_us);
    json_number(&json, "exact_chain_median_us", bench->chain.median_us);
    json_number(&json, "conditioner_us", bench->conditioner.least_us);
    json_number(&json, "dynamics_us", bench->dynamics.least_us);
    json_number(&json, "all_modules_core_percent", core_percent(bench, all_modules_us(bench)));
    json_object_end(&json);
    json_end(&json);
}

static void write_row(const struct bench *bench, const char *name, const struct times *times)
{
    printf("%-34s %8.2f %8.2f %9.3f %%\n", name, times->least_us, times->median_us,
           core_percent(bench, times->least_us));
}

static void write_table(const struct bench *bench)
{
    printf("block %u frames, %d Hz, %s: us a block, least and median of %d runs, of a core\n",
           bench->block, RATE_HZ, bench->kernels->name, RUNS);
    write_row(bench, "two convolutions of 4096, float32", &bench->convolver_f32);
    write_row(bench, "two convolutions of 4096, float64", &bench->convolver_f64);
    write_row(bench, "match EQ (mid/side, float64)", &bench->match_eq);
    write_row(bench, "limiter, at work all the time", &bench->limiter);
    write_row(bench, "exact chain: EQ and limiter", &bench->chain);
    write_row(bench, "conditioner", &bench->conditioner);
    write_row(bench, "dynamics", &bench->dynamics);
    printf("%-34s %8.2f %8s %9.3f %%\n", "all modules", all_modules_us(bench), "",
           core_percent(bench, all_modules_us(bench)));
}

static int run(struct command_context *context, const struct command_line *line)
{
    const char *simd = options_text(context->options, "simd");
    struct bench *bench = calloc(1, sizeof *bench);
    bool as_json = false;
    int result;

    for (size_t i = 0; i < line->count; i++) {
        as_json = as_json || line->words[i].key == KEY_JSON;
    }
    if (bench == NULL) {
        return command_fail(context, "out of memory");
    }
    bench->block = (uint32_t)options_integer(context->options, "block_size");
    bench->kernels = kernels_select((enum simd_tier)kernels_tier_named(simd));
    if (bench->kernels == NULL) {
        free(bench);
        return command_fail(context, "simd = %s: this processor does not have it", simd);
    }
    result = measure_all(bench);
    if (result == 0 && as_json) {
        write_json(bench);
    } else if (result == 0) {
        write_table(bench);
    }
    free(bench);
    return result == 0 ? EXIT_DONE : command_fail(context, "out of memory");
}

static const struct command_option options[] = {
    {KEY_JSON, "json", NULL, "one object on stdout"},
    {0, NULL, NULL, NULL},
};

const struct command command_bench = {
    "bench", "[--json]", "what the chain costs here, module by module", NULL, options, run,
};
