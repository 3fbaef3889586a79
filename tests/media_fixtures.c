/* media_fixtures.c - sound files for the tests of src/media. */
#include "media_fixtures.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stddef.h>

#include <cmocka.h>

int fixtures_make_folder(void **state)
{
    const char *base = getenv("TMPDIR");
    char *folder = NULL;

    if (asprintf(&folder, "%s/matchplay-test-XXXXXX", base == NULL ? "/tmp" : base) < 0) {
        return -1;
    }
    *state = mkdtemp(folder);
    return *state == NULL ? -1 : 0;
}

int fixtures_remove_folder(void **state)
{
    char *command = NULL;
    int result = -1;

    if (asprintf(&command, "rm -rf '%s'", (char *)*state) >= 0) {
        result = system(command);
    }
    free(command);
    free(*state);
    return result;
}

const char *fixture_path(char path[FIXTURE_PATH_SIZE], void **state, const char *name)
{
    snprintf(path, FIXTURE_PATH_SIZE, "%s/%s", (char *)*state, name);
    return path;
}

void fixture_run(void **state, const char *format, ...)
{
    char command[2048];
    size_t used = (size_t)snprintf(command, sizeof command, "cd '%s' && ", (char *)*state);
    va_list arguments;
    int result;

    va_start(arguments, format);
    vsnprintf(command + used, sizeof command - used, format, arguments);
    va_end(arguments);
    result = system(command);
    if (result != 0) {
        fail_msg("this command failed (%d): %s", result, command);
    }
}

/* Repeatable noise, -1 to 1. */
static double noise(uint64_t seed)
{
    seed = (seed + 0x9e3779b97f4a7c15U) * 0xbf58476d1ce4e5b9U;
    seed ^= seed >> 29;
    seed *= 0x94d049bb133111ebU;
    seed ^= seed >> 32;
    return (double)(int32_t)(uint32_t)seed / 2147483648.0;
}

double fixture_sample(int64_t frame, int channel, int bits)
{
    double t = (double)frame / 44100.0;
    double value = 0.3 * sin(2.0 * M_PI * (220.0 + 110.0 * channel) * t) +
                   0.2 * sin(2.0 * M_PI * (1000.0 + 300.0 * t) * t) +
                   0.05 * noise((uint64_t)frame * 8U + (uint64_t)channel);
    double scale = ldexp(1.0, bits - 1);

    return floor(value * scale + 0.5) / scale;
}

static void put_number(FILE *file, uint64_t value, int size)
{
    for (int i = 0; i < size; i++) {
        fputc((int)(value >> (8 * i) & 255), file);
    }
}

static FILE *begin_wav(const char *path, int tag, int bytes, int channels, uint32_t rate_hz,
                       int64_t frames)
{
    FILE *file = fopen(path, "wb");
    uint64_t frame_bytes = (uint64_t)bytes * (uint64_t)channels;
    uint64_t data = (uint64_t)frames * frame_bytes;

    assert_non_null(file);
    fputs("RIFF", file);
    put_number(file, data + 36, 4);
    fputs("WAVEfmt ", file);
    put_number(file, 16, 4);
    put_number(file, (uint64_t)tag, 2);
    put_number(file, (uint64_t)channels, 2);
    put_number(file, rate_hz, 4);
    put_number(file, rate_hz * frame_bytes, 4);
    put_number(file, frame_bytes, 2);
    put_number(file, (uint64_t)bytes * 8, 2);
    fputs("data", file);
    put_number(file, data, 4);
    return file;
}

void fixture_write_wav(const char *path, int bits, int channels, uint32_t rate_hz, int64_t first,
                       int64_t frames)
{
    int bytes = abs(bits) / 8;
    FILE *file = begin_wav(path, bits < 0 ? 3 : 1, bytes, channels, rate_hz, frames);

    for (int64_t n = first; n < first + frames; n++) {
        for (int c = 0; c < channels; c++) {
            double value = fixture_sample(n, c, bits < 0 ? 24 : bits);

            if (bits == -32) {
                float narrow = (float)value;

                fwrite(&narrow, sizeof narrow, 1, file);
            } else if (bits == -64) {
                fwrite(&value, sizeof value, 1, file);
            } else {
                int64_t word = (int64_t)(value * ldexp(1.0, bits - 1)) + (bits == 8 ? 128 : 0);

                put_number(file, (uint64_t)word, bytes);
            }
        }
    }
    assert_int_equal(fclose(file), 0);
}

void fixture_write_float_wav(const char *path, uint32_t rate_hz, const float *samples,
                             size_t frames)
{
    FILE *file = begin_wav(path, 3, 4, 2, rate_hz, (int64_t)frames);

    fwrite(samples, sizeof *samples, frames * 2, file);
    assert_int_equal(fclose(file), 0);
}

void fixture_write_dsf(const char *path, double frequency_hz, double seconds)
{
    enum { DSD_RATE = 2822400, BLOCK = 4096 };
    uint64_t blocks = (uint64_t)(seconds * DSD_RATE / 8 / BLOCK) + 1;
    FILE *file = fopen(path, "wb");
    double first = 0.0, second = 0.0;
    uint64_t bit = 0;

    assert_non_null(file);
    fputs("DSD ", file);
    put_number(file, 28, 8);
    put_number(file, 28 + 52 + 12 + blocks * BLOCK * 2, 8);
    put_number(file, 0, 8);
    fputs("fmt ", file);
    put_number(file, 52, 8);
    put_number(file, 1, 4);
    put_number(file, 0, 4);
    put_number(file, 2, 4);
    put_number(file, 2, 4);
    put_number(file, DSD_RATE, 4);
    put_number(file, 1, 4);
    put_number(file, blocks * BLOCK * 8, 8);
    put_number(file, BLOCK, 4);
    put_number(file, 0, 4);
    fputs("data", file);
    put_number(file, 12 + blocks * BLOCK * 2, 8);
    for (uint64_t b = 0; b < blocks; b++) {
        unsigned char block[BLOCK];

        for (size_t i = 0; i < BLOCK * 8; i++, bit++) {
            double want = 0.5 * sin(2.0 * M_PI * frequency_hz * (double)bit / DSD_RATE);
            double is = second >= 0.0 ? 1.0 : -1.0; /* second-order delta-sigma */

            first += want - is;
            second += first - is;
            block[i / 8] = (unsigned char)(i % 8 == 0 ? 0 : block[i / 8]);
            block[i / 8] = (unsigned char)(block[i / 8] | (is > 0.0 ? 1U << (i % 8) : 0U));
        }
        fwrite(block, sizeof block, 1, file);
        fwrite(block, sizeof block, 1, file);
    }
    assert_int_equal(fclose(file), 0);
}

void fixture_write_bytes(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

unsigned char *fixture_read_bytes(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    unsigned char *bytes;

    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    bytes = malloc(*size + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *size, file), *size);
    fclose(file);
    return bytes;
}

void sound_load(struct sound *sound, const char *path, uint32_t rate_hz)
{
    struct decoder *decoder;
    struct media_error error = {0};
    size_t room = 0, step = 1;
    ssize_t got = 1;

    memset(sound, 0, sizeof *sound);
    if (decoder_open(&decoder, path, rate_hz, &error) < 0) {
        fail_msg("%s", error.message);
    }
    while (got > 0) {
        float *at[MEDIA_CHANNELS];

        step = step * 3 % 8191 + 1;
        if (sound->frames + step > room) {
            room = (room + step) * 2;
        }
        for (int c = 0; c < MEDIA_CHANNELS; c++) {
            sound->channel[c] = realloc(sound->channel[c], room * sizeof(float));
            assert_non_null(sound->channel[c]);
            at[c] = sound->channel[c] + sound->frames;
        }
        got = decoder_read(decoder, at, step, &error);
        if (got < 0) {
            fail_msg("%s", error.message);
        }
        sound->frames += (size_t)got;
    }
    sound->info = *decoder_info(decoder);
    sound->damage = *decoder_damage(decoder);
    decoder_close(decoder);
}

void sound_finish(struct sound *sound)
{
    free(sound->channel[0]);
    free(sound->channel[1]);
}

void sound_assert_words(const struct sound *sound, size_t frames, int bits)
{
    assert_int_equal(sound->frames, frames);
    for (size_t n = 0; n < frames * MEDIA_CHANNELS; n++) {
        size_t frame = n / MEDIA_CHANNELS;
        int c = (int)(n % MEDIA_CHANNELS);

        if (sound->channel[c][frame] != (float)fixture_sample((int64_t)frame, c, bits)) {
            fail_msg("frame %zu of channel %d is another word", frame, c);
        }
    }
}
