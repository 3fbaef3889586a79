/*
 * reader.h - a programme read ahead by a thread of its own.
 *
 * Audio: float, planar, two channels.
 *
 * Threads: the programme is the reader's meanwhile; sinks are called in the caller's thread.
 */
#ifndef MP_MATCH_READER_H
#define MP_MATCH_READER_H

#include "match/profile.h"

/* Where it goes: 0, or negative errno where there is no memory. */
struct reader_sink {
    int (*take)(void *context, const float *const channel[MEDIA_CHANNELS], size_t frames);
    void *context;
};

/* Rewinds the programme and gives all of it away in chunks of `frames`, always full but the last.
   0, or negative errno and *error. progress may be NULL. */
int reader_run(struct programme *programme, size_t frames, const struct reader_sink *sink,
               struct progress *progress, struct media_error *error);

#endif
