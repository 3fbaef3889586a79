/* dynamics.c - makes the dynamics and describes their parameters. */
#include "chain/dynamics_internal.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

_Static_assert((int)DYNAMICS_BANDS == (int)CROSSOVER_BANDS, "a compressor for each band");
_Static_assert((int)DYNAMICS_BANDS == (int)MODULE_BANDS, "a gain for each on the meters");

const double dynamics_borders_hz[DYNAMICS_BANDS - 1] = {120, 1000, 6000};

#define BAND(number, attack, release)                                                              \
    {"band" number "_threshold", "dBFS", -80, 0, -24, "Level above which it works"},               \
        {"band" number "_ratio", "", 0.25, 20, 1, "dB in for a dB out; below 1 it expands"},       \
        {"band" number "_knee", "dB", 0, 24, 6, "Width over which the ratio sets in"},             \
        {"band" number "_attack", "ms", 0.1, 500, attack, "Time in which it begins"},              \
        {"band" number "_release", "ms", 5, 5000, release, "Time in which it lets go"},            \
        {"band" number "_makeup", "dB", -12, 12, 0, "Gain behind it"},                             \
    {                                                                                              \
        "band" number "_range", "dB", 0, 24, 6, "It never changes the level by more"               \
    }

static const struct module_parameter parameters[] = {
    {"mode", "manual|reference", 0, 1, 1,
     "As the parameters say, or each band to the reference's spread of levels"},
    BAND("1", 20, 150),
    BAND("2", 15, 120),
    BAND("3", 10, 100),
    BAND("4", 8, 80),
};
_Static_assert(sizeof parameters / sizeof parameters[0] == DYNAMICS_PARAMETERS, "all parameters");

static void dynamics_destroy(struct module *module)
{
    free(module);
}

static void dynamics_reset(struct module *module)
{
    struct dynamics *dynamics = (struct dynamics *)module;

    crossover_reset(&dynamics->crossover);
    for (size_t band = 0; band < DYNAMICS_BANDS; band++) {
        envelope_reset(&dynamics->envelope[band]);
        dynamics->gain[band] = pow(10, dynamics->envelope[band].makeup_db / 20);
        dynamics->next[band] = dynamics->gain[band];
        dynamics->power[band] = 0;
    }
    dynamics->filled = 0;
}

/* So that its steps lie in the stream as they lie in every other run of it. */
static void dynamics_begin(struct module *module, uint64_t lead_frames)
{
    struct dynamics *dynamics = (struct dynamics *)module;
    uint32_t step = dynamics->step_frames;

    dynamics->filled = (step - (uint32_t)(lead_frames % step)) % step;
}

MP_RT static uint32_t dynamics_latency(const struct module *module)
{
    (void)module;
    return 0;
}

static void dynamics_memory(const struct module *module, module_memory_visit *visit, void *context)
{
    visit(context, module, sizeof(struct dynamics));
}

const struct module_class dynamics_class = {
    .name = "dynamics",
    .title = "Dynamics",
    .parameters = parameters,
    .parameter_count = DYNAMICS_PARAMETERS,
    .destroy = dynamics_destroy,
    .process = dynamics_run,
    .reset = dynamics_reset,
    .latency_frames = dynamics_latency,
    .begin = dynamics_begin,
    .band_gains = dynamics_band_gains,
    .take_over = dynamics_take_over,
    .memory = dynamics_memory,
};

/* True if it would leave the band as it is. */
static bool is_idle(const struct envelope_shape *shape)
{
    return (shape->ratio == 1 || shape->range_db == 0) && shape->makeup_db == 0;
}

/* Gains about as often at every rate; a power of two, as blocks are. */
static uint32_t step_frames(uint32_t rate_hz)
{
    uint32_t step = DYNAMICS_STEP;

    while (step < DYNAMICS_STEP_MAX && rate_hz > 62000 * (step / DYNAMICS_STEP)) {
        step *= 2;
    }
    return step;
}

struct module *dynamics_create(const struct module_format *format, const struct dynamics_goal *goal,
                               const double *values)
{
    enum simd_tier tier = format->kernels == NULL ? SIMD_SCALAR : format->kernels->tier;
    struct dynamics_aim aim[DYNAMICS_BANDS];
    struct dynamics *dynamics;
    bool idle = true;

    for (size_t band = 0; band < DYNAMICS_BANDS; band++) {
        dynamics_aim_band(values, goal, band, &aim[band]);
        idle = idle && is_idle(&aim[band].shape);
    }
    if (idle) {
        errno = 0;
        return NULL;
    }
    dynamics = module_alloc(sizeof *dynamics);
    if (dynamics == NULL) {
        return NULL;
    }
    dynamics->module.class = &dynamics_class;
    dynamics->loops = crossover_loops_select(tier);
    dynamics->block_frames = format->block_frames;
    dynamics->step_frames = step_frames(format->rate_hz);
    if (!crossover_loops_are_rt(dynamics->loops) ||
        format->block_frames % dynamics->step_frames != 0 || format->block_frames == 0) {
        free(dynamics);
        errno = EINVAL;
        return NULL;
    }
    crossover_init(&dynamics->crossover, dynamics_borders_hz, format->rate_hz);
    for (size_t band = 0; band < DYNAMICS_BANDS; band++) {
        envelope_init(&dynamics->envelope[band], &aim[band].shape,
                      (double)dynamics->step_frames / format->rate_hz);
    }
    dynamics_reset(&dynamics->module);
    return &dynamics->module;
}
