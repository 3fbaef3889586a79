/* profile.c - reads a programme and makes its profile. */
#include "match/profile.h"

#include "match/analysis.h"
#include "match/crew.h"
#include "match/match.h"
#include "measure/loudness.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { READINGS_MAX = 3 };

size_t profile_fft_size(uint32_t rate_hz)
{
    long octaves = lround(log2((double)rate_hz / 44100.0));

    if (octaves < -3)
        octaves = -3;
    return octaves < 0 ? (size_t)4096 >> -octaves : (size_t)4096 << octaves;
}

bool profile_has(const struct profile *profile, enum profile_depth depth)
{
    return (depth != PROFILE_FULL || profile->measured) &&
           (depth != PROFILE_CHARACTER || profile->characterised);
}

/* What a reading needs. */
struct reading {
    struct programme *programme;
    struct progress *progress;
    struct media_error *error;
    struct analysis *analysis[CREW_MAX]; /* one a worker; NULL: frames are only counted */
    struct loudness *loudness;           /* NULL: not measured */
    struct short_term_table *levels;     /* NULL: not measured */
    struct short_term_listener *ear[CREW_MAX];
    int64_t frames; /* read in the last reading */
};

/* One who takes every nth chunk. */
struct listener {
    struct analysis *analysis;
    struct loudness *loudness;
    struct short_term_listener *ear;
};

static int take_chunk(void *context, const struct crew_chunk *chunk)
{
    struct listener *listener = context;

    if (listener->analysis) {
        analysis_go_to(listener->analysis, chunk->start, chunk->channel);
        analysis_feed(listener->analysis, chunk->channel, chunk->frames);
    }
    if (listener->loudness &&
        loudness_add_f32(listener->loudness, chunk->channel, chunk->frames) < 0)
        return -ENOMEM;
    if (listener->ear)
        short_term_listen(listener->ear, chunk->start, chunk->channel, chunk->frames);
    return 0;
}

static int read_all(struct reading *reading, size_t workers)
{
    struct listener listener[CREW_MAX];
    struct crew_task task = {.workers = workers,
                             .before = profile_fft_size(programme_rate_hz(reading->programme)),
                             .work = take_chunk,
                             .progress = reading->progress};

    for (size_t i = 0; i < workers; i++) {
        listener[i] = (struct listener){reading->analysis[i], reading->loudness, reading->ear[i]};
        task.worker[i] = &listener[i];
    }
    return crew_run(&task, reading->programme, &reading->frames, reading->error);
}

/* Loudness must hear everything in order: one worker. */
static size_t workers_for(enum profile_depth depth)
{
    return depth == PROFILE_FULL ? 1 : CREW_MAX;
}

static int begin_listening(struct reading *reading, int64_t frames)
{
    reading->levels = short_term_table_create(programme_rate_hz(reading->programme), frames);
    if (!reading->levels)
        return match_fail_memory(reading->error);
    for (size_t i = 0; i < CREW_MAX; i++) {
        reading->ear[i] = short_term_listener_create(reading->levels);
        if (!reading->ear[i])
            return match_fail_memory(reading->error);
    }
    return 0;
}

static void end_listening(struct reading *reading)
{
    for (size_t i = 0; i < CREW_MAX; i++) {
        short_term_listener_destroy(reading->ear[i]);
        reading->ear[i] = NULL;
    }
}

static int begin_analysis(struct reading *reading, int64_t frames, enum profile_depth depth)
{
    uint32_t rate_hz = programme_rate_hz(reading->programme);

    for (size_t i = 0; i < workers_for(depth); i++) {
        reading->analysis[i] = analysis_create(rate_hz, frames);
        if (!reading->analysis[i])
            return match_fail_memory(reading->error);
    }
    if (depth == PROFILE_CHARACTER)
        return begin_listening(reading, frames);
    if (depth != PROFILE_FULL)
        return 0;
    reading->loudness = loudness_create(rate_hz, LOUDNESS_FULL);
    if (!reading->loudness)
        return match_fail(reading->error, -errno, "%s: loudness cannot be measured at %u Hz",
                          programme_name(reading->programme), rate_hz);
    return 0;
}

/* One analysis of `frames` frames; *right tells whether there were so many. */
static int analyse(struct reading *reading, int64_t frames, enum profile_depth depth, bool *right)
{
    struct loudness *loudness;
    int result = begin_analysis(reading, frames, depth);

    if (result == 0)
        result = read_all(reading, workers_for(depth));
    *right = reading->frames == frames;
    if (result < 0 || !*right)
        return result;
    for (size_t i = 1; i < workers_for(depth); i++)
        analysis_add(reading->analysis[0], reading->analysis[i]);
    if (!analysis_again(reading->analysis[0]))
        return 0;
    /* So many pieces that their spectra need a reading of their own: the rest is known. */
    end_listening(reading);
    loudness = reading->loudness;
    reading->loudness = NULL;
    result = read_all(reading, 1);
    reading->loudness = loudness;
    *right = reading->frames == frames;
    return result;
}

static void end_analysis(struct reading *reading)
{
    for (size_t i = 0; i < CREW_MAX; i++) {
        analysis_destroy(reading->analysis[i]);
        reading->analysis[i] = NULL;
    }
    loudness_destroy(reading->loudness);
    reading->loudness = NULL;
    end_listening(reading);
    short_term_table_destroy(reading->levels);
    reading->levels = NULL;
}

struct profile *profile_blank(uint32_t rate_hz)
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

/* To what the cache keeps, so that a match is the same to the last bit whether its profiles were
   measured now or before. Filters move by less than -170 dB. */
static void round_spectra(struct profile *profile)
{
    for (size_t k = 0; k < profile->bins; k++) {
        profile->mid[k] = (double)(float)profile->mid[k];
        profile->side[k] = (double)(float)profile->side[k];
    }
}

static bool is_narrow(const struct programme *programme)
{
    return programme_info(programme)->source_rate_hz > programme_rate_hz(programme);
}

static int take_results(const struct reading *reading, struct profile *profile)
{
    analysis_result(reading->analysis[0], profile);
    profile->narrow = is_narrow(reading->programme);
    round_spectra(profile);
    if (reading->levels) {
        if (short_term_read(reading->levels, &profile->short_term) < 0)
            return match_fail_memory(reading->error);
        profile->characterised = true;
    }
    if (!reading->loudness)
        return 0;
    profile->measured = true;
    profile->loudness_lufs = loudness_lufs(reading->loudness);
    profile->loudness_range_lu = loudness_range_lu(reading->loudness);
    profile->true_peak_dbtp = loudness_true_peak_dbtp(reading->loudness);
    return 0;
}

/* Analyses until the length assumed was the length found. */
static int fill_profile(struct reading *reading, enum profile_depth depth, int64_t frames,
                        struct profile *profile)
{
    for (int i = 0; i < READINGS_MAX && frames > 0; i++) {
        bool right = false;
        int result = analyse(reading, frames, depth, &right);

        if (result == 0 && right)
            result = take_results(reading, profile);
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
    struct profile *profile = profile_blank(programme_rate_hz(programme));
    bool exact = false;
    int64_t frames = programme_frames(programme, &exact);
    int result = 0;

    if (!profile) {
        match_fail_memory(error);
        return NULL;
    }
    progress_begin(progress, frames > 0 ? frames : 0);
    if (frames <= 0) {
        result = read_all(&reading, 1);
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
