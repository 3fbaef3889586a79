/* instance.c - the running player: found by its socket or its lock, and waited for. */
#include "config/instance.h"

#include "config/instance_internal.h"
#include "config/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netdb.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { STEP_MS = 10, SOCKET_BACK_MS = 2000, HOLD_TRIES = 20 };

static const char none_runs[] = "no player is running; matchplay serve starts one";

int instance_fail(char *message, size_t size, int error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, size, format, arguments);
    va_end(arguments);
    return error;
}

char *instance_absolute(const char *path)
{
    char folder[PATH_MAX];

    return path[0] != '/' && getcwd(folder, sizeof folder) != NULL ? path_join(folder, path)
                                                                   : strdup(path);
}

static void sleep_step(void)
{
    nanosleep(&(struct timespec){0, STEP_MS * 1000000L}, NULL);
}

/* --- the lock ----------------------------------------------------------------------------------
 */

bool instance_read_holder(struct instance_holder *holder)
{
    char *path = path_in(PATH_STATE, "lock");
    int file = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    char text[INSTANCE_SOCKET_SIZE + 32];
    ssize_t length = 0;
    bool held;

    memset(holder, 0, sizeof *holder);
    free(path);
    if (file < 0) {
        return false;
    }
    held = flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (held) {
        length = pread(file, text, sizeof text - 1, 0);
    }
    close(file);
    if (held && length > 0) {
        char *line;

        text[length] = '\0';
        holder->pid = (pid_t)strtol(text, &line, 10);
        if (*line == '\n' && holder->pid > 0) {
            line[1 + strcspn(line + 1, "\n")] = '\0';
            snprintf(holder->socket, sizeof holder->socket, "%s", line + 1);
        }
    }
    return held;
}

pid_t instance_pid(void)
{
    struct instance_holder holder;

    /* Between taking the lock and writing into it is a moment. */
    for (int i = 0; i < HOLD_TRIES && instance_read_holder(&holder); i++) {
        if (holder.pid > 0) {
            return holder.pid;
        }
        sleep_step();
    }
    return 0;
}

bool instance_wait_gone(int timeout_ms)
{
    struct instance_holder holder;

    for (int ms = 0; instance_read_holder(&holder); ms += STEP_MS) {
        if (ms >= timeout_ms) {
            return false;
        }
        sleep_step();
    }
    return true;
}

/* --- the socket's folder -----------------------------------------------------------------------
 */

static bool was_chosen(const struct instance_wish *wish)
{
    const char *variable = getenv("MATCHPLAY_SOCKET");

    return (wish->socket != NULL && wish->socket[0] != '\0') ||
           (variable != NULL && variable[0] != '\0');
}

int instance_check_folder(const struct instance_wish *wish, const char *path, bool make,
                          char *message, size_t size)
{
    char *folder = path_folder_of(path);
    struct stat status;
    int error = folder != NULL ? 0 : -ENOMEM;

    if (error == 0 && was_chosen(wish)) { /* by a person, who knows whose folder it is */
        error = make ? path_make_folder(folder) : 0;
    } else if (error == 0 && (make || lstat(folder, &status) == 0)) {
        error = path_secure_folder(folder);
    }
    if (error == -EPERM) {
        instance_fail(message, size, error,
                      "%s must be a folder of yours that is closed to others (mode 0700); remove "
                      "it, or name another socket with -S",
                      folder);
    } else if (error != 0) {
        instance_fail(message, size, error, "%s: %s; the player's socket stands there",
                      folder != NULL ? folder : path, strerror(-error));
    }
    free(folder);
    return error;
}

/* Those who only look hold it for a moment, too. */
static int take_lock(int file, char *message, size_t size)
{
    for (int i = 0; flock(file, LOCK_EX | LOCK_NB) != 0; i++) {
        struct instance_holder holder;

        if (errno != EWOULDBLOCK && errno != EINTR) {
            return instance_fail(message, size, -errno, "the lock of the state folder: %s",
                                 strerror(errno));
        }
        if (i >= HOLD_TRIES) {
            instance_read_holder(&holder);
            return instance_fail(message, size, -EBUSY, "a player runs already, pid %ld on %s",
                                 (long)holder.pid, holder.socket);
        }
        sleep_step();
    }
    return 0;
}

static int hold_lock(const char *socket, char *message, size_t size)
{
    char *path = path_in_made(PATH_STATE, "lock");
    int file = path != NULL ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
    int error = 0;

    if (file < 0) {
        error = instance_fail(message, size, -errno, "%s: %s; the player keeps its state there",
                              path != NULL ? path : "the state folder", strerror(errno));
        free(path);
        return error;
    }
    free(path);
    error = take_lock(file, message, size);
    if (error == 0 &&
        (ftruncate(file, 0) != 0 || dprintf(file, "%ld\n%s\n", (long)getpid(), socket) < 0)) {
        error = instance_fail(message, size, -errno, "the lock of the state folder: %s",
                              strerror(errno));
    }
    if (error != 0) {
        close(file);
        return error;
    }
    return file;
}

int instance_hold(const struct instance_wish *wish, char **socket, char *message, size_t size)
{
    char *path = path_socket(wish->socket);
    int file;

    signal(SIGUSR1, SIG_IGN); /* until the loop takes it: it would end the process */
    signal(SIGPIPE, SIG_IGN);
    if (path == NULL) {
        return instance_fail(message, size, -ENOMEM, "out of memory");
    }
    if (instance_is_remote(path)) {
        file = instance_fail(message, size, -EINVAL,
                             "%s: the player's socket is a path, with a / in it", path);
    } else {
        file = instance_check_folder(wish, path, true, message, size);
    }
    *socket = file == 0 ? instance_absolute(path) : NULL;
    free(path);
    if (file == 0) {
        file = *socket != NULL ? hold_lock(*socket, message, size)
                               : instance_fail(message, size, -ENOMEM, "out of memory");
    }
    if (file < 0) {
        free(*socket);
        *socket = NULL;
    }
    return file;
}

/* --- connecting --------------------------------------------------------------------------------
 */

bool instance_is_remote(const char *where)
{
    return strchr(where, '/') == NULL;
}

/* "[PASSWORD@]HOST[:PORT]", an IPv6 host in [brackets]; writes into `where`. */
static void split_remote(char *where, char **host, char **port)
{
    static char standard[] = "6600";
    char *at = strrchr(where, '@'), *colon;

    *host = at != NULL ? at + 1 : where;
    *port = standard;
    if (**host == '[') {
        char *close = strchr(*host, ']');

        *host += 1;
        if (close != NULL) {
            *close = '\0';
            colon = close[1] == ':' ? close + 1 : NULL;
        } else {
            colon = NULL;
        }
    } else {
        colon = strchr(*host, ':');
        colon = colon != NULL && strchr(colon + 1, ':') != NULL ? NULL : colon; /* bare IPv6 */
    }
    if (colon != NULL) {
        *colon = '\0';
        *port = colon + 1;
    }
}

static int connect_remote(const char *where, char *message, size_t size)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    char *text = strdup(where), *host = NULL, *port = NULL;
    int file = -1, error;

    if (text == NULL) {
        return instance_fail(message, size, -ENOMEM, "out of memory");
    }
    split_remote(text, &host, &port);
    error = getaddrinfo(host, port, &hints, &found);
    if (error != 0) {
        error = instance_fail(message, size, -EHOSTUNREACH, "%s: %s", host, gai_strerror(error));
    }
    for (struct addrinfo *at = found; at != NULL && file < 0; at = at->ai_next) {
        file = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (file >= 0 && connect(file, at->ai_addr, at->ai_addrlen) != 0) {
            error = -errno;
            close(file);
            file = -1;
        }
    }
    if (file < 0 && found != NULL) {
        instance_fail(message, size, error, "%s port %s: %s", host, port, strerror(-error));
    }
    if (found != NULL) {
        freeaddrinfo(found);
    }
    free(text);
    return file >= 0 ? file : error;
}

static int connect_path(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int file, error = 0;

    if (strlen(path) >= sizeof address.sun_path) {
        return -ENAMETOOLONG;
    }
    memcpy(address.sun_path, path, strlen(path) + 1);
    file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (file < 0 || connect(file, (const struct sockaddr *)&address, sizeof address) != 0) {
        error = -errno;
        if (file >= 0) {
            close(file);
        }
    }
    return error != 0 ? error : file;
}

/* The player is there, its socket is not: asks for it. -ENOENT: it was about to end, and has. */
static int connect_to_holder(const struct instance_holder *holder)
{
    struct instance_holder now;
    int file = -ESRCH;

    if (kill(holder->pid, SIGUSR1) != 0) {
        return errno == ESRCH ? -ENOENT : -errno;
    }
    for (int ms = 0; ms < SOCKET_BACK_MS; ms += STEP_MS) {
        file = connect_path(holder->socket);
        if (file >= 0) {
            break;
        }
        if (!instance_read_holder(&now) || now.pid != holder->pid) {
            return -ENOENT;
        }
        sleep_step();
    }
    return file >= 0 ? file : -ETIMEDOUT; /* its socket does not come back, but it is there */
}

int instance_connect_local(const struct instance_wish *wish, char **path, char *message,
                           size_t size)
{
    struct instance_holder holder;
    int file = instance_check_folder(wish, *path, false, message, size);
    char *whole = file == 0 ? instance_absolute(*path) : NULL; /* as the holder wrote it */

    if (file != 0) {
        return file;
    }
    if (whole != NULL) {
        free(*path);
        *path = whole;
    }
    file = connect_path(*path);
    if (file >= 0) {
        return file;
    }
    if (file == -ENAMETOOLONG) {
        return instance_fail(message, size, file,
                             "%s: a socket's path may have %zu bytes; name a shorter one", *path,
                             sizeof((struct sockaddr_un *)NULL)->sun_path - 1);
    }
    if (file != -ENOENT && file != -ECONNREFUSED) {
        return instance_fail(message, size, file, "%s: %s", *path, strerror(-file));
    }
    if (instance_pid() == 0 || !instance_read_holder(&holder)) {
        return instance_fail(message, size, -ENOENT, "%s", none_runs);
    }
    if (strcmp(holder.socket, *path) != 0) {
        char *other = was_chosen(wish) ? NULL : strdup(holder.socket);

        if (other == NULL) {
            return instance_fail(message, size, -EBUSY,
                                 "the player that runs, pid %ld, is on %s, not on %s",
                                 (long)holder.pid, holder.socket, *path);
        }
        free(*path);
        *path = other;
    }
    file = connect_to_holder(&holder);
    if (file == -ENOENT) {
        instance_fail(message, size, file, "%s", none_runs);
    } else if (file < 0) {
        instance_fail(message, size, file,
                      "the player that runs, pid %ld, does not answer on %s: %s", (long)holder.pid,
                      holder.socket, strerror(-file));
    }
    return file;
}

int instance_connect(const struct instance_wish *wish, char **where, char *message, size_t size)
{
    char *path = path_socket(wish->socket);
    int file;

    if (path == NULL) {
        return instance_fail(message, size, -ENOMEM, "out of memory");
    }
    file = instance_is_remote(path) ? connect_remote(path, message, size)
                                    : instance_connect_local(wish, &path, message, size);
    if (where != NULL && file >= 0) {
        *where = path;
    } else {
        free(path);
    }
    return file;
}
