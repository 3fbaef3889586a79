/* list_support.c - a list for the player that tests edit while it plays. */
#include "play_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --- what the player asks -----------------------------------------------------------------------
 */

/* With the lock. -1: not there. */
static long place_of(const struct record_list *list, uint32_t id)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->tracks[i].id == id) {
            return (long)i;
        }
    }
    return -1;
}

static struct player_track *track(void *context, uint32_t id)
{
    struct record_list *list = context;
    struct player_track *made = NULL;
    long place;

    pthread_mutex_lock(&list->lock);
    place = place_of(list, id);
    if (place >= 0) {
        const struct record_track *known = &list->tracks[place];

        made = player_track_create(id, known->path);
        if (made != NULL && known->reference != NULL) {
            player_track_add_reference(made, known->reference, 1.0);
        }
        if (made != NULL) {
            made->amounts = list->amounts;
            made->rack = list->rack;
        }
        if (made != NULL && list->has_a) {
            made->a = player_track_copy(made);
            made->a->rack = list->rack_a;
        }
        if (made != NULL) {
            made->match = !list->b_is_original;
        }
    }
    pthread_mutex_unlock(&list->lock);
    return made;
}

static uint32_t next(void *context, uint32_t id, bool *border)
{
    struct record_list *list = context;
    uint32_t found = PLAYER_NO_TRACK;
    long place;
    size_t then;

    pthread_mutex_lock(&list->lock);
    place = place_of(list, id);
    then = place >= 0 ? (size_t)place + 1 : id == list->gone_id ? list->gone_from : list->count;
    if (then >= list->count && list->repeat) {
        then = 0;
    }
    if (then < list->count) {
        found = list->tracks[then].id;
    }
    *border = list->single;
    pthread_mutex_unlock(&list->lock);
    return found;
}

static uint32_t neighbour(void *context, uint32_t id, int step)
{
    struct record_list *list = context;
    uint32_t found = PLAYER_NO_TRACK;
    long place;

    pthread_mutex_lock(&list->lock);
    place = place_of(list, id);
    if (place >= 0 && place + step >= 0 && place + step < (long)list->count) {
        found = list->tracks[place + step].id;
    }
    pthread_mutex_unlock(&list->lock);
    return found;
}

static void changed(void *context)
{
    struct record_list *list = context;
    struct player_status status;

    player_read_status(list->player, &status);
    pthread_mutex_lock(&list->lock);
    if (status.id != PLAYER_NO_TRACK && list->heard_count < 16 &&
        (list->heard_count == 0 || list->heard[list->heard_count - 1] != status.id)) {
        list->heard[list->heard_count++] = status.id;
    }
    pthread_mutex_unlock(&list->lock);
}

static void failed(void *context, uint32_t id, bool is_so)
{
    struct record_list *list = context;
    long place;

    pthread_mutex_lock(&list->lock);
    place = place_of(list, id);
    if (place >= 0) {
        list->tracks[place].failed = is_so;
    }
    pthread_mutex_unlock(&list->lock);
}

void record_list_init(struct recorder *recorder)
{
    const struct player_list list = {&recorder->list, track, next, neighbour, changed, failed};

    pthread_mutex_init(&recorder->list.lock, NULL);
    recorder->list.amounts = amounts_exact;
    rack_init_exact(&recorder->list.rack);
    recorder->list.player = recorder->player;
    player_set_list(recorder->player, &list);
}

static void track_finish(struct record_track *gone)
{
    free(gone->path);
    free(gone->reference);
}

void record_list_finish(struct recorder *recorder)
{
    for (size_t i = 0; i < recorder->list.count; i++) {
        track_finish(&recorder->list.tracks[i]);
    }
    pthread_mutex_destroy(&recorder->list.lock);
}

/* --- edits --------------------------------------------------------------------------------------
 */

uint32_t record_insert(struct recorder *recorder, size_t at, const char *path,
                       const char *reference)
{
    struct record_list *list = &recorder->list;
    uint32_t id;

    pthread_mutex_lock(&list->lock);
    assert_true(list->count < RECORD_TRACKS_MAX && at <= list->count);
    memmove(list->tracks + at + 1, list->tracks + at, (list->count - at) * sizeof list->tracks[0]);
    id = ++list->last_id;
    list->tracks[at] = (struct record_track){id, strdup(path),
                                             reference != NULL ? strdup(reference) : NULL, false};
    list->count++;
    if (list->gone_id != 0 && at < list->gone_from) {
        list->gone_from++;
    }
    pthread_mutex_unlock(&list->lock);
    player_list_changed(recorder->player);
    return id;
}

void record_add(struct recorder *recorder, const char *path, const char *reference)
{
    record_insert(recorder, recorder->list.count, path, reference);
}

void record_remove(struct recorder *recorder, size_t at)
{
    struct record_list *list = &recorder->list;

    pthread_mutex_lock(&list->lock);
    list->gone_id = list->tracks[at].id;
    list->gone_from = at;
    track_finish(&list->tracks[at]);
    list->count--;
    memmove(list->tracks + at, list->tracks + at + 1, (list->count - at) * sizeof list->tracks[0]);
    pthread_mutex_unlock(&list->lock);
    player_list_changed(recorder->player);
}

void record_set_reference(struct recorder *recorder, size_t at, const char *reference)
{
    struct record_list *list = &recorder->list;

    pthread_mutex_lock(&list->lock);
    free(list->tracks[at].reference);
    list->tracks[at].reference = reference != NULL ? strdup(reference) : NULL;
    pthread_mutex_unlock(&list->lock);
    player_list_changed(recorder->player);
}

void record_set_amounts(struct recorder *recorder, const struct amounts *amounts)
{
    pthread_mutex_lock(&recorder->list.lock);
    recorder->list.amounts = *amounts;
    pthread_mutex_unlock(&recorder->list.lock);
    player_list_changed(recorder->player);
}

void record_set_rack(struct recorder *recorder, const struct rack *rack)
{
    pthread_mutex_lock(&recorder->list.lock);
    recorder->list.rack = *rack;
    pthread_mutex_unlock(&recorder->list.lock);
    player_list_changed(recorder->player);
}

void record_set_a(struct recorder *recorder, const struct rack *rack)
{
    pthread_mutex_lock(&recorder->list.lock);
    recorder->list.has_a = rack != NULL;
    if (rack != NULL) {
        recorder->list.rack_a = *rack;
    }
    pthread_mutex_unlock(&recorder->list.lock);
    player_list_changed(recorder->player);
}

void record_set_modes(struct recorder *recorder, bool repeat, bool single)
{
    pthread_mutex_lock(&recorder->list.lock);
    recorder->list.repeat = repeat;
    recorder->list.single = single;
    pthread_mutex_unlock(&recorder->list.lock);
    player_list_changed(recorder->player);
}

void record_skip(struct recorder *recorder, int step)
{
    struct record_list *list = &recorder->list;
    struct player_status status;
    long place;

    player_read_status(recorder->player, &status);
    pthread_mutex_lock(&list->lock);
    place = place_of(list, status.id) + step;
    while (step < 0 && place > 0 && list->tracks[place].failed) {
        place--;
    }
    place = place < 0 ? 0 : place;
    pthread_mutex_unlock(&list->lock);
    player_play(recorder->player,
                place < (long)list->count ? list->tracks[place].id : PLAYER_NO_TRACK, 0.0);
}
