/* render_write.c - the pipeline of a render: decode and equalise | limit and write.
 *
 * Two threads, about equally busy, and one ring of blocks in which everything is done in place. The
 * first has the part of the rack before the limiter (of the exact one, the equaliser), the second
 * the limiter and what stands behind. The latency of the first is made up to whole blocks by zeros
 * in front, so that its output needs no moving; the other's is taken off where the sound leaves for
 * the file. */
#include "match/render_internal.h"

#include "match/match.h"
#include "match/pipe.h"
#include "measure/loudness.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A block of the pipe, and the chain's own unless another is asked for. */
enum { BLOCK_FRAMES = 4096, PIPE_BLOCKS = 16, STACK_BYTES = 512 << 10 };

/* The thread that decodes and equalises. */
struct equaliser {
    struct programme *programme;
    const struct kernels *kernels;
    struct chain *chain; /* NULL: nothing is changed */
    size_t lead;         /* zeros that are still to go in front */
    size_t discard;      /* blocks that come out before the first frame */
    float *decoded;      /* 2 * BLOCK_FRAMES */
    bool ended;          /* the chain has been told where the sound ends */
    int64_t in, out;
    struct pipe *to;
    struct media_error error;
};

/* Everything a render needs while it writes. */
struct line {
    struct equaliser eq;
    struct pipe *pipe;
    struct chain *chain;       /* from the limiter on; NULL: nothing is changed */
    struct module *limiter;    /* of that chain; NULL: there is none */
    size_t late;               /* frames of the chain's latency that are still to come out */
    int64_t in, out;           /* frames into the chain, frames written */
    struct loudness *loudness; /* NULL: not asked for */
    struct encoder *encoder;
    struct progress *progress;
    struct media_error *error;
};

static void process_block(struct chain *chain, struct pipe_block *block)
{
    uint32_t frames = chain ? chain_block_frames(chain) : BLOCK_FRAMES;

    for (uint32_t done = 0; chain && done < BLOCK_FRAMES; done += frames) {
        double *const audio[CHAIN_CHANNELS] = {(double *)block->channel[0] + done,
                                               (double *)block->channel[1] + done};

        chain_process(chain, audio);
    }
}

/* A block of lead, sound and, behind its end, silence. */
static int fill_block(struct equaliser *eq, struct pipe_block *block)
{
    size_t lead = eq->lead < BLOCK_FRAMES ? eq->lead : BLOCK_FRAMES, filled = lead;
    float *const channel[MEDIA_CHANNELS] = {eq->decoded, eq->decoded + BLOCK_FRAMES};

    while (filled < BLOCK_FRAMES) {
        ssize_t got = programme_read(eq->programme, channel, BLOCK_FRAMES - filled, &eq->error);

        if (got < 0)
            return (int)got;
        if (got == 0)
            break;
        for (int c = 0; c < MEDIA_CHANNELS; c++)
            eq->kernels->widen((double *)block->channel[c] + filled, channel[c], (size_t)got);
        filled += (size_t)got;
        eq->in += got;
    }
    for (int c = 0; c < MEDIA_CHANNELS; c++) {
        double *audio = block->channel[c];

        memset(audio, 0, lead * sizeof(*audio));
        memset(audio + filled, 0, (BLOCK_FRAMES - filled) * sizeof(*audio));
    }
    eq->lead -= lead;
    if (filled < BLOCK_FRAMES && eq->chain && !eq->ended) {
        chain_end(eq->chain, filled);
        eq->ended = true;
    }
    return 0;
}

/* The last block passed on is never full: it may hold nothing. */
static void *equalise(void *argument)
{
    struct equaliser *eq = argument;
    struct pipe_block *block;
    int64_t frames = BLOCK_FRAMES;
    int result = 0;

    rt_flush_denormals();
    while (frames == BLOCK_FRAMES && (block = pipe_blank(eq->to))) {
        result = fill_block(eq, block);
        if (result < 0)
            break;
        process_block(eq->chain, block);
        if (eq->discard > 0) {
            eq->discard--;
            continue;
        }
        if (frames > eq->in - eq->out)
            frames = eq->in - eq->out;
        eq->out += frames;
        pipe_pass(eq->to, (size_t)frames);
    }
    pipe_end(eq->to, result);
    return NULL;
}

static int make_chains(struct line *line, const struct render_pass *pass, const struct plan *plan)
{
    const struct render_request *request = pass->request;
    const struct rack *rack = pass->rack;
    struct module_format format = {
        .rate_hz = plan->rate_hz,
        .block_frames = request->block_frames > 0 ? request->block_frames : BLOCK_FRAMES,
        .kernels = line->eq.kernels,
    };
    /* Where the second thread's part begins; without a limiter it has nothing to do. */
    size_t limiter = rack_sounding(rack, limiter_class.name), latency;
    struct plan_designs designs;

    plan_design(plan, request->precision, pass->without_limiter, &designs);
    line->eq.chain = rack_build_part(rack, 0, limiter, &format, &designs.rack);
    if (!line->eq.chain)
        return -errno;
    line->chain = rack_build_part(rack, limiter, rack->length, &format, &designs.rack);
    if (!line->chain)
        return -errno;
    if (limiter < rack->length)
        line->limiter = chain_module(line->chain, 0);
    latency = chain_latency_frames(line->eq.chain);
    line->eq.discard = (latency + BLOCK_FRAMES - 1) / BLOCK_FRAMES;
    line->eq.lead = line->eq.discard * BLOCK_FRAMES - latency;
    chain_begin(line->eq.chain, line->eq.lead);
    line->late = chain_latency_frames(line->chain);
    return 0;
}

static int prepare(struct line *line, const struct render_pass *pass, const struct plan *plan)
{
    const struct render_request *request = pass->request;

    line->pipe = pipe_create(PIPE_BLOCKS, BLOCK_FRAMES, sizeof(double));
    line->eq.decoded = malloc((size_t)MEDIA_CHANNELS * BLOCK_FRAMES * sizeof(float));
    if (!line->pipe || !line->eq.decoded)
        return -ENOMEM;
    line->eq.to = line->pipe;
    line->eq.programme = pass->programme;
    line->eq.kernels = request->kernels ? request->kernels : kernels_select(SIMD_AUTO);
    if (request->measure) {
        line->loudness = loudness_create(plan->rate_hz, LOUDNESS_FULL);
        if (!line->loudness)
            return -errno;
    }
    return plan_is_identity(plan, pass->rack) ? 0 : make_chains(line, pass, plan);
}

/* What comes out of the chain, into the file. */
static int write_block(struct line *line, struct pipe_block *block)
{
    size_t late = line->late < BLOCK_FRAMES ? line->late : BLOCK_FRAMES;
    const double *const channel[MEDIA_CHANNELS] = {(const double *)block->channel[0] + late,
                                                   (const double *)block->channel[1] + late};
    size_t frames = BLOCK_FRAMES - late;
    int result;

    line->late -= late;
    if ((int64_t)frames > line->in - line->out)
        frames = (size_t)(line->in - line->out);
    line->out += (int64_t)frames;
    result = encoder_write(line->encoder, channel, frames, line->error);
    if (result < 0)
        return result;
    if (line->loudness && loudness_add_f64(line->loudness, channel, frames) < 0)
        return match_fail_memory(line->error);
    if (progress_advance(line->progress, (int64_t)frames) < 0)
        return match_fail(line->error, -ECANCELED, "cancelled");
    return 0;
}

static void silence(struct pipe_block *block, size_t from)
{
    for (int c = 0; c < MEDIA_CHANNELS; c++)
        memset((double *)block->channel[c] + from, 0, (BLOCK_FRAMES - from) * sizeof(double));
}

/* One block through the chain; behind the last one silence, until all has come out. */
static int limit_block(struct line *line, struct pipe_block *block)
{
    bool last = block->frames < BLOCK_FRAMES;
    int result;

    line->in += (int64_t)block->frames;
    if (last) {
        silence(block, block->frames);
        if (line->chain)
            chain_end(line->chain, block->frames);
    }
    process_block(line->chain, block);
    result = write_block(line, block);
    while (result == 0 && last && line->out < line->in) {
        silence(block, 0);
        process_block(line->chain, block);
        result = write_block(line, block);
    }
    return result;
}

static int start_equaliser(struct equaliser *eq, pthread_t *thread)
{
    pthread_attr_t attributes;
    int result = pthread_attr_init(&attributes);

    if (result != 0)
        return -result;
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    result = pthread_create(thread, &attributes, equalise, eq);
    pthread_attr_destroy(&attributes);
    return -result;
}

static int write_all(struct line *line)
{
    struct pipe_block *block;
    pthread_t thread = {0};
    int result = 0, ended = 0;

    if (start_equaliser(&line->eq, &thread) < 0)
        return match_fail(line->error, -EAGAIN, "no thread to be had: close other programs");
    while (result == 0 && (block = pipe_take(line->pipe, &ended)))
        result = limit_block(line, block);
    pipe_stop(line->pipe);
    pthread_join(thread, NULL);
    if (result == 0 && ended < 0) {
        *line->error = line->eq.error;
        result = ended;
    }
    return result;
}

static void report_result(const struct line *line, struct render_report *report)
{
    report->loudness_lufs = line->loudness ? loudness_lufs(line->loudness) : (double)NAN;
    report->true_peak_dbtp = line->loudness ? loudness_true_peak_dbtp(line->loudness) : (double)NAN;
    report->work = (struct limiter_work){0};
    if (line->limiter)
        limiter_get_work(line->limiter, &report->work);
    report->limiter_idle = limiter_peak_is_idle(report->work.input_peak);
}

static void finish(struct line *line)
{
    chain_destroy(line->eq.chain);
    chain_destroy(line->chain);
    free(line->eq.decoded);
    pipe_destroy(line->pipe);
    loudness_destroy(line->loudness);
}

int render_write(const struct render_pass *pass, struct render_report *report,
                 struct media_error *error)
{
    const struct plan *plan = report->plan;
    struct line line = {.encoder = pass->encoder, .progress = pass->progress, .error = error};
    int result = programme_rewind(pass->programme, error);

    if (result < 0) {
        return result;
    }
    progress_begin(pass->progress, report->target->frames);
    result = prepare(&line, pass, plan);
    if (result < 0) {
        match_fail(error, result, "%s: the chain could not be made: %s", pass->request->target,
                   strerror(-result));
    } else {
        result = write_all(&line);
    }
    if (result == 0) {
        report_result(&line, report);
    }
    finish(&line);
    return result;
}
