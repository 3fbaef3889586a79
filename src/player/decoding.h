/*
 * decoding.h - the decoder read in a thread of its own, so that a disk that sleeps keeps nobody
 * else.
 *
 * One reader at a time: what is asked for is read in pieces of a fifth of a second; when a piece
 * does not come in time, the one who asked goes on with something else and asks again.
 * Audio: float, planar, channel[c][frame].
 *
 * Threads: one for all functions (the player's), but for decoding_read_disk.
 */
#ifndef MP_PLAYER_DECODING_H
#define MP_PLAYER_DECODING_H

#include "media/decoder.h"

struct decoding;

struct decoding *decoding_create(void); /* NULL with errno */
void decoding_destroy(struct decoding *decoding);

enum { DECODING_WAITS = -100000 /* no errno */ };

/* As decoder_read: frames, 0 at the end, negative errno with *error. Or DECODING_WAITS when the
   decoder is still at it after 20 ms. */
ssize_t decoding_read(struct decoding *decoding, struct decoder *decoder, float *const channel[2],
                      size_t frames, struct media_error *error);
/* Before the decoder is closed or moved: waits until it is left alone, and forgets what it gave. */
void decoding_leave(struct decoding *decoding);

/* What reading from the disk took, in ns: all in all, for the last piece, and for the piece that
   took longest. Any thread. */
struct decoding_disk {
    uint64_t all_ns, last_ns, longest_ns;
};
void decoding_read_disk(const struct decoding *decoding, struct decoding_disk *disk);

#endif
