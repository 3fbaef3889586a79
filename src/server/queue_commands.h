/*
 * queue_commands.h - commands that change the queue, for the table of commands_queue.c.
 *
 * Threads: the server's loop.
 */
#ifndef MP_SERVER_QUEUE_COMMANDS_H
#define MP_SERVER_QUEUE_COMMANDS_H

#include "server/client.h"

int queue_run_add(struct client *client, const struct words *words);
int queue_run_addid(struct client *client, const struct words *words);
int queue_run_clear(struct client *client, const struct words *words);
int queue_run_delete(struct client *client, const struct words *words);
int queue_run_deleteid(struct client *client, const struct words *words);
int queue_run_move(struct client *client, const struct words *words);
int queue_run_moveid(struct client *client, const struct words *words);
int queue_run_swap(struct client *client, const struct words *words);
int queue_run_swapid(struct client *client, const struct words *words);
int queue_run_shuffle(struct client *client, const struct words *words);
int queue_run_prio(struct client *client, const struct words *words);
int queue_run_prioid(struct client *client, const struct words *words);

#endif
