/*
 * server_start.h - the server for whoever runs it: made, run until it is asked to end, taken apart.
 *
 * Threads: the main thread, but for server_ask_to_end.
 */
#ifndef MP_SERVER_SERVER_START_H
#define MP_SERVER_SERVER_START_H

#include "base/log.h"
#include "chain/preset.h"
#include "config/instance.h"
#include "config/options.h"

struct server;

struct server_settings {
    struct options *options; /* stay the caller's, all of them */
    struct presets *presets;
    struct log *log;
    const struct instance_wish *wish;
    const char *socket;      /* its path */
    const char *config_path; /* the matchplayrc that was read */
    bool verbose;            /* -v goes over log_level */
};

/* NULL with one line in message. */
struct server *server_create(const struct server_settings *settings, char *message, size_t size);
/* Returns when SIGTERM, SIGINT, server_ask_to_end or a client has asked for its end. */
void server_run(struct server *server);
/* Any thread, while there is a server: as a signal would. */
void server_ask_to_end(struct server *server);
/* Writes what a restart goes on from. */
void server_save(struct server *server);
void server_destroy(struct server *server);

/* The parts, server_parts.c. 0, or negative errno with one line in message. */
int server_parts_make(struct server *server, const struct server_settings *settings, char *message,
                      size_t size);
void server_parts_finish(struct server *server);

#endif
