/* stop.c - ends the running player, and waits until it has gone. */
#include "command/command.h"
#include "command/talk.h"
#include "config/instance.h"
#include "config/paths.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_SIZE = 1024, GONE_MS = 5000 };

static int await_end(const struct command_context *context, pid_t pid)
{
    if (pid > 0 && !instance_wait_gone(GONE_MS)) {
        return command_fail(context,
                            "the player, pid %ld, has not ended within %d s; kill -9 %ld ends it "
                            "by force",
                            (long)pid, GONE_MS / 1000, (long)pid);
    }
    return EXIT_DONE;
}

/* It cannot be talked to: it may be ending already, or be in trouble. */
static int end_by_signal(const struct command_context *context, const char *message)
{
    pid_t pid = instance_pid();

    if (pid == 0 || kill(pid, SIGTERM) != 0) {
        return command_fail(context, "%s", message);
    }
    return await_end(context, pid);
}

static bool is_here(const struct instance_wish *wish)
{
    char *where = path_socket(wish->socket);
    bool here = where != NULL && !instance_is_remote(where);

    free(where);
    return here;
}

static int run(struct command_context *context, const struct command_line *line)
{
    struct instance_wish wish = {context->socket, context->config_path, context->verbose};
    char message[MESSAGE_SIZE];
    struct talk *talk;
    pid_t pid;

    if (line->operands > 0) {
        return command_misuse(context, "stop takes nothing");
    }
    talk = talk_open(&wish, message, sizeof message);
    if (talk == NULL) {
        return errno == ETIMEDOUT && is_here(&wish) ? end_by_signal(context, message)
                                                    : command_fail(context, "%s", message);
    }
    pid = talk_is_remote(talk) ? 0 : instance_pid();
    if (talk_ask(talk, "kill", NULL, message, sizeof message) != 0 && message[0] != '\0') {
        talk_close(talk);
        return command_fail(context, "%s", message);
    }
    talk_close(talk);
    return await_end(context, pid);
}

const struct command command_stop = {
    "stop",
    "",
    "ends the running player",
    "What was queued, and where it stood, is there again when the player is started next.",
    NULL,
    run,
};
