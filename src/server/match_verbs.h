/*
 * match_verbs.h - the functions of `match VERB`, one group for each file match_*.c.
 *
 * words[0] is the verb. Threads: the server's loop.
 */
#ifndef MP_SERVER_MATCH_VERBS_H
#define MP_SERVER_MATCH_VERBS_H

#include "server/client.h"

/* match_settings.c
   set [NAME [VALUE]]: shows all, shows one, sets one. Answers: setting, section, value, set (0: it
   is the default); of what is set: setting, value, effect (when it holds), note.
   reload: reads the files again. warning: a line of them that is wrong; setting, value, effect:
   what has changed. */
int match_set(struct client *client, const struct words *words);
int match_reload(struct client *client, const struct words *words);

/* match_status.c
   status: all that holds for the track that is heard. */
int match_status(struct client *client, const struct words *words);

/* match_plan.c
   plan [ID]: what is done to a track of the queue; the one that is heard. */
int match_plan_verb(struct client *client, const struct words *words);

/* match_reference.c
   reference: what holds for the track that is heard. reference SCOPE KEY: what that scope says
   itself. reference SCOPE KEY REF[:WEIGHT]...: sets its references.
   clear SCOPE KEY: it says nothing any more, preset and amounts included. */
int match_reference(struct client *client, const struct words *words);
int match_clear(struct client *client, const struct words *words);

/* match_sound.c
   ab [matched|original|toggle], loudness [true|equal|toggle].
   amount level|eq|width|limiter N [SCOPE KEY]: of the settings, or of a scope; "": none of its own.
   album [track|album|auto]: what is matched as one. */
int match_ab(struct client *client, const struct words *words);
int match_loudness(struct client *client, const struct words *words);
int match_amount(struct client *client, const struct words *words);
int match_album(struct client *client, const struct words *words);

/* match_preset.c
   preset: lists them. preset NAME: of the settings. preset NAME SCOPE KEY: of a scope; "": none of
   its own. preset save NAME: what holds now, chain and amounts, into the user's presets.ini; where
   the preset is that of the settings, it becomes NAME. preset delete NAME: one of the user's own.
   warning: a line of the files that is wrong. */
int match_preset(struct client *client, const struct words *words);

/* match_chain.c
   chain: the modules in their order. module, title, bypassed; parameter, value, unit, minimum,
   maximum, standard, help; available: what could be added; edited: 1 when it is not the preset's.
   chain set MODULE PARAMETER VALUE; chain bypass MODULE [on|off|toggle]; chain add MODULE
   [POSITION]; chain remove MODULE; chain move MODULE POSITION; chain reset: the preset's again. */
int match_chain(struct client *client, const struct words *words);

/* match_lists.c
   queue [RANGE]: as playlistinfo, and for each entry Origin, Reference and ReferenceFrom.
   playlist NAME: songs, playtime, and what it says itself. playlist NAME RANGE: its songs.
   match_candidates.c
   candidates [PLAYLIST]: file and distance (dB), the nearest first. */
int match_queue(struct client *client, const struct words *words);
int match_playlist(struct client *client, const struct words *words);
int match_candidates(struct client *client, const struct words *words);

/* match_hear.c
   hear reference [PATH]|track|toggle [PATH]: the reference itself, and back. */
int match_hear(struct client *client, const struct words *words);

/* match_meters.c: meters [NAME...], meters reset. match_find.c: find EXPR SORT TEXT FROM
   +1|-1|+0|-0, find queue TEXT ..., find playlist NAME TEXT ..., find folder URI TEXT ....
   match_folder.c: folder URI [RANGE|place CHILD]. match_add.c: add PATH....
   match_scan.c: scan. match_slot.c: slot [a|b [WHAT]]. match_abx.c: abx start N|hear a|b|x|answer
   a|b|stop|status. match_replace.c: replace find|playlist|folder ..., undo. Each says in its head
   what it answers. */
int match_meters(struct client *client, const struct words *words);
int match_find(struct client *client, const struct words *words);
int match_add(struct client *client, const struct words *words);
int match_slot(struct client *client, const struct words *words);
int match_scan(struct client *client, const struct words *words);
int match_folder(struct client *client, const struct words *words);
int match_abx(struct client *client, const struct words *words);
int match_replace(struct client *client, const struct words *words);
int match_undo(struct client *client, const struct words *words);

#endif
