/*
 * seams.c - which chain holds from which frame of the stream on.
 *
 * Each track's start is a mark. Before the audio thread may read past the fade that is centred on a
 * mark, its rendition is posted: the match of its track, run in over the joint stream, or, when
 * that is not ready in time, the sound as it is. What was begun as it is turns into the match
 * later, over 2 s. Where two tracks share a match nothing happens at the mark at all.
 *
 * Until shortly before a mark is needed, the audio thread gets nothing of what lies beyond it, and
 * is not told the stream's end: so what follows can still be changed.
 */
#include "player/player_internal.h"
#include "player/run_in.h"
#include "player/shadow.h"

#include <errno.h>
#include <math.h>

enum {
    LOW_MS = 1000, /* less than this left to play: a seam waits no longer */
    GATHER_MS = 600,
    LEAD_MS = 60, /* the least time in which a change is prepared */
    LEAD_MOST_MS = 4000,
    POSTED_MOST = 8, /* renditions on their way */
};

static int64_t grid_down(int64_t position, uint32_t block)
{
    int64_t rest = position % block;

    return position - (rest < 0 ? rest + block : rest);
}

static int64_t frames_of(const struct player *player, uint32_t ms)
{
    return (int64_t)player->rate_hz * ms / 1000;
}

/* A place is still held when the audio thread stands at `at`. */
static bool is_held(const struct player *player, int64_t place, int64_t at)
{
    uint32_t block = player->settings.output.block_frames;

    return place > at + frames_of(player, player->settings.settle_ms) +
                       player_lookahead(player->rate_hz, block);
}

static bool is_finished(const struct player *player)
{
    return stream_end(player->stream) != STREAM_END_UNKNOWN;
}

/* Nothing can join the stream any more. */
static void finish_in_time(struct player *player, int64_t at)
{
    if (player->ending && !is_finished(player) &&
        !is_held(player, stream_written(player->stream), at)) {
        stream_finish(player->stream);
    }
}

void seams_update_gains(struct player *player, uint32_t glide_ms)
{
    for (size_t i = 0; i < player->resolved; i++) {
        const struct mark *mark = &player->marks[i];
        bool as_posted = i + 1 < player->resolved || sides_equal(mark->sides, player->posted);
        double gain_a, gain_b;

        if (mark->rendition == 0) {
            continue;
        }
        rendition_gains(player, as_posted ? mark->sides : player->posted, &gain_a, &gain_b);
        output_set_gains(player->output, mark->rendition, gain_a, gain_b,
                         (uint32_t)frames_of(player, glide_ms));
        if (i + 1 == player->resolved) {
            rendition_show_gains(player, mark->sides, gain_a, gain_b);
        }
    }
}

static void note_posted(struct player *player, size_t mark, struct sides sides,
                        const struct rendition *rendition)
{
    struct sides before = player->posted;

    player->posted = sides_hold(sides);
    sides_release(before);
    player->marks[mark].rendition = rendition->id;
    player->posted_id = rendition->id;
    player->posted_end = rendition->fade_start + rendition->fade_frames;
    player->posted_refused = player->edit_refused = false;
    player->posted_by_hand = false;
}

static bool post(struct player *player, size_t mark, struct sides sides, int64_t start,
                 int64_t fade_start, int64_t fade_frames)
{
    struct rendition *rendition = rendition_make(player, mark, sides, start);

    if (rendition == NULL) {
        return false;
    }
    rendition->fade_start = fade_start;
    rendition->fade_frames = (uint32_t)fade_frames;
    note_posted(player, mark, sides, rendition);
    return output_rendition(player->output, rendition) == 0;
}

struct rendition *seams_first(struct player *player)
{
    struct match *waited[] = {player->marks[0].sides.b, player->marks[0].sides.a};
    struct sides sides;
    int wait_ms = player->settings.start_wait_ms;
    enum match_state wanted = wait_ms < 0 ? MATCH_REHEARSED : MATCH_PLANNED;
    uint64_t begin = player_now_ms();
    struct rendition *rendition;

    for (size_t i = 0; i < 2; i++) {
        while (waited[i] != NULL && match_state(waited[i]) < wanted &&
               !player_is_called_off(player) &&
               (wait_ms < 0 || player_now_ms() - begin < (uint64_t)wait_ms)) {
            if (!feeder_decode(player)) {
                match_wait(waited[i], wanted, 10);
            }
        }
    }
    sides = sides_ready(player->marks[0].sides);
    finish_in_time(player, stream_shape(player->stream)->from);
    rendition = rendition_make(player, 0, sides, stream_shape(player->stream)->from);
    if (rendition == NULL) {
        sides = (struct sides){NULL, NULL};
        rendition = rendition_make(player, 0, sides, stream_shape(player->stream)->from);
    }
    if (rendition != NULL) {
        rendition->fade_start = rendition->start;
        note_posted(player, 0, sides, rendition);
    }
    player->resolved = 1;
    return rendition;
}

static void forget_posted(struct player *player)
{
    sides_release(player->posted);
    player->posted = (struct sides){NULL, NULL};
    player->posted_end = INT64_MIN;
}

void seams_reset(struct player *player)
{
    forget_posted(player);
    player->resolved = 0;
    player->posted_id = 0;
    player->posted_refused = false;
    player->gate_since_ms = 0;
    player->changed_by_hand = false;
    player->lead_ms = LEAD_MS;
}

void seams_refused(struct player *player, uint64_t rendition)
{
    if (rendition == player->posted_id) {
        player->posted_refused = true;
        player->edit_refused = player->posted_by_hand;
        forget_posted(player);
        player->changed_by_hand = player->changed_by_hand || player->posted_by_hand;
        player->lead_ms = player->lead_ms * 2 < LEAD_MOST_MS ? player->lead_ms * 2 : LEAD_MOST_MS;
    }
}

void seams_heed_fault(struct player *player, const struct output_status *status)
{
    if (status->fault_id != player->fault_seen) {
        player->fault_seen = status->fault_id;
        trouble_module(player, status->fault_module);
        player->changed_by_hand = player->changed_by_hand || status->fault_id == player->posted_id;
    }
}

/* --- while it plays ------------------------------------------------------------------------ */

static int64_t fade_start_of(const struct player *player, size_t mark)
{
    return player->marks[mark].position - frames_of(player, PLAYER_FADE_MS) / 2;
}

/* True if enough is decoded for a rendition at `start`. */
static bool decoded_to(const struct player *player, int64_t start)
{
    uint32_t block = player->settings.output.block_frames;

    return is_finished(player) || stream_written(player->stream) >=
                                      start + player_lookahead(player->rate_hz, block) + block;
}

static size_t on_their_way(const struct player *player, int64_t position)
{
    size_t count = 0;

    for (size_t i = 0; i < player->resolved; i++) {
        if (player->marks[i].rendition != 0 && player->marks[i].position > position) {
            count++;
        }
    }
    return count;
}

/* True if the seam must not be waited for any longer. */
static bool time_is_up(struct player *player, const struct output_status *status)
{
    int64_t left = stream_released(player->stream) - status->position;
    uint64_t now = player_now_ms();

    if (player->settings.start_wait_ms < 0) {
        return false;
    }
    left -= player_lookahead(player->rate_hz, player->settings.output.block_frames);
    if (left > frames_of(player, LOW_MS)) {
        player->gate_since_ms = 0;
        return false;
    }
    if (player->gate_since_ms == 0) {
        player->gate_since_ms = now;
    }
    return now - player->gate_since_ms >= (uint64_t)player->settings.start_wait_ms;
}

/* Settles the next mark if it can be. */
static bool settle(struct player *player, const struct output_status *status)
{
    size_t i = player->resolved;
    struct mark *mark = &player->marks[i];
    uint32_t block = player->settings.output.block_frames;
    int64_t fade_start = fade_start_of(player, i);
    int64_t start = grid_down(fade_start, block);
    struct sides sides;

    if (start < player->posted_end) { /* the fade before is not over: this one follows it */
        start = grid_down(player->posted_end + block - 1, block);
        fade_start = start;
    }
    if (is_held(player, mark->position, status->position) || !decoded_to(player, start) ||
        on_their_way(player, status->position) >= POSTED_MOST ||
        (!sides_are_settled(mark->sides) && !sides_equal(mark->sides, player->posted) &&
         !time_is_up(player, status))) {
        return false;
    }
    sides = sides_ready(mark->sides);
    player->gate_since_ms = 0;
    player->resolved++;
    if (sides_equal(sides, player->posted)) {
        return true; /* goes on as it is */
    }
    if (!post(player, i, sides, start, fade_start, frames_of(player, PLAYER_FADE_MS)) &&
        (sides.b != NULL || sides.a != NULL)) {
        post(player, i, (struct sides){NULL, NULL}, start, fade_start,
             frames_of(player, PLAYER_FADE_MS));
    }
    return true;
}

/* A track that began as it is, or whose reference or amounts changed: its match comes in while it
   plays, or goes. */
static void catch_up(struct player *player, const struct output_status *status)
{
    size_t i = player->resolved - 1;
    struct sides wanted = player->marks[i].sides;
    struct sides sides = sides_ready(wanted);
    uint32_t block = player->settings.output.block_frames;
    uint32_t fade_ms = player->changed_by_hand ? PLAYER_FADE_MS : PLAYER_LATE_FADE_MS;
    int64_t fade = frames_of(player, fade_ms);
    int64_t start = grid_down(status->position + frames_of(player, player->lead_ms), block) + block;
    uint64_t begin;

    if (player->cut ||
        (!sides_are_settled(wanted) && (!player->posted_refused || player->edit_refused)) ||
        (sides_equal(sides, player->posted) && !player->posted_refused &&
         !(player->changed_by_hand && (sides.b != NULL || sides.a != NULL))) ||
        status->stream_id != player->stream_id || status->position < player->posted_end ||
        player->marks[i].position > status->position || !decoded_to(player, start) ||
        (player->decoder == NULL && start + fade > stream_written(player->stream)) ||
        (player->resolved < player->mark_count &&
         start + fade > fade_start_of(player, player->resolved))) {
        return;
    }
    begin = player_now_ms();
    if (post(player, i, sides, start, start, fade)) {
        uint32_t took = (uint32_t)(player_now_ms() - begin);

        /* Slowly back: what was slow once is heard by waiting, too. */
        player->lead_ms -= (player->lead_ms - LEAD_MS) / 4;
        player->lead_ms = took * 2 > player->lead_ms ? took * 2 : player->lead_ms;
        player->posted_by_hand = player->changed_by_hand;
        player->changed_by_hand = false;
    }
}

/* What comes over the network no faster than it is heard would break off again and again once it
   came too late: then so much of it is gathered first. */
static bool gathers(struct player *player, int64_t at)
{
    uint32_t block = player->settings.output.block_frames;
    int64_t least = at + player_lookahead(player->rate_hz, block) + block;

    if (player->decoder == NULL || !decoder_info(player->decoder)->remote) {
        return player->gathering = false;
    }
    if (player->gathering) {
        player->gathering = stream_written(player->stream) < least + frames_of(player, GATHER_MS);
    } else {
        player->gathering = player->resolved > 0 && stream_released(player->stream) <= least &&
                            stream_written(player->stream) <= least;
    }
    return player->gathering;
}

void seams_release(struct player *player, int64_t at)
{
    uint32_t block = player->settings.output.block_frames;
    int64_t limit = INT64_MAX;

    if (gathers(player, at)) {
        return;
    }

    if (player->resolved < player->mark_count) {
        int64_t mark = player->marks[player->resolved].position;

        limit = is_held(player, mark, at)
                    ? mark
                    : grid_down(fade_start_of(player, player->resolved), block) +
                          player_lookahead(player->rate_hz, block);
    } else if (player->decoder != NULL) {
        limit = stream_written(player->stream);
    }
    if (stream_release(player->stream, limit)) {
        output_wake(player->output);
    }
}

int64_t seams_due(const struct player *player)
{
    uint32_t block = player->settings.output.block_frames;
    int64_t place = player->resolved < player->mark_count ? player->marks[player->resolved].position
                                                          : stream_written(player->stream);

    if (player->resolved == player->mark_count && (!player->ending || is_finished(player))) {
        return INT64_MAX / 2;
    }
    return place - frames_of(player, player->settings.settle_ms) -
           player_lookahead(player->rate_hz, block);
}

void seams_serve(struct player *player)
{
    struct output_status status;

    output_read_status(player->output, &status);
    status.position = transport_position(player, &status);
    finish_in_time(player, status.position);
    while (player->resolved < player->mark_count && settle(player, &status)) {
    }
    catch_up(player, &status);
    seams_release(player, status.position);
}
