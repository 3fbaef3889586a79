/* match_eq.c - the match's filter pair and gain, as a module. */
#include "chain/match_eq.h"

#include "dsp/convolver.h"
#include "dsp/minimum_phase.h"

#include <errno.h>
#include <stdlib.h>

enum { TAPS_LEAST = 4 };

struct match_eq {
    struct module module;
    const struct kernels *kernels;
    enum fft_precision precision;
    uint32_t block_frames, latency_frames;
    struct convolver *convolver; /* NULL: no FIR */
    struct convolver_filter *filter;
    double gain;                 /* without a FIR; with one it is in the taps */
    double last[CHAIN_CHANNELS]; /* the frame that is late */
};

static void match_eq_destroy(struct module *module)
{
    struct match_eq *eq = (struct match_eq *)module;

    if (eq == NULL) {
        return;
    }
    convolver_destroy(eq->convolver);
    convolver_filter_destroy(eq->filter);
    free(eq);
}

/* A gain, one frame late, as all that is matched. */
MP_RT static void delay_by_one(struct match_eq *eq, double *const audio[CHAIN_CHANNELS])
{
    for (size_t c = 0; c < CHAIN_CHANNELS; c++) {
        double late = eq->last[c];

        for (uint32_t n = 0; n < eq->block_frames; n++) {
            double now = audio[c][n];

            audio[c][n] = late * eq->gain;
            late = now;
        }
        eq->last[c] = late;
    }
}

MP_RT static void match_eq_process(struct module *module, double *const audio[CHAIN_CHANNELS])
{
    struct match_eq *eq = (struct match_eq *)module;

    if (eq->convolver == NULL) {
        delay_by_one(eq, audio);
        return;
    }
    eq->kernels->encode_mid_side(audio[0], audio[1], eq->block_frames);
    convolver_process(eq->convolver, eq->filter, audio);
    eq->kernels->decode_mid_side(audio[0], audio[1], eq->block_frames);
}

static void match_eq_reset(struct module *module)
{
    struct match_eq *eq = (struct match_eq *)module;

    eq->last[0] = eq->last[1] = 0;
    if (eq->convolver != NULL) {
        convolver_reset(eq->convolver);
    }
}

MP_RT static uint32_t match_eq_latency(const struct module *module)
{
    return ((const struct match_eq *)module)->latency_frames;
}

static void match_eq_memory(const struct module *module, module_memory_visit *visit, void *context)
{
    const struct match_eq *eq = (const struct match_eq *)module;
    void *address;
    size_t bytes;

    visit(context, eq, sizeof *eq);
    if (eq->convolver != NULL) {
        convolver_memory(eq->convolver, &address, &bytes);
        visit(context, address, bytes);
        convolver_filter_memory(eq->filter, &address, &bytes);
        visit(context, address, bytes);
    }
}

const struct module_class match_eq_class = {
    .name = "match_eq",
    .title = "Match EQ",
    .destroy = match_eq_destroy,
    .process = match_eq_process,
    .reset = match_eq_reset,
    .latency_frames = match_eq_latency,
    .memory = match_eq_memory,
};

static int create_filter(struct match_eq *eq, const struct match_eq_design *design)
{
    struct convolver_shape shape = {
        .channels = CHAIN_CHANNELS,
        .block_frames = eq->block_frames,
        .taps = design->taps,
        .precision = design->precision,
        .kernels = eq->kernels,
    };
    double *taps = malloc(2 * design->taps * sizeof *taps);
    int error;

    if (taps == NULL) {
        return -ENOMEM;
    }
    for (size_t k = 0; k < design->taps; k++) {
        taps[k] = design->mid[k] * design->gain;
        taps[design->taps + k] = design->side[k] * design->gain;
    }
    errno = 0;
    eq->filter = convolver_filter_create(&shape, (const double *[]){taps, taps + design->taps});
    eq->convolver = eq->filter == NULL ? NULL : convolver_create(&shape);
    error = errno;
    free(taps);
    if (eq->convolver == NULL) {
        return error != 0 ? -error : -ENOMEM;
    }
    eq->latency_frames = (uint32_t)(design->taps / 2 - 1);
    return 0;
}

/* The whole filter lies behind the frame by which all that is matched is late. */
struct module *match_eq_create_minimum_phase(const struct module_format *format,
                                             const struct match_eq_design *design)
{
    size_t taps = design->taps;
    struct match_eq_design front = *design;
    double *both = calloc(2 * taps + 2, sizeof *both);
    struct module *module = NULL;
    int result = both == NULL ? -ENOMEM : 0;

    if (taps > 0 && result == 0) {
        result = minimum_phase(design->mid, taps - 1, MINIMUM_PHASE_FLOOR_DB, both + 1);
    }
    if (taps > 0 && result == 0) {
        result = minimum_phase(design->side, taps - 1, MINIMUM_PHASE_FLOOR_DB, both + taps + 1);
    }
    if (result == 0) {
        front.mid = both;
        front.side = both + taps;
        module = match_eq_create(format, &front);
        result = module == NULL ? -errno : 0;
    }
    free(both);
    if (module == NULL) {
        errno = -result;
        return NULL;
    }
    ((struct match_eq *)module)->latency_frames = 0;
    return module;
}

struct module *match_eq_create(const struct module_format *format,
                               const struct match_eq_design *design)
{
    uint32_t block = format->block_frames;
    struct match_eq *eq;
    int error = 0;

    if (format->kernels == NULL || block < 64 || block > 4096 || (block & (block - 1)) != 0 ||
        (design->taps != 0 && (design->taps < TAPS_LEAST || design->taps % 2 != 0))) {
        errno = EINVAL;
        return NULL;
    }
    eq = module_alloc(sizeof *eq);
    if (eq == NULL) {
        return NULL;
    }
    eq->module.class = &match_eq_class;
    eq->kernels = format->kernels;
    eq->precision = design->precision;
    eq->block_frames = block;
    eq->gain = design->gain;
    if (design->taps > 0) {
        error = create_filter(eq, design);
    }
    if (error != 0) {
        match_eq_destroy(&eq->module);
        errno = -error;
        return NULL;
    }
    return &eq->module;
}

enum fft_precision match_eq_precision(const struct module *module)
{
    return ((const struct match_eq *)module)->precision;
}
