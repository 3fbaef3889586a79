/* run_in.c - makes a chain stand as if it had always been playing. */
#include "player/run_in.h"

#include "chain/latency.h"
#include "chain/limiter.h"
#include "match/profile.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

enum { LOAD_BLOCKS = 32, LOAD_WARM_BLOCKS = 2, LOAD_MOST_NS = 50000000 };

/* Where the run-in begins, and on which grid. */
struct course {
    int64_t begin;        /* stream position of the first frame fed */
    int64_t blocks;       /* so many */
    uint32_t offset;      /* of the chain's blocks against the output's */
    int64_t state_blocks; /* after so many of them the limiter is given `state`; -1: never */
    const struct limiter_state *state;
    uint64_t lead_frames; /* fed before the stream's first frame */
};

struct buffers {
    float *in;
    double *audio;
};

static struct module *find_limiter(struct chain *chain, int64_t *lead_frames)
{
    *lead_frames = 0;
    for (size_t i = 0; i < chain_length(chain); i++) {
        struct module *module = chain_module(chain, i);

        if (module->class == &limiter_class) {
            return module;
        }
        *lead_frames += module->class->latency_frames(module);
    }
    return NULL;
}

static int64_t remainder_of(int64_t value, int64_t modulus)
{
    int64_t rest = value % modulus;

    return rest < 0 ? rest + modulus : rest;
}

/* Over all that lies before, as far as the slowest filter remembers. */
static void plan_long(const struct run_in *run_in, int64_t end, struct course *course)
{
    const struct stream_shape *shape = stream_shape(run_in->stream);
    int64_t most_ms = run_in->most_ms > 0 ? run_in->most_ms : RUN_IN_SECONDS * 1000;
    int64_t begin = run_in->start - most_ms * shape->rate_hz / 1000;

    if (begin < shape->first) {
        begin = shape->first;
    }
    course->blocks = (end - begin + shape->block_frames - 1) / shape->block_frames;
    course->begin = end - course->blocks * shape->block_frames;
    course->lead_frames = (uint64_t)(begin - course->begin);
}

/* From a checkpoint of the rehearsal; false: there is none that serves. */
static bool plan_short(const struct run_in *run_in, struct chain *chain, int64_t end,
                       struct course *course)
{
    const struct rehearsal *rehearsal = match_rehearsal(run_in->match);
    const struct stream_shape *shape = stream_shape(run_in->stream);
    int64_t block = shape->block_frames;
    int64_t lead, index, at, warm;
    struct module *limiter = find_limiter(chain, &lead);
    if (limiter == NULL || !rack_equal(run_in->rack, match_rack(run_in->match)) ||
        rehearsal == NULL || rehearsal->checkpoints == 0 || match_path_count(run_in->match) != 1) {
        return false;
    }
    index = (run_in->start + run_in->track_frame) / rehearsal->checkpoint_frames;
    if (run_in->start + run_in->track_frame < 0 || index < 1 ||
        index >= (int64_t)rehearsal->checkpoints) {
        return false;
    }
    /* The chain has taken the frames before `at` when the limiter has taken those before the
       checkpoint. The grid is laid so that a block ends there. */
    at = index * rehearsal->checkpoint_frames - run_in->track_frame + lead;
    course->offset = (uint32_t)remainder_of(at - end, block);
    end += course->offset;
    warm = 2 * lead + limiter_warm_frames(limiter) + block;
    course->state_blocks = (warm + block - 1) / block;
    course->begin = at - course->state_blocks * block;
    course->blocks = (end - course->begin) / block;
    course->state = &rehearsal->states[index];
    return at <= end && course->begin >= shape->first &&
           (run_in->most_ms == 0 ||
            course->blocks * block * 1000 <= (int64_t)run_in->most_ms * shape->rate_hz);
}

static int feed(const struct run_in *run_in, struct chain *chain, const struct course *course,
                const struct buffers *buffers)
{
    uint32_t block = run_in->format->block_frames;
    float *const in[2] = {buffers->in, buffers->in + block};
    double *const audio[2] = {buffers->audio, buffers->audio + block};
    int64_t position = course->begin;
    int64_t lead;
    bool ended = false;

    chain_begin(chain, course->lead_frames);
    for (int64_t i = 0; i < course->blocks; i++, position += block) {
        int64_t end = stream_end(run_in->stream);
        bool all = stream_peek(run_in->stream, position, block, in);

        if (!all && i == course->blocks - 1) { /* what is too old may be missing, the last not */
            return -EAGAIN;
        }
        if (i == course->state_blocks) {
            limiter_set_state(find_limiter(chain, &lead), course->state);
        }
        if (end >= position && end <= position + block && !ended) {
            chain_end(chain, (uint64_t)(end - position));
            ended = true;
        }
        for (size_t j = 0; j < 2 * (size_t)block; j++) {
            buffers->audio[j] = (double)buffers->in[j];
        }
        chain_process(chain, audio);
    }
    if (course->state_blocks == course->blocks) {
        limiter_set_state(find_limiter(chain, &lead), course->state);
    }
    return 0;
}

int64_t run_in_fit(struct run_in *run_in, uint32_t max_frames)
{
    const struct rack *rack = run_in->rack != NULL ? run_in->rack : match_rack(run_in->match);
    struct plan_designs designs;
    struct economy economy;
    int64_t frames;

    plan_design(match_plan(run_in->match), run_in->precision, false, &designs);
    designs.rack.economy = run_in->economy;
    frames = latency_fit(rack, run_in->format, &designs.rack, max_frames, &economy);
    if (frames >= 0) {
        run_in->economy = economy;
    }
    return frames;
}

struct chain *run_in_chain(const struct run_in *run_in)
{
    const struct plan *plan = match_plan(run_in->match);
    const struct rehearsal *rehearsal = match_rehearsal(run_in->match);
    struct plan_designs designs;

    plan_design(plan, run_in->precision, rehearsal != NULL && rehearsal->limiter_idle, &designs);
    designs.rack.economy = run_in->economy;
    return rack_build(run_in->rack, run_in->format, &designs.rack);
}

/* One of A and B. 0, with a chain or none; or negative errno. */
static int run_side(const struct run_in *run_in, const struct buffers *buffers,
                    struct run_chain *run)
{
    struct course course = {.state_blocks = -1};
    int64_t end;
    int error;

    if (run_in->match == NULL || plan_is_identity(match_plan(run_in->match), run_in->rack)) {
        return 0;
    }
    run->chain = run_in_chain(run_in);
    if (run->chain == NULL || buffers->in == NULL || buffers->audio == NULL) {
        return -ENOMEM;
    }
    run->match = run_in->match;
    end = run_in->start + chain_latency_frames(run->chain);
    if (!plan_short(run_in, run->chain, end, &course)) {
        course = (struct course){.state_blocks = -1};
        plan_long(run_in, end, &course);
        run->takes_over = run_in->most_ms > 0;
    }
    run->offset = course.offset;
    run->last[0] = buffers->audio;
    run->last[1] = buffers->audio + run_in->format->block_frames;
    error = feed(run_in, run->chain, &course, buffers);
    if (error == 0 && chain_failed(run->chain)) {
        *run_in->fault = chain_fault(run->chain);
        error = -EDOM;
    }
    return error;
}

struct rendition *run_in_rendition(uint64_t id, const struct run_in *a, const struct run_in *b)
{
    const struct run_in *sides[2] = {a, b};
    size_t block = a->format->block_frames;
    struct buffers buffers[2];
    struct run_chain runs[2] = {{.chain = NULL}, {.chain = NULL}};
    struct rendition *rendition = NULL;
    int error = 0;

    for (size_t i = 0; i < 2; i++) {
        buffers[i] =
            (struct buffers){malloc(2 * block * sizeof(float)), malloc(2 * block * sizeof(double))};
        error = error == 0 ? run_side(sides[i], &buffers[i], &runs[i]) : error;
    }
    if (error == 0) {
        rendition = rendition_create(id, &runs[0], &runs[1]);
        error = rendition == NULL ? -ENOMEM : 0;
    }
    for (size_t i = 0; i < 2; i++) {
        if (rendition == NULL) {
            chain_destroy(runs[i].chain);
        }
        free(buffers[i].in);
        free(buffers[i].audio);
    }
    errno = -error;
    return rendition;
}

static uint64_t used_ns(void)
{
    struct timespec used;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return (uint64_t)used.tv_sec * 1000000000U + (uint64_t)used.tv_nsec;
}

/* A few blocks to warm up, and as many as fit the time. */
static double measure(const struct run_in *run_in, struct chain *chain,
                      const struct buffers *buffers)
{
    uint32_t block = run_in->format->block_frames;
    float *const in[2] = {buffers->in, buffers->in + block};
    double *const audio[2] = {buffers->audio, buffers->audio + block};
    double block_ns = 1e9 * block / run_in->format->rate_hz;
    int64_t position = run_in->start - (int64_t)(LOAD_BLOCKS + LOAD_WARM_BLOCKS) * block;
    uint64_t begin = used_ns(), warm = begin, now = begin;
    uint32_t blocks = 0;

    for (int64_t i = 0; i < LOAD_BLOCKS + LOAD_WARM_BLOCKS; i++, position += block) {
        stream_peek(run_in->stream, position, block, in); /* what is missing is silence */
        for (size_t j = 0; j < 2 * (size_t)block; j++) {
            buffers->audio[j] = (double)buffers->in[j];
        }
        chain_process(chain, audio);
        now = used_ns();
        if (i < LOAD_WARM_BLOCKS) {
            warm = now;
        } else {
            blocks++;
        }
        if (blocks > 0 && now - begin > LOAD_MOST_NS) {
            break;
        }
    }
    return (double)(now - warm) / (blocks * block_ns);
}

double run_in_load(const struct run_in *run_in)
{
    size_t block = run_in->format->block_frames;
    struct buffers buffers = {calloc(2 * block, sizeof(float)), malloc(2 * block * sizeof(double))};
    struct chain *chain = run_in_chain(run_in);
    double load = -1.0;

    if (chain != NULL && buffers.in != NULL && buffers.audio != NULL) {
        load = measure(run_in, chain, &buffers);
    }
    chain_destroy(chain);
    free(buffers.in);
    free(buffers.audio);
    return load;
}

int64_t run_in_history(struct match *match, uint32_t rate_hz, uint32_t block_frames)
{
    const struct rehearsal *rehearsal = match != NULL ? match_rehearsal(match) : NULL;

    if (rehearsal != NULL && rehearsal->checkpoints > 0 && match_path_count(match) == 1) {
        /* Back to the checkpoint before, and what fills the windows there. */
        return rehearsal->checkpoint_frames + 4 * (int64_t)profile_fft_size(rate_hz) +
               4 * (int64_t)block_frames;
    }
    return (int64_t)(RUN_IN_SECONDS + 1) * rate_hz;
}
