/* terminal.c - a status line and single keys in a plain terminal. */
#include "command/terminal.h"

#include <locale.h>
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
#include <wchar.h>

enum { LINE_SIZE = 1024, DEFAULT_WIDTH = 80, SEQUENCE_MS = 50 };

struct terminal {
    struct log *log;
    bool shows, has_keys;             /* stderr, stdin are terminals */
    bool line_is_ours, keys_are_ours; /* and now, in the foreground */
    struct termios before;
    sigset_t blocked_before;
    int signals;     /* signalfd, -1: none */
    int interrupted; /* by this signal; 0: not */
    void (*pipe_before)(int);
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
    if (!terminal->line_is_ours) {
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

static bool in_foreground(int file)
{
    return tcgetpgrp(file) == getpgrp();
}

static void raw_keys(struct terminal *terminal)
{
    struct termios raw = terminal->before;

    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
}

/* In the foreground line and keys are ours; after bg, or & at the start, the music plays without
   them until fg. The shell may have changed how the terminal behaves in between. */
static void go_on(struct terminal *terminal)
{
    pthread_mutex_lock(&terminal->lock);
    terminal->keys_are_ours = terminal->has_keys && in_foreground(STDIN_FILENO);
    terminal->line_is_ours = terminal->shows && in_foreground(STDERR_FILENO);
    terminal->line[0] = '\0';
    pthread_mutex_unlock(&terminal->lock);
    if (terminal->keys_are_ours) {
        raw_keys(terminal);
    }
}

static bool changed_ground(const struct terminal *terminal)
{
    return (terminal->has_keys && in_foreground(STDIN_FILENO) != terminal->keys_are_ours) ||
           (terminal->shows && in_foreground(STDERR_FILENO) != terminal->line_is_ours);
}

static void take_over_signals(struct terminal *terminal)
{
    static const int numbers[] = {SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGCONT};
    struct sigaction hangup;
    sigset_t wanted;

    sigemptyset(&wanted);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        sigaddset(&wanted, numbers[i]);
    }
    if (sigaction(SIGHUP, NULL, &hangup) != 0 || hangup.sa_handler != SIG_IGN) {
        sigaddset(&wanted, SIGHUP); /* nohup's wish is kept */
    }
    pthread_sigmask(SIG_BLOCK, &wanted, &terminal->blocked_before);
    terminal->signals = signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC);
    /* A reader of the messages that goes away is no reason to end the music. */
    terminal->pipe_before = signal(SIGPIPE, SIG_IGN);
}

struct terminal *terminal_open(struct log *log, bool quiet)
{
    struct terminal *terminal = calloc(1, sizeof *terminal);

    if (terminal == NULL) {
        return NULL;
    }
    terminal->log = log;
    pthread_mutex_init(&terminal->lock, NULL);
    terminal->shows = !quiet && isatty(STDERR_FILENO) == 1;
    setlocale(LC_CTYPE, "C.UTF-8"); /* for wcwidth; the line is UTF-8 whatever LANG says */
    take_over_signals(terminal);
    terminal->has_keys =
        isatty(STDIN_FILENO) == 1 && tcgetattr(STDIN_FILENO, &terminal->before) == 0;
    go_on(terminal);
    log_set_hook(log, message_above, terminal);
    return terminal;
}

void terminal_close(struct terminal *terminal)
{
    if (terminal == NULL) {
        return;
    }
    log_set_hook(terminal->log, NULL, NULL);
    if (terminal->line_is_ours && terminal->line[0] != '\0') {
        put("\n");
    }
    if (terminal->keys_are_ours) {
        tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal->before);
    }
    if (terminal->signals >= 0) {
        close(terminal->signals);
    }
    signal(SIGPIPE, terminal->pipe_before);
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
    return terminal->keys_are_ours;
}

int terminal_interrupted(const struct terminal *terminal)
{
    return terminal->interrupted;
}

/* As much of `line` as goes into `room` columns; what is no printable UTF-8 becomes '?'. */
static void cut_line(char cut[LINE_SIZE], const char *line, int room)
{
    size_t length = 0;

    while (*line != '\0') {
        wchar_t character = L'?';
        mbstate_t state = {0};
        size_t bytes = mbrtowc(&character, line, MB_CUR_MAX, &state);
        bool whole = bytes != (size_t)-1 && bytes != (size_t)-2;
        int columns = whole ? wcwidth(character) : -1;
        bool printable = columns >= 0;

        bytes = whole ? bytes : 1;
        columns = printable ? columns : 1;
        room -= columns;
        if (room < 0 || length + bytes >= LINE_SIZE) {
            break;
        }
        memcpy(cut + length, printable ? line : "?", printable ? bytes : 1);
        length += printable ? bytes : 1;
        line += bytes;
    }
    cut[length] = '\0';
}

void terminal_show(struct terminal *terminal, const char *line)
{
    char cut[LINE_SIZE];

    if (!terminal->line_is_ours) {
        return;
    }
    cut_line(cut, line, terminal_width() - 1);
    pthread_mutex_lock(&terminal->lock);
    if (strcmp(cut, terminal->line) != 0) {
        snprintf(terminal->line, sizeof terminal->line, "%s", cut);
        put("\r");
        put(cut);
        put("\033[K");
    }
    pthread_mutex_unlock(&terminal->lock);
}

void terminal_suspend(struct terminal *terminal)
{
    sigset_t stop;

    if (terminal->keys_are_ours) {
        tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal->before);
    }
    if (terminal->line_is_ours) {
        put("\n");
    }
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    pthread_sigmask(SIG_UNBLOCK, &stop, NULL);
    kill(getpid(), SIGTSTP);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);
    go_on(terminal);
}

/* KEY_SUSPEND or KEY_NONE. */
static int take_signals(struct terminal *terminal)
{
    struct signalfd_siginfo info;
    int key = KEY_NONE;

    while (read(terminal->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGTSTP) {
            key = KEY_SUSPEND;
        } else if (info.ssi_signo == SIGCONT) {
            go_on(terminal);
        } else {
            terminal->interrupted = (int)info.ssi_signo;
        }
    }
    return key;
}

static bool read_byte(unsigned char *byte)
{
    return read(STDIN_FILENO, byte, 1) == 1;
}

/* The next byte of a sequence, which may come late over a slow line. */
static bool read_more(unsigned char *byte)
{
    struct pollfd wait = {.fd = STDIN_FILENO, .events = POLLIN};

    return poll(&wait, 1, SEQUENCE_MS) > 0 && read_byte(byte);
}

/* The rest of an arrow key, ESC [ A or ESC O A; with Shift or Ctrl ESC [ 1 ; 5 A. Of any other
   sequence nothing is left over that could be taken for keys. A lone Escape is no key. */
static int read_arrow(void)
{
    static const int arrows[] = {KEY_UP, KEY_DOWN, KEY_RIGHT, KEY_LEFT};
    unsigned char byte;

    if (!read_more(&byte) || (byte != '[' && byte != 'O')) {
        return KEY_NONE;
    }
    do {
        if (!read_more(&byte)) {
            return KEY_NONE;
        }
    } while (byte < 0x40 || byte > 0x7E);
    return byte >= 'A' && byte <= 'D' ? arrows[byte - 'A'] : KEY_NONE;
}

int terminal_key(struct terminal *terminal, int timeout_ms)
{
    struct pollfd waits[2] = {{.fd = terminal->signals, .events = POLLIN},
                              {.fd = -1, .events = POLLIN}};
    unsigned char byte;
    int key;

    if (changed_ground(terminal)) {
        go_on(terminal);
    }
    waits[1].fd = terminal->keys_are_ours ? STDIN_FILENO : -1;
    if (poll(waits, 2, timeout_ms) <= 0) {
        return KEY_NONE;
    }
    key = waits[0].revents != 0 ? take_signals(terminal) : KEY_NONE;
    if (key != KEY_NONE) {
        return key;
    }
    if (waits[1].revents == 0) {
        return KEY_NONE;
    }
    if (!read_byte(&byte)) { /* the terminal is gone */
        terminal->keys_are_ours = terminal->has_keys = false;
        return KEY_NONE;
    }
    return byte == 0x1B ? read_arrow() : byte;
}
