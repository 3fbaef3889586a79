/* match_plan.c - `match plan`: what is done to a track so that it sounds like its reference. */
#include "server/match_scope.h"
#include "server/match_verbs.h"
#include "server/slots.h"

#include "chain/rack_words.h"
#include "match/shaping.h"
#include "match/summary.h"

#include <math.h>
#include <stdio.h>

enum { WORDS_SIZE = 256 };

static double decibels(double amplitude)
{
    return 20.0 * log10(amplitude);
}

/* Made from what was heard so far, and better from time to time. */
static void print_running(struct client *client, struct match *match)
{
    struct player_status status;
    char words[WORDS_SIZE];

    player_read_status(server_parts(client_server(client))->player, &status);
    client_pair(client, "plan", "running");
    client_pairf(client, "running_s", "%.0f", status.running_s);
    if (match_state(match) == MATCH_PLANNED || match_state(match) == MATCH_REHEARSED) {
        plan_describe(match_plan(match), words, sizeof words);
        client_pair(client, "does", words);
        client_pair(client, "reference_gone", match_reference_gone(match) ? "1" : "0");
    }
}

/* Without a reference only the chain does something. */
static void describe(const struct match *match, char *words, size_t size)
{
    static const char begin[] = "no reference; ";

    if (!match_plan(match)->bare) {
        plan_describe(match_plan(match), words, size);
        return;
    }
    snprintf(words, size, "%s", begin);
    rack_words_list(match_rack(match), ", ", words + sizeof begin - 1, size - (sizeof begin - 1));
}

/* What the slot holds makes a match of the track, by a reference. */
static bool is_wanted(struct server_parts *parts, const struct queue_entry *entry, enum slot slot)
{
    struct track_sound sound;
    bool wanted;

    if (track_sound_find(parts, entry->uri, entry->origin, &sound) != 0) {
        return false;
    }
    wanted = slot_apply(parts, slot, &sound) == 0 && sound.match && sound.said.reference_count > 0;
    track_sound_finish(&sound);
    return wanted;
}

void match_print_plan_state(struct client *client, const struct queue_entry *entry)
{
    struct server_parts *parts = server_parts(client_server(client));
    struct match *match = player_hold_match(parts->player, entry->id);
    char words[WORDS_SIZE];

    if (match == NULL) {
        client_pair(client, "plan", is_wanted(parts, entry, SLOT_B) ? "asked" : "none");
        return;
    }
    if (match_is_running(match)) {
        print_running(client, match);
        match_release(match);
        return;
    }
    switch (match_state(match)) {
    case MATCH_WAITING:
        client_pair(client, "plan", "waiting");
        break;
    case MATCH_NONE:
        client_pair(client, "plan", "failed");
        if (match_failure(match) != NULL) {
            client_pair(client, "failure", match_failure(match));
        }
        break;
    default:
        client_pair(client, "plan", match_rehearsal(match) != NULL ? "ready" : "planned");
        describe(match, words, sizeof words);
        client_pair(client, "does", words);
        client_pair(client, "reference_gone", match_reference_gone(match) ? "1" : "0");
    }
    match_release(match);
}

void match_print_plan_of_a(struct client *client, const struct queue_entry *entry)
{
    struct server_parts *parts = server_parts(client_server(client));
    struct match *match = player_hold_match_of_a(parts->player, entry->id);
    enum match_state state;

    if (match == NULL) {
        client_pair(client, "plan_a", is_wanted(parts, entry, SLOT_A) ? "waiting" : "none");
        return;
    }
    state = match_state(match);
    client_pair(client, "plan_a",
                state == MATCH_WAITING ? "waiting"
                : state == MATCH_NONE  ? "failed"
                                       : "ready");
    match_release(match);
}

/* --- in full ------------------------------------------------------------------------------- */

static void print_levels(struct client *client, const struct plan *plan)
{
    client_pairf(client, "rate", "%u", plan->rate_hz);
    client_pairf(client, "gain", "%.2f", decibels(plan->gain * plan->final_amplitude));
    client_pairf(client, "level", "%.2f", decibels(plan->coefficients[0]));
    client_pairf(client, "correction", "%.2f", decibels(plan->gain / plan->coefficients[0]));
    client_pairf(client, "final", "%.2f", decibels(plan->final_amplitude));
    client_pairf(client, "target_rms", "%.2f", decibels(plan->target_rms));
    client_pairf(client, "reference_rms", "%.2f", decibels(plan->reference_rms));
    client_pairf(client, "wider", "%.1f", 100.0 * (plan->wider - 1.0));
    client_pairf(client, "taps", "%zu", plan->taps);
}

static void print_rehearsal(struct client *client, const struct plan *plan,
                            const struct rehearsal *rehearsal)
{
    const struct limiter_work *work = &rehearsal->work;
    double part = work->frames > 0 ? (double)work->limited_frames / (double)work->frames : 0.0;

    client_pairf(client, "loudness_before", "%.2f", rehearsal->original_lufs);
    client_pairf(client, "loudness_after", "%.2f", rehearsal->loudness_lufs);
    client_pairf(client, "true_peak_after", "%.2f", rehearsal->true_peak_dbtp);
    client_pair(client, "limiter",
                !plan->limiter            ? "off"
                : rehearsal->limiter_idle ? "idle"
                                          : "works");
    client_pairf(client, "limited_percent", "%.2f", 100.0 * part);
    client_pairf(client, "limited_most", "%.2f", work->most_reduction_db);
}

/* "curve: 1000 +1.25 -0.50": Hz, and what mid and side are lifted by there, without the gain. */
static void print_curve(struct client *client, const struct plan *plan)
{
    float mid[SUMMARY_BANDS], side[SUMMARY_BANDS];
    size_t bins = plan->taps / 2 + 1;
    double bin_hz;

    if (plan->taps == 0) {
        return;
    }
    bin_hz = (double)plan->rate_hz / (double)plan->taps;
    summary_bands_of(plan->mid_curve, bins, bin_hz, true, mid);
    summary_bands_of(plan->side_curve, bins, bin_hz, true, side);
    for (size_t i = 0; i < SUMMARY_BANDS; i++) {
        if (!isnan(mid[i])) {
            client_pairf(client, "curve", "%.1f %+.2f %+.2f", summary_band_hz(i),
                         fmax((double)mid[i], -120.0), fmax((double)side[i], -120.0));
        }
    }
}

/* "dynamics: 1 4.81 3.62 -1.26": the band, the spread of its short-term level, the reference's, and
   what the dynamics change it by, all in dB; "range" where that is all they may. "spectral: 1000.0
   +1.25 6.10 4.80": the middle of a part in Hz, what its median is changed by, the target's spread
   of its share (90th less 10th percentile) and the reference's, all in dB; "range" where the median
   is to be moved by more than it may. "shapes": both in words. */
static void print_shaping(struct client *client, const struct plan *plan, const struct rack *rack)
{
    struct shaping shaping;
    char words[WORDS_SIZE];

    shaping_find(plan, rack, &shaping);
    shaping_describe(&shaping, words, sizeof words);
    if (words[0] != '\0') {
        client_pair(client, "shapes", words);
    }
    for (size_t i = 0; i < DYNAMICS_BANDS; i++) {
        const struct shaping_band *band = &shaping.band[i];

        if (band->known) {
            client_pairf(client, "dynamics", "%zu %.2f %.2f %+.2f%s", i + 1, band->spread_db,
                         band->reference_db, band->change_db, band->at_range ? " range" : "");
        }
    }
    for (size_t i = 0; i < BALANCE_PARTS; i++) {
        const struct shaping_part *part = &shaping.part[i];

        if (part->known) {
            client_pairf(client, "spectral", "%.1f %+.2f %.2f %.2f%s", part->middle_hz,
                         part->change_db, part->spread_db, part->reference_db,
                         part->at_range ? " range" : "");
        }
    }
}

static void print_plan(struct client *client, struct match *match)
{
    enum match_state state = match_state(match);
    const struct rehearsal *rehearsal = match_rehearsal(match);

    if (state != MATCH_PLANNED && state != MATCH_REHEARSED) {
        return;
    }
    client_pairf(client, "tracks", "%zu", match_path_count(match));
    print_shaping(client, match_plan(match), match_rack(match));
    if (plan_is_identity(match_plan(match), match_rack(match))) {
        return;
    }
    if (!match_plan(match)->bare) {
        print_levels(client, match_plan(match));
    }
    if (rehearsal != NULL) {
        print_rehearsal(client, match_plan(match), rehearsal);
    }
    print_curve(client, match_plan(match));
}

static int print_entry(struct client *client, const struct queue_entry *entry)
{
    struct server_parts *parts = server_parts(client_server(client));
    struct match *match = player_hold_match(parts->player, entry->id);

    client_pairf(client, "id", "%u", entry->id);
    match_print_plan_state(client, entry);
    if (match != NULL) {
        print_plan(client, match);
        match_release(match);
    }
    return 0;
}

int match_plan_verb(struct client *client, const struct words *words)
{
    struct server_parts *parts = server_parts(client_server(client));
    struct queue_entry entry;
    char message[256];
    uint32_t id;

    if (words->count == 1) {
        return match_heard_entry(parts, &entry) ? print_entry(client, &entry) : 0;
    }
    if (!protocol_unsigned(words->word[1], &id, message, sizeof message)) {
        return client_ack(client, ACK_ARG, "%s", message);
    }
    return queue_read(parts->queue, id, &entry) ? print_entry(client, &entry)
                                                : client_ack(client, ACK_NO_EXIST, "No such song");
}
