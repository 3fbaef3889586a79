/*
 * server_support.h - a whole server in a thread, on a socket in a folder of its own, and clients
 * that ask it something.
 */
#ifndef MP_TESTS_SERVER_SUPPORT_H
#define MP_TESTS_SERVER_SUPPORT_H

#include <stdbool.h>
#include <stddef.h>

struct served;

/* Starts one: HOME and the XDG folders are below a new folder, `settings` are lines of a
   matchplayrc
   ("[output]\ndevice = clock\n"; NULL: none). The device is `clock` unless they say otherwise.
   Fails the test when it cannot. */
struct served *served_start(const char *settings);
/* Ends it as SIGTERM would; its folder stays for served_start_again. */
void served_stop(struct served *served);
void served_start_again(struct served *served);
/* Ends it, if it runs, and removes its folder. */
void served_destroy(struct served *served);

const char *served_socket(const struct served *served);
/* The folder that holds everything of it: "music" (the music folder), "home", ... */
const char *served_folder(const struct served *served);

/* A connection that has read the greeting. Closed with close(). */
int served_connect(const struct served *served);
/* One command, and all of its answer with OK or ACK; the text is valid until the next call. What
   does not come within 30 s fails the test; "" when the server closed the connection. */
const char *served_ask(int connection, const char *line);
/* Sends bytes as they are; reads an answer as served_ask does. */
void served_say(int connection, const void *bytes, size_t count);
const char *served_hear(int connection);
/* The value of the first line "NAME: value" of an answer, "" when there is none; valid until the
   next call. */
const char *served_value(const char *answer, const char *name);
/* Asks `line` until the answer holds `text`; fails the test after 30 s. Returns the answer. */
const char *served_await(int connection, const char *line, const char *text);

#endif
