/* test_ab.c - the cross-fades, word by word. */
#include "chain/ab.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "chain_support.h"

enum { FRAMES = 8192, RAMP = 882 };

/* Runs [0, FRAMES) in blocks; toggles to `targets[i]` before the block that holds `at[i]`. */
static struct stereo toggled(const struct stereo *a, const struct stereo *b, uint32_t block,
                             const size_t *at, const double *targets, size_t count)
{
    struct stereo out = stereo_create(FRAMES);
    struct ab ab;
    size_t next = 0;

    ab_init(&ab, 44100, 0);
    for (size_t n = 0; n < FRAMES; n += block) {
        const double *one[2] = {a->channel[0] + n, a->channel[1] + n};
        const double *other[2] = {b->channel[0] + n, b->channel[1] + n};
        double *to[2] = {out.channel[0] + n, out.channel[1] + n};

        if (next < count && n >= at[next]) {
            ab_set(&ab, targets[next++]);
        }
        ab_process(&ab, one, other, to, block);
    }
    return out;
}

static void is_one_monotone_ramp_of_20_ms(void **state)
{
    struct stereo a = stereo_bursts(FRAMES, 0.5, 1, 1, 0), b = stereo_create(FRAMES);
    size_t at = 1024;

    (void)state;
    for (size_t n = 0; n < FRAMES; n++) {
        for (size_t c = 0; c < 2; c++) {
            b.channel[c][n] = a.channel[c][n] + 1; /* so that out - a is w */
        }
    }
    for (uint32_t block = 64; block <= 4096; block *= 4) {
        struct stereo out = toggled(&a, &b, block, &at, (double[]){1}, 1);
        double last = 0;

        for (size_t n = 0; n < FRAMES; n++) {
            double w = out.channel[0][n] - a.channel[0][n];
            size_t start = (at + block - 1) / block * block;
            double wanted = n < start ? 0 : fmin(1, (double)(n - start + 1) / RAMP);

            assert_true(fabs(w - wanted) < 1e-12);
            assert_true(fabs(out.channel[1][n] - a.channel[1][n] - w) < 1e-12);
            assert_true(w >= last - 1e-12);
            last = w;
        }
        stereo_destroy(&out);
    }
    stereo_destroy(&a);
    stereo_destroy(&b);
}

static void passes_the_words_of_one_side_untouched(void **state)
{
    struct stereo a = stereo_bursts(FRAMES, 0.5, 1, 1, 0), b = stereo_bursts(FRAMES, 1, 1, 2, 0);
    size_t at[] = {1024, 4096};
    struct stereo out;

    (void)state;
    for (size_t n = 0; n < FRAMES; n++) { /* what is not heard may be anything */
        if (n < 1024 || n >= 4096 + RAMP) {
            b.channel[0][n] = (double)NAN;
        } else if (n >= 1024 + RAMP && n < 4096) {
            a.channel[1][n] = HUGE_VAL;
        }
    }
    out = toggled(&a, &b, 128, at, (double[]){1, 0}, 2);
    for (size_t c = 0; c < 2; c++) {
        assert_memory_equal(out.channel[c], a.channel[c], 1024 * sizeof(double));
        assert_memory_equal(out.channel[c] + 1024 + RAMP - 1, b.channel[c] + 1024 + RAMP - 1,
                            (4096 - 1024 - RAMP + 1) * sizeof(double));
        assert_memory_equal(out.channel[c] + 4096 + RAMP - 1, a.channel[c] + 4096 + RAMP - 1,
                            (FRAMES - 4096 - RAMP + 1) * sizeof(double));
    }
    stereo_destroy(&a);
    stereo_destroy(&b);
    stereo_destroy(&out);
}

static void turns_back_from_where_it_stands(void **state)
{
    struct stereo a = stereo_create(FRAMES), b = stereo_create(FRAMES), out;
    size_t at[] = {1024, 1536};
    double stood = 512.0 / RAMP;

    (void)state;
    for (size_t n = 0; n < FRAMES; n++) {
        b.channel[0][n] = 1;
    }
    out = toggled(&a, &b, 64, at, (double[]){1, 0}, 2);
    assert_true(fabs(out.channel[0][1535] - stood) < 1e-12);
    for (size_t n = 0; n < RAMP; n++) {
        double wanted = stood * (1 - (double)(n + 1) / RAMP);

        assert_true(fabs(out.channel[0][1536 + n] - wanted) < 1e-12);
    }
    assert_true(out.channel[0][1536 + RAMP - 1] == 0);
    stereo_destroy(&a);
    stereo_destroy(&b);
    stereo_destroy(&out);
}

static void works_in_place_and_says_when_it_stands(void **state)
{
    double buffers[4][64];
    double *a[2] = {buffers[0], buffers[1]}, *b[2] = {buffers[2], buffers[3]};
    struct ab ab;

    (void)state;
    ab_init(&ab, 1600, 1); /* a ramp of 32 frames */
    for (size_t n = 0; n < 64; n++) {
        a[0][n] = a[1][n] = 1;
        b[0][n] = b[1][n] = 2;
    }
    assert_true(ab_is_still(&ab));
    ab_set(&ab, 1);
    assert_true(ab_is_still(&ab));
    ab_set(&ab, 0);
    assert_false(ab_is_still(&ab));
    ab_process(&ab, (const double *const *)a, (const double *const *)b, b, 64);
    assert_true(ab_is_still(&ab));
    assert_true(fabs(b[0][0] - (2 - 1.0 / 32)) < 1e-12);
    for (size_t n = 31; n < 64; n++) {
        assert_true(b[1][n] == 1);
    }
}

static struct stereo faded(const struct stereo *a, const struct stereo *b, uint32_t block,
                           uint64_t wait, uint32_t length)
{
    struct stereo out = stereo_create(FRAMES);
    struct fade fade;

    fade_begin(&fade, wait, length);
    for (size_t n = 0; n < FRAMES; n += block) {
        const double *one[2] = {a->channel[0] + n, a->channel[1] + n};
        const double *other[2] = {b->channel[0] + n, b->channel[1] + n};
        double *to[2] = {out.channel[0] + n, out.channel[1] + n};
        bool over = fade_process(&fade, one, other, to, block);

        assert_int_equal(over, n + block >= wait + length);
        assert_int_equal(over, fade_is_over(&fade));
    }
    return out;
}

static void fades_from_any_frame_over_any_length(void **state)
{
    static const uint32_t lengths[] = {0, 1, 7, 882, 5000};
    struct stereo a = stereo_bursts(FRAMES, 0.5, 1, 1, 0), b = stereo_bursts(FRAMES, 1, 1, 2, 0);

    (void)state;
    for (size_t i = 0; i < 5; i++) {
        for (uint64_t wait = 0; wait < 3000; wait += 999) {
            size_t end = wait + lengths[i];
            struct stereo out = faded(&a, &b, 128, wait, lengths[i]);

            for (size_t c = 0; c < 2; c++) {
                assert_memory_equal(out.channel[c], a.channel[c], wait * sizeof(double));
                assert_memory_equal(out.channel[c] + end, b.channel[c] + end,
                                    (FRAMES - end) * sizeof(double));
            }
            for (size_t n = wait; n < end; n++) {
                double w = ((double)(n - wait) + 0.5) / lengths[i];
                double wanted = (1 - w) * a.channel[0][n] + w * b.channel[0][n];

                assert_true(fabs(out.channel[0][n] - wanted) < 1e-12);
            }
            stereo_destroy(&out);
        }
    }
    stereo_destroy(&a);
    stereo_destroy(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_one_monotone_ramp_of_20_ms),
        cmocka_unit_test(passes_the_words_of_one_side_untouched),
        cmocka_unit_test(turns_back_from_where_it_stands),
        cmocka_unit_test(works_in_place_and_says_when_it_stands),
        cmocka_unit_test(fades_from_any_frame_over_any_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
