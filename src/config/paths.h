/*
 * paths.h - where matchplay keeps its files, and where it finds what it was shipped with.
 *
 * Folders follow the XDG Base Directory Specification 0.8: $XDG_CONFIG_HOME and its kin where they
 * are set to an absolute path, else ~/.config, ~/.local/share, ~/.cache, ~/.local/state; each with
 * /matchplay behind it. Every returned string is the caller's, to be freed; NULL with errno.
 *
 * Threads: any, as long as none changes the environment.
 */
#ifndef MP_CONFIG_PATHS_H
#define MP_CONFIG_PATHS_H

#include <stddef.h>

enum path_folder { PATH_CONFIG, PATH_DATA, PATH_CACHE, PATH_STATE };

/* "~/.config/matchplay/NAME"; name "" or NULL: the folder itself. ENOENT: no home is known. */
char *path_in(enum path_folder folder, const char *name);
/* The same for a file that is about to be written: its folders are made, 0700. */
char *path_in_made(enum path_folder folder, const char *name);
/* mkdir -p with 0700. 0 or negative errno. */
int path_make_folder(const char *folder);
/* "a" and "b" as "a/b"; b alone when it is absolute. */
char *path_join(const char *folder, const char *name);
/* The folder part: "/a/b" gives "/a", "b" gives ".". */
char *path_folder_of(const char *path);
/* "~" and "~/x" with the home folder put in; anything else as it is. */
char *path_expand(const char *path);
/* From the root, as a player is told it that stands in another folder; an address as it is. */
char *path_absolute(const char *path);

/* The music folder: `wish` when it is not empty, else XDG_MUSIC_DIR of user-dirs.dirs, else
   ~/Music. It need not exist. */
char *path_music(const char *wish);

/* The player's socket: `wish` (-S), else $MATCHPLAY_SOCKET, else /tmp/matchplay-UID/socket. */
char *path_socket(const char *wish);
/* Makes the socket's own folder 0700, or sees that it is a folder, ours, and closed to others.
   -EPERM: it is not, and must not be used. Only for the path that path_socket chose by itself. */
int path_secure_folder(const char *folder);

/* The folder of the running executable. */
char *path_program_folder(void);
/* A file that is shipped (presets.ini, matchplayrc): in the source tree when the executable stands
   in a build folder of it, else in share/matchplay beside the executable's prefix, else in the
   folder chosen when it was built. ENOENT: in none of them. */
char *path_shipped(const char *name);
/* An executable of the other half: beside this one, else in libexec/matchplay. */
char *path_executable(const char *name);

#endif
