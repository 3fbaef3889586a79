/* abx.c - a blind test: which trial it is, what X is, what was answered. */
#include "player/abx.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

enum { LINE_SIZE = 11000 };

struct abx {
    enum abx_state state;
    unsigned trials, answered, correct;
    enum abx_source hearing;
    bool x_heard;
    bool x_is_original[ABX_TRIALS_MOST]; /* thrown when the test begins */
};

struct abx *abx_create(void)
{
    return calloc(1, sizeof(struct abx));
}

void abx_destroy(struct abx *abx)
{
    free(abx);
}

int abx_start(struct abx *abx, unsigned trials)
{
    unsigned char coins[ABX_TRIALS_MOST];

    if (abx_goes_on(abx)) {
        return -EBUSY;
    }
    if (trials < ABX_TRIALS_LEAST || trials > ABX_TRIALS_MOST) {
        return -ERANGE;
    }
    if (getrandom(coins, sizeof coins, 0) != (ssize_t)sizeof coins) {
        return -EIO;
    }
    *abx = (struct abx){.state = ABX_WAITING, .trials = trials, .hearing = ABX_X};
    for (size_t i = 0; i < ABX_TRIALS_MOST; i++) {
        abx->x_is_original[i] = (coins[i] & 1U) != 0;
    }
    return 0;
}

void abx_begin(struct abx *abx)
{
    if (abx->state == ABX_WAITING) {
        abx->state = ABX_RUNNING;
        abx->hearing = ABX_X;
        abx->x_heard = true;
    }
}

static int check_running(const struct abx *abx)
{
    if (abx->state == ABX_WAITING) {
        return -EAGAIN;
    }
    return abx->state == ABX_RUNNING ? 0 : -EINVAL;
}

static bool is_original(const struct abx *abx, enum abx_source source)
{
    return source == ABX_X ? abx->x_is_original[abx->answered] : source == ABX_A;
}

int abx_hear(struct abx *abx, enum abx_source source, bool *original)
{
    int result = check_running(abx);

    if (result < 0) {
        return result;
    }
    abx->hearing = source;
    abx->x_heard = abx->x_heard || source == ABX_X;
    *original = is_original(abx, source);
    return 0;
}

int abx_answer(struct abx *abx, enum abx_source source, bool *original)
{
    int result = check_running(abx);

    if (result < 0) {
        return result;
    }
    if (source == ABX_X) {
        return -EINVAL;
    }
    if (!abx->x_heard) {
        return -ENODATA;
    }
    abx->correct += abx->x_is_original[abx->answered] == (source == ABX_A);
    abx->answered++;
    if (abx->answered == abx->trials) {
        abx->state = ABX_DONE;
        return 0;
    }
    /* X of the next trial sounds at once: going back to A would tell what X had been. */
    abx->hearing = ABX_X;
    abx->x_heard = true;
    *original = is_original(abx, ABX_X);
    return 0;
}

void abx_stop(struct abx *abx)
{
    if (abx_goes_on(abx)) {
        abx->state = ABX_STOPPED;
    }
}

bool abx_goes_on(const struct abx *abx)
{
    return abx->state == ABX_WAITING || abx->state == ABX_RUNNING;
}

void abx_read(const struct abx *abx, struct abx_status *status)
{
    *status = (struct abx_status){.state = abx->state,
                                  .trials = abx->trials,
                                  .answered = abx->answered,
                                  .hearing = abx->hearing,
                                  .x_heard = abx->x_heard,
                                  .p_value = 1.0};
    if (abx->state == ABX_DONE) {
        status->correct = abx->correct;
        status->p_value = abx_p_value(abx->correct, abx->trials);
    }
}

double abx_p_value(unsigned correct, unsigned trials)
{
    double term = 1.0; /* (trials over k) / 2^trials, from k = 0 up */
    double sum = 0.0;

    for (unsigned i = 0; i < trials; i++) {
        term /= 2.0;
    }
    for (unsigned k = 0; k <= trials; k++) {
        sum += k >= correct ? term : 0.0;
        term *= (double)(trials - k) / (k + 1);
    }
    return sum;
}

const char *abx_state_name(enum abx_state state)
{
    static const char *const names[] = {"none", "waiting", "running", "done", "stopped"};

    return names[state];
}

/* A line end in a name would make two lines of one. */
static void flatten(char *line)
{
    for (char *c = line; *c != '\0'; c++) {
        *c = *c == '\n' || *c == '\r' ? ' ' : *c;
    }
}

int abx_log(const struct abx *abx, const char *path, const struct abx_subject *subject)
{
    char line[LINE_SIZE], how[128];
    char when[32];
    time_t now = time(NULL);
    struct tm local;
    size_t length;
    int file;
    int result = 0;

    localtime_r(&now, &local);
    strftime(when, sizeof when, "%Y-%m-%d %H:%M:%S", &local);
    if (abx->state == ABX_DONE) {
        snprintf(how, sizeof how, "%u of %u right, p = %.4f", abx->correct, abx->trials,
                 abx_p_value(abx->correct, abx->trials));
    } else {
        snprintf(how, sizeof how, "given up after %u of %u, no result", abx->answered, abx->trials);
    }
    snprintf(line, sizeof line - 1, "%s  %s  %.4000s  A: %.1000s  B: %.1000s%s%.4000s", when, how,
             subject->track, subject->a, subject->b,
             subject->reference[0] != '\0' ? "  reference: " : "", subject->reference);
    flatten(line);
    length = strlen(line);
    line[length++] = '\n';
    file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) {
        return -errno;
    }
    if (write(file, line, length) != (ssize_t)length) {
        result = errno != 0 ? -errno : -EIO;
    }
    if (close(file) < 0 && result == 0) {
        result = -errno;
    }
    return result;
}
