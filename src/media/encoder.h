/*
 * encoder.h - sound into a file that appears whole or not at all.
 *
 * Audio in: double, planar, two channels. The file is written beside its place under a temporary
 * name, synced and renamed by encoder_finish; encoder_abort removes it. What is no plain file
 * (a pipe, /dev/full) is written straight.
 *
 * Threads: one thread at a time for one encoder; never the audio thread.
 */
#ifndef MP_MEDIA_ENCODER_H
#define MP_MEDIA_ENCODER_H

#include "media/decoder.h"

enum encoder_format { ENCODER_AUTO, ENCODER_F32, ENCODER_S24, ENCODER_S16 };

struct encoder;

/* The container follows the name: .wav (f32 unless told; RF64 when it grows past 4 GiB) or .flac
   (s24 unless told). Words shorter than the sound are TPDF-dithered where a sample is not already
   such a word. `tags_from`: a file whose tags are copied, or NULL.
   -EINVAL for a name or a format that cannot be (f32 in .flac), with what to do in *error. */
int encoder_open(struct encoder **encoder, const char *path, enum encoder_format format,
                 uint32_t rate_hz, const char *tags_from, struct media_error *error);
int encoder_write(struct encoder *encoder, const double *const channel[MEDIA_CHANNELS],
                  size_t frames, struct media_error *error);
/* Samples so far that were held at the ends of an integer word. */
uint64_t encoder_clipped(const struct encoder *encoder);
/* Writes the rest, syncs, renames, and frees the encoder, in every case. */
int encoder_finish(struct encoder *encoder, struct media_error *error);
/* Leaves nothing behind; takes NULL. */
void encoder_abort(struct encoder *encoder);

#endif
