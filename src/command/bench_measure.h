/*
 * bench_measure.h - what the chain's parts cost on this machine, in microseconds a block.
 *
 * The least of many runs, of sound that keeps every module at work: the limiter, which is dearest
 * then, all the time.
 */
#ifndef MP_COMMAND_BENCH_MEASURE_H
#define MP_COMMAND_BENCH_MEASURE_H

#include "dsp/kernels.h"

#include <stdint.h>

/* What is measured, in the order in which it is told. */
enum bench_part {
    BENCH_CONVOLVER_F32, /* two convolutions of 4096 taps (at 44.1 kHz; as long in ms at others) */
    BENCH_CONVOLVER_F64,
    BENCH_CONDITIONER, /* DC filter and four phase rotations */
    BENCH_MATCH_EQ,
    BENCH_DYNAMICS,
    BENCH_SPECTRAL,
    BENCH_LIMITER,
    BENCH_LIMITER_TRUE_PEAK,
    BENCH_EXACT_CHAIN, /* match EQ and limiter */
    BENCH_ALL_MODULES, /* all of them, the limiter with its true peak */
    BENCH_WORDS,       /* 16-bit words with dither */
    BENCH_TRUE_PEAK,   /* the meter */
    BENCH_PARTS
};

extern const char *const bench_names[BENCH_PARTS];  /* "match_eq" */
extern const char *const bench_titles[BENCH_PARTS]; /* for people */

struct bench_setup {
    const struct kernels *kernels;
    uint32_t rate_hz, block_frames;
    int runs; /* 1 ... BENCH_RUNS_MOST */
};
enum { BENCH_RUNS_MOST = 40 };

struct bench_times {
    double least_us[BENCH_PARTS], median_us[BENCH_PARTS];
};

/* 0, or a negative errno value. */
int bench_measure(const struct bench_setup *setup, struct bench_times *times);
/* One part alone; the others stay as they are. */
int bench_measure_part(const struct bench_setup *setup, enum bench_part part,
                       struct bench_times *times);

#endif
