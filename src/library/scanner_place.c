/* scanner_place.c - what a scan looks at: lists of places. */
#include "library/scanner_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct scan_job *scan_job_create(void)
{
    return calloc(1, sizeof(struct scan_job));
}

void scan_job_destroy(struct scan_job *job)
{
    if (job == NULL) {
        return;
    }
    for (size_t i = 0; i < job->count; i++) {
        free(job->places[i].uri);
    }
    free(job->places);
    free(job);
}

static void forget_all(struct scan_job *job)
{
    for (size_t i = 0; i < job->count; i++) {
        free(job->places[i].uri);
    }
    job->count = 0;
}

int scan_job_add(struct scan_job *job, const char *uri, bool deep)
{
    char *copy;

    for (size_t i = job->count; i > 0 && i + 4 > job->count; i--) {
        const struct scan_place *place = &job->places[i - 1];

        if (strcmp(place->uri, uri) == 0 && (place->deep || !deep)) {
            return 0;
        }
    }
    if (job->count == SCANNER_PLACES_MAX) {
        forget_all(job);
        uri = "";
        deep = true;
    }
    if (job->count == job->room) {
        size_t room = job->room * 2 + 4;
        struct scan_place *grown = realloc(job->places, room * sizeof *grown);

        if (grown == NULL) {
            return -ENOMEM;
        }
        job->places = grown;
        job->room = room;
    }
    copy = strdup(uri);
    if (copy == NULL) {
        return -ENOMEM;
    }
    job->places[job->count++] = (struct scan_place){copy, deep};
    return 0;
}

bool scan_uri_is_below(const char *uri, const char *folder)
{
    size_t length = strlen(folder);

    return length == 0 ? uri[0] != '\0' : strncmp(uri, folder, length) == 0 && uri[length] == '/';
}

bool scan_uri_is_fit(const char *uri)
{
    if (uri[0] == '\0') {
        return true;
    }
    if (strlen(uri) > RECORD_URI_LIMIT || uri[strlen(uri) - 1] == '/') {
        return false;
    }
    for (const char *at = uri; at != NULL; at = strchr(at, '/')) {
        at += *at == '/';
        if (*at == '.' || *at == '/' || *at == '\0') {
            return false;
        }
    }
    return true;
}

static bool covers(const struct scan_place *one, const struct scan_place *other)
{
    if (strcmp(one->uri, other->uri) == 0) {
        return one->deep || !other->deep;
    }
    return one->deep && scan_uri_is_below(other->uri, one->uri);
}

/* By uri with '/' before all else, so that what is below a folder follows it; deep ones first. */
static int by_tree(const void *one, const void *other)
{
    const struct scan_place *a = one, *b = other;
    const unsigned char *x = (const unsigned char *)a->uri, *y = (const unsigned char *)b->uri;

    while (*x != '\0' && *x == *y) {
        x++;
        y++;
    }
    if (*x != *y) {
        int left = *x == '/' ? 1 : *x == '\0' ? 0 : *x + 1;
        int right = *y == '/' ? 1 : *y == '\0' ? 0 : *y + 1;

        return left - right;
    }
    return (int)b->deep - (int)a->deep;
}

void scan_job_tidy(struct scan_job *job)
{
    size_t kept = 0;
    size_t cover = 0; /* the last one kept that is deep */

    if (job->count > 1) {
        qsort(job->places, job->count, sizeof *job->places, by_tree);
    }
    for (size_t i = 0; i < job->count; i++) {
        if (kept > 0 && (covers(&job->places[cover], &job->places[i]) ||
                         covers(&job->places[kept - 1], &job->places[i]))) {
            free(job->places[i].uri);
            continue;
        }
        job->places[kept] = job->places[i];
        cover = job->places[kept].deep ? kept : cover;
        kept++;
    }
    job->count = kept;
}
