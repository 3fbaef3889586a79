/* usage.c - help texts, written from the command tables. */
#include "command/usage.h"

#include <string.h>

enum { HELP_COLUMN = 28 };

const struct command_option usage_common[] = {
    {'c', "config", "FILE", "read FILE in place of matchplayrc"},
    {'S', "socket", "SOCKET", "the player's socket, or HOST[:PORT]"},
    {'v', "verbose", NULL, "say more on stderr"},
    {'h', "help", NULL, "this text"},
    {0, NULL, NULL, NULL},
};

void usage_short(FILE *file)
{
    size_t count;
    const struct command *const *table = command_table(&count);

    fprintf(file, "usage: matchplay PATH...\n");
    for (size_t i = 0; i < count; i++) {
        fprintf(file, "       matchplay %s%s%s\n", table[i]->name,
                table[i]->synopsis[0] != '\0' ? " " : "", table[i]->synopsis);
    }
    fprintf(file, "       matchplay --version | --matchplayrc | --help | COMMAND --help\n");
}

static void write_option(FILE *file, const struct command_option *option)
{
    char letter[8] = "   ";
    int written;

    if (option->key < COMMAND_LONG_ONLY) {
        snprintf(letter, sizeof letter, "-%c,", option->key);
    }
    written =
        fprintf(file, "  %s --%s%s%s", letter, option->name, option->argument != NULL ? " " : "",
                option->argument != NULL ? option->argument : "");
    if (written > HELP_COLUMN) {
        written = fprintf(file, "\n") - 1;
    }
    fprintf(file, "%*s  %s\n", HELP_COLUMN - written, "", option->help);
}

static void write_options(FILE *file, const struct command_option *option)
{
    for (; option != NULL && option->key != 0; option++) {
        write_option(file, option);
    }
}

void usage_all(FILE *file)
{
    size_t count;
    const struct command *const *table = command_table(&count);

    fprintf(file, "matchplay plays music, each track made to sound like a reference you choose.\n\n"
                  "  matchplay PATH...           play files, folders and playlists\n");
    for (size_t i = 0; i < count; i++) {
        int written = fprintf(file, "  matchplay %s", table[i]->name);

        fprintf(file, "%*s  %s\n", HELP_COLUMN - written, "", table[i]->summary);
    }
    fprintf(file, "  matchplay --matchplayrc     print a matchplayrc with every setting explained\n"
                  "  matchplay --version         print the version\n"
                  "\nmatchplay COMMAND --help says more of one. All of them take:\n");
    write_options(file, usage_common);
    fprintf(file, "\nExit status: 0 done, 1 failed (stderr says why), 2 wrong usage.\n");
}

void usage_command(FILE *file, const struct command *command)
{
    fprintf(file, "usage: matchplay %s %s\n\n%s.\n\n", command->name, command->synopsis,
            command->summary);
    write_options(file, command->options);
    write_options(file, usage_common);
    if (command->help != NULL) {
        fprintf(file, "\n%s", command->help);
    }
}
