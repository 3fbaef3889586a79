/* feeder.c - decodes tracks into the stream, ahead of what is heard, and joins one to the next. */
#include "player/player_internal.h"
#include "player/run_in.h"

#include "match/profile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DECODE_BLOCKS = 64 /* at a time, between two looks at what is asked for */ };

/* --- tracks -------------------------------------------------------------------------------- */

uint32_t player_lookahead(uint32_t rate_hz, uint32_t block_frames)
{
    uint32_t frames = (uint32_t)profile_fft_size(rate_hz);

    /* Both are powers of two. One block more, for chains that work off the output's grid. */
    return (frames > block_frames ? frames : block_frames) + block_frames;
}

/* Each time it is tried anew, as it may have come back, but told once. */
static void say_error(struct player *player, size_t index, const struct media_error *error)
{
    struct entry *entry = player_entry(player, index);

    if (entry->failed) {
        return;
    }
    entry->failed = true;
    log_write(player->log, LOG_WARNING, "%s", error->message);
    pthread_mutex_lock(&player->lock);
    player->failed++;
    pthread_mutex_unlock(&player->lock);
}

bool feeder_open_track(struct player *player, size_t index)
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
        say_error(player, index, &error);
    }
    return false;
}

void feeder_close_track(struct player *player)
{
    char line[MEDIA_MESSAGE_SIZE];
    struct entry *entry;

    if (player->decoder == NULL) {
        return;
    }
    entry = player_entry(player, player->decode_entry);
    if (!entry->failed && !entry->damage_told &&
        decoder_damage_line(player->decoder, line, sizeof line)) {
        log_write(player->log, LOG_WARNING, "%s", line);
        entry->damage_told = true;
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
                uint32_t rate =
                    entry->rate_hz == player->wished_rate_hz ? player->rate_hz : entry->rate_hz;

                player->ahead[i] = album_match(player, next, rate);
            }
        }
        match_release(before);
    }
}

/* Under the lock. */
static bool make_room_for_mark(struct player *player)
{
    size_t capacity = player->mark_capacity == 0 ? 16 : 2 * player->mark_capacity;
    struct mark *marks;

    if (player->mark_count < player->mark_capacity) {
        return true;
    }
    marks = realloc(player->marks, capacity * sizeof *marks);
    if (marks == NULL) {
        return false;
    }
    player->marks = marks;
    player->mark_capacity = capacity;
    return true;
}

bool feeder_add_mark(struct player *player, int64_t position, int64_t frame)
{
    struct mark mark = {.position = position,
                        .entry = player->decode_entry,
                        .entry_frame = frame,
                        .info = *decoder_info(player->decoder)};
    bool added;

    mark.frames = mark.info.frames;
    mark.match = album_match(player, player->decode_entry, player->rate_hz);
    album_probe(player, player->decode_entry);
    pthread_mutex_lock(&player->lock);
    added = make_room_for_mark(player);
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

void feeder_clear_marks(struct player *player)
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

/* The track just opened, once more, resampled to what the device took instead of its rate. */
static bool reopen_at_device_rate(struct player *player)
{
    const char *path = player_entry(player, player->decode_entry)->path;
    struct media_error error = {0};

    decoder_close(player->decoder);
    if (decoder_open(&player->decoder, path, player->rate_hz, &error) == 0) {
        return true;
    }
    player->decoder = NULL;
    say_error(player, player->decode_entry, &error);
    return false;
}

/* Opens the next track that can be played. *joins: it has the stream's rate, and is open at it. */
static bool open_next_track(struct player *player, bool *joins)
{
    while (feeder_open_track(player, player->decode_entry + 1)) {
        uint32_t rate_hz = decoder_info(player->decoder)->rate_hz;

        *joins = rate_hz == player->wished_rate_hz;
        if (!*joins || rate_hz == player->rate_hz || reopen_at_device_rate(player)) {
            return true;
        }
    }
    return false;
}

/* After the end of a track: the next one joins the stream if it has its rate. */
static void next_track(struct player *player)
{
    bool joins;

    feeder_close_track(player);
    if (open_next_track(player, &joins)) {
        if (joins && feeder_add_mark(player, stream_written(player->stream), 0)) {
            return;
        }
        feeder_close_track(player);
        player->continues = true;
        player->continue_at = player->decode_entry;
    }
    stream_finish(player->stream);
}

/* A track that ended with its first frame still to come was none that has been played. */
static void see_whether_empty(struct player *player, bool tell)
{
    const struct mark *mark = &player->marks[player->mark_count - 1];
    const char *path = player_entry(player, player->decode_entry)->path;
    struct media_error error = {.code = -EINVAL};

    if (mark->position != stream_written(player->stream) || mark->entry_frame != 0) {
        return;
    }
    pthread_mutex_lock(&player->lock);
    player->played--;
    pthread_mutex_unlock(&player->lock);
    if (tell) {
        snprintf(error.message, sizeof error.message, "%s: there is no sound in it; choose another",
                 path);
        say_error(player, player->decode_entry, &error);
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
        got = decoder_read(player->decoder, channel, room, &error);
        if (got < 0) {
            say_error(player, player->decode_entry, &error);
        }
        if (got <= 0) {
            see_whether_empty(player, got == 0);
            next_track(player);
        } else {
            player_entry(player, player->decode_entry)->failed = false;
            stream_commit(player->stream, (size_t)got);
        }
        any = true;
    }
    return any;
}

/* --- streams ------------------------------------------------------------------------------- */

struct stream *feeder_make_stream(struct player *player, struct match *match, int64_t frame,
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
