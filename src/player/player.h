/*
 * player.h - plays a list of tracks, one joined to the next, each made to sound like its reference.
 *
 * Transport (play, pause, seek, next, previous, stop), A/B, equal loudness, and what is going on.
 * A thread of its own decodes ahead, opens the device and hands chains to the audio thread; what
 * is asked for here is only noted and carried out there, so that no call waits.
 *
 * Threads: any but the audio thread; create and destroy from one.
 */
#ifndef MP_PLAYER_PLAYER_H
#define MP_PLAYER_PLAYER_H

#include "base/log.h"
#include "chain/degrade.h"
#include "chain/latency.h"
#include "media/decoder.h"
#include "output/output.h"
#include "player/decoding.h"
#include "player/matcher.h"

struct player;
struct recovery;

enum album_mode { ALBUM_TRACK, ALBUM_ALBUM, ALBUM_AUTO };

struct player_settings {
    struct output_settings output;
    const char *device;
    uint32_t fixed_rate_hz; /* 0: each track's own */
    uint32_t read_ahead_seconds;
    uint32_t least_blocks;          /* num_buffers */
    uint32_t release_after_seconds; /* of pause, then the device is closed; 0: never */
    uint32_t settle_ms; /* so long before it is heard, what comes next is settled; 0: 1750 */
    int start_wait_ms;  /* how long a track waits for its plan; < 0: as long as it takes */
    enum album_mode album_mode;
    bool match;               /* false: nothing is matched, whatever the list says */
    bool begin_with_original; /* A is heard first */
    bool equal_loudness;
    enum fft_precision precision;
    uint32_t max_latency;       /* of a live source's chain, frames at 44.1 kHz; 0: no bound */
    bool monitor;               /* times of modules and disk are kept for the meters */
    enum quality_level quality; /* QUALITY_AUTO: as the computer is fast enough for */
    struct cache *cache;        /* of what was measured before; NULL: none. The caller's */
};

/* NULL with errno. `log` and the texts of the settings stay the caller's. */
struct player *player_create(const struct player_settings *settings, struct log *log);
/* Ends what plays with a fade. The owner must not hold what the list's functions take. */
void player_destroy(struct player *player);

/* One track as the list knows it; every text is its own. */
struct player_track {
    uint32_t id;
    char *path; /* to be opened */
    char *references[MATCH_REFERENCES_MAX];
    double weights[MATCH_REFERENCES_MAX];
    size_t reference_count; /* 0: it plays as it is */
    struct amounts amounts; /* player_track_create makes them exact */
    bool match;             /* false: its preset plays the original; player_track_create: true */
    /* How A sounds, all of the above for slot A; NULL: as it is. Of A itself it is NULL. */
    struct player_track *a;
    struct rack rack; /* what its chain is made of; player_track_create: the exact one */
    bool known; /* the next four are: the library has them, the file need not be opened for them */
    char *title, *album, *album_artist; /* NULL or "": none */
    uint32_t rate_hz;
};
struct player_track *player_track_create(uint32_t id, const char *path);  /* NULL with ENOMEM */
struct player_track *player_track_copy(const struct player_track *track); /* NULL with ENOMEM */
void player_track_destroy(struct player_track *track);
/* 0, -ENOMEM, or -ENOSPC: it has as many as it may. */
int player_track_add_reference(struct player_track *track, const char *path, double weight);
/* What the library has of it. 0 or -ENOMEM. */
int player_track_know(struct player_track *track, const char *title, const char *album,
                      const char *album_artist, uint32_t rate_hz);

enum { PLAYER_NO_TRACK = 0 }; /* no id */

/* The list that is played, kept by its owner. All functions are called in the player's thread with
   none of its locks held; they may take the owner's, and the owner may call player_* while it holds
   that. The player keeps what it got until player_list_changed or until the track was played. */
struct player_list {
    void *context;
    /* What is known of a track, the caller's; NULL: it is not there any more. Asked for when it is
       about to be decoded, when its plan is made ahead, and after each player_list_changed. */
    struct player_track *(*track)(void *context, uint32_t id);
    /* What is played after it (a question: it may be asked often); PLAYER_NO_TRACK: nothing.
       *border: playing pauses there, on the first frame of what follows (or stops, where nothing
       does). */
    uint32_t (*next)(void *context, uint32_t id, bool *border);
    /* Its neighbour in the list's own order, step -1 or +1: for albums. PLAYER_NO_TRACK: none. */
    uint32_t (*neighbour)(void *context, uint32_t id, int step);
    /* Something a user would see has changed: another track is heard, state, error, plan. Must not
       block. May be NULL. */
    void (*changed)(void *context);
    /* It could not be played when it was tried and was passed over (failed), or it can be again.
       May be NULL. */
    void (*failed)(void *context, uint32_t id, bool failed);
};

/* Before the first play; the struct is copied. */
void player_set_list(struct player *player, const struct player_list *list);
/* Order, entries, references, amounts or racks of the list have changed: what is decoded but not
   yet heard and does not follow any more is taken back, without a click; matches are asked for
   anew. The track that is heard plays on even if the list has it no more. */
void player_list_changed(struct player *player);

/* From there on; paused stays paused. What cannot be played is passed over, until the whole list
   was tried in vain. PLAYER_NO_TRACK: the list is over. */
void player_play(struct player *player, uint32_t id, double seconds);
/* Paused at that place, with no device opened and nothing decoded, as after a restart. */
void player_cue(struct player *player, uint32_t id, double seconds);
void player_set_paused(struct player *player, bool paused);
void player_seek(struct player *player, double seconds, bool relative); /* in the track heard */
void player_stop(struct player *player);
void player_set_original(struct player *player, bool original); /* A */
void player_set_equal_loudness(struct player *player, bool equal);
/* What is matched as one: matches are asked for anew. */
void player_set_album_mode(struct player *player, enum album_mode mode);
/* Another device, from when one is opened next: after a stop, or a pause of release_after. 0 or
   -ENOMEM. */
int player_set_device(struct player *player, const char *device);
/* Software volume, linear 0 ... 1, over 20 ms; 1 leaves every word untouched. */
void player_set_volume(struct player *player, double volume);
/* Turned off: it pauses and lets the device go, and begins nothing until it is turned on again;
   turning it on begins nothing either. */
void player_set_device_off(struct player *player, bool off);
void player_clear_error(struct player *player);

/* Memory is short: nothing is kept that is not needed soon. */
void player_set_lean(struct player *player, bool lean);
void player_set_monitor(struct player *player, bool monitor);
bool player_is_monitored(const struct player *player);

/* A level of degrade.h, or QUALITY_AUTO. Heard after about 0.1 s, faded over. */
void player_set_quality(struct player *player, enum quality_level quality);

/* Another file is heard in place of the track, from `seconds` on and over and over; path NULL: back
   to the track, where it was left. At equal loudness it is as loud as A and B of the track are, as
   far as its peaks leave room for that; until both are measured that is estimated by match_rms (of
   the file, as in its profile; 0: not known). Any place that is asked for meanwhile ends it.
   Nothing happens while nothing plays. 0 or -ENOMEM. */
int player_hear(struct player *player, const char *path, double seconds, double match_rms);

enum player_state { PLAYER_STOPPED, PLAYER_STARTING, PLAYER_PLAYING, PLAYER_PAUSED };

enum { PLAYER_ERROR_SIZE = 1024 };

enum player_match { PLAYER_MATCH_NONE, PLAYER_MATCH_WAITING, PLAYER_MATCH_READY };

struct player_status {
    enum player_state state;
    bool ended;    /* the list was played to its end */
    uint32_t id;   /* of the track heard, or where playing would go on; PLAYER_NO_TRACK */
    uint32_t next; /* what is to follow, as far as it is known */
    char path[4096];
    char title[512];              /* of a radio station: what it plays */
    char station[256];            /* its name; "": none, or none that says it */
    double elapsed_s, duration_s; /* heard; duration 0: unknown */
    int64_t begin_position;       /* in the stream, of the first frame that is heard of it */
    struct media_info source;
    uint32_t bit_rate; /* of the file, on average; 0: unknown */
    struct sink_format device;
    bool device_open, device_off;
    bool waits_for_device; /* it is gone, or its driver does not answer: the music waits */
    bool original, equal_loudness;
    bool audition; /* the reference itself is heard; what else stands here is of the track */
    bool blind;    /* a blind test goes on: `original` is not told */
    enum player_match match, match_a; /* of B and of A; NONE: it is the original */
    bool alike;                       /* A and B are the same, as far as they are ready */
    bool running;         /* the match rests on what was heard so far (a radio station) ... */
    double running_s;     /* ... on so many seconds; 0: there is none yet */
    bool gains_estimated; /* equal loudness rests on an estimate as yet */
    double gain_a_db, gain_b_db;  /* of equal loudness */
    double gain_c_db, quieter_db; /* of the reference itself; what its peaks keep it from */
    bool gain_c_estimated;
    double match_gain_db;          /* of the plan */
    char reference[4096];          /* the first, empty: none */
    size_t played, failed;         /* tracks begun, tracks that could not be */
    double played_s;               /* of all that was heard */
    char error[PLAYER_ERROR_SIZE]; /* the last thing that went wrong, "" when all is well since */
    double volume;                 /* 0 ... 1 */
    struct output_status output;
    struct latency_report latency;
    uint32_t latency_bound; /* of a live source's chain, frames; 0: it is no live source */
    struct economy economy; /* what the chain does without: for that bound, or for its quality */
    struct decoding_disk disk;
    enum quality_level quality, quality_wish; /* what holds, and what was asked for */
};

/* State, id and elapsed are as asked for last, also while that is still being carried out. */
void player_read_status(struct player *player, struct player_status *status);
/* The match of a track that is heard or comes next, for match_release; NULL: none was asked for. */
struct match *player_hold_match(struct player *player, uint32_t id);
struct match *player_hold_match_of_a(struct player *player, uint32_t id); /* likewise, of slot A */
/* Blocks of what is heard, for meters: as output_tap_enable and output_tap_read. */
void player_tap_enable(struct player *player, bool enabled);
uint32_t player_tap_read(struct player *player, float *const channel[2]);
struct output *player_output(struct player *player);     /* for meters alone: taps and times */
struct recovery *player_recovery(struct player *player); /* likewise: what went wrong */

/* A blind test. While it goes on, player_set_original does nothing and the status tells neither
   `original` nor the weight of B; player_switch_blindly sounds the same whichever way it goes. */
void player_set_blind(struct player *player, bool blind);
bool player_is_blind(const struct player *player);
void player_switch_blindly(struct player *player, bool original);

#endif
