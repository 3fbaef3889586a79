/*
 * screen.h - the whole screen: views, status lines, the line for commands and messages.
 *
 * It draws to a canvas and is told of input and time; what is behind it (curses, poll) is main's.
 *
 * Threads: one.
 */
#ifndef MP_TUI_SCREEN_H
#define MP_TUI_SCREEN_H

#include "config/options.h"
#include "tui/client.h"
#include "tui/line_edit.h"
#include "tui/list.h"
#include "tui/presets.h"
#include "tui/state.h"
#include "tui/view.h"

enum { SCREEN_MESSAGE_SIZE = 1024, SCREEN_LOG_LINES = 500, SCREEN_HELD_MAX = 128 };

enum screen_mode { SCREEN_NORMAL, SCREEN_COMMAND, SCREEN_SEARCH, SCREEN_QUESTION, SCREEN_TEXT };

struct log_line {
    int64_t time_s;
    enum role role;
    char *text;
};

/* The blind test, as the player told last. */
struct screen_abx {
    bool open; /* it has the keys */
    char state[16];
    unsigned trials, answered, right;
    double p_value;
    char hearing; /* 'a', 'b', 'x' */
    bool x_heard;
    uint64_t next_ms; /* when it is asked for again, while it waits to begin */
};

/* Of the scan of the music folder, as the player told last (scanning.h). */
struct scan_progress {
    bool asked, tell_end;
    size_t files, read, errors, left_out;
    uint64_t next_ms;
};

/* On the way to another album of the queue (albums.h). */
struct album_skip {
    bool asked;
    int direction;
    long at, found;         /* rows: the next to look at; of the album wanted, -1: none yet */
    char album[STATE_TEXT]; /* whose rows are passed over */
};

struct screen {
    struct client *client;
    struct options *options;
    struct keys *keys;
    struct player_state state;
    const struct theme *theme;
    struct view *views[VIEWS]; /* made when they show first */
    enum view_id current, before_help;
    enum screen_mode mode;
    struct line_edit command, search, text;
    int search_direction;
    char searched[LINE_EDIT_SIZE]; /* for n and N */
    char message[SCREEN_MESSAGE_SIZE];
    enum role message_role;
    uint64_t message_until_ms; /* 0: it stays until a key */
    struct log_line log[SCREEN_LOG_LINES];
    size_t log_first, log_count;
    /* The question that is asked, and who gets the answer: the key that was pressed. */
    char question[SCREEN_MESSAGE_SIZE], answers[32];
    void (*answered)(struct screen *screen, int key, void *context);
    void (*text_done)(struct screen *screen, const char *text, void *context);
    void *question_context;
    char filter[LINE_EDIT_SIZE], filter_name[64];          /* "" none */
    char checked_name[64], checked_filter[LINE_EDIT_SIZE]; /* saved if the player takes it */
    char *const *paths; /* of the command line, still to be queued; NULL: none */
    struct screen_abx abx;
    struct scan_progress scan;
    struct album_skip album_skip;
    struct preset_names presets;
    char reference_wanted[4096], reference_playlist[512]; /* of the question of R and X */
    char reference_said[SCREEN_MESSAGE_SIZE];
    /* Where the selection goes was asked for last with these; keys wait for the answer. */
    client_answer place_told;
    const void *place_context;
    struct input held[SCREEN_HELD_MAX];
    size_t held_count;
    uint64_t held_until_ms;
    char done_said[SCREEN_MESSAGE_SIZE]; /* of screen_send_told */
    bool joined_before;
    bool dirty, leave, status_meters, remaining, follow;
    long followed_id;  /* what was heard when the selection was to follow last; -1: nothing */
    int repeat_before; /* C or ^R holds, and repeat was 0 or 1 before; -1: none does */
    bool theme_changed, redraw;
    struct {
        bool there, asked;
        double load, load_max, latency_ms, headroom_db, reduction_db;
        unsigned long dropouts;
        uint64_t next_ms;
    } meters;              /* of the status lines */
    unsigned meters_per_s; /* how often meters are drawn */
    uint64_t now_ms;       /* of the turn in hand */
};

/* NULL with ENOMEM. password may be NULL. */
struct screen *screen_create(struct options *options, const char *address, const char *password);
void screen_destroy(struct screen *screen);
void screen_input(struct screen *screen, const struct input *input);
/* Before each draw and at least as often as it says: the time until something changes by itself,
   in ms; -1: nothing will. */
int screen_tick(struct screen *screen, uint64_t now_ms);
void screen_draw(struct screen *screen, struct canvas *canvas);

/* For views: */
void screen_say(struct screen *screen, enum role role, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void screen_dirty(struct screen *screen); /* something that shows has changed */
void screen_show(struct screen *screen, enum view_id view);
struct view *screen_view(struct screen *screen, enum view_id view); /* NULL: no memory */
/* One key out of `answers` decides; any other leaves. */
void screen_question(struct screen *screen, const char *answers,
                     void (*answered)(struct screen *screen, int key, void *context), void *context,
                     const char *format, ...) __attribute__((format(printf, 5, 6)));
/* A line of text; `first` stands there to begin with. What completes it (line_edit.complete) is set
   after that. */
void screen_ask_text(struct screen *screen, const char *question, const char *first,
                     void (*done)(struct screen *screen, const char *text, void *context),
                     void *context);
/* Sends a command whose answer is only its success: an error is said, and so is that the player is
   not there. */
void screen_send(struct screen *screen, const char *command, ...) __attribute__((sentinel));
/* And this is said when it is done; of several on their way, the last. */
void screen_send_told(struct screen *screen, const char *said, const char *command, ...)
    __attribute__((sentinel));
/* What those on their way say, instead. */
void screen_will_tell(struct screen *screen, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void screen_answer_errors(void *context, const struct answer *answer); /* as a client_answer */
/* screen_input.c: asks where the selection is to go; keys that come before the answer wait for it,
   for a while, so that they act on that row. */
void screen_ask_place(struct screen *screen, client_answer done, void *context,
                      const char *const words[], size_t count);
/* Lets go of them in time: ms until it wants to be called again, or -1. */
int screen_input_tick(struct screen *screen);
/* For what views ask: an error is said. False: the player went before it answered, which shows;
   what was told stays, and is asked anew when it is back. */
bool screen_answer_came(struct screen *screen, const struct answer *answer);
/* A setting: the player keeps it, and what is the screen's own holds at once. */
void screen_set(struct screen *screen, const char *name, const char *value);
/* Carries out a line of the command mode. */
void screen_command(struct screen *screen, const char *line);
/* screen_command.c: what slot "a" or "b" of A/B holds ("preset", "gentle"; name may be ""). */
void screen_slot(struct screen *screen, const char *slot, const char *kind, const char *name);
/* What holds for the track that is heard, kept under a name. */
void screen_save_preset(struct screen *screen, const char *name);
void screen_act(struct screen *screen, enum action action);

/* row_search.c: goes to the next row of a list whose text holds every word that was searched for,
   case and marks aside, as hits.h goes from one to the next. False: none does, which is said. */
struct row_search {
    const char *text;
    int direction;
    bool from_next; /* from the row after the selected one on */
};
bool screen_find_row(struct screen *screen, struct list *list, const struct row_search *search,
                     void (*write_row)(const void *context, size_t index, char *text, size_t size),
                     const void *context);
void screen_search(struct screen *screen, int direction);
void screen_search_again(struct screen *screen, int direction);

/* Theme, meters' rate and the like, as the options have them now. */
void screen_use_options(struct screen *screen);

/* screen_command.c: completion and history of the command line. */
void screen_command_init(struct screen *screen);
/* The name of the index-th command, with what it takes and what it does; NULL past the last. */
const char *screen_command_at(size_t index, const char **arguments, const char **help);

/* The filter that holds for views 1 and 2 (view 6 chooses it): its expression, and its name. */
const char *screen_filter(const struct screen *screen);
const char *screen_filter_name(const struct screen *screen);
/* view_filters.c: adds, replaces or (expression NULL) deletes a saved one. */
void screen_save_filter(struct screen *screen, const char *name, const char *expression);

/* screen_status.c: */
int status_rows(const struct screen *screen);
/* Asks for the meters in the status lines, when they show and it is time; ms until then, or -1. */
int status_tick(struct screen *screen);
void status_draw(struct screen *screen, struct canvas *canvas, const struct area *area);

#endif
