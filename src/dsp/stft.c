/* stft.c - sound as overlapping spectra, changed there and put together again. */
#include "dsp/stft.h"

#include "dsp/fft.h"
#include "dsp/stft_loops.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64, STFT_AHEAD_MOST = 1024 };

/* The sound that has not left yet, what the frames so far add up to, and the spectra that wait to
   be changed lie in circles: the place said is that of the oldest, next to leave and to be written
   over. */
struct stft {
    size_t size, hop, step; /* frames; step: what is taken at once, at most hop */
    uint32_t block;
    bool difference;
    const struct stft_loops *loops;
    stft_listen *listen;
    stft_work *work;
    void *context;
    struct fft *fft;
    size_t bytes; /* of all this, in one piece */
    size_t length, past_at;
    size_t sum_at;
    size_t slots, slot;            /* spectra: ahead + 1 */
    float *window;                 /* size: Hann */
    float *window_back;            /* size: the same, over what the way back multiplies with */
    float *time;                   /* size */
    float *spectra[STFT_CHANNELS]; /* slots of slot_floats */
    size_t slot_floats;            /* of stft_bins_room complex numbers */
    double *past[STFT_CHANNELS];   /* length */
    float *sum[STFT_CHANNELS];     /* size */
};

static bool is_power_of_two(size_t number)
{
    return number > 0 && (number & (number - 1)) == 0;
}

static size_t round_up(size_t bytes)
{
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* Hands out pieces of one memory; without memory it only counts. */
struct cutter {
    char *memory;
    size_t used;
};

static void *cut(struct cutter *cutter, size_t bytes)
{
    void *piece = cutter->memory == NULL ? NULL : cutter->memory + cutter->used;

    cutter->used += round_up(bytes);
    return piece;
}

static void cut_all(struct stft *stft, struct cutter *cutter)
{
    size_t size = stft->size;

    cut(cutter, sizeof *stft);
    stft->window = cut(cutter, size * sizeof(float));
    stft->window_back = cut(cutter, size * sizeof(float));
    stft->time = cut(cutter, size * sizeof(float));
    for (size_t c = 0; c < STFT_CHANNELS; c++) {
        stft->spectra[c] = cut(cutter, stft->slots * stft->slot_floats * sizeof(float));
        stft->past[c] = cut(cutter, stft->length * sizeof(double));
        stft->sum[c] = cut(cutter, size * sizeof(float));
    }
}

static void fill_windows(struct stft *stft)
{
    double size = (double)stft->size;
    /* The sum of the squares of STFT_OVERLAP windows, and the transform's own factor. */
    double gain = 1.0 / (0.375 * STFT_OVERLAP * size);

    for (size_t n = 0; n < stft->size; n++) {
        double hann = 0.5 - 0.5 * cos(2.0 * M_PI * (double)n / size);

        stft->window[n] = (float)hann;
        stft->window_back[n] = (float)(hann * gain);
    }
}

size_t stft_bins_room(size_t size)
{
    return (size / 2 + STFT_GROUP) / STFT_GROUP * STFT_GROUP;
}

static bool is_valid(const struct stft_shape *shape)
{
    return is_power_of_two(shape->size) && shape->size >= STFT_SIZE_LEAST &&
           is_power_of_two(shape->block_frames) && shape->ahead <= STFT_AHEAD_MOST &&
           shape->work != NULL && rt_is_marked((rt_function)shape->work) &&
           (shape->listen == NULL || rt_is_marked((rt_function)shape->listen));
}

struct stft *stft_create(const struct stft_shape *shape)
{
    struct stft head = {.size = shape->size,
                        .hop = shape->size / STFT_OVERLAP,
                        .block = shape->block_frames,
                        .difference = shape->difference,
                        .loops = stft_loops_select(shape->tier),
                        .listen = shape->listen,
                        .work = shape->work,
                        .context = shape->context,
                        .slots = shape->ahead + 1};
    struct cutter cutter = {0};
    struct stft *stft;

    if (!is_valid(shape) || !stft_loops_are_rt(head.loops)) {
        errno = EINVAL;
        return NULL;
    }
    head.step = head.block < head.hop ? head.block : head.hop;
    head.length = head.size + shape->ahead * head.hop;
    head.slot_floats = 2 * stft_bins_room(head.size);
    cut_all(&head, &cutter);
    head.bytes = cutter.used;
    cutter = (struct cutter){.memory = fft_alloc(head.bytes)};
    if (cutter.memory == NULL) {
        return NULL;
    }
    stft = (struct stft *)(void *)cutter.memory;
    cut_all(&head, &cutter);
    *stft = head;
    stft->fft = fft_create(stft->size, FFT_FLOAT32);
    if (stft->fft == NULL) {
        stft_destroy(stft);
        errno = ENOMEM;
        return NULL;
    }
    fill_windows(stft);
    return stft;
}

void stft_destroy(struct stft *stft)
{
    if (stft == NULL) {
        return;
    }
    fft_destroy(stft->fft);
    free(stft);
}

void stft_reset(struct stft *stft)
{
    stft->past_at = stft->sum_at = stft->slot = 0;
    for (size_t c = 0; c < STFT_CHANNELS; c++) {
        memset(stft->spectra[c], 0, stft->slots * stft->slot_floats * sizeof(float));
        memset(stft->past[c], 0, stft->length * sizeof(double));
        memset(stft->sum[c], 0, stft->size * sizeof(float));
    }
}

MP_RT uint32_t stft_latency_frames(const struct stft *stft)
{
    return (uint32_t)(stft->length - stft->step);
}

void stft_memory(const struct stft *stft, void **address, size_t *bytes)
{
    const void *memory = stft;

    memcpy(address, &memory, sizeof memory);
    *bytes = stft->bytes;
}

/* The newest frame, which may go on at the circle's beginning. */
MP_RT static void take_frame(const struct stft *stft, const double *past, float *time)
{
    size_t from = stft->past_at + stft->length - stft->size;
    size_t first;

    from = from < stft->length ? from : from - stft->length;
    first = stft->length - from < stft->size ? stft->length - from : stft->size;
    stft->loops->take(time, past + from, stft->window, first);
    stft->loops->take(time + first, past, stft->window + first, stft->size - first);
}

MP_RT static void add_frame(const struct stft *stft, const float *time, float *sum)
{
    size_t first = stft->size - stft->sum_at;

    stft->loops->add(sum + stft->sum_at, time, stft->window_back, first);
    stft->loops->add(sum, time + first, stft->window_back + first, stft->size - first);
}

/* The newest frame takes the slot of the one that was changed last. */
MP_RT static void turn_frame(struct stft *stft)
{
    float *newest[STFT_CHANNELS], *oldest[STFT_CHANNELS];
    size_t next = stft->slot + 1 < stft->slots ? stft->slot + 1 : 0;

    for (size_t c = 0; c < STFT_CHANNELS; c++) {
        newest[c] = stft->spectra[c] + stft->slot * stft->slot_floats;
        oldest[c] = stft->spectra[c] + next * stft->slot_floats;
        take_frame(stft, stft->past[c], stft->time);
        fft_forward_f32(stft->fft, stft->time, newest[c]);
    }
    if (stft->listen != NULL) {
        stft->listen(stft->context, (const float *const *)newest);
    }
    stft->work(stft->context, oldest);
    for (size_t c = 0; c < STFT_CHANNELS; c++) {
        fft_backward_f32(stft->fft, oldest[c], stft->time);
        add_frame(stft, stft->time, stft->sum[c]);
    }
    stft->slot = next;
}

/* The oldest sound leaves its place to the newest; then what stands at the oldest place of all is
   complete. */
MP_RT static void take_step(struct stft *stft, double *const audio[STFT_CHANNELS], size_t from)
{
    for (size_t c = 0; c < STFT_CHANNELS; c++) {
        memcpy(stft->past[c] + stft->past_at, audio[c] + from, stft->step * sizeof(double));
    }
    stft->past_at = stft->past_at + stft->step < stft->length ? stft->past_at + stft->step : 0;
    stft->sum_at = (stft->sum_at + stft->step) & (stft->size - 1);
    if (stft->sum_at % stft->hop == 0) {
        turn_frame(stft);
    }
    for (size_t c = 0; c < STFT_CHANNELS; c++) {
        const double *past = stft->difference ? stft->past[c] + stft->past_at : NULL;

        stft->loops->give(audio[c] + from, past, stft->sum[c] + stft->sum_at, stft->step);
    }
}

MP_RT void stft_process(struct stft *stft, double *const audio[STFT_CHANNELS])
{
    for (size_t from = 0; from < stft->block; from += stft->step) {
        take_step(stft, audio, from);
    }
}
