/* player_track.c - one track as the list knows it. */
#include "player/player.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct player_track *player_track_create(uint32_t id, const char *path)
{
    struct player_track *track = calloc(1, sizeof *track);

    if (track == NULL) {
        return NULL;
    }
    track->id = id;
    track->amounts = amounts_exact;
    track->match = true;
    rack_init_exact(&track->rack);
    track->path = strdup(path);
    if (track->path == NULL) {
        free(track);
        return NULL;
    }
    return track;
}

void player_track_destroy(struct player_track *track)
{
    if (track == NULL) {
        return;
    }
    for (size_t i = 0; i < track->reference_count; i++) {
        free(track->references[i]);
    }
    free(track->title);
    free(track->album);
    free(track->album_artist);
    free(track->path);
    player_track_destroy(track->a);
    free(track);
}

int player_track_add_reference(struct player_track *track, const char *path, double weight)
{
    char *copy;

    if (track->reference_count == MATCH_REFERENCES_MAX) {
        return -ENOSPC;
    }
    copy = strdup(path);
    if (copy == NULL) {
        return -ENOMEM;
    }
    track->references[track->reference_count] = copy;
    track->weights[track->reference_count++] = weight;
    return 0;
}

/* In place of what stands there; NULL is "". */
static int set_text(char **place, const char *text)
{
    char *copy = strdup(text != NULL ? text : "");

    if (copy == NULL) {
        return -ENOMEM;
    }
    free(*place);
    *place = copy;
    return 0;
}

int player_track_know(struct player_track *track, const char *title, const char *album,
                      const char *album_artist, uint32_t rate_hz)
{
    if (set_text(&track->title, title) < 0 || set_text(&track->album, album) < 0 ||
        set_text(&track->album_artist, album_artist) < 0) {
        return -ENOMEM;
    }
    track->rate_hz = rate_hz;
    track->known = true;
    return 0;
}

struct player_track *player_track_copy(const struct player_track *track)
{
    struct player_track *copy = player_track_create(track->id, track->path);
    int result = copy != NULL ? 0 : -ENOMEM;

    for (size_t i = 0; i < track->reference_count && result == 0; i++) {
        result = player_track_add_reference(copy, track->references[i], track->weights[i]);
    }
    if (result == 0 && track->known) {
        result = player_track_know(copy, track->title, track->album, track->album_artist,
                                   track->rate_hz);
    }
    if (result == 0 && track->a != NULL) {
        copy->a = player_track_copy(track->a);
        result = copy->a != NULL ? 0 : -ENOMEM;
    }
    if (result < 0) {
        player_track_destroy(copy);
        errno = ENOMEM;
        return NULL;
    }
    copy->amounts = track->amounts;
    copy->match = track->match;
    copy->rack = track->rack;
    return copy;
}
