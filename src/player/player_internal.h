/*
 * player_internal.h - what the parts of the player share: player.c (making), player_requests.c and
 * player_status.c (what others ask and see), player_thread.c, transport.c, device_watch.c, tracks.c
 * (what is known of tracks), follow.c (the list changed), feeder.c (decoding), marks.c (where
 * tracks begin), seams.c (which chain holds from which frame on), album.c, player_device.c,
 * radio.c (what a station says), live_match.c (its match).
 */
#ifndef MP_PLAYER_PLAYER_INTERNAL_H
#define MP_PLAYER_PLAYER_INTERNAL_H

#include "chain/degrade.h"
#include "chain/latency.h"
#include "chain/rack.h"
#include "player/decoding.h"
#include "player/live_match.h"
#include "player/player.h"
#include "player/radio.h"
#include "player/recovery.h"
#include "player/run_in.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
    PLAYER_REQUESTS_MAX = 64,
    PLAYER_FADE_MS = 20,
    PLAYER_OPEN_WAIT_MS = 1500, /* for a device, before something else is seen to meanwhile */
    PLAYER_LATE_FADE_MS = 2000, /* into matched, when the plan came after the music began */
    PLAYER_AHEAD_MATCHES = 2,   /* tracks whose plans are made before they are decoded */
    PLAYER_ALBUM_MAX = 64,
    PLAYER_PROBES = 128,        /* files whose tags are kept */
    PLAYER_TROUBLES = 256,      /* tracks that could not be played, remembered */
    PLAYER_FAILURES_MAX = 1000, /* in a row */
    PLAYER_NOTED = 4,           /* renditions whose making is remembered (shadow.h) */
};

enum request_kind {
    REQUEST_PLAY,
    REQUEST_CUE,
    REQUEST_PAUSE,
    REQUEST_SEEK,
    REQUEST_STOP,
    REQUEST_GAINS,
    REQUEST_DEVICE,
    REQUEST_HEAR,
};

/* The id of the reference that is heard in place of a track (audition.h); no list has it. */
#define PLAYER_AUDITION UINT32_MAX

/* Written by the player's thread but for the wishes; all under the lock. */
struct audition {
    bool wished;       /* as asked for last: to hear it, or to go back */
    char *wished_path; /* taken when it is carried out */
    double wished_s, wished_rms;
    bool active;
    char *path;
    double match_rms;
    double gain_db, quieter_db; /* at equal loudness; as in the status */
    bool estimated;
    uint32_t id;                /* to go back to ... */
    double seconds, duration_s; /* ... there */
};

struct request {
    enum request_kind kind;
    uint32_t id;
    double seconds;
    bool flag; /* paused; relative */
};

/* What A and B of a track are made of, held; NULL: the original. */
struct sides {
    struct match *b, *a;
};

/* What tells how loud the reference that is heard is, and the track in whose place it is. */
struct heard_loudness {
    struct sides track;      /* of the track */
    struct match *as_it_is;  /* the track, where neither of these is a match */
    struct match *reference; /* likewise, the reference: only to be measured */
};

/* A place in the stream where a track begins. */
struct mark {
    int64_t position; /* in the stream, of entry_frame */
    struct player_track *track;
    int64_t entry_frame; /* 0, or where a seek went to */
    int64_t frames;      /* of the whole track, -1: unknown */
    struct media_info info;
    uint32_t bit_rate;
    struct sides sides;
    uint64_t rendition; /* posted for it, 0: the one before goes on */
};

/* What a file was found to be; kept so that it need not be opened again. */
struct probe {
    char *path, *title, *album, *album_artist;
    uint32_t rate_hz;
};

/* Tracks that could not be played, or were damaged, and that this was told: a circle of ids. */
struct troubles {
    uint32_t ids[PLAYER_TROUBLES];
    size_t next, count;
};

/* Failures one after the other, until a frame is decoded. */
struct failing {
    uint32_t mark; /* one of those that failed: met again, the list has led in a circle */
    uint32_t count, power, length;
    bool exhausted;
};

/* What A or B of a rendition was made of. */
struct noted_side {
    struct match *match; /* kept; NULL: none */
    struct rack rack;
    struct economy economy;
};

/* What a rendition was made of. */
struct noted_rendition {
    uint64_t rendition; /* 0: none */
    struct noted_side a, b;
    enum fft_precision precision;
    uint32_t rate_hz;
};

/* What the list's owner was told of last. */
struct told {
    uint32_t id;
    int64_t begin; /* in the stream: the same track may be heard once more */
    enum player_state state;
    enum player_match match;
    enum player_match match_a;
    bool rehearsed, rehearsed_a;
    enum quality_level quality;
    int64_t words; /* of a radio station: where they begin */
    unsigned errors;
    double gain_c_db;
    bool estimated_c;
};

struct player {
    struct player_settings settings;
    struct log *log;
    struct output *output;
    struct matcher *matcher;
    atomic_bool blind; /* a blind test: what is heard is told to nobody */
    pthread_t thread;

    pthread_mutex_t lock; /* all of this group */
    pthread_cond_t wake;
    struct player_list list;
    bool quit, news, list_changed;
    char *wished_device; /* to be opened next; NULL: the same as before */
    struct request requests[PLAYER_REQUESTS_MAX];
    size_t request_count;
    struct request in_hand; /* being carried out */
    bool has_in_hand;
    struct mark *marks; /* of the stream in hand, in order */
    size_t mark_count, mark_capacity;
    uint64_t stream_id;
    enum player_state state;
    bool paused, ended, equal_loudness, device_open;
    /* There is no stream, only a place to go on from: the device is gone, or playing was cued. */
    bool waits_for_device, cued;
    struct player_track *resume; /* NULL: nothing is known of it but the id */
    uint32_t resume_id;
    double resume_s;
    struct sides ahead[PLAYER_AHEAD_MATCHES]; /* of tracks that are not decoded yet ... */
    uint32_t ahead_ids[PLAYER_AHEAD_MATCHES]; /* ... and which these are */
    uint32_t following;                       /* after the last mark, as the list said last */
    bool continues; /* after this stream another begins, with continue_at ... */
    uint32_t continue_at;
    bool border; /* ... paused */
    struct sink_format device;
    size_t played, failed;
    double played_s;
    double gain_a_db, gain_b_db;
    bool gains_estimated;
    struct audition audition;
    struct heard_loudness c;       /* audition.c */
    struct latency_report latency; /* of the chain posted last; the modules' part */
    struct economy economy;        /* of the same */
    enum quality_level quality;    /* as it is shown */
    struct radio radio;
    struct live_match live;
    struct noted_rendition noted[PLAYER_NOTED];
    size_t next_noted;
    char error[PLAYER_ERROR_SIZE];
    unsigned errors; /* told so far */

    struct recovery recovery; /* has a lock of its own */

    atomic_bool original;
    _Atomic int album_mode; /* enum album_mode */
    _Atomic double volume;
    _Atomic int quality_wish; /* enum quality_level */
    atomic_bool monitored, lean;
    atomic_bool device_off;

    /* Only the player's thread: */
    struct stream *stream;
    uint32_t rate_hz, wished_rate_hz; /* of the stream; what the device was asked for */
    uint32_t opening_rate_hz;         /* what it is being opened for */
    char *set_device;                 /* behind settings.device, once another was set */
    struct decoding *decoding;        /* what reads it */
    struct decoder *decoder;          /* NULL: the last track is decoded to its end */
    struct player_track *opened;      /* its track, until a mark has it */
    uint32_t decode_id;
    bool sounding;  /* a frame of it was decoded */
    bool gathering; /* what came too late over the network is held until there is more of it */
    bool joining;   /* what is opened is to join the stream: an address is left for later */
    bool ending;    /* nothing joins the stream; it is finished when that cannot change any more */
    int64_t wrong_from; /* a track that should not follow begins there, and must be heard before it
                           can be replaced; INT64_MAX: none */
    bool cut;           /* the stream ends before what was decoded does */
    uint64_t next_id;
    uint64_t paused_since_ms, lost_since_ms, opened_ms;
    bool silence_told; /* that there is no card, and the clock is used */
    bool device_told;  /* that it is waited for; while it is, only what is new is told: */
    bool absent_told;  /* that it is not there ... */
    char refusal[SINK_MESSAGE_SIZE]; /* ... or why it could not be opened, last; "": nothing */
    unsigned refusals;               /* so many in a row that do not pass by themselves */
    unsigned failed_starts; /* so many times in a row it was lost as soon as it was opened */
    uint64_t looked_ms, looked_frames; /* device_watch: at the last look */
    uint32_t looked_queued, stuck_ms;
    uint64_t counted_frames; /* of the output's, that are in played_s */
    struct told told;
    uint64_t fault_seen;        /* the rendition whose chain failed last, as far as was heeded */
    unsigned errors_when_heard; /* errors told before the track that is heard began */

    /* tracks.c: */
    struct probe probes[PLAYER_PROBES];
    size_t next_probe;
    struct troubles failures, damages;
    struct failing failing;

    /* seams.c: */
    size_t resolved;     /* marks whose rendition is settled */
    struct sides posted; /* of the last rendition posted, held: told apart by where they stand */
    uint64_t posted_id;
    int64_t posted_end; /* where its fade is over */
    bool posted_refused;
    bool edit_refused;      /* and it was to follow another of the same track, which plays on */
    uint32_t lead_ms;       /* how far ahead a change is prepared while music plays */
    uint64_t gate_since_ms; /* since when a seam holds the stream back; 0: it does not */
    bool changed_by_hand;   /* references, amounts or rack: what plays is made anew */
    bool posted_by_hand;    /* the last rendition posted was for that */
    bool posted_spared;     /* it was the original in place of a chain */

    /* keep_up.c: */
    struct degrade degrade;
    double expected_load[QUALITIES]; /* as it was tried out last; 0: it was not */
};

/* Any thread. */
uint64_t player_now_ms(void);
void player_wake(void *player);
/* Something else is to be played than what is being begun: waiting for it makes no sense. */
bool player_is_called_off(struct player *player);
/* The same, but a seek does not count. */
bool player_is_replaced(struct player *player);
/* The mark that is heard, when the audio thread stands so. With the lock, or in the player's
   thread; there is one. */
size_t player_heard_mark(const struct player *player, const struct output_status *output);

/* All else in the player's thread. */
void *player_thread(void *player);

/* player_requests.c: */
void player_ask_to_hear(struct player *player);

/* player_status.c: */
/* A line for the log that the status shows, too. */
void player_tell(struct player *player, enum log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Tells the list's owner when there is something new. */
void player_tell_changes(struct player *player, const struct output_status *output);

/* tracks.c: */
/* As the list has it now; NULL: it has it no more. */
struct player_track *tracks_fetch(struct player *player, uint32_t id);
/* What the list has come after it. */
uint32_t tracks_next(struct player *player, uint32_t id, bool *border);
/* Sees that its title, album and rate are known, from the file if need be. */
void tracks_know(struct player *player, struct player_track *track);
/* It could not be played: told once (message NULL: that was done) until it can be again. */
void tracks_fail(struct player *player, uint32_t id, const char *message);
void tracks_sound(struct player *player, uint32_t id); /* a frame of it was decoded */
bool tracks_failed(const struct player *player, uint32_t id);
/* True if this was not yet told of it. */
bool tracks_damage_is_new(struct player *player, uint32_t id);
void tracks_finish(struct player *player);

/* follow.c: */
/* The list, a reference or an amount has changed. */
void follow_list(struct player *player);
/* A track that should not have followed is heard: begins the right one. */
void follow_wrong(struct player *player, const struct output_status *status);

/* feeder.c: */
/* How far the audio thread reads ahead of what it plays, at a rate. */
uint32_t player_lookahead(uint32_t rate_hz, uint32_t block_frames);
/* Opens the first track from `id` on that can be opened, at its own rate (or the fixed one), and
   tells about those that cannot. *border: playing was to pause on the way. False: there is none, or
   something else is to be played meanwhile. An address is not opened while `joining`: it is in
   decode_id then, and there is no decoder. */
bool feeder_open_track(struct player *player, uint32_t id, bool *border);
void feeder_close_track(struct player *player);
/* Sees to what comes after the track decoded last: joins it, or notes that the stream ends. */
void feeder_next_track(struct player *player);
/* A stream for the open track whose position 0 is `frame`, with as much before it as its chains
   need to be run in. NULL: out of memory. */
struct stream *feeder_make_stream(struct player *player, const struct sides *sides, int64_t frame,
                                  bool fade_in);
/* Decodes a little more. False: there is no room, or nothing left. */
bool feeder_decode(struct player *player);

/* marks.c: */
/* Notes that the open track begins at a position of the stream, with its frame `frame`. */
bool marks_add(struct player *player, int64_t position, int64_t frame);
/* Drops the marks from `first` on. */
void marks_drop_from(struct player *player, size_t first);
/* Drops the marks that were heard before the one before the one that is heard. */
void marks_drop_heard(struct player *player, const struct output_status *status);
void marks_clear(struct player *player);
/* Has the plans of the tracks after `id` made ahead. */
void marks_ask_ahead(struct player *player, uint32_t id);

/* player_device.c: */
/* 0, or negative errno, told; or -EINPROGRESS: the driver is still at it (or something else was
   asked for). Asked again, it goes on to wait for it. */
int player_device_open(struct player *player, uint32_t rate_hz, int patience_ms);
/* The same, but what is wrong is told in message alone. */
int player_device_try(struct player *player, uint32_t rate_hz, int patience_ms,
                      char message[SINK_MESSAGE_SIZE]);
void player_device_close(struct player *player);

/* transport.c: */
void transport_obey(struct player *player, const struct request *request);
/* Plays a track from a place on, in place of what plays. */
void transport_begin(struct player *player, uint32_t id, double seconds);
/* Paused at a place, nothing opened. */
void transport_cue(struct player *player, uint32_t id, double seconds);
/* Stops; `ended`: because the list is over. */
void transport_end(struct player *player, bool ended);
/* Ends what plays, with a fade, and waits until the device has played it. */
void transport_stop_output(struct player *player);
/* The mark that is heard, and its frame. Only while there is a stream. */
const struct mark *transport_heard(const struct player *player, int64_t *frame);
/* Of the next frame that the audio thread writes, in the stream in hand. */
int64_t transport_position(const struct player *player, const struct output_status *status);
/* Notes where to go on from; takes the track. */
void transport_set_resume(struct player *player, uint32_t id, double seconds,
                          struct player_track *track);
/* The stream in hand was played to its end: forgets it (the output frees it). */
void transport_forget_stream(struct player *player);
void transport_note_paused(struct player *player, bool paused);

/* The driver hangs at the start: waits for it, at that place. */
void transport_wait_for_device(struct player *player, uint32_t id, double seconds);

/* trouble.c: */
/* Notes what the audio thread got over by itself. */
void trouble_watch(struct player *player, const struct output_status *status);
/* A module (NULL: not known which) made no numbers: from now on it is begun anew, or left out. */
void trouble_module(struct player *player, const char *module);

/* device_watch.c: often. */
void device_watch(struct player *player, const struct output_status *status);

/* seams.c: */
/* The rendition with which the stream begins: waits for the plan as long as it may. */
struct rendition *seams_first(struct player *player);
/* Lets the audio thread have what is settled; it stands at `at`. */
void seams_release(struct player *player, int64_t at);
/* Posts what has become ready, and releases. Only once the stream was handed over: a rendition that
   came before its stream would be refused. */
void seams_serve(struct player *player);
/* The position at which the audio thread must be before anything is to be done here again. */
int64_t seams_due(const struct player *player);
void seams_refused(struct player *player, uint64_t rendition);
/* Has the chain of a rendition that failed made anew. */
void seams_heed_fault(struct player *player, const struct output_status *status);
void seams_update_gains(struct player *player, uint32_t glide_ms);
void seams_reset(struct player *player); /* a new stream begins */

/* renditions.c: */
/* The rendition of what is ready for a mark, from output position `start` on. NULL with errno. */
struct rendition *rendition_make(struct player *player, size_t mark, struct sides sides,
                                 int64_t start);
/* By how many dB the quieter of A and B is louder than the original. *estimated: as yet. */
double sides_rise_db(struct sides sides, bool *estimated);
/* The gains of A and B by equal loudness; shown as what holds. */
void rendition_gains(struct player *player, struct sides sides, double *gain_a, double *gain_b);
void rendition_show_gains(struct player *player, struct sides sides, double gain_a, double gain_b);

/* keep_up.c: */
/* Sees how much the computer is fast enough for. */
void keep_up_serve(struct player *player, const struct output_status *output);
/* Whether the chain of a match is left out altogether; if not, what is left out of it, and for how
   long it may be run in. live: of a source that cannot be read ahead. */
bool keep_up_spares(struct player *player, struct run_in *run_in, bool live);

/* album.c: */
/* What holds for a track at a rate. It is so many tracks off. */
struct sides album_match(struct player *player, struct player_track *track, uint32_t rate_hz,
                         unsigned distance);
void sides_release(struct sides sides);
struct sides sides_hold(struct sides sides);
bool sides_equal(struct sides one, struct sides other);
bool sides_are_settled(struct sides sides);   /* neither is waited for any more */
struct sides sides_ready(struct sides sides); /* those that can be heard */
bool sides_are_alike(struct sides sides);     /* as far as they are ready, both sound the same */
bool match_is_ready(struct match *match);     /* NULL is not */

#endif
