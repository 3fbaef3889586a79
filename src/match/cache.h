/*
 * cache.h - what was measured, on disk: profiles, corrections, loudness. One SQLite file,
 * ~/.cache/matchplay/analysis.db.
 *
 * Everything stands under path, size, time of change and the version of the analysis. A summary
 * (less than 1 KB) of every track; the exact profile (at most 20 KB) of references, played and
 * queued tracks; of plans what is dear: the four corrections, and what the rehearsal found (without
 * its limiter states). What was used longest ago goes when the file would grow past the limit. A
 * cache that is damaged or cannot be written is told once and done without.
 *
 * Threads: any but the audio thread (one lock inside).
 */
#ifndef MP_MATCH_CACHE_H
#define MP_MATCH_CACHE_H

#include "base/log.h"
#include "match/plan.h"
#include "match/rehearse.h"

struct cache;

struct cache *cache_open(const char *path, int64_t limit_bytes,
                         struct log *log); /* NULL with errno */
void cache_close(struct cache *cache);     /* all functions take a NULL cache, and find nothing */

/* Of a file as it is now (or, when it is gone, as it was when it was measured last). NULL: not
   there. Made with profile_create's layout; destroy with profile_destroy. */
struct profile *cache_profile(struct cache *cache, const char *path);
void cache_keep_profile(struct cache *cache, const char *path, const struct profile *profile);

/* What is known of every track without its spectrum in full. */
enum { SUMMARY_BANDS = 31 }; /* third octaves from 20 Hz */
struct summary {
    uint32_t rate_hz;
    int64_t frames;
    double match_rms, loudness_lufs, loudness_range_lu, true_peak_dbtp, correlation, width;
    float mid_db[SUMMARY_BANDS], side_db[SUMMARY_BANDS]; /* of the loud pieces */
};
void summary_make(struct summary *summary, const struct profile *profile);
bool cache_summary(struct cache *cache, const char *path, struct summary *summary);
void cache_keep_summary(struct cache *cache, const char *path, const struct summary *summary);
bool cache_has_summary(struct cache *cache, const char *path); /* of the file as it is now */

/* What a plan cost. The key is made of all paths (as they are now), weights, amounts and rate. */
struct plan_key {
    const char *const *paths;
    size_t path_count;
    const char *const *references;
    const double *weights;
    size_t reference_count;
    const struct amounts *amounts;
    uint32_t rate_hz;
};
struct plan_memory {
    double coefficients[5];
    bool rehearsed;
    double loudness_lufs, original_lufs, true_peak_dbtp;
    bool limiter_idle;
    struct limiter_work work;
};
bool cache_plan(struct cache *cache, const struct plan_key *key, struct plan_memory *memory);
void cache_keep_plan(struct cache *cache, const struct plan_key *key,
                     const struct plan_memory *memory);

#endif
