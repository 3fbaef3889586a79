/*
 * filter_internal.h - a filter as a tree of conditions.
 *
 * Threads: as search.h.
 */
#ifndef MP_LIBRARY_FILTER_INTERNAL_H
#define MP_LIBRARY_FILTER_INTERNAL_H

#include "library/search.h"
#include "library/text_match.h"

enum filter_kind {
    FILTER_AND, /* of its children */
    FILTER_TAG, /* text against the values of `tag` (TAG_KINDS: of any) */
    FILTER_FILE,
    FILTER_BASE,
    FILTER_MODIFIED, /* since */
    FILTER_ADDED,
    FILTER_FORMAT,
};

/* What is known of each string of a catalogue: 0 not looked at, else FITS or FITS_NOT. */
enum filter_known { FITS_NOT = 1, FITS = 2 };

struct filter_memo {
    const struct catalogue *catalogue;
    uint64_t version;
    uint8_t *known; /* by string */
    size_t size;
    uint32_t equal; /* the string that is the same byte by byte; INTERN_NONE: none */
};

struct filter {
    enum filter_kind kind;
    bool negated;
    struct filter *first_child, *next; /* next: of the same parent */
    int tag;
    struct text_match text;
    bool has_text;
    char *base;
    int64_t since_s;
    uint32_t rate_hz, bits, channels; /* 0: any */
    bool is_float;
    struct filter_memo *memo;
};

/* Each: 0 or negative errno, as filter_parse. Without a child or a text: a bare node. */
struct filter *filter_create(enum filter_kind kind);
void filter_add(struct filter *parent, struct filter *taken_child);
bool filter_parse_time(const char *text, int64_t *time_s);
/* "44100:16:2"; with_mask: "*" for any. The message is MPD's. */
int filter_parse_format(struct filter *filter, const char *text, bool with_mask, char *message,
                        size_t size);

#endif
