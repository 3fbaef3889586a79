/* loop.c - the screen on a terminal: input, the player's answers, time, drawing. */
#include "tui/loop.h"

#include "tui/screen.h"
#include "tui/start.h"
#include "tui/tui.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MESSAGE_SIZE = 512, BEHIND_MS = 100, INPUTS_MAX = 64, OWN_FDS = 3 };

/* Set by signals; read between two polls. */
static volatile sig_atomic_t ended;

static void end_later(int number)
{
    ended = number;
}

/* A crash gives the terminal back before it goes on as it would have. */
static void crashed(int number)
{
    tui_restore();
    signal(number, SIG_DFL);
    raise(number);
}

static void catch_signals(void)
{
    static const int deadly[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    struct sigaction action = {.sa_handler = end_later};

    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    action.sa_handler = crashed;
    for (size_t i = 0; i < sizeof deadly / sizeof deadly[0]; i++) {
        sigaction(deadly[i], &action, NULL);
    }
}

static uint64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void read_input(struct tui *tui, struct screen *screen, struct canvas *canvas)
{
    struct input input;
    int rows, columns;

    for (int i = 0; i < INPUTS_MAX; i++) { /* so that a paste does not hold back the screen */
        tui_read(tui, &input);
        if (input.kind == INPUT_NONE) {
            return;
        }
        if (input.kind == INPUT_RESIZE) {
            tui_size(tui, &rows, &columns);
            canvas_resize(canvas, rows, columns);
            tui_redraw(tui);
        }
        screen_input(screen, &input);
    }
}

static void draw(struct tui *tui, struct screen *screen, struct canvas *canvas)
{
    if (screen->theme_changed) {
        tui_set_theme(tui, screen->theme);
        screen->theme_changed = false;
    }
    if (screen->redraw) {
        tui_redraw(tui);
        screen->redraw = false;
    }
    screen_draw(screen, canvas);
    tui_draw(tui, canvas);
}

/* What `matchplayd serve` says. */
static void serve_start(struct start *start, struct screen *screen)
{
    bool failed = false;

    if (start_serve(start, &failed)) {
        if (failed) {
            screen_say(screen, ROLE_ERROR, "%s", start->line);
        }
        client_retry(screen->client);
    }
}

/* One turn: waits for what comes first, and serves it. */
static void turn(struct tui *tui, struct screen *screen, struct canvas *canvas, struct start *start,
                 int *drawn_second)
{
    struct pollfd fds[OWN_FDS + CLIENT_FDS] = {
        {.fd = STDIN_FILENO, .events = POLLIN},
        {.fd = start_fd(start), .events = POLLIN},
        {.fd = tui_waiting_file(tui), .events = POLLOUT},
    };
    int timeout = screen_tick(screen, now_ms());
    int count, second;

    if (screen->dirty) {
        timeout = tui_is_behind(tui) ? BEHIND_MS : 0;
    }
    count = client_poll(screen->client, fds + OWN_FDS, &timeout);
    if (poll(fds, OWN_FDS + (nfds_t)count, timeout) < 0 && errno != EINTR) {
        ended = SIGHUP;
        return;
    }
    if ((fds[0].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0) {
        ended = SIGHUP; /* the terminal is gone */
        return;
    }
    tui_send(tui);
    screen_tick(screen, now_ms());
    read_input(tui, screen, canvas);
    if (fds[1].revents != 0) {
        serve_start(start, screen);
    }
    client_serve(screen->client, fds + OWN_FDS, count);
    second = (int)player_state_elapsed(&screen->state, now_ms());
    if (second != *drawn_second) {
        *drawn_second = second;
        screen->dirty = true;
    }
    if (screen->dirty && !tui_is_behind(tui)) {
        screen_tick(screen, now_ms());
        draw(tui, screen, canvas);
    }
}

/* A line each. */
static void say_lines(struct screen *screen, const char *lines)
{
    while (*lines != '\0') {
        size_t length = strcspn(lines, "\n");

        screen_say(screen, ROLE_WARNING, "%.*s", (int)length, lines);
        lines += length + (lines[length] == '\n');
    }
}

int loop_run(const struct loop_wish *wish)
{
    struct tui_settings settings = {
        .theme = theme_at(0), .mouse = options_boolean(wish->options, "mouse"), .depth = -1};
    struct screen *screen = screen_create(wish->options, wish->address, wish->password);
    struct start start = {.output = -1};
    char message[MESSAGE_SIZE] = "out of memory";
    struct tui *tui = NULL;
    struct canvas *canvas = NULL;
    int rows, columns, drawn_second = -1;
    int status = 1;

    settings.theme = screen != NULL ? screen->theme : settings.theme;
    tui = screen != NULL ? tui_open(&settings, message, sizeof message) : NULL;

    if (tui != NULL) {
        tui_size(tui, &rows, &columns);
        canvas = canvas_create(rows, columns, tui_is_unicode(tui));
    }
    if (canvas != NULL) {
        catch_signals();
        screen_show(screen, screen->current);
        say_lines(screen, wish->warnings);
        draw(tui, screen, canvas);
        if (wish->words != NULL && start_begin(&start, wish->words) < 0) {
            screen_say(screen, ROLE_ERROR,
                       "matchplayd is neither beside matchplay nor in libexec; install both");
        }
        screen->paths = wish->paths;
        while (!ended && !screen->leave) {
            turn(tui, screen, canvas, &start, &drawn_second);
        }
        status = 0;
    }
    canvas_destroy(canvas);
    tui_close(tui);
    screen_destroy(screen);
    if (status != 0) {
        fprintf(stderr, "matchplay: %s\n", message);
    }
    return status;
}
