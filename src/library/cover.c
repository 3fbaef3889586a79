/* cover.c - the picture of an album as a file beside its tracks. */
#include "library/cover.h"

#include "config/paths.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { NO_RANK = 1000 };

/* The less the better; NO_RANK: no cover by its name. */
static int rank(const char *name)
{
    static const char *const stems[] = {"cover", "folder", "front", "albumart"};
    static const char *const endings[] = {".png", ".jpg", ".jpeg", ".webp", ".jxl", ".gif"};

    for (int s = 0; s < 4; s++) {
        size_t length = strlen(stems[s]);

        for (int e = 0; strncasecmp(name, stems[s], length) == 0 && e < 6; e++) {
            if (strcasecmp(name + length, endings[e]) == 0) {
                return s * 6 + e;
            }
        }
    }
    return NO_RANK;
}

static bool is_file(const char *path)
{
    struct stat status;

    return path != NULL && stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

static char *find_in(const char *folder)
{
    DIR *stream = opendir(folder);
    char *found = NULL;
    int best = NO_RANK;
    const struct dirent *entry;

    while (stream != NULL && (entry = readdir(stream)) != NULL) {
        int here = rank(entry->d_name);

        if (here < best) {
            char *path = path_join(folder, entry->d_name);

            if (is_file(path)) {
                free(found);
                found = path;
                best = here;
            } else {
                free(path);
            }
        }
    }
    if (stream != NULL) {
        closedir(stream);
    }
    return found;
}

/* "CD1", "Disc 2", "disk-03" */
static bool is_of_disc(const char *folder)
{
    const char *name = strrchr(folder, '/');
    size_t letters;

    name = name == NULL ? folder : name + 1;
    letters = strncasecmp(name, "cd", 2) == 0                                          ? 2
              : strncasecmp(name, "disc", 4) == 0 || strncasecmp(name, "disk", 4) == 0 ? 4
                                                                                       : 0;
    name += letters;
    name += strspn(name, " -_");
    return letters > 0 && isdigit((unsigned char)*name) && name[strspn(name, "0123456789")] == '\0';
}

char *cover_find(const char *track)
{
    char *folder = path_folder_of(track), *above;
    char *found = folder == NULL ? NULL : find_in(folder);

    if (folder != NULL && found == NULL && is_of_disc(folder)) {
        above = path_folder_of(folder);
        found = above == NULL ? NULL : find_in(above);
        free(above);
    }
    free(folder);
    if (found == NULL) {
        errno = ENOENT;
    }
    return found;
}
