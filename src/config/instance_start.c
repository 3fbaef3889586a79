/* instance_start.c - a player in the background: started, waited for, and what it says itself. */
#include "config/instance.h"
#include "config/instance_internal.h"
#include "config/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINE_SIZE = 1024, LOG_LIMIT = 1 << 20, READY_FILE = 3 };

/* --- the one who starts --------------------------------------------------------------------------
 */

/* Everything that the new process needs, made before the fork. */
struct launch {
    char *program, *log, *socket, *config;
    bool verbose;
};

static void launch_finish(struct launch *launch)
{
    free(launch->program);
    free(launch->log);
    free(launch->socket);
    free(launch->config);
}

static int launch_prepare(struct launch *launch, const struct instance_wish *wish,
                          const char *socket, char *message, size_t size)
{
    memset(launch, 0, sizeof *launch);
    launch->program = path_executable("matchplayd");
    if (launch->program == NULL) {
        instance_fail(message, size, -ENOENT,
                      "matchplayd is neither beside matchplay nor in libexec; install both, or run "
                      "make");
        return -ENOENT;
    }
    launch->log = path_in_made(PATH_STATE, "log");
    launch->socket = instance_absolute(socket);
    launch->config = wish->config_path != NULL ? instance_absolute(wish->config_path) : NULL;
    launch->verbose = wish->verbose;
    if (launch->log == NULL || launch->socket == NULL ||
        (wish->config_path != NULL && launch->config == NULL)) {
        instance_fail(message, size, -EIO, "the state folder: %s", strerror(errno));
        return -EIO;
    }
    return 0;
}

/* One old log is kept, so that both together stay small. */
static void turn_log(const char *path)
{
    struct stat status;
    char *old = NULL;

    if (stat(path, &status) == 0 && status.st_size > LOG_LIMIT &&
        asprintf(&old, "%s.old", path) > 0) {
        rename(path, old);
        free(old);
    }
}

/* In the new process: nothing of the old one's stays with it but its environment. */
__attribute__((noreturn)) static void become_player(const struct launch *launch, int pipe)
{
    int log = open(launch->log, O_WRONLY | O_APPEND | O_CREAT, 0600);
    int null = open("/dev/null", O_RDWR);
    char number[16];
    char *words[10];
    size_t count = 0;

    setsid();
    if (null < 0 || chdir("/") != 0) {
        _exit(1);
    }
    log = log >= 0 ? log : null;
    pipe = fcntl(pipe, F_DUPFD, READY_FILE + 1); /* out of the way of what is put in place */
    log = fcntl(log, F_DUPFD, READY_FILE + 1);
    dup2(null, STDIN_FILENO);
    dup2(log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    dup2(pipe, READY_FILE);
    if (close_range(READY_FILE + 1, ~0U, 0) != 0) {
        for (int file = READY_FILE + 1; file < (int)sysconf(_SC_OPEN_MAX); file++) {
            close(file);
        }
    }
    snprintf(number, sizeof number, "%d", READY_FILE);
    setenv(INSTANCE_READY, number, 1);
    words[count++] = launch->program;
    if (launch->config != NULL) {
        words[count++] = strdup("-c");
        words[count++] = launch->config;
    }
    if (launch->verbose) {
        words[count++] = strdup("-v");
    }
    words[count++] = strdup("-S");
    words[count++] = launch->socket;
    words[count++] = strdup("serve");
    words[count++] = strdup("--foreground");
    words[count] = NULL;
    execv(launch->program, words);
    dprintf(READY_FILE, "%s: %s\n", launch->program, strerror(errno));
    _exit(1);
}

/* The player is the child of a process that has gone: nobody has to wait for it. */
static int launch_fork(const struct launch *launch, const int pipe[2])
{
    pid_t child = fork();

    if (child == 0) {
        pid_t player = fork();

        if (player == 0) {
            become_player(launch, pipe[1]);
        }
        _exit(player < 0 ? 1 : 0);
    }
    if (child > 0) {
        int status;

        while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
        }
    }
    return child < 0 ? -errno : 0;
}

static int await_ready(int pipe, const char *log, char *message, size_t size)
{
    char line[LINE_SIZE] = "";
    size_t length = 0;
    ssize_t count;

    while (length < sizeof line - 1 && memchr(line, '\n', length) == NULL &&
           ((count = read(pipe, line + length, sizeof line - 1 - length)) > 0 ||
            (count < 0 && errno == EINTR))) {
        length += count > 0 ? (size_t)count : 0;
    }
    line[length] = '\0';
    line[strcspn(line, "\n")] = '\0';
    if (strcmp(line, "ready") == 0) {
        return 0;
    }
    if (line[0] != '\0') {
        return instance_fail(message, size, -ECANCELED, "%s", line);
    }
    return instance_fail(message, size, -ECANCELED,
                         "the player ended while it started; %s may say why", log);
}

static int launch_player(const struct instance_wish *wish, const char *socket, char *message,
                         size_t size)
{
    struct launch launch;
    int pipe[2];
    int error = launch_prepare(&launch, wish, socket, message, size);

    if (error == 0 && pipe2(pipe, O_CLOEXEC) != 0) {
        error = instance_fail(message, size, -errno, "a pipe: %s", strerror(errno));
    }
    if (error == 0) {
        turn_log(launch.log);
        error = launch_fork(&launch, pipe);
        close(pipe[1]);
        error = error == 0
                    ? await_ready(pipe[0], launch.log, message, size)
                    : instance_fail(message, size, error, "the player: %s", strerror(-error));
        close(pipe[0]);
    }
    launch_finish(&launch);
    return error;
}

/* Waits for others who are starting one. */
static int lock_start(char *message, size_t size)
{
    char *path = path_in_made(PATH_STATE, "start.lock");
    int file = path != NULL ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
    int error = 0;

    if (file < 0) {
        error = -errno;
    }
    while (file >= 0 && error == 0 && flock(file, LOCK_EX) != 0) {
        error = errno == EINTR ? 0 : -errno;
    }
    if (error != 0) {
        instance_fail(message, size, error, "%s: %s; the player keeps its state there",
                      path != NULL ? path : "the state folder", strerror(-error));
        if (file >= 0) {
            close(file);
        }
    }
    free(path);
    return error != 0 ? error : file;
}

static int start_local(const struct instance_wish *wish, char **path, bool *started, char *message,
                       size_t size)
{
    int lock = lock_start(message, size), file;

    if (lock < 0) {
        return lock;
    }
    file = instance_connect_local(wish, path, message, size);
    if (file == -ENOENT) {
        file = instance_check_folder(wish, *path, true, message, size);
        if (file == 0) {
            file = launch_player(wish, *path, message, size);
        }
        if (file == 0) {
            *started = true;
            file = instance_connect_local(wish, path, message, size);
        }
    }
    close(lock);
    return file;
}

int instance_start(const struct instance_wish *wish, char **where, bool *started, char *message,
                   size_t size)
{
    char *path = path_socket(wish->socket);
    int file;

    *started = false;
    if (path == NULL) {
        return instance_fail(message, size, -ENOMEM, "out of memory");
    }
    if (instance_is_remote(path)) {
        free(path);
        return instance_connect(wish, where, message, size);
    }
    file = start_local(wish, &path, started, message, size);
    if (where != NULL && file >= 0) {
        *where = path;
    } else {
        free(path);
    }
    return file;
}

/* --- the one who was started
 * ---------------------------------------------------------------------- */

bool instance_is_awaited(void)
{
    return getenv(INSTANCE_READY) != NULL;
}

static void notify_systemd(void)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    static const char text[] = "READY=1";
    size_t length = path != NULL ? strlen(path) : 0;
    int file;

    if (length < 2 || length >= sizeof address.sun_path) {
        return;
    }
    memcpy(address.sun_path, path, length);
    if (path[0] == '@') { /* a name that is in no file system */
        address.sun_path[0] = '\0';
    }
    file = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (file >= 0) {
        sendto(file, text, sizeof text - 1, MSG_NOSIGNAL, (const struct sockaddr *)&address,
               (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length));
        close(file);
    }
    unsetenv("NOTIFY_SOCKET");
}

void instance_tell(const char *error)
{
    const char *number = getenv(INSTANCE_READY);
    int file = number != NULL ? (int)strtol(number, NULL, 10) : -1;

    if (file > STDERR_FILENO) {
        dprintf(file, "%s\n", error != NULL ? error : "ready");
        close(file);
    }
    unsetenv(INSTANCE_READY);
    if (error == NULL) {
        notify_systemd();
    }
}
