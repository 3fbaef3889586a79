/* limiter.c - makes the look-ahead limiter and answers about it; limiter_run.c is its work. */
#include "chain/limiter.h"

#include "chain/limiter_internal.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64, PADDING = 16, RATE_LEAST = 4000, RATE_MOST = 768000 };

static const double hold_hz = 7;
static const double release_hz = 800.0 / 3000;

struct piece {
    double **place;
    size_t count;
};

MP_RT static uint32_t limiter_latency(const struct module *module)
{
    const struct limiter *limiter = (const struct limiter *)module;

    return limiter->delay + limiter->peak_delay;
}

MP_RT static double limiter_lowest_gain(const struct module *module)
{
    return ((const struct limiter *)module)->block_gain;
}

static void limiter_destroy(struct module *module)
{
    limiter_peak_destroy(((struct limiter *)module)->peak);
    free(module);
}

static void limiter_reset(struct module *module)
{
    struct limiter *limiter = (struct limiter *)module;

    for (size_t c = 0; c < CHAIN_CHANNELS; c++) {
        memset(limiter->delayed[c], 0, limiter->delay * sizeof(double));
    }
    memset(limiter->hard, 0, (limiter->delay + limiter->block) * sizeof(double));
    memset(limiter->slid, 0, (limiter->delay + limiter->block) * sizeof(double));
    memset(limiter->forward, 0, (limiter->tail + limiter->block) * sizeof(double));
    limiter->state = (struct limiter_state){0};
    limiter->work = (struct limiter_work){0};
    limiter->lowest_gain = limiter->block_gain = 1;
    limiter->position = 0;
    limiter->end = LIMITER_ENDLESS;
    limiter->quiet_frames = UINT32_MAX;
    limiter->idle = true;
    limiter->delay_at = 0;
    if (limiter->peak != NULL) {
        limiter_peak_reset(limiter->peak);
    }
}

static void limiter_begin(struct module *module, uint64_t lead_frames)
{
    struct limiter *limiter = (struct limiter *)module;

    limiter->position = -(int64_t)lead_frames;
    if (limiter->peak != NULL) {
        limiter_peak_begin(limiter->peak, lead_frames + limiter->delay);
    }
}

/* The rest of its state is shorter than any run-in. */
MP_RT static void limiter_take_over(struct module *module, const struct module *from)
{
    struct limiter *limiter = (struct limiter *)module;
    const struct limiter *other = (const struct limiter *)from;

    if (limiter->active && other->state.release > 0) {
        limiter->state.release = other->state.release;
        limiter->idle = false;
    }
    if (limiter->peak != NULL && other->peak != NULL) {
        limiter_peak_take_over(limiter->peak, other->peak);
    }
}

static void limiter_memory(const struct module *module, module_memory_visit *visit, void *context)
{
    const struct limiter *limiter = (const struct limiter *)module;

    visit(context, module, limiter->bytes);
    if (limiter->peak != NULL) {
        limiter_peak_memory(limiter->peak, visit, context);
    }
}

static const struct module_parameter parameters[LIMITER_PARAMETERS] = {
    [LIMITER_TRUE_PEAK] = {"true_peak", "off|on", 0, 1, 0,
                           "Holds the peaks between the samples, too."},
    [LIMITER_CEILING] = {"ceiling", "dBTP", -20, 0, -1, "Where the true peak is held."},
    [LIMITER_RELEASE] = {"release", "ms", 20, 1000, 150,
                         "How slowly the gain comes back after a true peak."},
};

void limiter_take_values(struct limiter_design *design, const double *values)
{
    bool held = values[LIMITER_TRUE_PEAK] > 0 && (design->active || design->idle);

    design->ceiling = held ? pow(10.0, values[LIMITER_CEILING] / 20.0) : 0.0;
    design->release_ms = values[LIMITER_RELEASE];
}

const struct module_class limiter_class = {
    .name = "limiter",
    .title = "Limiter",
    .parameters = parameters,
    .parameter_count = LIMITER_PARAMETERS,
    .destroy = limiter_destroy,
    .process = limiter_run,
    .reset = limiter_reset,
    .latency_frames = limiter_latency,
    .begin = limiter_begin,
    .end = limiter_end,
    .lowest_gain = limiter_lowest_gain,
    .take_over = limiter_take_over,
    .memory = limiter_memory,
};

/* One piece of memory for the limiter and all its windows, so that it is locked in one call. */
static struct limiter *allocate(const struct module_format *format, uint32_t tails,
                                double **weights)
{
    uint32_t block = format->block_frames;
    uint32_t attack = format->rate_hz / 1000, tail = tails * attack;
    struct limiter head = {.block = block, .attack = attack, .tail = tail, .delay = attack + tail};
    struct piece pieces[] = {
        {&head.delayed[0], head.delay},
        {&head.delayed[1], head.delay},
        {&head.hard, head.delay + block},
        {&head.slid, head.delay + block},
        {&head.forward, tail + block},
        {&head.held, block},
        {&head.hold, block},
        {&head.high, block},
        {&head.release, block},
        {&head.backward, block},
        {&head.scratch, block + 2 * attack + PADDING},
        {weights, tail},
    };
    size_t count = sizeof pieces / sizeof pieces[0];
    size_t at = (sizeof head + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    struct limiter *limiter;
    char *memory;

    head.bytes = at;
    for (size_t i = 0; i < count; i++) {
        pieces[i].count = (pieces[i].count + PADDING + 7) / 8 * 8;
        head.bytes += pieces[i].count * sizeof(double);
    }
    memory = module_alloc(head.bytes);
    if (memory == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        *pieces[i].place = (double *)(void *)(memory + at);
        at += pieces[i].count * sizeof(double);
    }
    limiter = (struct limiter *)(void *)memory;
    *limiter = head;
    return limiter;
}

/* A first-order Butterworth low-pass by the bilinear transform. */
static void init_low_pass(struct limiter_pole *pole, const struct limiter_loops *loops,
                          double cutoff_hz, double rate_hz)
{
    double k = tan(M_PI * cutoff_hz / rate_hz);

    limiter_pole_init(pole, loops, (1 - k) / (1 + k), k / (1 + k), k / (1 + k));
}

static bool is_block(uint32_t frames)
{
    return frames >= 64 && frames <= 4096 && (frames & (frames - 1)) == 0;
}

/* tails: attack times that the backward pass looks ahead. */
static struct module *create(const struct module_format *format,
                             const struct limiter_design *design, uint32_t tails)
{
    const struct limiter_loops *loops =
        limiter_loops_select(format->kernels == NULL ? SIMD_SCALAR : format->kernels->tier);
    struct limiter *limiter;
    double *weights;
    double pole, weight;

    if (!is_block(format->block_frames) || format->rate_hz < RATE_LEAST ||
        format->rate_hz > RATE_MOST || !limiter_loops_are_rt(loops)) {
        errno = EINVAL;
        return NULL;
    }
    limiter = allocate(format, tails, &weights);
    if (limiter == NULL) {
        return NULL;
    }
    limiter->module.class = &limiter_class;
    limiter->loops = loops;
    limiter->active = design->active;
    limiter->output_gain = design->output_gain;
    pole = exp(-2.0 / limiter->attack);
    limiter->attack_coefficient = pole;
    limiter_pole_init(&limiter->attack_pole, loops, pole, 1 - pole, 0);
    init_low_pass(&limiter->hold_pole, loops, hold_hz, format->rate_hz);
    init_low_pass(&limiter->release_pole, loops, release_hz, format->rate_hz);
    weight = 1;
    for (uint32_t j = 0; j < limiter->tail; j++) {
        weights[j] = (1 - pole) * weight;
        weight *= pole;
    }
    weights[limiter->tail - 1] += weight; /* as if the forward pass stood still after the tail */
    limiter->tail_weights = weights;
    if (design->ceiling > 0) {
        limiter->peak = limiter_peak_create(format, design->ceiling, design->release_ms);
        if (limiter->peak == NULL) {
            free(limiter);
            return NULL;
        }
        limiter->peak_delay = limiter_peak_latency(format->rate_hz);
    }
    limiter_reset(&limiter->module);
    limiter_begin(&limiter->module, 0);
    return &limiter->module;
}

struct module *limiter_create(const struct module_format *format,
                              const struct limiter_design *design)
{
    return create(format, design, LIMITER_TAIL);
}

struct module *limiter_create_short(const struct module_format *format,
                                    const struct limiter_design *design)
{
    return create(format, design, 1);
}

bool limiter_is_resumable(const struct module *module)
{
    return ((const struct limiter *)module)->peak == NULL;
}

uint32_t limiter_warm_frames(const struct module *module)
{
    const struct limiter *limiter = (const struct limiter *)module;

    /* The oldest forward value in use, its maximum, and 14 attack times for it to forget. */
    return limiter->delay + (2 + 14) * limiter->attack;
}

void limiter_get_state(const struct module *module, struct limiter_state *state)
{
    *state = ((const struct limiter *)module)->state;
}

void limiter_set_state(struct module *module, const struct limiter_state *state)
{
    struct limiter *limiter = (struct limiter *)module;

    limiter->state = *state;
    if (limiter->active) {
        limiter->idle = false; /* it goes back by itself when there is nothing to do */
    }
}

bool limiter_peak_is_idle(double input_peak)
{
    double ratio = fmax(input_peak / limiter_threshold, 1);

    return ratio - 1 <= 1e-8 + 1e-5;
}

void limiter_get_work(const struct module *module, struct limiter_work *work)
{
    const struct limiter *limiter = (const struct limiter *)module;

    *work = limiter->work;
    work->most_reduction_db = -20 * log10(limiter->lowest_gain);
}
