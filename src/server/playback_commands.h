/*
 * playback_commands.h - commands that tell of what plays, or switch where it goes, for the table of
 * commands_playback.c.
 *
 * Threads: the server's loop.
 */
#ifndef MP_SERVER_PLAYBACK_COMMANDS_H
#define MP_SERVER_PLAYBACK_COMMANDS_H

#include "server/client.h"
#include "server/server.h"

/* commands_playback.c: a user picked this entry, which plays from its beginning. */
void playback_choose(struct server *server, uint32_t id);

/* playback_status.c */
int playback_run_status(struct client *client, const struct words *words);
int playback_run_stats(struct client *client, const struct words *words);
int playback_run_currentsong(struct client *client, const struct words *words);

/* playback_outputs.c */
int playback_run_outputs(struct client *client, const struct words *words);
int playback_run_enableoutput(struct client *client, const struct words *words);
int playback_run_disableoutput(struct client *client, const struct words *words);
int playback_run_toggleoutput(struct client *client, const struct words *words);
int playback_run_outputset(struct client *client, const struct words *words);

#endif
