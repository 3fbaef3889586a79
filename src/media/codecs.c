/* codecs.c - what the FFmpeg of this machine can decode. */
#include "media/codecs.h"

#include <libavcodec/avcodec.h>
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
#include <libswresample/swresample.h>
#include <stdlib.h>

static const struct {
    const char *name;
    enum AVCodecID id;
} promised[] = {
    {"WAV", AV_CODEC_ID_PCM_S24LE},   {"AIFF", AV_CODEC_ID_PCM_S24BE},
    {"FLAC", AV_CODEC_ID_FLAC},       {"ALAC", AV_CODEC_ID_ALAC},
    {"WavPack", AV_CODEC_ID_WAVPACK}, {"APE", AV_CODEC_ID_APE},
    {"MP3", AV_CODEC_ID_MP3},         {"AAC", AV_CODEC_ID_AAC},
    {"Vorbis", AV_CODEC_ID_VORBIS},   {"Opus", AV_CODEC_ID_OPUS},
    {"DSD", AV_CODEC_ID_DSD_LSBF},
};

struct codec_support *codecs_survey(size_t *count)
{
    struct codec_support *list = calloc(sizeof promised / sizeof promised[0], sizeof *list);

    *count = list != NULL ? sizeof promised / sizeof promised[0] : 0;
    for (size_t i = 0; i < *count; i++) {
        list[i].name = promised[i].name;
        list[i].available = avcodec_find_decoder(promised[i].id) != NULL;
    }
    return list;
}

bool codecs_have_soxr(void)
{
    AVChannelLayout stereo = AV_CHANNEL_LAYOUT_STEREO;
    SwrContext *resampler = NULL;
    bool have = swr_alloc_set_opts2(&resampler, &stereo, AV_SAMPLE_FMT_FLTP, 48000, &stereo,
                                    AV_SAMPLE_FMT_FLTP, 44100, 0, NULL) == 0 &&
                av_opt_set_int(resampler, "resampler", SWR_ENGINE_SOXR, 0) == 0 &&
                swr_init(resampler) == 0;

    swr_free(&resampler);
    return have;
}
