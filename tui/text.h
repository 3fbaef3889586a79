/*
 * text.h - UTF-8 as a terminal shows it: characters with the marks on them, and their columns.
 *
 * Source: utf8proc (Unicode's width and grapheme cluster properties). What is not UTF-8 counts as
 * one column a byte and is shown as '?', and so is a control character. Signs without a shape that
 * would set the rest of the line otherwise (directions and the like) are left out.
 *
 * Threads: any.
 */
#ifndef MP_TUI_TEXT_H
#define MP_TUI_TEXT_H

#include <stdbool.h>
#include <stddef.h>

enum { TEXT_CLUSTER_SIZE = 24 };

/* What is seen as one character: a base and what combines with it. */
struct cluster {
    char bytes[TEXT_CLUSTER_SIZE]; /* NUL-terminated UTF-8; marks that do not fit are dropped */
    int columns;                   /* 1 or 2 */
};

/* Takes the next cluster from *text and moves it on. False at the end. */
bool text_next(const char **text, struct cluster *cluster);
int text_columns(const char *text);
/* How many bytes of it fit into `columns`, whole clusters only. */
size_t text_fitting(const char *text, int columns);
/* The whole of it if it fits, else what does and an ellipsis. */
void text_shorten(char *out, size_t size, const char *text, int columns, bool unicode);
/* Without case and marks, for search as it is typed; at most size - 1 bytes. */
void text_fold(char *out, size_t size, const char *text);

#endif
