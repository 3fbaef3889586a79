/* rehearse.c - the chain of a plan run over a programme for its numbers. */
#include "match/rehearse.h"

#include "match/match.h"
#include "match/reader.h"
#include "match/stage.h"
#include "measure/loudness.h"
#include "measure/true_peak.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { EQ_BLOCK_FRAMES = 4096, LIMITER_BLOCK_FRAMES = 1024, CHECKPOINTS_PER_SECOND = 4 };

struct run {
    struct rehearsal *rehearsal;
    struct loudness *loudness, *original;
    struct true_peak *peaks;
    double peak; /* true peak of B, linear */
    struct stage *eq, *limiter;
    size_t states_room;
    bool out_of_memory;
};

static void keep_state(struct run *run)
{
    struct rehearsal *rehearsal = run->rehearsal;

    if (rehearsal->checkpoints == run->states_room) {
        size_t room_wanted = run->states_room > 0 ? 2 * run->states_room : 1024;
        struct limiter_state *states = realloc(rehearsal->states, room_wanted * sizeof(*states));

        if (!states) {
            run->out_of_memory = true;
            return;
        }
        rehearsal->states = states;
        run->states_room = room_wanted;
    }
    limiter_get_state(stage_module(run->limiter), &rehearsal->states[rehearsal->checkpoints++]);
}

static void after_limiter_block(void *context, int64_t frames)
{
    struct run *run = context;

    if (frames % run->rehearsal->checkpoint_frames == 0)
        keep_state(run);
}

static int take_matched(void *context, const double *const channel[CHAIN_CHANNELS], size_t frames)
{
    struct run *run = context;

    double peak = true_peak_process_f64(run->peaks, channel, frames);

    run->peak = fmax(run->peak, peak);
    return run->out_of_memory ? -ENOMEM : loudness_add_f64(run->loudness, channel, frames);
}

static int take_equalised(void *context, const double *const channel[CHAIN_CHANNELS], size_t frames)
{
    struct run *run = context;

    return stage_push_f64(run->limiter, channel, frames);
}

static int prepare(struct run *run, const struct plan *plan, enum fft_precision precision,
                   const struct kernels *kernels)
{
    struct module_format format = {plan->rate_hz, EQ_BLOCK_FRAMES, kernels};
    struct stage_sink to_limiter = {take_equalised, run}, to_loudness = {take_matched, run};
    struct match_eq_design eq;
    struct limiter_design limiter;

    plan_eq_design(plan, precision, &eq);
    plan_limiter_design(plan, false, &limiter);
    run->eq = stage_create(match_eq_create(&format, &eq), format.block_frames, &to_limiter);
    format.block_frames = LIMITER_BLOCK_FRAMES;
    run->limiter =
        stage_create(limiter_create(&format, &limiter), format.block_frames, &to_loudness);
    run->loudness = loudness_create(plan->rate_hz, LOUDNESS_INTEGRATED);
    run->original = loudness_create(plan->rate_hz, LOUDNESS_INTEGRATED);
    run->peaks = true_peak_create(plan->rate_hz);
    if (!run->eq || !run->limiter || !run->loudness || !run->original || !run->peaks)
        return -ENOMEM;
    stage_watch(run->limiter, after_limiter_block, run);
    keep_state(run);
    return 0;
}

/* A plan that changes nothing has no modules. */
static int take_chunk(struct run *run, const float *const channel[MEDIA_CHANNELS], size_t frames,
                      bool identity)
{
    int result = loudness_add_f32(run->original, channel, frames);

    if (identity) {
        run->peak = fmax(run->peak, true_peak_process_f32(run->peaks, channel, frames));
        return result;
    }
    return result < 0 ? result : stage_push_f32(run->eq, channel, frames);
}

static int run_through(struct run *run, struct reader *reader, bool identity,
                       struct progress *progress, struct media_error *error)
{
    const float *channel[MEDIA_CHANNELS];
    int result = 0;
    ssize_t got;

    while (result == 0 && (got = reader_next(reader, channel, error)) != 0) {
        if (got < 0)
            return (int)got;
        result = take_chunk(run, channel, (size_t)got, identity);
        if (result == 0 && progress_advance(progress, got) < 0)
            return match_fail(error, -ECANCELED, "cancelled");
    }
    if (result == 0 && !identity)
        result = stage_flush(run->eq);
    if (result == 0 && !identity)
        result = stage_flush(run->limiter);
    return result < 0 ? match_fail_memory(error) : 0;
}

/* To what is used: they are held for as long as the match is. */
static void shrink_states(struct rehearsal *rehearsal)
{
    struct limiter_state *states =
        realloc(rehearsal->states, rehearsal->checkpoints * sizeof(*states));

    if (states)
        rehearsal->states = states;
}

static void take_numbers(const struct run *run, bool identity)
{
    struct rehearsal *rehearsal = run->rehearsal;

    rehearsal->original_lufs = loudness_lufs(run->original);
    rehearsal->loudness_lufs = identity ? rehearsal->original_lufs : loudness_lufs(run->loudness);
    rehearsal->true_peak_dbtp = 20.0 * log10(run->peak);
    rehearsal->limiter_idle = true;
    if (identity)
        return;
    shrink_states(rehearsal);
    limiter_get_work(stage_module(run->limiter), &rehearsal->work);
    rehearsal->limiter_idle = limiter_peak_is_idle(rehearsal->work.input_peak);
}

static int64_t checkpoint_distance(uint32_t rate_hz)
{
    double blocks = (double)rate_hz / CHECKPOINTS_PER_SECOND / LIMITER_BLOCK_FRAMES;

    return (int64_t)fmax(1.0, round(blocks)) * LIMITER_BLOCK_FRAMES;
}

struct rehearsal *rehearse(const struct plan *plan, struct programme *programme,
                           enum fft_precision precision, const struct kernels *kernels,
                           struct progress *progress, struct media_error *error)
{
    struct run run = {.rehearsal = calloc(1, sizeof(*run.rehearsal))};
    struct reader *reader = NULL;
    bool exact;
    int result = -ENOMEM;

    if (!run.rehearsal || prepare(&run, plan, precision, kernels) < 0) {
        match_fail_memory(error);
        goto done;
    }
    run.rehearsal->checkpoint_frames = checkpoint_distance(plan->rate_hz);
    progress_begin(progress, programme_frames(programme, &exact));
    reader = reader_start(programme, EQ_BLOCK_FRAMES, error);
    result = reader ? run_through(&run, reader, plan->identity, progress, error) : -errno;
    if (result == 0)
        take_numbers(&run, plan->identity);
done:
    reader_stop(reader);
    stage_destroy(run.eq);
    stage_destroy(run.limiter);
    loudness_destroy(run.loudness);
    loudness_destroy(run.original);
    true_peak_destroy(run.peaks);
    if (result == 0)
        return run.rehearsal;
    rehearsal_destroy(run.rehearsal);
    errno = -result;
    return NULL;
}

void rehearsal_destroy(struct rehearsal *rehearsal)
{
    if (!rehearsal)
        return;
    free(rehearsal->states);
    free(rehearsal);
}
