/* match_support.c - golden pairs and made sound for the tests of the match. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/match_support.h"

#include "media/encoder.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct golden goldens[GOLDENS] = {
    {"mix__master", "tests/data/mix.flac", "tests/data/master.flac"},
    {"ambient__master", "tests/data/ambient.flac", "tests/data/master.flac"},
    {"mono__master", "tests/data/mono.flac", "tests/data/master.flac"},
};

/* The numbers that follow `key`, wherever it stands. */
static void read_numbers(const char *json, const char *key, double *values, size_t count)
{
    const char *at = strstr(json, key);

    assert_non_null(at);
    at = strchr(at, ':') + 1;
    for (size_t i = 0; i < count; i++) {
        char *end;

        at += strspn(at, " \n[,");
        values[i] = strtod(at, &end);
        assert_ptr_not_equal(at, end);
        at = end;
    }
}

static void read_file(const char *path, void *bytes, size_t size, size_t *got)
{
    FILE *file = fopen(path, "rb");

    assert_non_null(file);
    *got = fread(bytes, 1, size, file);
    fclose(file);
}

void golden_read(const struct golden *golden, struct golden_values *values)
{
    static const char *const names[2] = {"mid", "side"};
    char path[256], json[8192];
    size_t got;

    snprintf(path, sizeof(path), "tests/data/expected/%s.json", golden->name);
    read_file(path, json, sizeof(json) - 1, &got);
    json[got] = '\0';
    read_numbers(json, "rms_coefficients", values->coefficients, 5);
    read_numbers(json, "final_amplitude_coefficient", &values->final_amplitude, 1);
    read_numbers(json, "target_match_rms", &values->target_rms, 1);
    read_numbers(json, "reference_match_rms", &values->reference_rms, 1);
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof(path), "tests/data/expected/%s.%s-fir.f64", golden->name, names[i]);
        read_file(path, values->taps[i], sizeof(values->taps[i]), &got);
        assert_int_equal(got, sizeof(values->taps[i]));
    }
}

static void scratch_folder(char *folder, size_t room)
{
    snprintf(folder, room, "/tmp/matchplay-test-%ld", (long)getpid());
}

void scratch_path(const char *name, char *path, size_t room)
{
    char folder[64], command[96];

    scratch_folder(folder, sizeof(folder));
    if (access(folder, F_OK) != 0) {
        snprintf(command, sizeof(command), "mkdir -p %s", folder);
        assert_int_equal(system(command), 0);
    }
    snprintf(path, room, "%s/%s", folder, name);
}

void scratch_remove(void)
{
    char folder[64], path[400];
    struct dirent *entry;

    scratch_folder(folder, sizeof(folder));
    DIR *dir = opendir(folder);
    if (!dir)
        return;
    while ((entry = readdir(dir))) {
        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        unlink(path);
    }
    closedir(dir);
    rmdir(folder);
}

int scratch_end(void **state)
{
    (void)state;
    scratch_remove();
    return 0;
}

struct stereo sound_read(const char *path)
{
    enum { CHUNK = 4096 };
    static float left[CHUNK], right[CHUNK];
    float *const channel[2] = {left, right};
    struct decoder *decoder = NULL;
    struct media_error error;
    struct stereo sound = {0};
    size_t room = 0;
    ssize_t got;

    assert_int_equal(decoder_open(&decoder, path, 0, &error), 0);
    while ((got = decoder_read(decoder, channel, CHUNK, &error)) > 0) {
        if (sound.frames + (size_t)got > room) {
            room = 2 * room + CHUNK;
            for (int c = 0; c < 2; c++) {
                sound.channel[c] = realloc(sound.channel[c], room * sizeof(double));
                assert_non_null(sound.channel[c]);
            }
        }
        for (size_t i = 0; i < (size_t)got; i++) {
            sound.channel[0][sound.frames + i] = (double)left[i];
            sound.channel[1][sound.frames + i] = (double)right[i];
        }
        sound.frames += (size_t)got;
    }
    assert_int_equal(got, 0);
    decoder_close(decoder);
    return sound;
}

void sound_write(const char *path, const struct stereo *sound, uint32_t rate_hz)
{
    const double *const channel[2] = {sound->channel[0], sound->channel[1]};
    struct encoder *encoder = NULL;
    struct media_error error;

    assert_int_equal(encoder_open(&encoder, path, ENCODER_F32, rate_hz, NULL, &error), 0);
    assert_int_equal(encoder_write(encoder, channel, sound->frames, &error), 0);
    assert_int_equal(encoder_finish(encoder, &error), 0);
}

struct stereo sound_make(size_t frames, double level, double brightness, uint64_t seed)
{
    struct stereo sound = stereo_create(frames);
    double mid = 0.0, side = 0.0, envelope = 0.0;

    for (size_t i = 0; i < frames; i++) {
        if (i % 11025 == 0)
            envelope = 0.4 + 0.6 * fabs(random_unit(&seed));
        envelope *= 0.99995;
        mid += brightness * (random_unit(&seed) - mid);
        side += brightness * (random_unit(&seed) - side);
        /* Louder in the second half, so that the pieces differ. */
        double gain = level * envelope * (i > frames / 2 ? 1.0 : 0.5);

        sound.channel[0][i] = gain * (mid + 0.3 * side);
        sound.channel[1][i] = gain * (mid - 0.3 * side);
    }
    return sound;
}

static struct programme *open_programme(const char *path)
{
    struct programme *programme = NULL;
    struct media_error error;

    assert_int_equal(programme_open(&programme, &path, 1, 0, &error), 0);
    return programme;
}

struct profile *profile_of(const char *path, enum profile_depth depth)
{
    struct programme *programme = open_programme(path);
    struct media_error error = {0};
    struct profile *profile = profile_create(programme, depth, NULL, &error);

    assert_non_null(profile);
    programme_close(programme);
    return profile;
}

struct plan *plan_of(const char *target, const char *reference, const struct amounts *amounts)
{
    struct profile *from = profile_of(target, PROFILE_MATCH);
    struct profile *to = profile_of(reference, PROFILE_MATCH);
    const struct weighted_reference references[] = {{to, 1.0}};
    struct programme *programme = open_programme(target);
    struct media_error error = {0};
    struct plan *plan = plan_create(from, references, 1, amounts, &error);

    assert_non_null(plan);
    assert_int_equal(plan_correct(plan, from, programme, NULL, &error), 0);
    programme_close(programme);
    profile_destroy(from);
    profile_destroy(to);
    return plan;
}

struct profile *profile_made(uint32_t rate_hz, double level, double tilt, double width)
{
    struct profile *profile = calloc(1, sizeof(*profile));

    assert_non_null(profile);
    profile->rate_hz = rate_hz;
    profile->frames = profile->piece_frames = rate_hz * 10;
    profile->pieces = profile->loud_pieces = 1;
    profile->fft_size = profile_fft_size(rate_hz);
    profile->bins = profile->fft_size / 2 + 1;
    profile->peak = 0.9;
    profile->match_rms = level;
    profile->mid = calloc(profile->bins, sizeof(double));
    profile->side = calloc(profile->bins, sizeof(double));
    assert_true(profile->mid && profile->side);

    double bin = (double)rate_hz / (double)profile->fft_size;

    /* The density of noise: equal at every rate. */
    for (size_t k = 0; k < profile->bins; k++) {
        profile->mid[k] = 1e-3 * level * sqrt(bin) * pow((bin * (double)k + 50.0) / 1000.0, tilt);
        profile->side[k] = width * profile->mid[k];
    }
    return profile;
}

struct plan *plan_for(const struct profile *target, const struct profile *reference,
                      const struct amounts *amounts)
{
    const struct weighted_reference references[] = {{reference, 1.0}};
    struct media_error error = {0};
    struct plan *plan = plan_create(target, references, 1, amounts, &error);

    assert_non_null(plan);
    return plan;
}
