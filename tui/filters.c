/* filters.c - saved filters. */
#include "tui/filters.h"

#include "config/atomic_file.h"
#include "config/paths.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_SIZE = 4096 };

static void trim(char **text)
{
    char *end = *text + strlen(*text);

    *text += strspn(*text, " \t");
    while (end > *text && strchr(" \t\r\n", end[-1]) != NULL) {
        *--end = '\0';
    }
}

static int append(struct filters *filters, const char *name, const char *expression)
{
    struct filter_entry *grown =
        realloc(filters->entries, (filters->count + 1) * sizeof *filters->entries);
    struct filter_entry entry;

    if (grown == NULL) {
        return -ENOMEM;
    }
    filters->entries = grown;
    entry = (struct filter_entry){strdup(name), strdup(expression)};
    if (entry.name == NULL || entry.expression == NULL) {
        free(entry.name);
        free(entry.expression);
        return -ENOMEM;
    }
    filters->entries[filters->count++] = entry;
    return 0;
}

int filters_load(struct filters *filters)
{
    char *path = path_in(PATH_CONFIG, "filters");
    FILE *file = path != NULL ? fopen(path, "re") : NULL;
    char line[LINE_SIZE];
    int result = file == NULL && errno != ENOENT ? -errno : 0;

    free(path);
    while (file != NULL && result == 0 && fgets(line, sizeof line, file) != NULL) {
        char *equals = strchr(line, '=');
        char *name = line;
        char *expression = equals != NULL ? equals + 1 : NULL;

        if (equals == NULL || line[0] == '#') {
            continue;
        }
        *equals = '\0';
        trim(&name);
        trim(&expression);
        if (name[0] != '\0' && expression[0] != '\0') {
            result = append(filters, name, expression);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return result;
}

void filters_finish(struct filters *filters)
{
    for (size_t i = 0; i < filters->count; i++) {
        free(filters->entries[i].name);
        free(filters->entries[i].expression);
    }
    free(filters->entries);
    *filters = (struct filters){NULL, 0};
}

static int save(const struct filters *filters)
{
    char *path = path_in_made(PATH_CONFIG, "filters");
    char *text = NULL;
    size_t size = 0;
    FILE *file = path != NULL ? open_memstream(&text, &size) : NULL;
    int result;

    if (file == NULL) {
        result = -errno;
        free(path);
        return result;
    }
    fprintf(file, "# name = MPD filter expression; shown in view 6\n");
    for (size_t i = 0; i < filters->count; i++) {
        fprintf(file, "%s = %s\n", filters->entries[i].name, filters->entries[i].expression);
    }
    result = fclose(file) == 0 ? atomic_file_write(path, text, size) : -errno;
    free(text);
    free(path);
    return result;
}

int filters_set(struct filters *filters, const char *name, const char *expression)
{
    for (size_t i = 0; i < filters->count; i++) {
        if (strcmp(filters->entries[i].name, name) == 0) {
            free(filters->entries[i].name);
            free(filters->entries[i].expression);
            memmove(filters->entries + i, filters->entries + i + 1,
                    (filters->count - i - 1) * sizeof *filters->entries);
            filters->count--;
            break;
        }
    }
    if (expression != NULL && append(filters, name, expression) < 0) {
        return -ENOMEM;
    }
    return save(filters);
}
