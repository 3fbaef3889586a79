/* live_match.c - the match of what has no end, made from what was heard of it so far. */
#include "player/live_match.h"

#include "player/player_internal.h"

static bool is_wanted(const struct player *player, const struct player_track *track)
{
    return player->settings.match && track->match && track->reference_count > 0;
}

static void drop_next(struct player *player)
{
    match_release(player->live.next);
    player->live.next = NULL;
}

void live_match_end(struct player *player)
{
    drop_next(player);
    running_release(player->live.running);
    player->live.running = NULL;
    player->live.step = 0;
    pthread_mutex_lock(&player->lock);
    player->live.seconds = 0.0;
    pthread_mutex_unlock(&player->lock);
}

void live_match_begin(struct player *player, const struct player_track *track)
{
    struct live_match *live = &player->live;

    if (media_is_address(track->path) && live->running != NULL && live->id == track->id &&
        running_rate_hz(live->running) == player->rate_hz) {
        return;
    }
    live_match_end(player);
    live->id = track->id;
    live->late_told = false;
    if (media_is_address(track->path) && is_wanted(player, track)) {
        live->running = running_create(player->rate_hz);
    }
}

/* The mark of the track that is decoded; it is the last one. */
static struct mark *mark_of(struct player *player)
{
    struct mark *mark = player->mark_count > 0 ? &player->marks[player->mark_count - 1] : NULL;

    return mark != NULL && mark->track->id == player->live.id ? mark : NULL;
}

struct match *live_match_ask(struct player *player, const struct player_track *track)
{
    struct live_match *live = &player->live;
    const char *path = track->path;
    const struct match_wish wish = {.paths = &path,
                                    .path_count = 1,
                                    .rate_hz = player->rate_hz,
                                    .references = (const char *const *)track->references,
                                    .weights = track->weights,
                                    .reference_count = track->reference_count,
                                    .amounts = track->amounts,
                                    .rack = &track->rack,
                                    .running = live->running,
                                    .step = live->step};

    if (!is_wanted(player, track) || live->id != track->id) {
        return NULL;
    }
    if (live->running == NULL) { /* its reference was chosen while it was playing */
        live->running = running_create(player->rate_hz);
    }
    return live->step != 0 && live->running != NULL ? matcher_ask(player->matcher, &wish) : NULL;
}

void live_match_feed(struct player *player, float *const channel[2], size_t frames)
{
    struct live_match *live = &player->live;
    const float *const heard[2] = {channel[0], channel[1]};
    struct mark *mark;

    if (live->running == NULL || !running_feed(live->running, heard, frames)) {
        return;
    }
    mark = mark_of(player);
    if (mark != NULL) {
        live->step = ++player->next_id;
        drop_next(player);
        live->next = live_match_ask(player, mark->track);
    }
}

void live_match_serve(struct player *player)
{
    struct live_match *live = &player->live;
    enum match_state state = live->next != NULL ? match_state(live->next) : MATCH_WAITING;
    struct mark *mark = mark_of(player);
    struct match *before;

    if (state == MATCH_WAITING) {
        return;
    }
    if (state == MATCH_NONE || mark == NULL) { /* silence so far, or its reference is no good */
        drop_next(player);
        return;
    }
    pthread_mutex_lock(&player->lock);
    before = mark->sides.b;
    mark->sides.b = live->next;
    live->next = NULL;
    live->seconds = running_seconds(live->running);
    pthread_mutex_unlock(&player->lock);
    match_release(before);
}
