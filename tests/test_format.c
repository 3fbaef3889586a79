/* test_format.c - words of devices, and what dither does to them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dsp/format.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FRAMES = 1000 };

static const enum word_format every[] = {WORD_S16, WORD_S24_3LE, WORD_S24, WORD_S32, WORD_FLOAT};

/* The word at `index`, as an integer; of a FLOAT, its value in steps of 2^-31. */
static int64_t read_word(enum word_format format, const unsigned char *words, size_t index)
{
    const unsigned char *at = words + index * word_bytes(format);
    int32_t word = 0;
    int16_t half;
    float number;

    switch (format) {
    case WORD_S16:
        memcpy(&half, at, sizeof half);
        return half;
    case WORD_S24_3LE:
        memcpy(&word, at, 3);
        return (int32_t)((uint32_t)word << 8) >> 8;
    case WORD_S24:
    case WORD_S32:
        memcpy(&word, at, sizeof word);
        return word;
    case WORD_FLOAT:
        break;
    }
    memcpy(&number, at, sizeof number);
    return (int64_t)((double)number * 0x1p31);
}

static void fill_with_words(double *left, double *right, uint32_t bits)
{
    double scale = ldexp(1.0, (int)bits - 1);

    srand(7);
    for (size_t i = 0; i < FRAMES; i++) {
        left[i] = floor((double)rand() / RAND_MAX * 2.0 * scale - scale) / scale;
        right[i] = floor((double)rand() / RAND_MAX * 2.0 * scale - scale) / scale;
    }
    left[0] = -1.0;
    right[0] = 1.0 - 1.0 / scale;
}

static void keeps_the_words_of_a_lossless_source_in_every_format(void **state)
{
    static double left[FRAMES], right[FRAMES];
    static unsigned char words[FRAMES * 2 * 4 + 1];
    const double *const channel[2] = {left, right};

    (void)state;
    for (uint32_t bits = 16; bits <= 24; bits += 8) {
        fill_with_words(left, right, bits);
        for (size_t f = 0; f < sizeof every / sizeof *every; f++) {
            uint32_t word = every[f] == WORD_FLOAT ? 32 : word_bits(every[f]);
            struct dither dither;

            if (word < bits) {
                continue;
            }
            dither_init(&dither, 1, true, 0);
            assert_int_equal(0, format_write(every[f], &dither, channel, FRAMES, words + 1));
            for (size_t i = 0; i < FRAMES; i++) {
                int64_t l = (int64_t)ldexp(left[i], (int)word - 1);
                int64_t r = (int64_t)ldexp(right[i], (int)word - 1);

                assert_int_equal(l, read_word(every[f], words + 1, 2 * i));
                assert_int_equal(r, read_word(every[f], words + 1, 2 * i + 1));
            }
        }
    }
}

static void leaves_exact_samples_alone_among_others(void **state)
{
    double left[FRAMES], right[FRAMES];
    unsigned char words[FRAMES * 4];
    const double *const channel[2] = {left, right};
    struct dither dither;
    size_t moved = 0;

    (void)state;
    for (size_t i = 0; i < FRAMES; i++) {
        left[i] = (double)((int)i - 500) / 32768.0;
        right[i] = 0.3 / 32768.0;
    }
    dither_init(&dither, 2, true, 0);
    format_write(WORD_S16, &dither, channel, FRAMES, words);
    for (size_t i = 0; i < FRAMES; i++) {
        assert_int_equal((int)i - 500, read_word(WORD_S16, words, 2 * i));
        moved += read_word(WORD_S16, words, 2 * i + 1) != 0;
    }
    assert_in_range(moved, FRAMES / 10, FRAMES / 2);
}

static void rounds_to_the_nearest_word_without_dither(void **state)
{
    const double left[6] = {0.4, 0.6, -0.4, -0.6, 1.5, 2.5}; /* ties go to even */
    const int expected[6] = {0, 1, 0, -1, 2, 2};

    (void)state;
    for (size_t f = 0; f < 4; f++) {
        double scaled[6];
        const double *const channel[2] = {scaled, scaled};
        unsigned char words[6 * 2 * 4];
        struct dither dither;

        for (size_t i = 0; i < 6; i++) {
            scaled[i] = ldexp(left[i], 1 - (int)word_bits(every[f]));
        }
        dither_init(&dither, 3, false, 0);
        assert_int_equal(0, format_write(every[f], &dither, channel, 6, words));
        for (size_t i = 0; i < 6; i++) {
            assert_int_equal(expected[i], read_word(every[f], words, 2 * i));
        }
    }
}

/* Lipshitz: with TPDF the mean error is 0 and its power 1/4 LSB^2, whatever the sound. */
static void dithers_to_a_quarter_lsb_squared_without_bias(void **state)
{
    enum { MANY = 200000 };
    double *left = malloc(MANY * sizeof *left);
    unsigned char *words = malloc(MANY * 4);
    const double *const channel[2] = {left, left};

    (void)state;
    for (int step = 1; step < 10; step += 2) {
        double value = 100.0 + 0.1 * step;
        double sum = 0.0, power = 0.0, neighbour = 0.0, before = 0.0;
        struct dither dither;

        for (size_t i = 0; i < MANY; i++) {
            left[i] = value / 32768.0;
        }
        dither_init(&dither, (uint64_t)step, true, 0);
        format_write(WORD_S16, &dither, channel, MANY, words);
        for (size_t i = 0; i < 2 * MANY; i++) {
            double error = (double)read_word(WORD_S16, words, i) - value;

            sum += error;
            power += error * error;
            neighbour += error * before;
            before = error;
        }
        /* Standard deviations over 400,000 draws: 0.0008, 0.0006, 0.0004; held to five of them. */
        assert_true(fabs(sum / (2 * MANY)) < 0.004);
        assert_true(fabs(power / (2 * MANY) - 0.25) < 0.003);
        assert_true(fabs(neighbour / (2 * MANY)) < 0.002); /* white */
    }
    free(left);
    free(words);
}

static void counts_what_it_holds_at_the_ends(void **state)
{
    double left[4] = {1.0, -1.0, 2.5, -1.00001};
    double right[4] = {0.0, (double)INFINITY, -(double)INFINITY, (double)NAN};
    const double *const channel[2] = {left, right};

    (void)state;
    for (size_t f = 0; f < 4; f++) {
        int64_t top = ((int64_t)1 << (word_bits(every[f]) - 1)) - 1;
        unsigned char words[4 * 2 * 4];
        struct dither dither;

        dither_init(&dither, 4, false, 0);
        /* The fourth of the left is within half a step of the end of a 16-bit word. */
        assert_int_equal(every[f] == WORD_S16 ? 4 : 5,
                         format_write(every[f], &dither, channel, 4, words));
        assert_int_equal(top, read_word(every[f], words, 0));
        assert_int_equal(-top - 1, read_word(every[f], words, 2));
        assert_int_equal(top, read_word(every[f], words, 4));
        assert_int_equal(-top - 1, read_word(every[f], words, 6));
        assert_int_equal(0, read_word(every[f], words, 1));
        assert_int_equal(top, read_word(every[f], words, 3));
        assert_int_equal(-top - 1, read_word(every[f], words, 5));
        assert_int_equal(0, read_word(every[f], words, 7)); /* NaN is silence */
    }
}

static void keeps_the_low_bits_of_a_longer_word_zero(void **state)
{
    double left[FRAMES], right[FRAMES];
    unsigned char words[FRAMES * 2 * 4];
    const double *const channel[2] = {left, right};
    struct dither dither;

    (void)state;
    for (size_t i = 0; i < FRAMES; i++) {
        left[i] = 0.9 * sin(0.01 * (double)i);
        right[i] = -left[i];
    }
    dither_init(&dither, 5, true, 20);
    format_write(WORD_S32, &dither, channel, FRAMES, words);
    for (size_t i = 0; i < FRAMES; i++) {
        int64_t word = read_word(WORD_S32, words, 2 * i);

        assert_int_equal(0, word & 0xfff);
        assert_true(fabs((double)word * 0x1p-31 - left[i]) <= 1.5 * 0x1p-19);
    }
}

static void writes_the_same_words_however_it_is_called(void **state)
{
    double left[FRAMES], right[FRAMES];
    unsigned char whole[FRAMES * 4], parts[FRAMES * 4];
    const double *const channel[2] = {left, right};
    struct dither dither;

    (void)state;
    for (size_t i = 0; i < FRAMES; i++) {
        left[i] = i < 300 ? (double)i / 32768.0 : 0.9 * sin(0.01 * (double)i);
        right[i] = i < 500 ? 0.25 : 0.2 * sin(0.03 * (double)i);
    }
    dither_init(&dither, 6, true, 0);
    format_write(WORD_S16, &dither, channel, FRAMES, whole);
    dither_init(&dither, 6, true, 0);
    for (size_t at = 0, step = 1; at < FRAMES; at += step, step = step * 5 % 211) {
        const double *const rest[2] = {left + at, right + at};

        step = step < FRAMES - at ? step : FRAMES - at;
        format_write(WORD_S16, &dither, rest, step, parts + at * 4);
    }
    assert_memory_equal(whole, parts, sizeof whole);
}

static void repeats_with_the_seed_and_differs_with_another(void **state)
{
    double left[64];
    const double *const channel[2] = {left, left};
    unsigned char words[3][64 * 4];

    (void)state;
    for (size_t i = 0; i < 64; i++) {
        left[i] = 0.5 / 32768.0;
    }
    for (size_t run = 0; run < 3; run++) {
        struct dither dither;

        dither_init(&dither, run == 2 ? 10 : 9, true, 16);
        format_write(WORD_S16, &dither, channel, 64, words[run]);
    }
    assert_memory_equal(words[0], words[1], sizeof words[0]);
    assert_memory_not_equal(words[0], words[2], sizeof words[0]);
}

static void writes_float_as_the_nearest_float(void **state)
{
    double left[3] = {0.1, 1.5, (double)NAN};
    const double *const channel[2] = {left, left};
    struct dither dither;
    float words[6];

    (void)state;
    dither_init(&dither, 1, true, 16);
    assert_int_equal(0, format_write(WORD_FLOAT, &dither, channel, 3, words));
    assert_true(words[0] == 0.1F && words[1] == 0.1F);
    assert_true(words[2] == 1.5F);
    assert_true(words[5] == 0.0F);
}

static void tells_the_size_and_name_of_each_word(void **state)
{
    (void)state;
    assert_int_equal(2, word_bytes(WORD_S16));
    assert_int_equal(3, word_bytes(WORD_S24_3LE));
    assert_int_equal(4, word_bytes(WORD_S24));
    assert_int_equal(32, word_bits(WORD_S32));
    assert_int_equal(24, word_bits(WORD_FLOAT));
    assert_string_equal("S24_3LE", word_name(WORD_S24_3LE));
    assert_string_equal("FLOAT", word_name(WORD_FLOAT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_the_words_of_a_lossless_source_in_every_format),
        cmocka_unit_test(leaves_exact_samples_alone_among_others),
        cmocka_unit_test(rounds_to_the_nearest_word_without_dither),
        cmocka_unit_test(dithers_to_a_quarter_lsb_squared_without_bias),
        cmocka_unit_test(counts_what_it_holds_at_the_ends),
        cmocka_unit_test(keeps_the_low_bits_of_a_longer_word_zero),
        cmocka_unit_test(writes_the_same_words_however_it_is_called),
        cmocka_unit_test(repeats_with_the_seed_and_differs_with_another),
        cmocka_unit_test(writes_float_as_the_nearest_float),
        cmocka_unit_test(tells_the_size_and_name_of_each_word),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
