/*
 * reader.h - a programme read ahead by a thread of its own.
 *
 * Audio: float, planar, two channels.
 *
 * Threads: one thread uses a reader; the programme is the reader's from start to stop.
 */
#ifndef MP_MATCH_READER_H
#define MP_MATCH_READER_H

#include "match/profile.h"

struct reader;

/* Rewinds the programme and reads it in chunks of `frames`. NULL with *error. */
struct reader *reader_start(struct programme *programme, size_t frames, struct media_error *error);
/* The next chunk, always full but the last, valid until the next call: its frames, 0 at the end,
   or negative errno and *error. */
ssize_t reader_next(struct reader *reader, const float *channel[MEDIA_CHANNELS],
                    struct media_error *error);
/* Ends the thread; takes NULL. */
void reader_stop(struct reader *reader);

#endif
