/* progress_bar.c - long work, shown while it goes on, and ended when the user says so. */
#include "command/progress_bar.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

/* One wish to end may come as several signals (to the process and to its group): those within
   PATIENCE_SECONDS of the first are the same wish. */
enum { REDRAW_MS = 100, BAR_CELLS = 30, PATIENCE_SECONDS = 2 };

/* Back to the first column, and the rest of the line cleared. */
static const char erase_line[] = "\r\x1b[K";

struct progress_bar {
    const struct command_context *context;
    struct progress *progress;
    _Atomic int *stage;
    const char *const *stages;
    bool shown;
    int signals, stop;     /* descriptors */
    int asked_by;          /* the first signal; 0: none came */
    struct timespec asked; /* when the first signal came */
    sigset_t signals_before;
    pthread_t thread;
};

static void put(const char *text, size_t length)
{
    /* A bar that cannot be written is no reason to stop. */
    ssize_t written = write(STDERR_FILENO, text, length);

    (void)written;
}

static void draw(const struct progress_bar *bar)
{
    int64_t done = atomic_load(&bar->progress->done_frames);
    int64_t total = atomic_load(&bar->progress->total_frames);
    const char *name = bar->stages[bar->stage != NULL ? atomic_load(bar->stage) : 0];
    double part = total > 0 ? (double)done / (double)total : 0.0;
    char cells[BAR_CELLS + 1], line[160];
    int length;

    part = part < 0.0 ? 0.0 : part > 1.0 ? 1.0 : part;
    for (int i = 0; i < BAR_CELLS; i++) {
        cells[i] = i < (int)(part * BAR_CELLS) ? '#' : '.';
    }
    cells[BAR_CELLS] = '\0';
    length = snprintf(line, sizeof line, "%s%-10.20s [%s] %3d %%", erase_line, name, cells,
                      (int)(part * 100.0));
    put(line, (size_t)length);
}

/* A message takes the bar's line; the bar comes again below it. */
static bool make_room(void *context, enum log_level level, const char *line)
{
    char text[4096];
    int length = snprintf(text, sizeof text, "%s%s\n", erase_line, line);

    (void)context;
    (void)level;
    put(text, (size_t)length < sizeof text ? (size_t)length : sizeof text - 1);
    return true;
}

/* The first asks the work to end; one that comes later does not wait for it. */
static void take_signal(struct progress_bar *bar)
{
    struct signalfd_siginfo info;
    struct timespec now;

    if (read(bar->signals, &info, sizeof info) != (ssize_t)sizeof info) {
        return;
    }
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (!atomic_exchange(&bar->progress->cancel, true)) {
        bar->asked = now;
        bar->asked_by = (int)info.ssi_signo;
    } else if (now.tv_sec - bar->asked.tv_sec >= PATIENCE_SECONDS) {
        signal((int)info.ssi_signo, SIG_DFL);
        pthread_sigmask(SIG_SETMASK, &bar->signals_before, NULL);
        raise((int)info.ssi_signo);
    }
}

static void *watch(void *argument)
{
    struct progress_bar *bar = argument;
    struct pollfd descriptors[] = {{bar->signals, POLLIN, 0}, {bar->stop, POLLIN, 0}};

    for (;;) {
        int ready = poll(descriptors, 2, bar->shown ? REDRAW_MS : -1);

        if (ready < 0 && errno != EINTR) {
            return NULL;
        }
        if (ready > 0 && (descriptors[1].revents & POLLIN) != 0) {
            return NULL;
        }
        if (ready > 0 && (descriptors[0].revents & POLLIN) != 0) {
            take_signal(bar);
        }
        if (bar->shown) {
            draw(bar);
        }
    }
}

static bool terminal_can_redraw(void)
{
    const char *name = getenv("TERM");

    return isatty(STDERR_FILENO) && name != NULL && name[0] != '\0' && strcmp(name, "dumb") != 0;
}

/* Those that mean the end, but for what nohup or a shell's & has told us to ignore. */
static void list_signals(sigset_t *signals)
{
    static const int endings[] = {SIGINT, SIGTERM, SIGHUP};

    sigemptyset(signals);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        struct sigaction action;

        if (sigaction(endings[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN) {
            sigaddset(signals, endings[i]);
        }
    }
}

struct progress_bar *progress_bar_start(const struct command_context *context,
                                        struct progress *progress, _Atomic int *stage,
                                        const char *const stages[], bool quiet)
{
    struct progress_bar *bar = calloc(1, sizeof *bar);
    sigset_t signals;
    int error;

    if (bar == NULL) {
        return NULL;
    }
    bar->context = context;
    bar->progress = progress;
    bar->stage = stage;
    bar->stages = stages;
    bar->shown = !quiet && terminal_can_redraw();
    list_signals(&signals);
    pthread_sigmask(SIG_BLOCK, &signals, &bar->signals_before);
    bar->signals = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    bar->stop = eventfd(0, EFD_CLOEXEC);
    error =
        bar->signals < 0 || bar->stop < 0 ? errno : pthread_create(&bar->thread, NULL, watch, bar);
    if (error != 0) {
        goto fail;
    }
    if (bar->shown) {
        log_set_hook(context->log, make_room, NULL);
    }
    return bar;
fail:
    if (bar->signals >= 0) {
        close(bar->signals);
    }
    if (bar->stop >= 0) {
        close(bar->stop);
    }
    pthread_sigmask(SIG_SETMASK, &bar->signals_before, NULL);
    free(bar);
    errno = error;
    return NULL;
}

int progress_bar_stop(struct progress_bar *bar)
{
    uint64_t one = 1;
    int asked_by;

    if (bar == NULL) {
        return 0;
    }
    if (write(bar->stop, &one, sizeof one) == (ssize_t)sizeof one) {
        pthread_join(bar->thread, NULL);
    }
    if (bar->shown) {
        log_set_hook(bar->context->log, NULL, NULL);
        put(erase_line, sizeof erase_line - 1);
    }
    close(bar->signals);
    close(bar->stop);
    pthread_sigmask(SIG_SETMASK, &bar->signals_before, NULL);
    asked_by = bar->asked_by;
    free(bar);
    return asked_by;
}
