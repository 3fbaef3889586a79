/* running_measure.c - a piece of an endless source measured. */
#include "match/running_internal.h"

#include "match/analysis.h"
#include "match/match.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int measure_short_term(const struct running *running, const float *const channel[],
                              size_t frames, struct profile *profile)
{
    struct short_term_table *table = short_term_table_create(running->rate_hz, (int64_t)frames);
    struct short_term_listener *listener = table ? short_term_listener_create(table) : NULL;
    int result = -ENOMEM;

    if (listener) {
        short_term_listen(listener, 0, channel, frames);
        result = short_term_read(table, &profile->short_term);
    }
    profile->characterised = result == 0;
    short_term_listener_destroy(listener);
    short_term_table_destroy(table);
    return result;
}

static struct profile *measure(const struct running *running, size_t frames)
{
    const float *const channel[] = {running->filling[0] + running->fft_size,
                                    running->filling[1] + running->fft_size};
    struct profile *profile = profile_blank(running->rate_hz);
    struct analysis *analysis = analysis_create(running->rate_hz, (int64_t)frames);
    int result = -ENOMEM;

    if (profile && analysis) {
        analysis_feed(analysis, channel, frames);
        analysis_again(analysis);
        analysis_result(analysis, profile);
        result = measure_short_term(running, channel, frames, profile);
    }
    analysis_destroy(analysis);
    if (result == 0)
        return profile;
    profile_destroy(profile);
    return NULL;
}

/* What the level is corrected with. */
static void keep_mid(struct running *running, size_t frames, double rms)
{
    const float *left = running->filling[0] + running->fft_size;
    const float *right = running->filling[1] + running->fft_size;
    float *mid = realloc(running->loud.mid, frames * sizeof(*mid));

    if (!mid)
        return;
    for (size_t i = 0; i < frames; i++)
        mid[i] = 0.5F * (left[i] + right[i]);
    running->loud = (struct running_mid){mid, frames, rms};
}

/* True: it is one of the loud ones. */
static bool add_piece(struct running *running, struct profile *piece)
{
    double rms[RUNNING_PIECES];
    bool loud[RUNNING_PIECES];
    size_t count;

    profile_destroy(running->early);
    running->early = NULL;
    if (running->count == RUNNING_PIECES) {
        profile_destroy(running->pieces[0]);
        running->count--;
        memmove(running->pieces, running->pieces + 1, running->count * sizeof(running->pieces[0]));
    }
    running->pieces[running->count++] = piece;
    for (size_t i = 0; i < running->count; i++)
        rms[i] = running->pieces[i]->match_rms;
    match_loud_pieces(rms, running->count, loud, &count);
    return loud[running->count - 1];
}

int running_measure(struct running *running, size_t frames)
{
    struct profile *profile = measure(running, frames);
    bool counts = true;

    if (!profile)
        return -ENOMEM;
    pthread_mutex_lock(&running->lock);
    if (frames == running->piece_frames) {
        counts = add_piece(running, profile);
    } else {
        profile_destroy(running->early);
        running->early = profile;
    }
    if (counts)
        keep_mid(running, frames, profile->match_rms);
    running->seconds =
        (double)(running->count > 0 ? running->count * running->piece_frames : frames) /
        running->rate_hz;
    pthread_mutex_unlock(&running->lock);
    return 0;
}
