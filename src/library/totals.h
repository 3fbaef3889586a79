/*
 * totals.h - how much there is in the library: artists, albums, songs, hours.
 *
 * Counted over the whole catalogue when it has changed since it was asked last: some ms for a
 * hundred thousand tracks.
 *
 * Threads: one at a time, as the catalogue.
 */
#ifndef MP_LIBRARY_TOTALS_H
#define MP_LIBRARY_TOTALS_H

#include "library/catalogue.h"

struct totals {
    uint64_t version;              /* of the catalogue, + 1; 0: never counted */
    size_t artists, albums, songs; /* different names */
    double duration_s;
};

/* Begins as zeroes. */
void totals_read(struct totals *totals, const struct catalogue *catalogue);

#endif
