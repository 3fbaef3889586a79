/*
 * main.c - matchplay: what people type.
 *
 * Words that are a command, or files to play, go to matchplayd, found beside this executable, else
 * in libexec. This half links no codec, so that its first screen is there at once.
 */
#include "config/paths.h"
#include "config/verbs.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* -c FILE, -S SOCKET and -v may stand before the command. Returns the words that such an option
   takes, 0 when `word` is none. */
static int common_words(const char *word)
{
    static const char *const with_value[] = {"-c", "-S", "--config", "--socket"};

    for (size_t i = 0; i < sizeof with_value / sizeof with_value[0]; i++) {
        if (strcmp(word, with_value[i]) == 0) {
            return 2;
        }
    }
    if (strcmp(word, "-v") == 0 || strcmp(word, "--verbose") == 0 || strncmp(word, "-c", 2) == 0 ||
        strncmp(word, "-S", 2) == 0 || strncmp(word, "--config=", 9) == 0 ||
        strncmp(word, "--socket=", 9) == 0) {
        return 1;
    }
    return 0;
}

static bool stands_alone(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 ||
           strcmp(word, "--matchplayrc") == 0 || strcmp(word, "--version") == 0 ||
           strcmp(word, "-V") == 0;
}

/* Replaces this process; returns only when that failed. */
static int start_player(char **words)
{
    char *player = path_executable("matchplayd");

    if (player == NULL) {
        fprintf(stderr, "matchplay: matchplayd is neither beside matchplay nor in libexec; "
                        "install both, or run make\n");
        return EXIT_FAILED;
    }
    words[0] = player;
    execv(player, words);
    fprintf(stderr, "matchplay: %s: %s\n", player, strerror(errno));
    free(player);
    return EXIT_FAILED;
}

int main(int argc, char **argv)
{
    char **words = calloc((size_t)argc + 2, sizeof *words);
    char play[] = "play";
    int index = 1, count = 0, status;

    if (words == NULL) {
        fprintf(stderr, "matchplay: out of memory\n");
        return EXIT_FAILED;
    }
    while (index < argc && common_words(argv[index]) > 0) {
        index += common_words(argv[index]);
    }
    for (int i = 0; i < argc; i++) {
        /* `matchplay PATH...` is `matchplay play PATH...`, and so are play's own options. */
        if (i == index && !verb_exists(argv[i]) && !stands_alone(argv[i])) {
            const char *near = verb_nearest(argv[i]);

            if (argv[i][0] != '-' && access(argv[i], F_OK) != 0 && near != NULL) {
                fprintf(stderr, "matchplay: %s is neither a file nor a command; did you mean %s?\n",
                        argv[i], near);
                free(words);
                return EXIT_USAGE;
            }
            words[count++] = play;
        }
        words[count++] = argv[i];
    }
    status = start_player(words);
    free(words);
    return status;
}
