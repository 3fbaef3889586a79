/* cache_summary.c - summaries in the cache, and the marks of files that give none. */
#include "match/cache_internal.h"

#include <stdlib.h>
#include <string.h>

static enum cache_found read_row(sqlite3_stmt *statement, const struct cache_key *key,
                                 struct summary *summary)
{
    const void *body = sqlite3_column_blob(statement, 0), *bytes;
    size_t size = 0;

    if (!key->gone && (sqlite3_column_int64(statement, 1) != key->size ||
                       sqlite3_column_int64(statement, 2) != key->modified_ns))
        return CACHE_NOTHING;
    if (!body)
        return CACHE_FAILED;
    bytes = cache_unwrap(body, (size_t)sqlite3_column_bytes(statement, 0), &size);
    if (!bytes || size != sizeof(*summary))
        return CACHE_NOTHING;
    if (summary)
        memcpy(summary, bytes, sizeof(*summary));
    return CACHE_SUMMARY;
}

enum cache_found cache_summary(struct cache *cache, const struct cache_key *key,
                               struct summary *summary)
{
    enum cache_found found = CACHE_NOTHING;
    sqlite3_stmt *statement;

    if (!cache || !key->name || key->passable)
        return found;
    pthread_mutex_lock(&cache->lock);
    statement = cache_statement(cache, CACHE_GET_SUMMARY);
    if (statement) {
        int result;

        sqlite3_bind_text(statement, 1, key->name, -1, SQLITE_STATIC);
        sqlite3_bind_int64(statement, 2, CACHE_ANALYSIS_VERSION);
        result = sqlite3_step(statement);
        if (result == SQLITE_ROW)
            found = read_row(statement, key, summary);
        cache_end(cache, statement, result);
    }
    pthread_mutex_unlock(&cache->lock);
    return found;
}

static void put(struct cache *cache, const struct cache_key *key, const struct summary *summary)
{
    sqlite3_stmt *statement = cache_statement(cache, CACHE_PUT_SUMMARY);
    size_t whole = 0;
    void *body =
        statement && summary ? cache_wrap(summary, sizeof(*summary), NULL, 0, &whole) : NULL;

    if (!statement || (summary && !body))
        return;
    sqlite3_bind_text(statement, 1, key->name, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, CACHE_ANALYSIS_VERSION);
    sqlite3_bind_int64(statement, 3, key->size);
    sqlite3_bind_int64(statement, 4, key->modified_ns);
    sqlite3_bind_int64(statement, 5, cache_now_s());
    if (body)
        sqlite3_bind_blob64(statement, 6, body, whole, SQLITE_STATIC);
    cache_run(cache, statement);
    free(body);
}

void cache_keep_summary(struct cache *cache, const struct cache_key *key,
                        const struct summary *summary)
{
    if (!cache || !key->name || key->gone || key->passable)
        return;
    pthread_mutex_lock(&cache->lock);
    put(cache, key, summary);
    cache_trim(cache);
    pthread_mutex_unlock(&cache->lock);
}
