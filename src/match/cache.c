/* cache.c - the file of what was measured: opened, repaired, kept within its limit. */
#include "match/cache_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Of the tables; another one's are dropped. */
enum { SCHEMA_VERSION = 2 };
enum { BUSY_MS = 1000, WAL_TRIES = 50, NEW_FILES_MOST = 3, EVICT_ROUNDS = 4096 };

static const char schema[] =
    "DROP TABLE IF EXISTS profiles;"
    "DROP TABLE IF EXISTS summaries;"
    "DROP TABLE IF EXISTS plans;"
    "CREATE TABLE profiles(name TEXT NOT NULL, rate INTEGER NOT NULL, own INTEGER NOT NULL,"
    " measured INTEGER NOT NULL, version INTEGER NOT NULL, size INTEGER NOT NULL,"
    " modified INTEGER NOT NULL, used INTEGER NOT NULL, body BLOB NOT NULL, character BLOB,"
    " PRIMARY KEY(name, rate));"
    "CREATE INDEX profiles_used ON profiles(used);"
    "CREATE TABLE summaries(name TEXT PRIMARY KEY, version INTEGER NOT NULL,"
    " size INTEGER NOT NULL, modified INTEGER NOT NULL, used INTEGER NOT NULL, body BLOB)"
    " WITHOUT ROWID;"
    "CREATE TABLE plans(key BLOB PRIMARY KEY, version INTEGER NOT NULL, used INTEGER NOT NULL,"
    " body BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX plans_used ON plans(used);"
    "PRAGMA user_version = 2;";
_Static_assert(SCHEMA_VERSION == 2, "the schema writes its version");

static const char *const texts[CACHE_STATEMENTS] = {
    [CACHE_GET_PROFILE] = "SELECT body, size, modified, used, character FROM profiles"
                          " WHERE name = ?1 AND version = ?2 AND (rate = ?3 OR (?3 = 0 AND own))",
    [CACHE_PUT_PROFILE] =
        "INSERT INTO profiles(name, rate, own, measured, version, size, modified, used, body)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT(name, rate) DO UPDATE SET"
        " own = excluded.own, measured = excluded.measured, version = excluded.version,"
        " size = excluded.size, modified = excluded.modified, used = excluded.used,"
        " body = excluded.body, character = CASE WHEN version = excluded.version"
        " AND size = excluded.size AND modified = excluded.modified THEN character END"
        " WHERE NOT (measured AND NOT excluded.measured"
        " AND version = excluded.version AND size = excluded.size"
        " AND modified = excluded.modified)",
    [CACHE_PUT_CHARACTER] = "UPDATE profiles SET character = ?6 WHERE name = ?1 AND rate = ?2"
                            " AND version = ?3 AND size = ?4 AND modified = ?5",
    [CACHE_TOUCH_PROFILE] = "UPDATE profiles SET used = ?3 WHERE name = ?1 AND rate = ?2",
    [CACHE_GET_SUMMARY] = "SELECT body, size, modified FROM summaries"
                          " WHERE name = ?1 AND version = ?2",
    [CACHE_PUT_SUMMARY] = "INSERT OR REPLACE INTO"
                          " summaries(name, version, size, modified, used, body)"
                          " VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
    [CACHE_GET_PLAN] = "SELECT body, used FROM plans WHERE key = ?1 AND version = ?2",
    [CACHE_PUT_PLAN] = "INSERT OR REPLACE INTO plans(key, version, used, body)"
                       " VALUES(?1, ?2, ?3, ?4)",
    [CACHE_TOUCH_PLAN] = "UPDATE plans SET used = ?2 WHERE key = ?1",
    [CACHE_EVICT_PROFILES] = "DELETE FROM profiles WHERE rowid IN"
                             " (SELECT rowid FROM profiles ORDER BY used, rowid LIMIT 4)",
    [CACHE_EVICT_PLANS] = "DELETE FROM plans WHERE key IN"
                          " (SELECT key FROM plans ORDER BY used LIMIT 4)",
    [CACHE_EVICT_SUMMARIES] = "DELETE FROM summaries WHERE name IN"
                              " (SELECT name FROM summaries ORDER BY used LIMIT 256)",
    [CACHE_PAGES] = "SELECT (SELECT page_count FROM pragma_page_count),"
                    " (SELECT freelist_count FROM pragma_freelist_count),"
                    " (SELECT page_size FROM pragma_page_size)",
};

int64_t cache_now_s(void)
{
    return (int64_t)time(NULL);
}

/* --- the file ------------------------------------------------------------------------------ */

static void close_file(struct cache *cache)
{
    for (size_t i = 0; i < CACHE_STATEMENTS; i++) {
        sqlite3_finalize(cache->statements[i]);
        cache->statements[i] = NULL;
    }
    sqlite3_close(cache->db);
    cache->db = NULL;
}

static int read_version(struct cache *cache, int *version)
{
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(cache->db, "PRAGMA user_version", -1, &statement, NULL);

    if (result == SQLITE_OK) {
        result = sqlite3_step(statement);
        *version = result == SQLITE_ROW ? sqlite3_column_int(statement, 0) : 0;
    }
    sqlite3_finalize(statement);
    return result == SQLITE_ROW ? SQLITE_OK : result;
}

/* The tables, made by the first of those who come at once. */
static int make_tables(struct cache *cache)
{
    int version = 0;
    int result = sqlite3_exec(cache->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);

    if (result != SQLITE_OK)
        return result;
    result = read_version(cache, &version);
    if (result == SQLITE_OK && version != SCHEMA_VERSION)
        result = sqlite3_exec(cache->db, schema, NULL, NULL, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_exec(cache->db, "COMMIT", NULL, NULL, NULL);
    if (result != SQLITE_OK)
        sqlite3_exec(cache->db, "ROLLBACK", NULL, NULL, NULL);
    return result;
}

/* To become a WAL file it must be alone for a moment, and nobody waits for that but we. */
static int begin_wal(struct cache *cache)
{
    int result = SQLITE_BUSY;

    for (int i = 0; i < WAL_TRIES && result == SQLITE_BUSY; i++) {
        result = sqlite3_exec(cache->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
        if (result == SQLITE_BUSY)
            sqlite3_sleep(BUSY_MS / WAL_TRIES);
    }
    return result == SQLITE_BUSY ? SQLITE_OK : result; /* the other one does it */
}

/* A SQLite result. WAL and NORMAL: a process that dies leaves a sound file, and so does a machine,
   though what was written last may be lost then. */
static int open_file(struct cache *cache)
{
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    struct stat status;
    int version = 0, result = sqlite3_open_v2(cache->path, &cache->db, flags, NULL);

    if (result != SQLITE_OK)
        return result;
    sqlite3_extended_result_codes(cache->db, 0);
    sqlite3_busy_timeout(cache->db, BUSY_MS);
    result = sqlite3_exec(cache->db,
                          "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA cache_size = -1024;"
                          "PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 4194304",
                          NULL, NULL, NULL);
    if (result == SQLITE_OK)
        result = read_version(cache, &version);
    if (result == SQLITE_OK)
        result = begin_wal(cache);
    if (result == SQLITE_OK && version != SCHEMA_VERSION)
        result = make_tables(cache);
    cache->inode = stat(cache->path, &status) == 0 ? status.st_ino : 0;
    return result;
}

static void remove_file(struct cache *cache)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    size_t length = strlen(cache->path);
    char *name = malloc(length + sizeof("-wal"));

    for (size_t i = 0; name && i < sizeof(endings) / sizeof(endings[0]); i++) {
        memcpy(name, cache->path, length);
        memcpy(name + length, endings[i], strlen(endings[i]) + 1);
        unlink(name);
    }
    free(name);
}

static bool is_damage(int result)
{
    return result == SQLITE_CORRUPT || result == SQLITE_NOTADB;
}

/* In place of a damaged file, or with the one that another process has put there already. */
static void begin_anew(struct cache *cache, int result)
{
    struct stat status;
    bool still_there =
        stat(cache->path, &status) == 0 && (cache->inode == 0 || status.st_ino == cache->inode);

    close_file(cache);
    if (still_there) {
        log_write(cache->log, LOG_WARNING,
                  "%s: is damaged (%s): it is begun anew, and what it held is measured again",
                  cache->path, sqlite3_errstr(result));
        remove_file(cache);
    }
    result = ++cache->begun_new <= NEW_FILES_MOST ? open_file(cache) : SQLITE_ERROR;
    if (result != SQLITE_OK) {
        log_write(cache->log, LOG_WARNING, "%s: %s: what is measured is not kept", cache->path,
                  sqlite3_errstr(result));
        close_file(cache);
    }
}

/* mkdir -p of the folder, so that every user of a cache has one. */
static void make_folder(const char *path)
{
    char *folder = strdup(path);

    for (char *at = folder ? strchr(folder + 1, '/') : NULL; at; at = strchr(at + 1, '/')) {
        *at = '\0';
        mkdir(folder, 0700);
        *at = '/';
    }
    free(folder);
}

struct cache *cache_open(const char *path, int64_t limit_bytes, struct log *log)
{
    struct cache *cache = calloc(1, sizeof(*cache));
    int result;

    if (!cache)
        return NULL;
    cache->path = strdup(path);
    if (!cache->path) {
        free(cache);
        return NULL;
    }
    cache->limit_bytes = limit_bytes;
    cache->log = log;
    pthread_mutex_init(&cache->lock, NULL);
    make_folder(path);
    result = open_file(cache);
    if (is_damage(result))
        begin_anew(cache, result);
    else if (result != SQLITE_OK)
        log_write(log, LOG_WARNING, "%s: %s: what is measured is not kept", path,
                  sqlite3_errstr(result));
    if (!cache->db || (result != SQLITE_OK && !is_damage(result))) {
        cache_close(cache);
        errno = EIO;
        return NULL;
    }
    cache_trim(cache); /* the limit may be a new one */
    return cache;
}

void cache_close(struct cache *cache)
{
    if (!cache)
        return;
    close_file(cache);
    pthread_mutex_destroy(&cache->lock);
    free(cache->path);
    free(cache);
}

/* --- statements ---------------------------------------------------------------------------- */

sqlite3_stmt *cache_statement(struct cache *cache, enum cache_statement which)
{
    int result;

    if (!cache->db)
        return NULL;
    if (cache->statements[which])
        return cache->statements[which];
    result = sqlite3_prepare_v3(cache->db, texts[which], -1, SQLITE_PREPARE_PERSISTENT,
                                &cache->statements[which], NULL);
    if (is_damage(result))
        begin_anew(cache, result);
    return cache->db && result == SQLITE_OK ? cache->statements[which] : NULL;
}

bool cache_end(struct cache *cache, sqlite3_stmt *statement, int result)
{
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    if (result == SQLITE_ROW || result == SQLITE_DONE)
        return true;
    if (is_damage(result)) {
        begin_anew(cache, result);
    } else if (result != SQLITE_BUSY && result != SQLITE_LOCKED && !cache->told) {
        log_write(cache->log, LOG_WARNING, "%s: %s: what is measured is not kept", cache->path,
                  sqlite3_errmsg(cache->db));
        cache->told = true;
    }
    return false;
}

bool cache_run(struct cache *cache, sqlite3_stmt *statement)
{
    return cache_end(cache, statement, sqlite3_step(statement));
}

/* --- the limit ----------------------------------------------------------------------------- */

/* What is in use, and how long the file is, in bytes. */
static bool read_size(struct cache *cache, int64_t *used, int64_t *whole)
{
    sqlite3_stmt *statement = cache_statement(cache, CACHE_PAGES);
    int result = statement ? sqlite3_step(statement) : SQLITE_ERROR;

    if (result == SQLITE_ROW) {
        int64_t page = sqlite3_column_int64(statement, 2);

        *whole = page * sqlite3_column_int64(statement, 0);
        *used = *whole - page * sqlite3_column_int64(statement, 1);
    }
    return statement && cache_end(cache, statement, result);
}

/* Some of what was used longest ago. False: there is nothing left to give. */
static bool evict(struct cache *cache)
{
    static const enum cache_statement order[] = {CACHE_EVICT_PLANS, CACHE_EVICT_PROFILES,
                                                 CACHE_EVICT_SUMMARIES};

    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        sqlite3_stmt *statement = cache_statement(cache, order[i]);

        if (!statement || !cache_run(cache, statement))
            return false;
        if (order[i] != CACHE_EVICT_PLANS && sqlite3_changes(cache->db) > 0)
            return true;
    }
    return false;
}

void cache_trim(struct cache *cache)
{
    int64_t used = 0, whole = 0;
    int rounds = 0;

    if (!read_size(cache, &used, &whole) || whole <= cache->limit_bytes)
        return;
    while (used > cache->limit_bytes - cache->limit_bytes / 16 && rounds++ < EVICT_ROUNDS &&
           evict(cache) && read_size(cache, &used, &whole)) {
    }
    if (cache->db)
        sqlite3_exec(cache->db, "PRAGMA incremental_vacuum", NULL, NULL, NULL);
}

/* --- bytes --------------------------------------------------------------------------------- */

struct head {
    uint64_t order; /* tells a machine of the other byte order */
    uint64_t sum;
};
static const uint64_t byte_order = 0x6d61746368706c61;

uint64_t cache_sum(uint64_t sum, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;

    sum ^= 0xcbf29ce484222325 + size;
    for (size_t i = 0; i < size; i++) {
        sum = (sum ^ at[i]) * 0x100000001b3;
        sum ^= sum >> 29;
    }
    return sum;
}

void *cache_wrap(const void *part, size_t size, const void *rest, size_t rest_size, size_t *whole)
{
    struct head head = {.order = byte_order};
    char *body = malloc(sizeof(head) + size + rest_size);

    if (!body)
        return NULL;
    memcpy(body + sizeof(head), part, size);
    if (rest_size > 0)
        memcpy(body + sizeof(head) + size, rest, rest_size);
    head.sum = cache_sum(0, body + sizeof(head), size + rest_size);
    memcpy(body, &head, sizeof(head));
    *whole = sizeof(head) + size + rest_size;
    return body;
}

const void *cache_unwrap(const void *body, size_t whole, size_t *size)
{
    struct head head;

    if (!body || whole < sizeof(head))
        return NULL;
    memcpy(&head, body, sizeof(head));
    *size = whole - sizeof(head);
    if (head.order != byte_order ||
        head.sum != cache_sum(0, (const char *)body + sizeof(head), *size))
        return NULL;
    return (const char *)body + sizeof(head);
}

void cache_shrink(struct cache *cache)
{
    if (cache == NULL) {
        return;
    }
    pthread_mutex_lock(&cache->lock);
    if (cache->db != NULL) {
        sqlite3_db_release_memory(cache->db);
    }
    pthread_mutex_unlock(&cache->lock);
}
