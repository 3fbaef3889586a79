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
#include "chain/rack.h"
#include "media/decoder.h"
#include "output/output.h"
#include "player/matcher.h"

struct player;

enum album_mode { ALBUM_TRACK, ALBUM_ALBUM, ALBUM_AUTO };

struct player_settings {
    struct output_settings output;
    const char *device;
    uint32_t fixed_rate_hz; /* 0: each track's own */
    uint32_t read_ahead_seconds;
    uint32_t least_blocks;          /* num_buffers */
    uint32_t release_after_seconds; /* of pause, then the device is closed; 0: never */
    int start_wait_ms; /* how long a track waits for its plan; < 0: as long as it takes */
    enum album_mode album_mode;
    struct amounts amounts;
    bool match;               /* false: nothing is matched */
    bool begin_with_original; /* A is heard first */
    bool equal_loudness;
    enum fft_precision precision;
    struct cache *cache; /* of what was measured before; NULL: none. The caller's */
};

/* NULL with errno. `log` and the texts of the settings stay the caller's. */
struct player *player_create(const struct player_settings *settings, struct log *log);
void player_destroy(struct player *player);

/* The references that a track has by where it came from; shared by many tracks, kept by the player.
 */
struct player_references {
    const char *paths[MATCH_REFERENCES_MAX];
    double weights[MATCH_REFERENCES_MAX];
    size_t count;
};

/* Appends a track. references NULL or empty: it plays as it is. 0 or -ENOMEM. */
int player_add(struct player *player, const char *path, const struct player_references *references);

void player_play(struct player *player, size_t index); /* from its first frame */
void player_set_paused(struct player *player, bool paused);
void player_seek(struct player *player, double seconds, bool relative); /* in the track heard */
void player_skip(struct player *player, int tracks);                    /* +1 next, -1 previous */
void player_stop(struct player *player);
void player_set_original(struct player *player, bool original); /* A */
void player_set_equal_loudness(struct player *player, bool equal);
void player_set_amounts(struct player *player, const struct amounts *amounts);
/* What the chain is made of: modules added, removed, moved, bypassed. Heard after about 0.1 s,
   faded over. */
void player_set_rack(struct player *player, const struct rack *rack);

enum player_state { PLAYER_STOPPED, PLAYER_STARTING, PLAYER_PLAYING, PLAYER_PAUSED };

enum player_match { PLAYER_MATCH_NONE, PLAYER_MATCH_WAITING, PLAYER_MATCH_READY };

struct player_status {
    enum player_state state;
    bool ended;          /* the list was played to its end */
    size_t index, count; /* track heard, tracks there are */
    char path[4096];
    char title[512];
    double elapsed_s, duration_s; /* heard; duration 0: unknown */
    struct media_info source;
    struct sink_format device;
    bool device_open;
    bool original, equal_loudness;
    enum player_match match;
    bool gains_estimated;        /* equal loudness rests on an estimate as yet */
    double gain_a_db, gain_b_db; /* of equal loudness */
    double match_gain_db;        /* of the plan */
    char reference[4096];        /* the first, empty: none */
    size_t played, failed;       /* tracks begun, tracks that could not be */
    struct output_status output;
    uint32_t chain_latency_frames;
};

void player_read_status(struct player *player, struct player_status *status);
/* Blocks of what is heard, for meters: as output_tap_enable and output_tap_read. */
void player_tap_enable(struct player *player, bool enabled);
uint32_t player_tap_read(struct player *player, float *const channel[2]);
/* For meters and the blind test alone: taps and times, and the switch between two choices. */
struct output *player_output(struct player *player);

#endif
