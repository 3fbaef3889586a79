/* spectral.c - makes the spectral processor and answers about it; spectral_run.c is its work. */
#include "chain/spectral.h"

#include "chain/dynamics.h"
#include "chain/spectral_internal.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64, FRAME = 2048, OCTAVES_DOWN_MOST = 3, RATE_LEAST = 4000, RATE_MOST = 768000 };
/* Gains are smoothed over so many bins to either side: what they ring then stays within an eighth
   of a frame or so, and the sidebands of a steady sound below -80 dB. */
enum { SMOOTHING_BINS = 6 };
/* Frames of half the length do not tell the parts below 355 Hz apart: those are left alone. */
enum { FIRST_HELD_SHORT = 3 };

static const double window_s = 0.4, quiet_dbfs = -70.0;

static const struct module_parameter parameters[SPECTRAL_PARAMETERS] = {
    [SPECTRAL_RANGE_DB] = {"range", "dB", 0.0, 12.0, 6.0,
                           "no part of the spectrum is moved by more than this; 0: off"},
    [SPECTRAL_SPEED_MS] = {"speed", "ms", 20.0, 5000.0, 100.0,
                           "time constant with which the gains follow"},
    [SPECTRAL_AMOUNT_PERCENT] = {"amount", "%", 0.0, 100.0, 100.0,
                                 "how far towards the reference's balance"},
};

size_t spectral_frame_size(uint32_t rate_hz)
{
    long octaves = lround(log2((double)rate_hz / 44100.0));

    if (octaves < -OCTAVES_DOWN_MOST) {
        octaves = -OCTAVES_DOWN_MOST;
    }
    return octaves < 0 ? (size_t)FRAME >> -octaves : (size_t)FRAME << octaves;
}

static void spectral_destroy(struct module *module)
{
    struct spectral *spectral = (struct spectral *)module;

    if (spectral == NULL) {
        return;
    }
    stft_destroy(spectral->stft);
    free(spectral);
}

MP_RT static void spectral_process(struct module *module, double *const audio[CHAIN_CHANNELS])
{
    stft_process(((struct spectral *)module)->stft, audio);
}

/* What is asked for where the target is at its medians, loud enough. */
static void median_goal(const struct spectral *spectral, double goal_db[BALANCE_PARTS])
{
    double power[BALANCE_PARTS];

    memset(goal_db, 0, BALANCE_PARTS * sizeof *goal_db);
    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        power[i] = fmax(1.0, 2.0 * spectral->quiet) * spectral->part[i].eq_power *
                   pow(10.0, 0.1 * spectral->design.target[i].middle_db);
    }
    spectral_goal(spectral, power, goal_db);
}

/* As if the target's median had been heard for long. */
static void spectral_reset(struct module *module)
{
    struct spectral *spectral = (struct spectral *)module;
    double gain_db[BALANCE_PARTS];

    median_goal(spectral, gain_db);
    spectral_take_gains(spectral, gain_db);
    spectral->row = spectral->rows = 0;
    stft_reset(spectral->stft);
}

MP_RT static uint32_t spectral_latency(const struct module *module)
{
    return stft_latency_frames(((const struct spectral *)module)->stft);
}

static void spectral_memory(const struct module *module, module_memory_visit *visit, void *context)
{
    const struct spectral *spectral = (const struct spectral *)module;
    void *address;
    size_t bytes;

    visit(context, spectral, spectral->bytes);
    stft_memory(spectral->stft, &address, &bytes);
    visit(context, address, bytes);
}

const struct module_class spectral_class = {
    .name = "spectral",
    .title = "Spectral",
    .parameters = parameters,
    .parameter_count = SPECTRAL_PARAMETERS,
    .destroy = spectral_destroy,
    .process = spectral_process,
    .reset = spectral_reset,
    .latency_frames = spectral_latency,
    .band_gains = spectral_band_gains,
    .take_over = spectral_take_over,
    .memory = spectral_memory,
};

/* --- making -------------------------------------------------------------------------------- */

static size_t least(size_t one, size_t other)
{
    return one < other ? one : other;
}

/* Where the gain of a part reaches: from the middle of the one before to that of the one after. */
static void reach(const struct spectral *spectral, size_t i, double bins_per_hz,
                  struct spectral_part *part)
{
    double low = i == 0 ? 0.0 : balance_middle_hz(i - 1) * bins_per_hz;
    double high = i + 1 < BALANCE_PARTS ? balance_middle_hz(i + 1) * bins_per_hz
                                        : 2.0 * balance_edge_hz(BALANCE_PARTS) * bins_per_hz;
    size_t first = (size_t)low, last = (size_t)high + 1 + SMOOTHING_BINS;

    first = first < SMOOTHING_BINS ? 0 : first - SMOOTHING_BINS;
    part->shape_first = least(first / STFT_GROUP * STFT_GROUP, spectral->bins_room);
    part->shape_last =
        least((last + STFT_GROUP - 1) / STFT_GROUP * STFT_GROUP, spectral->bins_room);
}

/* Bin k reaches from k - 1/2 to k + 1/2. */
static void read_bins(const struct spectral *spectral, size_t i, double bins_per_hz,
                      struct spectral_part *part)
{
    double low = balance_edge_hz(i) * bins_per_hz, high = balance_edge_hz(i + 1) * bins_per_hz;

    part->first = (size_t)ceil(low + 0.5);
    part->last = (size_t)floor(high + 0.5);
    part->share_before = (float)((double)part->first - 0.5 - low);
    part->share_after = (float)(high - ((double)part->last - 0.5));
    if (part->first > spectral->bins) {
        part->first = part->last = spectral->bins;
        part->share_before = 0.0F;
    }
    if (part->last >= spectral->bins) {
        part->last = spectral->bins;
        part->share_after = 0.0F;
    }
}

/* From 0 to 1 in the middle half of the way, in octaves. */
static double rise(double hz, double from_hz, double to_hz)
{
    double way = 2.0 * log(hz / from_hz) / log(to_hz / from_hz) - 0.5;

    return way <= 0.0 ? 0.0 : way >= 1.0 ? 1.0 : 0.5 - 0.5 * cos(M_PI * way);
}

/* How much of a part's gain a frequency gets; of all parts together 1, but for ultrasound. */
static double share_of(size_t i, double hz)
{
    double share = 1.0;

    hz = hz > 1.0 ? hz : 1.0;
    if (i > 0) {
        share *= rise(hz, balance_middle_hz(i - 1), balance_middle_hz(i));
    }
    if (i + 1 < BALANCE_PARTS) {
        return share * (1.0 - rise(hz, balance_middle_hz(i), balance_middle_hz(i + 1)));
    }
    return share *
           (1.0 - rise(hz, balance_edge_hz(BALANCE_PARTS), 2.0 * balance_edge_hz(BALANCE_PARTS)));
}

static void fill_shape(const struct spectral_part *part, size_t i, double hz_per_bin, float *shape)
{
    for (size_t k = part->shape_first; k < part->shape_last; k++) {
        double sum = 0.0;

        for (int j = 1 - SMOOTHING_BINS; j < SMOOTHING_BINS; j++) {
            double weight = 0.5 + 0.5 * cos(M_PI * j / SMOOTHING_BINS);

            sum += weight * share_of(i, fabs((double)k + j) * hz_per_bin);
        }
        shape[k - part->shape_first] = (float)(sum / SMOOTHING_BINS);
    }
}

static double shape_at(const struct spectral_part *part, size_t bin)
{
    return bin >= part->shape_first && bin < part->shape_last
               ? (double)part->shape[bin - part->shape_first]
               : 0.0;
}

static void fill_mix(struct spectral *spectral)
{
    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        struct spectral_part *part = &spectral->part[i];

        for (size_t j = 0; j < BALANCE_PARTS && part->last > part->first; j++) {
            double sum = 0.0;

            for (size_t k = part->first; k < part->last; k++) {
                sum += shape_at(&spectral->part[j], k);
            }
            part->mix[j] = sum / (double)(part->last - part->first);
        }
    }
}

static size_t line_bytes(size_t bytes)
{
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* One piece of memory for all but the STFT. */
static struct spectral *allocate(const struct spectral *head, size_t shape_floats)
{
    size_t ring = head->window_frames * BALANCE_PARTS * sizeof(double);
    size_t bins = line_bytes(head->bins_room * sizeof(float));
    size_t bytes =
        line_bytes(sizeof *head) + line_bytes(ring) + 2 * bins + shape_floats * sizeof(float);
    struct spectral *spectral = module_alloc(bytes);
    char *at = (char *)spectral;

    if (spectral == NULL) {
        return NULL;
    }
    *spectral = *head;
    spectral->bytes = bytes;
    at += line_bytes(sizeof *head);
    spectral->ring = (double *)(void *)at;
    at += line_bytes(ring);
    spectral->power = (float *)(void *)at;
    at += bins;
    spectral->difference = (float *)(void *)at;
    at += bins;
    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        struct spectral_part *part = &spectral->part[i];

        part->shape = (float *)(void *)at;
        at += (part->shape_last - part->shape_first) * sizeof(float);
    }
    return spectral;
}

static size_t band_of(size_t i)
{
    size_t band = 0;

    while (band < DYNAMICS_BANDS - 1 && balance_middle_hz(i) > dynamics_borders_hz[band]) {
        band++;
    }
    return band;
}

static enum simd_tier tier_of(const struct module_format *format)
{
    return format->kernels == NULL ? SIMD_SCALAR : format->kernels->tier;
}

static bool is_held(const struct spectral_design *design, size_t i)
{
    return design->target[i].middle_db > BALANCE_NOTHING_DB &&
           design->reference[i].middle_db > BALANCE_NOTHING_DB;
}

static bool holds_any(const struct spectral_design *design)
{
    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        if (is_held(design, i)) {
            return true;
        }
    }
    return false;
}

static struct spectral *create(const struct module_format *format,
                               const struct spectral_design *design, size_t size)
{
    struct spectral head = {.bins = size / 2 + 1,
                            .bins_room = stft_bins_room(size),
                            .loops = stft_loops_select(tier_of(format)),
                            .design = *design};
    double bins_per_hz = (double)size / format->rate_hz;
    size_t shape_floats = 0;
    struct spectral *spectral;

    head.window_frames = (size_t)lround(window_s * format->rate_hz * STFT_OVERLAP / (double)size);
    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        struct spectral_part *part = &head.part[i];

        read_bins(&head, i, bins_per_hz, part);
        reach(&head, i, bins_per_hz, part);
        shape_floats += part->shape_last - part->shape_first;
        part->band = band_of(i);
        part->held = is_held(design, i);
        part->eq_power = pow(10.0, 0.1 * design->eq_db[i]);
    }
    spectral = allocate(&head, shape_floats);
    if (spectral == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        float *shape = spectral->part[i].shape;

        fill_shape(&spectral->part[i], i, 1.0 / bins_per_hz, shape);
    }
    fill_mix(spectral);
    return spectral;
}

/* `size`: of the STFT; short: it does not look ahead. */
static struct module *make(const struct module_format *format, const struct spectral_design *design,
                           const double *values, size_t size, bool is_short)
{
    struct stft_shape shape = {.size = size,
                               .block_frames = format->block_frames,
                               .tier = tier_of(format),
                               .difference = true,
                               .listen = spectral_listen,
                               .work = spectral_shape};
    struct spectral *spectral;
    size_t hop = size / STFT_OVERLAP;
    int error;

    if (format->block_frames < 64 || format->block_frames > 4096 || format->rate_hz < RATE_LEAST ||
        format->rate_hz > RATE_MOST) {
        errno = EINVAL;
        return NULL;
    }
    if (!(values[SPECTRAL_RANGE_DB] > 0.0) || !(values[SPECTRAL_AMOUNT_PERCENT] > 0.0) ||
        !holds_any(design)) {
        errno = 0;
        return NULL;
    }
    spectral = create(format, design, size);
    if (spectral == NULL) {
        return NULL;
    }
    spectral->module.class = &spectral_class;
    spectral->range_db = values[SPECTRAL_RANGE_DB];
    spectral->amount = 0.01 * values[SPECTRAL_AMOUNT_PERCENT];
    spectral->approach =
        1.0 - exp(-1000.0 * (double)hop / format->rate_hz / values[SPECTRAL_SPEED_MS]);
    spectral->quiet = 0.375 * (double)size * (double)size * pow(10.0, 0.1 * quiet_dbfs);
    for (size_t i = 0; i < BALANCE_PARTS && is_short; i++) {
        spectral->part[i].held = spectral->part[i].held && i >= FIRST_HELD_SHORT;
    }
    shape.context = spectral;
    shape.ahead = is_short ? 0 : spectral->window_frames / 2;
    spectral->stft = stft_create(&shape);
    if (spectral->stft == NULL) {
        error = errno;
        spectral_destroy(&spectral->module);
        errno = error;
        return NULL;
    }
    spectral_reset(&spectral->module);
    return &spectral->module;
}

struct module *spectral_create(const struct module_format *format,
                               const struct spectral_design *design, const double *values)
{
    return make(format, design, values, spectral_frame_size(format->rate_hz), false);
}

struct module *spectral_create_short(const struct module_format *format,
                                     const struct spectral_design *design, const double *values)
{
    return make(format, design, values, spectral_frame_size(format->rate_hz) / 2, true);
}

void spectral_static_gains(const struct spectral_design *design, const double *values,
                           double db[BALANCE_PARTS])
{
    struct spectral spectral = {.design = *design, .amount = 1.0, .range_db = HUGE_VAL};

    if (values != NULL) {
        spectral.amount = 0.01 * values[SPECTRAL_AMOUNT_PERCENT];
        spectral.range_db = values[SPECTRAL_RANGE_DB];
    }
    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        spectral.part[i].held = is_held(design, i);
        spectral.part[i].eq_power = pow(10.0, 0.1 * design->eq_db[i]);
    }
    median_goal(&spectral, db);
    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        db[i] = spectral.part[i].held ? db[i] : (double)NAN;
    }
}

void spectral_get_gains(const struct module *module, double db[BALANCE_PARTS])
{
    memcpy(db, ((const struct spectral *)module)->gain_db, BALANCE_PARTS * sizeof *db);
}
