/*
 * search.h - which tracks fit: words as they are typed, MPD's filter expressions, order, window.
 *
 * Words: every word of the text stands anywhere in the folded line of a track (artist, album
 * artist, album, title, date, file name); tracks where all words begin a word come first. Folding:
 * utf8proc, case and marks aside.
 * Filters: src of the grammar is the MPD protocol, "Filters" (0.23): (TAG == 'V'), !=, contains,
 * !contains, starts_with, =~, !~, (EXPR AND EXPR), (!EXPR), (base 'DIR'), (modified-since 'T'),
 * (added-since 'T'), (file ...), (any ...), (AudioFormat ...), and the older TAG VALUE pairs.
 * Order: by one tag (or "Last-Modified", "Added"), '-' in front turns it round; ties are broken by
 * album artist, date, album, disc, track, path, and without an order so is everything.
 *
 * Threads: the server's loop.
 */
#ifndef MP_LIBRARY_SEARCH_H
#define MP_LIBRARY_SEARCH_H

#include "base/hits.h"
#include "library/catalogue.h"

struct filter;

/* words[0 ... count) is what stands between the command's name and sort/window/group: one
   expression in (), or pairs of tag and value, or expressions one after the other. `fold`: as
   search does, case aside and substring; else as find does. 0, or -EINVAL with a message that MPD
   would send, or -ENOMEM. */
int filter_parse(struct filter **filter, const char *const words[], size_t count, bool fold,
                 char *message, size_t size);
void filter_destroy(struct filter *filter);
/* The folder of a (base 'DIR') that stands at the top, to say that there is none such; else NULL.
 */
const char *filter_base(const struct filter *filter);
/* What a song has no value of falls back as in MPD: AlbumArtist to Artist, the *Sort tags to what
   they sort. */
bool filter_fits(const struct filter *filter, const struct catalogue *catalogue,
                 const struct song *song);

/* How results are ordered; kind -1: by the ties' rule alone. */
struct search_order {
    int kind; /* enum tag, or one of: */
    bool descending;
};
enum { SEARCH_BY_MODIFIED = 1000, SEARCH_BY_ADDED, SEARCH_NO_ORDER = -1, SEARCH_BY_PLACE = -2 };
/* "album", "-Last-Modified". False: no such order. */
bool search_order_parse(struct search_order *order, const char *text);

/* Which songs, in which order, from where to where. */
struct search_question {
    const struct filter *filter; /* NULL: any song */
    const char *text;            /* words; NULL or without any: any song */
    struct search_order order;
    size_t first, last; /* the window [first, last) of what fits */
};

/* A list of songs, valid until the catalogue changes. */
struct search_result {
    const struct song **songs;
    size_t count; /* in songs: the window */
    size_t total; /* that fit */
};
/* Songs that fit both filter and text. SEARCH_BY_PLACE: in the order of the tree, as MPD's find
   without sort. 0, with a result to be finished, or -ENOMEM. */
int search_songs(struct catalogue *catalogue, const struct search_question *question,
                 struct search_result *result);
void search_result_finish(struct search_result *result);
/* What is looked for in a list: songs with every word of text that fit the filter as well. */
struct search_hit {
    const char *text;            /* NULL or "": any */
    const struct filter *filter; /* NULL: any */
};
/* Position in that same order (of filter alone) of the next hit, as hits.h goes from one to the
   next; -1: none. */
long search_next(struct catalogue *catalogue, const struct filter *filter,
                 const struct search_hit *hit, const struct search_order *order,
                 const struct hits_way *way);
/* The same in any list of uris: guests, and of what is not known the file's name, are looked in as
   well. */
long search_next_uri(const struct catalogue *catalogue, const char *const uris[], size_t count,
                     const struct search_hit *hit, const struct hits_way *way);

enum { SEARCH_GROUPS_MAX = 8 };

/* list TAG with filter and groups. */
struct search_columns {
    enum tag kind;
    const enum tag *groups;
    size_t group_count;
    const struct filter *filter; /* NULL: any song */
    size_t first, last;          /* the window [first, last) of rows */
};
/* Each row of values that there is, once, in order: by the last group, then the others, then the
   kind. values[0] belongs to `kind`, the others to groups; they are borrowed. The callback returns
   false to stop. 0 or negative errno. */
int search_list(struct catalogue *catalogue, const struct search_columns *columns,
                bool (*row)(void *context, const char *const values[]), void *context);

/* count, with or without one group (kind -1: without): songs and their seconds. */
int search_count(struct catalogue *catalogue, const struct filter *filter, int group,
                 bool (*row)(void *context, const char *value, size_t songs, double seconds),
                 void *context);

/* The first value of a tag as MPD sorts and folds it: text without case and marks. size >= 1. */
void search_fold(char *out, size_t size, const char *in);

#endif
