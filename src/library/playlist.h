/*
 * playlist.h - M3U and M3U8 files, read.
 *
 * One entry a line, relative to the playlist's own folder; UTF-8 (a .m3u whose bytes are not, is
 * read as Latin-1), with or without a byte order mark; LF or CR LF. #EXTINF gives seconds and
 * title. `#MATCHPLAY-REFERENCE:WEIGHT,PATH` names a reference for all entries, and may come several
 * times; #MATCHPLAY-PRESET and #MATCHPLAY-AMOUNT stand beside it. `#MATCHPLAY-ORIGIN:NAME` above
 * an entry names the playlist it came from. Other players pass them over as comments. At most 64
 * MiB and PLAYLIST_ENTRIES_MAX entries are read.
 *
 * Threads: any but the audio thread.
 */
#ifndef MP_LIBRARY_PLAYLIST_H
#define MP_LIBRARY_PLAYLIST_H

#include "config/ini.h"

#include <stdbool.h>

enum { PLAYLIST_ENTRIES_MAX = 100000 };

struct playlist_entry {
    char *path;     /* absolute if the playlist's path was; or an address with :// */
    char *title;    /* NULL: none given */
    double seconds; /* -1: not given */
    char *origin;   /* NULL: none given */
};

struct playlist_reference {
    char *path;
    double weight; /* > 0 */
};

/* How the tracks of a playlist, an album, or all shall sound. Lines of a playlist:
   #MATCHPLAY-REFERENCE:WEIGHT,PATH
   #MATCHPLAY-PRESET:NAME
   #MATCHPLAY-AMOUNT:level,80          (level, eq, width in percent; limiter 0 or 1) */
enum playlist_amount { AMOUNT_LEVEL, AMOUNT_EQ, AMOUNT_WIDTH, AMOUNT_LIMITER, AMOUNTS };

struct playlist_sound {
    struct playlist_reference *references;
    size_t reference_count;
    char *preset;            /* NULL: none of its own */
    double amounts[AMOUNTS]; /* NAN: not its own */
};

struct playlist {
    char *path;
    struct playlist_entry *entries;
    size_t count;
    struct playlist_sound sound;
};

void playlist_sound_init(struct playlist_sound *sound); /* says nothing */
int playlist_sound_copy(struct playlist_sound *to, const struct playlist_sound *from);
void playlist_sound_drop_references(struct playlist_sound *sound);
void playlist_sound_finish(struct playlist_sound *sound);
bool playlist_sound_is_empty(const struct playlist_sound *sound);

/* True for names that end in .m3u or .m3u8. */
bool playlist_is_named(const char *path);
/* 0, or negative errno when it could not be read at all (not reported). Bad lines are reported as
   "PATH:LINE: ..." and left out. Whether the files exist is not looked at. */
int playlist_read(struct playlist **playlist, const char *path, config_report report,
                  void *context);
/* The same for a stored one: relative entries lie below `folder` (the music folder), but for those
   that begin with ./ or ../; relative references do, or beside the playlist. */
int playlist_read_below(struct playlist **playlist, const char *path, const char *folder,
                        config_report report, void *context);
void playlist_destroy(struct playlist *playlist);
/* An address (http://...) rather than a file. */
bool playlist_is_address(const char *path);

#endif
