/*
 * command.h - the subcommands: one const entry each, and what they have in common.
 *
 * A command declares its options; the words of the command line are sorted by that table before
 * run() is called, so that every command takes -x VALUE, -xVALUE, --name VALUE, --name=VALUE and --
 * alike, and --help writes itself. Messages go through the log: one line each on stderr.
 *
 * Threads: the main thread.
 */
#ifndef MP_COMMAND_COMMAND_H
#define MP_COMMAND_COMMAND_H

#include "base/log.h"
#include "config/options.h"

#include <stdbool.h>
#include <stddef.h>

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* Keys of options that have a long name only begin here; a smaller key is the short letter. */
enum { COMMAND_LONG_ONLY = 256 };

struct command_option {
    int key;              /* 'r', or COMMAND_LONG_ONLY and up */
    const char *name;     /* "reference", without the dashes */
    const char *argument; /* "REF[:WEIGHT]", or NULL: takes none */
    const char *help;     /* one line */
};

struct command_word {
    int key;           /* of the option, 0: an operand */
    const char *value; /* the operand, or the option's argument, else NULL */
};

struct command_line {
    struct command_word *words; /* in the order they were given */
    size_t count;
    size_t operands;
};

struct command_context {
    struct options *options; /* defaults, then the settings file, then matchplayrc */
    struct log *log;         /* stderr */
    const struct command *command;
    const char *config_path; /* -c, or NULL */
    const char *socket;      /* -S, or NULL */
    bool verbose;            /* -v */
};

struct command {
    const char *name;
    const char *synopsis; /* what follows the name: "TARGET -r REF... -o OUT [...]" */
    const char *summary;  /* one line in `matchplay --help` */
    const char *help;     /* paragraphs of `matchplay NAME --help`, under the options; or NULL */
    const struct command_option *options; /* ends with a key of 0; or NULL */
    /* Returns EXIT_DONE, EXIT_FAILED or EXIT_USAGE, having said why. */
    int (*run)(struct command_context *context, const struct command_line *line);
};

/* The table, and an entry of it or NULL. */
const struct command *const *command_table(size_t *count);
const struct command *command_find(const char *name);

/* All of main(): common options, configuration, the command. */
int command_main(int argc, char **argv);

/* Sorts words by the command's table and the common one. False: wrong usage, one line in message.
   The words point into argv; free line->words. */
bool command_parse(const struct command *command, int argc, char **argv, struct command_line *line,
                   char *message, size_t size);

/* "matchplay: ..." on stderr; returns EXIT_FAILED. */
int command_fail(const struct command_context *context, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* "matchplay: ... (matchplay match --help says more)"; returns EXIT_USAGE. */
int command_misuse(const struct command_context *context, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The end of a command that a signal interrupted, all being cleaned up. SIGINT ends the process, as
   a shell expects that is to leave its loop, too; else it returns EXIT_FAILED. */
int command_interrupted(int signal_number);
/* Sets an option of the table from the command line (-D DEVICE): EXIT_DONE, or EXIT_USAGE told. */
int command_set(const struct command_context *context, const char *name, const char *value);

#endif
