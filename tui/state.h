/*
 * state.h - what the player is doing, as it told last, for the status lines and the views.
 *
 * Threads: one.
 */
#ifndef MP_TUI_STATE_H
#define MP_TUI_STATE_H

#include "tui/rows.h"

enum { STATE_TEXT = 512 };

struct state_reference {
    char *uri;
    double weight;
};

enum state_amount { STATE_LEVEL, STATE_EQ, STATE_WIDTH, STATE_LIMITER, STATE_AMOUNTS };

struct player_state {
    bool joined; /* the player is there */
    enum { STATE_STOPPED, STATE_PLAYING, STATE_PAUSED } playing;
    long position, id; /* of the queue, -1: none */
    double elapsed_s, duration_s;
    uint64_t told_ms; /* when elapsed_s was told */
    int volume;       /* -1: there is none */
    bool random, repeat, consume;
    char single[16]; /* "0", "1", "oneshot" */
    size_t queue_length;
    unsigned long queue_version;
    bool updating;
    char error[STATE_TEXT];
    struct row song; /* what is heard; file NULL: nothing */
    /* match status: */
    char slot_a[STATE_TEXT], slot_b[STATE_TEXT]; /* what A and B are: "original", "preset gentle" */
    bool hears_reference;
    bool matched, ab_hidden; /* hidden: a blind test runs */
    bool equal_loudness, gains_estimated;
    double gain_db;    /* of what is heard, by equal loudness */
    double quieter_db; /* what the peaks of the reference that is heard keep it from */
    char plan[16];     /* none, asked, waiting, failed, planned, ready, running */
    char plan_a[16];   /* of slot A: none, waiting, failed, ready */
    int running_s;     /* of a station, that the running plan is made of */
    char does[STATE_TEXT], failure[STATE_TEXT];
    struct state_reference *references;
    size_t reference_count;
    char reference_from[32]; /* "track", "playlist", ... */
    bool reference_gone;
    char origin[512];                  /* the playlist of the track heard; "" none */
    char quality[32];                  /* "full", or what the chain does without: "no-spectral" */
    char preset[64], path[STATE_TEXT]; /* path: "FLAC 44.1/16 > match > S32 44.1 hw:1,0" */
    int level, eq, width;              /* percent */
    bool limiter, chain_edited;        /* edited: it is not the preset's */
    /* Where they are said: "settings", "playlist", ...; in the order of enum state_amount. */
    char amount_from[STATE_AMOUNTS][16], preset_from[16];
};

void player_state_init(struct player_state *state);
void player_state_finish(struct player_state *state);
/* Each takes the answer to one command. */
void player_state_take_status(struct player_state *state, const struct answer *answer);
void player_state_take_song(struct player_state *state, const struct answer *answer);
void player_state_take_match(struct player_state *state, const struct answer *answer);
/* The first one; "": none. */
const char *player_state_reference(const struct player_state *state);
/* What a slot holds, for people: "matched", "original"; the name of a preset; "like one.flac". */
void player_state_write_slot(char *text, size_t size, const char *slot);
/* Seconds into the track at a time of the monotonic clock. */
double player_state_elapsed(const struct player_state *state, uint64_t now_ms);

#endif
