/*
 * running.h - what a source sounds like that has no end: the profile so far, from which a plan is
 * made again and again.
 *
 * Sound is taken in pieces of almost 15 s, as a file's are; the last ones (six minutes) are the
 * programme that is matched: the loud ones are chosen among them, and their level and mean spectra
 * are the profile. Until the first piece is full, what there is of it after 3 s, 6 s and 9 s
 * serves. The level correction (step 10) rests on the sound of the last loud piece. Source:
 * src/README, "The match".
 *
 * Audio: float, planar, two channels, at rate_hz.
 * Threads: running_feed in one, running_profile and running_correct in another; hold and release
 * anywhere. Never the audio thread.
 */
#ifndef MP_MATCH_RUNNING_H
#define MP_MATCH_RUNNING_H

#include "match/plan.h"

struct running;

struct running *running_create(uint32_t rate_hz); /* held once; NULL with ENOMEM */
struct running *running_hold(struct running *running);
void running_release(struct running *running); /* takes NULL */
uint32_t running_rate_hz(const struct running *running);

/* The next frames. True: there is more to go by than before, and a plan made now is a better one.
   Where memory is short some of the sound is passed over. Four times a minute it takes as long as
   measuring 15 s of sound does (some ms). */
bool running_feed(struct running *running, const float *const channel[MEDIA_CHANNELS],
                  size_t frames);
/* So many seconds of sound does the next profile rest on. */
double running_seconds(struct running *running);

/* The profile so far, with short-term levels (PROFILE_CHARACTER). NULL with *error and errno:
   EAGAIN (there is nothing to go by yet), ENOMEM. */
struct profile *running_profile(struct running *running, struct media_error *error);
/* The corrections of a plan for that profile. Without the sound of a loud piece they stay 1. */
int running_correct(const struct running *running, struct plan *plan, struct media_error *error);

#endif
