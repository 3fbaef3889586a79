/*
 * client.h - the connection to the player: commands go out, answers come back when they do.
 *
 * Two connections over libmpdclient's asynchronous layer: one for commands, answered in order, one
 * that idles. Nothing here blocks. Where the player is gone it says so, tries again every second,
 * and calls `joined` when it is back, for all to be asked anew.
 *
 * Threads: one.
 */
#ifndef MP_TUI_CLIENT_H
#define MP_TUI_CLIENT_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What changed, as idle tells it; bits. */
enum {
    CHANGED_DATABASE = 1 << 0,
    CHANGED_UPDATE = 1 << 1,
    CHANGED_STORED_PLAYLIST = 1 << 2,
    CHANGED_PLAYLIST = 1 << 3,
    CHANGED_PLAYER = 1 << 4,
    CHANGED_MIXER = 1 << 5,
    CHANGED_OUTPUT = 1 << 6,
    CHANGED_OPTIONS = 1 << 7,
    CHANGED_MATCH = 1 << 8,
    CHANGED_ALL = (1 << 9) - 1,
};

struct client_pair {
    char *name, *value;
};

struct answer {
    struct client_pair *pairs;
    size_t count;
    bool ok;           /* false: `error` says why */
    const char *error; /* of an ACK, or that the player is gone */
};
/* The first value of a name from pair `from` on, or NULL. */
const char *answer_get(const struct answer *answer, size_t from, const char *name);

/* The answer is the client's; it is gone after the call. */
typedef void (*client_answer)(void *context, const struct answer *answer);

struct client_hooks {
    void *context;
    void (*joined)(void *context);                 /* connected, be it once more */
    void (*left)(void *context, const char *why);  /* the player is gone: told once */
    void (*changed)(void *context, unsigned what); /* CHANGED_... */
};

struct client;

/* address: a socket's path, or HOST[:PORT]; password NULL: none. NULL with ENOMEM. Nothing is
   connected yet: client_serve does that. */
struct client *client_create(const char *address, const char *password,
                             const struct client_hooks *hooks);
void client_destroy(struct client *client);
bool client_is_joined(const struct client *client);
bool client_is_local(const struct client *client); /* over a socket of this machine */

/* Sends a command; its words end with NULL. `done` (may be NULL) is called once, whatever becomes
   of it; by client_cancel with nobody to hear it, not at all. 0 or -ENOMEM. */
int client_ask(struct client *client, client_answer done, void *context, const char *command, ...)
    __attribute__((sentinel));
int client_ask_words(struct client *client, client_answer done, void *context,
                     const char *const words[], size_t count);
/* What was asked for with this context is answered to nobody. */
void client_cancel(struct client *client, const void *context);
/* True: something was asked with these, and is not answered yet. */
bool client_awaits(const struct client *client, client_answer done, const void *context);
/* Commands that have no answer yet. */
size_t client_waiting(const struct client *client);

enum { CLIENT_FDS = 2 };
/* What to poll for; fewer than CLIENT_FDS may be used. Returns how many. *timeout_ms is lowered
   where it wants to be called earlier. */
int client_poll(struct client *client, struct pollfd fds[CLIENT_FDS], int *timeout_ms);
/* A player has just been started: tries at once. */
void client_retry(struct client *client);
/* After the poll: reads, writes, connects. */
void client_serve(struct client *client, const struct pollfd fds[], int count);

#endif
