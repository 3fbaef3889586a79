/*
 * live.h - what comes from an address, opened, read and decoded by a thread of its own.
 *
 * Private to src/media. The thread ("mp-network") keeps about a second of sound ready. When a
 * station's connection ends it connects again, after 0.25 s, 1 s, 2 s, ... 30 s, for as long as
 * somebody wants it; sound of another rate is resampled to the first one. Whoever closes does not
 * wait for the network: where the thread hangs (in a name server's silence), it is left behind and
 * frees what it has by itself.
 * Audio: float, planar, two channels.
 *
 * Threads: one for all functions, but for live_cancel and live_station: any.
 */
#ifndef MP_MEDIA_LIVE_H
#define MP_MEDIA_LIVE_H

#include "media/decoder.h"

struct live;

/* Who waits, and may have enough of it. */
struct live_wait {
    bool (*is_over)(void *context); /* NULL: never */
    void *context;
};

/* 0 with *info, or negative errno with *error. */
int live_open(struct live **live, const char *address, uint32_t rate_hz,
              const struct live_wait *wait, struct media_info *info, struct media_error *error);
void live_close(struct live *live);
/* As decoder_read; waits until there is something. */
ssize_t live_read(struct live *live, float *const channel[MEDIA_CHANNELS], size_t frames,
                  struct media_error *error);
/* -ESPIPE: a station. Otherwise 0; what goes wrong then shows as the end. */
int live_seek(struct live *live, int64_t frame);
void live_cancel(struct live *live);
void live_station(struct live *live, struct media_station *station);

#endif
