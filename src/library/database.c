/* database.c - the library on disk. */
#include "library/database_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int database_open(struct database **database, const char *path, struct log *log, char *message,
                  size_t size)
{
    struct database *made = calloc(1, sizeof *made);
    int error;

    *database = NULL;
    if (made == NULL || (made->path = strdup(path)) == NULL) {
        free(made);
        snprintf(message, size, "%s: no memory left; close other programs", path);
        return -ENOMEM;
    }
    made->log = log;
    error = database_open_file(made, message, size);
    if (error == -EUCLEAN) {
        database_shut(made);
        error = database_set_aside(made);
        if (error == 0) {
            error = database_open_file(made, message, size);
        }
    }
    if (error != 0) {
        database_close(made);
        return error;
    }
    *database = made;
    return 0;
}

void database_close(struct database *database)
{
    if (database == NULL) {
        return;
    }
    database_shut(database);
    record_bytes_finish(&database->bytes);
    free(database->path);
    free(database);
}

static bool give_row(sqlite3_stmt *row, struct record_view *view,
                     bool (*each)(void *context, const struct record *), void *context)
{
    struct record record = {
        .uri = (const char *)sqlite3_column_text(row, 0),
        .modified_ns = sqlite3_column_int64(row, 1),
        .size = sqlite3_column_int64(row, 2),
        .added_s = sqlite3_column_int64(row, 3),
        .error = (const char *)sqlite3_column_text(row, 4),
        .tags = &view->tags,
    };

    return each(context, &record);
}

int database_each(struct database *database, bool (*each)(void *context, const struct record *),
                  void *context)
{
    struct record_view *view = malloc(sizeof *view);
    sqlite3_stmt *rows = NULL;
    bool go_on = true;
    int result;

    if (view == NULL) {
        return -ENOMEM;
    }
    result =
        sqlite3_prepare_v2(database->file, "SELECT * FROM files ORDER BY uri", -1, &rows, NULL);
    while (result == SQLITE_OK && go_on) {
        int step = sqlite3_step(rows);

        if (step != SQLITE_ROW) {
            result = step == SQLITE_DONE ? SQLITE_OK : step;
            break;
        }
        if (record_unpack_tags(view, sqlite3_column_blob(rows, 5),
                               (size_t)sqlite3_column_bytes(rows, 5)) != 0) {
            result = SQLITE_CORRUPT;
        } else {
            go_on = give_row(rows, view, each, context);
        }
    }
    sqlite3_finalize(rows);
    free(view);
    return database_answer(database, result);
}

/* "a" gives the range of all that begins with "a/": ["a/", "a0"). */
static int bind_range(sqlite3_stmt *rows, const char *folder)
{
    char *first = NULL, *last = NULL;
    int result = SQLITE_NOMEM;

    if (asprintf(&first, "%s/", folder) >= 0 && asprintf(&last, "%s0", folder) >= 0) {
        result = sqlite3_bind_text(rows, 1, first, -1, SQLITE_TRANSIENT);
        if (result == SQLITE_OK) {
            result = sqlite3_bind_text(rows, 2, last, -1, SQLITE_TRANSIENT);
        }
    }
    free(first);
    free(last);
    return result;
}

int database_each_stamp(struct database *database, const char *folder,
                        bool (*each)(void *context, const char *uri, int64_t modified_ns,
                                     int64_t size, int64_t added_s),
                        void *context)
{
    sqlite3_stmt *rows = NULL;
    const char *query = folder[0] == '\0'
                            ? "SELECT uri, modified_ns, size, added_s FROM files ORDER BY uri"
                            : "SELECT uri, modified_ns, size, added_s FROM files"
                              " WHERE uri >= ?1 AND uri < ?2 ORDER BY uri";
    int result = sqlite3_prepare_v2(database->file, query, -1, &rows, NULL);

    if (result == SQLITE_OK && folder[0] != '\0') {
        result = bind_range(rows, folder);
    }
    while (result == SQLITE_OK) {
        int step = sqlite3_step(rows);

        if (step != SQLITE_ROW) {
            result = step == SQLITE_DONE ? SQLITE_OK : step;
            break;
        }
        if (!each(context, (const char *)sqlite3_column_text(rows, 0),
                  sqlite3_column_int64(rows, 1), sqlite3_column_int64(rows, 2),
                  sqlite3_column_int64(rows, 3))) {
            break;
        }
    }
    sqlite3_finalize(rows);
    return database_answer(database, result);
}

int database_begin(struct database *database)
{
    return database_answer(database,
                           sqlite3_exec(database->file, "BEGIN IMMEDIATE", NULL, NULL, NULL));
}

int database_commit(struct database *database)
{
    int result = sqlite3_exec(database->file, "COMMIT", NULL, NULL, NULL);

    if (result != SQLITE_OK) {
        sqlite3_exec(database->file, "ROLLBACK", NULL, NULL, NULL);
    }
    return database_answer(database, result);
}

static int run(struct database *database, enum database_statement which)
{
    sqlite3_stmt *statement = database->statements[which];
    int result = sqlite3_step(statement);

    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return database_answer(database, result);
}

int database_put_packed(struct database *database, const struct record *record, const void *tags,
                        size_t tags_size)
{
    sqlite3_stmt *put = database->statements[DATABASE_PUT];

    sqlite3_bind_text(put, 1, record->uri, -1, SQLITE_STATIC);
    sqlite3_bind_int64(put, 2, record->modified_ns);
    sqlite3_bind_int64(put, 3, record->size);
    sqlite3_bind_int64(put, 4, record->added_s);
    sqlite3_bind_text(put, 5, record->error, -1, SQLITE_STATIC);
    sqlite3_bind_blob(put, 6, tags, (int)tags_size, SQLITE_STATIC);
    return run(database, DATABASE_PUT);
}

int database_put(struct database *database, const struct record *record)
{
    int error;

    database->bytes.size = 0;
    error = record_pack_tags(&database->bytes, record->tags);
    if (error != 0) {
        return error;
    }
    return database_put_packed(database, record, database->bytes.data, database->bytes.size);
}

int database_remove(struct database *database, const char *uri)
{
    sqlite3_bind_text(database->statements[DATABASE_REMOVE], 1, uri, -1, SQLITE_STATIC);
    return run(database, DATABASE_REMOVE);
}

char *database_get_text(struct database *database, const char *name)
{
    sqlite3_stmt *get = database->statements[DATABASE_GET_TEXT];
    char *text = NULL;
    int result;

    sqlite3_bind_text(get, 1, name, -1, SQLITE_STATIC);
    result = sqlite3_step(get);
    if (result == SQLITE_ROW) {
        const unsigned char *found = sqlite3_column_text(get, 0);

        text = found != NULL ? strdup((const char *)found) : NULL;
    }
    sqlite3_reset(get);
    database_answer(database, result);
    return text;
}

int database_set_text(struct database *database, const char *name, const char *text)
{
    sqlite3_bind_text(database->statements[DATABASE_SET_TEXT], 1, name, -1, SQLITE_STATIC);
    sqlite3_bind_text(database->statements[DATABASE_SET_TEXT], 2, text, -1, SQLITE_STATIC);
    return run(database, DATABASE_SET_TEXT);
}
