/* marks.c - the places in the stream where tracks begin, and the matches that are made ahead. */
#include "player/player_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The matches of a track that is not decoded yet, if its rate is known. */
static struct sides match_ahead(struct player *player, uint32_t id, unsigned distance)
{
    struct player_track *track = tracks_fetch(player, id);
    struct sides sides = {NULL, NULL};

    if (track != NULL) {
        tracks_know(player, track);
        if (track->rate_hz != 0) {
            sides = album_match(player, track,
                                track->rate_hz == player->wished_rate_hz ? player->rate_hz
                                                                         : track->rate_hz,
                                distance);
        }
    }
    player_track_destroy(track);
    return sides;
}

void marks_ask_ahead(struct player *player, uint32_t id)
{
    struct sides before[PLAYER_AHEAD_MATCHES], now[PLAYER_AHEAD_MATCHES] = {{NULL, NULL}};
    uint32_t ids[PLAYER_AHEAD_MATCHES];
    size_t wanted = atomic_load(&player->lean) ? 1 : PLAYER_AHEAD_MATCHES;

    for (size_t i = 0; i < PLAYER_AHEAD_MATCHES; i++) {
        bool border = false;

        id = id != PLAYER_NO_TRACK ? tracks_next(player, id, &border) : id;
        ids[i] = id;
        if (player->settings.match && id != PLAYER_NO_TRACK && i < wanted) {
            now[i] = match_ahead(player, id, (unsigned)i + 1);
        }
    }
    pthread_mutex_lock(&player->lock);
    memcpy(before, player->ahead, sizeof before);
    memcpy(player->ahead, now, sizeof now);
    memcpy(player->ahead_ids, ids, sizeof ids);
    player->following = ids[0];
    pthread_mutex_unlock(&player->lock);
    for (size_t i = 0; i < PLAYER_AHEAD_MATCHES; i++) {
        sides_release(before[i]);
    }
}

/* Under the lock. */
static bool make_room_for_mark(struct player *player)
{
    size_t capacity = player->mark_capacity == 0 ? 16 : 2 * player->mark_capacity;
    struct mark *marks;

    if (player->mark_count < player->mark_capacity) {
        return true;
    }
    marks = realloc(player->marks, capacity * sizeof *marks);
    if (marks == NULL) {
        return false;
    }
    player->marks = marks;
    player->mark_capacity = capacity;
    return true;
}

/* Of the whole file, pictures and all. 0: unknown. */
static uint32_t bit_rate_of(const char *path, const struct media_info *info)
{
    struct stat file;

    if (info->frames <= 0 || stat(path, &file) < 0) {
        return 0;
    }
    return (uint32_t)fmin(8.0 * (double)file.st_size * info->rate_hz / (double)info->frames, 1e9);
}

bool marks_add(struct player *player, int64_t position, int64_t frame)
{
    struct mark mark = {.position = position,
                        .track = player->opened,
                        .entry_frame = frame,
                        .info = *decoder_info(player->decoder)};
    bool added;

    mark.frames = mark.info.frames;
    mark.bit_rate =
        mark.info.remote ? mark.info.bit_rate : bit_rate_of(mark.track->path, &mark.info);
    live_match_begin(player, mark.track);
    mark.sides = album_match(player, mark.track, player->rate_hz, player->mark_count > 0);
    tracks_know(player, mark.track);
    pthread_mutex_lock(&player->lock);
    added = make_room_for_mark(player);
    if (added) {
        player->marks[player->mark_count++] = mark;
        player->played++;
        player->opened = NULL;
    }
    pthread_mutex_unlock(&player->lock);
    if (!added) {
        sides_release(mark.sides);
    }
    marks_ask_ahead(player, player->decode_id);
    return added;
}

static void finish_mark(struct mark *mark)
{
    sides_release(mark->sides);
    player_track_destroy(mark->track);
}

void marks_drop_from(struct player *player, size_t first)
{
    size_t count = player->mark_count;

    pthread_mutex_lock(&player->lock);
    player->mark_count = first;
    player->played -= count - first;
    pthread_mutex_unlock(&player->lock);
    for (size_t i = first; i < count; i++) { /* who reads the status sees them no more */
        finish_mark(&player->marks[i]);
    }
    if (player->resolved > first) {
        player->resolved = first;
    }
}

void marks_drop_heard(struct player *player, const struct output_status *status)
{
    size_t heard = player->mark_count > 0 ? player_heard_mark(player, status) : 0;
    size_t past = heard > 1 ? heard - 1 : 0;
    struct mark *old;

    if (past == 0 || past >= player->resolved) {
        return;
    }
    old = malloc(past * sizeof *old);
    if (old == NULL) {
        return;
    }
    pthread_mutex_lock(&player->lock);
    memcpy(old, player->marks, past * sizeof *old);
    player->mark_count -= past;
    memmove(player->marks, player->marks + past, player->mark_count * sizeof *old);
    pthread_mutex_unlock(&player->lock);
    player->resolved -= past;
    for (size_t i = 0; i < past; i++) {
        finish_mark(&old[i]);
    }
    free(old);
}

void marks_clear(struct player *player)
{
    struct mark *marks;
    size_t count;

    pthread_mutex_lock(&player->lock); /* who reads the status must not meet a match let go */
    marks = player->marks;
    count = player->mark_count;
    player->marks = NULL;
    player->mark_count = player->mark_capacity = 0;
    player->continues = player->border = false;
    pthread_mutex_unlock(&player->lock);
    for (size_t i = 0; i < count; i++) {
        finish_mark(&marks[i]);
    }
    free(marks);
    player->ending = player->cut = false;
    player->wrong_from = INT64_MAX;
    radio_clear(player);
    seams_reset(player);
}
