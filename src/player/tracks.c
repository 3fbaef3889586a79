/* tracks.c - what the player knows of tracks: as the list has them, as their files are, and which
 * of them could not be played. */
#include "player/audition.h"
#include "player/player_internal.h"

#include "media/tags.h"

#include <stdlib.h>
#include <string.h>

/* --- what the list and the file say ----------------------------------------------------------- */

struct player_track *tracks_fetch(struct player *player, uint32_t id)
{
    return id == PLAYER_AUDITION ? audition_track(player, id)
                                 : player->list.track(player->list.context, id);
}

uint32_t tracks_next(struct player *player, uint32_t id, bool *border)
{
    if (id == PLAYER_AUDITION) { /* over and over, until somebody has heard enough */
        *border = false;
        return PLAYER_AUDITION;
    }
    return player->list.next(player->list.context, id, border);
}

static void probe_finish(struct probe *probe)
{
    free(probe->path);
    free(probe->title);
    free(probe->album);
    free(probe->album_artist);
    *probe = (struct probe){.path = NULL};
}

static const struct probe *find_probe(const struct player *player, const char *path)
{
    for (size_t i = 0; i < PLAYER_PROBES; i++) {
        if (player->probes[i].path != NULL && strcmp(player->probes[i].path, path) == 0) {
            return &player->probes[i];
        }
    }
    return NULL;
}

/* Keeps what was found in place of the oldest. */
static void keep_probe(struct player *player, const char *path, const struct tags *tags,
                       uint32_t rate_hz)
{
    struct probe *probe = &player->probes[player->next_probe];

    probe_finish(probe);
    probe->path = strdup(path);
    probe->title = strdup(tags_first(tags, TAG_TITLE));
    probe->album = strdup(tags_first(tags, TAG_ALBUM));
    probe->album_artist = strdup(tags_first(tags, TAG_ALBUM_ARTIST));
    probe->rate_hz = rate_hz;
    if (probe->path == NULL || probe->title == NULL || probe->album == NULL ||
        probe->album_artist == NULL) {
        probe_finish(probe);
        return;
    }
    player->next_probe = (player->next_probe + 1) % PLAYER_PROBES;
}

void tracks_know(struct player *player, struct player_track *track)
{
    const struct probe *probe = track->known ? NULL : find_probe(player, track->path);
    struct media_error error = {0};
    struct tags tags = {0};
    struct decoder *decoder = NULL;
    uint32_t rate_hz = 0;

    if (track->known) {
        return;
    }
    if (media_is_address(track->path)) { /* it tells when it is heard */
        player_track_know(track, "", "", "", 0);
        return;
    }
    if (probe != NULL) {
        player_track_know(track, probe->title, probe->album, probe->album_artist, probe->rate_hz);
        return;
    }
    if (tags_read(&tags, track->path, &error) == 0 &&
        decoder_open(&decoder, track->path, 0, &error) == 0) {
        rate_hz = decoder_info(decoder)->rate_hz;
        decoder_close(decoder);
        keep_probe(player, track->path, &tags, rate_hz);
    }
    player_track_know(track, tags_first(&tags, TAG_TITLE), tags_first(&tags, TAG_ALBUM),
                      tags_first(&tags, TAG_ALBUM_ARTIST), rate_hz);
    tags_finish(&tags);
}

void tracks_finish(struct player *player)
{
    for (size_t i = 0; i < PLAYER_PROBES; i++) {
        probe_finish(&player->probes[i]);
    }
}

/* --- what could not be played ----------------------------------------------------------------- */

static long place_of(const struct troubles *troubles, uint32_t id)
{
    for (size_t i = 0; i < PLAYER_TROUBLES && troubles->count > 0; i++) {
        if (troubles->ids[i] == id) {
            return (long)i;
        }
    }
    return -1;
}

/* False: it is among them. */
static bool note(struct troubles *troubles, uint32_t id)
{
    if (place_of(troubles, id) >= 0) {
        return false;
    }
    troubles->count += troubles->ids[troubles->next] == PLAYER_NO_TRACK ? 1 : 0;
    troubles->ids[troubles->next] = id;
    troubles->next = (troubles->next + 1) % PLAYER_TROUBLES;
    return true;
}

/* False: it was not among them. */
static bool forget(struct troubles *troubles, uint32_t id)
{
    long place = place_of(troubles, id);

    if (place < 0) {
        return false;
    }
    troubles->ids[place] = PLAYER_NO_TRACK;
    troubles->count--;
    return true;
}

/* Whether all of the list was tried in vain is seen by meeting again one that failed: of those, the
   first, second, fourth, ... is the one to be met (Brent's way of finding a circle). */
static void count_failure(struct failing *failing, uint32_t id)
{
    failing->count++;
    if (failing->count >= PLAYER_FAILURES_MAX || (failing->count > 1 && id == failing->mark)) {
        failing->exhausted = true;
        return;
    }
    failing->length++;
    if (failing->length >= failing->power) {
        failing->mark = id;
        failing->power = failing->power == 0 ? 1 : 2 * failing->power;
        failing->length = 0;
    }
}

void tracks_fail(struct player *player, uint32_t id, const char *message)
{
    count_failure(&player->failing, id);
    if (!note(&player->failures, id)) {
        return;
    }
    pthread_mutex_lock(&player->lock);
    player->failed++;
    pthread_mutex_unlock(&player->lock);
    player_tell(player, LOG_WARNING, "%s", message);
    recovery_note(&player->recovery, RECOVERY_FILE, 0, "%s: passed over", message);
    if (player->list.failed != NULL) {
        player->list.failed(player->list.context, id, true);
    }
}

void tracks_sound(struct player *player, uint32_t id)
{
    player->failing = (struct failing){.count = 0};
    if (forget(&player->failures, id) && player->list.failed != NULL) {
        player->list.failed(player->list.context, id, false);
    }
}

bool tracks_failed(const struct player *player, uint32_t id)
{
    return place_of(&player->failures, id) >= 0;
}

bool tracks_damage_is_new(struct player *player, uint32_t id)
{
    return note(&player->damages, id);
}
