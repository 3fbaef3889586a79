/* limiter_peak.c - holds the true peak under a ceiling. */
#include "chain/limiter_peak.h"

#include "measure/true_peak.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    STEP_FRAMES = 16,   /* up to 64 kHz, and so many more above */
    STEP_MOST = 64,     /* the least block */
    ATTACK = 4,         /* steps */
    AROUND = 4,         /* steps that one peak rules: itself, one behind, two before */
    DELAY = ATTACK + 2, /* steps */
    HOLD_MS = 10,
};

/* What the interpolation of the moving gain itself can add is less than this. */
static const double margin_db = 0.03;

struct limiter_peak {
    struct true_peak *meter;
    uint32_t block, step;
    double ceiling, back; /* back: share of the way to 1 in one step */
    uint32_t hold_steps, held;
    double asked[AROUND];      /* by the steps, the newest last */
    double lowest[ATTACK + 1]; /* of those around each */
    double gain;               /* with hold and release */
    double gains[ATTACK];      /* their mean is the gain at a step's border */
    double border;             /* the last one */
    uint32_t at;               /* slot of the ring */
    uint32_t filled;           /* frames of the step in hand */
    double step_in_hand[CHAIN_CHANNELS]
                       [STEP_MOST]; /* what comes in, behind it what went out last */
    double delayed[CHAIN_CHANNELS][DELAY * STEP_MOST];
};

static uint32_t step_frames(uint32_t rate_hz)
{
    uint32_t step = STEP_FRAMES;

    while (rate_hz > 64000 && step < STEP_MOST) {
        rate_hz /= 2;
        step *= 2;
    }
    return step;
}

uint32_t limiter_peak_latency(uint32_t rate_hz)
{
    return (DELAY + 1) * step_frames(rate_hz);
}

struct limiter_peak *limiter_peak_create(const struct module_format *format, double ceiling,
                                         double release_ms)
{
    struct limiter_peak *stage = module_alloc(sizeof *stage);
    double step_ms;

    if (stage == NULL) {
        return NULL;
    }
    stage->meter = true_peak_create(format->rate_hz);
    if (stage->meter == NULL) {
        limiter_peak_destroy(stage);
        return NULL;
    }
    if (format->kernels != NULL) { /* else the best there are */
        true_peak_set_kernels(stage->meter, format->kernels);
    }
    stage->block = format->block_frames;
    stage->step = step_frames(format->rate_hz);
    step_ms = 1e3 * stage->step / format->rate_hz;
    stage->ceiling = ceiling * pow(10.0, -margin_db / 20.0);
    stage->back = 1.0 - exp(-step_ms / fmax(release_ms, step_ms));
    stage->hold_steps = (uint32_t)ceil(HOLD_MS / step_ms);
    limiter_peak_reset(stage);
    return stage;
}

void limiter_peak_destroy(struct limiter_peak *stage)
{
    if (stage != NULL) {
        true_peak_destroy(stage->meter);
        free(stage);
    }
}

void limiter_peak_reset(struct limiter_peak *stage)
{
    true_peak_reset(stage->meter);
    memset(stage->delayed, 0, sizeof stage->delayed);
    memset(stage->step_in_hand, 0, sizeof stage->step_in_hand);
    stage->filled = 0;
    for (size_t i = 0; i < AROUND; i++) {
        stage->asked[i] = 1;
    }
    for (size_t i = 0; i <= ATTACK; i++) {
        stage->lowest[i] = 1;
    }
    for (size_t i = 0; i < ATTACK; i++) {
        stage->gains[i] = 1;
    }
    stage->gain = stage->border = 1;
    stage->held = 0;
    stage->at = 0;
}

void limiter_peak_memory(const struct limiter_peak *stage, module_memory_visit *visit,
                         void *context)
{
    visit(context, stage, sizeof *stage);
    visit(context, stage->meter, true_peak_bytes());
}

void limiter_peak_begin(struct limiter_peak *stage, uint64_t lead_frames)
{
    stage->filled = (uint32_t)((stage->step - lead_frames % stage->step) % stage->step);
}

/* The values move on by one; returns the lowest of them all. */
MP_RT static double shift(double *values, size_t count, double newest)
{
    double lowest = newest;

    for (size_t i = 0; i + 1 < count; i++) {
        values[i] = values[i + 1];
        lowest = values[i] < lowest ? values[i] : lowest;
    }
    values[count - 1] = newest;
    return lowest;
}

/* Down at once (what comes of it is smoothed by the mean), held, and slowly back. */
MP_RT static void follow(struct limiter_peak *stage, double lowest)
{
    if (lowest <= stage->gain * 1.01 && lowest < 1) {
        stage->gain = lowest < stage->gain ? lowest : stage->gain;
        stage->held = stage->hold_steps;
    } else if (stage->held > 0) {
        stage->held--;
    } else {
        double back = stage->gain + (1 - stage->gain) * stage->back;

        stage->gain = back > 1 - 1e-9 ? 1 : back;
        stage->gain = lowest < stage->gain ? lowest : stage->gain;
    }
}

/* The gain at the next border of two steps; `peak` is that of the newest step. */
MP_RT static double next_border(struct limiter_peak *stage, double peak)
{
    double asked = peak > stage->ceiling ? stage->ceiling / peak : 1;
    double lowest = shift(stage->lowest, ATTACK + 1, shift(stage->asked, AROUND, asked));
    double sum = 0;

    follow(stage, lowest);
    shift(stage->gains, ATTACK, stage->gain);
    for (size_t i = 0; i < ATTACK; i++) {
        sum += stage->gains[i];
    }
    return sum / ATTACK;
}

/* One step of a channel: what is delayed comes out, with a gain from one border to the next. */
MP_RT static void swap_step(double *delayed, double *audio, uint32_t frames, double from, double to)
{
    double slope = (to - from) / frames;

    for (uint32_t n = 0; n < frames; n++) {
        double out = delayed[n];

        delayed[n] = audio[n];
        audio[n] = out * (from + slope * n);
    }
}

/* The step in hand is whole: it goes into the ring, and what leaves it takes its place. Returns the
   gain at its end. */
MP_RT static double run_step(struct limiter_peak *stage)
{
    const double *const step[CHAIN_CHANNELS] = {stage->step_in_hand[0], stage->step_in_hand[1]};
    double border = next_border(stage, true_peak_process_f64(stage->meter, step, stage->step));

    for (size_t c = 0; c < CHAIN_CHANNELS; c++) {
        swap_step(stage->delayed[c] + stage->at, stage->step_in_hand[c], stage->step, stage->border,
                  border);
    }
    stage->border = border;
    stage->at = stage->at + stage->step == DELAY * stage->step ? 0 : stage->at + stage->step;
    return border;
}

/* Frames change places with those of the step in hand, which are a step and the ring late. */
MP_RT static void swap(double *one, double *other, uint32_t frames)
{
    for (uint32_t n = 0; n < frames; n++) {
        double held = one[n];

        one[n] = other[n];
        other[n] = held;
    }
}

MP_RT double limiter_peak_run(struct limiter_peak *stage, double *const audio[CHAIN_CHANNELS])
{
    double lowest = stage->border;

    for (uint32_t done = 0; done < stage->block;) {
        uint32_t frames = stage->step - stage->filled;

        frames = frames < stage->block - done ? frames : stage->block - done;
        for (size_t c = 0; c < CHAIN_CHANNELS; c++) {
            swap(stage->step_in_hand[c] + stage->filled, audio[c] + done, frames);
        }
        stage->filled += frames;
        done += frames;
        if (stage->filled == stage->step) {
            double border = run_step(stage);

            lowest = border < lowest ? border : lowest;
            stage->filled = 0;
        }
    }
    return lowest;
}

MP_RT void limiter_peak_take_over(struct limiter_peak *stage, const struct limiter_peak *from)
{
    /* What its own steps asked for is of a sound whose gains were not taken over yet. */
    memcpy(stage->asked, from->asked, sizeof stage->asked);
    memcpy(stage->lowest, from->lowest, sizeof stage->lowest);
    memcpy(stage->gains, from->gains, sizeof stage->gains);
    stage->gain = from->gain;
    stage->held = from->held;
    stage->border = from->border;
}
