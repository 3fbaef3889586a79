/* serve.c - the player alone, for whoever connects: in the background, or in this process. */
#include "command/command.h"
#include "command/configure.h"
#include "config/instance.h"
#include "config/paths.h"
#include "server/server_start.h"

#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    KEY_FOREGROUND = COMMAND_LONG_ONLY,
    MESSAGE_SIZE = 1024,
    END_NS = 800 * 1000 * 1000,
    MMAP_BYTES = 256 * 1024
};

/* One line to whoever waits for this player to be ready, or on stderr. */
static int fail(const struct command_context *context, const char *message)
{
    if (instance_is_awaited()) {
        instance_tell(message);
        return EXIT_FAILED;
    }
    return command_fail(context, "%s", message);
}

static char *config_path(const struct command_context *context)
{
    char folder[PATH_MAX];

    if (context->config_path == NULL) {
        return path_in(PATH_CONFIG, "matchplayrc");
    }
    return getcwd(folder, sizeof folder) != NULL ? path_join(folder, context->config_path)
                                                 : strdup(context->config_path);
}

/* In the background messages go to the log with their time. */
static struct log *own_log(const struct command_context *context)
{
    char *path = instance_is_awaited() ? path_in_made(PATH_STATE, "log") : NULL;
    struct log *log =
        path != NULL
            ? log_open(path, context->verbose
                                 ? LOG_DEBUG
                                 : (enum log_level)options_choice(context->options, "log_level"))
            : NULL;

    free(path);
    return log;
}

/* --- the end is never late ----------------------------------------------------------------------
 *
 * A disk or a device that hangs, and the thread of the loop with it, must not keep the process. So
 * the signals that end it go to a thread of their own, which waits for nothing but them.
 */

struct ending {
    struct server *server;
    pthread_t thread;
    bool watched; /* there is such a thread */
    sem_t counts; /* it counts the time, and looks at nothing of this any more */
};

/* SIGALRM: the end is under way already. */
static sigset_t ending_signals(void)
{
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGALRM);
    return signals;
}

static void *limit_end(void *context)
{
    const struct timespec limit = {.tv_nsec = END_NS};
    const sigset_t signals = ending_signals();
    struct ending *ending = context;
    int number;

    sigwait(&signals, &number);
    if (number != SIGALRM) {
        server_ask_to_end(ending->server);
    }
    sem_post(&ending->counts);
    nanosleep(&limit, NULL);
    _exit(EXIT_DONE);
}

/* Before any other thread is made: they all leave these signals to the one. */
static void hold_signals(int how)
{
    const sigset_t signals = ending_signals();

    pthread_sigmask(how, &signals, NULL);
}

static void watch_end(struct ending *ending, struct server *server)
{
    ending->server = server;
    sem_init(&ending->counts, 0, 0);
    ending->watched = pthread_create(&ending->thread, NULL, limit_end, ending) == 0;
    if (ending->watched) {
        pthread_setname_np(ending->thread, "mp-end");
        pthread_detach(ending->thread);
    } else {
        hold_signals(SIG_UNBLOCK); /* the loop gets them */
    }
}

/* All is saved: whoever asked for the end, there is little time left. */
static void end_soon(struct ending *ending)
{
    if (ending->watched) {
        pthread_kill(ending->thread, SIGALRM);
        while (sem_wait(&ending->counts) != 0) {
        }
    }
}

/* What was large once is given back: the player lives for months. */
static void be_frugal(void)
{
    mallopt(M_MMAP_THRESHOLD, MMAP_BYTES);
    mallopt(M_TRIM_THRESHOLD, MMAP_BYTES);
    mallopt(M_ARENA_MAX, 2);
}

static int serve_on(struct command_context *context, struct server_settings *settings)
{
    struct ending ending;
    char message[MESSAGE_SIZE];
    struct server *server;

    hold_signals(SIG_BLOCK);
    server = server_create(settings, message, sizeof message);
    if (server == NULL) {
        return fail(context, message);
    }
    watch_end(&ending, server);
    log_write(settings->log, LOG_NOTICE, "matchplay %s serves on %s", MATCHPLAY_VERSION,
              settings->socket);
    instance_tell(NULL);
    server_run(server);
    server_save(server);
    log_write(settings->log, LOG_NOTICE, "the player ends");
    end_soon(&ending);
    server_destroy(server);
    return EXIT_DONE;
}

static int serve_here(struct command_context *context, const struct instance_wish *wish)
{
    struct server_settings settings = {.options = context->options, .wish = wish};
    char message[MESSAGE_SIZE];
    char *socket = NULL, *config = config_path(context);
    int lock = instance_hold(wish, &socket, message, sizeof message);
    struct log *log = own_log(context);
    int status;

    be_frugal();
    settings.presets = configure_presets(context);
    settings.log = log != NULL ? log : context->log;
    settings.socket = socket;
    settings.config_path = config;
    settings.verbose = context->verbose;
    if (lock < 0) {
        status = fail(context, message);
    } else if (config == NULL || settings.presets == NULL) {
        status = fail(context, "out of memory");
    } else {
        status = serve_on(context, &settings);
    }
    presets_destroy(settings.presets);
    log_close(log);
    free(config);
    free(socket);
    if (lock >= 0) {
        close(lock);
    }
    return status;
}

static int serve_behind(struct command_context *context, const struct instance_wish *wish)
{
    char message[MESSAGE_SIZE];
    char *where = NULL;
    bool started;
    int file = instance_start(wish, &where, &started, message, sizeof message);

    if (file < 0) {
        return command_fail(context, "%s", message);
    }
    close(file);
    if (started) {
        printf("the player runs on %s, pid %ld\n", where, (long)instance_pid());
    } else {
        printf("a player runs already on %s, pid %ld\n", where, (long)instance_pid());
    }
    free(where);
    return EXIT_DONE;
}

static int run(struct command_context *context, const struct command_line *line)
{
    struct instance_wish wish = {context->socket, context->config_path, context->verbose};
    bool foreground = false;
    char *where;
    bool remote;

    for (size_t i = 0; i < line->count; i++) {
        foreground = foreground || line->words[i].key == KEY_FOREGROUND;
    }
    if (line->operands > 0) {
        return command_misuse(context, "serve takes no paths");
    }
    where = path_socket(context->socket);
    remote = where != NULL && instance_is_remote(where);
    if (remote) {
        command_misuse(context, "%s: serve wants the path of a socket, with a / in it", where);
    }
    free(where);
    if (remote) {
        return EXIT_USAGE;
    }
    return foreground ? serve_here(context, &wish) : serve_behind(context, &wish);
}

static const struct command_option options[] = {
    {KEY_FOREGROUND, "foreground", NULL, "stay in this process, messages on stderr"},
    {0, NULL, NULL, NULL},
};

const struct command command_serve = {
    "serve",
    "[--foreground]",
    "the player alone, for mpc, ncmpcpp and remotes to drive",
    "Without --foreground the player goes on in the background, whatever becomes of this\n"
    "terminal; what it has to say stands in ~/.local/state/matchplay/log. Remotes of MPD find it\n"
    "with MPD_HOST set to its socket. `matchplay stop` ends it.",
    options,
    run,
};
