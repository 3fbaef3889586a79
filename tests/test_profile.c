/* test_profile.c - what a track sounds like: levels and spectra against slow versions of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "match/analysis.h"
#include "match/profile.h"
#include "tests/match_support.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static double noise(uint64_t *seed)
{
    return random_unit(seed);
}

struct floats {
    size_t frames;
    float *channel[2];
};

static struct floats floats_make(size_t frames, size_t loud_from)
{
    struct floats sound = {frames,
                           {malloc(frames * sizeof(float)), malloc(frames * sizeof(float))}};
    uint64_t seed = 17;

    assert_non_null(sound.channel[0]);
    assert_non_null(sound.channel[1]);
    for (size_t i = 0; i < frames; i++) {
        double level = i >= loud_from ? 0.5 : 0.1;

        sound.channel[0][i] = (float)(level * noise(&seed));
        sound.channel[1][i] = (float)(level * noise(&seed));
    }
    return sound;
}

static void floats_free(struct floats *sound)
{
    free(sound->channel[0]);
    free(sound->channel[1]);
}

static void feed(struct analysis *analysis, const struct floats *sound, size_t chunk)
{
    for (size_t i = 0; i < sound->frames; i += chunk) {
        const float *const channel[2] = {sound->channel[0] + i, sound->channel[1] + i};

        analysis_feed(analysis, channel, chunk < sound->frames - i ? chunk : sound->frames - i);
    }
}

static struct profile *profile_room(size_t bins)
{
    struct profile *profile = calloc(1, sizeof(*profile));

    assert_non_null(profile);
    profile->mid = calloc(bins, sizeof(double));
    profile->side = calloc(bins, sizeof(double));
    assert_non_null(profile->mid);
    assert_non_null(profile->side);
    return profile;
}

static struct profile *analysed(const struct floats *sound, uint32_t rate_hz, size_t chunk,
                                int *readings)
{
    struct analysis *analysis = analysis_create(rate_hz, (int64_t)sound->frames);
    struct profile *profile = profile_room(profile_fft_size(rate_hz) / 2 + 1);

    assert_non_null(analysis);
    *readings = 0;
    do {
        feed(analysis, sound, chunk);
        (*readings)++;
    } while (analysis_again(analysis));
    analysis_result(analysis, profile);
    analysis_destroy(analysis);
    return profile;
}

/* One bin of the mean spectrum of [first, first + length), by the definition. */
static double slow_bin(const struct floats *sound, size_t first, size_t length, size_t size,
                       size_t k, double sign)
{
    double sum = 0.0;
    size_t count = length / size;

    for (size_t f = 0; f < count; f++) {
        double re = 0.0, im = 0.0;

        for (size_t n = 0; n < size; n++) {
            size_t i = first + f * size + n;
            double x = 0.5 * ((double)sound->channel[0][i] + sign * (double)sound->channel[1][i]);
            double angle = 2.0 * M_PI * (double)(n * k % size) / (double)size;

            re += x * cos(angle);
            im -= x * sin(angle);
        }
        sum += sqrt(re * re + im * im) / (double)size;
    }
    return sum / (double)count;
}

static void levels_and_spectra_are_those_of_the_loud_piece(void **state)
{
    /* 31 s at 8 kHz: three pieces of 82667 frames and one left over; the last piece is loud. */
    struct floats sound = floats_make(248002, 165334);
    int readings;
    struct profile *profile = analysed(&sound, 8000, 1000, &readings);
    double power = 0.0;

    (void)state;
    assert_int_equal(readings, 1);
    assert_int_equal(profile->fft_size, 1024);
    assert_int_equal(profile->pieces, 3);
    assert_int_equal(profile->piece_frames, 82667);
    assert_int_equal(profile->loud_pieces, 1);
    for (size_t i = 165334; i < 248001; i++) {
        double mid = 0.5 * ((double)sound.channel[0][i] + (double)sound.channel[1][i]);

        power += mid * mid;
    }
    assert_true(fabs(profile->match_rms - sqrt(power / 82667.0)) < 1e-14);
    for (size_t k = 0; k <= 512; k += 128) {
        double mid = slow_bin(&sound, 165334, 82667, 1024, k, 1.0);
        double side = slow_bin(&sound, 165334, 82667, 1024, k, -1.0);

        assert_true(fabs(profile->mid[k] - mid) < 1e-12 * mid + 1e-16);
        assert_true(fabs(profile->side[k] - side) < 1e-12 * side + 1e-16);
    }
    profile_destroy(profile);
    floats_free(&sound);
}

static void chunks_of_any_size_give_the_same_profile(void **state)
{
    struct floats sound = floats_make(130000, 60000);
    int readings;
    struct profile *one = analysed(&sound, 8000, 130000, &readings);
    struct profile *other = analysed(&sound, 8000, 977, &readings);

    (void)state;
    assert_true(fabs(one->match_rms - other->match_rms) < 1e-14);
    assert_true(one->peak == other->peak);
    for (size_t k = 0; k < one->bins; k++)
        assert_true(one->mid[k] == other->mid[k] && one->side[k] == other->side[k]);
    profile_destroy(one);
    profile_destroy(other);
    floats_free(&sound);
}

/* At 100 Hz a piece is 1500 frames at most: a million frames are more pieces than are held. */
static void a_track_of_very_many_pieces_is_read_twice_and_comes_out_right(void **state)
{
    struct floats sound = floats_make(1500 * (ANALYSIS_PIECES_HELD + 40), 900000);
    int readings;
    struct profile *profile = analysed(&sound, 100, 4096, &readings);
    size_t piece = (size_t)profile->piece_frames, first = 0, loud = 0;
    double mid = 0.0;

    (void)state;
    assert_int_equal(readings, 2);
    assert_int_equal(profile->pieces, ANALYSIS_PIECES_HELD + 41);
    for (size_t p = 0; p < profile->pieces; p++) {
        first = p * piece;
        if (first + piece / 2 < 900000)
            continue;
        mid += slow_bin(&sound, first, piece, 512, 100, 1.0);
        loud++;
    }
    assert_int_equal(loud, profile->loud_pieces);
    assert_true(fabs(profile->mid[100] - mid / (double)loud) < 1e-12);
    profile_destroy(profile);
    floats_free(&sound);
}

static void peaks_and_full_scale_samples_are_counted(void **state)
{
    struct floats sound = floats_make(20000, 0);
    int readings;

    (void)state;
    sound.channel[0][10] = -1.0F;
    sound.channel[1][15000] = 1.25F;
    sound.channel[0][19999] = 32767.0F / 32768.0F;
    struct profile *profile = analysed(&sound, 44100, 4096, &readings);

    assert_true(profile->peak == 1.25);
    assert_int_equal(profile->full_scale_samples, 3);
    assert_int_equal(profile->peak_samples, 1);
    profile_destroy(profile);
    floats_free(&sound);
}

static void width_and_correlation_follow_from_left_and_right(void **state)
{
    struct floats sound = floats_make(50000, 0);
    double ll = 0.0, rr = 0.0, lr = 0.0;
    int readings;

    (void)state;
    for (size_t i = 0; i < sound.frames; i++) {
        sound.channel[1][i] = 0.5F * sound.channel[0][i] + 0.2F * sound.channel[1][i];
        ll += (double)sound.channel[0][i] * (double)sound.channel[0][i];
        rr += (double)sound.channel[1][i] * (double)sound.channel[1][i];
        lr += (double)sound.channel[0][i] * (double)sound.channel[1][i];
    }
    struct profile *profile = analysed(&sound, 44100, 4096, &readings);

    assert_true(fabs(profile->correlation - lr / sqrt(ll * rr)) < 1e-9);
    assert_true(fabs(profile->width - sqrt((ll + rr - 2 * lr) / (ll + rr + 2 * lr))) < 1e-9);
    assert_true(fabs(profile->rms_db - 10 * log10((ll + rr) / 100000.0)) < 1e-9);
    profile_destroy(profile);
    floats_free(&sound);
}

static void goldens_have_the_levels_that_are_known(void **state)
{
    (void)state;
    for (int i = 0; i < GOLDENS; i++) {
        static struct golden_values values;
        struct profile *target = profile_of(goldens[i].target, PROFILE_MATCH);

        golden_read(&goldens[i], &values);
        assert_true(fabs(target->match_rms - values.target_rms) < 1e-12);
        profile_destroy(target);
    }
}

static void loudness_is_measured_when_asked_for(void **state)
{
    char path[128];
    struct stereo sound = stereo_create(44100 * 5);

    (void)state;
    /* EBU Tech 3341: a stereo sine of 997 Hz at -23 dBFS reads -23 LUFS. */
    for (size_t i = 0; i < sound.frames; i++) {
        double x = pow(10.0, -23.0 / 20.0) * sin(2.0 * M_PI * 997.0 * (double)i / 44100.0);

        sound.channel[0][i] = sound.channel[1][i] = x;
    }
    scratch_path("sine.wav", path, sizeof(path));
    sound_write(path, &sound, 44100);

    struct profile *full = profile_of(path, PROFILE_FULL);
    struct profile *match = profile_of(path, PROFILE_MATCH);

    assert_true(full->measured && !match->measured);
    assert_true(fabs(full->loudness_lufs + 23.0) < 0.05);
    assert_true(fabs(full->true_peak_dbtp + 23.0) < 0.1);
    profile_destroy(full);
    profile_destroy(match);
    stereo_destroy(&sound);
}

static void an_album_is_analysed_as_one_file(void **state)
{
    char path[3][128];
    struct stereo whole = sound_make(44100 * 20, 0.4, 0.2, 5);
    struct stereo first = {300001, {whole.channel[0], whole.channel[1]}};
    struct stereo second = {whole.frames - 300001,
                            {whole.channel[0] + 300001, whole.channel[1] + 300001}};
    struct programme *album = NULL;
    struct media_error error;

    (void)state;
    scratch_path("whole.wav", path[0], sizeof(path[0]));
    scratch_path("first.wav", path[1], sizeof(path[1]));
    scratch_path("second.wav", path[2], sizeof(path[2]));
    sound_write(path[0], &whole, 44100);
    sound_write(path[1], &first, 44100);
    sound_write(path[2], &second, 44100);

    const char *const parts[2] = {path[1], path[2]};

    assert_int_equal(programme_open(&album, parts, 2, 0, &error), 0);
    struct profile *joined = profile_create(album, PROFILE_MATCH, NULL, &error);
    struct profile *alone = profile_of(path[0], PROFILE_MATCH);

    assert_non_null(joined);
    assert_int_equal(joined->frames, alone->frames);
    assert_true(joined->match_rms == alone->match_rms);
    for (size_t k = 0; k < alone->bins; k++)
        assert_true(joined->mid[k] == alone->mid[k] && joined->side[k] == alone->side[k]);
    profile_destroy(joined);
    profile_destroy(alone);
    programme_close(album);
    stereo_destroy(&whole);
}

static void silence_dc_and_scraps_are_told_apart(void **state)
{
    char path[128];
    static const struct {
        size_t frames;
        double left, right;
        const char *reason;
    } cases[] = {
        {44100, 0.0, 0.0, "silent"},        {44100, 0.3, 0.3, "DC"},
        {44100, 0.3, -0.3, "cancel"},       {4095, 0.3, 0.3, "shorter than 4096"},
        {1, 0.3, 0.3, "shorter than 4096"},
    };

    (void)state;
    scratch_path("unfit.wav", path, sizeof(path));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct stereo sound = stereo_create(cases[i].frames);

        for (size_t n = 0; n < sound.frames; n++) {
            sound.channel[0][n] = cases[i].left;
            sound.channel[1][n] = cases[i].right;
        }
        sound_write(path, &sound, 44100);
        struct profile *profile = profile_of(path, PROFILE_MATCH);

        assert_non_null(profile_unfit_target(profile));
        assert_non_null(strstr(profile_unfit_target(profile), cases[i].reason));
        assert_non_null(profile_unfit_reference(profile));
        profile_destroy(profile);
        stereo_destroy(&sound);
    }
}

static void short_term_levels_are_measured_only_when_asked_for_and_change_nothing_else(void **state)
{
    const char *path = goldens[0].target;
    struct profile *plain = profile_of(path, PROFILE_MATCH);
    struct profile *character = profile_of(path, PROFILE_CHARACTER);

    (void)state;
    assert_false(plain->characterised);
    assert_true(character->characterised);
    assert_true(character->short_term.windows > 50);
    for (size_t i = 0; i < SHORT_TERM_BANDS; i++) {
        assert_true(character->short_term.band[i].loud_db >
                    character->short_term.band[i].median_db);
        assert_true(character->short_term.band[i].loud_db < 0.0);
    }
    assert_memory_equal(plain->mid, character->mid, plain->bins * sizeof(double));
    assert_memory_equal(plain->side, character->side, plain->bins * sizeof(double));
    assert_true(plain->match_rms == character->match_rms);
    profile_destroy(plain);
    profile_destroy(character);
}

static void the_wish_to_end_is_heard(void **state)
{
    struct programme *programme = NULL;
    struct media_error error;
    struct progress progress = {.cancel = true};
    const char *path = goldens[2].target;

    (void)state;
    assert_int_equal(programme_open(&programme, &path, 1, 0, &error), 0);
    assert_null(profile_create(programme, PROFILE_MATCH, &progress, &error));
    assert_int_equal(error.code, -ECANCELED);
    programme_close(programme);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_and_spectra_are_those_of_the_loud_piece),
        cmocka_unit_test(chunks_of_any_size_give_the_same_profile),
        cmocka_unit_test(a_track_of_very_many_pieces_is_read_twice_and_comes_out_right),
        cmocka_unit_test(peaks_and_full_scale_samples_are_counted),
        cmocka_unit_test(width_and_correlation_follow_from_left_and_right),
        cmocka_unit_test(goldens_have_the_levels_that_are_known),
        cmocka_unit_test(loudness_is_measured_when_asked_for),
        cmocka_unit_test(an_album_is_analysed_as_one_file),
        cmocka_unit_test(silence_dc_and_scraps_are_told_apart),
        cmocka_unit_test(
            short_term_levels_are_measured_only_when_asked_for_and_change_nothing_else),
        cmocka_unit_test(the_wish_to_end_is_heard),
    };

    return cmocka_run_group_tests(tests, NULL, scratch_end);
}
