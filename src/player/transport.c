/* transport.c - play, pause, seek, cue, stop: what was asked for, carried out in the player's
 * thread.
 */
#include "player/audition.h"
#include "player/player_internal.h"

#include <errno.h>
#include <math.h>
#include <time.h>

enum { STOP_WAIT_MS = 3000, REMOTE_FIRST_MS = 1000, REMOTE_WAIT_MS = 3000 };

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
    marks_clear(player);
    player->stream = NULL;
    pthread_mutex_lock(&player->lock);
    player->stream_id = 0;
    player->economy = (struct economy){.float32 = false};
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

void transport_set_resume(struct player *player, uint32_t id, double seconds,
                          struct player_track *track)
{
    struct player_track *before;

    pthread_mutex_lock(&player->lock);
    before = player->resume;
    player->resume = track;
    player->resume_id = id;
    player->resume_s = seconds > 0.0 ? seconds : 0.0;
    pthread_mutex_unlock(&player->lock);
    player_track_destroy(before);
}

/* All that plays or waits to is over. */
static void stop_all(struct player *player)
{
    transport_stop_output(player);
    feeder_close_track(player); /* it may have been opened and never begun */
    player_device_close(player);
    player->device_told = player->absent_told = false;
    player->refusal[0] = '\0';
    player->failed_starts = player->refusals = 0;
}

void transport_end(struct player *player, bool ended)
{
    stop_all(player);
    recovery_forgive(&player->recovery);
    pthread_mutex_lock(&player->lock);
    player->state = PLAYER_STOPPED;
    player->ended = ended;
    player->waits_for_device = player->cued = false;
    pthread_mutex_unlock(&player->lock);
}

void transport_wait_for_device(struct player *player, uint32_t id, double seconds)
{
    struct player_track *track = player->opened; /* it is open at least: keeps what is known */

    player->opened = NULL;
    feeder_close_track(player);
    if (!player->device_told && !player_is_called_off(player)) {
        player_tell(player, LOG_WARNING, "%s: its driver does not answer; the music waits for it",
                    player->settings.device);
        recovery_note(&player->recovery, RECOVERY_DEVICE, 0,
                      "%s does not answer while it is opened: the music waits for it",
                      player->settings.device);
        player->device_told = true;
        player->absent_told = false;
    }
    transport_set_resume(player, id, seconds, track);
    pthread_mutex_lock(&player->lock);
    player->waits_for_device = true;
    player->ended = player->cued = false;
    player->state = player->paused ? PLAYER_PAUSED : PLAYER_STARTING;
    pthread_mutex_unlock(&player->lock);
}

void transport_note_paused(struct player *player, bool paused)
{
    pthread_mutex_lock(&player->lock);
    player->paused = paused;
    pthread_mutex_unlock(&player->lock);
    player->paused_since_ms = player_now_ms();
}

void transport_cue(struct player *player, uint32_t id, double seconds)
{
    struct player_track *track = tracks_fetch(player, id);

    stop_all(player);
    if (track != NULL) {
        tracks_know(player, track);
    }
    transport_set_resume(player, id, seconds, track);
    transport_note_paused(player, true);
    pthread_mutex_lock(&player->lock);
    player->state = PLAYER_PAUSED;
    player->ended = player->waits_for_device = false;
    player->cued = true;
    pthread_mutex_unlock(&player->lock);
}

/* Sees that the device is open for the open track, and the track decoded at the device's rate. */
static int fit_device(struct player *player)
{
    uint32_t rate_hz = decoder_info(player->decoder)->rate_hz;
    struct media_error error = {0};
    struct decoder *decoder = player->decoder;
    struct player_track *opened = player->opened;
    int result;

    if (!output_is_open(player->output) || player->wished_rate_hz != rate_hz ||
        atomic_load(&player->device_off)) {
        player->decoder = NULL; /* stopping closes the track that plays, not this one */
        player->opened = NULL;
        transport_stop_output(player);
        player->decoder = decoder;
        player->opened = opened;
        result = player_device_open(player, rate_hz, PLAYER_OPEN_WAIT_MS);
        if (result < 0) {
            return result;
        }
    }
    if (player->rate_hz == rate_hz) {
        return 0;
    }
    decoder_close(decoder);
    player->decoder = NULL;
    result = decoder_open(&player->decoder, player->opened->path, player->rate_hz, &error);
    if (result < 0) {
        player->decoder = NULL;
        player_tell(player, LOG_ERROR, "%s", error.message);
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
    seams_release(player, stream_shape(player->stream)->from);
    return output_play(player->output, &play) == 0;
}

/* The frame of the open track that a time lies in; within it, as far as its length is known. */
static int64_t frame_at(const struct player *player, double seconds)
{
    int64_t frames = decoder_info(player->decoder)->frames;
    double frame = seconds > 0.0 ? floor(seconds * player->rate_hz + 0.5) : 0.0;

    if (decoder_info(player->decoder)->live) {
        return 0;
    }
    if (frames >= 0 && frame >= (double)frames) {
        return frames > 0 ? frames - 1 : 0;
    }
    return frame < (double)(INT64_MAX / 4) ? (int64_t)frame : 0;
}

/* So much is decoded before it begins: of what comes over the network a second, unless that takes
   three. */
static void decode_first(struct player *player, uint32_t lookahead)
{
    bool remote = decoder_info(player->decoder)->remote;
    int64_t least = 2 * (int64_t)lookahead;
    int64_t wished = remote ? least + (int64_t)player->rate_hz * REMOTE_FIRST_MS / 1000 : least;
    uint64_t begin = player_now_ms();

    while (player->decoder != NULL && stream_written(player->stream) < wished &&
           (feeder_decode(player) || remote) && !(remote && player_is_replaced(player))) {
        wished = player_now_ms() - begin > REMOTE_WAIT_MS ? least : wished;
    }
}

/* The stream of the open track from `frame` on, decoded as far as is needed to begin. */
static bool make_stream(struct player *player, int64_t frame, bool fade_in)
{
    struct sides sides = album_match(player, player->opened, player->rate_hz, 0);
    uint32_t lookahead = player_lookahead(player->rate_hz, player->settings.output.block_frames);

    marks_clear(player);
    player->stream = feeder_make_stream(player, &sides, frame, fade_in);
    if (player->stream == NULL) {
        player_tell(player, LOG_ERROR, "not enough memory to play");
        sides_release(sides);
        return false;
    }
    pthread_mutex_lock(&player->lock);
    player->stream_id = ++player->next_id;
    player->ended = player->waits_for_device = player->cued = false;
    pthread_mutex_unlock(&player->lock);
    marks_add(player, 0, frame);
    sides_release(sides); /* the mark holds them */
    pthread_mutex_lock(&player->lock);
    player->has_in_hand = false; /* from here on the status shows what is, not what was asked for */
    pthread_mutex_unlock(&player->lock);
    decode_first(player, lookahead);
    return true;
}

void transport_begin(struct player *player, uint32_t id, double seconds)
{
    bool fade_in, border = false;
    unsigned errors = player->errors;
    int64_t frame;
    int result;

    feeder_close_track(player);
    set_state(player, player->paused ? PLAYER_PAUSED : PLAYER_STARTING);
    if (!feeder_open_track(player, id, &border)) {
        if (!player_is_replaced(player)) { /* else what is asked for comes next */
            transport_end(player, true);
        }
        return;
    }
    result = fit_device(player);
    if (result == -EINPROGRESS) {
        transport_wait_for_device(player, player->decode_id,
                                  player->decode_id == id ? seconds : 0.0);
        return;
    }
    if (result < 0) {
        if (atomic_load(&player->device_off)) {
            transport_cue(player, player->decode_id, player->decode_id == id ? seconds : 0.0);
        } else {
            transport_end(player, false);
        }
        return;
    }
    frame = player->decode_id == id ? frame_at(player, seconds) : 0;
    fade_in =
        frame > 0 || player->stream != NULL; /* a device opened anew has nothing to fade from */
    if (!make_stream(player, frame, fade_in)) {
        transport_end(player, false);
        return;
    }
    output_set_ab(player->output, atomic_load(&player->original) ? 0.0 : 1.0);
    output_pause(player->output, player->paused); /* before it: not a block is heard then */
    if (!hand_over(player, fade_in)) {
        player->stream = NULL;
        transport_end(player, false);
        return;
    }
    if (player->errors == errors) {
        player_clear_error(player);
    }
    player->paused_since_ms = player_now_ms();
    set_state(player, player->paused ? PLAYER_PAUSED : PLAYER_PLAYING);
}

/* --- requests ------------------------------------------------------------------------------ */

const struct mark *transport_heard(const struct player *player, int64_t *frame)
{
    struct output_status status;
    const struct mark *mark;
    int64_t heard = 0;

    output_read_status(player->output, &status);
    if (status.stream_id == player->stream_id && status.heard > 0) {
        heard = status.heard;
    }
    mark = &player->marks[player_heard_mark(player, &status)];
    *frame = heard - mark->position + mark->entry_frame;
    return mark;
}

int64_t transport_position(const struct player *player, const struct output_status *status)
{
    return status->stream_id == player->stream_id ? status->position
                                                  : stream_shape(player->stream)->from;
}

/* Nothing is open: only the place to go on from moves. */
static void seek_resume(struct player *player, double seconds, bool relative)
{
    if (player->cued || player->waits_for_device) {
        pthread_mutex_lock(&player->lock);
        player->resume_s = fmax(0.0, relative ? player->resume_s + seconds : seconds);
        player->in_hand.kind = REQUEST_GAINS; /* seen from outside: it is done */
        pthread_mutex_unlock(&player->lock);
    }
}

static void seek(struct player *player, double seconds, bool relative)
{
    const struct mark *mark;
    int64_t frame, target;
    uint32_t next;
    bool border = false;

    if (player->stream == NULL) {
        seek_resume(player, seconds, relative);
        return;
    }
    if (audition_seek(player, seconds, relative)) {
        return;
    }
    mark = transport_heard(player, &frame);
    if (mark->info.live) {
        return; /* nothing of it is there but what is sent now */
    }
    seconds += relative ? (double)frame / player->rate_hz : 0.0;
    target = seconds > 0.0 ? (int64_t)fmin(seconds * player->rate_hz + 0.5, 1e15) : 0;
    next = mark->track->id;
    if (mark->frames >= 0 && target >= mark->frames) {
        next = relative ? tracks_next(player, next, &border) : next;
        target = mark->frames > 0 ? mark->frames - 1 : 0;
        if (next == PLAYER_NO_TRACK) {
            next = mark->track->id;
        } else if (relative) { /* past the end: the next track */
            target = 0;
        }
    }
    pthread_mutex_lock(&player->lock);
    player->in_hand = (struct request){
        .kind = REQUEST_PLAY, .id = next, .seconds = (double)target / player->rate_hz};
    pthread_mutex_unlock(&player->lock);
    transport_begin(player, next, (double)target / player->rate_hz);
}

/* The device was let go during a pause. */
static bool reopen(struct player *player)
{
    int result = 0;

    if (!output_is_open(player->output) || atomic_load(&player->device_off)) {
        result = player_device_open(player, player->wished_rate_hz, PLAYER_OPEN_WAIT_MS);
    }
    if (result == -EINPROGRESS) {
        player_tell(player, LOG_WARNING, "%s: its driver does not answer; try again",
                    player->settings.device);
    }
    return result >= 0;
}

static void set_paused(struct player *player, bool paused)
{
    transport_note_paused(player, paused);
    if (player->cued && !paused) {
        transport_begin(player, player->resume_id, player->resume_s);
        return;
    }
    if (player->waits_for_device) { /* it will be heeded when the device is there */
        set_state(player, paused ? PLAYER_PAUSED : PLAYER_STARTING);
    }
    if (player->stream == NULL) {
        return;
    }
    if (!paused && !reopen(player)) {
        paused = true;
        transport_note_paused(player, true);
    }
    output_pause(player->output, paused);
    set_state(player, paused ? PLAYER_PAUSED : PLAYER_PLAYING);
}

/* The output was turned off or on. */
static void heed_device(struct player *player)
{
    if (!atomic_load(&player->device_off)) {
        return;
    }
    if (player->waits_for_device) {
        transport_cue(player, player->resume_id, player->resume_s);
    } else if (player->stream != NULL && !player->paused) {
        set_paused(player, true); /* device_watch lets the device go */
    }
}

static void play(struct player *player, uint32_t id, double seconds)
{
    player->failing = (struct failing){.count = 0};
    if (id == PLAYER_NO_TRACK) {
        transport_end(player, true);
    } else {
        transport_begin(player, id, seconds);
    }
}

void transport_obey(struct player *player, const struct request *request)
{
    switch (request->kind) {
    case REQUEST_PLAY:
        audition_forget(player);
        play(player, request->id, request->seconds);
        break;
    case REQUEST_CUE:
        audition_forget(player);
        transport_cue(player, request->id, request->seconds);
        break;
    case REQUEST_PAUSE:
        player->failing = (struct failing){.count = 0};
        set_paused(player, request->flag);
        break;
    case REQUEST_SEEK:
        player->failing = (struct failing){.count = 0};
        seek(player, request->seconds, request->flag);
        break;
    case REQUEST_STOP:
        audition_forget(player);
        transport_end(player, false);
        break;
    case REQUEST_GAINS:
        if (player->stream != NULL) {
            seams_update_gains(player, PLAYER_FADE_MS);
        }
        break;
    case REQUEST_DEVICE:
        heed_device(player);
        break;
    case REQUEST_HEAR:
        player->failing = (struct failing){.count = 0};
        audition_obey(player);
        break;
    default:
        break;
    }
}
