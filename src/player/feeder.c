/* feeder.c - the player's thread: opens tracks and the device, decodes ahead, obeys requests. */
#include "player/player_internal.h"
#include "player/run_in.h"

#include "match/profile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    IDLE_WAIT_MS = 250,
    BUSY_WAIT_MS = 20,
    STOP_WAIT_MS = 3000,
    REOPEN_EVERY_MS = 1000,
    DECODE_BLOCKS = 64, /* at a time, between two looks at what is asked for */
};

/* --- tracks -------------------------------------------------------------------------------- */

uint32_t player_lookahead(uint32_t rate_hz, uint32_t block_frames)
{
    uint32_t frames = (uint32_t)profile_fft_size(rate_hz);

    /* Both are powers of two. One block more, for chains that work off the output's grid. */
    return (frames > block_frames ? frames : block_frames) + block_frames;
}

static void say_error(struct player *player, const struct media_error *error)
{
    log_write(player->log, LOG_WARNING, "%s", error->message);
    pthread_mutex_lock(&player->lock);
    player->failed++;
    pthread_mutex_unlock(&player->lock);
}

/* Opens the first track from `index` on that can be opened, at its own rate (or the fixed one).
   False: there is none. */
static bool open_track(struct player *player, size_t index)
{
    for (; index < player_entry_count(player); index++) {
        struct media_error error = {0};
        int result = decoder_open(&player->decoder, player_entry(player, index)->path,
                                  player->settings.fixed_rate_hz, &error);

        if (result == 0) {
            player->decode_entry = index;
            return true;
        }
        player->decoder = NULL;
        say_error(player, &error);
    }
    return false;
}

static void close_track(struct player *player)
{
    char line[MEDIA_MESSAGE_SIZE];

    if (player->decoder == NULL) {
        return;
    }
    if (decoder_damage_line(player->decoder, line, sizeof line)) {
        log_write(player->log, LOG_WARNING, "%s", line);
    }
    decoder_close(player->decoder);
    player->decoder = NULL;
}

/* Has the plans of the tracks after `index` made ahead. */
static void ask_ahead(struct player *player, size_t index)
{
    for (size_t i = 0; i < PLAYER_AHEAD_MATCHES; i++) {
        struct match *before = player->ahead[i];
        size_t next = index + 1 + i;

        player->ahead[i] = NULL;
        if (player->settings.match && next < player_entry_count(player)) {
            const struct entry *entry = album_probe(player, next);

            if (entry->rate_hz != 0) {
                uint32_t rate = entry->rate_hz == player->wished_rate_hz ? player->rate_hz
                                                                         : entry->rate_hz;

                player->ahead[i] = album_match(player, next, rate);
            }
        }
        match_release(before);
    }
}

/* Notes that the open track begins at the stream's present end, with its frame `frame`. */
static bool add_mark(struct player *player, int64_t position, int64_t frame)
{
    struct mark mark = {.position = position,
                        .entry = player->decode_entry,
                        .entry_frame = frame,
                        .info = *decoder_info(player->decoder)};
    bool added = true;

    mark.frames = mark.info.frames;
    mark.match = album_match(player, player->decode_entry, player->rate_hz);
    album_probe(player, player->decode_entry);
    pthread_mutex_lock(&player->lock);
    if (player->mark_count == player->mark_capacity) {
        size_t capacity = player->mark_capacity == 0 ? 16 : 2 * player->mark_capacity;
        struct mark *marks = realloc(player->marks, capacity * sizeof *marks);

        added = marks != NULL;
        if (added) {
            player->marks = marks;
            player->mark_capacity = capacity;
        }
    }
    if (added) {
        player->marks[player->mark_count++] = mark;
        player->played++;
    }
    pthread_mutex_unlock(&player->lock);
    if (!added) {
        match_release(mark.match);
    }
    ask_ahead(player, player->decode_entry);
    return added;
}

static void clear_marks(struct player *player)
{
    struct mark *marks;
    size_t count;

    pthread_mutex_lock(&player->lock); /* who reads the status must not meet a match let go */
    marks = player->marks;
    count = player->mark_count;
    player->marks = NULL;
    player->mark_count = player->mark_capacity = 0;
    pthread_mutex_unlock(&player->lock);
    for (size_t i = 0; i < count; i++) {
        match_release(marks[i].match);
    }
    free(marks);
    seams_reset(player);
}

/* After the end of a track: the next one joins the stream if it has its rate. */
static void next_track(struct player *player)
{
    size_t next = player->decode_entry + 1;

    close_track(player);
    if (open_track(player, next)) {
        const struct media_info *info = decoder_info(player->decoder);
        struct media_error error = {0};

        next = player->decode_entry;
        if (info->rate_hz == player->wished_rate_hz) {
            if (info->rate_hz != player->rate_hz) { /* the device refused it: resample */
                decoder_close(player->decoder);
                player->decoder = NULL;
                if (decoder_open(&player->decoder, player_entry(player, next)->path, player->rate_hz,
                                 &error) < 0) {
                    say_error(player, &error);
                    player->decoder = NULL;
                    player->decode_entry = next;
                    next_track(player);
                    return;
                }
            }
            if (add_mark(player, stream_written(player->stream), 0)) {
                return;
            }
        }
        close_track(player);
        player->continues = true;
        player->continue_at = next;
    }
    stream_finish(player->stream);
}

bool player_decode(struct player *player)
{
    struct media_error error = {0};
    float *channel[BLOCK_CHANNELS];
    bool any = false;

    for (int i = 0; i < DECODE_BLOCKS && player->decoder != NULL; i++) {
        size_t room = stream_reserve(player->stream, channel);
        ssize_t got;

        if (room == 0) {
            break;
        }
        got = decoder_read(player->decoder, channel, room, &error);
        if (got < 0) {
            say_error(player, &error);
        }
        if (got <= 0) {
            next_track(player);
        } else {
            stream_commit(player->stream, (size_t)got);
        }
        any = true;
    }
    return any;
}

/* --- output -------------------------------------------------------------------------------- */

static void set_state(struct player *player, enum player_state state)
{
    pthread_mutex_lock(&player->lock);
    player->state = state;
    pthread_mutex_unlock(&player->lock);
}

/* The stream in hand is over: forgets it (the output frees it). */
static void forget_stream(struct player *player)
{
    close_track(player);
    clear_marks(player);
    player->stream = NULL;
    pthread_mutex_lock(&player->lock);
    player->stream_id = 0;
    pthread_mutex_unlock(&player->lock);
}

static void close_device(struct player *player)
{
    output_close(player->output);
    pthread_mutex_lock(&player->lock);
    player->device_open = false;
    pthread_mutex_unlock(&player->lock);
}

/* Ends what plays, with a fade, and waits until the device has played it. */
static void stop_output(struct player *player)
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
    forget_stream(player);
}

static int open_device(struct player *player, uint32_t rate_hz)
{
    struct sink_format format;
    char message[SINK_MESSAGE_SIZE] = "";
    int result = output_open(player->output, player->settings.device, rate_hz, &format, message);

    if (result < 0) {
        log_write(player->log, LOG_ERROR, "%s", message);
        close_device(player);
        return result;
    }
    player->wished_rate_hz = rate_hz;
    player->rate_hz = format.rate_hz;
    pthread_mutex_lock(&player->lock);
    player->device = format;
    player->device_open = true;
    pthread_mutex_unlock(&player->lock);
    return 0;
}

/* Gives up: nothing can be played. */
static void end_playing(struct player *player, bool ended)
{
    stop_output(player);
    close_device(player);
    pthread_mutex_lock(&player->lock);
    player->state = PLAYER_STOPPED;
    player->ended = ended;
    pthread_mutex_unlock(&player->lock);
}

/* --- streams ------------------------------------------------------------------------------- */

/* A stream for the open track whose position 0 is `frame`, with as much before it as a chain for its
   match needs to be run in. */
static struct stream *make_stream(struct player *player, struct match *match, int64_t frame,
                                  bool fade_in)
{
    const struct output_settings *output = &player->settings.output;
    int64_t block = output->block_frames;
    int64_t fade = (int64_t)player->rate_hz * PLAYER_FADE_MS / 1000;
    int64_t needed = run_in_history(match, player->rate_hz, output->block_frames);
    int64_t before = frame < needed ? frame : needed;
    struct stream_shape shape = {.rate_hz = player->rate_hz, .block_frames = output->block_frames};
    struct stream *stream;
    struct media_error error = {0};
    float *channel[BLOCK_CHANNELS];

    shape.begin = -((before + block - 1) / block * block);
    shape.from = fade_in ? -((fade + block - 1) / block * block) : 0;
    if (shape.from < shape.begin) {
        shape.begin = shape.from;
    }
    if (before < -shape.begin && frame > before) { /* the grid's rest is music too */
        before = -shape.begin < frame ? -shape.begin : frame;
    }
    shape.first = -before;
    shape.history_frames = (uint32_t)(RUN_IN_SECONDS + 1) * player->rate_hz;
    shape.ahead_frames = player->settings.read_ahead_seconds * player->rate_hz;
    if (shape.ahead_frames < player->settings.least_blocks * output->block_frames) {
        shape.ahead_frames = player->settings.least_blocks * output->block_frames;
    }
    shape.ahead_frames += 2 * player_lookahead(player->rate_hz, output->block_frames);
    stream = stream_create(&shape);
    if (stream == NULL) {
        return NULL;
    }
    for (int64_t silence = -shape.begin - before; silence > 0;) {
        int64_t room = (int64_t)stream_reserve(stream, channel);
        int64_t frames = silence < room ? silence : room;

        memset(channel[0], 0, (size_t)frames * sizeof(float));
        memset(channel[1], 0, (size_t)frames * sizeof(float));
        stream_commit(stream, (size_t)frames);
        silence -= frames;
    }
    if (frame > before && decoder_seek(player->decoder, frame - before, &error) < 0) {
        log_write(player->log, LOG_WARNING, "%s", error.message);
    }
    return stream;
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
        stop_output(player);
        player->decoder = decoder;
        result = open_device(player, rate_hz);
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
        .lookahead_frames =
            player_lookahead(player->rate_hz, player->settings.output.block_frames),
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

/* Plays entry `index` from `frame` (at the device's rate) on, in place of what plays. */
static void begin(struct player *player, size_t index, int64_t frame)
{
    bool playing = player->stream != NULL;
    bool fade_in = frame > 0 || playing;
    struct match *match;
    uint32_t lookahead;

    close_track(player);
    player->continues = false;
    set_state(player, PLAYER_STARTING);
    if (!open_track(player, index)) {
        end_playing(player, true);
        return;
    }
    if (player->decode_entry != index) {
        frame = 0;
    }
    if (fit_device(player) < 0) {
        end_playing(player, false);
        return;
    }
    if (player->stream == NULL) { /* the device was opened anew: there is nothing to fade from */
        fade_in = frame > 0;
    }
    clear_marks(player);
    match = album_match(player, player->decode_entry, player->rate_hz); /* held until the mark does */
    player->stream = make_stream(player, match, frame, fade_in);
    if (player->stream == NULL) {
        log_write(player->log, LOG_ERROR, "not enough memory to play");
        match_release(match);
        end_playing(player, false);
        return;
    }
    pthread_mutex_lock(&player->lock);
    player->stream_id = ++player->next_id;
    player->ended = false;
    pthread_mutex_unlock(&player->lock);
    add_mark(player, 0, frame);
    match_release(match);
    lookahead = player_lookahead(player->rate_hz, player->settings.output.block_frames);
    while (player->decoder != NULL && stream_written(player->stream) < 2 * (int64_t)lookahead &&
           player_decode(player)) {
    }
    output_set_ab(player->output, atomic_load(&player->original) ? 0.0 : 1.0);
    output_pause(player->output, player->paused); /* before it: not a block is heard then */
    if (!hand_over(player, fade_in)) {
        player->stream = NULL;
        end_playing(player, false);
        return;
    }
    set_state(player, player->paused ? PLAYER_PAUSED : PLAYER_PLAYING);
}

/* --- requests ------------------------------------------------------------------------------ */

/* The mark that is heard, and its frame. */
static const struct mark *heard_mark(const struct player *player, int64_t *frame)
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
    mark = heard_mark(player, &frame);
    target = (int64_t)(seconds * player->rate_hz + (seconds < 0 ? -0.5 : 0.5));
    target += relative ? frame : 0;
    if (target < 0) {
        target = 0;
    }
    if (mark->frames >= 0 && target >= mark->frames) {
        if (!relative || mark->entry + 1 >= player_entry_count(player)) {
            target = mark->frames > 0 ? mark->frames - 1 : 0;
        } else { /* past the end: the next track */
            begin(player, mark->entry + 1, 0);
            return;
        }
    }
    entry = mark->entry;
    begin(player, entry, target);
}

static void skip(struct player *player, int tracks)
{
    int64_t frame;
    size_t entry;

    if (player->stream == NULL) {
        return;
    }
    entry = heard_mark(player, &frame)->entry;
    if (tracks < 0 && (size_t)-tracks > entry) {
        begin(player, 0, 0);
    } else if (tracks > 0 && entry + (size_t)tracks >= player_entry_count(player)) {
        end_playing(player, true);
    } else {
        begin(player, (size_t)((long)entry + tracks), 0);
    }
}

static void set_paused(struct player *player, bool paused)
{
    player->paused = paused;
    player->paused_since_ms = player_now_ms();
    if (player->stream == NULL) {
        return;
    }
    if (!paused && !output_is_open(player->output) &&
        open_device(player, player->wished_rate_hz) < 0) {
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
    player->amounts_changed = player->stream != NULL;
}

static bool take_request(struct player *player, struct request *request)
{
    bool any;

    pthread_mutex_lock(&player->lock);
    any = player->request_count > 0;
    if (any) {
        *request = player->requests[player->request_first];
        player->request_first = (player->request_first + 1) % PLAYER_REQUESTS_MAX;
        player->request_count--;
    }
    pthread_mutex_unlock(&player->lock);
    return any;
}

static void obey(struct player *player, const struct request *request)
{
    switch (request->kind) {
    case REQUEST_PLAY:
        begin(player, request->index, 0);
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
        end_playing(player, false);
        break;
    case REQUEST_GAINS:
        if (player->stream != NULL) {
            seams_update_gains(player, PLAYER_FADE_MS);
        }
        break;
    case REQUEST_AMOUNTS:
        set_amounts(player, &request->amounts);
        break;
    default:
        break;
    }
}

/* --- the thread ---------------------------------------------------------------------------- */

/* The stream was played to its end. */
static void finished(struct player *player)
{
    bool continues = player->continues;
    size_t index = player->continue_at;

    forget_stream(player);
    if (continues) {
        begin(player, index, 0);
    } else {
        end_playing(player, true);
    }
}

static void look_after_device(struct player *player, const struct output_status *status)
{
    uint64_t now = player_now_ms();
    uint32_t release_ms = player->settings.release_after_seconds * 1000;

    if (status->state == OUTPUT_LOST && now - player->lost_since_ms >= REOPEN_EVERY_MS) {
        player->lost_since_ms = now;
        log_write(player->log, LOG_WARNING, "%s: the device is gone (%s); trying again",
                  player->settings.device, strerror(-status->error));
        close_device(player);
        open_device(player, player->wished_rate_hz);
    } else if (player->stream != NULL && !player->paused && !output_is_open(player->output) &&
               now - player->lost_since_ms >= REOPEN_EVERY_MS) {
        player->lost_since_ms = now;
        open_device(player, player->wished_rate_hz);
    } else if (status->state == OUTPUT_PAUSED && player->paused && release_ms > 0 &&
               output_is_open(player->output) && now - player->paused_since_ms >= release_ms) {
        close_device(player);
    }
}

/* Looks at what the audio thread did. */
static void serve_output(struct player *player, struct output_status *status)
{
    for (uint64_t refused = output_reap(player->output); refused != 0;
         refused = output_reap(player->output)) {
        seams_refused(player, refused);
    }
    output_read_status(player->output, status);
    if (player->stream != NULL && status->finished_id == player->stream_id) {
        finished(player);
        output_read_status(player->output, status);
    }
    look_after_device(player, status);
}

/* How long nothing needs to be done. */
static int wait_ms(const struct player *player, const struct output_status *status)
{
    int64_t left;

    if (player->stream == NULL) {
        return status->state == OUTPUT_CLOSED ? -1 : IDLE_WAIT_MS;
    }
    left = stream_written(player->stream) - status->position;
    if (player->resolved < player->mark_count || status->unpaced ||
        left < (int64_t)player->rate_hz) {
        return BUSY_WAIT_MS;
    }
    return IDLE_WAIT_MS;
}

static void wait(struct player *player, int ms)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += (long)(ms < 0 ? 0 : ms) * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&player->lock);
    while (player->request_count == 0 && !player->quit && !player->news) {
        if (ms < 0) {
            pthread_cond_wait(&player->wake, &player->lock);
        } else if (pthread_cond_timedwait(&player->wake, &player->lock, &until) != 0) {
            break;
        }
    }
    pthread_mutex_unlock(&player->lock);
}

static bool take_news(struct player *player, bool *quit)
{
    bool news;

    pthread_mutex_lock(&player->lock);
    news = player->news;
    player->news = false;
    *quit = player->quit;
    pthread_mutex_unlock(&player->lock);
    return news;
}

void *player_thread(void *argument)
{
    struct player *player = argument;
    struct output_status status;
    struct request request;
    bool quit = false;

    rt_flush_denormals();
    for (;;) {
        bool news = take_news(player, &quit);
        bool decoded = false;

        if (quit) {
            break;
        }
        if (take_request(player, &request)) {
            obey(player, &request);
        }
        serve_output(player, &status);
        if (player->stream != NULL) {
            decoded = player_decode(player);
            seams_serve(player);
            if (news) {
                seams_update_gains(player, PLAYER_LATE_FADE_MS);
            }
        }
        if (!decoded) {
            wait(player, wait_ms(player, &status));
        }
    }
    end_playing(player, false);
    for (size_t i = 0; i < PLAYER_AHEAD_MATCHES; i++) {
        match_release(player->ahead[i]);
    }
    return NULL;
}
