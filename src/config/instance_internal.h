/*
 * instance_internal.h - what instance.c and instance_start.c share.
 *
 * Threads: one at a time.
 */
#ifndef MP_CONFIG_INSTANCE_INTERNAL_H
#define MP_CONFIG_INSTANCE_INTERNAL_H

#include "config/instance.h"

enum { INSTANCE_SOCKET_SIZE = 4096 };

struct instance_holder {
    pid_t pid; /* 0: not written yet */
    char socket[INSTANCE_SOCKET_SIZE];
};

/* True when a player holds the state folder's lock. */
bool instance_read_holder(struct instance_holder *holder);
/* Fills in the message and returns the error. */
int instance_fail(char *message, size_t size, int error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The path as seen from the folder this process stands in; the caller's. */
char *instance_absolute(const char *path);
/* Connects to *path, or to where the player is that holds the state folder (*path follows). */
int instance_connect_local(const struct instance_wish *wish, char **path, char *message,
                           size_t size);

#endif
