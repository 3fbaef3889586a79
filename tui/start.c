/* start.c - sees that a player runs, while the screen is already there. */
#include "tui/start.h"

#include "config/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS_MAX = 16 };

static int spawn(struct start *start, char *program, char *const words[], int output)
{
    char serve[] = "serve";
    char *argv[WORDS_MAX + 3] = {program};
    size_t count = 1;
    posix_spawn_file_actions_t actions;
    int result;

    for (size_t i = 0; i < WORDS_MAX && words[i] != NULL; i++) {
        argv[count++] = words[i];
    }
    argv[count] = serve;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
    result = posix_spawn(&start->process, program, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return -result;
}

int start_begin(struct start *start, char *const words[])
{
    char *program = path_executable("matchplayd");
    int pipes[2];
    int result;

    *start = (struct start){.output = -1};
    if (program == NULL) {
        return -ENOENT;
    }
    if (pipe2(pipes, O_CLOEXEC) < 0) {
        free(program);
        return -errno;
    }
    result = spawn(start, program, words, pipes[1]);
    close(pipes[1]);
    free(program);
    if (result < 0) {
        close(pipes[0]);
        start->process = 0;
        return result;
    }
    start->output = pipes[0];
    return 0;
}

int start_fd(const struct start *start)
{
    return start->output;
}

/* The last line is what counts; the program's name in front of it is cut off. */
static void keep_last_line(struct start *start)
{
    char *line, *name;

    start->line[start->used] = '\0';
    while (start->used > 0 && start->line[start->used - 1] == '\n') {
        start->line[--start->used] = '\0';
    }
    line = strrchr(start->line, '\n');
    line = line != NULL ? line + 1 : start->line;
    name = strstr(line, "matchplay: ");
    if (name == line) {
        line += strlen("matchplay: ");
    }
    memmove(start->line, line, strlen(line) + 1);
}

bool start_serve(struct start *start, bool *failed)
{
    char rest[START_LINE_SIZE];
    size_t room = sizeof start->line - 1 - start->used;
    ssize_t got = read(start->output, room > 0 ? start->line + start->used : rest,
                       room > 0 ? room : sizeof rest);
    int status = 0;

    if (got > 0) {
        start->used += room > 0 ? (size_t)got : 0;
        return false;
    }
    if (got < 0 && errno == EINTR) {
        return false;
    }
    close(start->output);
    start->output = -1;
    waitpid(start->process, &status, 0);
    start->process = 0;
    keep_last_line(start);
    *failed = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
    return true;
}
