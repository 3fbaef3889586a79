/* arguments.c - the words of a command line, one after another. */
#include "command/arguments.h"

#include "command/usage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct command_option *find_letter(const struct argument_reader *reader, int letter)
{
    const struct command_option *lists[] = {reader->options, usage_common};

    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        for (const struct command_option *o = lists[i]; o != NULL && o->key != 0; o++) {
            if (o->key == letter) {
                return o;
            }
        }
    }
    return NULL;
}

static const struct command_option *find_name(const struct argument_reader *reader,
                                              const char *name, size_t length)
{
    const struct command_option *lists[] = {reader->options, usage_common};

    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        for (const struct command_option *o = lists[i]; o != NULL && o->key != 0; o++) {
            if (strlen(o->name) == length && strncmp(o->name, name, length) == 0) {
                return o;
            }
        }
    }
    return NULL;
}

static void tell_unknown(const struct argument_reader *reader, const char *name, char *message,
                         size_t size)
{
    const char *names[64];
    const char *near;
    size_t count = 0;

    for (const struct command_option *o = reader->options; o != NULL && o->key != 0; o++) {
        names[count++] = o->name;
    }
    for (const struct command_option *o = usage_common; o->key != 0; o++) {
        names[count++] = o->name;
    }
    near = option_nearest_name(name, names, count);
    snprintf(message, size, "there is no option --%s%s%s", name,
             near != NULL ? "; the nearest is --" : "", near != NULL ? near : "");
}

static enum argument_result next_long(struct argument_reader *reader, const char *name,
                                      struct command_word *word, char *message, size_t size)
{
    size_t length = strcspn(name, "=");
    const struct command_option *option = find_name(reader, name, length);

    if (option == NULL) {
        tell_unknown(reader, name, message, size);
        return ARGUMENT_WRONG;
    }
    word->key = option->key;
    word->value = name[length] == '=' ? name + length + 1 : NULL;
    if (option->argument == NULL && word->value != NULL) {
        snprintf(message, size, "--%s takes no argument", option->name);
        return ARGUMENT_WRONG;
    }
    if (option->argument != NULL && word->value == NULL) {
        if (reader->index == reader->argc) {
            snprintf(message, size, "--%s wants %s", option->name, option->argument);
            return ARGUMENT_WRONG;
        }
        word->value = reader->argv[reader->index++];
    }
    return ARGUMENT_WORD;
}

static enum argument_result next_letter(struct argument_reader *reader, struct command_word *word,
                                        char *message, size_t size)
{
    char letter = *reader->rest++;
    const struct command_option *option = find_letter(reader, letter);

    if (option == NULL) {
        snprintf(message, size, "there is no option -%c", letter);
        return ARGUMENT_WRONG;
    }
    word->key = option->key;
    word->value = NULL;
    if (option->argument == NULL) {
        return ARGUMENT_WORD;
    }
    if (*reader->rest != '\0') {
        word->value = reader->rest;
        reader->rest = NULL;
        return ARGUMENT_WORD;
    }
    if (reader->index == reader->argc) {
        snprintf(message, size, "-%c wants %s", letter, option->argument);
        return ARGUMENT_WRONG;
    }
    word->value = reader->argv[reader->index++];
    return ARGUMENT_WORD;
}

/* "-12": no option is a digit. */
static bool is_number(const char *text)
{
    return text[0] == '-' && strspn(text + 1, "0123456789.") > 0 &&
           text[1 + strspn(text + 1, "0123456789.")] == '\0';
}

enum argument_result argument_next(struct argument_reader *reader, struct command_word *word,
                                   char *message, size_t size)
{
    const char *text;

    if (reader->rest != NULL && *reader->rest != '\0') {
        return next_letter(reader, word, message, size);
    }
    reader->rest = NULL;
    if (reader->index >= reader->argc) {
        return ARGUMENT_END;
    }
    text = reader->argv[reader->index++];
    if (!reader->only_operands && strcmp(text, "--") == 0) {
        reader->only_operands = true;
        return argument_next(reader, word, message, size);
    }
    if (!reader->only_operands && text[0] == '-' && text[1] == '-') {
        return next_long(reader, text + 2, word, message, size);
    }
    if (!reader->only_operands && text[0] == '-' && text[1] != '\0' && !is_number(text)) {
        reader->rest = text + 1;
        return next_letter(reader, word, message, size);
    }
    word->key = 0;
    word->value = text;
    return ARGUMENT_WORD;
}

bool command_parse(const struct command *command, int argc, char **argv, struct command_line *line,
                   char *message, size_t size)
{
    struct argument_reader reader = {command->options, argc, argv, 0, NULL, false};
    enum argument_result result;
    size_t letters = 0;

    for (int i = 0; i < argc; i++) {
        letters += strlen(argv[i]) + 1; /* no more words than letters */
    }
    memset(line, 0, sizeof *line);
    line->words = calloc(letters + 1, sizeof *line->words);
    if (line->words == NULL) {
        snprintf(message, size, "out of memory");
        return false;
    }
    while ((result = argument_next(&reader, &line->words[line->count], message, size)) ==
           ARGUMENT_WORD) {
        line->operands += line->words[line->count].key == 0 ? 1 : 0;
        line->count++;
    }
    if (result == ARGUMENT_WRONG) {
        free(line->words);
        line->words = NULL;
        return false;
    }
    return true;
}
