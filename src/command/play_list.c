/* play_list.c - the list that `play` plays. */
#include "command/play_list.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    char *path;
    const struct play_sound *sound;
    bool failed; /* under the lock */
};

struct play_list {
    pthread_mutex_t lock;
    struct entry *entries;
    size_t count, capacity;
    struct play_sound **sounds; /* shared by many entries */
    size_t sound_count;
};

/* --- filling -----------------------------------------------------------------------------------
 */

struct play_list *play_list_create(void)
{
    struct play_list *list = calloc(1, sizeof *list);

    if (list != NULL) {
        pthread_mutex_init(&list->lock, NULL);
    }
    return list;
}

static void sound_destroy(struct play_sound *sound)
{
    for (size_t i = 0; i < sound->count; i++) {
        free((char *)(uintptr_t)sound->paths[i]);
    }
    free(sound);
}

void play_list_destroy(struct play_list *list)
{
    if (list == NULL) {
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        free(list->entries[i].path);
    }
    for (size_t i = 0; i < list->sound_count; i++) {
        sound_destroy(list->sounds[i]);
    }
    free(list->entries);
    free(list->sounds);
    pthread_mutex_destroy(&list->lock);
    free(list);
}

static bool same_sound(const struct play_sound *one, const struct play_sound *other)
{
    if (one->count != other->count || one->match != other->match ||
        !amounts_equal(&one->amounts, &other->amounts) || !rack_equal(&one->rack, &other->rack)) {
        return false;
    }
    for (size_t i = 0; i < one->count; i++) {
        if (one->weights[i] != other->weights[i] || strcmp(one->paths[i], other->paths[i]) != 0) {
            return false;
        }
    }
    return true;
}

static struct play_sound *sound_copy(const struct play_sound *sound)
{
    struct play_sound *copy = malloc(sizeof *copy);

    if (copy == NULL) {
        return NULL;
    }
    *copy = *sound;
    for (copy->count = 0; copy->count < sound->count; copy->count++) {
        copy->paths[copy->count] = strdup(sound->paths[copy->count]);
        if (copy->paths[copy->count] == NULL) {
            sound_destroy(copy);
            return NULL;
        }
    }
    return copy;
}

/* The list's own copy. NULL: out of memory. */
static const struct play_sound *keep_sound(struct play_list *list, const struct play_sound *wanted)
{
    struct play_sound **sounds;

    for (size_t i = 0; i < list->sound_count; i++) {
        if (same_sound(list->sounds[i], wanted)) {
            return list->sounds[i];
        }
    }
    sounds = realloc(list->sounds, (list->sound_count + 1) * sizeof(struct play_sound *));
    if (sounds == NULL) {
        return NULL;
    }
    list->sounds = sounds;
    sounds[list->sound_count] = sound_copy(wanted);
    return sounds[list->sound_count] != NULL ? sounds[list->sound_count++] : NULL;
}

int play_list_add(struct play_list *list, const char *path, const struct play_sound *sound)
{
    struct entry entry = {.path = strdup(path), .sound = keep_sound(list, sound)};

    if (list->count == list->capacity) {
        size_t capacity = list->capacity == 0 ? 64 : 2 * list->capacity;
        struct entry *entries = realloc(list->entries, capacity * sizeof *entries);

        if (entries != NULL) {
            list->entries = entries;
            list->capacity = capacity;
        }
    }
    if (entry.path == NULL || entry.sound == NULL || list->count == list->capacity) {
        free(entry.path);
        return -ENOMEM;
    }
    list->entries[list->count++] = entry;
    return 0;
}

/* --- for the player -----------------------------------------------------------------------------
 */

static struct player_track *track(void *context, uint32_t id)
{
    const struct play_list *list = context;
    const struct entry *entry;
    struct player_track *made;

    if (id == PLAYER_NO_TRACK || id > list->count) {
        return NULL;
    }
    entry = &list->entries[id - 1];
    made = player_track_create(id, entry->path);
    if (made == NULL) {
        return NULL;
    }
    made->amounts = entry->sound->amounts;
    made->match = entry->sound->match;
    made->rack = entry->sound->rack;
    for (size_t i = 0; i < entry->sound->count; i++) {
        if (player_track_add_reference(made, entry->sound->paths[i], entry->sound->weights[i]) <
            0) {
            player_track_destroy(made);
            return NULL;
        }
    }
    return made;
}

static uint32_t neighbour(void *context, uint32_t id, int step)
{
    const struct play_list *list = context;

    if (step < 0) {
        return id > 1 ? id - 1 : PLAYER_NO_TRACK;
    }
    return id < list->count ? id + 1 : PLAYER_NO_TRACK;
}

static uint32_t next(void *context, uint32_t id, bool *border)
{
    *border = false;
    return neighbour(context, id, 1);
}

static void failed(void *context, uint32_t id, bool failed)
{
    struct play_list *list = context;

    pthread_mutex_lock(&list->lock);
    list->entries[id - 1].failed = failed;
    pthread_mutex_unlock(&list->lock);
}

struct player_list play_list_for_player(struct play_list *list)
{
    return (struct player_list){
        .context = list, .track = track, .next = next, .neighbour = neighbour, .failed = failed};
}

uint32_t play_list_step(struct play_list *list, uint32_t id, int step)
{
    if (step > 0) {
        return neighbour(list, id, 1);
    }
    pthread_mutex_lock(&list->lock);
    id = id > 1 ? id - 1 : 1;
    while (id > 1 && list->entries[id - 1].failed) {
        id--; /* beginning with it would lead forward again, to where we are */
    }
    pthread_mutex_unlock(&list->lock);
    return id;
}
