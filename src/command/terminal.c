/* terminal.c - a status line and single keys in a plain terminal. */
#include "command/terminal.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

enum { LINE_SIZE = 1024, DEFAULT_WIDTH = 80 };

struct terminal {
    struct log *log;
    bool shows, keys;
    struct termios before;
    sigset_t blocked_before;
    int signals; /* signalfd, -1: none */
    bool interrupted;
    pthread_mutex_t lock; /* the line, between show and the log's hook */
    char line[LINE_SIZE]; /* as it stands there */
};

int terminal_width(void)
{
    struct winsize size;

    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        return size.ws_col;
    }
    return DEFAULT_WIDTH;
}

static void put(const char *text)
{
    size_t length = strlen(text);

    while (length > 0) {
        ssize_t written = write(STDERR_FILENO, text, length);

        if (written <= 0) {
            return;
        }
        text += written;
        length -= (size_t)written;
    }
}

/* A message of the log: above the status line. */
static bool message_above(void *context, enum log_level level, const char *message)
{
    struct terminal *terminal = context;

    (void)level;
    if (!terminal->shows) {
        return false;
    }
    pthread_mutex_lock(&terminal->lock);
    put("\r\033[K");
    put(message);
    put("\n");
    put(terminal->line);
    pthread_mutex_unlock(&terminal->lock);
    return true;
}

static void raw_keys(struct terminal *terminal)
{
    struct termios raw = terminal->before;

    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
}

struct terminal *terminal_open(struct log *log, bool quiet)
{
    struct terminal *terminal = calloc(1, sizeof *terminal);
    sigset_t wanted;

    if (terminal == NULL) {
        return NULL;
    }
    terminal->log = log;
    pthread_mutex_init(&terminal->lock, NULL);
    terminal->shows = !quiet && isatty(STDERR_FILENO) == 1;
    terminal->keys = isatty(STDIN_FILENO) == 1 && tcgetpgrp(STDIN_FILENO) == getpgrp() &&
                     tcgetattr(STDIN_FILENO, &terminal->before) == 0;
    if (terminal->keys) {
        raw_keys(terminal);
    }
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGINT);
    sigaddset(&wanted, SIGTERM);
    sigaddset(&wanted, SIGHUP);
    sigaddset(&wanted, SIGTSTP);
    pthread_sigmask(SIG_BLOCK, &wanted, &terminal->blocked_before);
    terminal->signals = signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC);
    log_set_hook(log, message_above, terminal);
    return terminal;
}

void terminal_close(struct terminal *terminal)
{
    if (terminal == NULL) {
        return;
    }
    log_set_hook(terminal->log, NULL, NULL);
    if (terminal->shows && terminal->line[0] != '\0') {
        put("\n");
    }
    if (terminal->keys) {
        tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal->before);
    }
    if (terminal->signals >= 0) {
        close(terminal->signals);
    }
    pthread_sigmask(SIG_SETMASK, &terminal->blocked_before, NULL);
    pthread_mutex_destroy(&terminal->lock);
    free(terminal);
}

bool terminal_shows(const struct terminal *terminal)
{
    return terminal->shows;
}

bool terminal_has_keys(const struct terminal *terminal)
{
    return terminal->keys;
}

bool terminal_interrupted(const struct terminal *terminal)
{
    return terminal->interrupted;
}

void terminal_show(struct terminal *terminal, const char *line)
{
    char cut[LINE_SIZE];
    int room = terminal_width() - 1;
    size_t length = 0;

    if (!terminal->shows) {
        return;
    }
    for (; line[length] != '\0' && length + 1 < sizeof cut; length++) {
        bool begins = ((unsigned char)line[length] & 0xC0) != 0x80; /* of a character in UTF-8 */

        if (begins && room-- == 0) {
            break;
        }
        cut[length] = line[length];
    }
    cut[length] = '\0';
    pthread_mutex_lock(&terminal->lock);
    if (strcmp(cut, terminal->line) != 0) {
        snprintf(terminal->line, sizeof terminal->line, "%s", cut);
        put("\r");
        put(cut);
        put("\033[K");
    }
    pthread_mutex_unlock(&terminal->lock);
}

/* Stops as any program does on ^Z, with the terminal as it was, and takes it again afterwards. */
static void suspend(struct terminal *terminal)
{
    sigset_t stop;

    if (terminal->keys) {
        tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal->before);
    }
    if (terminal->shows) {
        put("\n");
    }
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    pthread_sigmask(SIG_UNBLOCK, &stop, NULL);
    kill(getpid(), SIGTSTP);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);
    if (terminal->keys) {
        raw_keys(terminal);
    }
    terminal->line[0] = '\0';
}

static void take_signals(struct terminal *terminal)
{
    struct signalfd_siginfo info;

    while (read(terminal->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGTSTP) {
            suspend(terminal);
        } else {
            terminal->interrupted = true;
        }
    }
}

static bool read_byte(unsigned char *byte)
{
    return read(STDIN_FILENO, byte, 1) == 1;
}

/* The rest of an arrow key: ESC [ A or ESC O A. A lone Escape is no key. */
static int read_arrow(void)
{
    static const int arrows[] = {KEY_UP, KEY_DOWN, KEY_RIGHT, KEY_LEFT};
    unsigned char second, third;

    if (!read_byte(&second) || (second != '[' && second != 'O') || !read_byte(&third)) {
        return KEY_NONE;
    }
    return third >= 'A' && third <= 'D' ? arrows[third - 'A'] : KEY_NONE;
}

int terminal_key(struct terminal *terminal, int timeout_ms)
{
    struct pollfd waits[2] = {{.fd = terminal->signals, .events = POLLIN},
                              {.fd = terminal->keys ? STDIN_FILENO : -1, .events = POLLIN}};
    unsigned char byte;

    if (poll(waits, 2, timeout_ms) <= 0) {
        return KEY_NONE;
    }
    if (waits[0].revents != 0) {
        take_signals(terminal);
    }
    if (waits[1].revents == 0) {
        return KEY_NONE;
    }
    if (!read_byte(&byte)) { /* the terminal is gone */
        terminal->keys = false;
        return KEY_NONE;
    }
    return byte == 0x1B ? read_arrow() : byte;
}
