/*
 * reference.h - what the tracks shall sound like: R and X ask in one line, the rest changes the
 * references that hold for the track that is heard, in the scope they come from.
 *
 * Threads: one.
 */
#ifndef MP_TUI_REFERENCE_H
#define MP_TUI_REFERENCE_H

#include "tui/screen.h"

void reference_make(struct screen *screen);
void reference_clear(struct screen *screen);
/* The selected track becomes one more of them. */
void reference_add(struct screen *screen);
/* The index-th of them counts more or less: by steps of a quarter. */
void reference_weigh(struct screen *screen, size_t index, int by);
void reference_remove(struct screen *screen, size_t index);

/* A scope as the player names it ("playlist", "album"), as words of a command that means what is
   heard. Returns how many; "settings" is none. */
size_t reference_scope_words(const char *scope, const char *words[3]);
/* "the playlist blues", "this album", "everything". */
void reference_scope_say(const struct player_state *state, const char *scope, char *text,
                         size_t size);

#endif
