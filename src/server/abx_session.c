/* abx_session.c - a blind test on the player: when it may begin, what is heard, what is kept. */
#include "server/abx_session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* After the rehearsal the gains take up to 2 s to their place. */
enum { SETTLE_MS = 2200, SLOT_SIZE = 1024 };

struct abx_session {
    struct player *player;
    struct log *log;
    struct abx *abx;
    char *log_path;
    bool was_original, was_equal; /* before the test */
    uint64_t ready_since_ms;      /* 0: it is not */
    uint32_t ready_track;
    struct player_status status;
    char track[4096], reference[4096], a[SLOT_SIZE], b[SLOT_SIZE]; /* that the test began with */
};

static uint64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

struct abx_session *abx_session_create(struct player *player, const char *log_path, struct log *log)
{
    struct abx_session *session = calloc(1, sizeof *session);

    if (session == NULL) {
        return NULL;
    }
    session->player = player;
    session->log = log;
    session->abx = abx_create();
    session->log_path = strdup(log_path);
    if (session->abx == NULL || session->log_path == NULL) {
        abx_session_destroy(session);
        errno = ENOMEM;
        return NULL;
    }
    return session;
}

void abx_session_destroy(struct abx_session *session)
{
    if (session == NULL) {
        return;
    }
    abx_destroy(session->abx);
    free(session->log_path);
    free(session);
}

/* --- when it may begin --------------------------------------------------------------------- */

/* It is known what A and B are. */
static bool is_settled(const struct player_status *status)
{
    return status->state != PLAYER_STARTING && status->match != PLAYER_MATCH_WAITING &&
           status->match_a != PLAYER_MATCH_WAITING;
}

/* Both sides of what plays are exactly equally loud, or will be within SETTLE_MS. */
static bool is_equal(const struct player_status *status)
{
    return status->state != PLAYER_STOPPED && is_settled(status) && !status->alike &&
           status->equal_loudness && !status->gains_estimated;
}

/* What was before comes back, and the test leaves its line. */
static void finish(struct abx_session *session)
{
    int result;

    if (player_is_blind(session->player)) {
        player_switch_blindly(session->player, session->was_original);
        player_set_blind(session->player, false);
        result = abx_log(
            session->abx, session->log_path,
            &(struct abx_subject){session->track, session->a, session->b, session->reference});
        if (result < 0) {
            log_write(session->log, LOG_WARNING, "%s: %s; the blind test is not kept there",
                      session->log_path, strerror(-result));
        }
    }
    if (!session->was_equal) {
        player_set_equal_loudness(session->player, false);
    }
}

static void look(struct abx_session *session)
{
    struct player_status *status = &session->status;
    bool original;

    player_read_status(session->player, status);
    if (!is_equal(status)) {
        session->ready_since_ms = 0;
        if (!player_is_blind(session->player) && is_settled(status) && status->alike) {
            abx_session_stop(session); /* it turned out that there is nothing to compare */
        }
        return;
    }
    if (session->ready_since_ms == 0 || session->ready_track != status->id) {
        session->ready_since_ms = now_ms();
        session->ready_track = status->id;
    }
    if (now_ms() - session->ready_since_ms < SETTLE_MS) {
        return;
    }
    abx_begin(session->abx);
    if (!player_is_blind(session->player) && abx_hear(session->abx, ABX_X, &original) == 0) {
        memcpy(session->track, status->path, sizeof session->track);
        memcpy(session->reference, status->reference, sizeof session->reference);
        player_set_blind(session->player, true);
        player_switch_blindly(session->player, original);
    }
}

/* --- use ----------------------------------------------------------------------------------- */

static void explain_alike(const struct player_status *status, const struct abx_slots *slots,
                          char message[ABX_MESSAGE_SIZE])
{
    if (strcmp(slots->a, slots->b) == 0) {
        snprintf(message, ABX_MESSAGE_SIZE, "A and B are both %.100s; `match slot` has them differ",
                 slots->a);
    } else if (status->reference[0] == '\0') {
        snprintf(message, ABX_MESSAGE_SIZE,
                 "this track has no reference: A and B are the same; `match reference` gives one");
    } else {
        snprintf(message, ABX_MESSAGE_SIZE,
                 "A and B are the same on this track; `match status` says what holds for it");
    }
}

int abx_session_start(struct abx_session *session, unsigned trials, const struct abx_slots *slots,
                      char message[ABX_MESSAGE_SIZE])
{
    const struct player_status *status = &session->status;
    int result;

    if (trials < ABX_TRIALS_LEAST || trials > ABX_TRIALS_MOST) {
        snprintf(message, ABX_MESSAGE_SIZE, "a blind test has %d to %d trials", ABX_TRIALS_LEAST,
                 ABX_TRIALS_MOST);
        return -ERANGE;
    }
    if (abx_goes_on(session->abx)) {
        snprintf(message, ABX_MESSAGE_SIZE, "a blind test goes on; `match abx stop` gives it up");
        return -EBUSY;
    }
    player_read_status(session->player, &session->status);
    if (status->state == PLAYER_STOPPED) {
        snprintf(message, ABX_MESSAGE_SIZE, "nothing plays; a blind test needs a track");
        return -ENOENT;
    }
    if (is_settled(status) && status->alike) {
        explain_alike(status, slots, message);
        return -ENOENT;
    }
    result = abx_start(session->abx, trials);
    if (result < 0) {
        snprintf(message, ABX_MESSAGE_SIZE, "no chance numbers: %s", strerror(-result));
        return result;
    }
    snprintf(session->a, sizeof session->a, "%s", slots->a);
    snprintf(session->b, sizeof session->b, "%s", slots->b);
    session->was_original = status->original;
    session->was_equal = status->equal_loudness;
    session->ready_since_ms = 0;
    player_set_equal_loudness(session->player, true);
    return 0;
}

static int explain(int result, char message[ABX_MESSAGE_SIZE])
{
    const char *line = "there is no blind test; `match abx start N` begins one";

    if (result == -EAGAIN) {
        line = "the test waits until both sides are exactly equally loud";
    } else if (result == -ENODATA) {
        line = "X was not heard in this trial; `match abx hear x` first";
    }
    snprintf(message, ABX_MESSAGE_SIZE, "%s", line);
    return result;
}

/* The next track's match may not be there yet. */
static int check_equal(const struct abx_session *session)
{
    return abx_goes_on(session->abx) && session->ready_since_ms == 0 ? -EAGAIN : 0;
}

int abx_session_hear(struct abx_session *session, enum abx_source source,
                     char message[ABX_MESSAGE_SIZE])
{
    bool original = false;
    int result;

    look(session);
    result = check_equal(session);
    if (result == 0) {
        result = abx_hear(session->abx, source, &original);
    }
    if (result < 0) {
        return explain(result, message);
    }
    player_switch_blindly(session->player, original);
    return 0;
}

int abx_session_answer(struct abx_session *session, enum abx_source source,
                       char message[ABX_MESSAGE_SIZE])
{
    bool original = false;
    int result;

    look(session);
    result = check_equal(session);
    if (result == 0) {
        result = abx_answer(session->abx, source, &original);
    }
    if (result < 0) {
        return explain(result, message);
    }
    if (abx_goes_on(session->abx)) {
        player_switch_blindly(session->player, original);
    } else {
        finish(session);
    }
    return 0;
}

void abx_session_stop(struct abx_session *session)
{
    if (abx_goes_on(session->abx)) {
        abx_stop(session->abx);
        finish(session);
    }
}

void abx_session_read(struct abx_session *session, struct abx_status *status)
{
    if (abx_goes_on(session->abx)) {
        look(session);
    }
    abx_read(session->abx, status);
}

bool abx_session_is_blind(const struct abx_session *session)
{
    return session != NULL && player_is_blind(session->player);
}
