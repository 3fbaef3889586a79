/*
 * fold.h - text as it is compared: case aside, and marks ("ö" as "o") where asked.
 *
 * Characters are folded one by one (Unicode's full case folding, compatibility decomposition for
 * marks); bytes that are no UTF-8 stay as they are.
 *
 * Threads: any.
 * Source: Unicode 15, sections 3.13 and 5.18, by utf8proc.
 */
#ifndef MP_LIBRARY_FOLD_H
#define MP_LIBRARY_FOLD_H

#include <stdbool.h>
#include <stddef.h>

/* Writes at most size - 1 bytes and a NUL, cut on a character's border; size >= 1. Returns the
   bytes written. A text of n bytes needs FOLD_SPACE(n) at most. */
size_t fold_text(char *out, size_t size, const char *in, bool marks_too);
#define FOLD_SPACE(n) ((n)*12 + 1)

/* Order of two texts: folded, marks too; where that is the same, byte by byte. <0, 0, >0. */
int fold_compare(const char *one, const char *other);

#endif
