/* complete.c - completion of paths. */
#include "tui/complete.h"

#include "config/paths.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_SIZE = 4096 };

static bool is_folder(const char *folder, const char *name)
{
    char path[PATH_SIZE];
    struct stat status;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool complete_path(const char *begun, bool folders_only, size_t index, char *out, size_t size)
{
    const char *slash = strrchr(begun, '/');
    const char *name = slash != NULL ? slash + 1 : begun;
    char written[PATH_SIZE];
    struct dirent **entries = NULL;
    char *folder;
    int count;
    bool found = false;

    snprintf(written, sizeof written, "%.*s", (int)(name - begun), begun);
    folder = path_expand(written[0] != '\0' ? written : ".");
    count = folder != NULL ? scandir(folder, &entries, NULL, alphasort) : -1;
    for (int i = 0; i < count; i++) {
        const char *entry = entries[i]->d_name;
        bool hidden = entry[0] == '.' && name[0] != '.';
        bool inside;

        if (!found && !hidden && strcmp(entry, ".") != 0 && strcmp(entry, "..") != 0 &&
            strncmp(entry, name, strlen(name)) == 0) {
            inside = is_folder(folder, entry);
            if ((inside || !folders_only) && index-- == 0) {
                snprintf(out, size, "%s%s%s", written, entry, inside ? "/" : "");
                found = true;
            }
        }
        free(entries[i]);
    }
    free(entries);
    free(folder);
    return found;
}
