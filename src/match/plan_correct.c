/* plan_correct.c - step 10: the level of the convolved and clipped mid, brought to the goal. */
#include "match/correction.h"
#include "match/crew.h"
#include "match/match.h"
#include "match/plan.h"

#include "dsp/convolver.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* In single precision the level comes out up to 8e-7 wrong where the filter boosts much: -122 dBFS
   of what the render may differ by. Double it is. */
enum { BLOCK_FRAMES = 4096, CORRECTIONS = 4 };

/* One of those who put the mid through the mid filter, into a histogram. Each chunk is a stream of
   its own that begins in what stands before it, early enough for the filter. */
struct worker {
    const struct plan *plan;
    const struct convolver_filter *filter; /* NULL: no FIR, one frame late */
    struct correction *correction;
    struct convolver *convolver;
    const struct kernels *kernels;
    double *mid, *side; /* BLOCK_FRAMES */
};

/* The mid of a programme, corrected by all of them. */
struct pass {
    struct worker worker[CREW_MAX];
    struct convolver_filter *filter;
};

static struct convolver_shape shape_for(const struct plan *plan)
{
    return (struct convolver_shape){
        .channels = 1,
        .block_frames = BLOCK_FRAMES,
        .taps = plan->taps,
        .precision = FFT_FLOAT64,
        .kernels = kernels_select(SIMD_AUTO),
    };
}

static int prepare(struct pass *pass, const struct plan *plan, const struct profile *target,
                   double gain)
{
    struct convolver_shape shape = shape_for(plan);

    if (plan->taps > 0) {
        pass->filter = convolver_filter_create(&shape, (const double *const[]){plan->mid});
        if (!pass->filter)
            return -ENOMEM;
    }
    for (size_t i = 0; i < CREW_MAX; i++) {
        struct worker *worker = &pass->worker[i];

        worker->plan = plan;
        worker->filter = pass->filter;
        worker->mid = fft_alloc(BLOCK_FRAMES * sizeof(*worker->mid));
        worker->side = fft_alloc(BLOCK_FRAMES * sizeof(*worker->side));
        worker->kernels = shape.kernels;
        worker->correction = correction_create(target->pieces, target->piece_frames, gain);
        worker->convolver = pass->filter ? convolver_create(&shape) : NULL;
        if (!worker->mid || !worker->side || !worker->correction ||
            (pass->filter && !worker->convolver))
            return -ENOMEM;
    }
    return 0;
}

static void finish(struct pass *pass)
{
    for (size_t i = 0; i < CREW_MAX; i++) {
        correction_destroy(pass->worker[i].correction);
        convolver_destroy(pass->worker[i].convolver);
        free(pass->worker[i].mid);
        free(pass->worker[i].side);
    }
    convolver_filter_destroy(pass->filter);
}

/* `frames` of the chunk's mid from frame `from` on (which may lie before it), then silence. */
static void take_mid(struct worker *worker, const struct crew_chunk *chunk, int64_t from,
                     size_t frames)
{
    const float *left = chunk->channel[0] + from, *right = chunk->channel[1] + from;

    worker->kernels->widen(worker->mid, left, frames);
    worker->kernels->widen(worker->side, right, frames);
    worker->kernels->encode_mid_side(worker->mid, worker->side, frames);
    memset(worker->mid + frames, 0, (BLOCK_FRAMES - frames) * sizeof(*worker->mid));
}

/* The filter's delay taken off; what comes out before frame 0 is none of the stream. */
static void count_block(struct worker *worker, int64_t start, size_t frames)
{
    int64_t place = start - (worker->filter ? (int64_t)worker->plan->taps / 2 - 1 : -1);
    size_t early = place >= 0 ? 0 : place + (int64_t)frames > 0 ? (size_t)-place : frames;

    correction_go_to(worker->correction, place + (int64_t)early);
    correction_feed(worker->correction, worker->mid + early, frames - early);
}

/* How much sound the filter needs before a chunk, in whole blocks. */
static size_t run_in(const struct plan *plan)
{
    return (plan->taps + BLOCK_FRAMES - 1) / BLOCK_FRAMES * BLOCK_FRAMES;
}

/* All chunks but the last are whole blocks. */
static int convolve_chunk(struct worker *worker, const struct crew_chunk *chunk)
{
    int64_t end = (int64_t)chunk->frames, from = -(int64_t)run_in(worker->plan);
    int64_t after = chunk->last ? (int64_t)worker->plan->taps / 2 : 0; /* what the filter holds */
    double *const audio[] = {worker->mid};

    convolver_reset(worker->convolver);
    for (; from < end + after; from += BLOCK_FRAMES) {
        int64_t rest = from < end ? end - from : 0;

        take_mid(worker, chunk, from, rest < BLOCK_FRAMES ? (size_t)rest : BLOCK_FRAMES);
        convolver_process(worker->convolver, worker->filter, audio);
        if (from >= 0)
            count_block(worker, chunk->start + from, BLOCK_FRAMES);
    }
    return 0;
}

static int take_chunk(void *context, const struct crew_chunk *chunk)
{
    struct worker *worker = context;

    if (worker->filter)
        return convolve_chunk(worker, chunk);
    for (size_t from = 0; from < chunk->frames; from += BLOCK_FRAMES) {
        size_t rest = chunk->frames - from, frames = rest < BLOCK_FRAMES ? rest : BLOCK_FRAMES;

        take_mid(worker, chunk, (int64_t)from, frames);
        count_block(worker, chunk->start + (int64_t)from, frames);
    }
    return 0;
}

static int run_pass(struct pass *pass, const struct plan *plan, const struct profile *target,
                    struct programme *programme, struct progress *progress,
                    struct media_error *error)
{
    struct crew_task task = {
        .workers = CREW_MAX, .before = run_in(plan), .work = take_chunk, .progress = progress};
    int64_t frames = 0;
    int result;

    for (size_t i = 0; i < CREW_MAX; i++)
        task.worker[i] = &pass->worker[i];
    progress_begin(progress, target->frames);
    result = crew_run(&task, programme, &frames, error);
    if (result < 0)
        return result;
    if (frames != target->frames)
        return match_fail(error, -EIO, "%s: changed while it was read; try again",
                          programme_name(programme));
    for (size_t i = 1; i < CREW_MAX; i++)
        correction_add(pass->worker[0].correction, pass->worker[i].correction);
    return 0;
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
        struct pass pass = {0};
        int result = prepare(&pass, plan, target, gain) < 0
                         ? match_fail_memory(error)
                         : run_pass(&pass, plan, target, programme, progress, error);
        double relative = 1.0;

        while (result == 0 && done < CORRECTIONS && correction_covers(relative)) {
            found[done] = goal / fmax(MATCH_EPSILON,
                                      correction_match_rms(pass.worker[0].correction, relative));
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
