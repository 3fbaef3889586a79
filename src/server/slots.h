/*
 * slots.h - the two slots of A/B: what each of them holds.
 *
 * A slot is written as one line, which is also what the settings slot_a and slot_b have:
 *   original              the track as it is (A unless told)
 *   matched               what holds for it (B unless told)
 *   preset NAME           the references that hold, by another preset
 *   reference REF[:W]     the preset that holds, by another reference
 *
 * Threads: the server's lock is held.
 */
#ifndef MP_SERVER_SLOTS_H
#define MP_SERVER_SLOTS_H

#include "server/track_sound.h"

enum slot { SLOT_A, SLOT_B, SLOTS };
enum slot_kind { SLOT_ORIGINAL, SLOT_MATCHED, SLOT_PRESET, SLOT_REFERENCE };

/* What is wrong with such a line, in message; true: nothing. */
bool slot_is_good(const struct server_parts *parts, const char *text, char *message, size_t size);
/* As the settings have it; where that says nothing that is known, as if it was not told. */
enum slot_kind slot_kind(const struct server_parts *parts, enum slot slot);
/* "slot_a", "slot_b": the setting's name. */
const char *slot_option(enum slot slot);
/* Makes of what holds for a track what the slot has it sound like. 0 or -ENOMEM. */
int slot_apply(const struct server_parts *parts, enum slot slot, struct track_sound *sound);

#endif
