/*
 * play_support.h - for tests of the player: plays lists and reads back the words that a device got.
 *
 * Devices: RECORD_ALSA takes words as fast as they come (tests/asound/capture.conf), RECORD_CLOCK
 * in time. Words are float unless the settings say otherwise. Positions are frames.
 */
#ifndef MP_TESTS_PLAY_SUPPORT_H
#define MP_TESTS_PLAY_SUPPORT_H

#include "player/player.h"
#include "tests/chain_support.h"

#include <pthread.h>

enum record_on {
    RECORD_ALSA,
    RECORD_ALSA_48, /* takes 48 kHz alone */
    RECORD_CLOCK,
};

enum { RECORD_LINES_MAX = 64, RECORD_TRACKS_MAX = 512 };

struct record_track {
    uint32_t id;
    char *path, *reference; /* reference NULL: as it is */
    bool failed;
};

/* The list that is played; ids are 1, 2, ... as tracks were added. */
struct record_list {
    pthread_mutex_t lock;
    struct record_track tracks[RECORD_TRACKS_MAX];
    size_t count;
    uint32_t last_id;
    uint32_t gone_id; /* taken out last */
    size_t gone_from; /* what stands there now follows it */
    bool repeat, single;
    struct amounts amounts; /* of all */
    struct rack rack;
    bool has_a; /* slot A holds such a rack; else the original */
    struct rack rack_a;
    bool b_is_original;
    uint32_t heard[16]; /* what the player said that is heard, in order */
    size_t heard_count;
    struct player *player;
};

struct recorder {
    struct player_settings settings;
    struct player *player;
    struct record_list list;
    struct log *log;
    char path[256], device[300];
    char *lines[RECORD_LINES_MAX]; /* warnings and errors, in order */
    _Atomic size_t line_count;
};

/* As matchplay is shipped, in float words, with --wait. */
void record_settings(struct player_settings *settings);
/* A player with these settings (the device is filled in) that records into scratch file `name`. */
void record_open(struct recorder *recorder, const struct player_settings *settings,
                 enum record_on device, const char *name);
/* Appends a track; reference NULL: as it is. */
void record_add(struct recorder *recorder, const char *path, const char *reference);
/* Edits of the list; the player is told. Positions from 0; the id of what was inserted. */
uint32_t record_insert(struct recorder *recorder, size_t at, const char *path,
                       const char *reference);
void record_remove(struct recorder *recorder, size_t at);
void record_set_reference(struct recorder *recorder, size_t at, const char *reference);
void record_set_amounts(struct recorder *recorder, const struct amounts *amounts);
void record_set_rack(struct recorder *recorder, const struct rack *rack);
/* What A is; NULL: the original. */
void record_set_a(struct recorder *recorder, const struct rack *rack);
void record_set_modes(struct recorder *recorder, bool repeat, bool single);
void record_play(struct recorder *recorder); /* the first */
/* The next track (+1) or the one before (-1), from its start; past the last: the end. */
void record_skip(struct recorder *recorder, int step);
/* Each waits, and fails the test after a minute. */
/* Until what the device got of the stream that plays goes up to `position`. */
void record_until(struct recorder *recorder, int64_t position);
/* Until another stream than `id` plays, and so for it. */
void record_until_next(struct recorder *recorder, uint64_t id, int64_t position);
void record_until_paused(struct recorder *recorder, bool device_open);
/* Until it is paused, or at its end: false. */
bool record_until_paused_or_ended(struct recorder *recorder);
void record_until_stopped(struct recorder *recorder);
void record_until_ended(struct recorder *recorder); /* the list is played */
/* Of the next frame to be written; the stream that plays. */
int64_t record_position(struct recorder *recorder);
uint64_t record_stream(struct recorder *recorder);
/* Ends the player; the words are in the file then. What the log said stays until record_finish. */
void record_close(struct recorder *recorder);
void record_finish(struct recorder *recorder);
/* How many of the lines hold this text. */
size_t record_lines_with(const struct recorder *recorder, const char *text);

/* list_support.c, for record_open and record_finish. */
void record_list_init(struct recorder *recorder);
void record_list_finish(struct recorder *recorder);

/* The float words of a recording. */
struct stereo words_read(const char *path);
/* As record_list, of one track, matched so far. */
struct stereo record_matched(const struct player_settings *settings, enum record_on device,
                             const char *path, const char *reference,
                             const struct amounts *amounts);
/* All of it: opens, plays to the end, closes. A NULL ends the list of paths. */
struct stereo record_list(const struct player_settings *settings, enum record_on device,
                          const char *const *paths, const char *reference);

/* The highest difference between words from frame i on and `whole` from frame n on; what is outside
   of them is silence. */
double words_error(const struct stereo *words, int64_t i, const struct stereo *whole, int64_t n,
                   int64_t frames);
/* The first i from `from` on whose `frames` words are those of `whole` from n on; fails the test if
   there is none. */
int64_t words_find(const struct stereo *words, int64_t from, const struct stereo *whole, int64_t n,
                   int64_t frames, double error);
/* Integrated loudness of the first `frames` of a sound at 44.1 kHz. */
double words_lufs(const struct stereo *sound, size_t frames);
double words_at(const struct stereo *words, int channel, int64_t i);

/* Frames [first, first + frames) of a file into another as 16-bit FLAC. */
void cut_flac(const char *from, int64_t first, int64_t frames, const char *to);
/* The whole of `in`, at 44.1 kHz, through the chain of the exact plan of `target`. */
struct stereo chained(const char *target, const char *reference, const struct stereo *in);
/* TEST_SEED of the environment, to look further than the usual run does, or `usual`. */
uint64_t test_seed(uint64_t usual);
/* A shell command that must succeed. */
void shell(const char *format, ...) __attribute__((format(printf, 1, 2)));
struct stereo stereo_part(const struct stereo *sound, size_t first, size_t frames);

#endif
