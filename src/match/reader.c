/* reader.c - decoding beside the work that needs it. */
#include "match/reader.h"

#include "match/match.h"
#include "match/pipe.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

enum { BLOCKS = 8, STACK_BYTES = 512 << 10 };

struct reader {
    struct programme *programme;
    size_t frames;
    struct pipe *pipe;
    pthread_t thread;
    bool started;
    struct media_error error; /* of the reading thread; looked at after its end was told */
};

static ssize_t read_chunk(struct reader *reader, struct pipe_block *block)
{
    float *const channel[MEDIA_CHANNELS] = {block->channel[0], block->channel[1]};
    size_t done = 0;

    while (done < reader->frames) {
        float *const rest[MEDIA_CHANNELS] = {channel[0] + done, channel[1] + done};
        ssize_t got =
            programme_read(reader->programme, rest, reader->frames - done, &reader->error);

        if (got < 0)
            return got;
        if (got == 0)
            break;
        done += (size_t)got;
    }
    return (ssize_t)done;
}

static void *read_programme(void *argument)
{
    struct reader *reader = argument;
    struct pipe_block *block;
    ssize_t got = 0;

    while ((block = pipe_blank(reader->pipe))) {
        got = read_chunk(reader, block);
        if (got <= 0)
            break;
        pipe_pass(reader->pipe, (size_t)got);
    }
    pipe_end(reader->pipe, got < 0 ? (int)got : 0);
    return NULL;
}

static int start_thread(struct reader *reader)
{
    pthread_attr_t attributes;
    int result = pthread_attr_init(&attributes);

    if (result != 0)
        return -result;
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    result = pthread_create(&reader->thread, &attributes, read_programme, reader);
    pthread_attr_destroy(&attributes);
    reader->started = result == 0;
    return -result;
}

static void stop(struct reader *reader)
{
    if (!reader)
        return;
    if (reader->started) {
        pipe_stop(reader->pipe);
        pthread_join(reader->thread, NULL);
    }
    pipe_destroy(reader->pipe);
    free(reader);
}

static struct reader *start(struct programme *programme, size_t frames, struct media_error *error)
{
    struct reader *reader = NULL;
    int result = programme_rewind(programme, error);

    if (result < 0)
        goto fail;
    result = -ENOMEM;
    reader = calloc(1, sizeof(*reader));
    if (!reader)
        goto memory;
    reader->programme = programme;
    reader->frames = frames;
    reader->pipe = pipe_create(BLOCKS, frames, sizeof(float));
    if (!reader->pipe)
        goto memory;
    result = start_thread(reader);
    if (result == 0)
        return reader;
memory:
    match_fail_memory(error);
fail:
    stop(reader);
    errno = -result;
    return NULL;
}

static ssize_t next(struct reader *reader, const float *channel[MEDIA_CHANNELS],
                    struct media_error *error)
{
    int result;
    const struct pipe_block *block = pipe_take(reader->pipe, &result);

    if (block) {
        channel[0] = block->channel[0];
        channel[1] = block->channel[1];
        return (ssize_t)block->frames;
    }
    if (result < 0)
        *error = reader->error;
    return result;
}

int reader_run(struct programme *programme, size_t frames, const struct reader_sink *sink,
               struct progress *progress, struct media_error *error)
{
    const float *channel[MEDIA_CHANNELS];
    struct reader *reader;
    bool exact;
    int result = 0;
    ssize_t got = 0;

    progress_begin(progress, programme_frames(programme, &exact));
    reader = start(programme, frames, error);
    if (!reader)
        return -errno;
    while (result == 0 && (got = next(reader, channel, error)) > 0) {
        if (sink->take(sink->context, channel, (size_t)got) < 0)
            result = match_fail_memory(error);
        else if (progress_advance(progress, got) < 0)
            result = match_fail(error, -ECANCELED, "cancelled");
    }
    stop(reader);
    return result < 0 ? result : (int)got;
}
