/*
 * password.h - who may do what over TCP: the passwords of matchplayrc, and patience with wrong
 * ones.
 *
 * "secret@read,add,player,control,admin"; several are separated by spaces. After three wrong ones
 * from an address it has to wait before the next is looked at: 1 s, then twice as long each time,
 * up to 64 s; a minute and more of peace forgives all.
 *
 * Threads: the server's loop.
 */
#ifndef MP_SERVER_PASSWORD_H
#define MP_SERVER_PASSWORD_H

#include "config/options.h"

#include <stdint.h>

struct server;
struct client;

enum { PASSWORD_GUARDS = 64 }; /* addresses remembered; the one longest at peace goes first */

struct password_guard {
    uint64_t network;
    unsigned failures;
    int64_t until_ms; /* before that nothing is looked at */
    int64_t last_ms;
};

bool password_is_set(const struct options *options);
/* 0: right, *permissions are what it grants. -1: wrong. Else it was not looked at, and the client
   has to wait for so many seconds. */
int password_check(struct server *server, const struct client *client, const char *word,
                   unsigned *permissions);
/* Looks through `passwords` (as in matchplayrc) in a time that tells nothing of them. */
bool password_find(const char *passwords, const char *word, unsigned *permissions);

#endif
