/* paths.c - where matchplay keeps its files, and where it finds what it was shipped with. */
#include "config/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef MATCHPLAY_DATADIR
#define MATCHPLAY_DATADIR "/usr/local/share"
#endif
#ifndef MATCHPLAY_LIBEXECDIR
#define MATCHPLAY_LIBEXECDIR "/usr/local/libexec"
#endif

static const struct {
    const char *variable, *in_home;
} folders[] = {
    [PATH_CONFIG] = {"XDG_CONFIG_HOME", ".config"},
    [PATH_DATA] = {"XDG_DATA_HOME", ".local/share"},
    [PATH_CACHE] = {"XDG_CACHE_HOME", ".cache"},
    [PATH_STATE] = {"XDG_STATE_HOME", ".local/state"},
};

char *path_join(const char *folder, const char *name)
{
    size_t length = strlen(folder);
    char *path = NULL;

    if (name[0] == '/' || length == 0) {
        return strdup(name);
    }
    if (asprintf(&path, "%s%s%s", folder, folder[length - 1] == '/' ? "" : "/", name) < 0) {
        errno = ENOMEM;
        return NULL;
    }
    return path;
}

/* Takes `folder` in every case; NULL stays NULL. */
static char *join_take(char *folder, const char *name)
{
    char *path = folder != NULL ? path_join(folder, name) : NULL;

    free(folder);
    return path;
}

char *path_folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (slash == NULL) {
        return strdup(".");
    }
    return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

static char *home_folder(void)
{
    const char *home = getenv("HOME");
    struct passwd entry, *found = NULL;
    char text[4096];

    if (home != NULL && home[0] == '/') {
        return strdup(home);
    }
    if (getpwuid_r(getuid(), &entry, text, sizeof text, &found) == 0 && found != NULL &&
        found->pw_dir[0] == '/') {
        return strdup(found->pw_dir);
    }
    errno = ENOENT;
    return NULL;
}

char *path_in(enum path_folder folder, const char *name)
{
    const char *base = getenv(folders[folder].variable);
    char *path;

    if (base != NULL && base[0] == '/') { /* the specification ignores relative ones */
        path = path_join(base, "matchplay");
    } else {
        path = join_take(join_take(home_folder(), folders[folder].in_home), "matchplay");
    }
    if (path == NULL || name == NULL || name[0] == '\0') {
        return path;
    }
    return join_take(path, name);
}

int path_make_folder(const char *folder)
{
    char *path = strdup(folder);
    int error = 0;

    if (path == NULL) {
        return -ENOMEM;
    }
    for (char *slash = path + 1; error == 0 && slash != NULL && path[0] != '\0';) {
        slash = strchr(slash, '/');
        if (slash != NULL) {
            *slash = '\0';
        }
        if (mkdir(path, 0700) != 0 && errno != EEXIST) {
            error = -errno;
        }
        if (slash != NULL) {
            *slash++ = '/';
        }
    }
    free(path);
    return error;
}

char *path_in_made(enum path_folder folder, const char *name)
{
    char *path = path_in(folder, name);
    char *parent;
    int error;

    if (path == NULL) {
        return NULL;
    }
    parent = path_folder_of(path);
    error = parent != NULL ? path_make_folder(parent) : -ENOMEM;
    free(parent);
    if (error != 0) {
        free(path);
        errno = -error;
        return NULL;
    }
    return path;
}

char *path_expand(const char *path)
{
    if (path[0] != '~' || (path[1] != '\0' && path[1] != '/')) {
        return strdup(path);
    }
    if (path[1] == '\0' || path[2] == '\0') {
        return home_folder();
    }
    return join_take(home_folder(), path + 2);
}

char *path_absolute(const char *path)
{
    char folder[PATH_MAX];

    return path[0] == '/' || strstr(path, "://") != NULL || getcwd(folder, sizeof folder) == NULL
               ? strdup(path)
               : path_join(folder, path);
}

/* XDG_MUSIC_DIR="$HOME/Music" as xdg-user-dirs writes it; NULL when it says nothing useful. */
static char *desktop_music(void)
{
    const char *base = getenv("XDG_CONFIG_HOME");
    char *path = base != NULL && base[0] == '/'
                     ? path_join(base, "user-dirs.dirs")
                     : join_take(home_folder(), ".config/user-dirs.dirs");
    FILE *file = path != NULL ? fopen(path, "re") : NULL;
    char line[PATH_MAX + 64], value[PATH_MAX];
    char *music = NULL;

    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, " XDG_MUSIC_DIR = \"%4095[^\"]\"", value) != 1) {
            continue;
        }
        free(music);
        music = strncmp(value, "$HOME/", 6) == 0 ? join_take(home_folder(), value + 6)
                                                 : (value[0] == '/' ? strdup(value) : NULL);
    }
    if (file != NULL) {
        fclose(file);
    }
    free(path);
    return music;
}

char *path_music(const char *wish)
{
    char *music;

    if (wish != NULL && wish[0] != '\0') {
        return path_expand(wish);
    }
    music = desktop_music();
    return music != NULL ? music : join_take(home_folder(), "Music");
}

char *path_socket(const char *wish)
{
    const char *variable = getenv("MATCHPLAY_SOCKET");
    char *path = NULL;

    if (wish != NULL && wish[0] != '\0') {
        return strdup(wish);
    }
    if (variable != NULL && variable[0] != '\0') {
        return strdup(variable);
    }
    if (asprintf(&path, "/tmp/matchplay-%lu/socket", (unsigned long)getuid()) < 0) {
        errno = ENOMEM;
        return NULL;
    }
    return path;
}

int path_secure_folder(const char *folder)
{
    struct stat status;

    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        return -errno;
    }
    if (lstat(folder, &status) != 0) {
        return -errno;
    }
    if (!S_ISDIR(status.st_mode) || status.st_uid != geteuid() || (status.st_mode & 077) != 0) {
        return -EPERM;
    }
    return 0;
}

char *path_program_folder(void)
{
    char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);

    if (length < 0) {
        return NULL;
    }
    path[length] = '\0';
    return path_folder_of(path);
}

/* FOLDER/UP/NAME if it can be read in the way asked (access's R_OK or X_OK). */
static char *existing(const char *folder, const char *up, const char *name, int mode)
{
    char *path = join_take(path_join(folder, up), name);

    if (path != NULL && access(path, mode) == 0) {
        return path;
    }
    free(path);
    return NULL;
}

static char *shipped_near(const char *program, const char *name)
{
    static const char *const trees[] = {"..", "../..", "../../.."};
    static const char *const shares[] = {"../share/matchplay", "../../share/matchplay"};
    char *found = NULL;

    for (size_t i = 0; i < sizeof trees / sizeof trees[0] && found == NULL; i++) {
        char *mark = existing(program, trees[i], "src/config/paths.c", R_OK);

        found = mark != NULL ? existing(program, trees[i], name, R_OK) : NULL;
        free(mark);
    }
    for (size_t i = 0; i < sizeof shares / sizeof shares[0] && found == NULL; i++) {
        found = existing(program, shares[i], name, R_OK);
    }
    return found;
}

char *path_shipped(const char *name)
{
    char *program = path_program_folder();
    char *found = program != NULL ? shipped_near(program, name) : NULL;

    free(program);
    if (found == NULL) {
        found = existing(MATCHPLAY_DATADIR, "matchplay", name, R_OK);
    }
    if (found == NULL) {
        errno = ENOENT;
    }
    return found;
}

char *path_executable(const char *name)
{
    char *program = path_program_folder();
    char *found = program != NULL ? existing(program, "", name, X_OK) : NULL;

    if (found == NULL && program != NULL) {
        found = existing(program, "../libexec/matchplay", name, X_OK);
    }
    if (found == NULL) {
        found = existing(MATCHPLAY_LIBEXECDIR, "matchplay", name, X_OK);
    }
    free(program);
    if (found == NULL) {
        errno = ENOENT;
    }
    return found;
}
