/* spectral_support.h - what the tests of the spectral processor share: designs, sounds, spectra. */
#ifndef MP_TESTS_SPECTRAL_SUPPORT_H
#define MP_TESTS_SPECTRAL_SUPPORT_H

#include "chain/spectral.h"
#include "tests/chain_support.h"

enum { SPECTRAL_RATE = 44100 };

/* The values of parameters that nobody has set. */
extern const double spectral_standard[SPECTRAL_PARAMETERS];

/* Target and reference alike, every third octave with as much. */
struct spectral_design design_neutral(void);
/* Neighbouring parts are to go opposite ways. */
struct spectral_design design_zigzag(double db);
void balance_shift(struct balance *balance, double db);

struct module *spectral_make(uint32_t rate_hz, uint32_t block, const struct spectral_design *design,
                             const double *values);
/* A whole stream through it, none late. */
struct stereo spectral_run_stream(uint32_t rate_hz, uint32_t block,
                                  const struct spectral_design *design, const double *values,
                                  const struct stereo *in);
/* Likewise, of one of spectral_create and spectral_create_short, at SPECTRAL_RATE. */
typedef struct module *spectral_maker(const struct module_format *format,
                                      const struct spectral_design *design, const double *values);
struct stereo spectral_run_with(spectral_maker *make, const struct spectral_design *design,
                                const double *values, const struct stereo *in);

void add_sine(struct stereo *sound, double rate_hz, double hz, double amplitude);
/* Noise in which every third octave has about as much. */
struct stereo pink_noise(size_t frames, uint64_t seed);

/* Power of SPECTRUM_FRAMES frames in each bin, a full-scale sine in the middle of a bin 1, through
   a Kaiser window: what is more than SPECTRUM_SKIRT bins away lies below -150 dB. */
enum { SPECTRUM_FRAMES = 32768, SPECTRUM_SKIRT = 16 };
void spectrum_of(const double *sound, double *power);
/* Of all that lies between two frequencies at SPECTRAL_RATE, in dB. */
double power_db(const double *power, double low_hz, double high_hz);

#endif
