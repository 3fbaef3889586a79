/* match_words.c - which reference holds and why, and what the match does, in words. */
#include "tui/match_words.h"

#include "tui/reference.h"
#include "tui/tracks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 4, ROOMY = 16 };

static double real_of(const struct answer *answer, const char *name)
{
    const char *text = answer_get(answer, 0, name);

    return text != NULL ? strtod(text, NULL) : 0.0;
}

void match_words_take(struct match_words *words, const struct answer *answer)
{
    const char *shapes = answer_get(answer, 0, "shapes");

    words->rehearsed = answer_get(answer, 0, "loudness_after") != NULL;
    words->loudness_before = real_of(answer, "loudness_before");
    words->loudness_after = real_of(answer, "loudness_after");
    words->true_peak = real_of(answer, "true_peak_after");
    words->limited_percent = real_of(answer, "limited_percent");
    words->limited_most_db = fabs(real_of(answer, "limited_most"));
    snprintf(words->shapes, sizeof words->shapes, "%s", shapes != NULL ? shapes : "");
}

static void draw_why(const struct player_state *state, struct canvas *canvas,
                     const struct area *area)
{
    int columns = area->columns, column = area->column, row = area->row;
    char scope[STATE_TEXT + 16];

    if (state->song.file == NULL) {
        canvas_text(canvas, row, column, columns, ROLE_DIM,
                    "Play something: what holds for it shows here.");
        return;
    }
    if (state->reference_count == 0) {
        canvas_text(canvas, row, column, columns, ROLE_TITLE, "No reference holds");
        canvas_text(canvas, row + 1, column, columns, ROLE_DIM,
                    "R on a track, or enter on one below, makes it one");
        return;
    }
    canvas_printf(canvas, row, column, columns, ROLE_TITLE, "Like %s%s%s",
                  path_name(player_state_reference(state)),
                  state->reference_count > 1 ? " and " : "",
                  state->reference_count > 2    ? "others"
                  : state->reference_count == 2 ? path_name(state->references[1].uri)
                                                : "");
    reference_scope_say(state, state->reference_from, scope, sizeof scope);
    canvas_printf(canvas, row + 1, column, columns, ROLE_DIM, "set for %s%s%s", scope,
                  strcmp(state->reference_from, "settings") == 0 ? ", in the settings" : "",
                  state->reference_gone ? "; its file is gone, what was measured serves" : "");
}

/* Returns the rows it took. */
static int draw_numbers(const struct match_words *words, const struct player_state *state,
                        struct canvas *canvas, const struct area *area)
{
    char text[256] = "";

    if (words->rehearsed) {
        snprintf(text, sizeof text,
                 "%.1f to %.1f LUFS, peak %.1f dBTP; limiter at work %.1f %% of the time, "
                 "%.1f dB at most",
                 words->loudness_before, words->loudness_after, words->true_peak,
                 words->limited_percent, words->limited_most_db);
    } else if (strcmp(state->plan, "planned") == 0) {
        snprintf(text, sizeof text, "being rehearsed");
    } else if (strcmp(state->plan, "running") == 0) {
        snprintf(text, sizeof text,
                 "made of the last %d s of the station, and made again as it goes on",
                 state->running_s);
    }
    return canvas_lines(canvas, area, words->rehearsed ? ROLE_TEXT : ROLE_DIM, text);
}

int match_words_draw(const struct match_words *words, const struct player_state *state,
                     struct canvas *canvas, const struct area *area)
{
    int most = area->rows >= ROOMY ? 2 : 1; /* rows of one sentence */
    struct area why = {area->row, area->column + 1, 2, area->columns - 2};
    struct area rest = {area->row + 2, area->column + 1, most, area->columns - 2};

    draw_why(state, canvas, &why);
    if (state->failure[0] != '\0') {
        canvas_lines(canvas, &rest, ROLE_WARNING, state->failure);
        return ROWS;
    }
    rest.row += canvas_lines(canvas, &rest, ROLE_TEXT, state->does);
    rest.row += draw_numbers(words, state, canvas, &rest);
    if (words->shapes[0] != '\0' && area->rows > 2 * ROWS) {
        rest.row += canvas_lines(canvas, &rest, ROLE_TEXT, words->shapes);
    }
    return rest.row - area->row;
}
