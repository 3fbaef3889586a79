/* test_stft.c - overlapping spectra: what goes in comes out, and what is changed is changed. */
#include "dsp/stft.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "chain_support.h"

static const double bound_db = -120;

MP_RT static void leave_alone(void *context, float *const spectrum[STFT_CHANNELS])
{
    (void)context;
    (void)spectrum;
}

struct shaping {
    size_t bins;
    const double *gain; /* a bin */
};

MP_RT static void shape_bins(void *context, float *const spectrum[STFT_CHANNELS])
{
    const struct shaping *shaping = context;

    for (size_t c = 0; c < STFT_CHANNELS; c++) {
        for (size_t k = 0; k < shaping->bins; k++) {
            spectrum[c][2 * k] *= (float)shaping->gain[k];
            spectrum[c][2 * k + 1] *= (float)shaping->gain[k];
        }
    }
}

static struct stft *make(size_t size, uint32_t block, bool difference, struct shaping *shaping)
{
    const struct stft_shape shape = {
        .size = size,
        .block_frames = block,
        .difference = difference,
        .work = shaping == NULL ? leave_alone : shape_bins,
        .context = shaping,
    };
    struct stft *stft = stft_create(&shape);

    assert_non_null(stft);
    return stft;
}

/* A whole stream through it, its latency cut off. */
static struct stereo stream(struct stft *stft, uint32_t block, const struct stereo *in)
{
    struct stereo out = stereo_create(in->frames);
    size_t latency = stft_latency_frames(stft);
    double buffer[2][4096];
    double *const audio[2] = {buffer[0], buffer[1]};

    for (size_t at = 0; at < in->frames + latency; at += block) {
        for (size_t c = 0; c < 2; c++) {
            for (size_t n = 0; n < block; n++) {
                buffer[c][n] = at + n < in->frames ? in->channel[c][at + n] : 0;
            }
        }
        stft_process(stft, audio);
        for (size_t n = 0; n < block; n++) {
            if (at + n >= latency && at + n - latency < in->frames) {
                out.channel[0][at + n - latency] = buffer[0][n];
                out.channel[1][at + n - latency] = buffer[1][n];
            }
        }
    }
    return out;
}

static void gives_back_what_it_took(void **state)
{
    struct stereo in = stereo_bursts(30000, 0.4, 1, 3, 1);

    (void)state;
    for (size_t size = 1024; size <= 16384; size *= 2) {
        for (uint32_t block = 64; block <= 4096; block *= 2) {
            struct stft *stft = make(size, block, false, NULL);
            struct stereo out = stream(stft, block, &in);
            double worst = worst_difference_db(&out, &in, 0, in.frames);

            if (worst > bound_db) {
                print_message("size %zu, blocks of %u: %.1f dB\n", size, block, worst);
            }
            assert_true(worst < bound_db);
            stereo_destroy(&out);
            stft_destroy(stft);
        }
    }
    stereo_destroy(&in);
}

static void gives_the_same_on_every_processor(void **state)
{
    double gain[1025];
    struct shaping shaping = {1025, gain};
    struct stereo in = stereo_bursts(20000, 0.4, 1, 3, 1), plain = {0};
    const struct kernels *tiers[8];
    size_t count = every_tier(tiers);
    uint64_t seed = 5;

    (void)state;
    for (size_t k = 0; k < 1025; k++) {
        gain[k] = random_unit(&seed);
    }
    for (size_t i = 0; i < count; i++) {
        const struct stft_shape shape = {.size = 2048,
                                         .block_frames = 64,
                                         .tier = tiers[i]->tier,
                                         .difference = true,
                                         .ahead = 2,
                                         .work = shape_bins,
                                         .context = &shaping};
        struct stft *stft = stft_create(&shape);
        struct stereo out;

        assert_non_null(stft);
        out = stream(stft, 64, &in);
        if (i > 0) {
            assert_true(worst_difference_db(&out, &plain, 0, in.frames) < -180);
            stereo_destroy(&out);
        } else {
            plain = out;
        }
        stft_destroy(stft);
    }
    stereo_destroy(&in);
    stereo_destroy(&plain);
}

static void gives_back_the_very_sound_where_the_difference_is_nothing(void **state)
{
    double nothing[1025] = {0};
    struct shaping shaping = {1025, nothing};
    struct stereo in = stereo_bursts(30000, 0.4, 1, 3, 1);

    (void)state;
    for (uint32_t block = 64; block <= 4096; block *= 2) {
        struct stft *stft = make(2048, block, true, &shaping);
        struct stereo out = stream(stft, block, &in);

        for (size_t c = 0; c < 2; c++) {
            assert_memory_equal(out.channel[c], in.channel[c], in.frames * sizeof(double));
        }
        stereo_destroy(&out);
        stft_destroy(stft);
    }
    stereo_destroy(&in);
}

/* One frame there and back by plain sums in double precision, added to `out` from `at` on. */
static void model_frame(const double *in, const double *gain, size_t size, double *out)
{
    double time[256], back[256] = {0};

    for (size_t n = 0; n < size; n++) {
        time[n] = in[n] * (0.5 - 0.5 * cos(2 * M_PI * (double)n / (double)size));
    }
    for (size_t k = 0; k <= size / 2; k++) {
        double re = 0, im = 0, both = k == 0 || k == size / 2 ? 1 : 2;

        for (size_t n = 0; n < size; n++) {
            double turn = 2 * M_PI * (double)(k * n % size) / (double)size;

            re += time[n] * cos(turn);
            im -= time[n] * sin(turn);
        }
        for (size_t n = 0; n < size; n++) {
            double turn = 2 * M_PI * (double)(k * n % size) / (double)size;

            back[n] += both * gain[k] * (re * cos(turn) - im * sin(turn));
        }
    }
    for (size_t n = 0; n < size; n++) {
        out[n] +=
            back[n] / (double)size / 1.5 * (0.5 - 0.5 * cos(2 * M_PI * (double)n / (double)size));
    }
}

static void shapes_as_plain_sums_in_double_do(void **state)
{
    enum { SIZE = 256, FRAMES = 3000 };
    double gain[SIZE / 2 + 1];
    struct shaping shaping = {SIZE / 2 + 1, gain};
    struct stereo in = stereo_bursts(FRAMES, 0.4, 1, 5, 1);
    struct stereo padded = stereo_create(FRAMES + 2 * SIZE), sum = stereo_create(padded.frames);
    struct stereo model = stereo_create(FRAMES);
    uint64_t seed = 9;

    (void)state;
    for (size_t k = 0; k <= SIZE / 2; k++) {
        gain[k] = 1 + random_unit(&seed);
    }
    for (size_t c = 0; c < 2; c++) {
        memcpy(padded.channel[c] + SIZE, in.channel[c], FRAMES * sizeof(double));
        for (size_t at = SIZE / 4; at + SIZE <= padded.frames; at += SIZE / 4) {
            model_frame(padded.channel[c] + at, gain, SIZE, sum.channel[c] + at);
        }
        memcpy(model.channel[c], sum.channel[c] + SIZE, FRAMES * sizeof(double));
    }
    for (uint32_t block = 64; block <= 4096; block *= 4) {
        struct stft *stft = make(SIZE, block, false, &shaping);
        struct stereo out = stream(stft, block, &in);

        assert_true(worst_difference_db(&out, &model, 0, FRAMES - SIZE) < bound_db);
        stereo_destroy(&out);
        stft_destroy(stft);
    }
    stereo_destroy(&in);
    stereo_destroy(&padded);
    stereo_destroy(&sum);
    stereo_destroy(&model);
}

enum { AHEAD = 3, CALLS = 40 };

/* One number of each frame, as it was listened to and as it was to be changed. */
struct ears {
    size_t heard, changed;
    float at_first[CALLS], later[CALLS];
};

MP_RT static void hear(void *context, const float *const spectrum[STFT_CHANNELS])
{
    struct ears *ears = context;

    if (ears->heard < CALLS) {
        ears->at_first[ears->heard] = spectrum[1][10];
    }
    ears->heard++;
}

MP_RT static void note(void *context, float *const spectrum[STFT_CHANNELS])
{
    struct ears *ears = context;

    if (ears->changed < CALLS) {
        ears->later[ears->changed] = spectrum[1][10];
    }
    ears->changed++;
}

static void is_listened_to_before_it_is_changed(void **state)
{
    struct ears ears = {.heard = 0};
    const struct stft_shape shape = {.size = 512,
                                     .block_frames = 64,
                                     .ahead = AHEAD,
                                     .listen = hear,
                                     .work = note,
                                     .context = &ears};
    struct stft *stft = stft_create(&shape);
    struct stereo in = stereo_bursts(6000, 0.4, 1, 3, 1), out;

    (void)state;
    assert_non_null(stft);
    assert_int_equal(stft_latency_frames(stft), 512 - 64 + AHEAD * 128);
    out = stream(stft, 64, &in);
    assert_true(worst_difference_db(&out, &in, 0, in.frames) < bound_db);
    assert_true(ears.heard == ears.changed && ears.heard >= CALLS);
    for (size_t i = AHEAD; i < CALLS; i++) {
        assert_true(ears.later[i] == ears.at_first[i - AHEAD] && ears.later[i] != 0);
    }
    stereo_destroy(&in);
    stereo_destroy(&out);
    stft_destroy(stft);
}

static void starts_anew_after_a_reset(void **state)
{
    struct stereo in = stereo_bursts(9000, 0.4, 1, 3, 1), first, second;
    struct stft *stft = make(2048, 128, false, NULL);

    (void)state;
    first = stream(stft, 128, &in);
    stft_reset(stft);
    second = stream(stft, 128, &in);
    assert_memory_equal(first.channel[0], second.channel[0], in.frames * sizeof(double));
    stereo_destroy(&in);
    stereo_destroy(&first);
    stereo_destroy(&second);
    stft_destroy(stft);
}

static void is_late_by_a_frame_less_what_comes_at_once(void **state)
{
    (void)state;
    for (uint32_t block = 64; block <= 4096; block *= 2) {
        struct stft *stft = make(2048, block, false, NULL);

        assert_int_equal(stft_latency_frames(stft), 2048 - (block < 512 ? block : 512));
        stft_destroy(stft);
    }
}

static void unmarked_work(void *context, float *const spectrum[STFT_CHANNELS])
{
    leave_alone(context, spectrum);
}

static void refuses_shapes_it_cannot_carry_out(void **state)
{
    const struct stft_shape good = {.size = 1024, .block_frames = 64, .work = leave_alone};
    struct stft_shape shape = good;

    (void)state;
    shape.size = 1000;
    assert_null(stft_create(&shape));
    assert_int_equal(errno, EINVAL);
    shape = good;
    shape.block_frames = 100;
    assert_null(stft_create(&shape));
    assert_int_equal(errno, EINVAL);
    shape = good;
    shape.work = unmarked_work; /* the audio thread may not call it */
    assert_null(stft_create(&shape));
    assert_int_equal(errno, EINVAL);
    stft_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_back_what_it_took),
        cmocka_unit_test(gives_the_same_on_every_processor),
        cmocka_unit_test(gives_back_the_very_sound_where_the_difference_is_nothing),
        cmocka_unit_test(shapes_as_plain_sums_in_double_do),
        cmocka_unit_test(is_listened_to_before_it_is_changed),
        cmocka_unit_test(starts_anew_after_a_reset),
        cmocka_unit_test(is_late_by_a_frame_less_what_comes_at_once),
        cmocka_unit_test(refuses_shapes_it_cannot_carry_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
