/* output.c - what curses writes, sent as fast as the terminal takes it. */
#include "tui/output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

enum { CHUNK_SIZE = 4096, LINE_BYTES = 512, LAST_WAIT_MS = 300, PATH_SIZE = 256 };

/* Not to block is a property of the open file, and that of the standard output is the shell's, too:
   so the terminal is opened once more. Where that cannot be, a write may wait. */
static int open_terminal(int file)
{
    char path[PATH_SIZE];
    int opened = -1;

    if (ttyname_r(file, path, sizeof path) == 0) {
        opened = open(path, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    }
    return opened >= 0 ? opened : fcntl(file, F_DUPFD_CLOEXEC, 0);
}

int output_open(struct output *output, int file)
{
    *output = (struct output){.curses = NULL, .blocking = -1, .terminal = -1, .memory = -1};
    output->blocking = fcntl(file, F_DUPFD_CLOEXEC, 0);
    output->terminal = open_terminal(file);
    output->memory = memfd_create("matchplay", MFD_CLOEXEC);
    output->file = fcntl(file, F_DUPFD_CLOEXEC, 0);
    if (output->file >= 0) {
        output->curses = fdopen(output->file, "w");
    }
    if (output->blocking < 0 || output->terminal < 0 || output->memory < 0 ||
        output->curses == NULL) {
        int error = -errno;

        output_close(output);
        return error;
    }
    return 0;
}

void output_close(struct output *output)
{
    const int files[] = {output->blocking, output->terminal, output->memory,
                         output->curses == NULL ? output->file : -1};

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (files[i] >= 0) {
            close(files[i]);
        }
    }
    if (output->curses != NULL) {
        fclose(output->curses);
    }
    *output =
        (struct output){.curses = NULL, .file = -1, .blocking = -1, .terminal = -1, .memory = -1};
}

void output_begin(struct output *output)
{
    dup2(output->memory, output->file);
}

void output_end(struct output *output)
{
    dup2(output->blocking, output->file);
    output->written = lseek(output->memory, 0, SEEK_CUR);
    output_send(output);
}

static void forget(struct output *output)
{
    if (output->written > 0) {
        lseek(output->memory, 0, SEEK_SET);
        output->sent = output->written = 0;
    }
}

void output_send(struct output *output)
{
    char bytes[CHUNK_SIZE];

    while (output->sent < output->written) {
        off_t left = output->written - output->sent;
        size_t size = left < CHUNK_SIZE ? (size_t)left : CHUNK_SIZE;
        ssize_t got = pread(output->memory, bytes, size, output->sent);
        ssize_t put = got > 0 ? write(output->terminal, bytes, (size_t)got) : got;

        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put < 0 && errno == EAGAIN) {
            return;
        }
        if (put <= 0) { /* the terminal is gone: the loop hears of it from its input */
            break;
        }
        output->sent += put;
    }
    forget(output);
}

bool output_is_waiting(const struct output *output)
{
    return output->sent < output->written;
}

bool output_is_behind(const struct output *output)
{
    int line = 0;

    return output_is_waiting(output) ||
           (ioctl(output->terminal, TIOCOUTQ, &line) == 0 && line > LINE_BYTES);
}

bool output_drop(struct output *output)
{
    static const char cancel[] = "\030"; /* what was cut off may have been a sequence */
    bool waiting = output_is_waiting(output);

    forget(output);
    return waiting && write(output->memory, cancel, 1) == 1;
}

void output_send_last(struct output *output)
{
    struct pollfd fd = {.fd = output->terminal, .events = POLLOUT};

    output_send(output);
    if (output_is_waiting(output) && poll(&fd, 1, LAST_WAIT_MS) == 0) {
        tcflush(output->terminal, TCOFLUSH);
    }
    output_send(output);
}
