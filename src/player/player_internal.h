/*
 * player_internal.h - what the parts of the player share: player.c (what others call),
 * player_thread.c, transport.c, device_watch.c, feeder.c (decoding), seams.c (which chain holds
 * from which frame on), album.c.
 */
#ifndef MP_PLAYER_PLAYER_INTERNAL_H
#define MP_PLAYER_PLAYER_INTERNAL_H

#include "chain/rack.h"
#include "media/tags.h"
#include "player/player.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
    PLAYER_REQUESTS_MAX = 64,
    PLAYER_FADE_MS = 20,
    PLAYER_LATE_FADE_MS = 2000, /* into matched, when the plan came after the music began */
    PLAYER_AHEAD_MATCHES = 2,   /* tracks whose plans are made before they are decoded */
    PLAYER_ALBUM_MAX = 64,
    PLAYER_SHELF_FIRST =
        64, /* entries on the first shelf; each has twice as many as the one before */
    PLAYER_SHELVES = 32,
};

struct entry {
    char *path;
    const struct player_references *references;
    /* Only the player's thread, but for the tags: it writes them under the lock. */
    bool probed;
    bool failed;      /* could not be opened or read when it was last tried, and that was told */
    bool damage_told; /* once is enough, however often it is played or sought in */
    struct tags tags;
    uint32_t rate_hz; /* its own; 0 before it was probed */
};

enum request_kind {
    REQUEST_PLAY,
    REQUEST_PAUSE,
    REQUEST_SEEK,
    REQUEST_SKIP,
    REQUEST_STOP,
    REQUEST_GAINS,
    REQUEST_AMOUNTS,
    REQUEST_RACK,
};

struct request {
    enum request_kind kind;
    size_t index;
    double seconds;
    int tracks;
    bool flag;
    struct amounts amounts;
};

/* A place in the stream where a track begins. */
struct mark {
    int64_t position; /* in the stream, of entry_frame */
    size_t entry;
    int64_t entry_frame; /* 0, or where a seek went to */
    int64_t frames;      /* of the whole track, -1: unknown */
    struct media_info info;
    struct match *match; /* held; NULL: nothing to match */
    uint64_t rendition;  /* posted for it, 0: the one before goes on */
};

struct player {
    struct player_settings settings;
    struct log *log;
    struct output *output;
    struct matcher *matcher;
    struct rack rack;
    pthread_t thread;

    pthread_mutex_t lock; /* all of this group */
    pthread_cond_t wake;
    bool quit, news;
    struct request requests[PLAYER_REQUESTS_MAX];
    size_t request_first, request_count;
    struct rack wished_rack;
    struct player_references **reference_sets;
    size_t reference_set_count;
    struct mark *marks; /* of the stream in hand, in order */
    size_t mark_count, mark_capacity;
    uint64_t stream_id;
    enum player_state state;
    bool paused, ended, equal_loudness, device_open;
    bool waits_for_device; /* it is gone: there is no stream, only a place to go on from */
    size_t resume_entry;
    double resume_s;
    struct sink_format device;
    size_t played, failed;
    double gain_a_db, gain_b_db;
    bool gains_estimated;
    uint32_t chain_latency;

    atomic_bool original;

    /* The list only grows, and what stands in it never moves: an entry whose index is below the
       count may be read without the lock. Adding holds it. */
    struct entry *shelves[PLAYER_SHELVES];
    _Atomic size_t entry_count;

    /* Only the player's thread: */
    struct stream *stream;
    uint32_t rate_hz, wished_rate_hz; /* of the stream; what the device was asked for */
    struct decoder *decoder;          /* NULL: the stream is decoded to its end */
    size_t decode_entry;
    bool continues; /* after this stream another begins, with entry continue_at */
    size_t continue_at;
    struct match *ahead[PLAYER_AHEAD_MATCHES];
    uint64_t next_id;
    uint64_t paused_since_ms, lost_since_ms, opened_ms;
    bool device_told;       /* that it is gone; while it is, each try is not a message */
    unsigned failed_starts; /* so many times in a row it was lost as soon as it was opened */
    uint64_t looked_ms, looked_frames; /* device_watch: at the last look */
    uint32_t looked_queued, stuck_ms;

    /* seams.c: */
    size_t resolved;            /* marks whose rendition is settled */
    struct match *posted_match; /* of the last rendition posted; NULL: as it is */
    uint64_t posted_id;
    int64_t posted_end; /* where its fade is over */
    bool posted_refused;
    uint32_t lead_ms;       /* how far ahead a change is prepared while music plays */
    uint64_t gate_since_ms; /* since when a seam holds the stream back; 0: it does not */
    bool changed_by_hand;   /* amounts or rack: what plays is made anew */
    bool posted_by_hand;    /* the last rendition posted was for that */
};

uint64_t player_now_ms(void);
size_t player_entry_count(const struct player *player);
struct entry *player_entry(const struct player *player, size_t index); /* below the count */
void player_wake(void *player);
bool player_has_request(struct player *player);

void *player_thread(void *player);

/* feeder.c: all in the player's thread. */

/* How far the audio thread reads ahead of what it plays, at a rate. */
uint32_t player_lookahead(uint32_t rate_hz, uint32_t block_frames);
/* Opens the first track from `index` on that can be opened, at its own rate (or the fixed one), and
   tells about those that cannot. False: there is none. */
bool feeder_open_track(struct player *player, size_t index);
void feeder_close_track(struct player *player);
/* A stream for the open track whose position 0 is `frame`, with as much before it as a chain for
   its match needs to be run in. NULL: out of memory. */
struct stream *feeder_make_stream(struct player *player, struct match *match, int64_t frame,
                                  bool fade_in);
/* Notes that the open track begins at a position of the stream, with its frame `frame`. */
bool feeder_add_mark(struct player *player, int64_t position, int64_t frame);
void feeder_clear_marks(struct player *player);
/* Decodes a little more. False: there is no room, or nothing left. */
bool feeder_decode(struct player *player);

/* transport.c: all in the player's thread. */
void transport_obey(struct player *player, const struct request *request);
/* Plays entry `index` from `frame` (at the device's rate) on, in place of what plays. */
void transport_begin(struct player *player, size_t index, int64_t frame);
/* Stops; `ended`: because the list is over. */
void transport_end(struct player *player, bool ended);
/* Ends what plays, with a fade, and waits until the device has played it. */
void transport_stop_output(struct player *player);
/* The mark that is heard, and its frame. Only while there is a stream. */
const struct mark *transport_heard(const struct player *player, int64_t *frame);
/* The stream in hand was played to its end: forgets it (the output frees it). */
void transport_forget_stream(struct player *player);
int transport_open_device(struct player *player, uint32_t rate_hz);
void transport_close_device(struct player *player);

/* device_watch.c: in the player's thread, often. */
void device_watch(struct player *player, const struct output_status *status);

/* seams.c: all in the player's thread. */
/* The rendition with which the stream begins: waits for the plan as long as it may. */
struct rendition *seams_first(struct player *player);
/* Lets the audio thread have what is settled. */
void seams_release(struct player *player);
/* Posts what has become ready, and releases. Only once the stream was handed over: a rendition that
   came before its stream would be refused. */
void seams_serve(struct player *player);
void seams_refused(struct player *player, uint64_t rendition);
void seams_update_gains(struct player *player, uint32_t glide_ms);
void seams_reset(struct player *player); /* a new stream begins */
/* The first frame that must be decoded beyond `start` for a rendition to be made. */

/* album.c: the match that holds for an entry at a rate (a reference held), or NULL: none. */
struct match *album_match(struct player *player, size_t index, uint32_t rate_hz);
/* Tags and rate of an entry, read once. */
const struct entry *album_probe(struct player *player, size_t index);

#endif
