/* match_status.c - `match status`: all that holds for the track that is heard, at once. */
#include "server/match_scope.h"
#include "server/match_verbs.h"

#include "chain/rack_words.h"
#include "player/signal_path.h"

#include <math.h>
#include <string.h>

enum { PATH_SIZE = 512, CHAIN_SIZE = 512 };

static void print_switches(struct client *client, const struct player_status *status)
{
    const struct server_parts *parts = server_parts(client_server(client));
    char path[PATH_SIZE], economy[ECONOMY_TEXT_SIZE];

    client_pair(client, "ab", status->blind ? "hidden" : status->original ? "original" : "matched");
    client_pair(client, "slot_a", options_text(parts->options, "slot_a"));
    client_pair(client, "slot_b", options_text(parts->options, "slot_b"));
    client_pair(client, "hearing", status->audition ? "reference" : "track");
    client_pair(client, "loudness", status->equal_loudness ? "equal" : "true");
    signal_path_write(status, path, sizeof path);
    if (path[0] != '\0') {
        client_pair(client, "path", path);
    }
    if (status->equal_loudness && status->audition) {
        client_pairf(client, "gain_reference", "%.2f", status->gain_c_db);
        client_pair(client, "gains", status->gain_c_estimated ? "estimated" : "measured");
        if (status->quieter_db >= 0.05) { /* its peaks leave no room for more */
            client_pairf(client, "reference_quieter", "%.2f", status->quieter_db);
        }
    } else if (status->equal_loudness && !status->blind) {
        client_pairf(client, "gain_original", "%.2f", status->gain_a_db);
        client_pairf(client, "gain_matched", "%.2f", status->gain_b_db);
        client_pair(client, "gains", status->gains_estimated ? "estimated" : "measured");
    }
    client_pair(client, "quality", quality_level_name(status->quality));
    client_pair(client, "quality_wish", quality_level_name(status->quality_wish));
    economy_write(&status->economy, economy, sizeof economy);
    if (economy[0] != '\0') {
        client_pair(client, "economy", economy);
    }
    client_pair(client, "album_mode", options_text(parts->options, "match_mode"));
}

static void print_amount(struct client *client, const struct track_sound *sound, int amount)
{
    static const char *const names[AMOUNTS] = {"level", "eq", "width", "limiter"};
    static const char *const from[AMOUNTS] = {"level_from", "eq_from", "width_from",
                                              "limiter_from"};
    const double values[AMOUNTS] = {100.0 * sound->amounts.level, 100.0 * sound->amounts.eq,
                                    100.0 * sound->amounts.width, sound->amounts.limiter};

    client_pairf(client, names[amount], "%g", values[amount]);
    client_pair(client, from[amount], reference_scope_name(sound->amount_from[amount]));
}

static void print_sound(struct client *client, const struct track_sound *sound)
{
    const struct server_parts *parts = server_parts(client_server(client));
    char chain[CHAIN_SIZE];

    client_pair(client, "preset", sound->said.preset);
    client_pair(client, "preset_from", reference_scope_name(sound->preset_from));
    client_pair(client, "match", sound->match ? "1" : "0");
    rack_words_list(&sound->rack, " ", chain, sizeof chain);
    client_pair(client, "chain", chain);
    client_pair(client, "chain_edited", parts->chain_is_edited ? "1" : "0");
    for (int i = 0; i < AMOUNTS; i++) {
        print_amount(client, sound, i);
    }
    if (isfinite(sound->amounts.max_boost_db)) {
        client_pairf(client, "max_boost_db", "%g", sound->amounts.max_boost_db);
    }
    match_references_print(client, &sound->said);
    if (sound->said.reference_count > 0) {
        client_pair(client, "reference_from", reference_scope_name((int)sound->references));
    }
}

static int print_track(struct client *client, const struct queue_entry *entry)
{
    struct server_parts *parts = server_parts(client_server(client));
    struct track_sound sound;
    int error = track_sound_find(parts, entry->uri, entry->origin, &sound);

    if (error != 0) {
        return client_ack_errno(client, error, entry->uri);
    }
    client_pairf(client, "id", "%u", entry->id);
    client_pair(client, "file", entry->uri);
    if (entry->origin != NULL) {
        client_pair(client, "playlist", playlists_uri(parts->playlists, entry->origin));
    }
    print_sound(client, &sound);
    match_print_plan_state(client, entry);
    match_print_plan_of_a(client, entry);
    track_sound_finish(&sound);
    return 0;
}

int match_status(struct client *client, const struct words *words)
{
    struct server_parts *parts = server_parts(client_server(client));
    struct queue_entry entry;
    struct player_status status;

    (void)words;
    player_read_status(parts->player, &status);
    print_switches(client, &status);
    return match_heard_entry(parts, &entry) ? print_track(client, &entry) : 0;
}
