/* database_open.c - the library's file: opened, brought up to date, set aside when damaged. */
#include "library/database_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Each brings a file from the version before to its own: migrations[0] makes version 1. Numbers in
   `tags` are those of enum tag: when these change, a migration must empty the table. */
static const char *const migrations[] = {
    "CREATE TABLE files (uri TEXT PRIMARY KEY NOT NULL, modified_ns INTEGER NOT NULL,"
    " size INTEGER NOT NULL, added_s INTEGER NOT NULL, error TEXT, tags BLOB NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE TABLE texts (name TEXT PRIMARY KEY NOT NULL, text TEXT NOT NULL) WITHOUT ROWID;",
};

enum { VERSION = sizeof migrations / sizeof migrations[0], BUSY_MS = 5000 };

int database_code(int result)
{
    switch (result & 255) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return 0;
    case SQLITE_NOMEM:
        return -ENOMEM;
    case SQLITE_FULL:
        return -ENOSPC;
    case SQLITE_READONLY:
        return -EROFS;
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return -EACCES;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return -EBUSY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return -EUCLEAN;
    case SQLITE_CANTOPEN:
        return -ENOENT;
    case SQLITE_MISUSE:
    case SQLITE_CONSTRAINT:
    case SQLITE_RANGE:
        return -EINVAL;
    default:
        return -EIO;
    }
}

void database_shut(struct database *database)
{
    for (int i = 0; i < DATABASE_STATEMENTS; i++) {
        sqlite3_finalize(database->statements[i]);
        database->statements[i] = NULL;
    }
    sqlite3_close(database->file);
    database->file = NULL;
}

static int read_integer(struct database *database, const char *query, long *value)
{
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(database->file, query, -1, &statement, NULL);

    if (result == SQLITE_OK) {
        result = sqlite3_step(statement);
        *value = result == SQLITE_ROW ? (long)sqlite3_column_int64(statement, 0) : 0;
    }
    sqlite3_finalize(statement);
    return database_code(result);
}

/* -EUCLEAN for what is a database, but not ours. */
static int bring_up_to_date(struct database *database, char *message, size_t size)
{
    long version = 0, tables = 0;
    int error = read_integer(database, "PRAGMA user_version", &version);

    if (error == 0) {
        error = read_integer(database,
                             "SELECT count(*) FROM sqlite_schema WHERE name IN ('files', 'texts')",
                             &tables);
    }
    if (error != 0) {
        return error;
    }
    if (version > VERSION) {
        snprintf(message, size,
                 "%s: was written by a newer matchplay; use that one, or move the file away",
                 database->path);
        return -ENOTSUP;
    }
    if (version < 0 || tables != (version > 0 ? 2 : 0)) {
        return -EUCLEAN;
    }
    for (; error == 0 && version < VERSION; version++) {
        char text[1024];

        snprintf(text, sizeof text, "BEGIN IMMEDIATE; %s PRAGMA user_version = %ld; COMMIT",
                 migrations[version], version + 1);
        error = database_code(sqlite3_exec(database->file, text, NULL, NULL, NULL));
    }
    return error;
}

static int prepare(struct database *database)
{
    static const char *const texts[DATABASE_STATEMENTS] = {
        [DATABASE_PUT] = "INSERT OR REPLACE INTO files VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        [DATABASE_REMOVE] = "DELETE FROM files WHERE uri = ?1",
        [DATABASE_GET_TEXT] = "SELECT text FROM texts WHERE name = ?1",
        [DATABASE_SET_TEXT] = "INSERT OR REPLACE INTO texts VALUES (?1, ?2)",
    };
    int result = SQLITE_OK;

    for (int i = 0; result == SQLITE_OK && i < DATABASE_STATEMENTS; i++) {
        result = sqlite3_prepare_v3(database->file, texts[i], -1, SQLITE_PREPARE_PERSISTENT,
                                    &database->statements[i], NULL);
    }
    return database_code(result);
}

int database_open_file(struct database *database, char *message, size_t size)
{
    int error = database_code(
        sqlite3_open_v2(database->path, &database->file,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL));

    message[0] = '\0';
    if (error == 0) {
        sqlite3_extended_result_codes(database->file, 1);
        sqlite3_busy_timeout(database->file, BUSY_MS);
        /* Few and large checkpoints: a first scan writes some 40 MB. */
        error = database_code(sqlite3_exec(database->file,
                                           "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                                           "PRAGMA wal_autocheckpoint = 4000;"
                                           "PRAGMA journal_size_limit = 1048576;",
                                           NULL, NULL, NULL));
    }
    if (error == 0) {
        error = bring_up_to_date(database, message, size);
    }
    if (error == 0) {
        error = prepare(database);
    }
    if (error != 0 && message[0] == '\0') {
        snprintf(message, size, "%s: the library cannot be opened (%s); see who may write there",
                 database->path, strerror(-error));
    }
    return error;
}

int database_set_aside(struct database *database)
{
    static const char *const endings[] = {"-wal", "-shm", ""};
    struct tm broken_down;
    time_t now = time(NULL);
    char stamp[32], old[4096], new[4096];
    int error = 0;

    strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", localtime_r(&now, &broken_down));
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        snprintf(old, sizeof old, "%s%s", database->path, endings[i]);
        snprintf(new, sizeof new, "%s.damaged-%s%s", database->path, stamp, endings[i]);
        error = rename(old, new) == 0 ? 0 : -errno;
    }
    if (error == 0) {
        log_write(database->log, LOG_WARNING,
                  "%s is damaged, or no library: it is kept as %s, and the music is read anew",
                  database->path, new);
    }
    return error;
}

int database_answer(struct database *database, int result)
{
    int error = database_code(result);
    char message[512];

    if (error == 0) {
        return 0;
    }
    if (error != -EUCLEAN) {
        log_write(database->log, LOG_ERROR, "%s: %s (%s)", database->path,
                  sqlite3_errmsg(database->file), strerror(-error));
        return error;
    }
    database_shut(database);
    error = database_set_aside(database);
    if (error == 0) {
        error = database_open_file(database, message, sizeof message);
        if (error != 0) {
            log_write(database->log, LOG_ERROR, "%s", message);
        }
    }
    return error == 0 ? -EUCLEAN : error;
}
