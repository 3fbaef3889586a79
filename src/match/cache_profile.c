/* cache_profile.c - exact profiles in the cache; spectra in single precision. */
#include "match/cache_internal.h"

#include <stdlib.h>
#include <string.h>

/* What stands before the 2 * bins floats: profile_create has rounded the spectra to those. */
struct packed {
    int64_t frames, piece_frames, loudest_frame;
    uint64_t pieces, loud_pieces, peak_samples, full_scale_samples;
    double peak, match_rms, loudness_lufs, loudness_range_lu, true_peak_dbtp, rms_db, correlation,
        width;
    uint32_t rate_hz, bins, measured, narrow;
};

static void *pack(const struct profile *profile, size_t *whole)
{
    const struct packed packed = {
        .frames = profile->frames,
        .piece_frames = profile->piece_frames,
        .loudest_frame = profile->loudest_frame,
        .pieces = profile->pieces,
        .loud_pieces = profile->loud_pieces,
        .peak_samples = profile->peak_samples,
        .full_scale_samples = profile->full_scale_samples,
        .peak = profile->peak,
        .match_rms = profile->match_rms,
        .loudness_lufs = profile->loudness_lufs,
        .loudness_range_lu = profile->loudness_range_lu,
        .true_peak_dbtp = profile->true_peak_dbtp,
        .rms_db = profile->rms_db,
        .correlation = profile->correlation,
        .width = profile->width,
        .rate_hz = profile->rate_hz,
        .bins = (uint32_t)profile->bins,
        .measured = profile->measured,
        .narrow = profile->narrow,
    };
    size_t bins = profile->bins;
    float *spectra = malloc(2 * bins * sizeof(*spectra));
    void *body = NULL;

    for (size_t k = 0; spectra && k < bins; k++) {
        spectra[k] = (float)profile->mid[k];
        spectra[bins + k] = (float)profile->side[k];
    }
    if (spectra)
        body = cache_wrap(&packed, sizeof(packed), spectra, 2 * bins * sizeof(*spectra), whole);
    free(spectra);
    return body;
}

static void take_numbers(struct profile *profile, const struct packed *packed)
{
    profile->frames = packed->frames;
    profile->piece_frames = packed->piece_frames;
    profile->loudest_frame = packed->loudest_frame;
    profile->pieces = (size_t)packed->pieces;
    profile->loud_pieces = (size_t)packed->loud_pieces;
    profile->peak_samples = packed->peak_samples;
    profile->full_scale_samples = packed->full_scale_samples;
    profile->peak = packed->peak;
    profile->match_rms = packed->match_rms;
    profile->loudness_lufs = packed->loudness_lufs;
    profile->loudness_range_lu = packed->loudness_range_lu;
    profile->true_peak_dbtp = packed->true_peak_dbtp;
    profile->rms_db = packed->rms_db;
    profile->correlation = packed->correlation;
    profile->width = packed->width;
    profile->measured = packed->measured != 0;
    profile->narrow = packed->narrow != 0;
}

static struct profile *unpack(const void *body, size_t whole)
{
    struct profile *profile;
    struct packed packed;
    size_t size = 0;
    const char *bytes = cache_unwrap(body, whole, &size);

    if (!bytes || size < sizeof(packed))
        return NULL;
    memcpy(&packed, bytes, sizeof(packed));
    if (packed.rate_hz == 0 || packed.bins != profile_fft_size(packed.rate_hz) / 2 + 1 ||
        size != sizeof(packed) + 2 * (size_t)packed.bins * sizeof(float))
        return NULL;
    profile = profile_blank(packed.rate_hz);
    if (!profile)
        return NULL;
    take_numbers(profile, &packed);
    bytes += sizeof(packed);
    for (size_t k = 0; k < profile->bins; k++) {
        float value[2];

        memcpy(&value[0], bytes + k * sizeof(float), sizeof(float));
        memcpy(&value[1], bytes + (profile->bins + k) * sizeof(float), sizeof(float));
        profile->mid[k] = (double)value[0];
        profile->side[k] = (double)value[1];
    }
    return profile;
}

/* The column of short-term levels: what is not there, or of another make, is measured when it is
   wanted. */
static void unpack_character(struct profile *profile, const void *body, size_t whole)
{
    size_t size = 0;
    const void *bytes = cache_unwrap(body, whole, &size);

    if (!bytes || size != sizeof(profile->short_term))
        return;
    memcpy(&profile->short_term, bytes, size);
    profile->characterised = true;
}

static void touch(struct cache *cache, const struct cache_key *key, uint32_t rate_hz)
{
    sqlite3_stmt *statement = cache_statement(cache, CACHE_TOUCH_PROFILE);

    if (!statement)
        return;
    sqlite3_bind_text(statement, 1, key->name, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, (int64_t)rate_hz);
    sqlite3_bind_int64(statement, 3, cache_now_s());
    cache_run(cache, statement);
}

/* *used: when it was used last. Its own rate lies in the profile. */
static struct profile *find(struct cache *cache, struct cache_key *key, uint32_t rate_hz,
                            int64_t *used)
{
    sqlite3_stmt *statement = cache_statement(cache, CACHE_GET_PROFILE);
    struct profile *profile = NULL;
    int result;

    if (!statement)
        return NULL;
    sqlite3_bind_text(statement, 1, key->name, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, CACHE_ANALYSIS_VERSION);
    sqlite3_bind_int64(statement, 3, (int64_t)rate_hz);
    result = sqlite3_step(statement);
    if (result == SQLITE_ROW) {
        int64_t size = sqlite3_column_int64(statement, 1);
        int64_t modified = sqlite3_column_int64(statement, 2);

        *used = sqlite3_column_int64(statement, 3);
        if (key->gone || (size == key->size && modified == key->modified_ns))
            profile = unpack(sqlite3_column_blob(statement, 0),
                             (size_t)sqlite3_column_bytes(statement, 0));
        if (profile)
            unpack_character(profile, sqlite3_column_blob(statement, 4),
                             (size_t)sqlite3_column_bytes(statement, 4));
        if (profile && key->gone) {
            key->size = size;
            key->modified_ns = modified;
        }
    }
    cache_end(cache, statement, result);
    return profile;
}

struct profile *cache_profile(struct cache *cache, struct cache_key *key, uint32_t rate_hz)
{
    struct profile *profile;
    int64_t used = 0;

    if (!cache || !key->name || key->passable)
        return NULL;
    pthread_mutex_lock(&cache->lock);
    profile = find(cache, key, rate_hz, &used);
    if (profile && cache_now_s() - used > CACHE_USED_STEP_S)
        touch(cache, key, profile->rate_hz);
    pthread_mutex_unlock(&cache->lock);
    return profile;
}

static void put(struct cache *cache, const struct cache_key *key, const struct profile *profile,
                bool own_rate)
{
    sqlite3_stmt *statement = cache_statement(cache, CACHE_PUT_PROFILE);
    size_t whole = 0;
    void *body = statement ? pack(profile, &whole) : NULL;

    if (!body)
        return;
    sqlite3_bind_text(statement, 1, key->name, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, (int64_t)profile->rate_hz);
    sqlite3_bind_int(statement, 3, own_rate);
    sqlite3_bind_int(statement, 4, profile->measured);
    sqlite3_bind_int64(statement, 5, CACHE_ANALYSIS_VERSION);
    sqlite3_bind_int64(statement, 6, key->size);
    sqlite3_bind_int64(statement, 7, key->modified_ns);
    sqlite3_bind_int64(statement, 8, cache_now_s());
    sqlite3_bind_blob64(statement, 9, body, whole, SQLITE_STATIC);
    cache_run(cache, statement);
    free(body);
}

static void put_character(struct cache *cache, const struct cache_key *key,
                          const struct profile *profile)
{
    sqlite3_stmt *statement = cache_statement(cache, CACHE_PUT_CHARACTER);
    size_t whole = 0;
    void *body =
        statement ? cache_wrap(&profile->short_term, sizeof(profile->short_term), NULL, 0, &whole)
                  : NULL;

    if (!body)
        return;
    sqlite3_bind_text(statement, 1, key->name, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, (int64_t)profile->rate_hz);
    sqlite3_bind_int64(statement, 3, CACHE_ANALYSIS_VERSION);
    sqlite3_bind_int64(statement, 4, key->size);
    sqlite3_bind_int64(statement, 5, key->modified_ns);
    sqlite3_bind_blob64(statement, 6, body, whole, SQLITE_STATIC);
    cache_run(cache, statement);
    free(body);
}

void cache_keep_profile(struct cache *cache, const struct cache_key *key,
                        const struct profile *profile, bool own_rate)
{
    if (!cache || !key->name || key->gone || key->passable || profile->frames == 0)
        return;
    pthread_mutex_lock(&cache->lock);
    put(cache, key, profile, own_rate);
    if (profile->characterised)
        put_character(cache, key, profile);
    cache_trim(cache);
    pthread_mutex_unlock(&cache->lock);
}
