/*
 * media_fixtures.h - sound files for the tests of src/media, made when they run.
 *
 * Files come from here byte for byte, or from the programs ffmpeg, lame and wavpack; a program
 * that is missing or fails makes the test fail.
 */
#ifndef MP_TESTS_MEDIA_FIXTURES_H
#define MP_TESTS_MEDIA_FIXTURES_H

#include "media/decoder.h"

enum { FIXTURE_PATH_SIZE = 512 };

/* A folder of its own for a group of tests, *state for cmocka. */
int fixtures_make_folder(void **state);
int fixtures_remove_folder(void **state);
/* The file `name` in that folder; the text lasts as long as `path`. */
const char *fixture_path(char path[FIXTURE_PATH_SIZE], void **state, const char *name);

/* Runs a shell command in the folder; it must succeed. */
void fixture_run(void **state, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The test signal: tones and noise, a whole number of 1/2^(bits-1), below 0.8. */
double fixture_sample(int64_t frame, int channel, int bits);

/* WAV of the test signal, frames from `first` on. bits 8, 16, 24, 32; -32 and -64: float. */
void fixture_write_wav(const char *path, int bits, int channels, uint32_t rate_hz, int64_t first,
                       int64_t frames);
/* WAV float of these samples, two channels, interleaved. */
void fixture_write_float_wav(const char *path, uint32_t rate_hz, const float *samples,
                             size_t frames);
/* DSD64 of a sine of amplitude 0.5 on both channels. */
void fixture_write_dsf(const char *path, double frequency_hz, double seconds);

void fixture_write_bytes(const char *path, const void *bytes, size_t size);
unsigned char *fixture_read_bytes(const char *path, size_t *size);

struct sound {
    float *channel[MEDIA_CHANNELS];
    size_t frames;
    struct media_info info;
    struct media_damage damage;
};

/* Decodes all of it, in reads of uneven length. */
void sound_load(struct sound *sound, const char *path, uint32_t rate_hz);
void sound_finish(struct sound *sound);
/* It is the test signal from frame 0 on, word for word. */
void sound_assert_words(const struct sound *sound, size_t frames, int bits);

#endif
