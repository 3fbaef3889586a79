/* run_in.c - makes a chain stand as if it had always been playing. */
#include "player/run_in.h"

#include <errno.h>
#include <stdlib.h>

/* Feeds the chain the stream's frames from `position` on, `blocks` blocks. */
static int feed(struct chain *chain, struct stream *stream, int64_t position, int64_t blocks)
{
    bool ended = false;
    uint32_t block = chain_block_frames(chain);
    float *in = malloc(2 * (size_t)block * sizeof *in);
    double *audio = malloc(2 * (size_t)block * sizeof *audio);
    float *const channel[2] = {in, in == NULL ? NULL : in + block};
    double *const wide[2] = {audio, audio == NULL ? NULL : audio + block};
    int result = in == NULL || audio == NULL ? -ENOMEM : 0;

    for (int64_t i = 0; i < blocks && result == 0; i++, position += block) {
        bool all = stream_peek(stream, position, block, channel);
        int64_t end = stream_end(stream);

        if (!all && i == blocks - 1) { /* what is too old may be missing, what is to come not */
            result = -EAGAIN;
        }
        for (size_t j = 0; j < 2 * (size_t)block; j++) {
            audio[j] = (double)in[j];
        }
        if (end >= position && end <= position + block && !ended) {
            chain_end(chain, (uint64_t)(end - position));
            ended = true;
        }
        chain_process(chain, wide);
    }
    free(in);
    free(audio);
    return result;
}

struct chain *run_in_chain(const struct run_in *run_in)
{
    const struct stream_shape *shape = stream_shape(run_in->stream);
    const struct plan *plan = match_plan(run_in->match);
    const struct rehearsal *rehearsal = match_rehearsal(run_in->match);
    struct match_eq_design eq;
    struct limiter_design limiter;
    struct rack_plan rack_plan = {&eq, &limiter};
    struct chain *chain;
    int64_t end, begin, blocks;
    int result;

    if (plan->identity) {
        rack_plan.match_eq = NULL;
    }
    plan_eq_design(plan, run_in->precision, &eq);
    plan_limiter_design(plan, rehearsal != NULL && rehearsal->limiter_idle, &limiter);
    chain = rack_build(run_in->rack, run_in->format, &rack_plan);
    if (chain == NULL) {
        return NULL;
    }
    end = run_in->start + chain_latency_frames(chain);
    begin = run_in->start - (int64_t)RUN_IN_SECONDS * shape->rate_hz;
    if (begin < shape->first) {
        begin = shape->first;
    }
    blocks = (end - begin + shape->block_frames - 1) / shape->block_frames;
    chain_begin(chain, (uint64_t)(blocks * shape->block_frames - (end - begin)));
    result = feed(chain, run_in->stream, end - blocks * shape->block_frames, blocks);
    if (result < 0) {
        chain_destroy(chain);
        errno = -result;
        return NULL;
    }
    return chain;
}
