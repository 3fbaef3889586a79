/*
 * opening.h - a device opened, or closed, in a thread of its own: a driver that hangs keeps nobody.
 *
 * What hangs for ever is left to itself: its thread goes on waiting, and cleans up after itself
 * should the driver ever come back.
 *
 * Threads: one at a time for one opening, never the audio thread.
 */
#ifndef MP_OUTPUT_OPENING_H
#define MP_OUTPUT_OPENING_H

#include "output/sink.h"

struct opening;

/* Begins; the request is copied. NULL with errno. */
struct opening *opening_begin(const struct sink_class *class, const struct sink_request *request);
/* -EINPROGRESS: it is still at it after timeout_ms (< 0: waits for ever). Else it is over, with
   what sink_class.open gave, and the opening is gone. */
int opening_end(struct opening *opening, int timeout_ms, struct sink **sink,
                struct sink_format *format, char message[SINK_MESSAGE_SIZE]);
/* Nobody waits for it any more: what it opens is closed again. Takes NULL. */
void opening_leave(struct opening *opening);

/* Closes a sink. False: it is still at it after timeout_ms, and left to itself. */
bool opening_close(struct sink *sink, int timeout_ms);

#endif
