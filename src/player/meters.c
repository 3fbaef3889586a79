/* meters.c - what is measured of a player. */
#include "player/meters.h"

#include "player/quality.h"

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    PATH_SIZE = 4096,
    TIMES_MS = 500,      /* readings of the modules' times that are compared lie this far apart */
    TIMES_OLD_MS = 3000, /* and not farther than this: nobody asked in between */
    RETRY_MS = 2000,     /* a reference that is not known is asked for again */
};

/* What the analyser's thread knows of what is heard. */
struct ear {
    struct player *player;
    struct output *output;
    struct player_status status; /* as of this turn */
    bool looked;                 /* it is of this turn */
    bool listens;                /* blocks are wanted */
    struct output_tap tap;       /* read, and not heard yet */
    bool has_tap;
    size_t id; /* of the track of the blocks given so far */
    double elapsed_s;
    bool begins;            /* another track does, or the same anew, ... */
    int64_t begin_position; /* ... with this frame of the stream */
};

struct times {
    uint64_t at_ms; /* 0: none */
    struct performance_module modules[PERFORMANCE_MODULES];
};

struct meters {
    struct analyser *analyser;
    struct cache *cache;
    struct quality *quality; /* NULL until it is asked for */
    struct ear ear;          /* only the analyser's thread */
    struct times before, now;
    char reference[PATH_SIZE]; /* whose bands these are; "" none */
    bool known;
    uint64_t asked_ms;
    struct meters_spectrum spectrum;
};

static uint64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* --- the analyser's ear -------------------------------------------------------------------- */

static void ear_want(void *context, unsigned kinds)
{
    struct ear *ear = context;
    bool blocks = (kinds & ANALYSER_ALL) != 0;

    if (blocks && !ear->listens) { /* what is left from the time before is old */
        ear->has_tap = ear->looked = false;
        while (output_tap_read(ear->output, &ear->tap)) {
        }
    }
    ear->listens = blocks;
    output_tap_enable(ear->output, blocks);
    output_time_modules(ear->output, (kinds & ANALYSER_SOURCE) != 0);
}

/* Looks where the player is, once a turn. */
static void look(struct ear *ear)
{
    const struct player_status *status = &ear->status;

    if (ear->looked) {
        return;
    }
    player_read_status(ear->player, &ear->status);
    ear->looked = true;
    if (status->id != ear->id || status->elapsed_s < ear->elapsed_s - status->duration_s / 2.0) {
        ear->begins = true; /* another track, or the same from its beginning */
        ear->begin_position = status->begin_position;
    }
    ear->id = status->id;
    ear->elapsed_s = status->elapsed_s;
}

/* True if the block that waits is being heard, or must be taken lest others be lost. */
static bool is_heard(struct ear *ear)
{
    const struct output_status *output = &ear->status.output;

    look(ear);
    return ear->tap.stream_id != output->stream_id ||
           ear->tap.position + ear->tap.frames <= output->heard ||
           output_tap_fill(ear->output) > 0.75;
}

static bool ear_read(void *context, struct analyser_block *block)
{
    struct ear *ear = context;
    const struct output_tap *tap = &ear->tap;
    bool begins;

    if (!ear->has_tap) {
        ear->has_tap = output_tap_read(ear->output, &ear->tap);
    }
    if (!ear->has_tap || !is_heard(ear)) {
        ear->looked = false;
        return false;
    }
    /* The blocks before a join are still of the track before. */
    begins = ear->begins && (tap->stream_id > ear->status.output.stream_id ||
                             (tap->stream_id == ear->status.output.stream_id &&
                              tap->position + tap->frames > ear->begin_position));
    *block = (struct analyser_block){
        .rate_hz = tap->rate_hz,
        .frames = tap->frames,
        .audio = {{tap->before[0], tap->before[1]}, {tap->after[0], tap->after[1]}},
        .lowest_gain = tap->lowest_gain,
        .band_gains_db = {[ANALYSER_DYNAMICS] = tap->band_gains_db[OUTPUT_DYNAMICS],
                          [ANALYSER_SPECTRAL] = tap->band_gains_db[OUTPUT_SPECTRAL]},
        .begins = begins,
    };
    ear->has_tap = false;
    ear->begins = ear->begins && !begins;
    return true;
}

/* --- making -------------------------------------------------------------------------------- */

struct meters *meters_create(struct player *player, struct cache *cache)
{
    struct meters *meters = calloc(1, sizeof *meters);
    struct analyser_source source;

    if (meters == NULL) {
        return NULL;
    }
    source = (struct analyser_source){&meters->ear, ear_want, ear_read};
    meters->cache = cache;
    meters->ear.player = player;
    meters->ear.output = player_output(player);
    meters->analyser = analyser_create(&source);
    if (meters->analyser == NULL) {
        free(meters);
        return NULL;
    }
    return meters;
}

void meters_destroy(struct meters *meters)
{
    if (meters == NULL) {
        return;
    }
    analyser_destroy(meters->analyser);
    quality_destroy(meters->quality);
    free(meters);
}

void meters_read(struct meters *meters, unsigned want, struct analyser_figures *figures)
{
    analyser_read(meters->analyser, want, figures);
}

void meters_reset(struct meters *meters)
{
    analyser_reset(meters->analyser);
}

/* --- the reference ------------------------------------------------------------------------- */

/* The mean magnitude of noise is sqrt(pi/4) of its root mean square; both sides of the spectrum; a
   channel's mean square is the sum of mid's and side's. */
static const double power_of_mean_square = 2.0 * 4.0 / M_PI;

static bool take_profile(const struct profile *profile, struct meters_spectrum *spectrum)
{
    double *power = malloc(profile->bins * sizeof *power);

    if (power == NULL) {
        return false;
    }
    for (size_t k = 0; k < profile->bins; k++) {
        power[k] = power_of_mean_square *
                   (profile->mid[k] * profile->mid[k] + profile->side[k] * profile->side[k]);
    }
    bands_of_spectrum(power, profile->fft_size, profile->rate_hz, spectrum->bands_dbfs);
    bands_lines_of_spectrum(power, profile->fft_size, profile->rate_hz, spectrum->lines_dbfs);
    spectrum->fine = true;
    free(power);
    return true;
}

static void take_summary(const struct summary *summary, struct meters_spectrum *spectrum)
{
    for (size_t i = 0; i < BANDS; i++) {
        double mid = pow(10.0, (double)summary->mid_db[i] / 10.0);
        double side = pow(10.0, (double)summary->side_db[i] / 10.0);
        double power = power_of_mean_square * (mid + side); /* NAN: beyond half its rate */

        spectrum->bands_dbfs[i] = power > 1e-20 ? (float)(10.0 * log10(power)) : -HUGE_VALF;
    }
    spectrum->fine = false;
}

static bool find_spectrum(struct cache *cache, const char *path, struct meters_spectrum *spectrum)
{
    struct cache_key key;
    struct profile *profile;
    struct summary summary;
    bool found;

    cache_key_init(&key, &path, 1);
    profile = cache_profile(cache, &key, 0);
    found = profile != NULL && take_profile(profile, spectrum);
    profile_destroy(profile);
    if (!found && cache_summary(cache, &key, &summary) == CACHE_SUMMARY) {
        take_summary(&summary, spectrum);
        found = true;
    }
    cache_key_finish(&key);
    return found;
}

bool meters_reference(struct meters *meters, const char *path, struct meters_spectrum *spectrum)
{
    uint64_t now = now_ms();

    if (path[0] == '\0' || strlen(path) >= PATH_SIZE) {
        return false;
    }
    if (strcmp(path, meters->reference) != 0 ||
        (!meters->known && now - meters->asked_ms >= RETRY_MS)) {
        memcpy(meters->reference, path, strlen(path) + 1);
        meters->asked_ms = now;
        meters->known = find_spectrum(meters->cache, path, &meters->spectrum);
    }
    *spectrum = meters->spectrum;
    return meters->known;
}

/* --- costs --------------------------------------------------------------------------------- */

size_t meters_modules(struct meters *meters, struct meters_module modules[PERFORMANCE_MODULES])
{
    struct analyser_figures unused;
    struct times times = {.at_ms = now_ms()};
    size_t count = 0;

    if (!player_is_monitored(meters->ear.player)) {
        return 0;
    }
    analyser_read(meters->analyser, ANALYSER_SOURCE,
                  &unused); /* goes on, or begins, to take them */
    performance_modules(output_performance(meters->ear.output), times.modules);
    if (meters->now.at_ms == 0 || times.at_ms - meters->now.at_ms > TIMES_OLD_MS) {
        meters->before = (struct times){.at_ms = 0};
        meters->now = times;
    } else if (times.at_ms - meters->now.at_ms >= TIMES_MS) {
        meters->before = meters->now;
        meters->now = times;
    }
    for (size_t i = 0; i < PERFORMANCE_MODULES && times.modules[i].name != NULL; i++) {
        const struct performance_module *last = &times.modules[i];
        const struct times *from = meters->before.at_ms != 0 ? &meters->before : &meters->now;
        const struct performance_module *first = &from->modules[i];
        bool goes_on = first->name == last->name && first->blocks <= last->blocks;
        uint64_t blocks = last->blocks - (goes_on ? first->blocks : 0);
        uint64_t spent = last->spent_ns - (goes_on ? first->spent_ns : 0);

        if (blocks > 0) {
            modules[count++] =
                (struct meters_module){last->name, (double)spent / (double)blocks / 1000.0};
        }
    }
    return count;
}

bool meters_quality(struct meters *meters, struct probe_figures *figures)
{
    if (meters->quality == NULL) {
        meters->quality = quality_create(meters->ear.player);
    }
    return meters->quality != NULL && quality_read(meters->quality, figures);
}

uint64_t meters_memory(void)
{
    char text[128], *second;
    int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t length;

    if (file < 0) {
        return 0;
    }
    length = read(file, text, sizeof text - 1);
    close(file);
    text[length > 0 ? length : 0] = '\0';
    second = strchr(text, ' '); /* size, then what is resident, in pages */
    return second == NULL ? 0 : strtoull(second, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE);
}
