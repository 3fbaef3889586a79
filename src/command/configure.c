/* configure.c - from the files of a user to a command's options and amounts. */
#include "command/configure.h"

int configure(struct command_context *context)
{
    log_set_level(context->log, context->verbose
                                    ? LOG_DEBUG
                                    : (enum log_level)options_choice(context->options, "log_level"));
    return EXIT_DONE;
}
