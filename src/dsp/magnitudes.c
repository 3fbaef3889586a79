/* magnitudes.c - sums of the magnitudes of many real frames' spectra. */
#include "dsp/magnitudes.h"

#include "dsp/fft.h"
#include "dsp/spectral.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What is left of a frame after the last fold is transformed as it is. */
enum { REST = 32, LEVELS_MAX = 32 };

struct magnitudes {
    size_t size, levels;
    const struct kernels *kernels;
    struct spectral level[LEVELS_MAX]; /* of size/4 points, size/8, ... */
    void *twiddles[LEVELS_MAX];
    struct fft *rest;
    double *difference; /* size/2 */
    double *work, *spectrum;
    size_t *place; /* the bin of each number of a sum */
};

/* Where the bins of a level came to lie: the transform of a pulse at 1 turns with them. */
static void find_places(struct magnitudes *magnitudes, size_t level, size_t *place)
{
    struct spectral *spectral = &magnitudes->level[level];
    size_t length = 4 * spectral->size;
    const struct spectral_channel channel = {.line = magnitudes->spectrum,
                                             .work = magnitudes->work};

    memset(magnitudes->difference, 0, length / 2 * sizeof(double));
    magnitudes->difference[1] = 1.0;
    spectral->kernels->forward_odd(spectral, &channel, magnitudes->difference);
    for (size_t n = 0; n < spectral->size; n++) {
        const double *at = magnitudes->spectrum + n + n / KERNELS_GROUP * KERNELS_GROUP;
        double turns = -atan2(at[KERNELS_GROUP], at[0]) / (2.0 * M_PI);
        size_t bin = (size_t)lround((turns < 0.0 ? turns + 1.0 : turns) * (double)length);

        place[n] = (bin > length / 2 ? length - bin : bin) * (magnitudes->size / length);
    }
}

static int make_levels(struct magnitudes *magnitudes)
{
    size_t *place = magnitudes->place;

    for (size_t length = magnitudes->size; length > REST; length /= 2) {
        size_t points = length / 4, level = magnitudes->levels++;
        size_t bytes = spectral_twiddle_bytes(points, FFT_FLOAT64, magnitudes->kernels);

        magnitudes->twiddles[level] = fft_alloc(bytes);
        if (magnitudes->twiddles[level] == NULL) {
            return -ENOMEM;
        }
        spectral_init(&magnitudes->level[level], points, 1, FFT_FLOAT64, magnitudes->kernels,
                      magnitudes->twiddles[level]);
        find_places(magnitudes, level, place);
        place += points;
    }
    for (size_t k = 0; k <= REST / 2; k++) {
        place[k] = k * (magnitudes->size / REST);
    }
    return 0;
}

struct magnitudes *magnitudes_create(size_t size, const struct kernels *kernels)
{
    struct magnitudes *magnitudes;

    if (size < MAGNITUDES_SIZE_MIN || (size & (size - 1)) != 0 || size > SIZE_MAX / 64) {
        errno = EINVAL;
        return NULL;
    }
    magnitudes = calloc(1, sizeof *magnitudes);
    if (magnitudes == NULL) {
        return NULL;
    }
    magnitudes->size = size;
    magnitudes->kernels = kernels;
    magnitudes->rest = fft_create(REST, FFT_FLOAT64);
    magnitudes->difference = fft_alloc(size / 2 * sizeof(double));
    magnitudes->work = fft_alloc(size / 2 * sizeof(double));
    magnitudes->spectrum = fft_alloc((size / 2 + 2) * sizeof(double)); /* the rest has two more */
    magnitudes->place = malloc((size / 2 + 1) * sizeof *magnitudes->place);
    if (magnitudes->rest != NULL && magnitudes->difference != NULL && magnitudes->work != NULL &&
        magnitudes->spectrum != NULL && magnitudes->place != NULL && make_levels(magnitudes) == 0) {
        return magnitudes;
    }
    magnitudes_destroy(magnitudes);
    errno = ENOMEM;
    return NULL;
}

void magnitudes_destroy(struct magnitudes *magnitudes)
{
    if (magnitudes == NULL) {
        return;
    }
    for (size_t i = 0; i < magnitudes->levels; i++) {
        free(magnitudes->twiddles[i]);
    }
    fft_destroy(magnitudes->rest);
    free(magnitudes->difference);
    free(magnitudes->work);
    free(magnitudes->spectrum);
    free(magnitudes->place);
    free(magnitudes);
}

void magnitudes_add(struct magnitudes *magnitudes, double *frame, double *sum)
{
    const struct kernels *kernels = magnitudes->kernels;
    const struct spectral_channel channel = {.line = magnitudes->spectrum,
                                             .work = magnitudes->work};

    for (size_t i = 0; i < magnitudes->levels; i++) {
        const struct spectral *level = &magnitudes->level[i];

        kernels->fold(frame, magnitudes->difference, 2 * level->size);
        level->kernels->forward_odd(level, &channel, magnitudes->difference);
        kernels->add_magnitudes(sum, magnitudes->spectrum, level->size);
        sum += level->size;
    }
    fft_forward_f64(magnitudes->rest, frame, magnitudes->spectrum);
    for (size_t k = 0; k <= REST / 2; k++) {
        double re = magnitudes->spectrum[2 * k], im = magnitudes->spectrum[2 * k + 1];

        sum[k] += sqrt(re * re + im * im);
    }
}

void magnitudes_sort(const struct magnitudes *magnitudes, const double *sum, double *bins)
{
    for (size_t i = 0; i <= magnitudes->size / 2; i++) {
        bins[magnitudes->place[i]] += sum[i];
    }
}
