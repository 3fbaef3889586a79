/* bands.c - the spectrum in third octaves, as it goes by. */
#include "measure/bands.h"

#include "dsp/fft.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHANNELS = 2,
    LONG_SIZE = 16384, /* at 44.1 kHz */
    SHORT_SIZE = 2048,
    FIRST_SHORT = 15, /* the band of 630 Hz */
};

static const double smoothing_s = 0.15;

/* One length of frames, for some of the bands. */
struct resolution {
    struct fft *fft;
    size_t size, hop;
    size_t waiting;     /* frames until the next transform */
    size_t first, last; /* bands [first, last) */
    bool any;           /* a frame has been transformed */
    float *window, *time, *freq;
    double *power;       /* size/2 + 1: mean square of each bin, mean of the channels */
    double level[BANDS]; /* smoothed mean squares */
};

struct bands {
    uint32_t rate_hz;
    size_t length, at; /* of the circle */
    float *circle[CHANNELS];
    struct resolution resolutions[2];
};

double bands_middle_hz(size_t band)
{
    return 1000.0 * pow(10.0, ((double)band - 17.0) / 10.0);
}

/* Mean square between two frequencies; a bin reaches half a bin to either side. */
static double power_between(const double *power, size_t bins, double low, double high)
{
    size_t first = (size_t)(low + 0.5);
    double sum = 0.0;

    for (size_t k = first; k < bins && (double)k - 0.5 < high; k++) {
        double from = (double)k - 0.5;
        double to = (double)k + 0.5;

        from = from < low ? low : from;
        to = to > high ? high : to;
        sum += power[k] * (to - from);
    }
    return sum;
}

static double band_power(const double *power, size_t fft_size, uint32_t rate_hz, size_t band)
{
    double middle = bands_middle_hz(band) * (double)fft_size / rate_hz;
    double edge = pow(10.0, 0.05);

    return power_between(power, fft_size / 2 + 1, middle / edge, middle * edge);
}

double bands_power_between(const double *power, size_t fft_size, uint32_t rate_hz, double low_hz,
                           double high_hz)
{
    double bin_hz = (double)rate_hz / (double)fft_size;

    return power_between(power, fft_size / 2 + 1, low_hz / bin_hz, high_hz / bin_hz);
}

void bands_powers(const double *power, size_t fft_size, uint32_t rate_hz, double powers[BANDS])
{
    for (size_t band = 0; band < BANDS; band++) {
        powers[band] = band_power(power, fft_size, rate_hz, band);
    }
}

static float db_of_power(double power)
{
    return power > 1e-20 ? (float)(10.0 * log10(power)) : -HUGE_VALF;
}

void bands_of_spectrum(const double *power, size_t fft_size, uint32_t rate_hz, float dbfs[BANDS])
{
    for (size_t band = 0; band < BANDS; band++) {
        dbfs[band] = db_of_power(band_power(power, fft_size, rate_hz, band));
    }
}

void bands_lines_of_spectrum(const double *power, size_t fft_size, uint32_t rate_hz,
                             float dbfs[BANDS_LINES])
{
    for (size_t i = 0; i < BANDS_LINES; i++) {
        double low = 20.0 * exp2((double)i / 12.0), high = low * exp2(1.0 / 12.0);

        dbfs[i] = db_of_power(bands_power_between(power, fft_size, rate_hz, low, high));
    }
}

/* --- making -------------------------------------------------------------------------------- */

static int make_resolution(struct resolution *resolution, size_t size, size_t hop)
{
    resolution->size = size;
    resolution->hop = resolution->waiting = hop;
    resolution->fft = fft_create(size, FFT_FLOAT32);
    resolution->window = fft_alloc(size * sizeof(float));
    resolution->time = fft_alloc(size * sizeof(float));
    resolution->freq = fft_alloc((size + 2) * sizeof(float));
    resolution->power = calloc(size / 2 + 1, sizeof(double));
    if (resolution->fft == NULL || resolution->window == NULL || resolution->time == NULL ||
        resolution->freq == NULL || resolution->power == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < size; i++) {
        resolution->window[i] = (float)(0.5 - 0.5 * cos(2.0 * M_PI * (double)i / (double)size));
    }
    return 0;
}

struct bands *bands_create(uint32_t rate_hz)
{
    struct bands *bands = calloc(1, sizeof *bands);
    long doublings = rate_hz > 0 ? lround(log2(rate_hz / 44100.0)) : 0;
    size_t scale = doublings > 0 ? (size_t)1 << doublings : 1;

    if (bands == NULL) {
        return NULL;
    }
    bands->rate_hz = rate_hz;
    bands->length = LONG_SIZE * scale;
    bands->circle[0] = calloc(bands->length, sizeof(float));
    bands->circle[1] = calloc(bands->length, sizeof(float));
    bands->resolutions[0].first = 0;
    bands->resolutions[0].last = bands->resolutions[1].first = FIRST_SHORT;
    bands->resolutions[1].last = BANDS;
    if (rate_hz == 0 || bands->circle[0] == NULL || bands->circle[1] == NULL ||
        make_resolution(&bands->resolutions[0], LONG_SIZE * scale, LONG_SIZE * scale / 4) < 0 ||
        make_resolution(&bands->resolutions[1], SHORT_SIZE * scale, SHORT_SIZE * scale / 2) < 0) {
        bands_destroy(bands);
        errno = rate_hz == 0 ? EINVAL : ENOMEM;
        return NULL;
    }
    return bands;
}

void bands_destroy(struct bands *bands)
{
    if (bands == NULL) {
        return;
    }
    for (size_t i = 0; i < 2; i++) {
        fft_destroy(bands->resolutions[i].fft);
        free(bands->resolutions[i].window);
        free(bands->resolutions[i].time);
        free(bands->resolutions[i].freq);
        free(bands->resolutions[i].power);
    }
    free(bands->circle[0]);
    free(bands->circle[1]);
    free(bands);
}

void bands_reset(struct bands *bands)
{
    for (size_t i = 0; i < 2; i++) {
        struct resolution *resolution = &bands->resolutions[i];

        resolution->waiting = resolution->hop;
        resolution->any = false;
        memset(resolution->level, 0, sizeof resolution->level);
    }
    memset(bands->circle[0], 0, bands->length * sizeof(float));
    memset(bands->circle[1], 0, bands->length * sizeof(float));
}

/* --- use ----------------------------------------------------------------------------------- */

/* The last `size` frames of one channel, through the window. */
static void take_frame(const struct bands *bands, const struct resolution *resolution, size_t c)
{
    size_t from = (bands->at + bands->length - resolution->size) % bands->length;

    for (size_t i = 0; i < resolution->size; i++) {
        size_t place = from + i < bands->length ? from + i : from + i - bands->length;

        resolution->time[i] = bands->circle[c][place] * resolution->window[i];
    }
}

static void transform(const struct bands *bands, struct resolution *resolution)
{
    size_t size = resolution->size;
    /* Both sides of the spectrum, over the window's energy 3/8 * size; the mean of two channels. */
    double scale = 2.0 / ((double)size * 0.375 * (double)size) / CHANNELS;
    double keep = exp(-(double)resolution->hop / bands->rate_hz / smoothing_s);

    memset(resolution->power, 0, (size / 2 + 1) * sizeof(double));
    for (size_t c = 0; c < CHANNELS; c++) {
        take_frame(bands, resolution, c);
        fft_forward_f32(resolution->fft, resolution->time, resolution->freq);
        for (size_t k = 0; k <= size / 2; k++) {
            double re = (double)resolution->freq[2 * k];
            double im = (double)resolution->freq[2 * k + 1];

            resolution->power[k] += scale * (re * re + im * im);
        }
    }
    for (size_t band = resolution->first; band < resolution->last; band++) {
        double power = band_power(resolution->power, size, bands->rate_hz, band);

        resolution->level[band] =
            resolution->any ? keep * resolution->level[band] + (1.0 - keep) * power : power;
    }
    resolution->any = true;
}

static size_t least(size_t one, size_t other)
{
    return one < other ? one : other;
}

void bands_add(struct bands *bands, const float *const audio[2], uint32_t frames)
{
    struct resolution *resolutions = bands->resolutions;

    for (size_t done = 0; done < frames;) {
        size_t count = least(frames - done, bands->length - bands->at);

        count = least(count, least(resolutions[0].waiting, resolutions[1].waiting));
        for (size_t c = 0; c < CHANNELS; c++) {
            memcpy(bands->circle[c] + bands->at, audio[c] + done, count * sizeof(float));
        }
        bands->at = (bands->at + count) % bands->length;
        done += count;
        for (size_t i = 0; i < 2; i++) {
            resolutions[i].waiting -= count;
            if (resolutions[i].waiting == 0) {
                resolutions[i].waiting = resolutions[i].hop;
                transform(bands, &resolutions[i]);
            }
        }
    }
}

void bands_read(const struct bands *bands, float dbfs[BANDS])
{
    for (size_t band = 0; band < BANDS; band++) {
        dbfs[band] = db_of_power(bands->resolutions[band < FIRST_SHORT ? 0 : 1].level[band]);
    }
}

void bands_read_lines(const struct bands *bands, float dbfs[BANDS_LINES])
{
    const struct resolution *resolution = &bands->resolutions[0];

    bands_lines_of_spectrum(resolution->power, resolution->size, bands->rate_hz, dbfs);
}
