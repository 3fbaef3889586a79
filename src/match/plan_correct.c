/* plan_correct.c - step 10: the level of the convolved and clipped mid, brought to the goal. */
#include "match/correction.h"
#include "match/match.h"
#include "match/plan.h"
#include "match/reader.h"

#include "dsp/convolver.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* In single precision the level comes out up to 8e-7 wrong where the filter boosts much: -122 dBFS
   of what the render may differ by. Double it is. */
enum { BLOCK_FRAMES = 4096, CORRECTIONS = 4 };

/* The mid of a programme through the mid filter, into a histogram. */
struct pass {
    const struct plan *plan;
    struct correction *correction;
    struct convolver *convolver; /* NULL: no FIR, one frame late */
    struct convolver_filter *filter;
    double *mid;    /* BLOCK_FRAMES */
    size_t skip;    /* frames of delay that are still to come out */
    int64_t frames; /* read */
};

static int prepare_filter(struct pass *pass)
{
    struct convolver_shape shape = {
        .channels = 1,
        .block_frames = BLOCK_FRAMES,
        .taps = pass->plan->taps,
        .precision = FFT_FLOAT64,
        .kernels = kernels_select(SIMD_AUTO),
    };
    const double *const taps[] = {pass->plan->mid};

    if (pass->plan->taps == 0)
        return 0;
    pass->filter = convolver_filter_create(&shape, taps);
    pass->convolver = convolver_create(&shape);
    pass->skip = pass->plan->taps / 2 - 1;
    return pass->filter && pass->convolver ? 0 : -ENOMEM;
}

static int prepare(struct pass *pass, const struct profile *target, double gain)
{
    static const double silence = 0.0;

    pass->mid = fft_alloc(BLOCK_FRAMES * sizeof(*pass->mid));
    pass->correction = correction_create(target->pieces, target->piece_frames, gain);
    if (!pass->mid || !pass->correction || prepare_filter(pass) < 0)
        return -ENOMEM;
    if (!pass->convolver)
        correction_feed(pass->correction, &silence, 1);
    return 0;
}

static void finish(struct pass *pass)
{
    correction_destroy(pass->correction);
    convolver_destroy(pass->convolver);
    convolver_filter_destroy(pass->filter);
    free(pass->mid);
}

/* One block of mid, whole where there is a FIR. */
static void take_block(struct pass *pass, size_t frames)
{
    double *const audio[] = {pass->mid};
    size_t skip;

    if (pass->convolver) {
        memset(pass->mid + frames, 0, (BLOCK_FRAMES - frames) * sizeof(*pass->mid));
        convolver_process(pass->convolver, pass->filter, audio);
        frames = BLOCK_FRAMES;
    }
    skip = pass->skip < frames ? pass->skip : frames;
    pass->skip -= skip;
    correction_feed(pass->correction, pass->mid + skip, frames - skip);
}

static int read_through(struct pass *pass, struct reader *reader, struct progress *progress,
                        struct media_error *error)
{
    const float *channel[MEDIA_CHANNELS];
    ssize_t got;

    while ((got = reader_next(reader, channel, error)) > 0) {
        for (size_t i = 0; i < (size_t)got; i++)
            pass->mid[i] = 0.5 * ((double)channel[0][i] + (double)channel[1][i]);
        take_block(pass, (size_t)got);
        pass->frames += got;
        if (progress_advance(progress, got) < 0)
            return match_fail(error, -ECANCELED, "cancelled");
    }
    /* What the filter still holds. */
    for (size_t rest = pass->convolver ? pass->plan->taps / 2 : 0; rest > 0;) {
        take_block(pass, 0);
        rest = rest > BLOCK_FRAMES ? rest - BLOCK_FRAMES : 0;
    }
    return (int)got;
}

static int run_pass(struct pass *pass, const struct profile *target, struct programme *programme,
                    double gain, struct progress *progress, struct media_error *error)
{
    struct reader *reader;
    int result;

    if (prepare(pass, target, gain) < 0)
        return match_fail_memory(error);
    progress_begin(progress, target->frames);
    reader = reader_start(programme, BLOCK_FRAMES, error);
    if (!reader)
        return -errno;
    result = read_through(pass, reader, progress, error);
    reader_stop(reader);
    if (result == 0 && pass->frames != target->frames)
        result = match_fail(error, -EIO, "%s: changed while it was read; try again",
                            programme_name(programme));
    return result;
}

int plan_correct(struct plan *plan, const struct profile *target, struct programme *programme,
                 struct progress *progress, struct media_error *error)
{
    double goal = plan->coefficients[0] * fmax(MATCH_EPSILON, target->match_rms);
    double gain = plan->coefficients[0], found[CORRECTIONS];
    int done = 0;

    if (plan->identity)
        return 0;
    /* One pass, unless the corrections together leave what the histogram covers. */
    while (done < CORRECTIONS) {
        struct pass pass = {.plan = plan};
        int result = run_pass(&pass, target, programme, gain, progress, error);
        double relative = 1.0;

        while (result == 0 && done < CORRECTIONS && correction_covers(relative)) {
            found[done] =
                goal / fmax(MATCH_EPSILON, correction_match_rms(pass.correction, relative));
            relative *= found[done++];
        }
        gain *= relative;
        finish(&pass);
        if (result < 0)
            return result;
    }
    plan->gain = plan->coefficients[0];
    for (int i = 0; i < CORRECTIONS; i++) {
        plan->coefficients[i + 1] = found[i];
        plan->gain *= found[i];
    }
    plan->corrected = true;
    return 0;
}
