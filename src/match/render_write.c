/* render_write.c - the pipeline of a render: decode | equalise | limit | write. */
#include "match/render_internal.h"

#include "match/match.h"
#include "match/pipe.h"
#include "match/reader.h"
#include "match/stage.h"
#include "measure/loudness.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* The chain's own block, and how much is handed on at a time: each handing over wakes a thread. */
enum { BLOCK_FRAMES = 4096, PIPE_FRAMES = 8192, PIPE_BLOCKS = 8, STACK_BYTES = 512 << 10 };

/* A stage in a thread of its own, between two pipes. */
struct worker {
    struct stage *stage;
    struct reader *reader; /* what it reads: a reader ... */
    struct pipe *from;     /* ... or a pipe */
    struct pipe *to;
    struct pipe_block *block; /* of `to`, the one being filled; NULL: none */
    size_t filled;
    struct media_error error; /* of the reader */
    pthread_t thread;
    bool started;
};

/* Everything a render needs while it writes. */
struct line {
    struct reader *reader;
    struct pipe *equalised, *limited;
    struct worker eq, limiter;
    struct loudness *loudness; /* NULL: not asked for */
    struct encoder *encoder;
    struct progress *progress;
    struct media_error *error;
};

static void pass_block(struct worker *worker)
{
    pipe_pass(worker->to, worker->filled);
    worker->block = NULL;
    worker->filled = 0;
}

/* The stage's output into the pipe. */
static int pass_on(void *context, const double *const channel[CHAIN_CHANNELS], size_t frames)
{
    struct worker *worker = context;

    for (size_t done = 0; done < frames;) {
        size_t count = PIPE_FRAMES - worker->filled;

        if (!worker->block)
            worker->block = pipe_blank(worker->to);
        if (!worker->block)
            return -EPIPE;
        if (count > frames - done)
            count = frames - done;
        for (int c = 0; c < CHAIN_CHANNELS; c++) {
            double *to = worker->block->channel[c];

            memcpy(to + worker->filled, channel[c] + done, count * sizeof(double));
        }
        worker->filled += count;
        done += count;
        if (worker->filled == PIPE_FRAMES)
            pass_block(worker);
    }
    return 0;
}

static int push_from_reader(struct worker *worker)
{
    const float *channel[MEDIA_CHANNELS];
    int result = 0;
    ssize_t got;

    while (result == 0 && (got = reader_next(worker->reader, channel, &worker->error)) != 0)
        result = got < 0 ? (int)got : stage_push_f32(worker->stage, channel, (size_t)got);
    return result;
}

static int push_from_pipe(struct worker *worker)
{
    const struct pipe_block *block;
    int result = 0, ended = 0;

    while (result == 0 && (block = pipe_take(worker->from, &ended))) {
        const double *const channel[CHAIN_CHANNELS] = {block->channel[0], block->channel[1]};

        result = stage_push_f64(worker->stage, channel, block->frames);
    }
    return result < 0 ? result : ended;
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    int result;

    rt_flush_denormals();
    result = worker->reader ? push_from_reader(worker) : push_from_pipe(worker);
    if (result == 0)
        result = stage_flush(worker->stage);
    if (result == 0 && worker->filled > 0)
        pass_block(worker);
    if (worker->from)
        pipe_stop(worker->from);
    pipe_end(worker->to, result);
    return NULL;
}

static int start_worker(struct worker *worker)
{
    pthread_attr_t attributes;
    int result = pthread_attr_init(&attributes);

    if (result != 0)
        return -result;
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    result = pthread_create(&worker->thread, &attributes, work, worker);
    pthread_attr_destroy(&attributes);
    worker->started = result == 0;
    return -result;
}

static int make_stages(struct line *line, const struct render_pass *pass, const struct plan *plan)
{
    const struct render_request *request = pass->request;
    struct module_format format = {
        .rate_hz = plan->rate_hz,
        .block_frames = request->block_frames > 0 ? request->block_frames : BLOCK_FRAMES,
        .kernels = request->kernels ? request->kernels : kernels_select(SIMD_AUTO),
    };
    struct stage_sink eq_sink = {pass_on, &line->eq}, limiter_sink = {pass_on, &line->limiter};
    struct match_eq_design eq;
    struct limiter_design limiter;

    plan_eq_design(plan, request->precision, &eq);
    plan_limiter_design(plan, pass->without_limiter, &limiter);
    line->eq.stage = stage_create(match_eq_create(&format, &eq), format.block_frames, &eq_sink);
    if (!line->eq.stage)
        return -errno;
    line->limiter.stage =
        stage_create(limiter_create(&format, &limiter), format.block_frames, &limiter_sink);
    return line->limiter.stage ? 0 : -errno;
}

static int prepare(struct line *line, const struct render_pass *pass, const struct plan *plan)
{
    line->equalised = pipe_create(PIPE_BLOCKS, PIPE_FRAMES, sizeof(double));
    line->limited = pipe_create(PIPE_BLOCKS, PIPE_FRAMES, sizeof(double));
    if (!line->equalised || !line->limited)
        return -ENOMEM;
    line->eq.reader = line->reader;
    line->eq.to = line->limiter.from = line->equalised;
    line->limiter.to = line->limited;
    if (pass->request->measure) {
        line->loudness = loudness_create(plan->rate_hz, LOUDNESS_FULL);
        if (!line->loudness)
            return -errno;
    }
    return plan->identity ? 0 : make_stages(line, pass, plan);
}

static int take_result(struct line *line, const double *const channel[MEDIA_CHANNELS],
                       size_t frames)
{
    int result = encoder_write(line->encoder, channel, frames, line->error);

    if (result < 0)
        return result;
    if (line->loudness && loudness_add_f64(line->loudness, channel, frames) < 0)
        return match_fail_memory(line->error);
    if (progress_advance(line->progress, (int64_t)frames) < 0)
        return match_fail(line->error, -ECANCELED, "cancelled");
    return 0;
}

static int write_matched(struct line *line)
{
    const struct pipe_block *block;
    int result = 0, ended = 0;

    if (start_worker(&line->eq) < 0 || start_worker(&line->limiter) < 0) {
        result = match_fail(line->error, -EAGAIN, "no thread to be had: close other programs");
        pipe_end(line->equalised, result);
    }
    while (result == 0 && (block = pipe_take(line->limited, &ended))) {
        const double *const channel[MEDIA_CHANNELS] = {block->channel[0], block->channel[1]};

        result = take_result(line, channel, block->frames);
    }
    pipe_stop(line->limited);
    if (line->limiter.started)
        pthread_join(line->limiter.thread, NULL);
    else
        pipe_stop(line->equalised);
    if (line->eq.started)
        pthread_join(line->eq.thread, NULL);
    if (result == 0 && ended < 0) {
        *line->error = line->eq.error;
        result = ended;
    }
    return result;
}

/* A plan that changes nothing: the sound as it is. */
static int write_unchanged(struct line *line)
{
    double *left = malloc(PIPE_FRAMES * sizeof(*left));
    double *right = malloc(PIPE_FRAMES * sizeof(*right));
    const double *const sound[MEDIA_CHANNELS] = {left, right};
    const float *channel[MEDIA_CHANNELS];
    int result = 0;
    ssize_t got;

    if (!left || !right) {
        result = match_fail_memory(line->error);
        goto done;
    }
    while (result == 0 && (got = reader_next(line->reader, channel, line->error)) != 0) {
        if (got < 0) {
            result = (int)got;
            break;
        }
        for (size_t i = 0; i < (size_t)got; i++) {
            left[i] = (double)channel[0][i];
            right[i] = (double)channel[1][i];
        }
        result = take_result(line, sound, (size_t)got);
    }
done:
    free(left);
    free(right);
    return result;
}

static void report_result(const struct line *line, struct render_report *report)
{
    report->loudness_lufs = line->loudness ? loudness_lufs(line->loudness) : (double)NAN;
    report->true_peak_dbtp = line->loudness ? loudness_true_peak_dbtp(line->loudness) : (double)NAN;
    report->work = (struct limiter_work){0};
    if (line->limiter.stage)
        limiter_get_work(stage_module(line->limiter.stage), &report->work);
    report->limiter_idle = limiter_peak_is_idle(report->work.input_peak);
}

int render_write(const struct render_pass *pass, struct render_report *report,
                 struct media_error *error)
{
    const struct plan *plan = report->plan;
    struct line line = {.encoder = pass->encoder, .progress = pass->progress, .error = error};
    int result;

    progress_begin(pass->progress, report->target->frames);
    line.reader = reader_start(pass->programme, PIPE_FRAMES, error);
    if (!line.reader)
        return -errno;
    result = prepare(&line, pass, plan);
    if (result < 0) {
        match_fail(error, result, "%s: the chain could not be made: %s", pass->request->target,
                   strerror(-result));
    } else {
        result = plan->identity ? write_unchanged(&line) : write_matched(&line);
    }
    if (result == 0)
        report_result(&line, report);
    reader_stop(line.reader);
    stage_destroy(line.eq.stage);
    stage_destroy(line.limiter.stage);
    pipe_destroy(line.equalised);
    pipe_destroy(line.limited);
    loudness_destroy(line.loudness);
    return result;
}
