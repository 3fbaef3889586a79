/* test_short_term.c - how a track varies from moment to moment. */
#include "match/short_term.h"

#include "chain/dynamics.h"
#include "dsp/crossover.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RATE = 44100, BEFORE = 4096 };

struct sound {
    size_t frames;
    float *channel[2]; /* with BEFORE frames of silence in front */
};

static struct sound sound_of(size_t frames)
{
    struct sound sound = {.frames = frames};

    for (size_t c = 0; c < 2; c++) {
        sound.channel[c] = calloc(BEFORE + frames, sizeof(float));
        assert_non_null(sound.channel[c]);
        sound.channel[c] += BEFORE;
    }
    return sound;
}

static void sound_free(struct sound *sound)
{
    free(sound->channel[0] - BEFORE);
    free(sound->channel[1] - BEFORE);
}

static void add_sine(struct sound *sound, double hz, double amplitude, size_t from, size_t to)
{
    for (size_t n = from; n < to; n++) {
        float value = (float)(amplitude * sin(2.0 * M_PI * hz * (double)n / RATE));

        sound->channel[0][n] += value;
        sound->channel[1][n] += value;
    }
}

static void listen(struct short_term_listener *listener, const struct sound *sound, size_t from,
                   size_t frames)
{
    const float *const channel[2] = {sound->channel[0] + from, sound->channel[1] + from};

    short_term_listen(listener, (int64_t)from, channel, frames);
}

/* In chunks that `listeners` take in turn. */
static struct short_term read_sound(const struct sound *sound, size_t chunk, size_t listeners)
{
    struct short_term_table *table = short_term_table_create(RATE, (int64_t)sound->frames);
    struct short_term_listener *listener[2] = {short_term_listener_create(table),
                                               short_term_listener_create(table)};
    struct short_term result;

    assert_non_null(listener[0]);
    assert_non_null(listener[1]);
    for (size_t from = 0, i = 0; from < sound->frames; from += chunk, i++) {
        size_t frames = sound->frames - from < chunk ? sound->frames - from : chunk;

        listen(listener[i % listeners], sound, from, frames);
    }
    assert_int_equal(short_term_read(table, &result), 0);
    short_term_listener_destroy(listener[0]);
    short_term_listener_destroy(listener[1]);
    short_term_table_destroy(table);
    return result;
}

static void assert_near(double value, double expected, double bound)
{
    if (!(fabs(value - expected) <= bound))
        fail_msg("%.4f is not within %g of %.4f", value, bound, expected);
}

static double sine_db(double amplitude)
{
    return 20.0 * log10(amplitude) - 10.0 * log10(2.0);
}

static void a_sine_that_is_loud_for_a_while_has_both_its_levels_in_its_band_alone(void **state)
{
    struct sound sound = sound_of((size_t)30 * RATE);
    struct short_term result;
    double slopes;

    (void)state;
    add_sine(&sound, 3000.0, 0.1, 0, (size_t)26 * RATE);
    add_sine(&sound, 3000.0, 0.5, (size_t)26 * RATE, (size_t)30 * RATE);
    result = read_sound(&sound, sound.frames, 1);
    assert_true(result.windows > 280 && result.windows < 300);
    slopes = 10.0 * log10(crossover_power(dynamics_borders_hz, RATE, 2, 3000.0));
    assert_near(slopes, -0.6, 0.1);
    assert_near(result.band[2].median_db, sine_db(0.1) + slopes, 0.02);
    assert_near(result.band[2].loud_db, sine_db(0.5) + slopes, 0.02);
    assert_near(result.band[2].mean_db, slopes + 10.0 * log10((26.0 * 0.005 + 4.0 * 0.125) / 30.0),
                0.2);
    for (size_t i = 0; i < SHORT_TERM_BANDS; i++)
        assert_true(i == 2 || result.band[i].median_db < result.band[2].median_db - 10.0);
    sound_free(&sound);
}

static void gaps_and_fades_are_no_dynamics(void **state)
{
    struct sound sound = sound_of((size_t)30 * RATE);
    struct short_term result;

    (void)state;
    add_sine(&sound, 500.0, 0.3, (size_t)10 * RATE, (size_t)22 * RATE);
    add_sine(&sound, 500.0, 0.02, (size_t)22 * RATE, (size_t)30 * RATE); /* 23.5 dB down */
    result = read_sound(&sound, sound.frames, 1);
    assert_true(result.windows >= 115 && result.windows <= 125);
    assert_near(result.band[1].median_db,
                sine_db(0.3) + 10.0 * log10(crossover_power(dynamics_borders_hz, RATE, 1, 500.0)),
                0.02);
    assert_near(result.band[1].loud_db - result.band[1].median_db, 0.0, 0.02);
    sound_free(&sound);
}

static void a_parts_balance_is_against_all_parts(void **state)
{
    struct sound sound = sound_of((size_t)10 * RATE);
    struct short_term result;
    const struct balance *low = &result.part[1], *high = &result.part[10]; /* 159 Hz, 2 kHz */

    (void)state;
    add_sine(&sound, balance_middle_hz(1), 0.1, 0, sound.frames);
    add_sine(&sound, balance_middle_hz(10), 0.1, 0, sound.frames / 2);
    add_sine(&sound, balance_middle_hz(10), 0.2, sound.frames / 2, sound.frames);
    result = read_sound(&sound, sound.frames, 1);
    /* 1:1 in one half, 1:4 in the other */
    assert_near(low->low_db, 10.0 * log10(1.0 / 5.0), 0.1);
    assert_near(low->high_db, 10.0 * log10(1.0 / 2.0), 0.1);
    assert_near(high->low_db, 10.0 * log10(1.0 / 2.0), 0.1);
    assert_near(high->high_db, 10.0 * log10(4.0 / 5.0), 0.1);
    assert_true(low->middle_db >= low->low_db && low->middle_db <= low->high_db);
    assert_true(result.part[5].high_db < -60.0);
    sound_free(&sound);
}

static void who_listens_to_which_chunk_makes_no_difference(void **state)
{
    struct sound sound = sound_of((size_t)7 * RATE + 123);
    struct short_term whole, parts;

    (void)state;
    add_sine(&sound, 90.0, 0.2, 0, sound.frames);
    add_sine(&sound, 7000.0, 0.1, sound.frames / 3, sound.frames);
    whole = read_sound(&sound, sound.frames, 1);
    parts = read_sound(&sound, 65536, 2);
    assert_memory_equal(&whole, &parts, sizeof(whole));
    parts = read_sound(&sound, 1000, 2);
    assert_memory_equal(&whole, &parts, sizeof(whole));
    sound_free(&sound);
}

static void what_is_too_short_or_silent_has_no_windows(void **state)
{
    static const size_t frames[] = {1, 4095, 4096, 15000, 44100};

    (void)state;
    for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
        struct sound sound = sound_of(frames[i]);

        assert_int_equal(read_sound(&sound, 1000, 2).windows, 0);
        sound_free(&sound);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sine_that_is_loud_for_a_while_has_both_its_levels_in_its_band_alone),
        cmocka_unit_test(gaps_and_fades_are_no_dynamics),
        cmocka_unit_test(a_parts_balance_is_against_all_parts),
        cmocka_unit_test(who_listens_to_which_chunk_makes_no_difference),
        cmocka_unit_test(what_is_too_short_or_silent_has_no_windows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
