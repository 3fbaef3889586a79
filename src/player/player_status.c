/* player_status.c - what others may know of the player, and when they are told. */
#include "player/audition.h"
#include "player/player_internal.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static enum player_match match_status(struct match *match)
{
    if (match == NULL || match_state(match) == MATCH_NONE) {
        return PLAYER_MATCH_NONE;
    }
    return match_state(match) == MATCH_WAITING ? PLAYER_MATCH_WAITING : PLAYER_MATCH_READY;
}

static int64_t heard_position(const struct player *player, const struct output_status *output)
{
    return output->stream_id == player->stream_id && output->heard > 0 ? output->heard : 0;
}

size_t player_heard_mark(const struct player *player, const struct output_status *output)
{
    int64_t heard = heard_position(player, output);
    size_t mark = 0;

    while (mark + 1 < player->mark_count && player->marks[mark + 1].position <= heard) {
        mark++;
    }
    return mark;
}

/* --- the status ------------------------------------------------------------------------------- */

static void show_track(const struct player_track *track, struct player_status *status)
{
    snprintf(status->path, sizeof status->path, "%s", track->path);
    snprintf(status->title, sizeof status->title, "%s", track->title != NULL ? track->title : "");
    if (track->reference_count > 0) {
        snprintf(status->reference, sizeof status->reference, "%s", track->references[0]);
    }
}

static void show_words(const struct player *player, int64_t heard, struct player_status *status)
{
    const struct radio_words *words = radio_heard(&player->radio, heard);

    if (words != NULL) {
        snprintf(status->title, sizeof status->title, "%s", words->title);
        snprintf(status->station, sizeof status->station, "%s", words->name);
    }
}

/* What is known of the track that is heard. Holds the lock. */
static void read_track(const struct player *player, struct player_status *status)
{
    size_t index = player_heard_mark(player, &status->output);
    const struct mark *mark = &player->marks[index];
    int64_t heard = heard_position(player, &status->output);

    status->id = mark->track->id;
    status->begin_position = mark->position;
    show_track(mark->track, status);
    if (mark->info.remote) {
        status->latency_bound = latency_bound(player->settings.max_latency, player->rate_hz);
        show_words(player, heard, status);
    }
    status->source = mark->info;
    status->bit_rate = mark->bit_rate;
    status->elapsed_s = (double)(heard - mark->position + mark->entry_frame) / mark->info.rate_hz;
    status->duration_s = mark->frames > 0 ? (double)mark->frames / mark->info.rate_hz : 0.0;
    status->match = match_status(mark->sides.b);
    status->match_a = match_status(mark->sides.a);
    status->alike =
        sides_are_alike(mark->sides) || player->quality == QUALITY_ORIGINAL; /* for both */
    status->running = mark->info.remote && live_match_is_wanted(player, mark->track);
    if (mark->info.remote && live_match_is_wanted(player, mark->track->a) &&
        mark->sides.a == NULL) {
        status->match_a = PLAYER_MATCH_WAITING;
    }
    if (status->running) {
        status->running_s = player->live.seconds;
        status->match = mark->sides.b == NULL ? PLAYER_MATCH_WAITING : status->match;
    }
    if (status->match == PLAYER_MATCH_READY) {
        status->match_gain_db = 20.0 * log10(match_plan(mark->sides.b)->gain);
    }
    if (index + 1 < player->mark_count) {
        status->next = player->marks[index + 1].track->id;
    } else if (player->continues) {
        status->next = player->continue_at;
    } else {
        status->next = player->following;
    }
}

/* Elsewhere, with nothing known of it yet. */
static void show_place(struct player_status *status, uint32_t id, double seconds)
{
    if (status->id != id) {
        status->path[0] = status->title[0] = status->station[0] = status->reference[0] = '\0';
        status->source = (struct media_info){.rate_hz = 0};
        status->match = status->match_a = PLAYER_MATCH_NONE;
        status->alike = true;
        status->duration_s = 0.0;
        status->next = PLAYER_NO_TRACK;
    }
    status->id = id;
    status->elapsed_s = seconds;
}

/* As if it had been done. *paused: what holds for what is played. */
static void foresee(const struct request *request, struct player_status *status, bool *paused)
{
    switch (request->kind) {
    case REQUEST_PLAY:
        show_place(status, request->id, request->seconds);
        status->state = request->id == PLAYER_NO_TRACK ? PLAYER_STOPPED
                        : *paused                      ? PLAYER_PAUSED
                                                       : PLAYER_STARTING;
        status->ended = false;
        break;
    case REQUEST_CUE:
        show_place(status, request->id, request->seconds);
        status->state = PLAYER_PAUSED;
        status->ended = false;
        *paused = true;
        break;
    case REQUEST_PAUSE:
        *paused = request->flag;
        if (status->state != PLAYER_STOPPED && *paused) {
            status->state = PLAYER_PAUSED;
        } else if (status->state == PLAYER_PAUSED) {
            status->state = status->device_open ? PLAYER_PLAYING : PLAYER_STARTING;
        }
        break;
    case REQUEST_SEEK:
        if (status->id != PLAYER_NO_TRACK) {
            status->elapsed_s =
                fmax(0.0, request->flag ? status->elapsed_s + request->seconds : request->seconds);
        }
        break;
    case REQUEST_STOP:
        show_place(status, PLAYER_NO_TRACK, 0.0);
        status->state = PLAYER_STOPPED;
        status->ended = false;
        break;
    default:
        break;
    }
}

/* What was asked for and is not done. Holds the lock. */
static void foresee_all(const struct player *player, struct player_status *status)
{
    bool paused = player->paused;

    if (player->has_in_hand) {
        foresee(&player->in_hand, status, &paused);
    }
    for (size_t i = 0; i < player->request_count; i++) {
        foresee(&player->requests[i], status, &paused);
    }
}

void player_read_status(struct player *player, struct player_status *status)
{
    memset(status, 0, sizeof *status);
    output_read_status(player->output, &status->output);
    pthread_mutex_lock(&player->lock);
    status->state = player->state;
    status->ended = player->ended;
    status->device = player->device;
    status->device_open = player->device_open;
    status->device_off = atomic_load(&player->device_off);
    status->waits_for_device = player->waits_for_device;
    status->blind = player_is_blind(player);
    status->original = !status->blind && atomic_load(&player->original);
    status->output.b_weight = status->blind ? 0.5 : status->output.b_weight;
    status->volume = atomic_load(&player->volume);
    status->equal_loudness = player->equal_loudness;
    status->gains_estimated = player->gains_estimated;
    status->gain_a_db = player->gain_a_db;
    status->gain_b_db = player->gain_b_db;
    status->played = player->played;
    status->failed = player->failed;
    status->played_s = player->played_s;
    status->latency = player->latency;
    status->economy = player->economy;
    latency_place(&status->latency, status->output.queued_frames, status->output.beyond_frames);
    decoding_read_disk(player->decoding, &status->disk);
    status->quality = player->quality;
    status->quality_wish = (enum quality_level)atomic_load(&player->quality_wish);
    memcpy(status->error, player->error, sizeof status->error);
    if (player->mark_count > 0) {
        read_track(player, status);
    } else if (player->waits_for_device || player->cued) {
        status->id = player->resume_id;
        status->elapsed_s = player->resume_s;
        if (player->resume != NULL) {
            show_track(player->resume, status);
        }
    }
    audition_show(player, status);
    foresee_all(player, status);
    pthread_mutex_unlock(&player->lock);
}

/* --- telling ---------------------------------------------------------------------------------- */

__attribute__((format(printf, 2, 0))) static void write_line(char line[PLAYER_ERROR_SIZE],
                                                             const char *format, va_list arguments)
{
    vsnprintf(line, PLAYER_ERROR_SIZE, format, arguments);
}

void player_tell(struct player *player, enum log_level level, const char *format, ...)
{
    char line[PLAYER_ERROR_SIZE];
    va_list arguments;

    va_start(arguments, format);
    write_line(line, format, arguments);
    va_end(arguments);
    log_write(player->log, level, "%s", line);
    pthread_mutex_lock(&player->lock);
    memcpy(player->error, line, sizeof line);
    player->errors++;
    pthread_mutex_unlock(&player->lock);
}

/* What went wrong before the track that has now ended began is of no interest any more. */
static void forget_old_error(struct player *player)
{
    pthread_mutex_lock(&player->lock);
    if (player->errors == player->errors_when_heard) {
        player->error[0] = '\0';
    }
    player->errors_when_heard = player->errors;
    pthread_mutex_unlock(&player->lock);
}

static int64_t words_begin(const struct player *player, const struct mark *mark,
                           const struct output_status *output)
{
    const struct radio_words *words =
        mark->info.remote ? radio_heard(&player->radio, heard_position(player, output)) : NULL;

    return words != NULL ? words->position : -1;
}

void player_tell_changes(struct player *player, const struct output_status *output)
{
    struct told now = {.state = player->state, .quality = player->quality};
    struct player_list list;

    if (player->mark_count > 0) {
        const struct mark *mark = &player->marks[player_heard_mark(player, output)];

        now.id = mark->track->id;
        now.begin = mark->position;
        now.match = match_status(mark->sides.b);
        now.words = words_begin(player, mark, output);
        if (mark->track->id == PLAYER_AUDITION) {
            now.gain_c_db = player->audition.gain_db;
            now.estimated_c = player->audition.estimated;
        }
        now.rehearsed = mark->sides.b != NULL && match_state(mark->sides.b) == MATCH_REHEARSED;
        now.match_a = match_status(mark->sides.a);
        now.rehearsed_a = mark->sides.a != NULL && match_state(mark->sides.a) == MATCH_REHEARSED;
    } else if (player->waits_for_device || player->cued) {
        now.id = player->resume_id;
    }
    if (now.id != player->told.id) {
        forget_old_error(player);
    }
    now.errors = player->errors;
    if (now.id == player->told.id && now.begin == player->told.begin &&
        now.state == player->told.state && now.match == player->told.match &&
        now.rehearsed == player->told.rehearsed && now.match_a == player->told.match_a &&
        now.rehearsed_a == player->told.rehearsed_a && now.words == player->told.words &&
        now.estimated_c == player->told.estimated_c &&
        fabs(now.gain_c_db - player->told.gain_c_db) < 0.005 && now.errors == player->told.errors &&
        now.quality == player->told.quality) {
        return;
    }
    player->told = now;
    pthread_mutex_lock(&player->lock); /* the list may be set while this thread already runs */
    list = player->list;
    pthread_mutex_unlock(&player->lock);
    if (list.changed != NULL) {
        list.changed(list.context);
    }
}

static struct match *hold_side(struct sides sides, bool a)
{
    struct match *match = a ? sides.a : sides.b;

    return match != NULL ? match_hold(match) : NULL;
}

static struct match *hold_match(struct player *player, uint32_t id, bool a)
{
    struct match *match = NULL;

    pthread_mutex_lock(&player->lock);
    for (size_t i = 0; i < player->mark_count && match == NULL; i++) {
        if (player->marks[i].track->id == id) {
            match = hold_side(player->marks[i].sides, a);
        }
    }
    for (size_t i = 0; i < PLAYER_AHEAD_MATCHES && match == NULL; i++) {
        if (player->ahead_ids[i] == id) {
            match = hold_side(player->ahead[i], a);
        }
    }
    pthread_mutex_unlock(&player->lock);
    return match;
}

struct match *player_hold_match(struct player *player, uint32_t id)
{
    return hold_match(player, id, false);
}

struct match *player_hold_match_of_a(struct player *player, uint32_t id)
{
    return hold_match(player, id, true);
}
