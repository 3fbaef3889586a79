/*
 * queue_support.h - a server whose library has six short songs, for the tests of its queue and its
 * playlists: one.wav, two.wav, three.wav, d/a.wav, d/b.wav, d/e/c.wav.
 */
#ifndef MP_TESTS_QUEUE_SUPPORT_H
#define MP_TESTS_QUEUE_SUPPORT_H

#include "server_support.h"

/* For cmocka: *state is a struct served. */
int queue_support_set_up(void **state);
int queue_support_tear_down(void **state);

/* The uris of the queue, or of a playlist (`line` is "playlist" or "listplaylist NAME"), without
   their ending, with spaces between: "one d/a"; or the line with ACK. Valid until the next call. */
const char *queue_support_uris(int connection, const char *line);

#endif
