/*
 * run_in.h - makes a chain for a match and runs it in over what comes before it is heard, so that
 * its filters and its limiter stand as if it had always been playing.
 *
 * Threads: the player's thread (not the audio thread).
 */
#ifndef MP_PLAYER_RUN_IN_H
#define MP_PLAYER_RUN_IN_H

#include "chain/rack.h"
#include "output/rendition.h"
#include "output/stream.h"
#include "player/matcher.h"

/* How far back the limiter's slowest filter has to start for -120 dBFS (time constant 0.6 s). */
enum { RUN_IN_SECONDS = 9 };

struct run_in {
    struct stream *stream;
    struct match *match; /* planned */
    const struct rack *rack;
    const struct module_format *format;
    enum fft_precision precision;
    int64_t start; /* output position of its first block, on the stream's grid */
};

/* The chain, ready to be fed the block at start + latency. NULL with errno: ENOMEM, or EAGAIN when
   the stream has not been decoded that far. */
struct chain *run_in_chain(const struct run_in *run_in);

#endif
