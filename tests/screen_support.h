/*
 * screen_support.h - a screen on a canvas, and a player whose answers stand in a file.
 *
 * The file has blocks: a line "> COMMAND ARG ...", as it comes over the socket, then the lines of
 * the answer up to OK or ACK. What is not in the file is an unknown command; idle never answers.
 */
#ifndef MP_TESTS_SCREEN_SUPPORT_H
#define MP_TESTS_SCREEN_SUPPORT_H

#include "tui/screen.h"

struct stage {
    struct screen *screen;
    struct canvas *canvas;
    struct options *options;
    char *answers;
    char socket[128];
    int listener, clients[2];
    char input[2][65536];
    size_t used[2];
    char *asked; /* every command that came, a line each */
    size_t asked_size;
    FILE *asked_file;
};

/* For a group of tests: settings and filters are those of tests/data/screen/config; no SSH. */
int stage_set_up(void **state);
void stage_open(struct stage *stage, const char *answers, int rows, int columns, bool unicode);
/* The same with other settings, which are the stage's from now on. */
void stage_open_with(struct stage *stage, struct options *options, const char *answers, int rows,
                     int columns, bool unicode);
void stage_close(struct stage *stage);
/* From now on the player gives these answers before those of the file: blocks as there. */
void stage_answer_more(struct stage *stage, const char *answers);
/* Lets screen and player talk until nothing more is said, and draws. */
void stage_settle(struct stage *stage);
/* The player ends, and none comes in its place. */
void stage_lose_player(struct stage *stage);
/* Types keys as keys.h names them, one after the other, with time to settle after each. */
void stage_type(struct stage *stage, const char *keys);
/* Types keys that arrive all at once: nothing is answered or drawn in between, or after them. */
void stage_type_at_once(struct stage *stage, const char *keys);
/* What the canvas shows; the caller's. */
char *stage_text(struct stage *stage);
bool stage_shows(struct stage *stage, const char *part);
/* Fails the test when it does not. */
void stage_assert_shows(struct stage *stage, const char *part);
/* True if a command was sent that holds this text. */
bool stage_was_asked(struct stage *stage, const char *text);
/* Fails the test when the canvas is not what the file tests/data/screen/NAME.txt holds; with
   GOLDEN_UPDATE in the environment the file is written instead. */
void stage_is_golden(struct stage *stage, const char *name);

#endif
