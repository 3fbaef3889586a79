/* bench_convolver.c - ours beside bench_zita: two 4096-tap convolutions per block of 512.
   Prints "float32 MINIMUM MEDIAN" and "float64 ...", microseconds a block, for the tier named by
   the second argument ("auto"). First argument: runs of 200 blocks (50). */
#include "dsp/convolver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BLOCK = 512, TAPS = 4096, BLOCKS = 200, RUNS_MAX = 10000 };

static double now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec * 1e-3;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Putting the input in place is counted, too. */
static int bench(enum fft_precision precision, const struct kernels *kernels, size_t runs)
{
    static double times[RUNS_MAX], taps[2][TAPS], input[2][BLOCK], audio[2][BLOCK];
    const double *const tap_list[2] = {taps[0], taps[1]};
    double *const channels[2] = {audio[0], audio[1]};
    const struct convolver_shape shape = {2, BLOCK, TAPS, precision, kernels};
    struct convolver_filter *filter;
    struct convolver *convolver = convolver_create(&shape);

    for (size_t i = 0; i < TAPS; i++) {
        taps[0][i] = ((double)rand() / RAND_MAX - 0.5) * 0.01;
        taps[1][i] = ((double)rand() / RAND_MAX - 0.5) * 0.01;
    }
    filter = convolver_filter_create(&shape, tap_list);
    if (convolver == NULL || filter == NULL) {
        perror("bench_convolver");
        return 1;
    }
    for (size_t run = 0; run < runs; run++) {
        double started;

        for (size_t i = 0; i < BLOCK; i++) {
            input[0][i] = (double)rand() / RAND_MAX - 0.5;
            input[1][i] = (double)rand() / RAND_MAX - 0.5;
        }
        started = now_us();
        for (int block = 0; block < BLOCKS; block++) {
            memcpy(audio, input, sizeof audio);
            convolver_process(convolver, filter, channels);
        }
        times[run] = (now_us() - started) / BLOCKS;
    }
    qsort(times, runs, sizeof *times, compare);
    printf("%s %.3f %.3f\n", precision == FFT_FLOAT32 ? "float32" : "float64", times[0],
           times[runs / 2]);
    convolver_filter_destroy(filter);
    convolver_destroy(convolver);
    return 0;
}

int main(int argc, char **argv)
{
    size_t runs = argc > 1 ? strtoul(argv[1], NULL, 10) : 50;
    int tier = kernels_tier_named(argc > 2 ? argv[2] : "auto");
    const struct kernels *kernels = tier >= 0 ? kernels_select((enum simd_tier)tier) : NULL;

    if (kernels == NULL || runs == 0 || runs > RUNS_MAX) {
        fprintf(stderr, "usage: bench_convolver [RUNS [TIER]]\n");
        return 2;
    }
    rt_flush_denormals();
    return bench(FFT_FLOAT32, kernels, runs) | bench(FFT_FLOAT64, kernels, runs);
}
