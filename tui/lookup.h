/*
 * lookup.h - the addresses of a player elsewhere, found while all else goes on.
 *
 * A name server that does not answer takes many seconds, and the keys are not to wait for it. What
 * was found is kept until it is forgotten.
 *
 * Threads: one (the C library looks in one of its own).
 */
#ifndef MP_TUI_LOOKUP_H
#define MP_TUI_LOOKUP_H

#include <netdb.h>

struct lookup;

/* name: HOST[:PORT], [IPv6]:PORT. NULL with ENOMEM. */
struct lookup *lookup_create(const char *name);
void lookup_destroy(struct lookup *lookup);
void lookup_forget(struct lookup *lookup); /* the next lookup_find looks anew */
/* 0: *found is a list of the lookup's own. -EINPROGRESS: ask again in a moment. -EHOSTUNREACH: *why
   says what is wrong; the next call looks anew. */
int lookup_find(struct lookup *lookup, const struct addrinfo **found, const char **why);

#endif
