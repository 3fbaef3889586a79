/*
 * stream.h - sound of one rate on its way from the decoder thread to the audio thread.
 *
 * A stream is a run of frames numbered by their position: position 0 is where listening was asked
 * to begin (a track's start, or the target of a seek); negative positions are what came before it,
 * kept so that a chain can be run in. Blocks stand on a grid: their positions are multiples of
 * block_frames. What was decoded stays readable for history_frames after the audio thread took it.
 *
 * The decoder thread fills blocks and releases them to the audio thread, up to a limit that it
 * may hold back (the gate before a seam whose plan is not ready). The audio thread takes blocks
 * and never waits. Anyone else may read any frame that is still there with stream_peek.
 *
 * Audio: float, planar, two channels.
 */
#ifndef MP_OUTPUT_STREAM_H
#define MP_OUTPUT_STREAM_H

#include "base/block.h"

#include <stdbool.h>
#include <stdint.h>

/* A position may be taken from it, a negative one too. */
#define STREAM_END_UNKNOWN (INT64_MAX / 2)

struct stream;

struct stream_shape {
    uint32_t rate_hz;
    uint32_t block_frames;
    int64_t begin; /* first position, <= 0, a multiple of block_frames */
    int64_t first; /* of the first frame that is music: before it is silence, if anything */
    int64_t from;  /* first position the audio thread hears, begin <= from <= 0, same grid */
    uint32_t ahead_frames;   /* decoded before it is heard */
    uint32_t history_frames; /* kept after it was heard */
};

/* NULL with errno ENOMEM or EINVAL. */
struct stream *stream_create(const struct stream_shape *shape);
void stream_destroy(struct stream *stream); /* when no thread has it */
const struct stream_shape *stream_shape(const struct stream *stream);

/* Decoder thread only: */

/* A place for up to the returned number of frames, 0 when the stream is full. */
size_t stream_reserve(struct stream *stream, float *channel[BLOCK_CHANNELS]);
void stream_commit(struct stream *stream, size_t frames); /* so many of them are filled */
/* No more frames will come: the end is where the last commit left it. */
void stream_finish(struct stream *stream);
/* Takes back what was written from `position` on, as if it had not been. 0, or -EBUSY: some of it
   was released, or the stream is finished. */
int stream_truncate(struct stream *stream, int64_t position);
/* Ends it at `position`, though more was written and perhaps released: only while the audio thread
   plays well before that. No more is written. */
void stream_end_at(struct stream *stream, int64_t position);
/* Lets the audio thread have every whole block that ends at or before `limit`. Returns true if it
   was waiting for frames and there are some now: wake it. */
bool stream_release(struct stream *stream, int64_t limit);
int64_t stream_released(const struct stream *stream); /* position after the last released block */

/* Any thread but the audio thread: copies what is there of [position, position + frames); frames
   outside of what the stream ever held are zero. Returns false if some were not there yet or not
   there any more (they are zero too). */
bool stream_peek(struct stream *stream, int64_t position, uint32_t frames,
                 float *const channel[BLOCK_CHANNELS]);

/* Any thread: */
MP_RT int64_t stream_written(const struct stream *stream); /* after the last committed frame */
MP_RT int64_t stream_end(const struct stream *stream);     /* or STREAM_END_UNKNOWN */
MP_RT int64_t stream_taken(const struct stream *stream);   /* position after the last taken block */

/* Audio thread only: */

/* The next block, or NULL when there is none yet or at all. It stays valid until stream_taken_to
   says that it was copied. */
MP_RT struct block *stream_take(struct stream *stream);
MP_RT void stream_taken_to(struct stream *stream, int64_t position);
MP_RT void stream_set_starving(struct stream *stream, bool starving);

/* Locks the samples into memory where the limits allow it. 0 or negative errno. */
int stream_lock_memory(struct stream *stream);

#endif
