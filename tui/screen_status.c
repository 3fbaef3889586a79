/* screen_status.c - the lines at the foot: track and time, signal path, reference and A/B. */
#include "tui/meter.h"
#include "tui/screen.h"
#include "tui/text.h"
#include "tui/tracks.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { STATUS_METERS_MS = 500, REFERENCE_LEAST = 10, NAME_LEAST = 8, SHARED_ROOM = 30 };

int status_rows(const struct screen *screen)
{
    return screen->status_meters ? 3 : 2;
}

/* 4:05, 1:02:03 */
static void write_time(char *text, size_t size, double seconds)
{
    long whole = seconds > 0.0 ? (long)seconds : 0;

    if (whole >= 3600) {
        snprintf(text, size, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
    } else {
        snprintf(text, size, "%ld:%02ld", whole / 60, whole % 60);
    }
}

static void draw_track(struct screen *screen, struct canvas *canvas, const struct area *line)
{
    static const char *const marks[] = {"[]", " >", "||"};
    const struct player_state *state = &screen->state;
    const struct row *song = &state->song;
    double elapsed = player_state_elapsed(state, screen->now_ms);
    char now[32], whole[32], times[80];
    int bar = line->columns >= 60 ? line->columns / 4 : 0;
    int width;

    if (!state->joined) { /* what was told is not so any more */
        canvas_text(canvas, line->row, 0, line->columns, ROLE_WARNING,
                    client_is_joined(screen->client) ? " the player does not let this screen in"
                    : screen->joined_before          ? " the player is gone; trying again"
                                                     : " the player is not there yet");
        return;
    }
    write_time(now, sizeof now,
               screen->remaining && state->duration_s > 0.0 ? state->duration_s - elapsed
                                                            : elapsed);
    write_time(whole, sizeof whole, state->duration_s);
    snprintf(times, sizeof times, " %s%s%s%s ",
             screen->remaining && state->duration_s > 0.0 ? "-" : "", now,
             state->duration_s > 0.0 ? " / " : "", state->duration_s > 0.0 ? whole : "");
    width = state->playing == STATE_STOPPED ? 0 : text_columns(times) + bar;
    canvas_printf(canvas, line->row, 0, line->columns - width - 1, ROLE_STATUS_STRONG, "%s %s%s%s",
                  marks[state->playing], song->artist != NULL ? song->artist : "",
                  song->artist != NULL ? " - " : "",
                  song->title != NULL  ? song->title
                  : song->file != NULL ? song->file
                                       : "nothing is playing");
    if (width > 0) {
        canvas_bar(canvas, &(struct area){line->row, line->columns - width, 1, bar},
                   state->duration_s > 0.0 ? elapsed / state->duration_s : 0.0, ROLE_BAR,
                   ROLE_BAR_REST);
        canvas_text(canvas, line->row, line->columns - width + bar, width - bar, ROLE_STATUS,
                    times);
    }
}

static void write_b(const struct player_state *state, char *text, size_t size)
{
    bool there = strcmp(state->plan, "ready") == 0 || strcmp(state->plan, "planned") == 0;
    bool coming = strcmp(state->plan, "waiting") == 0 || strcmp(state->plan, "asked") == 0;

    if (strcmp(state->plan, "running") == 0) {
        snprintf(text, size, "matched so far"); /* a radio station */
    } else if (there || strcmp(state->slot_b, "original") == 0) {
        player_state_write_slot(text, size, state->slot_b);
    } else {
        snprintf(text, size, "%s", coming ? "preparing" : "as it is");
    }
}

static void write_a(const struct player_state *state, char *text, size_t size)
{
    if (strcmp(state->slot_a, "original") == 0 || strcmp(state->plan_a, "ready") == 0) {
        player_state_write_slot(text, size, state->slot_a);
    } else {
        snprintf(text, size, "%s",
                 strcmp(state->plan_a, "waiting") == 0 ? "preparing" : "as it is");
    }
}

/* What a computer that is too slow leaves of the match: "", ", no-spectral". */
static void write_spared(const struct player_state *state, char *text, size_t size)
{
    bool all = state->quality[0] == '\0' || strcmp(state->quality, "full") == 0;

    snprintf(text, size, "%s%s", all ? "" : ", ", all ? "" : state->quality);
}

/* " =", " =-3.2 dB~": what equal loudness turns it down by (the reference up, too, as far as its
   peaks let it: " =1.0 dB, 2.5 dB too quiet"). */
static void write_gain(const struct player_state *state, char *text, size_t size)
{
    bool turned = fabs(state->gain_db) >= 0.05;

    text[0] = '\0';
    if (state->equal_loudness && turned) {
        snprintf(text, size, " =%.1f dB%s", state->gain_db, state->gains_estimated ? "~" : "");
    } else if (state->equal_loudness) {
        snprintf(text, size, " =%s",
                 state->hears_reference && state->gains_estimated ? "~" : ""); /* nothing known */
    }
    if (state->equal_loudness && state->hears_reference && state->quieter_db > 0.0) {
        size_t used = strlen(text);

        snprintf(text + used, size - used, ", %.1f dB too quiet", state->quieter_db);
    }
}

/* "A original", "B matched", with what equal loudness turns it down by. */
static int draw_ab(const struct player_state *state, struct canvas *canvas, int row, int column,
                   int columns)
{
    char name[32], spared[40], gain[64];

    if (state->ab_hidden) {
        return canvas_text(canvas, row, column, columns, ROLE_STATUS_STRONG, " ? blind ");
    }
    write_gain(state, gain, sizeof gain);
    if (state->hears_reference) {
        return canvas_printf(canvas, row, column, columns, ROLE_REFERENCE, " C reference%s", gain);
    }
    if (state->matched) {
        write_b(state, name, sizeof name);
    } else {
        write_a(state, name, sizeof name);
    }
    write_spared(state, spared, sizeof spared);
    return canvas_printf(canvas, row, column, columns,
                         state->matched ? ROLE_MATCHED : ROLE_ORIGINAL, " %c %s%s%s",
                         state->matched ? 'B' : 'A', name, state->matched ? spared : "", gain);
}

/* "like master.flac (jazz)", with the amounts that are not 100 %. The name makes room first, then
   where it comes from. */
static int draw_reference(const struct player_state *state, struct canvas *canvas,
                          const struct area *place)
{
    const char *name = path_name(player_state_reference(state));
    const char *from =
        strcmp(state->reference_from, "playlist") == 0 ? state->origin : state->reference_from;
    char text[STATE_TEXT], more[24] = "", source[STATE_TEXT + 24], amounts[48] = "";
    int room;

    if (state->level != 100 || state->eq != 100 || state->width != 100) {
        snprintf(amounts, sizeof amounts, " %d/%d/%d%%", state->level, state->eq, state->width);
    }
    if (state->reference_count > 1) {
        snprintf(more, sizeof more, " +%zu", state->reference_count - 1);
    }
    snprintf(source, sizeof source, " (%s%s)", from, state->reference_gone ? ", file gone" : "");
    room = place->columns - text_columns("  like ") - text_columns(more) - text_columns(amounts);
    if (room - text_columns(source) < text_columns(name) &&
        room - text_columns(source) < NAME_LEAST) {
        snprintf(source, sizeof source, "%s", state->reference_gone ? " (gone)" : "");
    }
    room -= text_columns(source);
    text_shorten(text, sizeof text, name, room, canvas_is_unicode(canvas));
    return canvas_printf(canvas, place->row, place->column, place->columns, ROLE_STATUS,
                         "  like %s%s%s%s", text, more, source, amounts);
}

/* The way of the sound; that it is bit-perfect comes first, where nothing cuts it off. */
static void write_path(const char *path, char *text, size_t size)
{
    static const char perfect[] = ", bit-perfect";
    const char *end = strstr(path, perfect);
    int length = end != NULL ? (int)(end - path) : (int)strlen(path);

    snprintf(text, size, "%s%s%.*s", path[0] != '\0' ? "  " : "",
             end != NULL ? "bit-perfect: " : "", length, path);
}

static void draw_sound(struct screen *screen, struct canvas *canvas, const struct area *line)
{
    const struct player_state *state = &screen->state;
    char modes[64], volume[16] = "", path[STATE_TEXT + 32];
    struct area reference = {line->row, draw_ab(state, canvas, line->row, 0, line->columns), 1, 0};
    int right, room;

    if (state->volume >= 0 && state->volume < 100) {
        snprintf(volume, sizeof volume, "vol %d%% ", state->volume);
    }
    snprintf(modes, sizeof modes, "%s%s%s%s%s ", volume, state->random ? "random " : "",
             state->repeat ? "repeat " : "", state->single[0] != '0' ? "single " : "",
             state->consume ? "consume" : "");
    right = text_columns(modes) + 1;
    room = line->columns - reference.column - right;
    write_path(state->path, path, sizeof path);
    reference.columns = room - text_columns(path);
    if (reference.columns < REFERENCE_LEAST && room >= SHARED_ROOM) {
        reference.columns = room / 2; /* both are cut */
    }
    if (reference.columns < REFERENCE_LEAST) {
        reference.columns = 0;
    } else if (state->reference_count > 0) {
        reference.columns = draw_reference(state, canvas, &reference);
    } else {
        reference.columns = canvas_text(canvas, line->row, reference.column, reference.columns,
                                        ROLE_STATUS, "  no reference (R sets one)");
    }
    canvas_text(canvas, line->row, reference.column + reference.columns, room - reference.columns,
                ROLE_STATUS, path);
    canvas_text_right(canvas, line->row, 0, line->columns, ROLE_STATUS, modes);
}

/* --- meters -------------------------------------------------------------------------------- */

static double number_of(const struct answer *answer, const char *name)
{
    const char *text = answer_get(answer, 0, name);
    double value = 0.0;

    if (text != NULL) {
        meter_numbers(text, &value, 1);
    }
    return value;
}

static void meters_told(void *context, const struct answer *answer)
{
    struct screen *screen = context;

    screen->meters.asked = false;
    if (!answer->ok) {
        return;
    }
    screen->meters.there = true;
    screen->meters.load = number_of(answer, "load_mean");
    screen->meters.load_max = number_of(answer, "load_max");
    screen->meters.latency_ms = number_of(answer, "latency_ms");
    screen->meters.headroom_db = number_of(answer, "after_headroom");
    screen->meters.reduction_db = number_of(answer, "limiter_reduction_highest");
    screen->meters.dropouts = (unsigned long)(number_of(answer, "dropouts_device") +
                                              number_of(answer, "dropouts_starvation"));
    if (screen->status_meters) {
        screen_dirty(screen);
    }
}

int status_tick(struct screen *screen)
{
    if (!screen->status_meters || !screen->state.joined || screen->meters.asked ||
        screen->state.playing != STATE_PLAYING) {
        return -1;
    }
    if (screen->now_ms >= screen->meters.next_ms) {
        screen->meters.next_ms = screen->now_ms + STATUS_METERS_MS;
        screen->meters.asked = true;
        client_ask(screen->client, meters_told, screen, "match", "meters", "load", "latency",
                   "dropouts", "true_peak", "limiter", NULL);
    }
    return (int)(screen->meters.next_ms - screen->now_ms);
}

static void draw_meters(const struct screen *screen, struct canvas *canvas, const struct area *line)
{
    char headroom[32], limiter[32];

    if (!screen->meters.there) {
        return;
    }
    meter_write_number(headroom, sizeof headroom, screen->meters.headroom_db, 1);
    meter_write_number(limiter, sizeof limiter, screen->meters.reduction_db, 1);
    canvas_printf(canvas, line->row, 0, line->columns, ROLE_STATUS,
                  " cpu %.1f%% (%.0f%%)  %.0f ms  dropouts %lu  headroom %s dB  limiter %s dB",
                  screen->meters.load, screen->meters.load_max, screen->meters.latency_ms,
                  screen->meters.dropouts, screen->state.ab_hidden ? "?" : headroom,
                  screen->state.ab_hidden ? "?" : limiter);
}

void status_draw(struct screen *screen, struct canvas *canvas, const struct area *area)
{
    struct area line = {area->row, 0, 1, area->columns};

    canvas_fill(canvas, area, ROLE_STATUS);
    draw_track(screen, canvas, &line);
    line.row++;
    if (!screen->state.joined) {
        return;
    }
    draw_sound(screen, canvas, &line);
    if (screen->status_meters) {
        line.row++;
        draw_meters(screen, canvas, &line);
    }
}
