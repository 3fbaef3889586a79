/*
 * protocol.h - the MPD protocol: a line as words, values in answers, errors.
 *
 * Words are separated by spaces or tabs; "..." quotes, with \ before " and \. A line is at most
 * PROTOCOL_LINE_LIMIT bytes. No line sent is longer than PROTOCOL_SENT_LIMIT: libmpdclient gives
 * up on longer ones.
 * Source: the MPD protocol 0.23.5 (mpd.readthedocs.io), and what Debian's mpd answers.
 *
 * Threads: the server's loop.
 */
#ifndef MP_SERVER_PROTOCOL_H
#define MP_SERVER_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROTOCOL_GREETING "OK MPD 0.23.5\n"

enum { PROTOCOL_LINE_LIMIT = 16384, PROTOCOL_SENT_LIMIT = 4000, PROTOCOL_WORDS_MAX = 64 };

/* MPD's error numbers. */
enum ack {
    ACK_NOT_LIST = 1,
    ACK_ARG = 2,
    ACK_PASSWORD = 3,
    ACK_PERMISSION = 4,
    ACK_UNKNOWN = 5,
    ACK_NO_EXIST = 50,
    ACK_PLAYLIST_MAX = 51,
    ACK_SYSTEM = 52,
    ACK_PLAYLIST_LOAD = 53,
    ACK_UPDATE_ALREADY = 54,
    ACK_PLAYER_SYNC = 55,
    ACK_EXIST = 56,
};

struct words {
    const char *word[PROTOCOL_WORDS_MAX]; /* [0]: the command's name; the arguments follow */
    size_t count;
};

/* Splits a line in place. 0, or an enum ack with MPD's own message ("Missing closing '\"'"); words
   is empty where even the command's name could not be read: whoever sent it speaks another
   language. */
int protocol_split(char *line, struct words *words, const char **message);

struct range {
    size_t first, last; /* [first, last) */
};

/* Arguments as MPD reads them. Each: true, or false with MPD's message for an ACK_ARG. */
bool protocol_unsigned(const char *text, uint32_t *value, char *message, size_t size);
bool protocol_integer(const char *text, int *value, int minimum, int maximum, char *message,
                      size_t size);
bool protocol_number(const char *text, double *value, char *message, size_t size);
bool protocol_boolean(const char *text, bool *value, char *message, size_t size); /* "0", "1" */
/* "5" is [5, 6), "3:" to SIZE_MAX, "3:5"; "-1" is all. */
bool protocol_range(const char *text, struct range *range, char *message, size_t size);

#endif
