/*
 * signal_path.h - the way of the sound in words: "FLAC 44.1/16 > match > S32 44.1 hw:1,0".
 *
 * Threads: any; nothing is shared.
 */
#ifndef MP_PLAYER_SIGNAL_PATH_H
#define MP_PLAYER_SIGNAL_PATH_H

#include "player/player.h"

/* Everything that happens to the samples between file and device; "" while no device is open.
   During a blind test neither the match nor bit-perfect is told. */
void signal_path_write(const struct player_status *status, char *text, size_t size);
/* True when the words that the card gets are those of the file: a lossless integer source of at
   most 24 bits, or 32-bit float, in two channels, heard as the original at its true level with
   the volume all the way up, at its own rate, by a card whose word holds it. */
bool signal_path_is_bit_perfect(const struct player_status *status);

#endif
