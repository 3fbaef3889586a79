/* spectral_support.c - what the tests of the spectral processor share. */
#include "spectral_support.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dsp/fft.h"

const double spectral_standard[SPECTRAL_PARAMETERS] = {6, 100, 100};

struct spectral_design design_neutral(void)
{
    struct spectral_design design = {.eq_db = {0}};

    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        double bands = (double)(balance_first_band(i + 1) - balance_first_band(i));
        double middle = 10 * log10(bands / (double)balance_first_band(BALANCE_PARTS));

        design.target[i] = design.reference[i] = (struct balance){middle - 4, middle, middle + 4};
    }
    return design;
}

void balance_shift(struct balance *balance, double db)
{
    balance->low_db += db;
    balance->middle_db += db;
    balance->high_db += db;
}

struct spectral_design design_zigzag(double db)
{
    struct spectral_design design = design_neutral();

    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        balance_shift(&design.reference[i], i % 2 == 0 ? db : -db);
    }
    return design;
}

struct module *spectral_make(uint32_t rate_hz, uint32_t block, const struct spectral_design *design,
                             const double *values)
{
    const struct module_format format = {rate_hz, block, kernels_select(SIMD_AUTO)};
    struct module *module = spectral_create(&format, design, values);

    assert_non_null(module);
    return module;
}

struct stereo spectral_run_with(spectral_maker *make, const struct spectral_design *design,
                                const double *values, const struct stereo *in)
{
    const struct module_format format = {SPECTRAL_RATE, 512, kernels_select(SIMD_AUTO)};
    struct module *module = make(&format, design, values);
    struct stereo out;

    assert_non_null(module);
    out = stream_module(module, format.block_frames, in, 0);
    module->class->destroy(module);
    return out;
}

struct stereo spectral_run_stream(uint32_t rate_hz, uint32_t block,
                                  const struct spectral_design *design, const double *values,
                                  const struct stereo *in)
{
    struct module *module = spectral_make(rate_hz, block, design, values);
    struct stereo out = stream_module(module, block, in, 0);

    module->class->destroy(module);
    return out;
}

void add_sine(struct stereo *sound, double rate_hz, double hz, double amplitude)
{
    for (size_t n = 0; n < sound->frames; n++) {
        double value = amplitude * sin(2 * M_PI * hz * (double)n / rate_hz);

        sound->channel[0][n] += value;
        sound->channel[1][n] += value;
    }
}

static double bessel(double x)
{
    double sum = 1, term = 1;

    for (int k = 1; k < 60; k++) {
        term *= x / (2 * k) * (x / (2 * k));
        sum += term;
    }
    return sum;
}

void spectrum_of(const double *sound, double *power)
{
    struct fft *fft = fft_create(SPECTRUM_FRAMES, FFT_FLOAT64);
    double *time = fft_alloc(SPECTRUM_FRAMES * sizeof(double)),
           *freq = fft_alloc((SPECTRUM_FRAMES + 2) * sizeof(double));
    double sum = 0;

    for (size_t n = 0; n < SPECTRUM_FRAMES; n++) {
        double place = 2 * ((double)n + 0.5) / SPECTRUM_FRAMES - 1;
        double window = bessel(18 * sqrt(1 - place * place)) / bessel(18);

        time[n] = sound[n] * window;
        sum += window;
    }
    fft_forward_f64(fft, time, freq);
    for (size_t k = 0; k <= SPECTRUM_FRAMES / 2; k++) {
        power[k] =
            4 * (freq[2 * k] * freq[2 * k] + freq[2 * k + 1] * freq[2 * k + 1]) / (sum * sum);
    }
    fft_destroy(fft);
    free(time);
    free(freq);
}

double power_db(const double *power, double low_hz, double high_hz)
{
    double sum = 1e-30;

    for (size_t k = 0; k <= SPECTRUM_FRAMES / 2; k++) {
        double hz = (double)k * SPECTRAL_RATE / SPECTRUM_FRAMES;

        sum += hz >= low_hz && hz <= high_hz ? power[k] : 0;
    }
    return 10 * log10(sum);
}

struct stereo pink_noise(size_t frames, uint64_t seed)
{
    struct stereo sound = stereo_create(frames);

    for (size_t c = 0; c < 2; c++) {
        double state[7] = {0};

        for (size_t n = 0; n < frames; n++) { /* pink, after P. Kellet */
            static const double pole[6] = {0.99886, 0.99332, 0.969, 0.8665, 0.55, -0.7616};
            static const double gain[6] = {0.0555179, 0.0750759, 0.153852,
                                           0.3104856, 0.5329522, -0.016898};
            double white = random_unit(&seed), sum = white * 0.5362 + state[6];

            for (size_t i = 0; i < 6; i++) {
                state[i] = pole[i] * state[i] + white * gain[i];
                sum += state[i];
            }
            state[6] = white * 0.115926;
            sound.channel[c][n] = 0.05 * sum;
        }
    }
    return sound;
}
