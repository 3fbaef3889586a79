/* profile.c - reads a programme and makes its profile. */
#include "match/profile.h"

#include "match/analysis.h"
#include "match/match.h"
#include "measure/loudness.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { CHUNK_FRAMES = 4096, READINGS_MAX = 3 };

size_t profile_fft_size(uint32_t rate_hz)
{
    long octaves = lround(log2((double)rate_hz / 44100.0));

    if (octaves < -3)
        octaves = -3;
    return octaves < 0 ? (size_t)4096 >> -octaves : (size_t)4096 << octaves;
}

/* What a reading needs. */
struct reading {
    struct programme *programme;
    struct progress *progress;
    struct media_error *error;
    struct analysis *analysis; /* NULL: frames are only counted */
    struct loudness *loudness; /* NULL: not measured */
    int64_t frames;            /* read in the last reading */
};

static int take_chunk(struct reading *reading, float *const channel[MEDIA_CHANNELS], size_t frames)
{
    const float *const heard[MEDIA_CHANNELS] = {channel[0], channel[1]};

    reading->frames += (int64_t)frames;
    if (reading->analysis)
        analysis_feed(reading->analysis, heard, frames);
    if (reading->loudness && loudness_add_f32(reading->loudness, heard, frames) < 0)
        return match_fail_memory(reading->error);
    if (progress_advance(reading->progress, (int64_t)frames) < 0)
        return match_fail(reading->error, -ECANCELED, "cancelled");
    return 0;
}

static int read_all(struct reading *reading)
{
    float *memory = malloc((size_t)2 * CHUNK_FRAMES * sizeof(*memory));
    float *channel[MEDIA_CHANNELS] = {memory, memory ? memory + CHUNK_FRAMES : NULL};
    int result;

    if (!memory)
        return match_fail_memory(reading->error);
    reading->frames = 0;
    result = programme_rewind(reading->programme, reading->error);
    while (result == 0) {
        ssize_t got = programme_read(reading->programme, channel, CHUNK_FRAMES, reading->error);

        if (got <= 0) {
            result = (int)got;
            break;
        }
        result = take_chunk(reading, channel, (size_t)got);
    }
    free(memory);
    return result;
}

/* One analysis of `frames` frames; *right tells whether there were so many. */
static int analyse(struct reading *reading, int64_t frames, enum profile_depth depth, bool *right)
{
    uint32_t rate_hz = programme_rate_hz(reading->programme);
    int result;

    reading->analysis = analysis_create(rate_hz, frames);
    if (!reading->analysis)
        return match_fail_memory(reading->error);
    if (depth == PROFILE_FULL) {
        reading->loudness = loudness_create(rate_hz, LOUDNESS_FULL);
        if (!reading->loudness)
            return match_fail(reading->error, -errno, "%s: loudness cannot be measured at %u Hz",
                              programme_name(reading->programme), rate_hz);
    }
    result = read_all(reading);
    *right = reading->frames == frames;
    if (result < 0 || !*right || !analysis_again(reading->analysis))
        return result;
    /* So many pieces that their spectra need a reading of their own: the loudness is known. */
    struct loudness *loudness = reading->loudness;

    reading->loudness = NULL;
    result = read_all(reading);
    reading->loudness = loudness;
    *right = reading->frames == frames;
    return result;
}

static void end_analysis(struct reading *reading)
{
    analysis_destroy(reading->analysis);
    loudness_destroy(reading->loudness);
    reading->analysis = NULL;
    reading->loudness = NULL;
}

static struct profile *allocate_profile(uint32_t rate_hz)
{
    struct profile *profile = calloc(1, sizeof(*profile));

    if (!profile)
        return NULL;
    profile->rate_hz = rate_hz;
    profile->fft_size = profile_fft_size(rate_hz);
    profile->bins = profile->fft_size / 2 + 1;
    profile->mid = calloc(profile->bins, sizeof(*profile->mid));
    profile->side = calloc(profile->bins, sizeof(*profile->side));
    profile->loudness_lufs = profile->true_peak_dbtp = profile->rms_db = -HUGE_VAL;
    profile->correlation = 1.0;
    if (profile->mid && profile->side)
        return profile;
    profile_destroy(profile);
    return NULL;
}

void profile_destroy(struct profile *profile)
{
    if (!profile)
        return;
    free(profile->mid);
    free(profile->side);
    free(profile);
}

static void take_results(const struct reading *reading, struct profile *profile)
{
    analysis_result(reading->analysis, profile);
    if (!reading->loudness)
        return;
    profile->measured = true;
    profile->loudness_lufs = loudness_lufs(reading->loudness);
    profile->loudness_range_lu = loudness_range_lu(reading->loudness);
    profile->true_peak_dbtp = loudness_true_peak_dbtp(reading->loudness);
}

/* Analyses until the length assumed was the length found. */
static int fill_profile(struct reading *reading, enum profile_depth depth, int64_t frames,
                        struct profile *profile)
{
    for (int i = 0; i < READINGS_MAX && frames > 0; i++) {
        bool right = false;
        int result = analyse(reading, frames, depth, &right);

        if (result == 0 && right)
            take_results(reading, profile);
        end_analysis(reading);
        if (result < 0 || right)
            return result;
        frames = reading->frames;
        progress_begin(reading->progress, frames);
    }
    if (frames == 0)
        return 0;
    return match_fail(reading->error, -EIO,
                      "%s: its length changes while it is read; wait until "
                      "it is complete",
                      programme_name(reading->programme));
}

struct profile *profile_create(struct programme *programme, enum profile_depth depth,
                               struct progress *progress, struct media_error *error)
{
    struct reading reading = {.programme = programme, .progress = progress, .error = error};
    struct profile *profile = allocate_profile(programme_rate_hz(programme));
    bool exact = false;
    int64_t frames = programme_frames(programme, &exact);
    int result = 0;

    if (!profile) {
        match_fail_memory(error);
        return NULL;
    }
    progress_begin(progress, frames > 0 ? frames : 0);
    if (frames <= 0) {
        result = read_all(&reading);
        frames = reading.frames;
        progress_begin(progress, frames);
    }
    if (result == 0)
        result = fill_profile(&reading, depth, frames, profile);
    if (result < 0) {
        profile_destroy(profile);
        errno = -result;
        return NULL;
    }
    return profile;
}
