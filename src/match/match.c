/* match.c - what the parts of the match share. */
#include "match/match.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

enum { PIECE_SECONDS_MAX = 15 };

int match_fail(struct media_error *error, int code, const char *format, ...)
{
    va_list arguments;

    if (!error)
        return code;
    error->code = code;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof(error->message), format, arguments);
    va_end(arguments);
    return code;
}

int match_fail_memory(struct media_error *error)
{
    return match_fail(error, -ENOMEM, "out of memory: close other programs and try again");
}

size_t match_piece_count(int64_t frames, uint32_t rate_hz)
{
    return (size_t)(frames / ((int64_t)rate_hz * PIECE_SECONDS_MAX)) + 1;
}

static double rms_of(const double *values, const bool *chosen, size_t count)
{
    double sum = 0.0;
    size_t used = 0;

    for (size_t i = 0; i < count; i++) {
        if (chosen && !chosen[i])
            continue;
        sum += values[i] * values[i];
        used++;
    }
    return used > 0 ? sqrt(sum / (double)used) : 0.0;
}

double match_loud_pieces(const double *rms, size_t pieces, bool *loud, size_t *count)
{
    double average = rms_of(rms, NULL, pieces);

    *count = 0;
    for (size_t i = 0; i < pieces; i++) {
        loud[i] = rms[i] >= average;
        *count += loud[i];
    }
    if (*count == 0) {
        for (size_t i = 0; i < pieces; i++)
            loud[i] = true;
        *count = pieces;
    }
    return rms_of(rms, loud, pieces);
}

double match_peak_factor(double peak)
{
    return peak < MATCH_THRESHOLD ? fmax(MATCH_EPSILON, peak / MATCH_THRESHOLD) : 1.0;
}

void progress_begin(struct progress *progress, int64_t total_frames)
{
    if (!progress)
        return;
    atomic_store(&progress->done_frames, 0);
    atomic_store(&progress->total_frames, total_frames);
}

int progress_advance(struct progress *progress, int64_t frames)
{
    if (!progress)
        return 0;
    atomic_fetch_add_explicit(&progress->done_frames, frames, memory_order_relaxed);
    return progress_check(progress);
}

int progress_check(const struct progress *progress)
{
    return progress && atomic_load_explicit(&progress->cancel, memory_order_relaxed) ? -ECANCELED
                                                                                     : 0;
}
