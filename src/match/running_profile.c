/* running_profile.c - the pieces of an endless source as one profile, and the level that its plan
 * leads to. */
#include "match/running_internal.h"

#include "dsp/convolver.h"
#include "match/correction.h"
#include "match/match.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_FRAMES = 4096, CORRECTIONS = 4 };

static void levels_of(const struct running *running, double *rms)
{
    for (size_t i = 0; i < running->count; i++)
        rms[i] = running->pieces[i]->match_rms;
}

/* --- all of them ------------------------------------------------------------------------------ */

static void add_spectra(struct profile *sum, const struct profile *piece, double weight)
{
    for (size_t k = 0; k < sum->bins; k++) {
        sum->mid[k] += weight * piece->mid[k];
        sum->side[k] += weight * piece->side[k];
    }
}

/* The mean of the pieces' numbers, by the windows that count in each. */
static void add_short_term(struct short_term *sum, const struct short_term *piece, double weight)
{
    sum->windows += piece->windows;
    for (size_t i = 0; i < SHORT_TERM_BANDS; i++) {
        sum->band[i].median_db += weight * piece->band[i].median_db;
        sum->band[i].loud_db += weight * piece->band[i].loud_db;
        sum->band[i].mean_db += weight * piece->band[i].mean_db;
    }
    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        sum->part[i].low_db += weight * piece->part[i].low_db;
        sum->part[i].middle_db += weight * piece->part[i].middle_db;
        sum->part[i].high_db += weight * piece->part[i].high_db;
    }
}

static void join_short_term(const struct running *running, struct profile *profile)
{
    double windows = 0.0;

    for (size_t i = 0; i < running->count; i++)
        windows += (double)running->pieces[i]->short_term.windows;
    for (size_t i = 0; i < running->count && windows > 0.0; i++) {
        const struct short_term *piece = &running->pieces[i]->short_term;

        add_short_term(&profile->short_term, piece, (double)piece->windows / windows);
    }
    profile->characterised = true;
}

static void join_totals(const struct running *running, struct profile *profile)
{
    double power = 0.0, width = 0.0, correlation = 0.0;

    for (size_t i = 0; i < running->count; i++) {
        const struct profile *piece = running->pieces[i];

        profile->frames += piece->frames;
        profile->peak = fmax(profile->peak, piece->peak);
        profile->full_scale_samples += piece->full_scale_samples;
        power += pow(10.0, piece->rms_db / 10.0) / (double)running->count;
        width += piece->width * piece->width / (double)running->count;
        correlation += piece->correlation / (double)running->count;
    }
    profile->rms_db = 10.0 * log10(fmax(power, 1e-30));
    profile->width = sqrt(width);
    profile->correlation = correlation;
}

/* As a track of these pieces, all of one length, would be measured. */
static void join(const struct running *running, struct profile *profile)
{
    double rms[RUNNING_PIECES];
    bool loud[RUNNING_PIECES];

    levels_of(running, rms);
    profile->pieces = running->count;
    profile->piece_frames = (int64_t)running->piece_frames;
    profile->match_rms = match_loud_pieces(rms, running->count, loud, &profile->loud_pieces);
    for (size_t i = 0; i < running->count; i++) {
        if (loud[i])
            add_spectra(profile, running->pieces[i], 1.0 / (double)profile->loud_pieces);
    }
    join_totals(running, profile);
    join_short_term(running, profile);
}

static void copy(const struct profile *from, struct profile *to)
{
    double *mid = to->mid, *side = to->side;

    memcpy(mid, from->mid, to->bins * sizeof(*mid));
    memcpy(side, from->side, to->bins * sizeof(*side));
    *to = *from;
    to->mid = mid;
    to->side = side;
    to->narrow = true;
}

/* The middle of the last loud piece, for who plans alone. Without memory, as it was before. */
static void take_mid(struct running *running)
{
    const struct running_mid *loud = &running->loud;
    float *mid = realloc(running->taken.mid, (loud->frames + 1) * sizeof(*mid));

    if (!mid)
        return;
    if (loud->frames > 0)
        memcpy(mid, loud->mid, loud->frames * sizeof(*mid));
    running->taken.mid = mid;
    running->taken.frames = loud->frames;
    running->taken.rms = loud->rms;
}

struct profile *running_profile(struct running *running, struct media_error *error)
{
    struct profile *profile = profile_blank(running->rate_hz);
    bool any;

    if (!profile) {
        match_fail_memory(error);
        return NULL;
    }
    profile->narrow = true;
    pthread_mutex_lock(&running->lock);
    any = running->count > 0 || running->early;
    if (running->count > 0)
        join(running, profile);
    else if (running->early)
        copy(running->early, profile);
    take_mid(running);
    pthread_mutex_unlock(&running->lock);
    if (any)
        return profile;
    match_fail(error, -EAGAIN, "nothing was heard of it yet");
    profile_destroy(profile);
    errno = EAGAIN;
    return NULL;
}

/* --- its level -------------------------------------------------------------------------------- */

/* The kept middle through the plan's filter, into the histogram. */
static int convolve(const struct running *running, const struct plan *plan,
                    struct correction *correction)
{
    struct convolver_shape shape = {.channels = 1,
                                    .block_frames = BLOCK_FRAMES,
                                    .taps = plan->taps,
                                    .precision = FFT_FLOAT32,
                                    .kernels = kernels_select(SIMD_AUTO)};
    struct convolver_filter *filter =
        plan->taps > 0 ? convolver_filter_create(&shape, (const double *const[]){plan->mid}) : NULL;
    struct convolver *convolver = filter ? convolver_create(&shape) : NULL;
    double *block = fft_alloc(BLOCK_FRAMES * sizeof(*block));
    double *const audio[] = {block};
    bool ready = block && (plan->taps == 0 || convolver);

    for (size_t at = 0; ready && at + BLOCK_FRAMES <= running->taken.frames; at += BLOCK_FRAMES) {
        for (size_t i = 0; i < BLOCK_FRAMES; i++)
            block[i] = (double)running->taken.mid[at + i];
        if (convolver)
            convolver_process(convolver, filter, audio);
        correction_feed(correction, block, BLOCK_FRAMES);
    }
    free(block);
    convolver_destroy(convolver);
    convolver_filter_destroy(filter);
    return ready ? 0 : -ENOMEM;
}

int running_correct(const struct running *running, struct plan *plan, struct media_error *error)
{
    double coefficients[1 + CORRECTIONS] = {plan->coefficients[0], 1.0, 1.0, 1.0, 1.0};
    double goal = plan->coefficients[0] * running->taken.rms, relative = 1.0;
    struct correction *correction;
    int result = 0;

    if (plan->identity || !running->taken.mid || running->taken.rms < MATCH_EPSILON)
        return 0;
    correction = correction_create(1, (int64_t)running->taken.frames, plan->coefficients[0]);
    if (!correction || convolve(running, plan, correction) < 0)
        result = match_fail_memory(error);
    for (int i = 1; result == 0 && i <= CORRECTIONS && correction_covers(relative); i++) {
        coefficients[i] = goal / fmax(MATCH_EPSILON, correction_match_rms(correction, relative));
        relative *= coefficients[i];
    }
    correction_destroy(correction);
    if (result == 0)
        plan_recall(plan, coefficients);
    return result;
}
