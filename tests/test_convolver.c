/* test_convolver.c - partitioned convolution against the sum that defines it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dsp/convolver.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const enum simd_tier tiers[] = {SIMD_SCALAR, SIMD_SSE2, SIMD_AVX2, SIMD_AVX512, SIMD_NEON};
enum { TIERS = sizeof tiers / sizeof *tiers };

/* Bounds on rms error over rms of the result. */
static const double bound_db[2] = {[FFT_FLOAT32] = -128.0, [FFT_FLOAT64] = -300.0};

struct signals {
    double *input, *taps, *output;
    size_t frames, tap_count;
};

static struct signals signals_make(size_t frames, size_t tap_count, unsigned int seed)
{
    struct signals s = {.frames = frames, .tap_count = tap_count};

    s.input = malloc(frames * sizeof *s.input);
    s.output = malloc(frames * sizeof *s.output);
    s.taps = malloc(tap_count * sizeof *s.taps);
    srand(seed);
    for (size_t i = 0; i < frames; i++) {
        s.output[i] = s.input[i] = (double)rand() / RAND_MAX * 2.0 - 1.0;
    }
    for (size_t i = 0; i < tap_count; i++) {
        s.taps[i] = (double)rand() / RAND_MAX - 0.5;
    }
    return s;
}

static void signals_free(struct signals *s)
{
    free(s->input);
    free(s->taps);
    free(s->output);
}

/* Frame n of the definition, in long double. */
static double slow_frame(const struct signals *s, size_t n)
{
    long double sum = 0.0L;

    for (size_t k = 0; k < s->tap_count && k <= n; k++) {
        sum += (long double)s->taps[k] * (long double)s->input[n - k];
    }
    return (double)sum;
}

/* Every `step`-th frame is compared. */
static double error_db(const struct signals *s, size_t step)
{
    double wrong = 0.0, all = 0.0;

    for (size_t n = 0; n < s->frames; n += step) {
        double truth = slow_frame(s, n);

        wrong += (s->output[n] - truth) * (s->output[n] - truth);
        all += truth * truth;
    }
    return 10.0 * log10(wrong / all + 1e-40);
}

static void filter_all(const struct convolver_shape *shape, struct signals *s)
{
    const double *taps[CONVOLVER_CHANNELS] = {s[0].taps, s[shape->channels - 1].taps};
    struct convolver *convolver = convolver_create(shape);
    struct convolver_filter *filter = convolver_filter_create(shape, taps);

    assert_non_null(convolver);
    assert_non_null(filter);
    for (size_t n = 0; n + shape->block_frames <= s->frames; n += shape->block_frames) {
        double *audio[CONVOLVER_CHANNELS] = {s[0].output + n, s[shape->channels - 1].output + n};

        convolver_process(convolver, filter, audio);
    }
    convolver_filter_destroy(filter);
    convolver_destroy(convolver);
}

static void assert_exact(const struct convolver_shape *shape, const struct signals *signals,
                         size_t step)
{
    double db = error_db(signals, step);

    if (!(db < bound_db[shape->precision])) {
        fail_msg("%s, precision %d, block %u, %zu taps: %.1f dB", shape->kernels->name,
                 (int)shape->precision, shape->block_frames, shape->taps, db);
    }
}

static void check_shape(uint32_t block, size_t taps, size_t blocks, size_t step)
{
    for (size_t t = 0; t < TIERS; t++) {
        const struct kernels *kernels = kernels_select(tiers[t]);

        for (int precision = FFT_FLOAT32; kernels != NULL && precision <= FFT_FLOAT64;
             precision++) {
            struct convolver_shape shape = {.channels = 2,
                                            .block_frames = block,
                                            .taps = taps,
                                            .precision = (enum fft_precision)precision,
                                            .kernels = kernels};
            struct signals s[2] = {signals_make(block * blocks, taps, 1),
                                   signals_make(block * blocks, taps, 2)};

            filter_all(&shape, s);
            for (size_t c = 0; c < 2; c++) {
                assert_exact(&shape, &s[c], step);
                signals_free(&s[c]);
            }
        }
    }
}

static void equals_the_definition_for_every_block_size(void **state)
{
    (void)state;
    for (uint32_t block = 16; block <= 2048; block *= 2) {
        check_shape(block, 3 * block, 6, 1 + block / 64 * 7);
    }
    check_shape(4096, 4096, 3, 61);
    check_shape(8192, 300, 2, 61);
    check_shape(65536, 500, 2, 1009);
}

static void equals_the_definition_for_taps_that_are_no_whole_blocks(void **state)
{
    (void)state;
    check_shape(64, 1, 3, 1);
    check_shape(64, 63, 5, 1);
    check_shape(64, 65, 7, 1);
    check_shape(16, 1000, 80, 3);
    check_shape(128, 1000, 20, 3);
    check_shape(512, 4095, 20, 31);
    check_shape(512, 4096, 20, 31);
}

static void filters_one_channel(void **state)
{
    struct convolver_shape shape = {
        .channels = 1, .block_frames = 128, .taps = 400, .precision = FFT_FLOAT64};
    struct signals s = signals_make(1280, 400, 3);

    (void)state;
    shape.kernels = kernels_select(SIMD_AUTO);
    filter_all(&shape, &s);
    assert_true(error_db(&s, 1) < bound_db[FFT_FLOAT64]);
    signals_free(&s);
}

static void adds_no_delay(void **state)
{
    const double one = 1.0;
    const double *const taps[1] = {&one};
    struct convolver_shape shape = {
        .channels = 1, .block_frames = 64, .taps = 1, .precision = FFT_FLOAT64};
    struct convolver_filter *filter;
    struct convolver *convolver;
    double block[64] = {0.0};
    double *const audio[1] = {block};

    (void)state;
    shape.kernels = kernels_select(SIMD_AUTO);
    convolver = convolver_create(&shape);
    filter = convolver_filter_create(&shape, taps);
    block[63] = 0.5;
    convolver_process(convolver, filter, audio);
    for (size_t i = 0; i < 64; i++) {
        assert_true(fabs(block[i] - (i == 63 ? 0.5 : 0.0)) < 1e-16);
    }
    convolver_filter_destroy(filter);
    convolver_destroy(convolver);
}

/* The audio's address may be odd. */
static void takes_audio_at_any_address(void **state)
{
    struct signals s = signals_make(512, 100, 4);
    double *shifted = malloc(513 * sizeof *shifted);

    (void)state;
    for (size_t t = 0; t < TIERS; t++) {
        struct convolver_shape shape = {
            .channels = 1, .block_frames = 512, .taps = 100, .precision = FFT_FLOAT32};
        const double *const taps[1] = {s.taps};
        double *const audio[1] = {shifted + 1};
        struct convolver_filter *filter;
        struct convolver *convolver;

        shape.kernels = kernels_select(tiers[t]);
        if (shape.kernels == NULL) {
            continue;
        }
        memcpy(shifted + 1, s.input, 512 * sizeof *shifted);
        convolver = convolver_create(&shape);
        filter = convolver_filter_create(&shape, taps);
        convolver_process(convolver, filter, audio);
        memcpy(s.output, shifted + 1, 512 * sizeof *shifted);
        assert_true(error_db(&s, 1) < bound_db[FFT_FLOAT32]);
        convolver_filter_destroy(filter);
        convolver_destroy(convolver);
    }
    free(shifted);
    signals_free(&s);
}

static void starts_from_silence_after_a_reset(void **state)
{
    struct convolver_shape shape = {
        .channels = 1, .block_frames = 64, .taps = 200, .precision = FFT_FLOAT64};
    struct signals s = signals_make(640, 200, 5);
    const double *const taps[1] = {s.taps};
    struct convolver_filter *filter;
    struct convolver *convolver;
    double again[640];

    (void)state;
    shape.kernels = kernels_select(SIMD_AUTO);
    convolver = convolver_create(&shape);
    filter = convolver_filter_create(&shape, taps);
    memcpy(again, s.input, sizeof again);
    for (size_t n = 0; n < 640; n += 64) {
        double *const audio[1] = {s.output + n};

        convolver_process(convolver, filter, audio);
    }
    convolver_reset(convolver);
    for (size_t n = 0; n < 640; n += 64) {
        double *const audio[1] = {again + n};

        convolver_process(convolver, filter, audio);
    }
    assert_memory_equal(again, s.output, sizeof again);
    convolver_filter_destroy(filter);
    convolver_destroy(convolver);
    signals_free(&s);
}

static void agrees_between_block_sizes(void **state)
{
    static const uint32_t blocks[] = {64, 128, 512, 1024, 4096};
    struct signals first = signals_make(8192, 4096, 6);

    (void)state;
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        struct convolver_shape shape = {.channels = 1,
                                        .block_frames = blocks[i],
                                        .taps = 4096,
                                        .precision = FFT_FLOAT64,
                                        .kernels = kernels_select(SIMD_AUTO)};
        struct signals s = signals_make(8192, 4096, 6);

        filter_all(&shape, i == 0 ? &first : &s);
        for (size_t n = 0; i > 0 && n < s.frames; n++) {
            assert_true(fabs(s.output[n] - first.output[n]) < 1e-12); /* of about 20 */
        }
        signals_free(&s);
    }
    signals_free(&first);
}

/* The filter of a call is the filter of that block's sum, whatever was summed ahead. The blocks'
   tails stay those of the filter that made them. */
static void takes_another_filter_at_any_block(void **state)
{
    enum { BLOCK = 64, BLOCKS = 12, TAPS = 200 };
    const struct convolver_shape shape = {.channels = 1,
                                          .block_frames = BLOCK,
                                          .taps = TAPS,
                                          .precision = FFT_FLOAT64,
                                          .kernels = kernels_select(SIMD_AUTO)};
    static const int choice[BLOCKS] = {0, 1, 1, 0, 0, 0, 1, 0, 1, 1, 1, 0};
    struct signals s[2] = {signals_make(BLOCK * BLOCKS, TAPS, 8),
                           signals_make(BLOCK * BLOCKS, TAPS, 8)};
    struct convolver *convolver = convolver_create(&shape);
    struct convolver_filter *filter[2];

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        for (size_t k = 0; i == 1 && k < TAPS; k++) {
            s[1].taps[k] = 1.0 - s[0].taps[k];
        }
        filter[i] = convolver_filter_create(&shape, (const double *const[]){s[i].taps});
    }
    for (size_t b = 0; b < BLOCKS; b++) {
        convolver_process(convolver, filter[choice[b]], (double *const[]){s[0].output + b * BLOCK});
    }
    for (size_t n = 0; n < BLOCK * BLOCKS; n++) {
        size_t b = n / BLOCK;
        long double sum = 0.0L;

        for (size_t k = 0; k < TAPS && k <= n; k++) {
            /* What wraps inside the block comes from the sum of the block before. */
            size_t block = b - (n % BLOCK < k % BLOCK ? 1 : 0);
            const double *taps = s[choice[block]].taps;

            sum += (long double)taps[k] * (long double)s[0].input[n - k];
        }
        assert_true(fabs(s[0].output[n] - (double)sum) < 1e-13);
    }
    for (size_t i = 0; i < 2; i++) {
        convolver_filter_destroy(filter[i]);
        signals_free(&s[i]);
    }
    convolver_destroy(convolver);
}

static void refuses_shapes_that_cannot_be(void **state)
{
    const double tap = 1.0;
    const double *const taps[2] = {&tap, &tap};
    const struct convolver_shape good = {.channels = 2,
                                         .block_frames = 64,
                                         .taps = 1,
                                         .precision = FFT_FLOAT64,
                                         .kernels = kernels_select(SIMD_AUTO)};
    struct convolver_shape bad[6];

    (void)state;
    for (size_t i = 0; i < 6; i++) {
        bad[i] = good;
    }
    bad[0].channels = 0;
    bad[1].channels = 3;
    bad[2].block_frames = 8;
    bad[3].block_frames = 96;
    bad[4].block_frames = 131072;
    bad[5].taps = 0;
    for (size_t i = 0; i < 6; i++) {
        errno = 0;
        assert_null(convolver_create(&bad[i]));
        assert_int_equal(EINVAL, errno);
        errno = 0;
        assert_null(convolver_filter_create(&bad[i], taps));
        assert_int_equal(EINVAL, errno);
    }
    convolver_destroy(NULL);
    convolver_filter_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_the_definition_for_every_block_size),
        cmocka_unit_test(equals_the_definition_for_taps_that_are_no_whole_blocks),
        cmocka_unit_test(filters_one_channel),
        cmocka_unit_test(adds_no_delay),
        cmocka_unit_test(takes_audio_at_any_address),
        cmocka_unit_test(starts_from_silence_after_a_reset),
        cmocka_unit_test(agrees_between_block_sizes),
        cmocka_unit_test(takes_another_filter_at_any_block),
        cmocka_unit_test(refuses_shapes_that_cannot_be),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
