/* audition.c - the reference itself heard in place of the track, and back to where it was. */
#include "player/audition.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int player_hear(struct player *player, const char *path, double seconds, double match_rms)
{
    char *copy = path != NULL ? strdup(path) : NULL;

    if (path != NULL && copy == NULL) {
        return -ENOMEM;
    }
    pthread_mutex_lock(&player->lock);
    free(player->audition.wished_path);
    player->audition.wished_path = copy;
    player->audition.wished = path != NULL;
    player->audition.wished_s = seconds;
    player->audition.wished_rms = match_rms;
    pthread_mutex_unlock(&player->lock);
    player_ask_to_hear(player);
    return 0;
}

/* --- how loud it is ------------------------------------------------------------------------ */

/* Measures a file as it is: a rehearsal of nothing. NULL: it cannot be. */
static struct match *ask_loudness(struct player *player, const char *path)
{
    const char *const none[1] = {NULL};
    const double no_weights[1] = {0.0};
    struct rack empty;
    const struct match_wish wish = {.paths = &path,
                                    .path_count = 1,
                                    .rate_hz = player->rate_hz,
                                    .references = none,
                                    .weights = no_weights,
                                    .amounts = {.limiter = false, .max_boost_db = HUGE_VAL},
                                    .rack = &empty};

    rack_init(&empty);
    return matcher_ask(player->matcher, &wish);
}

static void forget_loudness(struct player *player)
{
    struct heard_loudness before = player->c;

    player->c = (struct heard_loudness){.reference = NULL};
    sides_release(before.track);
    match_release(before.as_it_is);
    match_release(before.reference);
}

/* LUFS of what such a match is made of; NAN: not known yet. */
static double original_of(struct match *match)
{
    const struct rehearsal *rehearsal = match != NULL ? match_rehearsal(match) : NULL;

    return rehearsal != NULL ? rehearsal->original_lufs : (double)NAN;
}

static double first_known(double one, double other)
{
    return isfinite(one) ? one : other;
}

static double track_lufs(const struct heard_loudness *c)
{
    return first_known(first_known(original_of(c->track.b), original_of(c->track.a)),
                       original_of(c->as_it_is));
}

/* Of the loud pieces of both, which is known earlier. */
static double estimate(const struct player *player)
{
    struct sides ready = sides_ready(player->c.track);
    struct match *match = ready.b != NULL ? ready.b : ready.a;
    double track_rms = match != NULL ? match_plan(match)->target_rms : 0.0;

    return 20.0 * log10(track_rms / player->audition.match_rms);
}

double audition_gain(struct player *player)
{
    const struct heard_loudness *c = &player->c;
    const struct rehearsal *reference = c->reference != NULL ? match_rehearsal(c->reference) : NULL;
    double room_db = reference != NULL ? fmax(0.0, -reference->true_peak_dbtp) : 0.0;
    double gain_db = track_lufs(c) - original_of(c->reference), rise_db;
    bool estimated;

    if (!player->audition.active) {
        return 1.0;
    }
    rise_db = sides_rise_db(c->track, &estimated);
    estimated = estimated || !isfinite(gain_db);
    gain_db = first_known(first_known(gain_db, estimate(player)) + rise_db, 0.0);
    pthread_mutex_lock(&player->lock);
    player->audition.quieter_db = fmax(0.0, gain_db - room_db);
    player->audition.gain_db = fmin(gain_db, room_db);
    player->audition.estimated = estimated;
    pthread_mutex_unlock(&player->lock);
    return pow(10.0, fmin(gain_db, room_db) / 20.0);
}

/* --- there and back ------------------------------------------------------------------------ */

/* Notes the place to go back to. False: nothing plays. */
static bool note_place(struct player *player)
{
    int64_t frame;
    const struct mark *mark;
    struct player_status status;

    if (player->audition.active) {
        return true;
    }
    if (player->stream == NULL) {
        return false;
    }
    player_read_status(player, &status);
    mark = transport_heard(player, &frame);
    pthread_mutex_lock(&player->lock);
    player->audition.id = mark->track->id;
    player->audition.seconds = fmax(0.0, (double)frame / player->rate_hz);
    player->audition.duration_s = status.duration_s;
    pthread_mutex_unlock(&player->lock);
    player->c.track = sides_hold(mark->sides);
    if (mark->sides.b == NULL && mark->sides.a == NULL) {
        player->c.as_it_is = ask_loudness(player, mark->track->path);
    }
    return true;
}

void audition_forget(struct player *player)
{
    pthread_mutex_lock(&player->lock);
    player->audition.active = false;
    pthread_mutex_unlock(&player->lock);
    forget_loudness(player);
}

static void go_back(struct player *player)
{
    if (player->audition.active) {
        audition_forget(player);
        transport_begin(player, player->audition.id, player->audition.seconds);
    }
}

void audition_obey(struct player *player)
{
    double seconds;
    bool any;

    pthread_mutex_lock(&player->lock);
    any = player->audition.wished_path != NULL;
    seconds = player->audition.wished_s;
    pthread_mutex_unlock(&player->lock);
    if (!any) {
        go_back(player);
        return;
    }
    if (!note_place(player)) {
        return;
    }
    pthread_mutex_lock(&player->lock);
    free(player->audition.path);
    player->audition.path = player->audition.wished_path;
    player->audition.wished_path = NULL;
    player->audition.match_rms = player->audition.wished_rms;
    player->audition.gain_db = player->audition.quieter_db = 0.0;
    player->audition.estimated = true;
    player->audition.active = true;
    pthread_mutex_unlock(&player->lock);
    match_release(player->c.reference);
    player->c.reference = ask_loudness(player, player->audition.path);
    transport_begin(player, PLAYER_AUDITION, seconds);
    if (player->stream == NULL) { /* it cannot be played, as was told */
        go_back(player);
    }
}

bool audition_seek(struct player *player, double seconds, bool relative)
{
    if (!player->audition.active) {
        return false;
    }
    pthread_mutex_lock(&player->lock);
    player->audition.seconds = fmax(0.0, relative ? player->audition.seconds + seconds : seconds);
    pthread_mutex_unlock(&player->lock);
    go_back(player);
    return true;
}

struct player_track *audition_track(struct player *player, uint32_t id)
{
    struct player_track *track = NULL;

    if (id == PLAYER_AUDITION && player->audition.path != NULL) {
        track = player_track_create(id, player->audition.path);
    }
    return track;
}

/* It was asked for, and is not carried out yet. */
static bool is_asked(const struct player *player)
{
    bool asked = player->has_in_hand && player->in_hand.kind == REQUEST_HEAR;

    for (size_t i = 0; i < player->request_count; i++) {
        asked = asked || player->requests[i].kind == REQUEST_HEAR;
    }
    return asked;
}

void audition_show(const struct player *player, struct player_status *status)
{
    if (player->audition.active && status->id == PLAYER_AUDITION) {
        status->audition = true;
        status->id = player->audition.id;
        status->elapsed_s = player->audition.seconds;
        status->duration_s = player->audition.duration_s;
        status->next = PLAYER_NO_TRACK;
        status->gain_c_db = player->audition.gain_db;
        status->quieter_db = player->audition.quieter_db;
        status->gain_c_estimated = player->audition.estimated;
    }
    if (is_asked(player)) {
        status->audition = player->audition.wished && status->id != PLAYER_NO_TRACK;
        status->gain_c_estimated = true;
    }
}
