/* conditioner.c - what is done to sound before all else: gain, no DC, even peaks. */
#include "chain/conditioner.h"

#include "dsp/biquad.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROTATIONS_MAX = 8, FILTERS_MAX = ROTATIONS_MAX + 1 };
enum { GAIN, DC_FILTER, PHASE_ROTATION, PARAMETERS };

static const double dc_hz = 5;
/* Apart, so that no pitch finds them all on one side: together at 200 Hz they turn all of a voice
   by nearly the same angle, and its peaks stand on the other side. */
static const double rotation_hz[ROTATIONS_MAX] = {200, 400, 100, 800, 141, 283, 566, 1131};

static const struct module_parameter parameters[PARAMETERS] = {
    [GAIN] = {"gain", "dB", -24, 24, 0, "Louder or softer before all else"},
    [DC_FILTER] = {"dc_filter", "off|on", 0, 1, 0,
                   "A high-pass at 5 Hz takes out what does not sound"},
    [PHASE_ROTATION] = {"phase_rotation", "", 0, ROTATIONS_MAX, 0,
                        "All-passes that make peaks as high above as below: 4 are usual"},
};

struct conditioner {
    struct module module;
    const struct kernels *kernels;
    uint32_t block_frames;
    double gain;
    size_t filters;
    struct biquad filter[FILTERS_MAX];
    struct biquad_pair state[FILTERS_MAX];
};

static void conditioner_destroy(struct module *module)
{
    free(module);
}

MP_RT static void conditioner_process(struct module *module, double *const audio[CHAIN_CHANNELS])
{
    struct conditioner *conditioner = (struct conditioner *)module;
    uint32_t frames = conditioner->block_frames;

    if (conditioner->gain != 1) {
        conditioner->kernels->gain(audio[0], conditioner->gain, frames);
        conditioner->kernels->gain(audio[1], conditioner->gain, frames);
    }
    biquad_run_row(conditioner->filter, conditioner->state, conditioner->filters, audio[0],
                   audio[1], frames);
}

static void conditioner_reset(struct module *module)
{
    struct conditioner *conditioner = (struct conditioner *)module;

    memset(conditioner->state, 0, sizeof conditioner->state);
}

MP_RT static uint32_t conditioner_latency(const struct module *module)
{
    (void)module;
    return 0;
}

static void conditioner_memory(const struct module *module, module_memory_visit *visit,
                               void *context)
{
    visit(context, module, sizeof(struct conditioner));
}

const struct module_class conditioner_class = {
    .name = "conditioner",
    .title = "Conditioner",
    .parameters = parameters,
    .parameter_count = PARAMETERS,
    .destroy = conditioner_destroy,
    .process = conditioner_process,
    .reset = conditioner_reset,
    .latency_frames = conditioner_latency,
    .memory = conditioner_memory,
};

struct module *conditioner_create(const struct module_format *format, const double *values)
{
    size_t rotations = (size_t)lround(values[PHASE_ROTATION]);
    bool dc_filter = values[DC_FILTER] >= 0.5;
    struct conditioner *conditioner;

    if (format->kernels == NULL || rotations > ROTATIONS_MAX) {
        errno = EINVAL;
        return NULL;
    }
    if (values[GAIN] == 0 && !dc_filter && rotations == 0) {
        errno = 0;
        return NULL;
    }
    conditioner = module_alloc(sizeof *conditioner);
    if (conditioner == NULL) {
        return NULL;
    }
    conditioner->module.class = &conditioner_class;
    conditioner->kernels = format->kernels;
    conditioner->block_frames = format->block_frames;
    conditioner->gain = pow(10, values[GAIN] / 20);
    if (dc_filter) {
        biquad_high_pass_1(&conditioner->filter[conditioner->filters++], dc_hz, format->rate_hz);
    }
    for (size_t i = 0; i < rotations; i++) {
        biquad_all_pass_1(&conditioner->filter[conditioner->filters++], rotation_hz[i],
                          format->rate_hz);
    }
    return &conditioner->module;
}
