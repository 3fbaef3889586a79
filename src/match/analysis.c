/* analysis.c - the one pass over a track: sums, peaks and spectra, piece by piece. */
#include "match/analysis.h"

#include "dsp/fft.h"
#include "dsp/magnitudes.h"
#include "match/match.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COUNT_STEP = 32, LOOK_FRAMES = 1024 };

static const float FULL_SCALE = 32767.0F / 32768.0F;
static const float NEAR_PEAK = 0.999F;
/* Keeps the width of sound without a middle finite. */
static const double WIDTH_FLOOR = 1e-12;

/* Sums of squares over some frames. */
struct sums {
    double left, right, mid;
};

struct analysis {
    uint32_t rate_hz;
    int64_t frames, piece_frames, fed;
    size_t fft_size, bins, pieces, held;
    bool levels_only; /* first of two readings */
    bool loud_only;   /* second of two readings */
    const struct kernels *kernels;
    struct magnitudes *magnitudes;
    double *mid, *side; /* the frame that is being filled, fft_size each */
    double *spectra;    /* held * 2 * bins: sums of magnitudes in their own order, mid then side */
    double *power;      /* pieces: sum of m*m */
    double *rms;        /* pieces */
    bool *loud;         /* pieces */
    size_t loud_pieces;
    double match_rms;
    size_t piece, fill; /* the current piece, frames in the current transform */
    int64_t piece_fed;
    struct sums total;
    float peak;
    uint64_t peak_samples, full_scale_samples;
};

static int allocate(struct analysis *analysis)
{
    size_t size = analysis->fft_size, pieces = analysis->pieces;

    analysis->kernels = kernels_select(SIMD_AUTO);
    analysis->magnitudes = magnitudes_create(size, analysis->kernels);
    analysis->mid = fft_alloc(size * sizeof(double));
    analysis->side = fft_alloc(size * sizeof(double));
    analysis->spectra = calloc(analysis->held * 2 * analysis->bins, sizeof(double));
    analysis->power = calloc(pieces, sizeof(double));
    analysis->rms = calloc(pieces, sizeof(double));
    analysis->loud = calloc(pieces, sizeof(bool));
    if (!analysis->magnitudes || !analysis->mid || !analysis->side || !analysis->spectra ||
        !analysis->power || !analysis->rms || !analysis->loud)
        return -ENOMEM;
    return 0;
}

struct analysis *analysis_create(uint32_t rate_hz, int64_t frames)
{
    struct analysis *analysis = calloc(1, sizeof(*analysis));

    if (!analysis)
        return NULL;
    analysis->rate_hz = rate_hz;
    analysis->frames = frames;
    analysis->pieces = match_piece_count(frames, rate_hz);
    analysis->piece_frames = frames / (int64_t)analysis->pieces;
    analysis->fft_size = profile_fft_size(rate_hz);
    analysis->bins = analysis->fft_size / 2 + 1;
    analysis->levels_only = analysis->pieces > ANALYSIS_PIECES_HELD;
    analysis->held = analysis->levels_only ? 1 : analysis->pieces;
    if (allocate(analysis) < 0) {
        analysis_destroy(analysis);
        errno = ENOMEM;
        return NULL;
    }
    return analysis;
}

void analysis_destroy(struct analysis *analysis)
{
    if (!analysis)
        return;
    magnitudes_destroy(analysis->magnitudes);
    free(analysis->mid);
    free(analysis->side);
    free(analysis->spectra);
    free(analysis->power);
    free(analysis->rms);
    free(analysis->loud);
    free(analysis);
}

int64_t analysis_frames(const struct analysis *analysis)
{
    return analysis->fed;
}

/* How many samples are at least so far from 0. The inner loop has a length that the compiler knows,
   and becomes vectors. */
static uint64_t count_from(float level, const float *audio, size_t frames)
{
    uint64_t total = 0;
    size_t n = 0;

    for (; n + COUNT_STEP <= frames; n += COUNT_STEP) {
        int32_t count = 0;

        for (size_t i = 0; i < COUNT_STEP; i++)
            count += fabsf(audio[n + i]) >= level;
        total += (uint64_t)count;
    }
    for (; n < frames; n++)
        total += fabsf(audio[n]) >= level;
    return total;
}

static void look_at_peaks(struct analysis *analysis, const float *const channel[MEDIA_CHANNELS],
                          size_t frames)
{
    float peak = (float)fmax(analysis->kernels->peak_float(channel[0], frames),
                             analysis->kernels->peak_float(channel[1], frames));

    if (peak < NEAR_PEAK * analysis->peak && peak < FULL_SCALE)
        return;
    /* A clearly higher peak: those counted so far are not near it. */
    if (peak * NEAR_PEAK > analysis->peak)
        analysis->peak_samples = 0;
    if (peak > analysis->peak)
        analysis->peak = peak;
    for (int c = 0; c < MEDIA_CHANNELS; c++) {
        if (analysis->peak > 0.0F)
            analysis->peak_samples += count_from(NEAR_PEAK * analysis->peak, channel[c], frames);
        if (peak >= FULL_SCALE)
            analysis->full_scale_samples += count_from(FULL_SCALE, channel[c], frames);
    }
}

/* Mid and side into the frame that is being filled. */
static struct sums split(const struct kernels *kernels, const float *left, const float *right,
                         size_t frames, double *mid, double *side)
{
    struct sums sums = {
        .left = kernels->sum_of_squares_float(left, frames),
        .right = kernels->sum_of_squares_float(right, frames),
    };

    kernels->widen(mid, left, frames);
    kernels->widen(side, right, frames);
    kernels->encode_mid_side(mid, side, frames);
    sums.mid = kernels->sum_of_squares(mid, frames);
    return sums;
}

/* The transform's frame is full. */
static void take_frame(struct analysis *analysis)
{
    size_t place = analysis->held == analysis->pieces ? analysis->piece : 0;
    double *sum = analysis->spectra + place * 2 * analysis->bins;

    analysis->fill = 0;
    if (analysis->levels_only || (analysis->loud_only && !analysis->loud[analysis->piece]))
        return;
    magnitudes_add(analysis->magnitudes, analysis->mid, sum);
    magnitudes_add(analysis->magnitudes, analysis->side, sum + analysis->bins);
}

/* Frames that belong to one transform of one piece, or to the remainder after the last piece. */
static void take_step(struct analysis *analysis, const float *left, const float *right,
                      size_t frames)
{
    struct sums sums = split(analysis->kernels, left, right, frames, analysis->mid + analysis->fill,
                             analysis->side + analysis->fill);

    if (!analysis->loud_only) {
        analysis->total.left += sums.left;
        analysis->total.right += sums.right;
        analysis->total.mid += sums.mid;
    }
    analysis->fill += frames;
    if (analysis->piece == analysis->pieces) {
        analysis->fill = 0; /* what is left over belongs to no piece */
        return;
    }
    if (!analysis->loud_only)
        analysis->power[analysis->piece] += sums.mid;
    if (analysis->fill == analysis->fft_size)
        take_frame(analysis);
    analysis->piece_fed += (int64_t)frames;
    if (analysis->piece_fed == analysis->piece_frames) {
        analysis->piece++;
        analysis->piece_fed = 0;
        analysis->fill = 0;
    }
}

void analysis_feed(struct analysis *analysis, const float *const channel[MEDIA_CHANNELS],
                   size_t frames)
{
    const float *left = channel[0], *right = channel[1];
    int64_t wanted = analysis->frames - analysis->fed;

    analysis->fed += (int64_t)frames;
    if (wanted <= 0)
        return;
    if ((int64_t)frames > wanted)
        frames = (size_t)wanted;
    for (size_t i = 0; i < frames && !analysis->loud_only; i += LOOK_FRAMES) {
        const float *const part[MEDIA_CHANNELS] = {left + i, right + i};

        look_at_peaks(analysis, part, frames - i < LOOK_FRAMES ? frames - i : LOOK_FRAMES);
    }
    while (frames > 0) {
        size_t count = analysis->fft_size - analysis->fill;
        int64_t rest = analysis->piece_frames - analysis->piece_fed;

        if (analysis->piece < analysis->pieces && (int64_t)count > rest)
            count = (size_t)rest;
        if (count > frames)
            count = frames;
        take_step(analysis, left, right, count);
        left += count;
        right += count;
        frames -= count;
    }
}

void analysis_go_to(struct analysis *analysis, int64_t frame,
                    const float *const channel[MEDIA_CHANNELS])
{
    int64_t piece = frame / analysis->piece_frames;
    size_t begun;

    analysis->fed = frame;
    analysis->fill = 0;
    analysis->piece = analysis->pieces;
    analysis->piece_fed = 0;
    if (piece >= (int64_t)analysis->pieces)
        return;
    analysis->piece = (size_t)piece;
    analysis->piece_fed = frame - piece * analysis->piece_frames;
    begun = (size_t)(analysis->piece_fed % (int64_t)analysis->fft_size);
    split(analysis->kernels, channel[0] - begun, channel[1] - begun, begun, analysis->mid,
          analysis->side);
    analysis->fill = begun;
}

/* Counts of a peak that is clearly lower than the other one are worth nothing. */
static void add_peaks(struct analysis *analysis, const struct analysis *other)
{
    if (other->peak * NEAR_PEAK > analysis->peak)
        analysis->peak_samples = 0;
    if (other->peak >= NEAR_PEAK * analysis->peak)
        analysis->peak_samples += other->peak_samples;
    if (other->peak > analysis->peak)
        analysis->peak = other->peak;
    analysis->full_scale_samples += other->full_scale_samples;
}

void analysis_add(struct analysis *analysis, const struct analysis *other)
{
    for (size_t i = 0; i < analysis->held * 2 * analysis->bins; i++)
        analysis->spectra[i] += other->spectra[i];
    for (size_t i = 0; i < analysis->pieces; i++)
        analysis->power[i] += other->power[i];
    analysis->total.left += other->total.left;
    analysis->total.right += other->total.right;
    analysis->total.mid += other->total.mid;
    add_peaks(analysis, other);
}

bool analysis_again(struct analysis *analysis)
{
    if (analysis->loud_only)
        return false;
    for (size_t i = 0; i < analysis->pieces; i++)
        analysis->rms[i] = sqrt(analysis->power[i] / (double)analysis->piece_frames);
    analysis->match_rms =
        match_loud_pieces(analysis->rms, analysis->pieces, analysis->loud, &analysis->loud_pieces);
    if (!analysis->levels_only)
        return false;
    analysis->levels_only = false;
    analysis->loud_only = true;
    analysis->fed = analysis->piece_fed = 0;
    analysis->piece = analysis->fill = 0;
    return true;
}

static void mean_spectra(const struct analysis *analysis, double *mid, double *side)
{
    size_t bins = analysis->bins, size = analysis->fft_size;
    int64_t windows = analysis->piece_frames / (int64_t)size; /* whole ones, in each piece */
    double frames = (double)windows * (double)analysis->loud_pieces;
    double scale = frames > 0.0 ? 1.0 / (frames * (double)size) : 0.0;

    memset(mid, 0, bins * sizeof(*mid));
    memset(side, 0, bins * sizeof(*side));
    for (size_t i = 0; i < analysis->held; i++) {
        const double *sum = analysis->spectra + i * 2 * bins;

        if (analysis->held == analysis->pieces && !analysis->loud[i])
            continue;
        magnitudes_sort(analysis->magnitudes, sum, mid);
        magnitudes_sort(analysis->magnitudes, sum + bins, side);
    }
    for (size_t k = 0; k < bins; k++) {
        mid[k] *= scale;
        side[k] *= scale;
    }
}

/* With L = M + S and R = M - S all other sums follow. */
static double side_power(const struct sums *sums)
{
    return fmax(0.0, 0.5 * (sums->left + sums->right) - sums->mid);
}

static double correlation_of(const struct sums *sums)
{
    double product = sums->left * sums->right;

    return product > 0.0 ? (sums->mid - side_power(sums)) / sqrt(product) : 1.0;
}

static double width_of(const struct sums *sums)
{
    double side = side_power(sums);

    return side > 0.0 ? sqrt(side / fmax(sums->mid, WIDTH_FLOOR)) : 0.0;
}

static int64_t loudest_frame(const struct analysis *analysis)
{
    size_t loudest = 0;

    for (size_t i = 1; i < analysis->pieces; i++) {
        loudest = analysis->rms[i] > analysis->rms[loudest] ? i : loudest;
    }
    return (int64_t)loudest * analysis->piece_frames;
}

void analysis_result(const struct analysis *analysis, struct profile *profile)
{
    const struct sums *sums = &analysis->total;

    profile->rate_hz = analysis->rate_hz;
    profile->frames = analysis->frames;
    profile->fft_size = analysis->fft_size;
    profile->bins = analysis->bins;
    profile->piece_frames = analysis->piece_frames;
    profile->pieces = analysis->pieces;
    profile->loud_pieces = analysis->loud_pieces;
    profile->loudest_frame = loudest_frame(analysis);
    profile->peak = (double)analysis->peak;
    profile->peak_samples = analysis->peak_samples;
    profile->match_rms = analysis->match_rms;
    profile->rms_db = 10.0 * log10(0.5 * (sums->left + sums->right) / (double)analysis->frames);
    profile->correlation = correlation_of(sums);
    profile->width = width_of(sums);
    profile->full_scale_samples = analysis->full_scale_samples;
    mean_spectra(analysis, profile->mid, profile->side);
}
