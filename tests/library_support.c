/* library_support.c - tracks for the tests of the library, made out of one line each. */
#include "tests/library_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare_kinds(const void *one, const void *other)
{
    const struct tag_value *first = one, *second = other;

    if (first->kind != second->kind) {
        return first->kind < second->kind ? -1 : 1;
    }
    return first->text < second->text ? -1 : 1; /* the order of the line */
}

void record_make(struct made_record *made, const char *uri, const char *tags)
{
    char *rest, *pair;

    memset(made, 0, sizeof *made);
    snprintf(made->uri, sizeof made->uri, "%s", uri);
    snprintf(made->text, sizeof made->text, "%s", tags);
    for (pair = strtok_r(made->text, "|", &rest); pair != NULL; pair = strtok_r(NULL, "|", &rest)) {
        char *value = strchr(pair, '=');

        assert_non_null(value);
        *value = '\0';
        assert_true(tag_named(pair) >= 0);
        assert_true(made->tags.count < MADE_TAGS_MAX);
        made->values[made->tags.count++] = (struct tag_value){(enum tag)tag_named(pair), value + 1};
    }
    qsort(made->values, made->tags.count, sizeof made->values[0], compare_kinds);
    made->tags.values = made->values;
    made->tags.duration_s = 200;
    made->tags.rate_hz = 44100;
    made->tags.bits = 16;
    made->tags.channels = 2;
    snprintf(made->tags.codec, sizeof made->tags.codec, "FLAC");
    made->tags.track_gain_db = made->tags.track_peak = (double)NAN;
    made->tags.album_gain_db = made->tags.album_peak = (double)NAN;
    made->record = (struct record){.uri = made->uri,
                                   .modified_ns = 1000000000000,
                                   .size = 4000,
                                   .added_s = 2000,
                                   .tags = &made->tags};
}

void record_put(struct catalogue *catalogue, const char *uri, const char *tags)
{
    struct made_record made;

    record_make(&made, uri, tags);
    assert_int_equal(catalogue_put(catalogue, &made.record), 0);
}

uint32_t chance_below(struct chance *chance, uint32_t limit)
{
    chance->state = chance->state * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(chance->state >> 33) % limit;
}
