/* preset_file.c - one section of a file of presets written anew, the rest left as it is. */
#include "chain/preset.h"

#include "chain/rack_words.h"
#include "config/atomic_file.h"
#include "config/paths.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FILE_LIMIT = 256 * 1024, VALUE_SIZE = 64 };

/* --- the section ------------------------------------------------------------------------------
 */

/* What was typed into it by hand may hold anything but both quotes and an end of line. */
static void write_text(FILE *file, const char *key, const char *value)
{
    char quote = strchr(value, '"') != NULL ? '\'' : '"';

    if (value[0] != '\0' && value[strcspn(value, "\r\n")] == '\0' && strchr(value, quote) == NULL) {
        fprintf(file, "%s = %c%s%c\n", key, quote, value, quote);
    }
}

static void write_amounts(FILE *file, const struct preset *preset)
{
    for (size_t i = 0; i < PRESET_PARAMETERS; i++) {
        const struct option *parameter = &preset_parameters[i];

        if (parameter->type == OPTION_BOOLEAN) {
            fprintf(file, "%s = %s\n", parameter->name, preset->values[i] > 0 ? "yes" : "no");
        } else {
            fprintf(file, "%s = %.10g\n", parameter->name, preset->values[i]);
        }
    }
}

static void write_modules(FILE *file, const char *key, const struct rack *rack, bool bypassed)
{
    fprintf(file, "%s =", key);
    for (size_t i = 0; i < rack->length; i++) {
        if (rack->entries[i].bypassed || !bypassed) {
            fprintf(file, " %s", rack->entries[i].kind->class->name);
        }
    }
    fputc('\n', file);
}

/* Each value is said, so that it holds whatever is read before or shipped later. */
static void write_rack(FILE *file, const struct rack *rack)
{
    write_modules(file, "chain", rack, false);
    write_modules(file, "bypass", rack, true);
    for (size_t i = 0; i < rack->length; i++) {
        const struct module_class *class = rack->entries[i].kind->class;

        for (size_t j = 0; j < class->parameter_count; j++) {
            char value[VALUE_SIZE];

            rack_words_write(&class->parameters[j], rack->entries[i].values[j], value,
                             sizeof value);
            fprintf(file, "%s.%s = %s\n", class->name, class->parameters[j].name, value);
        }
    }
}

static void write_section(FILE *file, const struct preset *preset)
{
    fprintf(file, "[%s]\n", preset->id);
    write_text(file, "name", preset->name);
    write_text(file, "category", preset->category);
    write_text(file, "description", preset->description);
    write_amounts(file, preset);
    write_rack(file, &preset->rack);
}

/* --- the file ---------------------------------------------------------------------------------
 */

static const char *skip_space(const char *text)
{
    return text + strspn(text, " \t\r\xef\xbb\xbf");
}

/* The line is a [section]; *same: of this id. */
static bool is_header(const char *line, const char *id, bool *same)
{
    const char *name = skip_space(line);
    size_t length = strlen(id);

    if (*name != '[') {
        return false;
    }
    name = skip_space(name + 1);
    *same = strncasecmp(name, id, length) == 0 && *skip_space(name + length) == ']';
    return true;
}

static bool is_setting(const char *line)
{
    const char *text = skip_space(line);

    return *text != '\0' && *text != '\n' && *text != '#' && *text != ';';
}

/* Copies the lines of `text` but for the header and settings of the section; preset NULL: leaves it
   out, else puts it where it was, or at the end. True: it was there. */
static bool rewrite(FILE *file, const char *text, const char *id, const struct preset *preset)
{
    bool inside = false, found = false;
    const char *end;

    for (const char *line = text; *line != '\0'; line = end) {
        end = line + strcspn(line, "\n");
        end += *end == '\n';
        if (is_header(line, id, &inside) && inside) {
            if (!found && preset != NULL) {
                write_section(file, preset);
            }
            found = true;
            continue;
        }
        if (inside && is_setting(line)) {
            continue;
        }
        fwrite(line, 1, (size_t)(end - line), file);
    }
    if (!found && preset != NULL) {
        if (text[0] != '\0') {
            fputs(text[strlen(text) - 1] == '\n' ? "\n" : "\n\n", file);
        }
        write_section(file, preset);
    }
    return found;
}

/* The whole of the file as it is; "" where there is none. NULL with errno. */
static char *read_whole(const char *path)
{
    size_t length = 0;
    char *text = config_read_file(path, FILE_LIMIT, &length);

    if (text == NULL) {
        return errno == ENOENT ? strdup("") : NULL;
    }
    if (strlen(text) != length) { /* what is behind a zero byte would be lost */
        free(text);
        errno = EILSEQ;
        return NULL;
    }
    return text;
}

static int write_file(const char *path, const char *id, const struct preset *preset)
{
    char *text = read_whole(path), *bytes = NULL;
    size_t size = 0;
    FILE *file = text != NULL ? open_memstream(&bytes, &size) : NULL;
    bool found;
    int result;

    if (file == NULL) {
        result = -errno;
        free(text);
        return result;
    }
    found = rewrite(file, text, id, preset);
    result = fclose(file) == 0 ? 0 : -ENOMEM;
    if (result == 0 && preset == NULL && !found) {
        result = -ENOENT;
    } else if (result == 0 && size > FILE_LIMIT) {
        result = -EFBIG;
    } else if (result == 0) {
        result = atomic_file_write(path, bytes, size);
    }
    free(bytes);
    free(text);
    return result;
}

int preset_save(const struct preset *preset, const char *path)
{
    char *folder;
    int result;

    if (!preset_id_is_good(preset->id)) {
        return -EINVAL;
    }
    folder = path_folder_of(path);
    result = folder != NULL ? path_make_folder(folder) : -errno;
    free(folder);
    return result < 0 ? result : write_file(path, preset->id, preset);
}

int preset_remove(const char *id, const char *path)
{
    return write_file(path, id, NULL);
}
