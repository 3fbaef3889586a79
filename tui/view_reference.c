/* view_reference.c - view 8: which reference holds and why, how far it goes, and what it does; in
   its other pane, the chain. */
#include "tui/amounts.h"
#include "tui/chain_panel.h"
#include "tui/list.h"
#include "tui/match_curve.h"
#include "tui/match_words.h"
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
    struct match_words words;
    struct candidate candidates[CANDIDATES_MAX];
    size_t candidate_count;
    char candidates_of[STATE_TEXT]; /* that playlist's; "": the queue's */
    struct chain_panel chain;
    bool shown, chain_shown;
    int top; /* the row where the lines begin */
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

/* Before each look at them: keys may come before anything was drawn. */
static void count_lines(struct view_of_reference *reference)
{
    list_set_count(&reference->list, LINE_REFERENCES +
                                         reference->view.screen->state.reference_count +
                                         reference->candidate_count);
}

/* --- what the player tells ----------------------------------------------------------------- */

static void plan_told(void *context, const struct answer *answer)
{
    struct view_of_reference *reference = context;

    match_curve_take(&reference->curve, answer);
    match_words_take(&reference->words, answer);
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

/* A playlist that is no more has none: then those of the queue. */
static void playlists_told(void *context, const struct answer *answer)
{
    struct view_of_reference *reference = context;

    if (answer->ok) {
        candidates_told(reference, answer);
    } else {
        client_ask(reference->view.screen->client, candidates_told, reference, "match",
                   "candidates", NULL);
    }
}

static void ask_candidates(struct view_of_reference *reference)
{
    struct screen *screen = reference->view.screen;
    const char *playlist = reference->candidates_of;

    snprintf(reference->candidates_of, sizeof reference->candidates_of, "%s", screen->state.origin);
    client_ask(screen->client, playlist[0] != '\0' ? playlists_told : candidates_told, reference,
               "match", "candidates", playlist[0] != '\0' ? playlist : NULL, NULL);
}

static void ask(struct view_of_reference *reference)
{
    struct screen *screen = reference->view.screen;

    client_ask(screen->client, plan_told, reference, "match", "plan", NULL);
    ask_candidates(reference);
    presets_ask(screen);
    if (reference->chain_shown) {
        chain_panel_ask(&reference->chain);
    }
}

/* Where a track came from is told after it was heard of. */
static int tick(struct view *view, uint64_t now_ms)
{
    struct view_of_reference *reference = (struct view_of_reference *)view;

    (void)now_ms;
    if (view->screen->state.joined &&
        strcmp(reference->candidates_of, view->screen->state.origin) != 0) {
        ask_candidates(reference);
    }
    return -1;
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

static void draw_preset(const struct view_of_reference *reference, struct canvas *canvas,
                        const struct area *area, enum role role)
{
    const struct screen *screen = reference->view.screen;
    int at = area->column + 1;

    at += canvas_printf(canvas, area->row, at, area->columns - 1, role, "preset   %s  ",
                        screen->state.preset);
    canvas_text(canvas, area->row, at, area->column + area->columns - at,
                role == ROLE_TEXT ? ROLE_DIM : role,
                presets_description(&screen->presets, screen->state.preset));
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
        draw_preset(reference, canvas, area, role);
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
    int top = match_words_draw(&reference->words, &view->screen->state, canvas, area);
    bool room = area->rows >= 16;
    struct area curve = {area->row + top, area->column + area->columns / 2, area->rows - top,
                         area->columns / 2};
    struct area lines = {area->row + top, area->column, area->rows - top,
                         room && area->columns >= 70 ? area->columns / 2 - 1 : area->columns};

    reference->top = top;
    count_lines(reference);
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

static void change(struct view_of_reference *reference, int by)
{
    struct player_state *state = &reference->view.screen->state;
    int *const amounts[] = {&state->level, &state->eq, &state->width};
    size_t line = reference->list.selected, index;

    if (is_reference(reference, line, &index)) {
        reference_weigh(reference->view.screen, index, by);
    } else if (line <= LINE_WIDTH) {
        int value = *amounts[line] + by * STEP_PERCENT;

        value = value < 0 ? 0 : value > 100 ? 100 : value;
        if (value != *amounts[line]) { /* shown at once; the player tells when it holds */
            *amounts[line] = value;
            amounts_set(reference->view.screen, (enum state_amount)line, value);
        }
    } else if (line == LINE_LIMITER) {
        amounts_set(reference->view.screen, STATE_LIMITER, by > 0 ? 1 : 0);
    } else if (line == LINE_PRESET) {
        amounts_next_preset(reference->view.screen, by);
    } else {
        screen_say(reference->view.screen, ROLE_TEXT, "select an amount or a reference first");
    }
}

static void preset_typed(struct screen *screen, const char *text, void *context)
{
    (void)context;
    amounts_choose_preset(screen, text);
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
        amounts_set(screen, STATE_LIMITER, screen->state.limiter ? 0 : 1);
    } else if (line == LINE_PRESET) {
        screen_ask_text(screen, "preset (tab: the next one): ", screen->state.preset, preset_typed,
                        NULL);
        screen->text.complete = presets_complete;
    } else if (line == LINE_SLOT_A || line == LINE_SLOT_B) {
        bool a = line == LINE_SLOT_A;

        screen_ask_text(screen,
                        a ? "A (original, matched, preset NAME, reference FILE): "
                          : "B (original, matched, preset NAME, reference FILE): ",
                        a ? screen->state.slot_a : screen->state.slot_b, a ? a_typed : b_typed,
                        NULL);
        screen->text.complete = presets_complete_slot;
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

    count_lines(reference);
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
        chain_panel_point(&reference->chain, input, reference->top);
    } else if (list_point(&reference->list, input, reference->top)) {
        activate(reference);
    }
    return true;
}

/* The reference's or candidate's uri; NULL: the line is neither. */
static const char *track_at(const struct view_of_reference *reference, size_t line)
{
    size_t index;

    if (is_reference(reference, line, &index)) {
        return reference->view.screen->state.references[index].uri;
    }
    return is_candidate(reference, line, &index) ? reference->candidates[index].uri : NULL;
}

static bool selected(struct view *view, char *uri, size_t size)
{
    const struct view_of_reference *reference = (struct view_of_reference *)view;
    const char *track =
        reference->chain_shown ? NULL : track_at(reference, reference->list.selected);

    if (track != NULL) {
        snprintf(uri, size, "%s", track);
    }
    return track != NULL;
}

static void write_row(const void *context, size_t index, char *text, size_t size)
{
    const char *track = track_at(context, index);

    snprintf(text, size, "%s", track != NULL ? path_name(track) : "");
}

/* Among the references and candidates. */
static void search(struct view *view, const char *text, int direction, bool from_next)
{
    struct view_of_reference *reference = (struct view_of_reference *)view;
    const struct row_search wanted = {text, direction, from_next};

    if (reference->chain_shown) {
        screen_say(view->screen, ROLE_TEXT, "there is nothing to search in the chain");
    } else {
        screen_find_row(view->screen, &reference->list, &wanted, write_row, reference);
    }
}

const struct view_class view_reference = {
    .name = "match",
    .create = create,
    .destroy = destroy,
    .shown = shown,
    .hidden = hidden,
    .changed = changed,
    .tick = tick,
    .draw = draw,
    .act = act,
    .point = point,
    .search = search,
    .selected = selected,
};
