/* feeder.c - decodes tracks into the stream, ahead of what is heard, and joins one to the next. */
#include "player/player_internal.h"
#include "player/run_in.h"

#include "match/profile.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
    DECODE_BLOCKS = 64, /* at a time, between two looks at what is asked for */
    LOOKAHEAD_FILTERS = 4,
};

/* --- tracks -------------------------------------------------------------------------------- */

uint32_t player_lookahead(uint32_t rate_hz, uint32_t block_frames)
{
    /* The longest chain, with a spectral processor that looks ahead, is late by 3.2 times the
       match's filter; LOOKAHEAD_FILTERS of them hold it at every rate. */
    uint32_t frames = LOOKAHEAD_FILTERS * (uint32_t)profile_fft_size(rate_hz);

    /* Both are powers of two. One block more, for chains that work off the output's grid. */
    return (frames > block_frames ? frames : block_frames) + block_frames;
}

static bool is_replaced(void *player)
{
    return player_is_replaced(player);
}

bool feeder_open_track(struct player *player, uint32_t id, bool *border)
{
    while (id != PLAYER_NO_TRACK && !player->failing.exhausted) {
        struct media_error error = {0};
        struct player_track *track = tracks_fetch(player, id);
        bool pauses = false;

        int result = -ENOENT;

        if (track != NULL && player->joining && media_is_address(track->path)) {
            player_track_destroy(track);
            player->decode_id = id;
            return true;
        }
        if (track != NULL) {
            result =
                decoder_open_waiting(&player->decoder, track->path, player->settings.fixed_rate_hz,
                                     is_replaced, player, &error);
        }
        if (result == 0) {
            player->opened = track;
            player->decode_id = id;
            player->sounding = false;
            radio_begin(player);
            return true;
        }
        player->decoder = NULL;
        if (result == -ECANCELED) {
            player_track_destroy(track);
            return false;
        }
        if (track != NULL) {
            tracks_fail(player, id, error.message);
        }
        player_track_destroy(track);
        id = tracks_next(player, id, &pauses);
        *border = *border || pauses;
    }
    return false;
}

void feeder_close_track(struct player *player)
{
    char line[MEDIA_MESSAGE_SIZE];

    if (player->decoder != NULL) {
        decoder_cancel(player->decoder);
    }
    decoding_leave(player->decoding);
    player_track_destroy(player->opened);
    player->opened = NULL;
    if (player->decoder == NULL) {
        return;
    }
    if (!tracks_failed(player, player->decode_id) &&
        decoder_damage_line(player->decoder, line, sizeof line) &&
        tracks_damage_is_new(player, player->decode_id)) {
        player_tell(player, LOG_WARNING, "%s", line);
        recovery_note(&player->recovery, RECOVERY_FILE, 0, "%s", line);
    }
    decoder_close(player->decoder);
    player->decoder = NULL;
}

/* --- one track after the other ------------------------------------------------------------- */

/* The track just opened, once more, resampled to what the device took instead of its rate. */
static bool reopen_at_device_rate(struct player *player)
{
    struct media_error error = {0};

    decoder_close(player->decoder);
    if (decoder_open(&player->decoder, player->opened->path, player->rate_hz, &error) == 0) {
        return true;
    }
    player->decoder = NULL;
    tracks_fail(player, player->decode_id, error.message);
    return false;
}

/* Opens the first track from `id` on that can be played. *joins: it has the stream's rate, and is
   open at it. */
static bool open_from(struct player *player, uint32_t id, bool *border, bool *joins)
{
    while (feeder_open_track(player, id, border)) {
        uint32_t rate_hz = player->decoder != NULL ? decoder_info(player->decoder)->rate_hz : 0;
        bool pauses = false;

        *joins = rate_hz == player->wished_rate_hz;
        if (!*joins || rate_hz == player->rate_hz || reopen_at_device_rate(player)) {
            return true;
        }
        id = tracks_next(player, player->decode_id, &pauses);
        *border = *border || pauses;
        feeder_close_track(player);
    }
    return false;
}

/* The stream ends with what is decoded; another begins with `id`, if that is a track. */
static void end_here(struct player *player, uint32_t id, bool border)
{
    feeder_close_track(player);
    pthread_mutex_lock(&player->lock);
    player->continues = id != PLAYER_NO_TRACK;
    player->continue_at = id;
    player->border = border;
    pthread_mutex_unlock(&player->lock);
    player->ending = true;
}

void feeder_next_track(struct player *player)
{
    bool border = false, joins = false;
    uint32_t last = player->decode_id;
    uint32_t id = tracks_next(player, last, &border);

    feeder_close_track(player);
    player->ending = false;
    player->joining = true;
    if (border || !open_from(player, id, &border, &joins)) {
        end_here(player, border ? id : PLAYER_NO_TRACK, border);
    } else if (!joins || border) {
        end_here(player, player->decode_id, border);
    } else if (!marks_add(player, stream_written(player->stream), 0)) {
        end_here(player, player->decode_id, false);
    } else {
        player->joining = false;
        return;
    }
    player->joining = false;
    player->decode_id = last; /* what follows it may be asked again */
}

/* A track that ended with its first frame still to come was none that has been played. */
static void see_whether_empty(struct player *player, bool tell)
{
    const struct mark *mark = &player->marks[player->mark_count - 1];
    char message[MEDIA_MESSAGE_SIZE];

    if (mark->position != stream_written(player->stream) || mark->entry_frame != 0) {
        return;
    }
    pthread_mutex_lock(&player->lock);
    player->played--;
    pthread_mutex_unlock(&player->lock);
    if (tell) {
        snprintf(message, sizeof message, "%s: there is no sound in it; choose another",
                 mark->track->path);
        tracks_fail(player, player->decode_id, message);
    }
}

bool feeder_decode(struct player *player)
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
        any = true;
        got = decoding_read(player->decoding, player->decoder, channel, room, &error);
        if (got == DECODING_WAITS) {
            any = any && !decoder_info(player->decoder)->remote; /* it comes when it comes */
            break;
        }
        if (got < 0) {
            tracks_fail(player, player->decode_id, error.message);
        }
        if (got <= 0) {
            see_whether_empty(player, got == 0);
            feeder_next_track(player);
        } else {
            if (!player->sounding) {
                tracks_sound(player, player->decode_id);
                player->sounding = true;
            }
            live_match_feed(player, channel, (size_t)got);
            stream_commit(player->stream, (size_t)got);
        }
    }
    return any;
}

/* --- streams ------------------------------------------------------------------------------- */

/* The original needs none: what is not there yet may come. */
static int64_t history_of(const struct player *player, const struct sides *sides)
{
    uint32_t block = player->settings.output.block_frames;
    int64_t of_b = run_in_history(sides->b, player->rate_hz, block);
    int64_t of_a = sides->a != NULL ? run_in_history(sides->a, player->rate_hz, block) : 0;

    return of_b > of_a ? of_b : of_a;
}

struct stream *feeder_make_stream(struct player *player, const struct sides *sides, int64_t frame,
                                  bool fade_in)
{
    const struct output_settings *output = &player->settings.output;
    int64_t block = output->block_frames;
    int64_t fade = (int64_t)player->rate_hz * PLAYER_FADE_MS / 1000;
    int64_t needed = history_of(player, sides);
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
        player_tell(player, LOG_WARNING, "%s", error.message);
    }
    return stream;
}
