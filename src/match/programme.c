/* programme.c - files joined into one stream, one of them open at a time. */
#include "match/programme.h"

#include "match/match.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { MEASURED_HZ = 44100 };

struct programme {
    char **paths;
    size_t count, current; /* current == count: all is read */
    uint32_t rate_hz;
    struct media_info info;          /* of the first file */
    bool fresh;                      /* nothing was read yet: at the first frame already */
    struct decoder *decoder;         /* of `current`, NULL when all is read */
    char damage[MEDIA_MESSAGE_SIZE]; /* the first line told by a file that is closed again */
};

static int open_current(struct programme *programme, struct media_error *error)
{
    return decoder_open(&programme->decoder, programme->paths[programme->current],
                        programme->rate_hz, error);
}

static int copy_paths(struct programme *programme, const char *const paths[], size_t count)
{
    programme->paths = calloc(count, sizeof(*programme->paths));
    if (!programme->paths)
        return -ENOMEM;
    programme->count = count;
    for (size_t i = 0; i < count; i++) {
        programme->paths[i] = strdup(paths[i]);
        if (!programme->paths[i])
            return -ENOMEM;
    }
    return 0;
}

int programme_open(struct programme **out, const char *const paths[], size_t count,
                   uint32_t rate_hz, struct media_error *error)
{
    struct programme *programme = NULL;
    int result = -EINVAL;

    *out = NULL;
    *error = (struct media_error){.code = -EINVAL, .message = "no file was named"};
    if (count == 0)
        return result;
    for (size_t i = 0; i < count; i++) {
        if (media_is_address(paths[i])) {
            return match_fail(error, -EINVAL,
                              "%s: is an address, and what is sent there is not known beforehand; "
                              "save it to a file first",
                              paths[i]);
        }
    }
    *error = (struct media_error){.code = -ENOMEM, .message = "out of memory"};
    programme = calloc(1, sizeof(*programme));
    if (!programme)
        return -ENOMEM;
    programme->rate_hz = rate_hz;
    result = copy_paths(programme, paths, count);
    if (result < 0)
        goto fail;
    result = open_current(programme, error);
    if (result < 0)
        goto fail;
    programme->info = *decoder_info(programme->decoder);
    programme->rate_hz = programme->info.rate_hz;
    programme->fresh = true;
    error->code = 0;
    error->message[0] = '\0';
    *out = programme;
    return 0;
fail:
    programme_close(programme);
    return result;
}

uint32_t programme_measured_hz(uint32_t rate_hz)
{
    return rate_hz > MEASURED_HZ ? MEASURED_HZ : rate_hz;
}

int programme_open_measured(struct programme **out, const char *const paths[], size_t count,
                            struct media_error *error)
{
    int result = programme_open(out, paths, count, 0, error);

    if (result < 0 || *out == NULL || programme_is_measured(*out))
        return result;
    programme_close(*out);
    return programme_open(out, paths, count, MEASURED_HZ, error);
}

bool programme_is_measured(const struct programme *programme)
{
    return programme->rate_hz == programme_measured_hz(programme->info.source_rate_hz);
}

void programme_close(struct programme *programme)
{
    if (!programme)
        return;
    decoder_close(programme->decoder);
    for (size_t i = 0; i < programme->count; i++)
        free(programme->paths[i]);
    free(programme->paths);
    free(programme);
}

uint32_t programme_rate_hz(const struct programme *programme)
{
    return programme->rate_hz;
}

const struct media_info *programme_info(const struct programme *programme)
{
    return &programme->info;
}

const char *programme_name(const struct programme *programme)
{
    return programme->paths[0];
}

int64_t programme_frames(struct programme *programme, bool *exact)
{
    int64_t total = programme->info.frames;

    *exact = total >= 0 && programme->info.frames_exact;
    for (size_t i = 1; i < programme->count && total >= 0; i++) {
        struct decoder *decoder = NULL;
        struct media_error error;

        if (decoder_open(&decoder, programme->paths[i], programme->rate_hz, &error) < 0) {
            *exact = false;
            return -1;
        }
        const struct media_info *info = decoder_info(decoder);

        *exact = *exact && info->frames_exact;
        total = info->frames < 0 ? -1 : total + info->frames;
        decoder_close(decoder);
    }
    return total;
}

/* Closes the current file, keeping what was wrong with it. */
static void leave_current(struct programme *programme)
{
    if (!programme->damage[0] && programme->decoder)
        decoder_damage_line(programme->decoder, programme->damage, sizeof(programme->damage));
    decoder_close(programme->decoder);
    programme->decoder = NULL;
}

ssize_t programme_read(struct programme *programme, float *const channel[MEDIA_CHANNELS],
                       size_t frames, struct media_error *error)
{
    size_t done = 0;

    programme->fresh = false;
    while (done < frames && programme->current < programme->count) {
        float *rest[MEDIA_CHANNELS] = {channel[0] + done, channel[1] + done};

        if (!programme->decoder) {
            int result = open_current(programme, error);

            if (result < 0)
                return result;
        }
        ssize_t got = decoder_read(programme->decoder, rest, frames - done, error);
        if (got < 0)
            return got;
        if (got > 0) {
            done += (size_t)got;
            continue;
        }
        /* The last file stays open: a rewind of a single track needs no new one. */
        if (programme->current + 1 < programme->count)
            leave_current(programme);
        programme->current++;
    }
    return (ssize_t)done;
}

int programme_rewind(struct programme *programme, struct media_error *error)
{
    if (programme->fresh)
        return 0;
    programme->damage[0] = '\0';
    programme->current = 0;
    programme->fresh = true;
    if (programme->count == 1 && programme->decoder && programme->info.seekable)
        return decoder_seek(programme->decoder, 0, error);
    decoder_close(programme->decoder);
    programme->decoder = NULL;
    return open_current(programme, error);
}

bool programme_damage_line(const struct programme *programme, char *line, size_t size)
{
    if (!programme->damage[0])
        return programme->decoder && decoder_damage_line(programme->decoder, line, size);
    strncpy(line, programme->damage, size - 1);
    line[size - 1] = '\0';
    return true;
}
