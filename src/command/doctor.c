/* doctor.c - what this box allows, and how to make it allow more. */
#include "command/command.h"

static int run(struct command_context *context, const struct command_line *line)
{
    (void)context;
    (void)line;
    return EXIT_DONE;
}

const struct command command_doctor = {
    "doctor", "", "say what this box allows, and how to fix what it does not", NULL, NULL, run,
};
