/* state.c - what the player is doing, as it told last. */
#include "tui/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void player_state_init(struct player_state *state)
{
    memset(state, 0, sizeof *state);
    state->position = state->id = -1;
    state->volume = -1;
    state->level = state->eq = state->width = 100;
    snprintf(state->slot_a, sizeof state->slot_a, "original");
    snprintf(state->slot_b, sizeof state->slot_b, "matched");
    snprintf(state->plan_a, sizeof state->plan_a, "ready");
    state->limiter = true;
}

static void drop_references(struct player_state *state)
{
    for (size_t i = 0; i < state->reference_count; i++) {
        free(state->references[i].uri);
    }
    free(state->references);
    state->references = NULL;
    state->reference_count = 0;
}

void player_state_finish(struct player_state *state)
{
    row_finish(&state->song);
    drop_references(state);
}

static const char *text_of(const struct answer *answer, const char *name, const char *standard)
{
    const char *value = answer_get(answer, 0, name);

    return value != NULL ? value : standard;
}

static long number_of(const struct answer *answer, const char *name, long standard)
{
    const char *value = answer_get(answer, 0, name);

    return value != NULL ? strtol(value, NULL, 10) : standard;
}

static double real_of(const struct answer *answer, const char *name, double standard)
{
    const char *value = answer_get(answer, 0, name);

    return value != NULL ? strtod(value, NULL) : standard;
}

void player_state_take_status(struct player_state *state, const struct answer *answer)
{
    const char *playing = text_of(answer, "state", "stop");

    if (!answer->ok) {
        return;
    }
    state->playing = strcmp(playing, "play") == 0    ? STATE_PLAYING
                     : strcmp(playing, "pause") == 0 ? STATE_PAUSED
                                                     : STATE_STOPPED;
    state->position = number_of(answer, "song", -1);
    state->id = number_of(answer, "songid", -1);
    state->elapsed_s = real_of(answer, "elapsed", 0.0);
    state->duration_s = real_of(answer, "duration", 0.0);
    state->told_ms = now_ms();
    state->volume = (int)number_of(answer, "volume", -1);
    state->random = number_of(answer, "random", 0) != 0;
    state->repeat = number_of(answer, "repeat", 0) != 0;
    state->consume = strcmp(text_of(answer, "consume", "0"), "0") != 0;
    snprintf(state->single, sizeof state->single, "%s", text_of(answer, "single", "0"));
    state->queue_length = (size_t)number_of(answer, "playlistlength", 0);
    state->queue_version = (unsigned long)number_of(answer, "playlist", 0);
    state->updating = answer_get(answer, 0, "updating_db") != NULL;
    snprintf(state->error, sizeof state->error, "%s", text_of(answer, "error", ""));
}

void player_state_take_song(struct player_state *state, const struct answer *answer)
{
    if (answer->ok) {
        row_finish(&state->song);
        if (answer->count > 0) {
            row_read(&state->song, answer, 0);
        }
    }
}

static void copy(char *to, size_t size, const char *text)
{
    snprintf(to, size, "%s", text);
}

static void add_reference(struct player_state *state, const char *uri)
{
    struct state_reference *grown =
        realloc(state->references, (state->reference_count + 1) * sizeof *grown);

    if (grown == NULL) {
        return;
    }
    state->references = grown;
    grown[state->reference_count] = (struct state_reference){strdup(uri), 1.0};
    state->reference_count += grown[state->reference_count].uri != NULL;
}

static void take_references(struct player_state *state, const struct answer *answer)
{
    drop_references(state);
    for (size_t i = 0; i < answer->count; i++) {
        if (strcmp(answer->pairs[i].name, "reference") == 0) {
            add_reference(state, answer->pairs[i].value);
        } else if (strcmp(answer->pairs[i].name, "weight") == 0 && state->reference_count > 0) {
            state->references[state->reference_count - 1].weight =
                strtod(answer->pairs[i].value, NULL);
        }
    }
}

const char *player_state_reference(const struct player_state *state)
{
    return state->reference_count > 0 ? state->references[0].uri : "";
}

void player_state_take_match(struct player_state *state, const struct answer *answer)
{
    const char *ab = text_of(answer, "ab", "hidden");

    if (!answer->ok) {
        return;
    }
    state->ab_hidden = strcmp(ab, "hidden") == 0;
    state->matched = strcmp(ab, "matched") == 0;
    state->hears_reference = strcmp(text_of(answer, "hearing", "track"), "reference") == 0;
    state->equal_loudness = strcmp(text_of(answer, "loudness", "true"), "equal") == 0;
    state->gains_estimated = strcmp(text_of(answer, "gains", "measured"), "estimated") == 0;
    state->gain_db = real_of(answer,
                             state->hears_reference ? "gain_reference"
                             : state->matched       ? "gain_matched"
                                                    : "gain_original",
                             0.0);
    state->quieter_db = real_of(answer, "reference_quieter", 0.0);
    copy(state->slot_a, sizeof state->slot_a, text_of(answer, "slot_a", "original"));
    copy(state->slot_b, sizeof state->slot_b, text_of(answer, "slot_b", "matched"));
    copy(state->plan, sizeof state->plan, text_of(answer, "plan", "none"));
    copy(state->plan_a, sizeof state->plan_a, text_of(answer, "plan_a", "ready"));
    state->running_s = (int)number_of(answer, "running_s", 0);
    copy(state->does, sizeof state->does, text_of(answer, "does", ""));
    copy(state->failure, sizeof state->failure, text_of(answer, "failure", ""));
    take_references(state, answer);
    copy(state->reference_from, sizeof state->reference_from,
         text_of(answer, "reference_from", ""));
    copy(state->origin, sizeof state->origin, text_of(answer, "playlist", ""));
    copy(state->preset, sizeof state->preset, text_of(answer, "preset", ""));
    copy(state->path, sizeof state->path, text_of(answer, "path", ""));
    copy(state->quality, sizeof state->quality, text_of(answer, "quality", ""));
    state->reference_gone = number_of(answer, "reference_gone", 0) != 0;
    state->level = (int)number_of(answer, "level", 100);
    state->eq = (int)number_of(answer, "eq", 100);
    state->width = (int)number_of(answer, "width", 100);
    state->limiter = number_of(answer, "limiter", 1) != 0;
    state->chain_edited = number_of(answer, "chain_edited", 0) != 0;
    copy(state->preset_from, sizeof state->preset_from, text_of(answer, "preset_from", "settings"));
    for (size_t i = 0; i < STATE_AMOUNTS; i++) {
        static const char *const names[] = {"level_from", "eq_from", "width_from", "limiter_from"};

        copy(state->amount_from[i], sizeof state->amount_from[i],
             text_of(answer, names[i], "settings"));
    }
}

void player_state_write_slot(char *text, size_t size, const char *slot)
{
    static const char preset[] = "preset ", reference[] = "reference ";
    const char *slash = strrchr(slot, '/');

    if (strncmp(slot, preset, sizeof preset - 1) == 0) {
        snprintf(text, size, "%s", slot + sizeof preset - 1);
    } else if (strncmp(slot, reference, sizeof reference - 1) == 0) {
        snprintf(text, size, "like %s", slash != NULL ? slash + 1 : slot + sizeof reference - 1);
    } else {
        snprintf(text, size, "%s", slot);
    }
}

double player_state_elapsed(const struct player_state *state, uint64_t now)
{
    double elapsed = state->elapsed_s;

    if (state->playing == STATE_PLAYING && state->joined && !state->hears_reference &&
        now > state->told_ms) {
        elapsed += (double)(now - state->told_ms) / 1000.0;
    }
    return state->duration_s > 0.0 && elapsed > state->duration_s ? state->duration_s : elapsed;
}
