/*
 * database_internal.h - the open file behind a database, for the files that make up database.h.
 *
 * Threads: as database.h.
 */
#ifndef MP_LIBRARY_DATABASE_INTERNAL_H
#define MP_LIBRARY_DATABASE_INTERNAL_H

#include "library/database.h"
#include "library/record_pack.h"

#include <sqlite3.h>

enum database_statement {
    DATABASE_PUT,
    DATABASE_REMOVE,
    DATABASE_GET_TEXT,
    DATABASE_SET_TEXT,
    DATABASE_STATEMENTS
};

struct database {
    sqlite3 *file;
    sqlite3_stmt *statements[DATABASE_STATEMENTS];
    char *path;
    struct log *log;
    struct record_bytes bytes; /* of the row being written */
};

/* The errno value (negative) of an SQLite result; the one place where they are mapped. 0 for
   SQLITE_OK, _ROW and _DONE. */
int database_code(int result);
/* Opens the file and brings it up to this version. On failure what is open stays for
   database_shut. */
int database_open_file(struct database *database, char *message, size_t size);
void database_shut(struct database *database);
/* Gives the damaged file and what belongs to it another name. 0 or negative errno. */
int database_set_aside(struct database *database);
/* What to return for an SQLite result: as database_code, but when the file is damaged it is set
   aside, and a new one opened: -EUCLEAN. */
int database_answer(struct database *database, int result);

#endif
