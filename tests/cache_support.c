/* cache_support.c - a scratch cache, and what is put into it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/cache_support.h"

#include "tests/match_support.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool take_line(void *context, enum log_level level, const char *line)
{
    struct world *world = context;

    (void)level;
    world->lines++;
    snprintf(world->line, sizeof(world->line), "%s", line);
    return true;
}

void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

int world_begin(void **state)
{
    struct world *world = calloc(1, sizeof(*world));

    scratch_path("analysis.db", world->path, sizeof(world->path));
    scratch_path("track.flac", world->file, sizeof(world->file));
    write_text(world->file, "not looked into");
    world->log = log_open(NULL, LOG_NOTICE);
    log_set_hook(world->log, take_line, world);
    *state = world;
    return 0;
}

int world_end(void **state)
{
    struct world *world = *state;

    log_close(world->log);
    free(world);
    scratch_remove();
    return 0;
}

struct cache *open_cache(struct world *world)
{
    struct cache *cache = cache_open(world->path, LIMIT, world->log);

    assert_non_null(cache);
    return cache;
}

struct profile *get(struct cache *cache, const char *path, uint32_t rate_hz)
{
    struct cache_key key;
    struct profile *profile;

    cache_key_init(&key, &path, 1);
    profile = cache_profile(cache, &key, rate_hz);
    cache_key_finish(&key);
    return profile;
}

void keep(struct cache *cache, const char *path, const struct profile *profile)
{
    struct cache_key key;

    cache_key_init(&key, &path, 1);
    cache_keep_profile(cache, &key, profile, true);
    cache_key_finish(&key);
}

bool has(struct cache *cache, const char *path)
{
    struct profile *profile = get(cache, path, 0);

    profile_destroy(profile);
    return profile != NULL;
}

/* SQL from outside, as another process would. */
void sql(const struct world *world, const char *text)
{
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(world->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

void make_file(const char *name, char *path)
{
    scratch_path(name, path, 128);
    write_text(path, "x");
}

struct profile *example(void)
{
    struct profile *profile = profile_made(44100, 0.1, -0.5, 0.3);

    profile->measured = true;
    profile->loudness_lufs = -14.25;
    profile->loudness_range_lu = 6.5;
    profile->true_peak_dbtp = -0.75;
    profile->full_scale_samples = 7;
    return profile;
}
