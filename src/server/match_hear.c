/*
 * match_hear.c - `match hear reference [PATH] | track | toggle [PATH]`: the reference itself, from
 * its loudest piece on, in place of the track; then the track again, where it was left.
 *
 * Without PATH it is the first reference that holds for the track that is heard. At equal loudness
 * it is as loud as A and B are, whatever the slots hold; `match status` says by what gain.
 * Answers hearing: reference or track, and reference: which.
 */
#include "server/match_scope.h"
#include "server/match_verbs.h"

#include "match/cache.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int begin(struct client *client, const char *path)
{
    struct server_parts *parts = server_parts(client_server(client));
    struct cache_key key;
    struct profile *profile;
    double seconds = 0.0, match_rms = 0.0;
    int error;

    if (access(path, R_OK) != 0) {
        return client_ack(client, ACK_NO_EXIST, "%s: its file is not there", path);
    }
    cache_key_init(&key, &path, 1);
    profile = cache_profile(parts->cache, &key, 0);
    cache_key_finish(&key);
    if (profile != NULL && profile->rate_hz > 0) {
        seconds = (double)profile->loudest_frame / profile->rate_hz;
        match_rms = profile->match_rms;
    }
    profile_destroy(profile);
    error = player_hear(parts->player, path, seconds, match_rms);
    if (error != 0) {
        return client_ack_errno(client, error, path);
    }
    client_pair(client, "hearing", "reference");
    client_pair(client, "reference", playlists_uri(parts->playlists, path));
    return 0;
}

static int begin_reference(struct client *client, const char *named)
{
    struct server_parts *parts = server_parts(client_server(client));
    struct queue_entry entry;
    struct track_sound sound;
    char *path;
    int result;

    if (!match_heard_entry(parts, &entry)) {
        return client_ack(client, ACK_NO_EXIST, "nothing plays that it could be heard in place of");
    }
    if (named != NULL) {
        if (named[0] == '/' && !client_is_local(client)) {
            return client_ack(client, ACK_PERMISSION, "Access denied");
        }
        if (match_path_climbs(named)) {
            return client_ack(client, ACK_NO_EXIST, "No such song");
        }
        path = track_path(parts, named);
        result = path != NULL ? begin(client, path) : client_ack_errno(client, -ENOMEM, named);
        free(path);
        return result;
    }
    result = track_sound_find(parts, entry.uri, entry.origin, &sound);
    if (result != 0) {
        return client_ack_errno(client, result, entry.uri);
    }
    result = sound.said.reference_count > 0
                 ? begin(client, sound.said.references[0].path)
                 : client_ack(client, ACK_NO_EXIST, "no reference holds for this track");
    track_sound_finish(&sound);
    return result;
}

int match_hear(struct client *client, const struct words *words)
{
    struct server *server = client_server(client);
    struct player *player = server_parts(server)->player;
    struct player_status status;
    const char *what = words->word[1];
    int result = 0;
    bool back;

    player_read_status(player, &status);
    if (status.blind) {
        return client_ack(client, ACK_PLAYER_SYNC, "a blind test goes on");
    }
    back = strcmp(what, "track") == 0 ||
           (strcmp(what, "toggle") == 0 && status.audition && words->count == 2);
    if (!back && strcmp(what, "reference") != 0 && strcmp(what, "toggle") != 0) {
        return client_ack(client, ACK_ARG, "%s: it is reference, track or toggle", what);
    }
    if (back) {
        player_hear(player, NULL, 0.0, 0.0);
        client_pair(client, "hearing", "track");
    } else {
        result = begin_reference(client, words->count > 2 ? words->word[2] : NULL);
    }
    server_changed(server, EVENT_OUTPUT);
    server_switched(server);
    return result;
}
