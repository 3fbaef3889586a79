/* rcfile.c - matchplayrc, and the settings file that :set writes, into the options. */
#include "config/rcfile.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

enum { MESSAGE_SIZE = 768, SECTIONS_MAX = 16 };

/* In the order of the file; sections without a setting yet are left out of it. */
static size_t list_sections(const char *sections[SECTIONS_MAX])
{
    size_t count, found = 0;
    const struct option *table = options_table(&count);

    for (size_t i = 0; i < count; i++) {
        if (i == 0 || strcmp(table[i].section, table[i - 1].section) != 0) {
            sections[found++] = table[i].section;
        }
    }
    sections[found++] = "keys";
    return found;
}

static bool section_exists(const char *section)
{
    const char *sections[SECTIONS_MAX];
    size_t count = list_sections(sections);

    for (size_t i = 0; i < count; i++) {
        if (strcmp(sections[i], section) == 0) {
            return true;
        }
    }
    return false;
}

static void tell_unknown_section(const char *path, const struct ini_entry *entry,
                                 config_report report, void *context)
{
    const char *sections[SECTIONS_MAX];
    size_t count = list_sections(sections);
    const char *near = option_nearest_name(entry->section, sections, count);

    config_tell(report, context, path, entry->line, "there is no section [%s]%s%s%s",
                entry->section, near != NULL ? "; the nearest is [" : "", near != NULL ? near : "",
                near != NULL ? "]" : "");
}

/* Names are unique, so what follows a misspelt section still finds its place. */
static int take_entry(struct options *options, const char *path, const struct ini_entry *entry,
                      config_report report, void *context)
{
    bool known = section_exists(entry->section);
    char message[MESSAGE_SIZE];
    int error;

    if (entry->key == NULL) {
        if (!known && entry->section[0] != '\0') {
            tell_unknown_section(path, entry, report, context);
        }
        return 0;
    }
    if (strcmp(entry->section, "keys") == 0) {
        return options_bind(options, entry->key, entry->value);
    }
    error = options_set(options, known ? entry->section : NULL, entry->key, entry->value, message,
                        sizeof message);
    if (error != 0) {
        config_tell(report, context, path, entry->line, "%s", message);
    }
    return error == -ENOMEM ? error : 0;
}

int rcfile_read(struct options *options, const char *path, config_report report, void *context)
{
    struct ini *ini;
    int error = ini_load(&ini, path, report, context);

    for (size_t i = 0; error == 0 && i < ini->count; i++) {
        error = take_entry(options, path, &ini->entries[i], report, context);
    }
    ini_destroy(ini);
    return error;
}

static void write_comment(FILE *file, const char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");

        fprintf(file, "# %.*s\n", (int)length, text);
        text += length + (text[length] == '\n' ? 1 : 0);
    }
}

static void write_range(FILE *file, const struct option *option)
{
    const char *gap = option->unit[0] != '\0' ? " " : "";

    if (option->type == OPTION_CHOICE) {
        fprintf(file, "# One of:");
        for (size_t i = 0; option->choices[i] != NULL; i++) {
            fprintf(file, "%s %s", i > 0 ? "," : "", option->choices[i]);
        }
        fprintf(file, ".\n");
    } else if (option->type == OPTION_INTEGER || option->type == OPTION_NUMBER) {
        fprintf(file, "# From %g to %g%s%s.\n", option->minimum, option->maximum, gap,
                option->unit);
    } else if (option->type == OPTION_BOOLEAN) {
        fprintf(file, "# yes or no.\n");
    }
}

int rcfile_write_template(FILE *file)
{
    size_t count;
    const struct option *table = options_table(&count);

    fprintf(file,
            "# matchplayrc - the settings of matchplay, all at their defaults.\n"
            "#\n"
            "# Copy it to ~/.config/matchplay/matchplayrc and take the # from what you change.\n"
            "# Values with # or ; in them stand in \"quotes\". A line that cannot be understood\n"
            "# is told with its number, and costs that line alone.\n");
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || strcmp(table[i].section, table[i - 1].section) != 0) {
            fprintf(file, "\n[%s]\n", table[i].section);
        }
        fprintf(file, "\n");
        write_comment(file, table[i].help);
        write_range(file, &table[i]);
        fprintf(file, "#%s = %s\n", table[i].name, table[i].standard);
    }
    /* What there is to bind, the screen alone knows. */
    fprintf(
        file,
        "\n[keys]\n\n"
        "# Other keys for what the screen does: ACTION = KEYS, with spaces between several.\n"
        "# F1 lists all actions, and the keys that they have: x X ^R space enter tab F1 up alt-x.\n"
        "# A key leaves what had it; \"\" takes all of them away. As shipped, for example:\n"
        "#match_ab = A\n"
        "#pause = c\n"
        "#seek_back = h left\n");
    return ferror(file) ? -EIO : 0;
}
