/*
 * programme.h - one or more files read as one stream: a track, or the tracks of an album joined.
 *
 * Audio: float, planar, two channels, at rate_hz (0 when opened: the rate of the first file; the
 * others are resampled to it).
 *
 * Threads: one thread at a time for one programme; never the audio thread.
 */
#ifndef MP_MATCH_PROGRAMME_H
#define MP_MATCH_PROGRAMME_H

#include "media/decoder.h"

struct programme;

/* Opens the first file; the paths are copied. -EINVAL for no path at all. */
int programme_open(struct programme **programme, const char *const paths[], size_t count,
                   uint32_t rate_hz, struct media_error *error);
/* The rate at which sound of a rate is measured for a match: 44.1 kHz, or its own where that is not
   higher. So the same music is the same to a match, whatever its rate. */
uint32_t programme_measured_hz(uint32_t rate_hz);
/* At the rate at which the first file is measured. */
int programme_open_measured(struct programme **programme, const char *const paths[], size_t count,
                            struct media_error *error);
/* True if it is that rate at which it is read. */
bool programme_is_measured(const struct programme *programme);
void programme_close(struct programme *programme);
uint32_t programme_rate_hz(const struct programme *programme);
const struct media_info *programme_info(const struct programme *programme); /* of the first file */
/* The path of the first file: what messages name. */
const char *programme_name(const struct programme *programme);
/* The length in frames as the containers have it, -1: unknown. *exact: every one of them gives it
   exactly (still a promise until read). Opens the other files for a moment. */
int64_t programme_frames(struct programme *programme, bool *exact);
/* As decoder_read, across the joins. */
ssize_t programme_read(struct programme *programme, float *const channel[MEDIA_CHANNELS],
                       size_t frames, struct media_error *error);
/* Back to the first frame of the first file. What was damaged is counted anew. */
int programme_rewind(struct programme *programme, struct media_error *error);
/* Damage of all that was read, summed; one line for a user, or false. */
bool programme_damage_line(const struct programme *programme, char *line, size_t size);

#endif
