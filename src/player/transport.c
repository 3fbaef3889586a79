/* transport.c - play, pause, seek, skip, stop: what was asked for, carried out in the player's
 * thread. */
#include "player/player_internal.h"

#include <time.h>

enum { STOP_WAIT_MS = 3000 };

/* --- output -------------------------------------------------------------------------------- */

static void set_state(struct player *player, enum player_state state)
{
    pthread_mutex_lock(&player->lock);
    player->state = state;
    pthread_mutex_unlock(&player->lock);
}

void transport_forget_stream(struct player *player)
{
    feeder_close_track(player);
    feeder_clear_marks(player);
    player->stream = NULL;
    pthread_mutex_lock(&player->lock);
    player->stream_id = 0;
    pthread_mutex_unlock(&player->lock);
}

void transport_close_device(struct player *player)
{
    output_close(player->output);
    pthread_mutex_lock(&player->lock);
    player->device_open = false;
    pthread_mutex_unlock(&player->lock);
}

void transport_stop_output(struct player *player)
{
    struct output_status status;
    uint64_t id = player->stream_id;
    uint64_t begin = player_now_ms();
    const struct timespec pause = {0, 2000000};

    if (player->stream == NULL) {
        return;
    }
    output_stop(player->output);
    do {
        nanosleep(&pause, NULL);
        output_read_status(player->output, &status);
    } while (status.finished_id != id && status.stream_id != 0 &&
             player_now_ms() - begin < STOP_WAIT_MS);
    transport_forget_stream(player);
}

int transport_open_device(struct player *player, uint32_t rate_hz)
{
    struct sink_format format;
    char message[SINK_MESSAGE_SIZE] = "";
    int result = output_open(player->output, player->settings.device, rate_hz, &format, message);

    if (result < 0) {
        if (!player->device_told) {
            log_write(player->log, LOG_ERROR, "%s", message);
        }
        transport_close_device(player);
        return result;
    }
    player->opened_ms = player_now_ms();
    player->wished_rate_hz = rate_hz;
    player->rate_hz = format.rate_hz;
    pthread_mutex_lock(&player->lock);
    player->device = format;
    player->device_open = true;
    pthread_mutex_unlock(&player->lock);
    return 0;
}

void transport_end(struct player *player, bool ended)
{
    transport_stop_output(player);
    feeder_close_track(player); /* it may have been opened and never begun */
    transport_close_device(player);
    pthread_mutex_lock(&player->lock);
    player->state = PLAYER_STOPPED;
    player->ended = ended;
    player->waits_for_device = false;
    pthread_mutex_unlock(&player->lock);
    player->device_told = false;
    player->failed_starts = 0;
}

/* Sees that the device is open for the open track, and the track decoded at the device's rate. */
static int fit_device(struct player *player)
{
    uint32_t rate_hz = decoder_info(player->decoder)->rate_hz;
    struct media_error error = {0};
    struct decoder *decoder = player->decoder;
    int result;

    if (!output_is_open(player->output) || player->wished_rate_hz != rate_hz) {
        player->decoder = NULL; /* stopping closes the track that plays, not this one */
        transport_stop_output(player);
        player->decoder = decoder;
        result = transport_open_device(player, rate_hz);
        if (result < 0) {
            return result;
        }
    }
    if (player->rate_hz == rate_hz) {
        return 0;
    }
    decoder_close(decoder);
    player->decoder = NULL;
    result = decoder_open(&player->decoder, player_entry(player, player->decode_entry)->path,
                          player->rate_hz, &error);
    if (result < 0) {
        player->decoder = NULL;
        log_write(player->log, LOG_ERROR, "%s", error.message);
    }
    return result;
}

static bool hand_over(struct player *player, bool fade_in)
{
    struct output_play play = {
        .stream = player->stream,
        .stream_id = player->stream_id,
        .lookahead_frames = player_lookahead(player->rate_hz, player->settings.output.block_frames),
        .fade_in_frames = fade_in ? player->rate_hz * PLAYER_FADE_MS / 1000 : 0,
    };

    play.rendition = seams_first(player);
    if (play.rendition == NULL) {
        stream_destroy(player->stream);
        return false;
    }
    seams_release(player);
    return output_play(player->output, &play) == 0;
}

void transport_begin(struct player *player, size_t index, int64_t frame)
{
    bool playing = player->stream != NULL;
    bool fade_in = frame > 0 || playing;
    struct match *match;
    uint32_t lookahead;

    feeder_close_track(player);
    player->continues = false;
    set_state(player, PLAYER_STARTING);
    if (!feeder_open_track(player, index)) {
        transport_end(player, true);
        return;
    }
    if (player->decode_entry != index) {
        frame = 0;
    }
    if (fit_device(player) < 0) {
        transport_end(player, false);
        return;
    }
    if (player->stream == NULL) { /* the device was opened anew: there is nothing to fade from */
        fade_in = frame > 0;
    }
    feeder_clear_marks(player);
    match =
        album_match(player, player->decode_entry, player->rate_hz); /* held until the mark does */
    player->stream = feeder_make_stream(player, match, frame, fade_in);
    if (player->stream == NULL) {
        log_write(player->log, LOG_ERROR, "not enough memory to play");
        match_release(match);
        transport_end(player, false);
        return;
    }
    pthread_mutex_lock(&player->lock);
    player->stream_id = ++player->next_id;
    player->ended = false;
    player->waits_for_device = false;
    pthread_mutex_unlock(&player->lock);
    feeder_add_mark(player, 0, frame);
    match_release(match);
    lookahead = player_lookahead(player->rate_hz, player->settings.output.block_frames);
    while (player->decoder != NULL && stream_written(player->stream) < 2 * (int64_t)lookahead &&
           feeder_decode(player)) {
    }
    output_set_ab(player->output, atomic_load(&player->original) ? 0.0 : 1.0);
    output_pause(player->output, player->paused); /* before it: not a block is heard then */
    if (!hand_over(player, fade_in)) {
        player->stream = NULL;
        transport_end(player, false);
        return;
    }
    set_state(player, player->paused ? PLAYER_PAUSED : PLAYER_PLAYING);
}

/* --- requests ------------------------------------------------------------------------------ */

const struct mark *transport_heard(const struct player *player, int64_t *frame)
{
    struct output_status status;
    const struct mark *mark = &player->marks[0];
    int64_t heard = 0;

    output_read_status(player->output, &status);
    if (status.stream_id == player->stream_id && status.heard > 0) {
        heard = status.heard;
    }
    for (size_t i = 1; i < player->mark_count && player->marks[i].position <= heard; i++) {
        mark = &player->marks[i];
    }
    *frame = heard - mark->position + mark->entry_frame;
    return mark;
}

static void seek(struct player *player, double seconds, bool relative)
{
    const struct mark *mark;
    int64_t frame, target;
    size_t entry;

    if (player->stream == NULL) {
        return;
    }
    mark = transport_heard(player, &frame);
    target = (int64_t)(seconds * player->rate_hz + (seconds < 0 ? -0.5 : 0.5));
    target += relative ? frame : 0;
    if (target < 0) {
        target = 0;
    }
    if (mark->frames >= 0 && target >= mark->frames) {
        if (!relative || mark->entry + 1 >= player_entry_count(player)) {
            target = mark->frames > 0 ? mark->frames - 1 : 0;
        } else { /* past the end: the next track */
            transport_begin(player, mark->entry + 1, 0);
            return;
        }
    }
    entry = mark->entry;
    transport_begin(player, entry, target);
}

static void skip(struct player *player, int tracks)
{
    int64_t frame;
    size_t entry;

    if (player->stream == NULL) {
        return;
    }
    entry = transport_heard(player, &frame)->entry;
    if (tracks > 0 && entry + (size_t)tracks >= player_entry_count(player)) {
        transport_end(player, true);
        return;
    }
    if (tracks > 0) {
        transport_begin(player, entry + (size_t)tracks, 0);
        return;
    }
    entry = (size_t)-tracks > entry ? 0 : entry - (size_t)-tracks;
    while (entry > 0 && player_entry(player, entry)->failed) {
        entry--; /* beginning with it would lead forward again, to where we are */
    }
    transport_begin(player, entry, 0);
}

static void set_paused(struct player *player, bool paused)
{
    player->paused = paused;
    player->paused_since_ms = player_now_ms();
    if (player->waits_for_device) { /* it will be heeded when the device is there */
        set_state(player, paused ? PLAYER_PAUSED : PLAYER_STARTING);
    }
    if (player->stream == NULL) {
        return;
    }
    if (!paused && !output_is_open(player->output) &&
        transport_open_device(player, player->wished_rate_hz) < 0) {
        player->paused = true;
        return;
    }
    output_pause(player->output, paused);
    set_state(player, paused ? PLAYER_PAUSED : PLAYER_PLAYING);
}

/* New amounts: the match of each track that is not settled, and of the one heard, is asked anew. */
static void set_amounts(struct player *player, const struct amounts *amounts)
{
    player->settings.amounts = *amounts;
    for (size_t i = player->resolved > 0 ? player->resolved - 1 : 0; i < player->mark_count; i++) {
        struct match *match = album_match(player, player->marks[i].entry, player->rate_hz);
        struct match *before = player->marks[i].match;

        pthread_mutex_lock(&player->lock);
        player->marks[i].match = match;
        pthread_mutex_unlock(&player->lock);
        match_release(before);
    }
    player->changed_by_hand = player->stream != NULL;
}

static void set_rack(struct player *player)
{
    pthread_mutex_lock(&player->lock);
    player->rack = player->wished_rack;
    pthread_mutex_unlock(&player->lock);
    player->changed_by_hand = player->stream != NULL;
}

void transport_obey(struct player *player, const struct request *request)
{
    switch (request->kind) {
    case REQUEST_PLAY:
        transport_begin(player, request->index, 0);
        break;
    case REQUEST_PAUSE:
        set_paused(player, request->flag);
        break;
    case REQUEST_SEEK:
        seek(player, request->seconds, request->flag);
        break;
    case REQUEST_SKIP:
        skip(player, request->tracks);
        break;
    case REQUEST_STOP:
        transport_end(player, false);
        break;
    case REQUEST_GAINS:
        if (player->stream != NULL) {
            seams_update_gains(player, PLAYER_FADE_MS);
        }
        break;
    case REQUEST_RACK:
        set_rack(player);
        break;
    case REQUEST_AMOUNTS:
        set_amounts(player, &request->amounts);
        break;
    default:
        break;
    }
}
