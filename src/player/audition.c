/* audition.c - the reference itself heard in place of the track, and back to where it was. */
#include "player/audition.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int player_hear(struct player *player, const char *path, double seconds, double gain)
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
    player->audition.wished_gain = gain > 0.0 && gain < 1.0 ? gain : 1.0;
    pthread_mutex_unlock(&player->lock);
    player_ask_to_hear(player);
    return 0;
}

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
    return true;
}

static void set_active(struct player *player, bool active)
{
    pthread_mutex_lock(&player->lock);
    player->audition.active = active;
    pthread_mutex_unlock(&player->lock);
}

static void go_back(struct player *player)
{
    if (player->audition.active) {
        set_active(player, false);
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
    player->audition.gain = player->audition.wished_gain;
    player->audition.active = true;
    pthread_mutex_unlock(&player->lock);
    transport_begin(player, PLAYER_AUDITION, seconds);
    if (player->stream == NULL) { /* it cannot be played, as was told */
        go_back(player);
    }
}

void audition_forget(struct player *player)
{
    set_active(player, false);
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
    }
    if (is_asked(player)) {
        status->audition = player->audition.wished && status->id != PLAYER_NO_TRACK;
    }
}
