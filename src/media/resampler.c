/* resampler.c - libswresample with soxr, and bookkeeping of places. */
#include "media/resampler.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libavutil/channel_layout.h>
#include <libavutil/mathematics.h>
#include <libavutil/opt.h>
#include <libswresample/swresample.h>

enum { RUN_IN_MS = 250, SLACK_FRAMES = 4096 };

struct resampler {
    SwrContext *swr;
    uint32_t in_hz, out_hz;
    int64_t in_step, out_step;  /* the least numbers of frames that take the same time */
    int64_t drop;               /* output frames still to be thrown away */
    float *out[MEDIA_CHANNELS]; /* what the last push gave: `ready` frames from `begin` on */
    size_t room, begin, ready;
};

static int start(struct resampler *resampler)
{
    AVChannelLayout stereo = AV_CHANNEL_LAYOUT_STEREO;
    int result;

    swr_free(&resampler->swr);
    result =
        swr_alloc_set_opts2(&resampler->swr, &stereo, AV_SAMPLE_FMT_FLTP, (int)resampler->out_hz,
                            &stereo, AV_SAMPLE_FMT_FLTP, (int)resampler->in_hz, 0, NULL);
    if (result < 0) {
        return -ENOMEM;
    }
    av_opt_set_int(resampler->swr, "resampler", SWR_ENGINE_SOXR, 0);
    av_opt_set_double(resampler->swr, "precision", 28.0, 0);
    result = swr_init(resampler->swr);
    if (result < 0) {
        return result == AVERROR(ENOMEM) ? -ENOMEM : -ENOSYS;
    }
    resampler->drop = 0;
    resampler->ready = 0;
    return 0;
}

struct resampler *resampler_create(uint32_t in_hz, uint32_t out_hz)
{
    struct resampler *resampler = calloc(1, sizeof *resampler);
    int64_t common = av_gcd(in_hz, out_hz);
    int result;

    if (resampler == NULL) {
        return NULL;
    }
    resampler->in_hz = in_hz;
    resampler->out_hz = out_hz;
    resampler->in_step = in_hz / common;
    resampler->out_step = out_hz / common;
    resampler->room =
        (size_t)av_rescale_rnd(RESAMPLER_PUSH_MAX, out_hz, in_hz, AV_ROUND_UP) + SLACK_FRAMES;
    resampler->out[0] = malloc(resampler->room * sizeof(float));
    resampler->out[1] = malloc(resampler->room * sizeof(float));
    result = resampler->out[0] == NULL || resampler->out[1] == NULL ? -ENOMEM : start(resampler);
    if (result < 0) {
        resampler_destroy(resampler);
        errno = -result;
        return NULL;
    }
    return resampler;
}

void resampler_destroy(struct resampler *resampler)
{
    if (resampler == NULL) {
        return;
    }
    swr_free(&resampler->swr);
    free(resampler->out[0]);
    free(resampler->out[1]);
    free(resampler);
}

int64_t resampler_length(const struct resampler *resampler, int64_t in_frames)
{
    return av_rescale_rnd(in_frames, resampler->out_step, resampler->in_step, AV_ROUND_UP);
}

int64_t resampler_seek(struct resampler *resampler, int64_t out_frame)
{
    int64_t run_in = (int64_t)resampler->in_hz * RUN_IN_MS / 1000;
    int64_t steps = out_frame / resampler->out_step - run_in / resampler->in_step - 1;
    int result = start(resampler);

    if (result < 0) {
        return result;
    }
    steps = steps < 0 ? 0 : steps;
    resampler->drop = out_frame - steps * resampler->out_step;
    return steps * resampler->in_step;
}

int resampler_push(struct resampler *resampler, const float *const channel[MEDIA_CHANNELS],
                   size_t frames)
{
    const uint8_t *in[MEDIA_CHANNELS] = {(const uint8_t *)channel[0], (const uint8_t *)channel[1]};
    uint8_t *out[MEDIA_CHANNELS] = {(uint8_t *)resampler->out[0], (uint8_t *)resampler->out[1]};
    int got = swr_convert(resampler->swr, out, (int)resampler->room, in, (int)frames);
    int64_t drop;

    if (got < 0) {
        return -EIO;
    }
    drop = got < resampler->drop ? got : resampler->drop;
    resampler->drop -= drop;
    resampler->begin = (size_t)drop;
    resampler->ready = (size_t)(got - drop);
    return 0;
}

size_t resampler_pull(struct resampler *resampler, float *const channel[MEDIA_CHANNELS],
                      size_t frames)
{
    size_t count = frames < resampler->ready ? frames : resampler->ready;

    for (int c = 0; c < MEDIA_CHANNELS; c++) {
        memcpy(channel[c], resampler->out[c] + resampler->begin, count * sizeof(float));
    }
    resampler->begin += count;
    resampler->ready -= count;
    return count;
}
