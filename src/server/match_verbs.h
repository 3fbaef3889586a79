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

#endif
