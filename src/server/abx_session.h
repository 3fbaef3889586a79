/*
 * abx_session.h - a blind test on the player: its books (player/abx.h), what is heard, its log.
 *
 * A and B are whatever the slots hold, as long as it is not the same. A test needs both exactly
 * equally loud: it waits until the track's rehearsals are done and the gains have been reached.
 * What was chosen before (A or B, true or equal level) comes back when it ends. Time passes only
 * when it is asked: each function looks whether it may begin.
 *
 * Threads: the server's loop.
 */
#ifndef MP_SERVER_ABX_SESSION_H
#define MP_SERVER_ABX_SESSION_H

#include "player/abx.h"
#include "player/player.h"

enum { ABX_MESSAGE_SIZE = 256 };

struct abx_session;

/* log_path: the file that each test leaves a line in. NULL with ENOMEM. */
struct abx_session *abx_session_create(struct player *player, const char *log_path,
                                       struct log *log);
void abx_session_destroy(struct abx_session *session);

/* What the slots hold, as it is written (server/slots.h). */
struct abx_slots {
    const char *a, *b;
};

/* All: 0, or negative errno with one line in message. -ENOENT: there is nothing to compare. */
int abx_session_start(struct abx_session *session, unsigned trials, const struct abx_slots *slots,
                      char message[ABX_MESSAGE_SIZE]);
int abx_session_hear(struct abx_session *session, enum abx_source source,
                     char message[ABX_MESSAGE_SIZE]);
int abx_session_answer(struct abx_session *session, enum abx_source source,
                       char message[ABX_MESSAGE_SIZE]);
void abx_session_stop(struct abx_session *session);

void abx_session_read(struct abx_session *session, struct abx_status *status);
/* True while it must not be told whether A or B is heard. Takes NULL. */
bool abx_session_is_blind(const struct abx_session *session);

#endif
