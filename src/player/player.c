/* player.c - what others ask of the player, and what they may know. */
#include "player/player_internal.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STACK_BYTES = 512 * 1024 };

uint64_t player_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void player_wake(void *context)
{
    struct player *player = context;

    pthread_mutex_lock(&player->lock);
    player->news = true;
    pthread_cond_signal(&player->wake);
    pthread_mutex_unlock(&player->lock);
}

bool player_has_request(struct player *player)
{
    bool any;

    pthread_mutex_lock(&player->lock);
    any = player->request_count > 0 || player->quit;
    pthread_mutex_unlock(&player->lock);
    return any;
}

/* --- making -------------------------------------------------------------------------------- */

static void free_entries(struct player *player)
{
    for (size_t i = 0; i < player_entry_count(player); i++) {
        free(player_entry(player, i)->path);
        tags_finish(&player_entry(player, i)->tags);
    }
    for (size_t i = 0; i < PLAYER_SHELVES; i++) {
        free(player->shelves[i]);
    }
    for (size_t i = 0; i < player->reference_set_count; i++) {
        for (size_t j = 0; j < player->reference_sets[i]->count; j++) {
            free((char *)(uintptr_t)player->reference_sets[i]->paths[j]);
        }
        free(player->reference_sets[i]);
    }
    free(player->reference_sets);
    free(player->marks);
}

static int start_thread(struct player *player)
{
    pthread_attr_t attributes;
    int result;

    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    result = pthread_create(&player->thread, &attributes, player_thread, player);
    pthread_attr_destroy(&attributes);
    if (result == 0) {
        pthread_setname_np(player->thread, "mp-player");
    }
    return -result;
}

struct player *player_create(const struct player_settings *settings, struct log *log)
{
    struct player *player = calloc(1, sizeof *player);
    struct matcher_settings matcher = {.cache = settings->cache,
                                       .precision = settings->precision,
                                       .kernels = settings->output.kernels,
                                       .log = log,
                                       .changed = player_wake,
                                       .context = player};
    pthread_condattr_t monotonic;
    int result;

    if (player == NULL) {
        return NULL;
    }
    player->settings = *settings;
    player->log = log;
    player->equal_loudness = settings->equal_loudness;
    atomic_init(&player->original, settings->begin_with_original);
    pthread_mutex_init(&player->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&player->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    rack_init_exact(&player->rack);
    player->output = output_create(&settings->output, log);
    player->matcher = player->output != NULL ? matcher_create(&matcher) : NULL;
    if (player->matcher == NULL) {
        result = -errno;
        goto fail;
    }
    seams_reset(player);
    result = start_thread(player);
    if (result == 0) {
        return player;
    }
fail:
    matcher_destroy(player->matcher);
    output_destroy(player->output);
    free(player);
    errno = -result;
    return NULL;
}

void player_destroy(struct player *player)
{
    if (player == NULL) {
        return;
    }
    pthread_mutex_lock(&player->lock);
    player->quit = true;
    pthread_cond_signal(&player->wake);
    pthread_mutex_unlock(&player->lock);
    pthread_join(player->thread, NULL);
    matcher_destroy(player->matcher);
    output_destroy(player->output);
    free_entries(player);
    pthread_cond_destroy(&player->wake);
    pthread_mutex_destroy(&player->lock);
    free(player);
}

/* --- the list ------------------------------------------------------------------------------ */

size_t player_entry_count(const struct player *player)
{
    return atomic_load(&player->entry_count);
}

/* The shelf that an entry stands on; *place: where. */
static size_t shelf_of(size_t index, size_t *place)
{
    size_t shelf = 0;
    size_t length = PLAYER_SHELF_FIRST;

    for (; index >= length; shelf++) {
        index -= length;
        length *= 2;
    }
    *place = index;
    return shelf;
}

struct entry *player_entry(const struct player *player, size_t index)
{
    size_t place;
    size_t shelf = shelf_of(index, &place);

    return &player->shelves[shelf][place];
}

/* Appends an entry. Holds the lock. 0 or -ENOMEM. */
static int append(struct player *player, const struct entry *entry)
{
    size_t count = player_entry_count(player);
    size_t place;
    size_t shelf = shelf_of(count, &place);

    if (shelf >= PLAYER_SHELVES) {
        return -ENOMEM;
    }
    if (player->shelves[shelf] == NULL) {
        player->shelves[shelf] = calloc((size_t)PLAYER_SHELF_FIRST << shelf, sizeof(struct entry));
    }
    if (player->shelves[shelf] == NULL) {
        return -ENOMEM;
    }
    player->shelves[shelf][place] = *entry;
    atomic_store(&player->entry_count, count + 1);
    return 0;
}

static bool same_references(const struct player_references *one,
                            const struct player_references *other)
{
    if (one->count != other->count) {
        return false;
    }
    for (size_t i = 0; i < one->count; i++) {
        if (one->weights[i] != other->weights[i] || strcmp(one->paths[i], other->paths[i]) != 0) {
            return false;
        }
    }
    return true;
}

/* The player's own copy of a set, shared by all tracks that have it. Holds the lock. */
static const struct player_references *keep_references(struct player *player,
                                                       const struct player_references *wanted)
{
    size_t count = player->reference_set_count;
    struct player_references **sets;
    struct player_references *copy;

    for (size_t i = 0; i < count; i++) {
        if (same_references(player->reference_sets[i], wanted)) {
            return player->reference_sets[i];
        }
    }
    sets = realloc(player->reference_sets, (count + 1) * sizeof(struct player_references *));
    if (sets == NULL) {
        return NULL;
    }
    player->reference_sets = sets;
    copy = calloc(1, sizeof *copy);
    if (copy == NULL) {
        return NULL;
    }
    for (; copy->count < wanted->count; copy->count++) {
        copy->paths[copy->count] = strdup(wanted->paths[copy->count]);
        copy->weights[copy->count] = wanted->weights[copy->count];
    }
    sets[count] = copy;
    player->reference_set_count = count + 1;
    return copy;
}

int player_add(struct player *player, const char *path, const struct player_references *references)
{
    struct entry entry = {.path = strdup(path)};
    int result;

    if (entry.path == NULL) {
        return -ENOMEM;
    }
    pthread_mutex_lock(&player->lock);
    if (references != NULL && references->count > 0) {
        entry.references = keep_references(player, references);
    }
    result = append(player, &entry);
    pthread_mutex_unlock(&player->lock);
    if (result < 0) {
        free(entry.path);
    }
    return result;
}

/* --- requests ------------------------------------------------------------------------------ */

static void ask(struct player *player, const struct request *request)
{
    pthread_mutex_lock(&player->lock);
    if (player->request_count < PLAYER_REQUESTS_MAX) { /* more than a person can type ahead */
        size_t last = (player->request_first + player->request_count - 1) % PLAYER_REQUESTS_MAX;
        struct request *before = player->request_count > 0 ? &player->requests[last] : NULL;

        if (before != NULL && request->kind == REQUEST_SEEK && before->kind == REQUEST_SEEK &&
            request->flag && before->flag) {
            before->seconds += request->seconds; /* a key that is held down */
        } else {
            player
                ->requests[(player->request_first + player->request_count) % PLAYER_REQUESTS_MAX] =
                *request;
            player->request_count++;
            if (request->kind == REQUEST_PLAY) { /* who asks next must not find it stopped */
                player->state = PLAYER_STARTING;
            }
        }
    }
    pthread_cond_signal(&player->wake);
    pthread_mutex_unlock(&player->lock);
}

void player_play(struct player *player, size_t index)
{
    ask(player, &(struct request){.kind = REQUEST_PLAY, .index = index});
}

void player_set_paused(struct player *player, bool paused)
{
    ask(player, &(struct request){.kind = REQUEST_PAUSE, .flag = paused});
}

void player_seek(struct player *player, double seconds, bool relative)
{
    ask(player, &(struct request){.kind = REQUEST_SEEK, .seconds = seconds, .flag = relative});
}

void player_skip(struct player *player, int tracks)
{
    ask(player, &(struct request){.kind = REQUEST_SKIP, .tracks = tracks});
}

void player_stop(struct player *player)
{
    ask(player, &(struct request){.kind = REQUEST_STOP});
}

void player_set_original(struct player *player, bool original)
{
    atomic_store(&player->original, original);
    output_set_ab(player->output, original ? 0.0 : 1.0); /* at once, whatever else is going on */
}

void player_set_equal_loudness(struct player *player, bool equal)
{
    pthread_mutex_lock(&player->lock);
    player->equal_loudness = equal;
    pthread_mutex_unlock(&player->lock);
    ask(player, &(struct request){.kind = REQUEST_GAINS});
}

void player_set_amounts(struct player *player, const struct amounts *amounts)
{
    ask(player, &(struct request){.kind = REQUEST_AMOUNTS, .amounts = *amounts});
}

void player_set_rack(struct player *player, const struct rack *rack)
{
    pthread_mutex_lock(&player->lock);
    player->wished_rack = *rack;
    pthread_mutex_unlock(&player->lock);
    ask(player, &(struct request){.kind = REQUEST_RACK});
}

/* --- status -------------------------------------------------------------------------------- */

static enum player_match match_status(struct match *match)
{
    if (match == NULL || match_state(match) == MATCH_NONE) {
        return PLAYER_MATCH_NONE;
    }
    return match_state(match) == MATCH_WAITING ? PLAYER_MATCH_WAITING : PLAYER_MATCH_READY;
}

/* What is known of the track that is heard. Holds the lock. */
static void read_track(struct player *player, struct player_status *status)
{
    const struct mark *mark = &player->marks[0];
    int64_t heard = 0;
    const struct entry *entry;

    if (status->output.stream_id == player->stream_id && status->output.heard > 0) {
        heard = status->output.heard;
    }
    for (size_t i = 1; i < player->mark_count && player->marks[i].position <= heard; i++) {
        mark = &player->marks[i];
    }
    entry = player_entry(player, mark->entry);
    status->index = mark->entry;
    snprintf(status->path, sizeof status->path, "%s", entry->path);
    snprintf(status->title, sizeof status->title, "%s", tags_first(&entry->tags, TAG_TITLE));
    status->source = mark->info;
    status->elapsed_s = (double)(heard - mark->position + mark->entry_frame) / mark->info.rate_hz;
    status->duration_s = mark->frames > 0 ? (double)mark->frames / mark->info.rate_hz : 0.0;
    status->match = match_status(mark->match);
    if (status->match == PLAYER_MATCH_READY) {
        status->match_gain_db = 20.0 * log10(match_plan(mark->match)->gain);
    }
    if (entry->references != NULL && entry->references->count > 0) {
        snprintf(status->reference, sizeof status->reference, "%s", entry->references->paths[0]);
    }
}

void player_read_status(struct player *player, struct player_status *status)
{
    memset(status, 0, sizeof *status);
    output_read_status(player->output, &status->output);
    pthread_mutex_lock(&player->lock);
    status->state = player->state;
    status->ended = player->ended;
    status->count = player_entry_count(player);
    status->device = player->device;
    status->device_open = player->device_open;
    status->original = atomic_load(&player->original);
    status->equal_loudness = player->equal_loudness;
    status->gains_estimated = player->gains_estimated;
    status->gain_a_db = player->gain_a_db;
    status->gain_b_db = player->gain_b_db;
    status->played = player->played;
    status->failed = player->failed;
    status->chain_latency_frames = player->chain_latency;
    if (player->mark_count > 0) {
        read_track(player, status);
    } else if (player->waits_for_device) {
        const struct entry *entry = player_entry(player, player->resume_entry);

        status->index = player->resume_entry;
        status->elapsed_s = player->resume_s;
        snprintf(status->path, sizeof status->path, "%s", entry->path);
        snprintf(status->title, sizeof status->title, "%s", tags_first(&entry->tags, TAG_TITLE));
    }
    pthread_mutex_unlock(&player->lock);
}

void player_tap_enable(struct player *player, bool enabled)
{
    output_tap_enable(player->output, enabled);
}

uint32_t player_tap_read(struct player *player, float *const channel[2])
{
    struct output_tap tap;

    if (!output_tap_read(player->output, &tap)) {
        return 0;
    }
    memcpy(channel[0], tap.after[0], tap.frames * sizeof(float));
    memcpy(channel[1], tap.after[1], tap.frames * sizeof(float));
    return tap.frames;
}

struct output *player_output(struct player *player)
{
    return player->output;
}
