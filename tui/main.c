/*
 * main.c - matchplay: what people type.
 *
 * Without a command it is the screen; a command goes to matchplayd, found beside this executable,
 * else in libexec. This half links no codec, so that its first screen is there at once.
 */
#include "config/paths.h"
#include "config/rcfile.h"
#include "config/verbs.h"
#include "tui/loop.h"

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

/* --- a command ----------------------------------------------------------------------------- */

/* Replaces this process; returns only when that failed. */
static int run_matchplayd(char **argv)
{
    char *program = path_executable("matchplayd");

    if (program == NULL) {
        fprintf(stderr, "matchplay: matchplayd is neither beside matchplay nor in libexec; "
                        "install both, or run make\n");
        return EXIT_FAILED;
    }
    argv[0] = program;
    execv(program, argv);
    fprintf(stderr, "matchplay: %s: %s\n", program, strerror(errno));
    free(program);
    return EXIT_FAILED;
}

/* --- the screen ---------------------------------------------------------------------------- */

struct warnings {
    char text[4096]; /* a line each, as many as there is room for */
    size_t length;
};

/* On the terminal, where it is to be read when the screen is left, and for the screen's log. */
static void report_line(void *context, const char *message)
{
    struct warnings *warnings = context;
    size_t size = strlen(message);

    fprintf(stderr, "matchplay: %s\n", message);
    if (warnings->length + size + 1 < sizeof warnings->text) {
        memcpy(warnings->text + warnings->length, message, size);
        warnings->text[warnings->length + size] = '\n';
        warnings->length += size + 1;
    }
}

/* The value of a common option that takes one: -S X, -SX, --socket X, --socket=X. NULL: it is not
   given. */
static const char *value_of(char **words, int count, const char *letter, const char *name)
{
    const char *value = NULL;
    size_t length = strlen(name);

    for (int i = 0; i < count; i++) {
        if ((strcmp(words[i], letter) == 0 || strcmp(words[i], name) == 0) && i + 1 < count) {
            value = words[++i];
        } else if (strncmp(words[i], name, length) == 0 && words[i][length] == '=') {
            value = words[i] + length + 1;
        } else if (strncmp(words[i], letter, 2) == 0 && words[i][2] != '\0') {
            value = words[i] + 2;
        }
    }
    return value;
}

/* A missing file is no error unless it was asked for by name. */
static bool read_settings(struct options *options, const char *config, struct warnings *warnings)
{
    char *paths[] = {path_in(PATH_STATE, "settings"),
                     config != NULL ? strdup(config) : path_in(PATH_CONFIG, "matchplayrc")};
    bool good = true;

    for (size_t i = 0; i < 2; i++) {
        int error =
            paths[i] != NULL ? rcfile_read(options, paths[i], report_line, warnings) : -ENOENT;

        if (error != 0 && (error != -ENOENT || (i == 1 && config != NULL))) {
            fprintf(stderr, "matchplay: %s: %s\n", paths[i] != NULL ? paths[i] : "matchplayrc",
                    strerror(-error));
            good = i == 0 || config == NULL;
        }
        free(paths[i]);
    }
    return good;
}

/* [PASSWORD@]HOST[:PORT] is cut at the last @. */
static const char *split_password(char *address, const char **password)
{
    char *at = address[0] != '/' ? strrchr(address, '@') : NULL;

    if (at == NULL) {
        *password = NULL;
        return address;
    }
    *at = '\0';
    *password = address;
    return at + 1;
}

static int show_screen(char **words, int common, int count)
{
    struct options *options = options_create();
    char *address = path_socket(value_of(words, common, "-S", "--socket"));
    char **paths = calloc((size_t)(count - common) + 1, sizeof *paths);
    char **before = calloc((size_t)common + 1, sizeof *before);
    struct warnings warnings = {.length = 0};
    struct loop_wish wish = {.options = options, .paths = paths, .warnings = warnings.text};
    int status = EXIT_FAILED;

    if (options == NULL || address == NULL || paths == NULL || before == NULL) {
        fprintf(stderr, "matchplay: out of memory\n");
    } else if (read_settings(options, value_of(words, common, "-c", "--config"), &warnings)) {
        for (int i = common; i < count; i++) {
            paths[i - common] = path_absolute(words[i]); /* the player stands in / */
        }
        memcpy(before, words, (size_t)common * sizeof *before);
        wish.words = address[0] == '/' ? before : NULL;
        wish.address = split_password(address, &wish.password);
        status = loop_run(&wish);
    }
    for (int i = 0; paths != NULL && paths[i] != NULL; i++) {
        free(paths[i]);
    }
    free(paths);
    free(before);
    free(address);
    options_destroy(options);
    return status;
}

/* A word that is neither a command nor there as a file: EXIT_USAGE for a slip of the pen,
   EXIT_FAILED for a file that is missing, 0 when it is neither. */
static int check_path(const char *word)
{
    const char *near = verb_nearest(word);

    if (access(word, F_OK) == 0 || strstr(word, "://") != NULL) {
        return 0;
    }
    if (near != NULL) {
        fprintf(stderr, "matchplay: %s is neither a file nor a command; did you mean %s?\n", word,
                near);
        return EXIT_USAGE;
    }
    fprintf(stderr, "matchplay: %s: %s; name a file, a folder or a playlist\n", word,
            strerror(errno));
    return EXIT_FAILED;
}

int main(int argc, char **argv)
{
    int index = 1;

    while (index < argc && common_words(argv[index]) > 0) {
        index += common_words(argv[index]);
    }
    index = index > argc ? argc : index;
    if (index < argc && (verb_exists(argv[index]) || argv[index][0] == '-')) {
        if (!verb_exists(argv[index]) && !stands_alone(argv[index])) {
            fprintf(stderr,
                    "matchplay: there is no option %s; matchplay --help says what there "
                    "is\n",
                    argv[index]);
            return EXIT_USAGE;
        }
        return run_matchplayd(argv);
    }
    for (int i = index; i < argc; i++) {
        int status = check_path(argv[i]);

        if (status != 0) {
            return status;
        }
    }
    return show_screen(argv + 1, index - 1, argc - 1);
}
