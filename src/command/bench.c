/* bench.c - what the chain costs on this machine, module by module. */
#include "command/bench_measure.h"
#include "command/command.h"
#include "command/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_JSON = COMMAND_LONG_ONLY };
enum { RATE_HZ = 44100, TIER_RUNS = 8, TIERS_MOST = 4 };

/* Rates whose whole chain is measured, too. */
static const uint32_t rates_hz[] = {48000, 96000, 192000};
enum { RATES = sizeof rates_hz / sizeof rates_hz[0] };

struct bench_figures {
    struct bench_setup setup;
    struct bench_times times;
    struct bench_times at_rate[RATES]; /* the two whole chains alone */
    size_t tiers;
    struct bench_setup tier[TIERS_MOST]; /* those that are narrower */
    struct bench_times tier_times[TIERS_MOST];
};

static int measure_all(struct bench_figures *figures)
{
    int result = bench_measure(&figures->setup, &figures->times);

    for (size_t i = 0; i < RATES && result == 0; i++) {
        struct bench_setup setup = figures->setup;

        setup.rate_hz = rates_hz[i];
        setup.runs = TIER_RUNS;
        result = bench_measure_part(&setup, BENCH_EXACT_CHAIN, &figures->at_rate[i]);
        result = result < 0 ? result
                            : bench_measure_part(&setup, BENCH_ALL_MODULES, &figures->at_rate[i]);
    }
    for (const struct kernels *kernels = figures->setup.kernels->narrower;
         kernels != NULL && figures->tiers < TIERS_MOST && result == 0;
         kernels = kernels->narrower) {
        struct bench_setup *setup = &figures->tier[figures->tiers];

        *setup = figures->setup;
        setup->kernels = kernels;
        setup->runs = TIER_RUNS;
        result = bench_measure(setup, &figures->tier_times[figures->tiers++]);
    }
    return result;
}

/* --- what is said -------------------------------------------------------------------------- */

static double core_percent(uint32_t rate_hz, uint32_t block_frames, double block_us)
{
    return 100.0 * block_us * rate_hz / (block_frames * 1e6);
}

static void write_times(struct json *json, const struct bench_setup *setup,
                        const struct bench_times *times)
{
    char key[64];

    json_string(json, "simd", setup->kernels->name);
    for (int part = 0; part < BENCH_PARTS; part++) {
        snprintf(key, sizeof key, "%s_us", bench_names[part]);
        json_number(json, key, times->least_us[part]);
    }
    json_number(
        json, "all_modules_core_percent",
        core_percent(setup->rate_hz, setup->block_frames, times->least_us[BENCH_ALL_MODULES]));
}

static void write_rates(struct json *json, const struct bench_figures *figures)
{
    uint32_t block = figures->setup.block_frames;

    json_array(json, "rates");
    for (size_t i = 0; i < RATES; i++) {
        const double *us = figures->at_rate[i].least_us;

        json_object(json, NULL);
        json_integer(json, "rate_hz", rates_hz[i]);
        json_number(json, "exact_chain_us", us[BENCH_EXACT_CHAIN]);
        json_number(json, "exact_chain_core_percent",
                    core_percent(rates_hz[i], block, us[BENCH_EXACT_CHAIN]));
        json_number(json, "all_modules_us", us[BENCH_ALL_MODULES]);
        json_number(json, "all_modules_core_percent",
                    core_percent(rates_hz[i], block, us[BENCH_ALL_MODULES]));
        json_object_end(json);
    }
    json_array_end(json);
}

static void write_json(const struct bench_figures *figures)
{
    struct json json;

    json_start(&json, stdout);
    json_object(&json, NULL);
    json_integer(&json, "block_frames", figures->setup.block_frames);
    json_integer(&json, "rate_hz", figures->setup.rate_hz);
    write_times(&json, &figures->setup, &figures->times);
    json_number(&json, "exact_chain_median_us", figures->times.median_us[BENCH_EXACT_CHAIN]);
    write_rates(&json, figures);
    json_array(&json, "narrower");
    for (size_t i = 0; i < figures->tiers; i++) {
        json_object(&json, NULL);
        write_times(&json, &figures->tier[i], &figures->tier_times[i]);
        json_object_end(&json);
    }
    json_array_end(&json);
    json_object_end(&json);
    json_end(&json);
}

static void write_table(const struct bench_figures *figures)
{
    const struct bench_setup *setup = &figures->setup;

    printf("block %u frames, %u Hz: us a block, the least of many runs; of a core\n%-34s %8s %9s",
           setup->block_frames, setup->rate_hz, "", setup->kernels->name, "");
    for (size_t i = 0; i < figures->tiers; i++) {
        printf(" %8s", figures->tier[i].kernels->name);
    }
    printf("\n");
    for (int part = 0; part < BENCH_PARTS; part++) {
        double us = figures->times.least_us[part];

        printf("%-34s %8.2f %7.3f %%", bench_titles[part], us,
               core_percent(setup->rate_hz, setup->block_frames, us));
        for (size_t i = 0; i < figures->tiers; i++) {
            printf(" %8.2f", figures->tier_times[i].least_us[part]);
        }
        printf("\n");
    }
    for (size_t i = 0; i < RATES; i++) {
        static const enum bench_part parts[] = {BENCH_EXACT_CHAIN, BENCH_ALL_MODULES};

        for (size_t k = 0; k < 2; k++) {
            double us = figures->at_rate[i].least_us[parts[k]];

            printf("%6u Hz, %-24s %8.2f %7.3f %%\n", rates_hz[i], bench_titles[parts[k]], us,
                   core_percent(rates_hz[i], setup->block_frames, us));
        }
    }
}

static int run(struct command_context *context, const struct command_line *line)
{
    const char *simd = options_text(context->options, "simd");
    struct bench_figures *figures = calloc(1, sizeof *figures);
    bool as_json = false;
    int result;

    for (size_t i = 0; i < line->count; i++) {
        as_json = as_json || line->words[i].key == KEY_JSON;
    }
    if (figures == NULL) {
        return command_fail(context, "out of memory");
    }
    figures->setup = (struct bench_setup){
        .kernels = kernels_select((enum simd_tier)kernels_tier_named(simd)),
        .rate_hz = RATE_HZ,
        .block_frames = (uint32_t)options_integer(context->options, "block_size"),
        .runs = BENCH_RUNS_MOST,
    };
    if (figures->setup.kernels == NULL) {
        free(figures);
        return command_fail(context, "simd = %s: this processor does not have it", simd);
    }
    result = measure_all(figures);
    if (result == 0 && as_json) {
        write_json(figures);
    } else if (result == 0) {
        write_table(figures);
    }
    free(figures);
    return result == 0 ? EXIT_DONE : command_fail(context, "%s", strerror(-result));
}

static const struct command_option options[] = {
    {KEY_JSON, "json", NULL, "one object on stdout"},
    {0, NULL, NULL, NULL},
};

const struct command command_bench = {
    "bench", "[--json]", "what the chain costs here, module by module", NULL, options, run,
};
