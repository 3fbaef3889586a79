/* latency.c - how late the sound is, part by part. */
#include "chain/latency.h"

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
    report->buffer = part("buffer", fill_frames, rate_hz);
    report->device = part("device", device_frames, rate_hz);
    report->total = part("total", chain_frames + fill_frames + device_frames, rate_hz);
}
