/*
 * mixer.h - a card's own volume, through ALSA's simple mixer.
 *
 * Volume is 0 ... 100 as people hear it: where the card tells its range in dB and that is more
 * than 24 dB, the scale is the one of alsamixer (10^(dB/60), made to begin at 0); a shorter range
 * is linear in dB; without dB the card's own steps are.
 *
 * Threads: one at a time, never the audio thread.
 */
#ifndef MP_OUTPUT_MIXER_H
#define MP_OUTPUT_MIXER_H

#include "output/sink.h"

struct mixer;

/* The volume control of the card that `device` (any name of output_open) plays to. control: its
   name, "Master" or "PCM,1"; NULL or "": the first of Master, PCM, Digital, Headphone, Speaker that
   has a volume, or the first at all. 0, or negative errno and one line in message: -ENOENT (the
   card or device has no such control), or what ALSA said. */
int mixer_open(struct mixer **mixer, const char *device, const char *control,
               char message[SINK_MESSAGE_SIZE]);
void mixer_close(struct mixer *mixer); /* takes NULL */

const char *mixer_control(const struct mixer *mixer); /* "Master" */
/* 0 ... 100, as it is now (the other channels' when they differ: the mean of left and right), or
   negative errno (-ENODEV: the card is gone). What was set and has not been changed by others since
   comes back as it was set. */
int mixer_get(struct mixer *mixer);
/* volume 0 ... 100. 0 or negative errno. */
int mixer_set(struct mixer *mixer, int volume);
/* Readable when somebody changed something: then call mixer_get. -1: there is none. */
int mixer_descriptor(const struct mixer *mixer);

#endif
