/*
 * render_internal.h - the steps of a render, each in a file of its own.
 *
 * Threads: any but the audio thread.
 */
#ifndef MP_MATCH_RENDER_INTERNAL_H
#define MP_MATCH_RENDER_INTERNAL_H

#include "match/render.h"

/* A file of the request: what is known of it. */
struct render_source {
    const char *path;
    struct programme *programme; /* NULL: a reference that is gone, and known */
    struct programme *measured;  /* the target at the rate at which it is measured; NULL: its own */
    enum profile_depth depth;    /* what of it the rack asks for */
    struct profile *profile;
    struct cache_key key;
    bool known; /* its profile came from the cache */
};

/* A line for the user, about `path`. Past RENDER_WARNINGS_MAX it is dropped. */
void render_warn(struct render_report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Profiles of all sources that have none, beside one another; each is left open. 0 or negative
 * errno, *error. */
int render_analyse(struct render_source *sources, size_t count, struct progress *progress,
                   struct media_error *error);

/* One writing of the whole output; all borrowed. */
struct render_pass {
    const struct render_request *request;
    const struct rack *rack;
    struct programme *programme;
    struct encoder *encoder; /* neither finished nor aborted */
    struct progress *progress;
    bool without_limiter;
};

/* Decodes, equalises, limits and writes, each in a thread of its own, and adds what came of it to
   the report, which has the plan. 0 or negative errno, *error. */
int render_write(const struct render_pass *pass, struct render_report *report,
                 struct media_error *error);

#endif
