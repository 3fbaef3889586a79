/*
 * render.h - a matched file: target, references and amounts in, a file of the same length out.
 *
 * Memory is bounded and does not grow with the length of the track.
 * Threads: any but the audio thread; it starts workers of its own.
 */
#ifndef MP_MATCH_RENDER_H
#define MP_MATCH_RENDER_H

#include "match/cache.h"
#include "media/encoder.h"

enum { RENDER_REFERENCES_MAX = 16, RENDER_WARNINGS_MAX = 32 };

struct render_request {
    const char *target;
    const char *references[RENDER_REFERENCES_MAX];
    double weights[RENDER_REFERENCES_MAX];
    size_t reference_count;
    const char *output;
    enum encoder_format format;
    struct amounts amounts;
    const struct rack *rack; /* NULL: the exact one */
    enum fft_precision precision;
    uint32_t block_frames; /* 0: what is fastest */
    const struct kernels *kernels;
    struct cache *cache; /* of what was measured before; NULL: none */
    bool measure; /* loudness and true peak of the result: several times the work of all the rest */
};

/* What it did, for --json and for the line at the end. */
struct render_report {
    struct profile *target, *result_reference; /* profiles of target and (first) reference; owned */
    struct plan *plan;                         /* owned */
    double loudness_lufs, true_peak_dbtp;      /* of the result; NAN unless asked for */
    struct limiter_work work;
    bool limiter_idle;
    char warnings[RENDER_WARNINGS_MAX][MEDIA_MESSAGE_SIZE]; /* one line each, naming the file */
    size_t warning_count;
};

enum render_stage { RENDER_ANALYSE, RENDER_CORRECT, RENDER_WRITE };

/* 0, or negative errno and *error; no output is left behind then. */
int render(const struct render_request *request, struct render_report *report,
           struct progress *progress, _Atomic int *stage, struct media_error *error);
void render_report_finish(struct render_report *report);

#endif
