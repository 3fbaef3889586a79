/* output_device.c - the audio thread and its device: words, trouble, pace, and how full it is kept.
 */
#include "output/output_internal.h"

#include "chain/latency.h"

#include <errno.h>
#include <poll.h>

enum {
    RESUME_WAIT_MS = 100,
    CALM_SECONDS = 30, /* without an xrun before the fill target comes down a step */
};

MP_RT static void raise_target(struct output *output)
{
    struct output_rt *rt = &output->rt;
    uint32_t most = rt->format.buffer_frames;

    rt->clean_frames = 0;
    if (output->settings.strategy != OUTPUT_FIXED && most > 0) {
        rt->target_frames =
            latency_optimise(rt->target_frames, rt->least_target_frames, most, true);
        atomic_store(&output->target, rt->target_frames);
    }
}

MP_RT static void lower_target(struct output *output, uint32_t frames)
{
    struct output_rt *rt = &output->rt;

    rt->clean_frames += frames;
    if (output->settings.strategy != OUTPUT_ADAPTIVE ||
        rt->clean_frames < (int64_t)CALM_SECONDS * rt->format.rate_hz) {
        return;
    }
    rt->clean_frames = 0;
    rt->target_frames = latency_optimise(rt->target_frames, rt->least_target_frames,
                                         rt->format.buffer_frames, false);
    atomic_store(&output->target, rt->target_frames);
}

/* Something is wrong with the device: makes it ready again, or gives it up. */
MP_RT void output_rt_trouble(struct output *output, int error)
{
    struct output_rt *rt = &output->rt;
    bool was_starved = rt->starved;
    uint64_t stream_id = atomic_load(&output->stream_id);
    int64_t heard = atomic_load(&output->position) - atomic_load(&output->queued);
    int result;

    if (rt->phase == PHASE_DRAIN && error == -EPIPE) { /* it ran dry because it was to */
        rt->sink->class->recover(rt->sink, error);
        rt->started = false;
        return;
    }
    output_rt_publish(output, OUTPUT_RECOVERING, 0);
    result = rt->sink->class->recover(rt->sink, error);
    if (result == -EAGAIN) { /* suspended, not back yet */
        struct pollfd wake = {.fd = output->wake_fd, .events = POLLIN};

        poll(&wake, 1, RESUME_WAIT_MS);
        return;
    }
    if (result < 0) {
        rt->lost = true;
        rt->started = false;
        /* Where the music is to go on: nobody heard what was still queued. */
        rt->lost_queued = stream_id == atomic_load(&output->stream_id)
                              ? (long)(atomic_load(&output->position) - heard)
                              : 0;
        atomic_store(&output->error, result);
        output_rt_record(output, LOG_DEBUG, "the device was lost (%lld at frame %lld)", result,
                         (long long)atomic_load(&output->frames));
        return;
    }
    if (error == -ESTRPIPE) {
        atomic_fetch_add_explicit(&output->resumes, 1, memory_order_relaxed);
    }
    if (rt->started && error == -EPIPE) {
        long long seconds_tenths =
            (long long)(atomic_load(&output->frames) * 10 / rt->format.rate_hz);

        performance_dropout(output->performance, output_rt_now_ns(),
                            was_starved ? DROPOUT_STARVATION : DROPOUT_DEVICE, 0);
        output_rt_record(output, LOG_WARNING,
                         was_starved ? "dropout %lld.%lld s after the start: the file came too "
                                       "late; a larger read_ahead_seconds helps"
                                     : "dropout %lld.%lld s after the start: the computer was "
                                       "too late; buffer_strategy = robust helps",
                         seconds_tenths / 10, seconds_tenths % 10);
        if (!was_starved) {
            raise_target(output);
        }
    }
    rt->started = false;
}

/* A device that takes more than twice real time for a second does not keep time. */
MP_RT static void watch_pace(struct output *output, uint32_t frames)
{
    struct output_rt *rt = &output->rt;
    uint64_t now = output_rt_now_ns();

    if (rt->pace_start_ns == 0 || now - rt->pace_start_ns > OUTPUT_NS_PER_S) {
        if (rt->pace_start_ns != 0 && rt->pace_frames > 2ULL * rt->format.rate_hz) {
            atomic_store(&output->unpaced, true);
        }
        rt->pace_start_ns = now;
        rt->pace_frames = 0;
    }
    rt->pace_frames += frames;
}

/* Writes the rendered block as far as the device takes it. Frames written, or negative errno. */
MP_RT long output_rt_write(struct output *output)
{
    struct output_rt *rt = &output->rt;
    const struct sink_class *class = rt->sink->class;
    long written = 0;

    while (rt->out_used < rt->out_frames) { /* a block, in at most a few stretches */
        uint32_t frames = rt->out_frames - rt->out_used;
        const double *from[2] = {rt->out[0] + rt->out_used, rt->out[1] + rt->out_used};
        void *words;
        long result = class->begin(rt->sink, &words, &frames);

        if (result < 0) {
            return result;
        }
        if (frames == 0) {
            break;
        }
        atomic_fetch_add_explicit(&output->clipped,
                                  format_write(rt->format.words, &rt->dither, from, frames, words),
                                  memory_order_relaxed);
        result = class->commit(rt->sink, frames);
        if (result < 0) {
            return result;
        }
        if (result == 0) {
            break;
        }
        rt->out_used += (uint32_t)result;
        written += result;
    }
    atomic_fetch_add_explicit(&output->frames, (uint64_t)written, memory_order_relaxed);
    watch_pace(output, (uint32_t)written);
    lower_target(output, (uint32_t)written);
    return written;
}
