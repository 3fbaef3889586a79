/* test_burn.c - a player on a computer that is too slow: it gives up what it must, and takes it
 * back. The chain is compiled into this test with time burnt in each of its modules. */
#define MP_BURN
/* NOLINTNEXTLINE(bugprone-suspicious-include): with the burning in it */
#include "src/chain/chain.c"

#include <dirent.h>
#include <math.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/match_support.h"
#include "tests/play_support.h"

#define MASTER "tests/data/master.flac"
#define MIX "tests/data/mix.flac"
#define WINDOW_NS 200000000U

enum {
    MODULES = 5,
    POLL_MS = 20,
    PATIENCE_MS = 20000,
    HOLD_MS = 10000,
    ATTEMPTS = 4,
    LAST_FADE = 4410
};

static const double DOWN_MOST_S = 2.0, UP_MOST_S = 10.0, KEPT_S = 0.1, LOST_MS = 3.0;
static const double APART_MOST_DB = -60.0;

/* What each module costs, in percent of the time that a block lasts. */
struct burning {
    const char *module;
    double percent, percent_float32;
};

/* Read in the audio thread while the test writes. */
static _Atomic(const struct burning *) burnings;

/* The levels of this: 150, 140, 90, 40 and 0 %. */
static const struct burning all_modules[MODULES] = {
    {"match_eq", 45, 35}, {"dynamics", 50, 50}, {"spectral", 50, 50}, {"limiter", 5, 5}};
static const struct burning match_alone[MODULES] = {{"match_eq", 145, 60}, {"limiter", 5, 5}};
static const struct burning too_much[MODULES] = {{"match_eq", 145, 135}, {"limiter", 5, 5}};

/* Processor time of this thread: time in which it was kept from its work does not count. */
MP_RT static uint64_t used_ns(void)
{
    struct timespec used;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return (uint64_t)used.tv_sec * 1000000000U + (uint64_t)used.tv_nsec;
}

/* How long the audio thread was kept from its work while it burnt, in the worst of 200 ms. */
struct lost {
    uint64_t begin_ns, ns;
    _Atomic uint64_t worst_ns;
    atomic_bool anew; /* asked for: from here on */
};

static struct lost lost;

MP_RT static void note_lost(uint64_t now, uint64_t ns)
{
    if (atomic_exchange(&lost.anew, false)) {
        lost.begin_ns = 0;
        atomic_store(&lost.worst_ns, 0);
    }
    if (now - lost.begin_ns > WINDOW_NS) {
        lost.begin_ns = now;
        lost.ns = 0;
    }
    lost.ns += ns;
    if (lost.ns > atomic_load(&lost.worst_ns)) {
        atomic_store(&lost.worst_ns, lost.ns);
    }
}

MP_RT static uint64_t wall_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

MP_RT static void burn_module(const struct module *module, const struct module_format *format)
{
    const struct burning *burning = atomic_load(&burnings);
    uint64_t begin = used_ns(), wall_begin = wall_ns(), wall;

    for (size_t i = 0; burning != NULL && i < MODULES && burning[i].module != NULL; i++) {
        if (strcmp(burning[i].module, module->class->name) == 0) {
            bool single =
                module->class == &match_eq_class && match_eq_precision(module) == FFT_FLOAT32;
            double percent = single ? burning[i].percent_float32 : burning[i].percent;
            double ns = percent / 100.0 * 1e9 * format->block_frames / format->rate_hz;

            while ((double)(used_ns() - begin) < ns) {
            }
            wall = wall_ns() - wall_begin;
            if (sched_getscheduler(0) == SCHED_FIFO) { /* not while the player tries a chain out */
                note_lost(wall_begin, wall > (uint64_t)ns ? wall - (uint64_t)ns : 0);
            }
        }
    }
}

struct watch {
    struct recorder recorder;
    uint64_t begin_ns;
    unsigned changes, flaps; /* a flap: up, and down again */
    bool raised;
    enum quality_level level;
};

static void begin(struct watch *watch, const struct rack *rack, const struct burning *burning)
{
    struct player_settings settings;

    memset(watch, 0, sizeof *watch);
    record_settings(&settings);
    settings.quality = QUALITY_AUTO;
    atomic_store(&burnings, NULL);
    record_open(&watch->recorder, &settings, RECORD_CLOCK, "burn.raw");
    record_set_rack(&watch->recorder, rack);
    for (int i = 0; i < 8; i++) {
        record_add(&watch->recorder, MIX, MASTER);
    }
    record_play(&watch->recorder);
    record_until(&watch->recorder, 8192);
    watch->begin_ns = now_ns();
    atomic_store(&burnings, burning);
}

static void look(struct watch *watch)
{
    struct player_status status;

    player_read_status(watch->recorder.player, &status);
    if (status.quality != watch->level) {
        watch->changes++;
        watch->flaps += watch->raised && status.quality > watch->level;
        watch->raised = status.quality < watch->level;
    }
    watch->level = status.quality;
}

/* Until the level is `wanted`, if it ever is; how many seconds that took since the burning
   changed. */
static double watch_for(struct watch *watch, enum quality_level wanted)
{
    for (int i = 0; i < PATIENCE_MS / POLL_MS; i++) {
        look(watch);
        if (watch->level == wanted) {
            break;
        }
        usleep(POLL_MS * 1000);
    }
    return (double)(now_ns() - watch->begin_ns) / 1e9;
}

static double wait_for(struct watch *watch, enum quality_level wanted)
{
    double seconds = watch_for(watch, wanted);

    assert_int_equal(wanted, watch->level);
    return seconds;
}

/* For so long, or until it goes below `lowest`. */
static void hold_for(struct watch *watch, unsigned ms, enum quality_level lowest)
{
    for (unsigned i = 0; i < ms / POLL_MS && watch->level <= lowest; i++) {
        look(watch);
        usleep(POLL_MS * 1000);
    }
}

/* What the log said stays until record_finish. */
static void end(struct watch *watch)
{
    atomic_store(&burnings, NULL);
    record_close(&watch->recorder);
}

/* An ordinary thread shares the processor with whatever else runs, and 90 % of it is then too much:
   it goes further down, and that is right. */
static bool has_processor(struct watch *watch)
{
    struct player_status status;

    player_read_status(watch->recorder.player, &status);
    return status.output.fifo;
}

/* Nanoseconds that a thread of this process was ready and did not run; 0 where nobody counts. */
static double delay_ns(const char *task)
{
    char path[300], name[32] = "";
    unsigned long long delay = 0;
    FILE *file;

    snprintf(path, sizeof path, "/proc/self/task/%s/comm", task);
    file = fopen(path, "r");
    if (file == NULL || fgets(name, sizeof name, file) == NULL) {
        name[0] = '\0';
    }
    if (file != NULL) {
        fclose(file);
    }
    if (strcmp(name, "mp-player\n") != 0) {
        return 0.0;
    }
    snprintf(path, sizeof path, "/proc/self/task/%s/schedstat", task);
    file = fopen(path, "r");
    if (file != NULL && fscanf(file, "%*u %llu", &delay) != 1) {
        delay = 0;
    }
    if (file != NULL) {
        fclose(file);
    }
    return (double)delay;
}

/* What the computer under this one took. */
static double stolen_s(void)
{
    FILE *file = fopen("/proc/stat", "r");
    unsigned long long ticks = 0;

    if (file != NULL && fscanf(file, "cpu %*u %*u %*u %*u %*u %*u %*u %llu", &ticks) != 1) {
        ticks = 0;
    }
    if (file != NULL) {
        fclose(file);
    }
    return (double)ticks / (double)sysconf(_SC_CLK_TCK);
}

/* How long the player's thread was kept from the processor so far. */
static double kept_waiting_s(void)
{
    DIR *tasks = opendir("/proc/self/task");
    double ns = 0.0;

    assert_non_null(tasks);
    for (const struct dirent *task = readdir(tasks); task != NULL; task = readdir(tasks)) {
        ns += delay_ns(task->d_name);
    }
    closedir(tasks);
    return ns / 1e9 + stolen_s();
}

static bool chain_has(struct watch *watch, const char *title)
{
    struct player_status status;

    player_read_status(watch->recorder.player, &status);
    for (size_t i = 0; i < status.latency.module_count; i++) {
        if (strcmp(status.latency.modules[i].name, title) == 0) {
            return true;
        }
    }
    return false;
}

static void full_rack(struct rack *rack)
{
    static const char *const names[] = {"match_eq", "dynamics", "spectral", "limiter"};

    rack_init(rack);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (rack_kind_named(names[i]) != NULL) {
            assert_int_equal(0, rack_add(rack, names[i], rack->length));
        }
    }
}

struct attempt {
    double down_s, up_s;    /* until it was there */
    double lost_ms, kept_s; /* of the audio thread in 200 ms there; of the player's thread in all */
    unsigned flaps;
    bool held, skipped;
};

/* To the level at which 90 % of the time is taken, ten seconds there, and back. */
static void give_up_and_take_back(struct attempt *attempt)
{
    struct rack rack;
    struct watch watch;
    enum quality_level stayed;
    double kept_s;

    full_rack(&rack);
    begin(&watch, &rack, all_modules);
    assert_true(chain_has(&watch, "Spectral") && chain_has(&watch, "Dynamics"));
    kept_s = kept_waiting_s();
    *attempt = (struct attempt){.skipped = !has_processor(&watch)};
    if (!attempt->skipped) {
        attempt->down_s = watch_for(&watch, QUALITY_NO_SPECTRAL);
        atomic_store(&lost.anew, true);
        hold_for(&watch, HOLD_MS, QUALITY_NO_SPECTRAL);
        attempt->lost_ms = (double)atomic_load(&lost.worst_ns) / 1e6;
        stayed = watch.level;
        attempt->held = stayed == QUALITY_NO_SPECTRAL;
        watch.begin_ns = now_ns();
        atomic_store(&burnings, NULL);
        attempt->up_s = watch_for(&watch, QUALITY_FULL);
        attempt->flaps = watch.flaps;
        attempt->kept_s = kept_waiting_s() - kept_s;
        print_message(
            "           down after %.2f s, up after %.2f s, at %s till then, %u flaps; lost "
            "%.1f ms, %.2f s\n",
            attempt->down_s, attempt->up_s, quality_level_name(stayed), attempt->flaps,
            attempt->lost_ms, attempt->kept_s);
    }
    end(&watch);
    assert_true(attempt->skipped || record_lines_with(&watch.recorder, "too slow") > 0);
    record_finish(&watch.recorder);
}

static bool is_good(const struct attempt *attempt)
{
    return attempt->held && attempt->down_s <= DOWN_MOST_S && attempt->up_s <= UP_MOST_S &&
           attempt->flaps <= 1;
}

/* Where others take part of the processor that level really is too slow, and it goes on down: only
   an attempt that was left alone has to be good. */
static void gives_up_in_two_seconds_what_it_must_and_takes_it_back_in_ten(void **state)
{
    struct attempt attempt = {.held = false};

    (void)state;
    for (int i = 0; i < ATTEMPTS && !attempt.skipped && !is_good(&attempt); i++) {
        give_up_and_take_back(&attempt);
        if (!attempt.skipped && attempt.lost_ms < LOST_MS && attempt.kept_s < KEPT_S) {
            assert_true(is_good(&attempt));
        }
    }
    if (attempt.skipped || !is_good(&attempt)) {
        skip();
    }
}

/* How far the words are from those of a computer that is fast enough, at the most. */
static double apart_db(struct watch *watch)
{
    const char *const paths[] = {MIX, NULL};
    struct player_settings settings;
    struct stereo words = words_read(watch->recorder.path), whole;
    double error;

    record_settings(&settings);
    whole = record_list(&settings, RECORD_ALSA, paths, MASTER);
    assert_true(words.frames > LAST_FADE && words.frames < whole.frames);
    error = words_error(&words, 0, &whole, 0, (int64_t)words.frames - LAST_FADE);
    stereo_destroy(&words);
    stereo_destroy(&whole);
    return 20.0 * log10(error);
}

/* What is heard hardly changes: the limiter goes on where it was, though there is no time to run
   the new chain in for long. */
static void single_precision_is_given_up_alone_where_that_is_enough(void **state)
{
    struct rack rack;
    double apart;
    struct watch watch;

    (void)state;
    rack_init_exact(&rack);
    begin(&watch, &rack, match_alone);
    print_message("           down after %.2f s\n", wait_for(&watch, QUALITY_FLOAT32));
    hold_for(&watch, 1000, QUALITY_FLOAT32);
    assert_int_equal(QUALITY_FLOAT32, watch.level);
    watch.begin_ns = now_ns();
    atomic_store(&burnings, NULL);
    print_message("           up after %.2f s\n", wait_for(&watch, QUALITY_FULL));
    assert_int_equal(2, watch.changes);
    end(&watch);
    assert_int_equal(1, record_lines_with(&watch.recorder, "too slow"));
    apart = apart_db(&watch);
    print_message("           %.1f dB from what it would have been\n", apart);
    assert_true(apart > -140.0 && apart < APART_MOST_DB);
    record_finish(&watch.recorder);
}

static void plays_the_original_where_nothing_else_is_fast_enough(void **state)
{
    struct rack rack;
    struct watch watch;

    (void)state;
    rack_init_exact(&rack);
    begin(&watch, &rack, too_much);
    print_message("           down after %.2f s\n", wait_for(&watch, QUALITY_ORIGINAL));
    end(&watch);
    record_finish(&watch.recorder);
}

/* What is compared is not to change before it was answered. */
static void a_blind_test_keeps_the_level_until_it_is_over(void **state)
{
    struct rack rack;
    struct watch watch;

    (void)state;
    rack_init_exact(&rack);
    begin(&watch, &rack, NULL);
    player_set_blind(watch.recorder.player, true);
    atomic_store(&burnings, too_much);
    hold_for(&watch, 2000, QUALITY_FULL);
    assert_int_equal(0, watch.changes);
    player_set_blind(watch.recorder.player, false);
    wait_for(&watch, QUALITY_ORIGINAL);
    end(&watch);
    record_finish(&watch.recorder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_blind_test_keeps_the_level_until_it_is_over),
        cmocka_unit_test(single_precision_is_given_up_alone_where_that_is_enough),
        cmocka_unit_test(plays_the_original_where_nothing_else_is_fast_enough),
        cmocka_unit_test(gives_up_in_two_seconds_what_it_must_and_takes_it_back_in_ten),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    scratch_remove();
    return failed;
}
