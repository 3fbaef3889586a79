/* latency.c - how late the sound is, part by part. */
#include "chain/latency.h"

#include <errno.h>

static struct latency_part part(const char *name, uint32_t frames, uint32_t rate_hz)
{
    return (struct latency_part){name, frames, 1000.0 * frames / rate_hz};
}

void latency_calculate(struct latency_report *report, const struct chain *chain, uint32_t rate_hz,
                       uint32_t fill_frames, uint32_t device_frames)
{
    uint32_t chain_frames = chain == NULL ? 0 : chain_latency_frames(chain);

    *report = (struct latency_report){.rate_hz = rate_hz};
    for (size_t i = 0; chain != NULL && i < chain_length(chain); i++) {
        const struct module *module = chain_module(chain, i);

        report->modules[i] =
            part(module->class->title, module->class->latency_frames(module), rate_hz);
        report->module_count++;
    }
    report->chain = part("chain", chain_frames, rate_hz);
    latency_place(report, fill_frames, device_frames);
}

void latency_place(struct latency_report *report, uint32_t fill_frames, uint32_t device_frames)
{
    uint32_t rate_hz = report->rate_hz > 0 ? report->rate_hz : 1; /* nothing is heard yet */

    report->buffer = part("buffer", fill_frames, rate_hz);
    report->device = part("device", device_frames, rate_hz);
    report->total = part("total", report->chain.frames + fill_frames + device_frames, rate_hz);
}

MP_RT uint32_t latency_optimise(uint32_t target, uint32_t least, uint32_t most, bool ran_out)
{
    uint32_t raised = target + target / 2;

    if (ran_out) {
        return raised < most ? raised : most;
    }
    return target > least ? target - (target - least + 3) / 4 : target;
}

uint32_t latency_bound(uint32_t max_latency, uint32_t rate_hz)
{
    return (uint32_t)((uint64_t)max_latency * rate_hz / 44100);
}

static int64_t latency_with(const struct rack *rack, const struct module_format *format,
                            const struct rack_plan *plan, const struct economy *economy)
{
    struct rack_plan trial = *plan;
    struct chain *chain;
    int64_t frames;

    trial.economy = *economy;
    chain = rack_build_part(rack, 0, rack->length, format, &trial); /* nobody hears it */
    if (chain == NULL) {
        return errno != 0 ? -errno : -ENOMEM;
    }
    frames = chain_latency_frames(chain);
    chain_destroy(chain);
    return frames;
}

int64_t latency_fit(const struct rack *rack, const struct module_format *format,
                    const struct rack_plan *plan, uint32_t max_frames, struct economy *economy)
{
    bool *const steps[] = {&economy->minimum_phase, &economy->short_lookahead,
                           &economy->no_spectral};
    int64_t frames;

    *economy = plan->economy;
    economy->short_spectral = true;
    frames = latency_with(rack, format, plan, economy);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && frames > (int64_t)max_frames; i++) {
        *steps[i] = true;
        frames = latency_with(rack, format, plan, economy);
    }
    return frames;
}
