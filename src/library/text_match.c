/* text_match.c - one text against another. */
#include "library/text_match.h"

#include "library/fold.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FOLDED_SPACE = 16384,
    /* An expression remembers every state it was in; made anew after so many bytes it forgets. */
    REGEX_FORGETS = 65536,
};

/* The largest of "{2,5}"; `at` stands behind the brace. 0: none there. */
static unsigned long largest_count(const char *at)
{
    char *end;
    unsigned long largest = strtoul(at, &end, 10);

    if (*end == ',') {
        unsigned long second = strtoul(end + 1, NULL, 10);

        largest = second > largest ? second : largest;
    }
    return largest;
}

static const char *refused(const char *pattern)
{
    unsigned long product = 1;

    if (strlen(pattern) > TEXT_REGEX_LIMIT) {
        return "Regex is too long";
    }
    for (const char *at = pattern; *at != '\0'; at++) {
        if (*at == '\\' && at[1] != '\0') {
            at++;
            if (*at >= '1' && *at <= '9') {
                return "Regex with back-references";
            }
        } else if (*at == '{') {
            unsigned long count = largest_count(at + 1);

            product *= count > 1 ? (count < 1000000 ? count : 1000000) : 1;
            if (product > TEXT_REGEX_COUNTS) {
                return "Regex with too large counts";
            }
        }
    }
    return NULL;
}

/* "\d" is Perl's, and MPD's; POSIX has [0-9]. */
static char *translate(const char *pattern)
{
    char *translated = malloc(strlen(pattern) * 3 + 1);
    size_t used = 0;

    while (translated != NULL && *pattern != '\0') {
        if (pattern[0] == '\\' && pattern[1] == 'd') {
            memcpy(translated + used, "[0-9]", 5);
            used += 5;
            pattern += 2;
        } else {
            if (pattern[0] == '\\' && pattern[1] != '\0') {
                translated[used++] = *pattern++;
            }
            translated[used++] = *pattern++;
        }
    }
    if (translated != NULL) {
        translated[used] = '\0';
    }
    return translated;
}

static int compile(struct text_match *match)
{
    int result = regcomp(&match->regex, match->needle,
                         REG_EXTENDED | REG_NOSUB | (match->fold ? REG_ICASE : 0));

    match->compiled = result == 0;
    match->matched = 0;
    return result;
}

static int init_regex(struct text_match *match, const char *value, char *message, size_t size)
{
    const char *reason = refused(value);
    int result;

    if (reason != NULL) {
        snprintf(message, size, "%s", reason);
        return -EINVAL;
    }
    match->needle = translate(value);
    if (match->needle == NULL) {
        return -ENOMEM;
    }
    result = compile(match);
    if (result != 0) {
        char why[128];

        regerror(result, &match->regex, why, sizeof why);
        snprintf(message, size, "Error in regex: %s", why);
        free(match->needle);
        return result == REG_ESPACE ? -ENOMEM : -EINVAL;
    }
    return 0;
}

int text_match_init(struct text_match *match, enum text_how how, bool fold, const char *value,
                    char *message, size_t size)
{
    size_t space = FOLD_SPACE(strlen(value));

    memset(match, 0, sizeof *match);
    match->how = how;
    match->fold = fold;
    if (how == TEXT_REGEX) {
        return init_regex(match, value, message, size);
    }
    match->needle = malloc(space);
    if (match->needle == NULL) {
        return -ENOMEM;
    }
    if (fold) {
        match->length = fold_text(match->needle, space, value, false);
    } else {
        match->length = strlen(value);
        memcpy(match->needle, value, match->length + 1);
    }
    return 0;
}

void text_match_finish(struct text_match *match)
{
    free(match->needle);
    if (match->compiled) {
        regfree(&match->regex);
    }
    memset(match, 0, sizeof *match);
}

static bool fits_regex(struct text_match *match, const char *text)
{
    if (match->compiled && match->matched > REGEX_FORGETS) {
        regfree(&match->regex);
        compile(match);
    }
    match->matched += strlen(text) + 1;
    return match->compiled && regexec(&match->regex, text, 0, NULL, 0) == 0;
}

bool text_match_fits(struct text_match *match, const char *text)
{
    char folded[FOLDED_SPACE];

    if (match->how == TEXT_REGEX) {
        return fits_regex(match, text);
    }
    if (match->fold) {
        fold_text(folded, sizeof folded, text, false);
        text = folded;
    }
    switch (match->how) {
    case TEXT_EQUAL:
        return strcmp(text, match->needle) == 0;
    case TEXT_CONTAINS:
        return strstr(text, match->needle) != NULL;
    default:
        return strncmp(text, match->needle, match->length) == 0;
    }
}
