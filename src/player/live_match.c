/* live_match.c - the match of what has no end, made from what was heard of it so far. */
#include "player/live_match.h"

#include "player/player_internal.h"

bool live_match_is_wanted(const struct player *player, const struct player_track *track)
{
    return player->settings.match && track != NULL && track->match && track->reference_count > 0;
}

static void drop(struct match **next)
{
    match_release(*next);
    *next = NULL;
}

void live_match_drop_next(struct player *player)
{
    drop(&player->live.next_b);
    drop(&player->live.next_a);
}

void live_match_end(struct player *player)
{
    live_match_drop_next(player);
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
    if (media_is_address(track->path) &&
        (live_match_is_wanted(player, track) || live_match_is_wanted(player, track->a))) {
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

    if (!live_match_is_wanted(player, track) || live->id != track->id) {
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
        live_match_drop_next(player);
        live->next_b = live_match_ask(player, mark->track);
        live->next_a = mark->track->a != NULL ? live_match_ask(player, mark->track->a) : NULL;
    }
}

static bool is_waiting(struct match *next)
{
    return next != NULL && match_state(next) == MATCH_WAITING;
}

/* What is ready takes the place of `place`, and leaves what was there to be released. */
static void exchange(struct match **place, struct match **next)
{
    struct match *before = *place;

    if (match_is_ready(*next)) { /* else: silence so far, or its reference is no good */
        *place = *next;
        *next = before;
    }
}

void live_match_serve(struct player *player)
{
    struct live_match *live = &player->live;
    struct mark *mark = mark_of(player);
    bool any = match_is_ready(live->next_b) || match_is_ready(live->next_a);

    if ((live->next_b == NULL && live->next_a == NULL) || is_waiting(live->next_b) ||
        is_waiting(live->next_a)) {
        return;
    }
    if (mark != NULL && any) {
        pthread_mutex_lock(&player->lock);
        live->seconds = running_seconds(live->running);
        exchange(&mark->sides.b, &live->next_b);
        exchange(&mark->sides.a, &live->next_a);
        pthread_mutex_unlock(&player->lock);
    }
    live_match_drop_next(player);
}
