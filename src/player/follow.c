/*
 * follow.c - the list has changed while it plays: what was decoded and does not follow any more is
 * taken back, and matches are asked for anew.
 *
 * What the audio thread was not given yet is cut off the stream, and decoding goes on with what
 * follows now: nobody hears anything of it. In the last second or two before a track begins it is
 * too late for that: then the stream is made to end with the track before; and where even that
 * could come too late, the wrong track is replaced as soon as it is heard.
 */
#include "player/player_internal.h"

enum { MARGIN_MS = 100 /* the audio thread plays on while its stream's end is moved */ };

/* What follows a track, those that cannot be played passed over. *border: playing pauses there. */
static uint32_t next_of(struct player *player, uint32_t id, bool *border)
{
    *border = false;
    for (int i = 0; i < PLAYER_TROUBLES; i++) {
        bool pauses = false;

        id = tracks_next(player, id, &pauses);
        *border = *border || pauses;
        if (id == PLAYER_NO_TRACK || !tracks_failed(player, id)) {
            return id;
        }
    }
    return PLAYER_NO_TRACK;
}

/* Where the stream is over, the next one is to begin so. */
static void note_next(struct player *player, uint32_t id, bool border)
{
    pthread_mutex_lock(&player->lock);
    player->continues = id != PLAYER_NO_TRACK;
    player->continue_at = id;
    player->border = border;
    pthread_mutex_unlock(&player->lock);
}

/* Takes back the marks from `first` (> 0) on. */
static void cut(struct player *player, size_t first, const struct output_status *status)
{
    int64_t place = player->marks[first].position;
    int64_t margin = (int64_t)player->rate_hz * MARGIN_MS / 1000;
    uint32_t last = player->marks[first - 1].track->id;
    bool border;
    uint32_t next;

    if (first >= player->resolved && stream_truncate(player->stream, place) == 0) {
        feeder_close_track(player);
        marks_drop_from(player, first);
        player->decode_id = last;
        feeder_next_track(player);
        return;
    }
    if (transport_position(player, status) + margin >= place) {
        player->wrong_from = place;
        return;
    }
    stream_end_at(player->stream, place);
    feeder_close_track(player);
    marks_drop_from(player, first);
    player->cut = player->ending = true;
    next = next_of(player, last, &border);
    note_next(player, next, border);
    marks_ask_ahead(player, last);
}

/* The last track is decoded: something else may follow it now. */
static void see_to_end(struct player *player)
{
    bool border;
    uint32_t last = player->marks[player->mark_count - 1].track->id;
    uint32_t next = next_of(player, last, &border);
    uint32_t before = player->continues ? player->continue_at : PLAYER_NO_TRACK;

    if (next == before && border == player->border) {
        return;
    }
    if (stream_end(player->stream) == STREAM_END_UNKNOWN) {
        player->decode_id = last;
        feeder_next_track(player); /* it may join */
    } else {
        note_next(player, next, border);
    }
}

/* Follows the list from the heard track on, along what was decoded. */
static void compare(struct player *player, const struct output_status *status)
{
    size_t at = player_heard_mark(player, status);

    player->wrong_from = INT64_MAX;
    while (at + 1 < player->mark_count) {
        size_t then = at + 1;
        bool border;

        while (then + 1 < player->mark_count &&
               player->marks[then + 1].position == player->marks[then].position) {
            then++; /* there was nothing in it */
        }
        if (next_of(player, player->marks[at].track->id, &border) !=
                player->marks[then].track->id ||
            border) {
            cut(player, at + 1, status);
            return;
        }
        at = then;
    }
    if (player->ending) {
        see_to_end(player);
    }
}

/* The tracks as the list has them now: other references or amounts. */
static void renew(struct player *player)
{
    live_match_drop_next(player);
    for (size_t i = player->resolved > 0 ? player->resolved - 1 : 0; i < player->mark_count; i++) {
        struct mark *mark = &player->marks[i];
        struct player_track *track = tracks_fetch(player, mark->track->id);
        struct player_track *track_before = mark->track;
        struct sides sides, sides_before = mark->sides;

        if (track == NULL) { /* the list has it no more: it plays on as it was */
            continue;
        }
        tracks_know(player, track);
        sides = album_match(player, track, player->rate_hz,
                            i < player->resolved ? 0 : (unsigned)(i + 1 - player->resolved));
        if (i + 1 == player->resolved && (sides.b != sides_before.b || sides.a != sides_before.a)) {
            player->changed_by_hand = true;
        }
        pthread_mutex_lock(&player->lock);
        mark->track = track;
        mark->sides = sides;
        pthread_mutex_unlock(&player->lock);
        sides_release(sides_before);
        player_track_destroy(track_before);
    }
}

void follow_list(struct player *player)
{
    struct output_status status;

    if (player->stream == NULL || player->mark_count == 0) {
        return;
    }
    output_read_status(player->output, &status);
    compare(player, &status);
    renew(player);
    if (player->mark_count > 0) {
        marks_ask_ahead(player, player->marks[player->mark_count - 1].track->id);
    }
}

void follow_wrong(struct player *player, const struct output_status *status)
{
    size_t mark;
    bool border;
    uint32_t next;

    if (player->stream == NULL || player->wrong_from == INT64_MAX ||
        status->stream_id != player->stream_id || status->heard < player->wrong_from) {
        return;
    }
    for (mark = 0;
         mark + 1 < player->mark_count && player->marks[mark + 1].position < player->wrong_from;) {
        mark++;
    }
    next = next_of(player, player->marks[mark].track->id, &border);
    player->wrong_from = INT64_MAX;
    if (next == PLAYER_NO_TRACK) {
        transport_end(player, true);
        return;
    }
    if (border) {
        transport_note_paused(player, true);
    }
    transport_begin(player, next, 0.0);
}
