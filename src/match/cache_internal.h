/*
 * cache_internal.h - what the parts of the cache share: cache.c (the file), cache_key.c (names of
 * what was measured), cache_profile.c, cache_plan.c, cache_summary.c (what is kept).
 *
 * Threads: functions that take a cache want its lock held, but for those of cache.h.
 */
#ifndef MP_MATCH_CACHE_INTERNAL_H
#define MP_MATCH_CACHE_INTERNAL_H

#include "match/cache.h"

#include <pthread.h>
#include <sqlite3.h>
#include <sys/types.h>

/* Of the analysis: profiles, corrections and rehearsals. To be raised with any change after which
   the same file gives numbers that differ by more than rounding: pieces, windows, spectra, how a
   codec's padding is cut, the corrections, the fit of the dynamics, the limiter, loudness. Filters
   and curves are not kept, so changes to smoothing or FIR need no new number, unless the
   corrections that follow them do. */
enum { CACHE_ANALYSIS_VERSION = 4 };

enum cache_statement {
    CACHE_GET_PROFILE,
    CACHE_PUT_PROFILE,
    CACHE_PUT_CHARACTER,
    CACHE_TOUCH_PROFILE,
    CACHE_GET_SUMMARY,
    CACHE_PUT_SUMMARY,
    CACHE_GET_PLAN,
    CACHE_PUT_PLAN,
    CACHE_TOUCH_PLAN,
    CACHE_EVICT_PROFILES,
    CACHE_EVICT_PLANS,
    CACHE_EVICT_SUMMARIES,
    CACHE_PAGES,
    CACHE_STATEMENTS
};

struct cache {
    char *path;
    int64_t limit_bytes;
    struct log *log;
    pthread_mutex_t lock;
    sqlite3 *db; /* NULL: done without from now on */
    sqlite3_stmt *statements[CACHE_STATEMENTS];
    ino_t inode;        /* of the file that is open */
    unsigned begun_new; /* times that a damaged file was replaced */
    bool told;          /* that it cannot be written */
};

/* Prepared, with nothing bound; NULL: done without. */
sqlite3_stmt *cache_statement(struct cache *cache, enum cache_statement which);
/* Ends the use of a statement whose last step gave `result`; deals with damage. True: all well. */
bool cache_end(struct cache *cache, sqlite3_stmt *statement, int result);
/* Steps a statement that gives no rows, and ends it. */
bool cache_run(struct cache *cache, sqlite3_stmt *statement);
/* Makes room when the file has outgrown its limit. After each write. */
void cache_trim(struct cache *cache);

/* Stamps of use are this coarse, so that reading seldom writes. */
enum { CACHE_USED_STEP_S = 3600 };
int64_t cache_now_s(void);

/* Bytes with a head that tells damage: a file whose middle was lost may still be a database. */
void *cache_wrap(const void *part, size_t size, const void *rest, size_t rest_size,
                 size_t *whole); /* malloc, or NULL */
/* What was wrapped, borrowed from `body`; NULL: damaged. */
const void *cache_unwrap(const void *body, size_t whole, size_t *size);

/* 64 bits of any bytes, going on from `sum` (0 at first). */
uint64_t cache_sum(uint64_t sum, const void *bytes, size_t size);

#endif
