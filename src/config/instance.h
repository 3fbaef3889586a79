/*
 * instance.h - the running player: how it is found, started, and kept to one of a kind.
 *
 * The player holds a flock on `lock` in the state folder for as long as it lives; its process
 * number and its socket's path stand in it. Whoever starts one holds `start.lock` meanwhile, so
 * that of ten who start it at once one does and nine find it. The player answers on a Unix socket
 * (path_socket); when that has been removed, SIGUSR1 has it made again, and whoever looks for the
 * player sends that before giving up. A player in the background leads a session of its own, stands
 * in /, and writes to `log` in the state folder.
 *
 * Threads: one at a time.
 * Errors: negative errno, with one line for a user in message.
 */
#ifndef MP_CONFIG_INSTANCE_H
#define MP_CONFIG_INSTANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The environment variable with the number of the pipe that wants `ready` or an error line. */
#define INSTANCE_READY "MATCHPLAY_READY"

/* --- whoever wants a player ------------------------------------------------------------------- */

struct instance_wish {
    const char *socket;      /* -S: a path, or [PASSWORD@]HOST[:PORT]; NULL: path_socket's */
    const char *config_path; /* -c, for a player that is started; or NULL */
    bool verbose;            /* -v, likewise */
};

/* True for what path_socket gave when it names no path but [PASSWORD@]HOST[:PORT]. */
bool instance_is_remote(const char *where);
/* A connection to the player that runs, nothing read from it yet; the caller closes it. -ENOENT:
   none runs. *where (may be NULL): where it was found, the caller's. */
int instance_connect(const struct instance_wish *wish, char **where, char *message, size_t size);
/* The same, but starts one when none runs; *started says so. */
int instance_start(const struct instance_wish *wish, char **where, bool *started, char *message,
                   size_t size);
/* The process number of the player that holds the state folder; 0: none does. */
pid_t instance_pid(void);
/* Waits until no player holds the state folder, at most timeout_ms. False: one still does. */
bool instance_wait_gone(int timeout_ms);

/* --- the player itself ------------------------------------------------------------------------ */

/* Before anything else: SIGUSR1 may come from the moment on that the lock is held. Makes the folder
   of the socket and takes the lock; -EBUSY: another player has it. Returns the lock's file, to be
   closed last of all, and *socket, the caller's. */
int instance_hold(const struct instance_wish *wish, char **socket, char *message, size_t size);
/* The folder of the socket `path`: made if `make`. When nobody named it, by -S or MATCHPLAY_SOCKET,
   it must be ours and closed to others. */
int instance_check_folder(const struct instance_wish *wish, const char *path, bool make,
                          char *message, size_t size);
/* Tells who started this process, if anybody waits, that it is ready (error NULL) or why not; and
   systemd, if it is asked to, that it is ready. */
void instance_tell(const char *error);
/* True when somebody waits for instance_tell: this player runs in the background. */
bool instance_is_awaited(void);

#endif
