/* test_spectral_model.c - the spectral processor beside a slow model of it, in double precision.
 *
 * The model is written from what the headers say, over the whole sound at once: first the powers of
 * all frames, then the gains after each of them, then what they change. The transforms are FFTW's
 * in double precision; nothing of dsp/stft, of the module's own or of measure/balance is called.
 *
 * Where a header says only what a step is for, it is taken as the module takes it: how the parts'
 * gains go over into each other, the one step against their overlap, and Newton's steps that keep
 * the level, which are cut off after two and one that is the same for all parts (taken to their
 * end, the two sounds are still within -110 dB). The module's limits on steep maps are not in its
 * header: the design stays clear of them.
 */
#include "chain/spectral.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fftw3.h>

#include "spectral_support.h"

enum { SIZE_MOST = 2048, BINS_MOST = SIZE_MOST / 2 + 1, HOP_LEAST = 256, PARTS = BALANCE_PARTS };
enum { SMOOTHING = 6 }; /* bins */
enum { SECONDS = 5, FRAMES = SECONDS * SPECTRAL_RATE };
enum { SPECTRA_MOST = FRAMES / HOP_LEAST + 4 + 34 };

/* What the two kinds differ in. */
struct kind {
    struct module *(*create)(const struct module_format *format,
                             const struct spectral_design *design, const double *values);
    size_t size, hop;
    size_t window, ahead; /* 400 ms, in hops; how far it looks ahead */
    size_t first;         /* part that it moves */
};

struct model {
    const struct kind *kind;
    size_t bins, spectra;
    double bin_hz;
    const struct spectral_design *design;
    const double *values;
    double reads[PARTS][BINS_MOST]; /* how much of a bin's power is a part's */
    double shape[PARTS][BINS_MOST]; /* how much of a part's gain a bin gets */
    double mix[PARTS][PARTS]; /* the latter, in the mean over the whole bins of another part */
    double quiet;             /* power below which gains stand still */
    double power[SPECTRA_MOST][PARTS];
    double gain[SPECTRA_MOST][PARTS]; /* linear, after that frame */
    fftw_complex *spectrum;
    double *time;
    fftw_plan forward, backward;
};

static double hold(double value, double most)
{
    return fmin(fmax(value, -most), most);
}

static double to_db(double power)
{
    return 10 * log10(fmax(power, 1e-30));
}

static double from_db(double db)
{
    return pow(10, db / 10);
}

/* --- the parts ----------------------------------------------------------------------------- */

/* Third octaves n = -17 ... 13 around 1 kHz; together: up to 80 Hz, to 200, to 315, and the last
   two. */
static double edge_hz(size_t part)
{
    double n = part == 0      ? -17
               : part == 1    ? -10
               : part == 2    ? -6
               : part < PARTS ? (double)part - 7
                              : 14;

    return 1000 * pow(10, (n - 0.5) / 10);
}

static double middle_hz(size_t part)
{
    return sqrt(edge_hz(part) * edge_hz(part + 1));
}

/* From 0 to 1 between two frequencies, in the middle half of the octaves between. */
static double rise(double hz, double from_hz, double to_hz)
{
    double way = log2(hz / from_hz) / log2(to_hz / from_hz);

    return 0.5 - 0.5 * cos(M_PI * fmin(fmax(2 * way - 0.5, 0), 1));
}

static double share(size_t part, double hz)
{
    double from = part > 0 ? rise(hz, middle_hz(part - 1), middle_hz(part)) : 1;
    double to = part + 1 < PARTS ? rise(hz, middle_hz(part), middle_hz(part + 1))
                                 : rise(hz, edge_hz(PARTS), 2 * edge_hz(PARTS));

    return from * (1 - to);
}

static void model_part(struct model *model, size_t part)
{
    double low = edge_hz(part) / model->bin_hz, high = edge_hz(part + 1) / model->bin_hz;

    for (size_t k = 0; k < model->bins; k++) {
        double bin = (double)k, sum = 0;

        model->reads[part][k] = fmax(0, fmin(bin + 0.5, high) - fmax(bin - 0.5, low));
        for (int j = -SMOOTHING; j <= SMOOTHING; j++) {
            double weight = 0.5 + 0.5 * cos(M_PI * j / SMOOTHING);

            sum += weight / SMOOTHING * share(part, fabs(bin + j) * model->bin_hz);
        }
        model->shape[part][k] = sum;
    }
}

static void model_mix(struct model *model, size_t part)
{
    for (size_t j = 0; j < PARTS; j++) {
        double sum = 0, count = 0;

        for (size_t k = 0; k < model->bins; k++) {
            if (model->reads[part][k] > 1 - 1e-9) {
                sum += model->shape[j][k];
                count++;
            }
        }
        model->mix[part][j] = sum / count;
    }
}

/* --- what is asked for --------------------------------------------------------------------- */

/* Percentile to percentile, straight between and in parallel beyond. */
static double wanted_db(const struct balance *target, const struct balance *reference, double db)
{
    if (db > target->high_db) {
        return reference->high_db + db - target->high_db;
    }
    if (db < target->low_db) {
        return reference->low_db + db - target->low_db;
    }
    if (db > target->middle_db) {
        return reference->middle_db + (db - target->middle_db) *
                                          (reference->high_db - reference->middle_db) /
                                          (target->high_db - target->middle_db);
    }
    return reference->middle_db + (db - target->middle_db) *
                                      (reference->middle_db - reference->low_db) /
                                      (target->middle_db - target->low_db);
}

/* The smallest change in dB that makes the parts' powers add up to what they did. */
static void keep_level(const double power[PARTS], double range_db, double goal_db[PARTS])
{
    for (int round = 0; round < 3; round++) {
        double slope[PARTS], total = 0, sum = 0, squares = 0, error_db;

        for (size_t i = 0; i < PARTS; i++) {
            total += power[i];
            sum += power[i] * from_db(goal_db[i]);
        }
        error_db = to_db(sum / total);
        for (size_t i = 0; i < PARTS; i++) { /* of the level by the part's gain */
            slope[i] = power[i] * from_db(goal_db[i]) / sum;
            squares += slope[i] * slope[i];
        }
        for (size_t i = 0; i < PARTS; i++) {
            double step_db = round < 2 ? error_db * slope[i] / squares : error_db;

            goal_db[i] = hold(goal_db[i] - step_db, range_db);
        }
    }
}

static bool model_goal(const struct model *model, const double power[PARTS], double goal_db[PARTS])
{
    const struct spectral_design *design = model->design;
    double range_db = model->values[SPECTRAL_RANGE_DB];
    double total = 0, before = 0;

    for (size_t i = 0; i < PARTS; i++) {
        total += power[i];
        before += power[i] / from_db(design->eq_db[i]);
    }
    if (total <= model->quiet) {
        return false;
    }
    for (size_t i = 0; i < PARTS; i++) {
        bool held = i >= model->kind->first && design->target[i].middle_db > BALANCE_NOTHING_DB &&
                    design->reference[i].middle_db > BALANCE_NOTHING_DB;
        double is_db = to_db(power[i] / total);
        double was_db = to_db(power[i] / from_db(design->eq_db[i]) / before);
        double ask_db =
            held ? wanted_db(&design->target[i], &design->reference[i], was_db) - is_db : 0;

        goal_db[i] = hold(ask_db * model->values[SPECTRAL_AMOUNT_PERCENT] / 100, range_db);
    }
    keep_level(power, range_db, goal_db);
    return true;
}

/* --- the sound ----------------------------------------------------------------------------- */

/* A Hann frame: the first ends a hop into the sound. What is outside the sound is silence. */
static void transform(const struct model *model, const double *sound, size_t frame)
{
    size_t size = model->kind->size;

    for (size_t n = 0; n < size; n++) {
        size_t at = (frame + 1) * model->kind->hop + n; /* from `size` before the sound */
        double value = at >= size && at - size < FRAMES ? sound[at - size] : 0;

        model->time[n] = value * (0.5 - 0.5 * cos(2 * M_PI * (double)n / (double)size));
    }
    fftw_execute(model->forward);
}

static void add_powers(struct model *model, size_t frame)
{
    for (size_t k = 0; k < model->bins; k++) {
        double re = model->spectrum[k][0], im = model->spectrum[k][1];

        for (size_t i = 0; i < PARTS; i++) {
            model->power[frame][i] += model->reads[i][k] * (re * re + im * im);
        }
    }
}

static void model_powers(struct model *model, const struct stereo *in)
{
    for (size_t frame = 0; frame < model->spectra + model->kind->ahead; frame++) {
        for (size_t c = 0; c < 2; c++) {
            transform(model, in->channel[c], frame);
            add_powers(model, frame);
        }
    }
}

/* Each part's gain in the mean over its bins comes nearer to what it is to be. */
static void take_gains(const struct model *model, const double gain_db[PARTS], double gain[PARTS])
{
    for (size_t i = 0; i < PARTS; i++) {
        double mean_db = 0;

        for (size_t j = 0; j < PARTS; j++) {
            mean_db += model->mix[i][j] * gain_db[j];
        }
        gain[i] = pow(
            10, hold(gain_db[i] + (gain_db[i] - mean_db), model->values[SPECTRAL_RANGE_DB]) / 20);
    }
}

static void model_gains(struct model *model)
{
    double approach = 1 - exp(-1000.0 * (double)model->kind->hop / SPECTRAL_RATE /
                              model->values[SPECTRAL_SPEED_MS]);
    double gain_db[PARTS], goal_db[PARTS], mean[PARTS];

    for (size_t i = 0; i < PARTS; i++) { /* as if the target's median had been heard */
        mean[i] = 1e6 * from_db(model->design->target[i].middle_db + model->design->eq_db[i]);
    }
    assert_true(model_goal(model, mean, gain_db));
    for (size_t frame = 0; frame < model->spectra + model->kind->ahead; frame++) {
        size_t first = frame < model->kind->window ? 0 : frame - model->kind->window + 1;

        memset(mean, 0, sizeof mean);
        for (size_t i = 0; i < PARTS; i++) {
            for (size_t row = first; row <= frame; row++) {
                mean[i] += model->power[row][i] / (double)(frame + 1 - first);
            }
        }
        if (model_goal(model, mean, goal_db)) {
            for (size_t i = 0; i < PARTS; i++) {
                gain_db[i] += approach * (goal_db[i] - gain_db[i]);
            }
        }
        take_gains(model, gain_db, model->gain[frame]);
    }
}

/* Adds what a frame's gains change. */
static void model_change(const struct model *model, const double *in, size_t frame, double *out)
{
    size_t size = model->kind->size;

    transform(model, in, frame);
    for (size_t k = 0; k < model->bins; k++) {
        double change = 0;

        for (size_t i = 0; i < PARTS; i++) {
            change += model->shape[i][k] * (model->gain[frame + model->kind->ahead][i] - 1);
        }
        model->spectrum[k][0] *= change / (1.5 * (double)size);
        model->spectrum[k][1] *= change / (1.5 * (double)size);
    }
    fftw_execute(model->backward);
    for (size_t n = 0; n < size; n++) {
        size_t at = (frame + 1) * model->kind->hop + n;

        if (at >= size && at - size < FRAMES) {
            out[at - size] +=
                model->time[n] * (0.5 - 0.5 * cos(2 * M_PI * (double)n / (double)size));
        }
    }
}

static struct stereo model_run(const struct kind *kind, const struct spectral_design *design,
                               const double *values, const struct stereo *in)
{
    struct model *model = calloc(1, sizeof *model);
    struct stereo out = stereo_create(FRAMES);

    assert_non_null(model);
    model->kind = kind;
    model->bins = kind->size / 2 + 1;
    model->spectra = FRAMES / kind->hop + 4;
    model->bin_hz = (double)SPECTRAL_RATE / (double)kind->size;
    model->design = design;
    model->values = values;
    /* -70 dBFS in both channels: half of the bins, and the window's squares, 3/8 of size. */
    model->quiet = 2 * 0.5 * 0.375 * (double)kind->size * (double)kind->size * from_db(-70);
    model->spectrum = fftw_alloc_complex(model->bins);
    model->time = fftw_alloc_real(kind->size);
    model->forward =
        fftw_plan_dft_r2c_1d((int)kind->size, model->time, model->spectrum, FFTW_ESTIMATE);
    model->backward =
        fftw_plan_dft_c2r_1d((int)kind->size, model->spectrum, model->time, FFTW_ESTIMATE);
    for (size_t i = 0; i < PARTS; i++) {
        model_part(model, i);
    }
    for (size_t i = 0; i < PARTS; i++) {
        model_mix(model, i);
    }
    model_powers(model, in);
    model_gains(model);
    for (size_t c = 0; c < 2; c++) {
        memcpy(out.channel[c], in->channel[c], FRAMES * sizeof(double));
        for (size_t frame = 0; frame < model->spectra; frame++) {
            model_change(model, in->channel[c], frame, out.channel[c]);
        }
    }
    fftw_destroy_plan(model->forward);
    fftw_destroy_plan(model->backward);
    fftw_free(model->spectrum);
    fftw_free(model->time);
    free(model);
    return out;
}

/* --- both ---------------------------------------------------------------------------------- */

/* Every part another spread and median, within what the headers tell; one is left alone, and
   something stands in front. */
static struct spectral_design lively(void)
{
    struct spectral_design design = design_neutral();

    for (size_t i = 0; i < PARTS; i++) {
        double turn = (double)i;

        design.target[i].low_db += 1.5 * sin(2 * turn);
        design.target[i].high_db += 1.5 * cos(3 * turn);
        balance_shift(&design.reference[i], 3 * sin(1.3 * turn));
        design.reference[i].low_db += 2 * cos(turn);
        design.reference[i].high_db += 2 * sin(2.5 * turn);
        design.eq_db[i] = 2 * sin(0.7 * turn);
    }
    design.target[9] = (struct balance){-100, -100, -100};
    return design;
}

/* Pink noise, loud and soft and a little below and above where the gains stand still (-70 dBFS);
   brighter on the right, and the left duller in its second half. */
static struct stereo changing_noise(void)
{
    static const double level_db[] = {0, -12, 6, -30, -50.6, -50.6, -49.4, -49.4, -3, -20, 3, -6};
    struct stereo sound = pink_noise(FRAMES, 5);
    const size_t steps = sizeof level_db / sizeof level_db[0];
    double step = FRAMES / (double)steps;
    double last[2] = {0};

    for (size_t n = 0; n < FRAMES; n++) {
        double gain = pow(10, level_db[(size_t)((double)n / step)] / 20);

        for (size_t c = 0; c < 2; c++) {
            double now = sound.channel[c][n];
            double tilt = c == 1 ? -0.6 : n < FRAMES / 2 ? 0.0 : 0.7;

            sound.channel[c][n] = gain * (now + tilt * last[c]);
            last[c] = now;
        }
    }
    return sound;
}

/* RMS of both channels' difference; other NULL: of the sound itself. */
static double rms_of_difference_db(const struct stereo *one, const struct stereo *other)
{
    double sum = 0;

    for (size_t c = 0; c < 2; c++) {
        for (size_t n = 0; n < one->frames; n++) {
            double value = one->channel[c][n] - (other == NULL ? 0 : other->channel[c][n]);

            sum += value * value;
        }
    }
    return to_db(sum / (2 * (double)one->frames));
}

static void check_beside_the_model(const struct kind *kind)
{
    static const uint32_t blocks[] = {64, 512, 4096};
    const struct kernels *tiers[8];
    size_t widest = every_tier(tiers) - 1;
    struct spectral_design design = lively();
    struct stereo in = changing_noise();
    struct stereo expected = model_run(kind, &design, spectral_standard, &in);
    double level_db = rms_of_difference_db(&expected, NULL);

    /* It is no small thing that the two agree on. */
    assert_true(rms_of_difference_db(&expected, &in) - level_db > -40);
    for (size_t i = 0; i < 6; i++) {
        const struct module_format format = {SPECTRAL_RATE, blocks[i / 2],
                                             tiers[i % 2 == 0 ? 0 : widest]};
        struct module *module = kind->create(&format, &design, spectral_standard);
        struct stereo out;

        assert_non_null(module);
        out = stream_module(module, format.block_frames, &in, 0);
        assert_true(rms_of_difference_db(&out, &expected) - level_db < -135);
        stereo_destroy(&out);
        module->class->destroy(module);
    }
    stereo_destroy(&in);
    stereo_destroy(&expected);
}

static void two_tiers_and_blocks_of_every_size_do_what_a_slow_model_does(void **state)
{
    static const struct kind whole = {spectral_create, 2048, 512, 34, 17, 0};

    (void)state;
    check_beside_the_model(&whole);
}

static void so_do_the_short_frames_of_a_live_source(void **state)
{
    /* The parts up to 315 Hz are left alone. */
    static const struct kind brief = {spectral_create_short, 1024, 256, 69, 0, 3};

    (void)state;
    check_beside_the_model(&brief);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_tiers_and_blocks_of_every_size_do_what_a_slow_model_does),
        cmocka_unit_test(so_do_the_short_frames_of_a_live_source),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
