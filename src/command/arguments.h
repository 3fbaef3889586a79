/*
 * arguments.h - the words of a command line, one after another.
 *
 * -x VALUE, -xVALUE, -xyz (letters without arguments), --name VALUE, --name=VALUE; "-" is an
 * operand, and so is everything after "--".
 *
 * Threads: any; a reader belongs to one.
 */
#ifndef MP_COMMAND_ARGUMENTS_H
#define MP_COMMAND_ARGUMENTS_H

#include "command/command.h"

struct argument_reader {
    const struct command_option *options; /* the command's own, or NULL; usage_common comes after */
    int argc;
    char **argv;
    int index;          /* of the next word */
    const char *rest;   /* letters left of a bundle, or NULL */
    bool only_operands; /* "--" was seen */
};

enum argument_result { ARGUMENT_END, ARGUMENT_WORD, ARGUMENT_WRONG };

/* The next word; ARGUMENT_WRONG: one line in message. */
enum argument_result argument_next(struct argument_reader *reader, struct command_word *word,
                                   char *message, size_t size);

#endif
