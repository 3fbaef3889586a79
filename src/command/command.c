/* command.c - the table of subcommands, and the way from main() to one of them. */
#include "command/command.h"

#include "command/arguments.h"
#include "command/configure.h"
#include "command/usage.h"
#include "config/rcfile.h"
#include "config/verbs.h"
#include "output/sink.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_SIZE = 2048 };

extern const struct command command_analyze, command_devices, command_doctor, command_match,
    command_scan, command_send, command_serve, command_stop, command_play, command_bench;

static const struct command *const table[] = {
    &command_play, &command_match, &command_analyze, &command_serve,  &command_send,
    &command_stop, &command_scan,  &command_devices, &command_doctor, &command_bench,
};

const struct command *const *command_table(size_t *count)
{
    *count = sizeof table / sizeof table[0];
    return table;
}

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (strcmp(table[i]->name, name) == 0) {
            return table[i];
        }
    }
    return NULL;
}

int command_fail(const struct command_context *context, const char *format, ...)
{
    char line[LINE_SIZE];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    log_write(context->log, LOG_ERROR, "%s", line);
    return EXIT_FAILED;
}

int command_misuse(const struct command_context *context, const char *format, ...)
{
    const char *name = context->command != NULL ? context->command->name : "";
    const char *gap = context->command != NULL ? " " : "";
    char line[LINE_SIZE];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    log_write(context->log, LOG_ERROR, "%s (matchplay%s%s --help says more)", line, gap, name);
    return EXIT_USAGE;
}

int command_interrupted(int signal_number)
{
    if (signal_number == SIGINT) {
        fflush(stdout);
        signal(SIGINT, SIG_DFL);
        raise(SIGINT);
    }
    return EXIT_FAILED;
}

int command_set(const struct command_context *context, const char *name, const char *value)
{
    char message[LINE_SIZE];

    if (options_set(context->options, NULL, name, value, message, sizeof message) != 0) {
        return command_misuse(context, "%s", message);
    }
    return EXIT_DONE;
}

/* Notes a common option. */
static void take_common(struct command_context *context, const struct command_word *word)
{
    switch (word->key) {
    case 'c':
        context->config_path = word->value;
        break;
    case 'S':
        context->socket = word->value;
        break;
    case 'v':
        context->verbose = true;
        break;
    default:
        break;
    }
}

static bool is_common(int key)
{
    return key == 'c' || key == 'S' || key == 'v' || key == 'h';
}

static int run_command(struct command_context *context, int argc, char **argv)
{
    struct command_line line;
    char message[LINE_SIZE];
    int status;

    if (!command_parse(context->command, argc, argv, &line, message, sizeof message)) {
        return command_misuse(context, "%s", message);
    }
    for (size_t i = 0; i < line.count; i++) {
        if (line.words[i].key == 'h') {
            usage_command(stdout, context->command);
            free(line.words);
            return EXIT_DONE;
        }
        take_common(context, &line.words[i]);
    }
    status = configure(context);
    if (status == EXIT_DONE) {
        status = context->command->run(context, &line);
    }
    free(line.words);
    return status;
}

static int run(struct command_context *context, int argc, char **argv)
{
    struct argument_reader reader = {NULL, argc, argv, 1, NULL, false};
    struct command_word word;
    char message[LINE_SIZE];
    enum argument_result result;

    if (argc > 1 && (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)) {
        printf("matchplay %s\n", MATCHPLAY_VERSION);
        return EXIT_DONE;
    }
    if (argc > 1 && strcmp(argv[1], "--matchplayrc") == 0) {
        return rcfile_write_template(stdout) == 0 ? EXIT_DONE : EXIT_FAILED;
    }
    while ((result = argument_next(&reader, &word, message, sizeof message)) == ARGUMENT_WORD &&
           is_common(word.key)) {
        if (word.key == 'h') {
            usage_all(stdout);
            return EXIT_DONE;
        }
        take_common(context, &word);
    }
    if (result == ARGUMENT_WRONG) {
        return command_misuse(context, "%s", message);
    }
    if (result == ARGUMENT_END) {
        usage_short(stderr);
        return EXIT_USAGE;
    }
    context->command = command_find(word.value);
    if (context->command == NULL) {
        const char *near = verb_nearest(word.value);

        return command_misuse(context, "there is no command %s%s%s", word.value,
                              near != NULL ? "; the nearest is " : "", near != NULL ? near : "");
    }
    return run_command(context, argc - reader.index, argv + reader.index);
}

int command_main(int argc, char **argv)
{
    struct command_context context;
    int status = EXIT_FAILED;

    sink_setup(); /* before there is any thread */
    memset(&context, 0, sizeof context);
    context.log = log_open(NULL, LOG_NOTICE);
    context.options = options_create();
    if (context.log == NULL || context.options == NULL) {
        fprintf(stderr, "matchplay: out of memory\n");
        goto done;
    }
    status = run(&context, argc, argv);
    if ((fflush(stdout) != 0 || ferror(stdout)) && status == EXIT_DONE) {
        status = command_fail(&context, "standard output: %s; the answer was not written",
                              strerror(errno));
    }
done:
    options_destroy(context.options);
    log_close(context.log);
    return status;
}
