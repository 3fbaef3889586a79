/*
 * cache.h - what was measured, on disk: profiles, corrections, loudness. One SQLite file,
 * ~/.cache/matchplay/analysis.db.
 *
 * Everything stands under path, size, time of change and the version of the analysis. A summary
 * (less than 1 KB) of every track; the exact profile (17 KB at 44.1 and 48 kHz, as long as its
 * spectra at higher rates) of references, played and queued tracks; of plans what is dear: the four
 * corrections, and what the rehearsal found (without its limiter states). What was used longest ago
 * goes when the file would grow past the limit: exact profiles and plans first, then summaries. A
 * cache that is damaged is removed with a line and begun anew; one that cannot be written is told
 * once and done without. Several processes may share it. A process that is killed leaves it sound.
 *
 * Threads: any but the audio thread (one lock inside). All functions take a NULL cache, and find
 * nothing.
 */
#ifndef MP_MATCH_CACHE_H
#define MP_MATCH_CACHE_H

#include "base/log.h"
#include "match/plan.h"
#include "match/rehearse.h"
#include "match/summary.h"

struct cache;

/* The file and its folder are made when they are not there. NULL with errno, told in the log. */
struct cache *cache_open(const char *path, int64_t limit_bytes, struct log *log);
void cache_close(struct cache *cache);
/* Gives back the memory in which pages of the file are kept. */
void cache_shrink(struct cache *cache);

/* One file, or the files of an album joined, as they are now. Taken before they are read: what
   changes while it is measured is then kept under a stamp that never comes back. */
struct cache_key {
    char *name; /* absolute path; of several: a number made of all of them. NULL: no memory */
    int64_t size, modified_ns;
    bool gone;     /* not there (any more): what was measured of it last is found, nothing kept */
    bool passable; /* a pipe or the like: nothing is found or kept */
};
void cache_key_init(struct cache_key *key, const char *const paths[], size_t count);
void cache_key_finish(struct cache_key *key);

/* The profile at a rate; 0: that at which it is measured for a match. NULL: not there. Destroy with
   profile_destroy. Of a file that is gone the key gets the stamp of when it was measured. */
struct profile *cache_profile(struct cache *cache, struct cache_key *key, uint32_t rate_hz);
/* `own_rate`: it is that rate. A profile that has loudness is not replaced by one of the
   same sound that has none, nor are short-term levels lost to one that has none. */
void cache_keep_profile(struct cache *cache, const struct cache_key *key,
                        const struct profile *profile, bool own_rate);

enum cache_found {
    CACHE_NOTHING, /* of the file as it is now */
    CACHE_SUMMARY,
    CACHE_FAILED, /* it was tried and cannot be measured, as it is now */
};
enum cache_found cache_summary(struct cache *cache, const struct cache_key *key,
                               struct summary *summary); /* may be NULL */
/* summary NULL: it cannot be measured. */
void cache_keep_summary(struct cache *cache, const struct cache_key *key,
                        const struct summary *summary);

/* What a plan cost. */
struct plan_key {
    const struct cache_key *target;
    const struct cache_key *const *references; /* those that are gone: after cache_profile */
    const double *weights;
    size_t reference_count;
    const struct amounts *amounts;
    const struct rack *rack; /* that it was rehearsed in; NULL: the exact one */
    uint32_t rate_hz;
};
struct plan_memory {
    double coefficients[5];
    bool fitted; /* the next is known */
    struct dynamics_goal dynamics;
    bool rehearsed; /* the rest is known */
    bool limiter_idle;
    double loudness_lufs, original_lufs, true_peak_dbtp;
    struct limiter_work work;
};
bool cache_plan(struct cache *cache, const struct plan_key *key, struct plan_memory *memory);
void cache_keep_plan(struct cache *cache, const struct plan_key *key,
                     const struct plan_memory *memory);

#endif
