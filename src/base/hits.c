/* hits.c - from a place in a list to the next hit. */
#include "base/hits.h"

static size_t after(const struct hits *hits, size_t place, int direction)
{
    return (direction > 0 ? place + 1 : place + hits->count - 1) % hits->count;
}

/* The first of a class among `steps` places, from `place` on and round the ends. -1: none. */
static long nearest(const struct hits *hits, enum words_class class, const struct hits_way *way,
                    size_t steps)
{
    size_t place = way->from;

    for (; steps > 0; steps--) {
        if (hits->class_at(hits->context, place) == class) {
            return (long)place;
        }
        place = after(hits, place, way->direction);
    }
    return -1;
}

/* The same, of any class: the first that is inside of words, where none is at a start. */
static long nearest_best(const struct hits *hits, const struct hits_way *way)
{
    size_t place = way->from;
    long inside = -1;

    for (size_t steps = 0; steps < hits->count; steps++) {
        enum words_class class = hits->class_at(hits->context, place);

        if (class == WORDS_BEGIN) {
            return (long)place;
        }
        if (class == WORDS_INSIDE && inside < 0) {
            inside = (long)place;
        }
        place = after(hits, place, way->direction);
    }
    return inside;
}

/* From a hit: on to the end of the list, then the other class, then its own from the beginning. */
static long next_of_hit(const struct hits *hits, const struct hits_way *way, enum words_class here)
{
    const int direction = way->direction;
    const struct hits_way on = {after(hits, way->from, direction), direction, true};
    const struct hits_way whole = {direction > 0 ? 0 : hits->count - 1, direction, true};
    size_t ahead = direction > 0 ? hits->count - 1 - way->from : way->from;
    long found = nearest(hits, here, &on, ahead);

    if (found < 0) {
        found =
            nearest(hits, here == WORDS_BEGIN ? WORDS_INSIDE : WORDS_BEGIN, &whole, hits->count);
    }
    return found >= 0 ? found : nearest(hits, here, &whole, hits->count);
}

long hits_next(const struct hits *hits, const struct hits_way *way)
{
    struct hits_way from = *way;

    if (hits->count == 0) {
        return -1;
    }
    if (way->from >= hits->count) {
        from.from = way->direction > 0 ? 0 : hits->count - 1;
    } else if (!way->itself) {
        enum words_class here = hits->class_at(hits->context, way->from);

        if (here != WORDS_FIT_NOT) {
            return next_of_hit(hits, way, here);
        }
        from.from = after(hits, way->from, way->direction);
    }
    return nearest_best(hits, &from);
}
