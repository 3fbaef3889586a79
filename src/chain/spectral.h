/*
 * spectral.h - holds the balance of the sound, moment by moment, to how a reference's is spread.
 *
 * Every 12 ms the share of each part of the spectrum (measure/balance.h) in the 400 ms around a
 * frame is looked at. Where it stands among the target's own shares tells where it would stand
 * among the reference's: the 10th percentile goes to the 10th, the median to the median, the 90th
 * to the 90th, in straight lines between and in parallel beyond. What that asks of the parts is
 * corrected so that the level stays, held within `range`, and followed with the time constant
 * `speed`. Both channels get the same gains, so nothing moves in the stereo image; the shares are
 * those of both together. Below -70 dBFS the gains stand still.
 *
 * STFT of 2048 frames with a hop of 512 at 44.1 kHz (dsp/stft.h, `difference`; other rates in
 * proportion, to a power of two). Gains are smooth over bins, so that what a frame's change rings
 * stays where its window hides it.
 * Latency: that of the STFT and half a window: 10240 frames at 44.1 kHz, blocks from 512 on.
 *
 * It stands behind the match EQ; `eq_db` is what that does, so that the sound can be compared with
 * the target as it was measured.
 */
#ifndef MP_CHAIN_SPECTRAL_H
#define MP_CHAIN_SPECTRAL_H

#include "chain/module.h"
#include "measure/balance.h"

extern const struct module_class spectral_class;

/* Indices of spectral_class.parameters. */
enum spectral_parameter {
    SPECTRAL_RANGE_DB,
    SPECTRAL_SPEED_MS,
    SPECTRAL_AMOUNT_PERCENT,
    SPECTRAL_PARAMETERS
};

/* What is known of the match; a part where either holds nothing is left alone. */
struct spectral_design {
    struct balance target[BALANCE_PARTS], reference[BALANCE_PARTS];
    double eq_db[BALANCE_PARTS]; /* of the power of the target's part, by what stands in front */
};

/* values: SPECTRAL_PARAMETERS of them. NULL with errno; errno 0: it would do nothing. */
struct module *spectral_create(const struct module_format *format,
                               const struct spectral_design *design, const double *values);

/* With frames of half the length, and without looking ahead: 768 frames late in place of 10240, but
   the parts below 355 Hz are left alone, and the gains come late. */
struct module *spectral_create_short(const struct module_format *format,
                                     const struct spectral_design *design, const double *values);

/* The frames of an STFT at a rate. */
size_t spectral_frame_size(uint32_t rate_hz);

/* What it asks of each part in the mean, before range and amount: by how much the reference's
   median lies above the target's behind the EQ, at the target's own power. */
void spectral_static_gains(const struct spectral_design *design, double db[BALANCE_PARTS]);

/* The gain of each part now, in dB. Outside the audio thread, when it has no hold of it. */
void spectral_get_gains(const struct module *module, double db[BALANCE_PARTS]);

#endif
