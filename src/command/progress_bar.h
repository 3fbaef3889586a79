/*
 * progress_bar.h - long work, shown while it goes on, and ended when the user says so.
 *
 * Where stderr is a terminal, one line there shows how far the work is. Everywhere, SIGINT, SIGTERM
 * and SIGHUP (unless it is ignored, as under nohup) set progress->cancel, so that the work cleans
 * up after itself; one that comes two seconds later ends the program at once.
 *
 * Threads: start and stop in the main thread, start before the work makes its threads (they are to
 * leave those signals alone). Between them it has a thread of its own.
 */
#ifndef MP_COMMAND_PROGRESS_BAR_H
#define MP_COMMAND_PROGRESS_BAR_H

#include "command/command.h"
#include "match/profile.h"

struct progress_bar;

/* stages[*stage] says what is done now; stage NULL: stages[0] all along. `quiet`: nothing is shown.
   All is borrowed until stop. NULL with errno: the work can be done without it. */
struct progress_bar *progress_bar_start(const struct command_context *context,
                                        struct progress *progress, _Atomic int *stage,
                                        const char *const stages[], bool quiet);
/* Takes the line away. Returns the signal that asked the work to end, or 0. Takes NULL. */
int progress_bar_stop(struct progress_bar *bar);

#endif
