/*
 * run_in.h - makes a chain for a match and runs it in over what comes before it is heard, so that
 * its filters and its limiter stand as if it had always been playing.
 *
 * The limiter's release has a time constant of 0.6 s: from rest it needs 9 s of music before it
 * stands within -120 dBFS of where it would. Where the track was rehearsed, its state at a frame
 * shortly before is known, and a quarter of a second or so is enough. Where there is no time for
 * that either, what the chain before it remembers is taken over when it comes in.
 *
 * Threads: the player's thread (not the audio thread).
 */
#ifndef MP_PLAYER_RUN_IN_H
#define MP_PLAYER_RUN_IN_H

#include "chain/rack.h"
#include "output/rendition.h"
#include "output/stream.h"
#include "player/matcher.h"

enum { RUN_IN_SECONDS = 9 };

struct run_in {
    struct stream *stream;
    struct match *match; /* planned; NULL: the original */
    const struct rack *rack;
    const struct module_format *format;
    enum fft_precision precision;
    struct economy economy;
    uint32_t most_ms;    /* of what comes before are run through it at most; 0: RUN_IN_SECONDS */
    int64_t start;       /* output position of its first block, on the stream's grid */
    const char **fault;  /* set with EDOM: the module that gave what is no number, NULL: unknown */
    int64_t track_frame; /* of the match's programme at the stream's position 0; may be negative */
};

/* The rendition of both, which differ in match and rack alone, ready for the output block at start.
   NULL with errno: ENOMEM, EAGAIN when the stream has not been decoded that far, EDOM when a chain
   failed (chain_failed). */
struct rendition *run_in_rendition(uint64_t id, const struct run_in *a, const struct run_in *b);

/* Its economy is made what a live source's chain needs to be at most max_frames late; what else it
   spares stays. The chain's latency then, above max_frames where nothing more can be spared; or
   negative errno. */
int64_t run_in_fit(struct run_in *run_in, uint32_t max_frames);

/* What share of the time that its sound lasts such a chain takes of this thread's processor time,
   tried out over what comes before `start`; negative: it could not be tried. Takes some 50 ms at
   most. */
double run_in_load(const struct run_in *run_in);
/* The chain alone, silent, of match, rack, format, precision and economy. NULL with errno. */
struct chain *run_in_chain(const struct run_in *run_in);

/* How much of a stream must lie before the frame it begins at, for a match that may be NULL or not
   ready yet. */
int64_t run_in_history(struct match *match, uint32_t rate_hz, uint32_t block_frames);

#endif
