/*
 * text_match.h - one text against another: equal, contained, at the start, or a regular expression.
 *
 * Regular expressions are POSIX extended ones, and \d. What could cost without bound is refused:
 * back-references, long patterns, and counts whose product is large.
 *
 * Threads: one at a time.
 */
#ifndef MP_LIBRARY_TEXT_MATCH_H
#define MP_LIBRARY_TEXT_MATCH_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

enum text_how { TEXT_EQUAL, TEXT_CONTAINS, TEXT_STARTS, TEXT_REGEX };
enum { TEXT_REGEX_LIMIT = 256, TEXT_REGEX_COUNTS = 100 };

struct text_match {
    enum text_how how;
    bool fold; /* case aside */
    char *needle;
    size_t length;
    regex_t regex;
    bool compiled;
    size_t matched; /* bytes since the expression was compiled */
};

/* 0, -EINVAL with a message, or -ENOMEM. To be finished only after 0. */
int text_match_init(struct text_match *match, enum text_how how, bool fold, const char *value,
                    char *message, size_t size);
void text_match_finish(struct text_match *match);
bool text_match_fits(struct text_match *match, const char *text);

#endif
