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

enum { FRONT_BLOCK_FRAMES = 4096, BACK_BLOCK_FRAMES = 1024, CHECKPOINTS_PER_SECOND = 4 };

struct run {
    struct rehearsal *rehearsal;
    struct loudness *loudness, *original;
    struct true_peak *peaks;
    double peak;                /* true peak of B, linear */
    struct stage *front, *back; /* what stands before the limiter; it, and what stands behind */
    struct module *limiter;     /* of the back; NULL: there is none */
    bool identity;
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
    limiter_get_state(run->limiter, &rehearsal->states[rehearsal->checkpoints++]);
}

static void after_back_block(void *context, int64_t frames)
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

static int take_front(void *context, const double *const channel[CHAIN_CHANNELS], size_t frames)
{
    struct run *run = context;

    return stage_push_f64(run->back, channel, frames);
}

/* True if the limiter's state is all that a seek must know of what was before. */
static bool is_limiter_alone(const struct rack *rack, size_t limiter)
{
    for (size_t i = 0; i < rack->length; i++) {
        const struct rack_entry *entry = &rack->entries[i];

        if (!entry->bypassed && i != limiter && (i > limiter || !entry->kind->finite))
            return false;
    }
    return true;
}

static int prepare_stages(struct run *run, const struct rehearsed_chain *chain)
{
    struct module_format format = {chain->plan->rate_hz, FRONT_BLOCK_FRAMES, chain->kernels};
    struct stage_sink to_back = {take_front, run}, to_loudness = {take_matched, run};
    struct plan_designs designs;
    size_t length = chain->rack->length;
    size_t limiter = rack_sounding(chain->rack, limiter_class.name); /* without one all is front */

    plan_design(chain->plan, chain->precision, false, &designs);
    run->front =
        stage_create(rack_build_part(chain->rack, 0, limiter, &format, &designs.rack), &to_back);
    format.block_frames = BACK_BLOCK_FRAMES;
    run->back = stage_create(rack_build_part(chain->rack, limiter, length, &format, &designs.rack),
                             &to_loudness);
    if (!run->front || !run->back)
        return -ENOMEM;
    if (limiter < length)
        run->limiter = chain_module(stage_chain(run->back), 0);
    if (run->limiter && limiter_is_resumable(run->limiter) &&
        is_limiter_alone(chain->rack, limiter)) {
        stage_watch(run->back, after_back_block, run);
        keep_state(run);
    }
    return 0;
}

static int prepare(struct run *run, const struct rehearsed_chain *chain)
{
    run->identity = plan_is_identity(chain->plan, chain->rack);
    run->loudness = loudness_create(chain->plan->rate_hz, LOUDNESS_INTEGRATED);
    run->original = loudness_create(chain->plan->rate_hz, LOUDNESS_INTEGRATED);
    run->peaks = true_peak_create(chain->plan->rate_hz);
    if (!run->loudness || !run->original || !run->peaks)
        return -ENOMEM;
    return run->identity ? 0 : prepare_stages(run, chain);
}

/* A plan that changes nothing has no modules. */
static int take_chunk(void *context, const float *const channel[MEDIA_CHANNELS], size_t frames)
{
    struct run *run = context;
    int result = loudness_add_f32(run->original, channel, frames);

    if (run->identity) {
        run->peak = fmax(run->peak, true_peak_process_f32(run->peaks, channel, frames));
        return result;
    }
    return result < 0 ? result : stage_push_f32(run->front, channel, frames);
}

/* To what is used: they are held for as long as the match is. There may be none. */
static void shrink_states(struct rehearsal *rehearsal)
{
    struct limiter_state *states =
        rehearsal->checkpoints > 0
            ? realloc(rehearsal->states, rehearsal->checkpoints * sizeof(*states))
            : NULL;

    if (states)
        rehearsal->states = states;
}

static void take_numbers(const struct run *run)
{
    struct rehearsal *rehearsal = run->rehearsal;

    rehearsal->original_lufs = loudness_lufs(run->original);
    rehearsal->loudness_lufs =
        run->identity ? rehearsal->original_lufs : loudness_lufs(run->loudness);
    rehearsal->true_peak_dbtp = 20.0 * log10(run->peak);
    rehearsal->limiter_idle = true;
    if (!run->limiter)
        return;
    shrink_states(rehearsal);
    limiter_get_work(run->limiter, &rehearsal->work);
    rehearsal->limiter_idle = limiter_peak_is_idle(rehearsal->work.input_peak);
}

static int64_t checkpoint_distance(uint32_t rate_hz)
{
    double blocks = (double)rate_hz / CHECKPOINTS_PER_SECOND / BACK_BLOCK_FRAMES;

    return (int64_t)fmax(1.0, round(blocks)) * BACK_BLOCK_FRAMES;
}

struct rehearsal *rehearse(const struct rehearsed_chain *chain, struct programme *programme,
                           struct progress *progress, struct media_error *error)
{
    struct run run = {.rehearsal = calloc(1, sizeof(*run.rehearsal))};
    const struct reader_sink sink = {take_chunk, &run};
    int result = -ENOMEM;

    if (!run.rehearsal || prepare(&run, chain) < 0) {
        match_fail_memory(error);
        goto done;
    }
    run.rehearsal->checkpoint_frames = checkpoint_distance(chain->plan->rate_hz);
    result = reader_run(programme, FRONT_BLOCK_FRAMES, &sink, progress, error);
    if (result == 0 && !run.identity && (stage_flush(run.front) < 0 || stage_flush(run.back) < 0))
        result = match_fail_memory(error);
    if (result == 0)
        take_numbers(&run);
done:
    stage_destroy(run.front);
    stage_destroy(run.back);
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
