/* test_magnitudes.c - sums of magnitudes against the transform that defines them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dsp/magnitudes.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static const enum simd_tier tiers[] = {SIMD_SCALAR, SIMD_SSE2, SIMD_AVX2, SIMD_AVX512, SIMD_NEON};
enum { TIERS = sizeof tiers / sizeof *tiers, LONGEST = 1024, FRAMES = 2 };

/* Of the largest bin; measured: 3e-16. */
static const double BOUND = 1e-14;

static double slow_magnitude(const double *frame, size_t size, size_t k)
{
    long double re = 0.0L, im = 0.0L;

    for (size_t n = 0; n < size; n++) {
        long double angle = 2.0L * acosl(-1.0L) * (long double)(n * k % size) / (long double)size;

        re += (long double)frame[n] * cosl(angle);
        im -= (long double)frame[n] * sinl(angle);
    }
    return (double)sqrtl(re * re + im * im);
}

static void check(size_t size, const struct kernels *kernels)
{
    struct magnitudes *magnitudes = magnitudes_create(size, kernels);
    double sum[LONGEST / 2 + 1] = {0.0}, bins[LONGEST / 2 + 1] = {0.0};
    double slow[LONGEST / 2 + 1] = {0.0}, most = 0.0;

    assert_non_null(magnitudes);
    srand((unsigned int)size);
    for (int f = 0; f < FRAMES; f++) {
        double frame[LONGEST];

        for (size_t n = 0; n < size; n++) {
            frame[n] = (double)rand() / RAND_MAX - 0.4;
        }
        for (size_t k = 0; k <= size / 2; k++) {
            slow[k] += slow_magnitude(frame, size, k);
            most = slow[k] > most ? slow[k] : most;
        }
        magnitudes_add(magnitudes, frame, sum);
    }
    magnitudes_sort(magnitudes, sum, bins);
    for (size_t k = 0; k <= size / 2; k++) {
        assert_true(fabs(bins[k] - slow[k]) <= BOUND * most);
    }
    magnitudes_destroy(magnitudes);
}

static void every_bin_is_that_of_the_definition(void **state)
{
    (void)state;
    for (size_t size = MAGNITUDES_SIZE_MIN; size <= LONGEST; size *= 2) {
        for (size_t t = 0; t < TIERS; t++) {
            const struct kernels *kernels = kernels_select(tiers[t]);

            if (kernels != NULL) {
                check(size, kernels);
            }
        }
    }
}

static void silence_has_no_magnitude(void **state)
{
    struct magnitudes *magnitudes = magnitudes_create(LONGEST, kernels_select(SIMD_AUTO));
    double frame[LONGEST] = {0.0}, sum[LONGEST / 2 + 1] = {0.0};

    (void)state;
    assert_non_null(magnitudes);
    magnitudes_add(magnitudes, frame, sum);
    for (size_t k = 0; k <= LONGEST / 2; k++) {
        assert_true(sum[k] == 0.0);
    }
    magnitudes_destroy(magnitudes);
}

static void refuses_sizes_that_it_cannot_fold(void **state)
{
    static const size_t sizes[] = {0, 1, 32, 96, 1000};

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        errno = 0;
        assert_null(magnitudes_create(sizes[i], kernels_select(SIMD_AUTO)));
        assert_int_equal(errno, EINVAL);
    }
    magnitudes_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_bin_is_that_of_the_definition),
        cmocka_unit_test(silence_has_no_magnitude),
        cmocka_unit_test(refuses_sizes_that_it_cannot_fold),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
