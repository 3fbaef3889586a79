/* talk.c - a conversation with the running player. */
#include "command/talk.h"

#include "config/paths.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { GREETING_S = 10 };

struct talk {
    FILE *in;
    char *line;
    size_t size;
    bool remote;
};

/* "ACK [50@0] {play} No such song" is shown as "play: No such song". */
static int take_error(const char *line, char *message, size_t size)
{
    const char *name = strchr(line, '{');
    const char *end = name != NULL ? strchr(name, '}') : NULL;
    size_t length = end != NULL ? (size_t)(end - name - 1) : 0;
    const char *text = end != NULL && end[1] == ' ' ? end + 2 : line;

    snprintf(message, size, "%.*s%s%s", (int)length, length > 0 ? name + 1 : "",
             length > 0 ? ": " : "", text);
    return -EREMOTEIO;
}

/* The next line without its end; NULL: there is none any more. */
static const char *next_line(struct talk *talk)
{
    ssize_t length = getline(&talk->line, &talk->size, talk->in);

    if (length <= 0) {
        return NULL;
    }
    if (talk->line[length - 1] == '\n') {
        talk->line[length - 1] = '\0';
    }
    return talk->line;
}

static void copy_binary(struct talk *talk, size_t count, FILE *to)
{
    int byte;

    for (; count > 0 && (byte = getc(talk->in)) != EOF; count--) {
        if (to != NULL) {
            putc(byte, to);
        }
    }
}

/* Not through stdio: a player that has gone must not end this process by SIGPIPE. */
static bool say(struct talk *talk, const char *bytes, size_t count)
{
    while (count > 0) {
        ssize_t sent = send(fileno(talk->in), bytes, count, MSG_NOSIGNAL);

        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent < 0) {
            return false;
        }
        bytes += sent;
        count -= (size_t)sent;
    }
    return true;
}

int talk_ask(struct talk *talk, const char *line, FILE *to, char *message, size_t size)
{
    const char *answer;

    message[0] = '\0';
    if (!say(talk, line, strlen(line)) || !say(talk, "\n", 1)) {
        return -EPIPE;
    }
    while ((answer = next_line(talk)) != NULL) {
        if (strcmp(answer, "OK") == 0) {
            if (to != NULL) {
                fflush(to);
            }
            return 0;
        }
        if (strncmp(answer, "ACK ", 4) == 0) {
            return take_error(answer, message, size);
        }
        if (to != NULL) {
            fprintf(to, "%s\n", answer);
        }
        if (strncmp(answer, "binary: ", 8) == 0) {
            copy_binary(talk, strtoul(answer + 8, NULL, 10), to);
        }
    }
    return -EPIPE;
}

char *talk_quote(const char *const words[], size_t count)
{
    char *line = NULL;
    size_t size;
    FILE *file = open_memstream(&line, &size);

    if (file == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        if (strchr(words[i], '\n') != NULL) {
            fclose(file);
            free(line);
            errno = EINVAL;
            return NULL;
        }
        if (i == 0) { /* the command itself is never quoted */
            fputs(words[i], file);
            continue;
        }
        fputs(" \"", file);
        for (const char *byte = words[i]; *byte != '\0'; byte++) {
            if (*byte == '"' || *byte == '\\') {
                putc('\\', file);
            }
            putc(*byte, file);
        }
        putc('"', file);
    }
    if (fclose(file) != 0) {
        free(line);
        errno = ENOMEM;
        return NULL;
    }
    return line;
}

/* What stands before the last @ of a remote address. */
static int say_password(struct talk *talk, const char *where, char *message, size_t size)
{
    const char *at = strrchr(where, '@');
    char *password = at != NULL ? strndup(where, (size_t)(at - where)) : NULL;
    const char *const words[] = {"password", password};
    char *line = password != NULL ? talk_quote(words, 2) : NULL;
    int error = at == NULL ? 0 : -ENOMEM;

    if (line != NULL) {
        error = talk_ask(talk, line, NULL, message, size);
    }
    free(line);
    free(password);
    return error;
}

/* 0: as long as it takes. */
static void set_patience(int file, int seconds)
{
    const struct timeval patience = {.tv_sec = seconds};

    setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
}

static int greet(struct talk *talk, int file, const char *where, char *message, size_t size)
{
    const char *line;

    talk->in = fdopen(file, "r");
    if (talk->in == NULL) {
        snprintf(message, size, "out of memory");
        return -ENOMEM;
    }
    set_patience(file, GREETING_S);
    errno = 0;
    line = next_line(talk);
    if (line == NULL && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        snprintf(message, size, "%s: the player does not answer", where);
        return -ETIMEDOUT;
    }
    set_patience(file, 0);
    if (line == NULL || strncmp(line, "OK MPD ", 7) != 0) {
        snprintf(message, size, "%s: %s", where,
                 line == NULL ? "the player turned us away; it may have too many clients"
                              : "what answers there is no player");
        return -EPROTO;
    }
    return talk->remote ? say_password(talk, where, message, size) : 0;
}

struct talk *talk_open(const struct instance_wish *wish, char *message, size_t size)
{
    struct talk *talk = calloc(1, sizeof *talk);
    char *where = NULL;
    int file, error;

    if (talk == NULL) {
        snprintf(message, size, "out of memory");
        return NULL;
    }
    file = instance_connect(wish, &where, message, size);
    if (file < 0) {
        free(talk);
        errno = -file;
        return NULL;
    }
    talk->remote = instance_is_remote(where);
    error = greet(talk, file, where, message, size);
    free(where);
    if (error != 0) {
        if (talk->in == NULL) {
            close(file);
        }
        talk_close(talk);
        errno = -error;
        return NULL;
    }
    return talk;
}

void talk_close(struct talk *talk)
{
    if (talk == NULL) {
        return;
    }
    if (talk->in != NULL) {
        fclose(talk->in);
    }
    free(talk->line);
    free(talk);
}

bool talk_is_remote(const struct talk *talk)
{
    return talk->remote;
}
