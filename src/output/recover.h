/*
 * recover.h - what an error of a sink means.
 *
 * Pure functions: nothing is opened or remembered here.
 * Threads: recover_step_for from any thread, the audio thread too; the rest outside it.
 * Errors are negative errno values as ALSA returns them.
 */
#ifndef MP_OUTPUT_RECOVER_H
#define MP_OUTPUT_RECOVER_H

#include "base/rt.h"

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

#endif
