/*
 * text.h - text of unknown make as clean UTF-8.
 *
 * Threads: any.
 */
#ifndef MP_MEDIA_TEXT_H
#define MP_MEDIA_TEXT_H

#include <stdbool.h>
#include <stddef.h>

bool text_is_utf8(const char *text);

/* `in` as UTF-8 without control characters (they become spaces) and without spaces around it, cut
   between two characters to fit into `size` bytes. What is not UTF-8 is taken for Latin-1, as old
   tags are. */
void text_clean(char *out, size_t size, const char *in);

#endif
