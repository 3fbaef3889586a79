/* spectral_run.c - the spectral processor at work, in the audio thread. */
#include "chain/spectral_internal.h"

#include <math.h>
#include <string.h>

enum { LEVEL_ROUNDS = 2 };

/* A part that hardly moves in the target is not made to jump. */
static const double least_width_db = 0.5, steepest = 4.0;

/* Power in dB, without the call to log10 for nothing. */
MP_RT static double decibels(double power)
{
    return 10.0 / M_LN10 * log(power > 1e-30 ? power : 1e-30);
}

MP_RT static double power_of(double db)
{
    return exp(M_LN10 / 10.0 * db);
}

MP_RT static double hold(double value, double most)
{
    return value > most ? most : value < -most ? -most : value;
}

/* A stretch between two percentiles, onto the reference's as far as the slope reaches; beyond it as
   it is. */
MP_RT static double stretch(double from_width, double to_width, double away)
{
    double slope = to_width / (from_width > least_width_db ? from_width : least_width_db);

    slope = slope < steepest ? slope : steepest;
    return away > from_width ? from_width * slope + (away - from_width) : away * slope;
}

/* Where a balance of the target lies among the reference's. */
MP_RT static double wanted_balance_db(const struct balance *target, const struct balance *reference,
                                      double balance_db)
{
    double away = balance_db - target->middle_db;

    if (away >= 0.0) {
        return reference->middle_db + stretch(target->high_db - target->middle_db,
                                              reference->high_db - reference->middle_db, away);
    }
    return reference->middle_db - stretch(target->middle_db - target->low_db,
                                          reference->middle_db - reference->low_db, -away);
}

/* The goals ask for other shares than there are, and the shares they ask for rarely add up to one.
   What is wrong goes to the parts by their share of the power, which is the smallest change in
   decibels that keeps the level; Newton's steps, the last of them the same for all. */
MP_RT static void keep_level(const struct spectral *spectral, const double power[BALANCE_PARTS],
                             double total, double goal_db[BALANCE_PARTS])
{
    for (int round = 0; round <= LEVEL_ROUNDS; round++) {
        double changed[BALANCE_PARTS], sum = 0.0, squares = 0.0, error_db;

        for (size_t i = 0; i < BALANCE_PARTS; i++) {
            changed[i] = power[i] * power_of(goal_db[i]);
            sum += changed[i];
            squares += changed[i] * changed[i];
        }
        error_db = decibels(sum / total);
        for (size_t i = 0; i < BALANCE_PARTS; i++) {
            double weight = round < LEVEL_ROUNDS ? changed[i] * sum / squares : 1.0;

            goal_db[i] = hold(goal_db[i] - weight * error_db, spectral->range_db);
        }
    }
}

MP_RT bool spectral_goal(const struct spectral *spectral, const double power[BALANCE_PARTS],
                         double goal_db[BALANCE_PARTS])
{
    const struct spectral_design *design = &spectral->design;
    double total = 0.0, unequalised = 0.0;
    double total_db, shift_db;

    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        total += power[i];
        unequalised += power[i] / spectral->part[i].eq_power;
    }
    if (!(total > spectral->quiet)) { /* NaN, too */
        return false;
    }
    total_db = decibels(total);
    shift_db = total_db - decibels(unequalised);
    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        double is_db = decibels(power[i]) - total_db;
        double was_db = is_db - design->eq_db[i] + shift_db;
        double wanted_db = is_db;

        if (spectral->part[i].held && is_db > BALANCE_NOTHING_DB) {
            wanted_db = wanted_balance_db(&design->target[i], &design->reference[i], was_db);
        }
        goal_db[i] = hold(spectral->amount * (wanted_db - is_db), spectral->range_db);
    }
    keep_level(spectral, power, total, goal_db);
    return true;
}

/* Shapes overlap, so that a part's bins get something of its neighbours' gains; one step of Van
   Cittert's against that. */
MP_RT void spectral_take_gains(struct spectral *spectral, const double gain_db[BALANCE_PARTS])
{
    memcpy(spectral->gain_db, gain_db, sizeof spectral->gain_db);
    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        double blurred_db = 0.0;

        for (size_t j = 0; j < BALANCE_PARTS; j++) {
            blurred_db += spectral->part[i].mix[j] * gain_db[j];
        }
        spectral->gain[i] =
            exp(M_LN10 / 20.0 * hold(2.0 * gain_db[i] - blurred_db, spectral->range_db));
    }
}

MP_RT void spectral_take_over(struct module *module, const struct module *from)
{
    spectral_take_gains((struct spectral *)module, ((const struct spectral *)from)->gain_db);
}

MP_RT void spectral_band_gains(const struct module *module, float gains_db[MODULE_BANDS])
{
    const struct spectral *spectral = (const struct spectral *)module;
    double sums[MODULE_BANDS] = {0.0};
    size_t counts[MODULE_BANDS] = {0};

    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        sums[spectral->part[i].band] += spectral->gain_db[i];
        counts[spectral->part[i].band]++;
    }
    for (size_t i = 0; i < MODULE_BANDS; i++) {
        gains_db[i] = (float)(counts[i] > 0 ? sums[i] / (double)counts[i] : 0.0);
    }
}

/* The power of each part in this frame, into the ring's next row. */
MP_RT static void take_powers(struct spectral *spectral, const float *const spectrum[STFT_CHANNELS])
{
    const float *power = spectral->power;
    double *row = spectral->ring + spectral->row * BALANCE_PARTS;

    spectral->loops->power(spectral->power, spectrum[0], spectrum[1], spectral->bins_room);
    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        const struct spectral_part *part = &spectral->part[i];
        float sum = 0.0F;

        for (size_t k = part->first; k < part->last; k++) {
            sum += power[k];
        }
        if (part->share_before > 0.0F) {
            sum += part->share_before * power[part->first - 1];
        }
        if (part->share_after > 0.0F) {
            sum += part->share_after * power[part->last];
        }
        row[i] = (double)sum;
    }
    spectral->row = spectral->row + 1 < spectral->window_frames ? spectral->row + 1 : 0;
    spectral->rows += spectral->rows < spectral->window_frames;
}

/* The mean of the ring's rows. */
MP_RT static void mean_powers(const struct spectral *spectral, double mean[BALANCE_PARTS])
{
    memset(mean, 0, BALANCE_PARTS * sizeof *mean);
    for (size_t row = 0; row < spectral->rows; row++) {
        for (size_t i = 0; i < BALANCE_PARTS; i++) {
            mean[i] += spectral->ring[row * BALANCE_PARTS + i];
        }
    }
    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        mean[i] /= (double)spectral->rows;
    }
}

/* Towards what the last 400 ms ask for. */
MP_RT static void move_gains(struct spectral *spectral)
{
    double power[BALANCE_PARTS], goal_db[BALANCE_PARTS];

    mean_powers(spectral, power);
    if (!spectral_goal(spectral, power, goal_db)) {
        return;
    }
    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        goal_db[i] =
            spectral->gain_db[i] + spectral->approach * (goal_db[i] - spectral->gain_db[i]);
    }
    spectral_take_gains(spectral, goal_db);
}

MP_RT void spectral_listen(void *context, const float *const spectrum[STFT_CHANNELS])
{
    struct spectral *spectral = context;

    take_powers(spectral, spectrum);
    move_gains(spectral);
}

MP_RT void spectral_shape(void *context, float *const spectrum[STFT_CHANNELS])
{
    struct spectral *spectral = context;
    float *difference = spectral->difference;

    memset(difference, 0, spectral->bins_room * sizeof *difference);
    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        const struct spectral_part *part = &spectral->part[i];

        spectral->loops->add_shape(difference + part->shape_first, part->shape,
                                   (float)(spectral->gain[i] - 1.0),
                                   part->shape_last - part->shape_first);
    }
    for (size_t c = 0; c < STFT_CHANNELS; c++) {
        spectral->loops->scale(spectrum[c], difference, spectral->bins_room);
    }
}
