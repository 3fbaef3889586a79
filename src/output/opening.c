/* opening.c - a device opened, or closed, in a thread of its own. */
#include "output/opening.h"

#include "base/moment.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STACK_BYTES = 512 * 1024 };

struct opening {
    const struct sink_class *class;
    struct sink_request request;
    char *device;

    pthread_mutex_t lock; /* all of this */
    pthread_cond_t over;
    bool done, left; /* who comes second frees it */
    int result;
    struct sink *sink; /* to be closed, or as opened */
    struct sink_format format;
    char message[SINK_MESSAGE_SIZE];
};

static void opening_free(struct opening *opening)
{
    pthread_cond_destroy(&opening->over);
    pthread_mutex_destroy(&opening->lock);
    free(opening->device);
    free(opening);
}

static void *close_sink(void *argument)
{
    struct opening *opening = argument;
    bool left;

    opening->sink->class->close(opening->sink);
    pthread_mutex_lock(&opening->lock);
    opening->done = true;
    left = opening->left;
    pthread_cond_signal(&opening->over);
    pthread_mutex_unlock(&opening->lock);
    if (left) {
        opening_free(opening);
    }
    return NULL;
}

static void *open_sink(void *argument)
{
    struct opening *opening = argument;
    struct sink *sink = NULL;
    bool left;
    int result = opening->class->open(&sink, &opening->request, &opening->format, opening->message);

    pthread_mutex_lock(&opening->lock);
    opening->result = result;
    opening->sink = sink;
    opening->done = true;
    left = opening->left;
    pthread_cond_signal(&opening->over);
    pthread_mutex_unlock(&opening->lock);
    if (left) {
        if (result >= 0) {
            sink->class->close(sink);
        }
        opening_free(opening);
    }
    return NULL;
}

static int start(struct opening *opening, void *(*work)(void *))
{
    pthread_attr_t attributes;
    pthread_t thread;
    int result;

    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    result = pthread_create(&thread, &attributes, work, opening);
    pthread_attr_destroy(&attributes);
    if (result == 0) {
        pthread_setname_np(thread, "mp-device");
    }
    return -result;
}

static struct opening *opening_create(void)
{
    struct opening *opening = calloc(1, sizeof *opening);
    pthread_condattr_t monotonic;

    if (opening == NULL) {
        return NULL;
    }
    pthread_mutex_init(&opening->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&opening->over, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return opening;
}

struct opening *opening_begin(const struct sink_class *class, const struct sink_request *request)
{
    struct opening *opening = opening_create();
    int result = -ENOMEM;

    if (opening == NULL) {
        return NULL;
    }
    opening->class = class;
    opening->request = *request;
    opening->device = strdup(request->device);
    opening->request.device = opening->device;
    if (opening->device != NULL) {
        result = start(opening, open_sink);
    }
    if (result < 0) {
        opening_free(opening);
        errno = -result;
        return NULL;
    }
    return opening;
}

/* True: it is over, and the opening is the caller's alone. */
static bool wait_for(struct opening *opening, int timeout_ms)
{
    struct timespec until = moment_in(timeout_ms);
    bool done;

    pthread_mutex_lock(&opening->lock);
    while (!opening->done) {
        if (timeout_ms < 0) {
            pthread_cond_wait(&opening->over, &opening->lock);
        } else if (pthread_cond_timedwait(&opening->over, &opening->lock, &until) != 0) {
            break;
        }
    }
    done = opening->done;
    pthread_mutex_unlock(&opening->lock);
    return done;
}

int opening_end(struct opening *opening, int timeout_ms, struct sink **sink,
                struct sink_format *format, char message[SINK_MESSAGE_SIZE])
{
    int result;

    if (!wait_for(opening, timeout_ms)) {
        return -EINPROGRESS;
    }
    result = opening->result;
    *sink = opening->sink;
    *format = opening->format;
    memcpy(message, opening->message, SINK_MESSAGE_SIZE);
    opening_free(opening);
    return result;
}

void opening_leave(struct opening *opening)
{
    bool done;

    if (opening == NULL) {
        return;
    }
    pthread_mutex_lock(&opening->lock);
    done = opening->done;
    opening->left = true;
    pthread_mutex_unlock(&opening->lock);
    if (done) {
        if (opening->result >= 0) {
            opening_close(opening->sink, 0);
        }
        opening_free(opening);
    }
}

bool opening_close(struct sink *sink, int timeout_ms)
{
    struct opening *opening = opening_create();
    bool done;

    if (opening == NULL) {
        sink->class->close(sink);
        return true;
    }
    opening->sink = sink;
    if (start(opening, close_sink) < 0) {
        opening_free(opening);
        sink->class->close(sink);
        return true;
    }
    wait_for(opening, timeout_ms);
    pthread_mutex_lock(&opening->lock);
    done = opening->done; /* the thread looks at `left` under the lock, too */
    opening->left = true;
    pthread_mutex_unlock(&opening->lock);
    if (done) {
        opening_free(opening);
    }
    return done;
}
