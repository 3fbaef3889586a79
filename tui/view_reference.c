/* view_reference.c - view 8: which reference holds and why, how far it goes, and what it does; in
   its other pane, the chain. */
#include "tui/chain_panel.h"
#include "tui/list.h"
#include "tui/match_curve.h"
#include "tui/reference.h"
#include "tui/tracks.h"
#include "tui/views.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CANDIDATES_MAX = 64, STEP_PERCENT = 5, NAME_SIZE = 1024 };

/* The lines that can be selected. */
enum {
    LINE_LEVEL,
    LINE_EQ,
    LINE_WIDTH,
    LINE_LIMITER,
    LINE_PRESET,
    LINE_SLOT_A,
    LINE_SLOT_B,
    LINE_REFERENCES, /* from here on; the candidates follow */
};

struct candidate {
    char uri[NAME_SIZE];
    double distance_db;
};

struct view_of_reference {
    struct view view;
    struct list list;
    struct match_curve curve;
    double loudness_before, loudness_after, limited_percent, limited_most_db, true_peak;
    bool rehearsed;
    struct candidate candidates[CANDIDATES_MAX];
    size_t candidate_count;
    struct chain_panel chain;
    bool shown, chain_shown;
};

static struct view *create(struct screen *screen)
{
    struct view_of_reference *reference = calloc(1, sizeof *reference);

    if (reference == NULL) {
        return NULL;
    }
    chain_panel_init(&reference->chain, screen);
    return &reference->view;
}

static void destroy(struct view *view)
{
    client_cancel(view->screen->client, view);
    chain_panel_finish(&((struct view_of_reference *)view)->chain);
    free(view);
}

/* Which reference a line is, or which candidate; false: another one. */
static bool is_reference(const struct view_of_reference *reference, size_t line, size_t *index)
{
    *index = line - LINE_REFERENCES;
    return line >= LINE_REFERENCES && *index < reference->view.screen->state.reference_count;
}

static bool is_candidate(const struct view_of_reference *reference, size_t line, size_t *index)
{
    size_t first = LINE_REFERENCES + reference->view.screen->state.reference_count;

    *index = line - first;
    return line >= first && *index < reference->candidate_count;
}

/* --- what the player tells ----------------------------------------------------------------- */

static double real_of(const struct answer *answer, const char *name)
{
    const char *text = answer_get(answer, 0, name);

    return text != NULL ? strtod(text, NULL) : 0.0;
}

static void plan_told(void *context, const struct answer *answer)
{
    struct view_of_reference *reference = context;

    match_curve_take(&reference->curve, answer);
    reference->rehearsed = answer_get(answer, 0, "loudness_after") != NULL;
    reference->loudness_before = real_of(answer, "loudness_before");
    reference->loudness_after = real_of(answer, "loudness_after");
    reference->true_peak = real_of(answer, "true_peak_after");
    reference->limited_percent = real_of(answer, "limited_percent");
    reference->limited_most_db = fabs(real_of(answer, "limited_most"));
    screen_dirty(reference->view.screen);
}

static void candidates_told(void *context, const struct answer *answer)
{
    struct view_of_reference *reference = context;

    reference->candidate_count = 0;
    for (size_t i = 0; answer->ok && i < answer->count; i++) {
        struct candidate *candidate = &reference->candidates[reference->candidate_count];

        if (strcmp(answer->pairs[i].name, "file") == 0 &&
            reference->candidate_count < CANDIDATES_MAX) {
            snprintf(candidate->uri, sizeof candidate->uri, "%s", answer->pairs[i].value);
            candidate->distance_db = 0.0;
            reference->candidate_count++;
        } else if (strcmp(answer->pairs[i].name, "distance") == 0 &&
                   reference->candidate_count > 0) {
            reference->candidates[reference->candidate_count - 1].distance_db =
                strtod(answer->pairs[i].value, NULL);
        }
    }
    screen_dirty(reference->view.screen);
}

static void ask(struct view_of_reference *reference)
{
    client_ask(reference->view.screen->client, plan_told, reference, "match", "plan", NULL);
    client_ask(reference->view.screen->client, candidates_told, reference, "match", "candidates",
               NULL);
    if (reference->chain_shown) {
        chain_panel_ask(&reference->chain);
    }
}

static void changed(struct view *view, unsigned what)
{
    struct view_of_reference *reference = (struct view_of_reference *)view;

    if (reference->shown && (what & (CHANGED_MATCH | CHANGED_PLAYER)) != 0) {
        ask(reference);
    }
}

static void shown(struct view *view)
{
    ((struct view_of_reference *)view)->shown = true;
    ask((struct view_of_reference *)view);
}

static void hidden(struct view *view)
{
    ((struct view_of_reference *)view)->shown = false;
}

/* --- drawing ------------------------------------------------------------------------------- */

static void draw_why(const struct view_of_reference *reference, struct canvas *canvas,
                     const struct area *area)
{
    const struct player_state *state = &reference->view.screen->state;
    int columns = area->columns - 2, column = area->column + 1, row = area->row;

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
    canvas_printf(canvas, row + 1, column, columns, ROLE_DIM, "set for %s%s%s%s",
                  strcmp(state->reference_from, "playlist") == 0 ? "the playlist "
                  : strcmp(state->reference_from, "all") == 0    ? "everything"
                  : strcmp(state->reference_from, "track") == 0  ? "this track"
                  : strcmp(state->reference_from, "album") == 0  ? "this album"
                                                                 : "everything, in the settings",
                  strcmp(state->reference_from, "playlist") == 0 ? state->origin : "",
                  state->reference_gone ? "; its file is gone, what was measured serves" : "", "");
}

static void draw_words(const struct view_of_reference *reference, struct canvas *canvas,
                       const struct area *area)
{
    const struct player_state *state = &reference->view.screen->state;
    int columns = area->columns - 2, column = area->column + 1, row = area->row;

    if (state->failure[0] != '\0') {
        canvas_text(canvas, row, column, columns, ROLE_WARNING, state->failure);
        return;
    }
    if (state->does[0] != '\0') {
        canvas_text(canvas, row, column, columns, ROLE_TEXT, state->does);
    }
    if (reference->rehearsed) {
        canvas_printf(canvas, row + 1, column, columns, ROLE_TEXT,
                      "%.1f to %.1f LUFS, peak %.1f dBTP; limiter at work %.1f %% of the time, "
                      "%.1f dB at most",
                      reference->loudness_before, reference->loudness_after, reference->true_peak,
                      reference->limited_percent, reference->limited_most_db);
    } else if (strcmp(state->plan, "planned") == 0) {
        canvas_text(canvas, row + 1, column, columns, ROLE_DIM, "being rehearsed");
    } else if (strcmp(state->plan, "running") == 0) {
        canvas_printf(canvas, row + 1, column, columns, ROLE_DIM,
                      "made of the last %d s of the station, and made again as it goes on",
                      state->running_s);
    }
}

static void draw_amount(struct canvas *canvas, const struct area *line, enum role role,
                        const char *name, int percent)
{
    canvas_printf(canvas, line->row, line->column + 1, 9, role, "%s", name);
    canvas_bar(canvas, &(struct area){line->row, line->column + 10, 1, 20}, percent / 100.0,
               role == ROLE_TEXT ? ROLE_METER_LOW : role, role == ROLE_TEXT ? ROLE_DIM : role);
    canvas_printf(canvas, line->row, line->column + 31, line->columns - 31, role, "%d %%", percent);
}

/* A reference with its weight, or a candidate with its distance. */
static void draw_track(const struct view_of_reference *reference, struct canvas *canvas,
                       const struct area *area, size_t line, enum role role)
{
    const struct player_state *state = &reference->view.screen->state;
    struct area right = {area->row, area->column + area->columns - 9, 1, 9};
    size_t index;

    if (is_reference(reference, line, &index)) {
        canvas_printf(canvas, area->row, area->column + 1,
                      area->columns - (state->reference_count > 1 ? 10 : 1), role, "like     %s",
                      path_name(state->references[index].uri));
        if (state->reference_count > 1) {
            canvas_printf(canvas, right.row, right.column, right.columns, role, "%8g",
                          state->references[index].weight);
        }
    } else if (is_candidate(reference, line, &index)) {
        canvas_printf(canvas, area->row, area->column + 1, area->columns - 10, role, "near     %s",
                      path_name(reference->candidates[index].uri));
        canvas_printf(canvas, right.row, right.column, right.columns, role, "%5.1f dB",
                      reference->candidates[index].distance_db);
    }
}

static void draw_row(void *context, struct canvas *canvas, const struct area *area, size_t index,
                     enum role role)
{
    const struct view_of_reference *reference = context;
    const struct player_state *state = &reference->view.screen->state;

    switch (index) {
    case LINE_LEVEL:
        draw_amount(canvas, area, role, "level", state->level);
        break;
    case LINE_EQ:
        draw_amount(canvas, area, role, "tone", state->eq);
        break;
    case LINE_WIDTH:
        draw_amount(canvas, area, role, "width", state->width);
        break;
    case LINE_LIMITER:
        canvas_printf(canvas, area->row, area->column + 1, area->columns - 1, role, "limiter  %s",
                      state->limiter ? "on" : "off");
        break;
    case LINE_PRESET:
        canvas_printf(canvas, area->row, area->column + 1, area->columns - 1, role, "preset   %s",
                      state->preset);
        break;
    case LINE_SLOT_A:
    case LINE_SLOT_B:
        canvas_printf(canvas, area->row, area->column + 1, area->columns - 1, role, "%c        %s",
                      index == LINE_SLOT_A ? 'A' : 'B',
                      index == LINE_SLOT_A ? state->slot_a : state->slot_b);
        break;
    default:
        draw_track(reference, canvas, area, index, role);
        break;
    }
}

static void draw(struct view *view, struct canvas *canvas, const struct area *area)
{
    struct view_of_reference *reference = (struct view_of_reference *)view;
    bool room = area->rows >= 16;
    struct area top = {area->row, area->column, 2, area->columns};
    struct area words = {area->row + 2, area->column, 2, area->columns};
    struct area curve = {area->row + 4, area->column + area->columns / 2, area->rows - 4,
                         area->columns / 2};
    struct area lines = {area->row + 4, area->column, area->rows - 4,
                         room && area->columns >= 70 ? area->columns / 2 - 1 : area->columns};

    list_set_count(&reference->list, LINE_REFERENCES + view->screen->state.reference_count +
                                         reference->candidate_count);
    draw_why(reference, canvas, &top);
    draw_words(reference, canvas, &words);
    if (reference->chain_shown) {
        chain_panel_draw(&reference->chain, canvas, &lines);
    } else {
        list_draw(&reference->list, canvas, &lines, true, draw_row, reference);
    }
    if (room && area->columns >= 70) {
        match_curve_draw(&reference->curve, canvas, &curve);
    }
}

/* --- keys ---------------------------------------------------------------------------------- */

static void set_amount(struct view_of_reference *reference, const char *name, int value)
{
    char text[16];

    snprintf(text, sizeof text, "%d", value);
    screen_send(reference->view.screen, "match", "amount", name, text, NULL);
}

static void change(struct view_of_reference *reference, int by)
{
    struct player_state *state = &reference->view.screen->state;
    struct {
        const char *name;
        int *value;
    } amounts[] = {{"level", &state->level}, {"eq", &state->eq}, {"width", &state->width}};
    size_t line = reference->list.selected, index;

    if (is_reference(reference, line, &index)) {
        reference_weigh(reference->view.screen, index, by);
    } else if (line <= LINE_WIDTH) {
        int value = *amounts[line].value + by * STEP_PERCENT;

        value = value < 0 ? 0 : value > 100 ? 100 : value;
        if (value != *amounts[line].value) { /* shown at once; the player tells when it holds */
            *amounts[line].value = value;
            set_amount(reference, amounts[line].name, value);
        }
    } else if (line == LINE_LIMITER) {
        set_amount(reference, "limiter", by > 0 ? 1 : 0);
    } else {
        screen_say(reference->view.screen, ROLE_TEXT, "select an amount or a reference first");
    }
}

static void preset_typed(struct screen *screen, const char *text, void *context)
{
    (void)context;
    screen_send(screen, "match", "preset", text, NULL);
}

/* The first blank ends the kind; what follows is one name. */
static void slot_typed(struct screen *screen, const char *slot, const char *text)
{
    char kind[32];
    size_t length = strcspn(text, " ");

    snprintf(kind, sizeof kind, "%.*s", (int)length, text);
    screen_slot(screen, slot, kind, text + length + strspn(text + length, " "));
}

static void a_typed(struct screen *screen, const char *text, void *context)
{
    (void)context;
    slot_typed(screen, "a", text);
}

static void b_typed(struct screen *screen, const char *text, void *context)
{
    (void)context;
    slot_typed(screen, "b", text);
}

static void activate(struct view_of_reference *reference)
{
    struct screen *screen = reference->view.screen;
    size_t line = reference->list.selected, index;

    if (line == LINE_LIMITER) {
        set_amount(reference, "limiter", screen->state.limiter ? 0 : 1);
    } else if (line == LINE_PRESET) {
        screen_ask_text(screen, "preset: ", screen->state.preset, preset_typed, NULL);
    } else if (line == LINE_SLOT_A || line == LINE_SLOT_B) {
        bool a = line == LINE_SLOT_A;

        screen_ask_text(screen,
                        a ? "A (original, matched, preset NAME, reference FILE): "
                          : "B (original, matched, preset NAME, reference FILE): ",
                        a ? screen->state.slot_a : screen->state.slot_b, a ? a_typed : b_typed,
                        NULL);
    } else if (is_candidate(reference, line, &index)) {
        reference_make(screen);
    } else if (is_reference(reference, line, &index)) {
        screen_say(screen, ROLE_TEXT, "< and > weigh it, D takes it away, H lets you hear it");
    }
}

static bool act(struct view *view, enum action action)
{
    struct view_of_reference *reference = (struct view_of_reference *)view;
    size_t index;

    if (action == ACTION_OTHER_PANE) {
        reference->chain_shown = !reference->chain_shown;
        ask(reference);
        return true;
    }
    if (reference->chain_shown) {
        return chain_panel_act(&reference->chain, action);
    }
    if (list_act(&reference->list, action)) {
        return true;
    }
    switch (action) {
    case ACTION_AMOUNT_LESS:
    case ACTION_AMOUNT_MORE:
        change(reference, action == ACTION_AMOUNT_MORE ? 1 : -1);
        return true;
    case ACTION_REMOVE:
        if (is_reference(reference, reference->list.selected, &index)) {
            reference_remove(view->screen, index);
        } else {
            screen_say(view->screen, ROLE_TEXT, "select a reference to take it away");
        }
        return true;
    case ACTION_ACTIVATE:
    case ACTION_TOGGLE:
        activate(reference);
        return true;
    default:
        return false;
    }
}

static bool point(struct view *view, const struct input *input)
{
    struct view_of_reference *reference = (struct view_of_reference *)view;

    if (reference->chain_shown) {
        chain_panel_point(&reference->chain, input, 4);
    } else if (list_point(&reference->list, input, 4)) {
        activate(reference);
    }
    return true;
}

static bool selected(struct view *view, char *uri, size_t size)
{
    const struct view_of_reference *reference = (struct view_of_reference *)view;
    size_t line = reference->list.selected, index;

    if (reference->chain_shown) {
        return false;
    }
    if (is_reference(reference, line, &index)) {
        snprintf(uri, size, "%s", view->screen->state.references[index].uri);
        return true;
    }
    if (is_candidate(reference, line, &index)) {
        snprintf(uri, size, "%s", reference->candidates[index].uri);
        return true;
    }
    return false;
}

const struct view_class view_reference = {
    .name = "match",
    .create = create,
    .destroy = destroy,
    .shown = shown,
    .hidden = hidden,
    .changed = changed,
    .draw = draw,
    .act = act,
    .point = point,
    .selected = selected,
};
