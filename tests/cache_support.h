/* cache_support.h - a scratch cache and files to keep things of, for the tests of the cache. */
#ifndef MP_TESTS_CACHE_SUPPORT_H
#define MP_TESTS_CACHE_SUPPORT_H

#include "match/cache.h"

enum { LIMIT = 64 << 20 };

struct world {
    char path[128], file[128]; /* of the cache; of a track, not to be looked into */
    struct log *log;
    size_t lines; /* told so far */
    char line[512];
};

/* Setup and teardown of a test. */
int world_begin(void **state);
int world_end(void **state);

struct cache *open_cache(struct world *world);
void write_text(const char *path, const char *text);
/* A scratch file of a few bytes; path has room for 128. */
void make_file(const char *name, char *path);
/* SQL from outside, as another process would. */
void sql(const struct world *world, const char *text);

struct profile *example(void); /* measured, -14.25 LUFS, 7 samples at full scale */
struct profile *get(struct cache *cache, const char *path, uint32_t rate_hz);
void keep(struct cache *cache, const char *path, const struct profile *profile);
bool has(struct cache *cache, const char *path);

#endif
