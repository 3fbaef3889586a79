/* send.c - one command of the protocol to the running player, its answer printed. */
#include "command/command.h"
#include "command/talk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_SIZE = 4096 };

static int ask(const struct command_context *context, struct talk *talk, const char *line)
{
    char message[MESSAGE_SIZE];
    int error = talk_ask(talk, line, stdout, message, sizeof message);

    if (error == 0) {
        return EXIT_DONE;
    }
    if (error == -EREMOTEIO) {
        return command_fail(context, "%s", message);
    }
    if (strcmp(line, "kill") == 0 || strcmp(line, "close") == 0) {
        return EXIT_DONE; /* it ends without a word, as it should */
    }
    return command_fail(context, "the player broke off");
}

/* Each line of stdin is a command, as it stands. */
static int ask_lines(const struct command_context *context, struct talk *talk)
{
    char *line = NULL;
    size_t size = 0;
    int status = EXIT_DONE;

    while (status == EXIT_DONE && getline(&line, &size, stdin) > 0) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] != '\0') {
            status = ask(context, talk, line);
        }
    }
    free(line);
    return status;
}

static char *make_line(const struct command_line *line)
{
    const char **words = calloc(line->operands, sizeof *words);
    size_t count = 0;
    char *text;

    if (words == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < line->count; i++) {
        if (line->words[i].key == 0) {
            words[count++] = line->words[i].value;
        }
    }
    text = talk_quote(words, count);
    free(words);
    return text;
}

static int run(struct command_context *context, const struct command_line *line)
{
    struct instance_wish wish = {context->socket, context->config_path, context->verbose};
    char message[MESSAGE_SIZE];
    char *text;
    struct talk *talk;
    int status;

    if (line->operands == 0) {
        return command_misuse(context, "nothing to send");
    }
    text = make_line(line);
    if (text == NULL) {
        return errno == EINVAL ? command_misuse(context, "a word holds the end of a line")
                               : command_fail(context, "out of memory");
    }
    talk = talk_open(&wish, message, sizeof message);
    if (talk == NULL) {
        status = command_fail(context, "%s", message);
    } else {
        status = strcmp(text, "-") == 0 ? ask_lines(context, talk) : ask(context, talk, text);
    }
    talk_close(talk);
    free(text);
    return status;
}

const struct command command_send = {
    "send",
    "COMMAND [ARG...] | -",
    "one command of the MPD protocol to the running player",
    "Arguments are quoted as the protocol wants them; a COMMAND with spaces in it is sent as it\n"
    "stands. With - every line of standard input is a command. -S takes [PASSWORD@]HOST[:PORT],\n"
    "too. Exit status 1 when the player answers with an error.",
    NULL,
    run,
};
