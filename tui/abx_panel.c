/* abx_panel.c - the blind test on the screen. */
#include "tui/abx_panel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ASK_MS = 500 };

static const char *text_of(const struct answer *answer, const char *name)
{
    const char *text = answer_get(answer, 0, name);

    return text != NULL ? text : "";
}

static void told(void *context, const struct answer *answer)
{
    struct screen *screen = context;
    struct screen_abx *abx = &screen->abx;

    if (!answer->ok) {
        screen_answer_errors(screen, answer);
        return;
    }
    snprintf(abx->state, sizeof abx->state, "%s", text_of(answer, "abx"));
    abx->trials = (unsigned)strtoul(text_of(answer, "trials"), NULL, 10);
    abx->answered = (unsigned)strtoul(text_of(answer, "answered"), NULL, 10);
    abx->right = (unsigned)strtoul(text_of(answer, "right"), NULL, 10);
    abx->p_value = strtod(text_of(answer, "p_value"), NULL);
    abx->hearing = text_of(answer, "hearing")[0];
    abx->x_heard = text_of(answer, "x_heard")[0] == '1';
    screen_dirty(screen);
}

void abx_panel_changed(struct screen *screen)
{
    if (screen->abx.open) {
        client_ask(screen->client, told, screen, "match", "abx", "status", NULL);
    }
}

/* It begins by itself once both are equally loud, and no event tells that. */
int abx_panel_tick(struct screen *screen)
{
    struct screen_abx *abx = &screen->abx;

    if (!abx->open || !screen->state.joined || strcmp(abx->state, "waiting") != 0) {
        return -1;
    }
    if (screen->now_ms >= abx->next_ms) {
        abx->next_ms = screen->now_ms + ASK_MS;
        abx_panel_changed(screen);
    }
    return (int)(abx->next_ms - screen->now_ms);
}

static void started(void *context, const struct answer *answer)
{
    struct screen *screen = context;

    told(screen, answer);
    screen->abx.open = answer->ok;
}

static void begin(struct screen *screen, const char *text, void *context)
{
    (void)context;
    client_ask(screen->client, started, screen, "match", "abx", "start", text, NULL);
}

static void looked(void *context, const struct answer *answer)
{
    struct screen *screen = context;

    told(screen, answer);
    if (answer->ok &&
        (strcmp(screen->abx.state, "running") == 0 || strcmp(screen->abx.state, "waiting") == 0)) {
        screen->abx.open = true;
    } else if (answer->ok) {
        screen_ask_text(screen, "Blind test: how many trials (5 to 50)? ", "16", begin, NULL);
    }
}

void abx_panel_open(struct screen *screen)
{
    client_ask(screen->client, looked, screen, "match", "abx", "status", NULL);
}

static void stop_answered(struct screen *screen, int key, void *context)
{
    (void)context;
    if (key == 'y') {
        screen->abx.open = false;
        client_ask(screen->client, told, screen, "match", "abx", "stop", NULL);
    }
}

static bool goes_on(const struct screen *screen)
{
    return strcmp(screen->abx.state, "running") == 0 || strcmp(screen->abx.state, "waiting") == 0;
}

const char *abx_panel_keys_at(size_t index, const char **help)
{
    static const struct {
        const char *keys, *help;
    } groups[] = {
        {"a b x", "hear A, B, X"},
        {"A B", "X is A, X is B: the answer to a trial"},
        {"q escape", "give the test up (asks)"},
    };

    if (index >= sizeof groups / sizeof groups[0]) {
        return NULL;
    }
    *help = groups[index].help;
    return groups[index].keys;
}

/* What goes on as everywhere; false: no such key. */
static bool act_playing(struct screen *screen, int key)
{
    enum action action = keys_action(screen->keys, key);

    switch (action) {
    case ACTION_TOGGLE:
    case ACTION_PAUSE:
        screen_act(screen, ACTION_PAUSE);
        return true;
    case ACTION_SEEK_BACK:
    case ACTION_SEEK_ON:
        screen_act(screen, action);
        return true;
    default:
        return false;
    }
}

void abx_panel_key(struct screen *screen, int key)
{
    char source[2] = "";

    if (!goes_on(screen)) {
        screen->abx.open = false; /* the result was read */
        return;
    }
    switch (key) {
    case 'a':
    case 'b':
    case 'x':
        source[0] = (char)key;
        client_ask(screen->client, told, screen, "match", "abx", "hear", source, NULL);
        break;
    case 'A':
    case 'B':
        source[0] = (char)(key - 'A' + 'a');
        client_ask(screen->client, told, screen, "match", "abx", "answer", source, NULL);
        break;
    case 'q':
    case INPUT_ESCAPE:
        screen_question(screen, "yn", stop_answered, NULL,
                        "give the test up? there will be no result (y or n)");
        break;
    default:
        if (!act_playing(screen, key)) {
            screen_say(screen, ROLE_TEXT, "a b x are heard; A or B says what X is; q gives up");
        }
        break;
    }
}

static void draw_result(const struct screen_abx *abx, struct canvas *canvas, int row, int column,
                        int columns)
{
    canvas_printf(canvas, row, column, columns, ROLE_TITLE, "%u of %u right: p = %.4f", abx->right,
                  abx->trials, abx->p_value);
    canvas_text(canvas, row + 1, column, columns, ROLE_TEXT,
                abx->p_value < 0.05
                    ? "Guessing alone does so well less than once in twenty tests."
                    : "Guessing alone does as well often enough: no difference was shown.");
    canvas_text(canvas, row + 3, column, columns, ROLE_DIM,
                "kept with its date in abx.log in the state folder; any key goes back");
}

void abx_panel_draw(const struct screen *screen, struct canvas *canvas, const struct area *area)
{
    const struct screen_abx *abx = &screen->abx;
    int row = area->row + 1, column = area->column + 3, columns = area->columns - 3;
    char a[64], b[64], back[64], on[64], pause[64];

    player_state_write_slot(a, sizeof a, screen->state.slot_a);
    player_state_write_slot(b, sizeof b, screen->state.slot_b);
    canvas_printf(canvas, row, column, columns, ROLE_TITLE, "Blind test: is X A (%s) or B (%s)?", a,
                  b);
    row += 2;
    if (strcmp(abx->state, "waiting") == 0) {
        canvas_text(canvas, row, column, columns, ROLE_TEXT,
                    "It begins when both are exactly equally loud: one moment.");
    } else if (strcmp(abx->state, "running") == 0) {
        canvas_printf(canvas, row, column, columns, ROLE_TEXT, "Trial %u of %u. You hear %c.",
                      abx->answered + 1, abx->trials,
                      abx->hearing != '\0' ? abx->hearing - 'a' + 'A' : '?');
        canvas_text(canvas, row + 2, column, columns, ROLE_TEXT,
                    "a  hear A      b  hear B      x  hear X");
        canvas_text(canvas, row + 3, column, columns, abx->x_heard ? ROLE_TEXT : ROLE_DIM,
                    abx->x_heard ? "A  X is A      B  X is B"
                                 : "A  X is A      B  X is B      (hear X first)");
        keys_of(screen->keys, ACTION_SEEK_BACK, back, sizeof back);
        keys_of(screen->keys, ACTION_SEEK_ON, on, sizeof on);
        keys_of(screen->keys, ACTION_PAUSE, pause, sizeof pause);
        canvas_printf(canvas, row + 4, column, columns, ROLE_DIM,
                      "q  give up      %s  pause      %s, %s  seek", pause, back, on);
    } else if (strcmp(abx->state, "done") == 0) {
        draw_result(abx, canvas, row, column, columns);
    } else {
        canvas_text(canvas, row, column, columns, ROLE_TEXT,
                    "The test was given up: there is no result. Any key goes back.");
    }
}
