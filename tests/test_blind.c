/* test_blind.c - a blind switch sounds the same whichever way it goes. */
#include "chain/blind.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LENGTH = 100, FRAMES = 1000, SWITCH_AT = 137 };

/* A is 1, B is -2 (right: half of it). */
struct sound {
    double a[2][FRAMES], b[2][FRAMES], out[2][FRAMES];
};

static void fill(struct sound *sound)
{
    for (int i = 0; i < FRAMES; i++) {
        sound->a[0][i] = 1.0;
        sound->a[1][i] = 0.5;
        sound->b[0][i] = -2.0;
        sound->b[1][i] = -1.0;
    }
}

static void run(struct sound *sound, struct blind *blind, struct ab *ab, uint32_t from, uint32_t to)
{
    const double *const a[2] = {sound->a[0] + from, sound->a[1] + from};
    const double *const b[2] = {sound->b[0] + from, sound->b[1] + from};
    double *const out[2] = {sound->out[0] + from, sound->out[1] + from};

    blind_process(blind, ab, a, b, out, to - from);
}

static double gain_at(int k)
{
    if (k < 0 || k >= 3 * LENGTH) {
        return 1.0;
    }
    if (k < LENGTH) {
        return 1.0 - (k + 1.0) / LENGTH;
    }
    return k < 2 * LENGTH ? 0.0 : (k + 1.0 - 2 * LENGTH) / LENGTH;
}

static void check_word(const struct sound *sound, int i, double from, double to)
{
    int k = i - SWITCH_AT;
    double heard = k < LENGTH ? from : to;

    for (int c = 0; c < 2; c++) {
        double whole = heard == 0.0 ? sound->a[c][i] : sound->b[c][i];

        if (gain_at(k) == 0.0) { /* silence, to the last bit */
            assert_true(sound->out[c][i] == 0.0 && !signbit(sound->out[c][i]));
        } else {
            assert_true(fabs(sound->out[c][i] - gain_at(k) * whole) < 1e-12);
        }
    }
}

/* The switch at SWITCH_AT, cut into blocks of any length: the words one by one. */
static void every_way_is_20_ms_out_20_ms_silent_20_ms_in(void **state)
{
    static const uint32_t blocks[] = {1, 7, 64, 100, 512, FRAMES};
    static const double goals[] = {0.0, 1.0};

    (void)state;
    for (size_t way = 0; way < (size_t)4 * 6; way++) {
        double from = goals[way % 2];
        double to = goals[way / 2 % 2];
        uint32_t block = blocks[way / 4];
        static struct sound sound;
        struct blind blind = {.active = false};
        struct ab ab;

        fill(&sound);
        ab_init(&ab, 5000, from);
        run(&sound, &blind, &ab, 0, SWITCH_AT);
        blind_begin(&blind, to, LENGTH);
        for (uint32_t at = SWITCH_AT; at < FRAMES; at += block) {
            run(&sound, &blind, &ab, at, at + block < FRAMES ? at + block : FRAMES);
        }
        assert_false(blind.active);
        for (int i = 0; i < FRAMES; i++) {
            check_word(&sound, i, from, to);
        }
        assert_true(ab.w == to);
    }
}

static void what_is_asked_for_meanwhile_turns_it_round_without_a_jump(void **state)
{
    (void)state;
    for (uint32_t again = 1; again < 3 * LENGTH; again += 13) {
        static struct sound sound;
        struct blind blind = {.active = false};
        struct ab ab;

        fill(&sound);
        ab_init(&ab, 5000, 0.0);
        run(&sound, &blind, &ab, 0, SWITCH_AT);
        blind_begin(&blind, 1.0, LENGTH);
        run(&sound, &blind, &ab, SWITCH_AT, SWITCH_AT + again);
        blind_begin(&blind, 0.0, LENGTH);
        run(&sound, &blind, &ab, SWITCH_AT + again, FRAMES);
        for (int i = 1; i < FRAMES; i++) {
            assert_true(fabs(sound.out[0][i] - sound.out[0][i - 1]) < 2.0 / LENGTH + 1e-9);
        }
        assert_true(sound.out[0][FRAMES - 1] == 1.0);
    }
}

static void without_a_switch_words_pass_untouched(void **state)
{
    static struct sound sound;
    struct blind blind = {.active = false};
    struct ab ab;

    (void)state;
    fill(&sound);
    sound.b[0][5] = (double)NAN; /* of the side that is not heard */
    ab_init(&ab, 5000, 0.0);
    run(&sound, &blind, &ab, 0, FRAMES);
    assert_memory_equal(sound.out[0], sound.a[0], sizeof sound.a[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_is_20_ms_out_20_ms_silent_20_ms_in),
        cmocka_unit_test(what_is_asked_for_meanwhile_turns_it_round_without_a_jump),
        cmocka_unit_test(without_a_switch_words_pass_untouched),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
