/*
 * recover.h - what an error of a sink means, and how long to wait before the next try.
 *
 * Pure functions: nothing is opened or remembered here.
 * Threads: recover_step_for from any thread, the audio thread too; the rest outside it.
 * Errors are negative errno values as ALSA returns them.
 */
#ifndef MP_OUTPUT_RECOVER_H
#define MP_OUTPUT_RECOVER_H

#include "base/rt.h"

#include <stdint.h>

enum recover_step {
    RECOVER_NOTHING, /* no error, or one that passes: ask again */
    RECOVER_PREPARE, /* xrun: prepare, fill, start; the device stays open */
    RECOVER_RESUME,  /* the machine slept: resume, ask again while it says -EAGAIN */
    RECOVER_REOPEN,  /* unplugged or broken: close it and open it anew, with patience */
    RECOVER_GIVE_UP, /* will not get better by itself: tell the user */
};

/* For an error of a sink that is open. */
MP_RT enum recover_step recover_step_for(int error);

/* For an error of open(), when the device had worked before: RECOVER_REOPEN or RECOVER_GIVE_UP. */
enum recover_step recover_step_for_open(int error);

/* How long to wait before try number `attempt` (0 the first) of opening: 0, 100, 200, 400 ... ms,
   5 s at most. */
uint32_t recover_delay_ms(uint32_t attempt);

/* A word or two for the screen: "xrun", "suspended", "unplugged", "in use", ... */
const char *recover_text(int error);

#endif
