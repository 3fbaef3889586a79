/* filter.c - does a song fit: a tree of conditions, each string looked at once. */
#include "library/filter_internal.h"

#include "library/catalogue_internal.h"

#include <stdlib.h>
#include <string.h>

struct filter *filter_create(enum filter_kind kind)
{
    struct filter *filter = calloc(1, sizeof *filter);

    if (filter != NULL) {
        filter->kind = kind;
        filter->memo = calloc(1, sizeof *filter->memo);
        if (filter->memo == NULL) {
            free(filter);
            return NULL;
        }
    }
    return filter;
}

void filter_add(struct filter *parent, struct filter *taken_child)
{
    struct filter **last = &parent->first_child;

    while (*last != NULL) {
        last = &(*last)->next;
    }
    *last = taken_child;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the parser lets it be */
void filter_destroy(struct filter *filter)
{
    while (filter != NULL) {
        struct filter *next = filter->next;

        filter_destroy(filter->first_child);
        if (filter->has_text) {
            text_match_finish(&filter->text);
        }
        free(filter->memo->known);
        free(filter->memo);
        free(filter->base);
        free(filter);
        filter = next;
    }
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the parser lets it be */
const char *filter_base(const struct filter *filter)
{
    if (filter->kind == FILTER_BASE && !filter->negated) {
        return filter->base;
    }
    for (const struct filter *child = filter->first_child;
         child != NULL && filter->kind == FILTER_AND && !filter->negated; child = child->next) {
        const char *base = filter_base(child);

        if (base != NULL) {
            return base;
        }
    }
    return NULL;
}

/* Ready for the strings of this catalogue as it is now. Without memory it remembers nothing. */
static void memo_renew(const struct filter *filter, const struct catalogue *catalogue)
{
    struct filter_memo *memo = filter->memo;
    const struct text_match *text = &filter->text;

    if (memo->catalogue == catalogue && memo->version == catalogue->version) {
        return;
    }
    free(memo->known);
    memo->known = calloc(catalogue->strings.count, 1);
    memo->size = memo->known != NULL ? catalogue->strings.count : 0;
    memo->equal = intern_find(&catalogue->strings, text->needle, strlen(text->needle));
    memo->catalogue = catalogue;
    memo->version = catalogue->version;
}

static bool look_at_string(const struct filter *filter, const struct catalogue *catalogue,
                           uint32_t string)
{
    struct filter_memo *memo = filter->memo;
    /* The matcher forgets and remakes its states: it lies in the tree, and is no part of what the
       filter means. */
    struct text_match *text = (struct text_match *)(uintptr_t)&filter->text;
    bool fits;

    fits = text_match_fits(text, intern_text(&catalogue->strings, string));
    if (string < memo->size) {
        memo->known[string] = fits ? FITS : FITS_NOT;
    }
    return fits;
}

static inline bool fits_string(const struct filter *filter, const struct catalogue *catalogue,
                               uint32_t string)
{
    const struct filter_memo *memo = filter->memo;

    if (filter->text.how == TEXT_EQUAL && !filter->text.fold) {
        return string == memo->equal;
    }
    return string < memo->size && memo->known[string] != 0
               ? memo->known[string] == FITS
               : look_at_string(filter, catalogue, string);
}

/* MPD's rule: one of the values; and with none, a value of "" asked for. */
static bool fits_tag(const struct filter *filter, const struct catalogue *catalogue,
                     const struct song *song)
{
    const uint32_t *words = catalogue->words + song->words;
    enum tag kind = TAG_KINDS;

    memo_renew(filter, catalogue);
    if (filter->tag != TAG_KINDS) {
        kind = song_resolve(catalogue, song, (enum tag)filter->tag);
        if (kind == TAG_KINDS) {
            return filter->text.needle[0] == '\0';
        }
    }
    for (size_t i = 0; i < song->tag_count; i++) {
        if ((kind == TAG_KINDS || word_kind(words[i]) == kind) &&
            fits_string(filter, catalogue, word_string(words[i]))) {
            return true;
        }
    }
    return false;
}

/* What is contained in a path and has no '/' is contained in its folder or in its name, of which
   each is looked at once. */
static bool fits_file(const struct filter *filter, const struct catalogue *catalogue,
                      const struct song *song)
{
    struct text_match *text = (struct text_match *)(uintptr_t)&filter->text;
    char uri[SONG_URI_SIZE];

    if (text->how == TEXT_CONTAINS && strchr(text->needle, '/') == NULL) {
        memo_renew(filter, catalogue);
        return fits_string(filter, catalogue, catalogue->folders[song->folder].path) ||
               fits_string(filter, catalogue, song->name);
    }
    return text_match_fits(text, song_uri(catalogue, song, uri));
}

static bool fits_base(const struct filter *filter, const struct catalogue *catalogue,
                      const struct song *song)
{
    const char *folder = intern_text(&catalogue->strings, catalogue->folders[song->folder].path);
    size_t length = strlen(filter->base);

    if (length == 0) {
        return true;
    }
    if (strncmp(folder, filter->base, length) == 0 &&
        (folder[length] == '\0' || folder[length] == '/')) {
        return true;
    }
    /* A file may be named, too: its folder, '/' and its name. */
    length = strlen(folder);
    if (strncmp(filter->base, folder, length) != 0 ||
        (length > 0 && filter->base[length++] != '/')) {
        return false;
    }
    return strcmp(filter->base + length, intern_text(&catalogue->strings, song->name)) == 0;
}

static bool fits_format(const struct filter *filter, const struct catalogue *catalogue,
                        const struct song *song)
{
    const struct song_format *format = &catalogue->formats[song->format];
    bool is_float = format->is_float || format->bits == 0; /* lossy ones decode to floats */

    return format->rate_hz != 0 && (filter->rate_hz == 0 || filter->rate_hz == format->rate_hz) &&
           (!filter->is_float || is_float) &&
           (filter->bits == 0 || (!is_float && filter->bits == format->bits)) &&
           (filter->channels == 0 || filter->channels == format->channels);
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the parser lets it be */
static bool fits_all(const struct filter *filter, const struct catalogue *catalogue,
                     const struct song *song)
{
    for (const struct filter *child = filter->first_child; child != NULL; child = child->next) {
        if (!filter_fits(child, catalogue, song)) {
            return false;
        }
    }
    return true;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the parser lets it be */
bool filter_fits(const struct filter *filter, const struct catalogue *catalogue,
                 const struct song *song)
{
    bool fits = false;

    switch (filter->kind) {
    case FILTER_AND:
        fits = fits_all(filter, catalogue, song);
        break;
    case FILTER_TAG:
        fits = fits_tag(filter, catalogue, song);
        break;
    case FILTER_FILE:
        fits = fits_file(filter, catalogue, song);
        break;
    case FILTER_BASE:
        fits = fits_base(filter, catalogue, song);
        break;
    case FILTER_MODIFIED:
        fits = song->modified_s >= filter->since_s;
        break;
    case FILTER_ADDED:
        fits = song->added_s >= filter->since_s;
        break;
    case FILTER_FORMAT:
        fits = fits_format(filter, catalogue, song);
        break;
    }
    return fits != filter->negated;
}
