/* test_matcher.c - matches made ahead: what is known is not measured again, what is needed first is
   made first. */
#include "player/matcher.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/match_support.h"

#include <fcntl.h>
#include <math.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MINUTE_MS = 60000, ASKED_MAX = 4 };

struct world {
    char target[128], other[128], reference[128], cache_path[128];
    struct cache *cache;
    struct matcher *matcher;
    struct log *log;
    size_t lines;
    char line[1200];
    /* The worker stops in its first announcement until it is let go. */
    bool hold;
    sem_t held, go;
    struct match *asked[ASKED_MAX];
    _Atomic int order[ASKED_MAX]; /* when each was seen planned first: 1, 2, ... */
    _Atomic int planned;
};

static bool take_line(void *context, enum log_level level, const char *line)
{
    struct world *world = context;

    (void)level;
    world->lines++;
    snprintf(world->line, sizeof world->line, "%s", line);
    return true;
}

static void changed(void *context)
{
    struct world *world = context;

    for (size_t i = 0; i < ASKED_MAX; i++) {
        if (world->asked[i] != NULL && world->order[i] == 0 &&
            match_state(world->asked[i]) != MATCH_WAITING) {
            world->order[i] = ++world->planned;
        }
    }
    if (world->hold) {
        world->hold = false;
        sem_post(&world->held);
        sem_wait(&world->go);
    }
}

static void copy_file(const char *from, const char *to)
{
    char command[512];

    snprintf(command, sizeof command, "cp '%s' '%s'", from, to);
    assert_int_equal(system(command), 0);
}

static void open_matcher(struct world *world)
{
    const struct matcher_settings settings = {.cache = world->cache,
                                              .precision = FFT_FLOAT64,
                                              .kernels = kernels_select(SIMD_AUTO),
                                              .log = world->log,
                                              .changed = changed,
                                              .context = world};

    world->matcher = matcher_create(&settings);
    assert_non_null(world->matcher);
}

/* Another process, later. */
static void open_anew(struct world *world)
{
    matcher_destroy(world->matcher);
    cache_close(world->cache);
    world->cache = cache_open(world->cache_path, 64 << 20, world->log);
    assert_non_null(world->cache);
    open_matcher(world);
}

static int begin(void **state)
{
    struct world *world = calloc(1, sizeof *world);

    scratch_path("target.flac", world->target, sizeof world->target);
    scratch_path("other.flac", world->other, sizeof world->other);
    scratch_path("reference.flac", world->reference, sizeof world->reference);
    scratch_path("analysis.db", world->cache_path, sizeof world->cache_path);
    copy_file("tests/data/mono.flac", world->target);
    copy_file("tests/data/ambient.flac", world->other);
    copy_file("tests/data/master.flac", world->reference);
    sem_init(&world->held, 0, 0);
    sem_init(&world->go, 0, 0);
    world->log = log_open(NULL, LOG_NOTICE);
    log_set_hook(world->log, take_line, world);
    open_anew(world);
    *state = world;
    return 0;
}

static int end(void **state)
{
    struct world *world = *state;

    matcher_destroy(world->matcher);
    cache_close(world->cache);
    log_close(world->log);
    sem_destroy(&world->held);
    sem_destroy(&world->go);
    free(world);
    scratch_remove();
    return 0;
}

static struct match *ask(struct world *world, const char *target, const char *reference,
                         unsigned distance)
{
    const double weights[] = {1.0};
    const struct match_wish wish = {.paths = &target,
                                    .path_count = 1,
                                    .rate_hz = 44100,
                                    .references = &reference,
                                    .weights = weights,
                                    .reference_count = 1,
                                    .amounts = amounts_exact,
                                    .distance = distance};
    struct match *match = matcher_ask(world->matcher, &wish);

    assert_non_null(match);
    return match;
}

struct numbers {
    double gain, tap, loudness, peak;
    uint64_t limited;
};

static struct numbers numbers_of(struct match *match)
{
    const struct rehearsal *rehearsal;
    const struct plan *plan;

    assert_int_equal(match_wait(match, MATCH_REHEARSED, MINUTE_MS), MATCH_REHEARSED);
    plan = match_plan(match);
    rehearsal = match_rehearsal(match);
    assert_non_null(rehearsal);
    return (struct numbers){plan->gain, plan->mid[2048], rehearsal->loudness_lufs,
                            rehearsal->true_peak_dbtp, rehearsal->work.limited_frames};
}

/* Other bytes under the same name, size and time: whoever reads them fails. */
static void spoil(const char *path)
{
    struct stat status;
    FILE *file;

    assert_int_equal(stat(path, &status), 0);
    file = fopen(path, "r+");
    assert_non_null(file);
    for (off_t i = 0; i < status.st_size; i++) {
        fputc('x', file);
    }
    fclose(file);
    assert_int_equal(
        utimensat(AT_FDCWD, path, (struct timespec[]){status.st_atim, status.st_mtim}, 0), 0);
}

static void a_known_match_is_the_same_and_reads_no_file(void **state)
{
    struct world *world = *state;
    struct match *match = ask(world, world->target, world->reference, 0);
    struct numbers first = numbers_of(match), again;

    assert_true(match_rehearsal(match)->checkpoints > 1);
    match_release(match);
    spoil(world->target);
    spoil(world->reference);
    open_anew(world);
    match = ask(world, world->target, world->reference, 0);
    again = numbers_of(match);
    assert_true(fabs(again.gain / first.gain - 1.0) < 1e-7);
    assert_true(fabs(again.tap - first.tap) < 1e-7);
    assert_true(again.loudness == first.loudness && again.peak == first.peak);
    assert_true(again.limited == first.limited && first.limited > 0);
    /* Nothing was played through: there are no states to start from. */
    assert_int_equal(match_rehearsal(match)->checkpoints, 0);
    match_release(match);
    assert_int_equal(world->lines, 0);
}

static void a_file_that_was_changed_is_measured_again(void **state)
{
    struct world *world = *state;
    struct match *match = ask(world, world->target, world->reference, 0);
    struct numbers first = numbers_of(match), again;

    match_release(match);
    copy_file("tests/data/ambient.flac", world->reference);
    open_anew(world);
    match = ask(world, world->target, world->reference, 0);
    again = numbers_of(match);
    assert_true(fabs(again.gain / first.gain - 1.0) > 0.01);
    match_release(match);
}

static void a_reference_that_is_gone_still_serves(void **state)
{
    struct world *world = *state;
    struct match *match = ask(world, world->target, world->reference, 0);
    struct numbers first = numbers_of(match), again;

    assert_false(match_reference_gone(match));
    match_release(match);
    unlink(world->reference);
    open_anew(world);
    match = ask(world, world->target, world->reference, 0);
    again = numbers_of(match);
    assert_true(match_reference_gone(match));
    assert_true(fabs(again.gain / first.gain - 1.0) < 1e-7);
    match_release(match);
    match = ask(world, world->other, world->reference, 0); /* a track it never met */
    numbers_of(match);
    assert_true(match_reference_gone(match));
    match_release(match);
    assert_int_equal(world->lines, 1);
    assert_non_null(strstr(world->line, world->reference));
    assert_non_null(strstr(world->line, "gone"));
}

static void a_reference_that_was_never_there_is_told(void **state)
{
    struct world *world = *state;
    struct match *match = ask(world, world->target, "/nowhere/reference.flac", 0);

    assert_int_equal(match_wait(match, MATCH_REHEARSED, MINUTE_MS), MATCH_NONE);
    assert_non_null(strstr(match_failure(match), "/nowhere/reference.flac"));
    assert_int_equal(world->lines, 1);
    match_release(match);
}

/* The worker, stopped with a match of distance `distance` planned and not yet rehearsed. */
static struct match *hold_worker(struct world *world, unsigned distance)
{
    struct match *match;

    world->hold = true;
    match = ask(world, world->target, world->reference, distance);
    sem_wait(&world->held);
    return match;
}

static void what_is_needed_soonest_is_made_first(void **state)
{
    struct world *world = *state;
    struct match *first = hold_worker(world, 0);

    world->asked[0] = ask(world, world->other, world->target, 2);
    world->asked[1] = ask(world, world->other, world->reference, 1);
    world->asked[2] = ask(world, world->reference, world->other, 0);
    sem_post(&world->go);
    for (size_t i = 0; i < 3; i++) {
        /* The order is that of asking for what is waited for, so the last one is. */
        assert_int_equal(match_wait(world->asked[2 - i], MATCH_REHEARSED, MINUTE_MS),
                         MATCH_REHEARSED);
    }
    assert_int_equal(world->order[2], 1);
    assert_int_equal(world->order[1], 2);
    assert_int_equal(world->order[0], 3);
    for (size_t i = 0; i < 3; i++) {
        match_release(world->asked[i]);
    }
    match_release(first);
}

static void work_for_later_gives_way_and_is_taken_up_again(void **state)
{
    struct world *world = *state;
    struct match *later = hold_worker(world, 3), *now;

    now = ask(world, world->other, world->reference, 0);
    sem_post(&world->go);
    assert_int_equal(match_wait(now, MATCH_REHEARSED, MINUTE_MS), MATCH_REHEARSED);
    assert_non_null(match_plan(later));
    assert_int_equal(match_wait(later, MATCH_REHEARSED, MINUTE_MS), MATCH_REHEARSED);
    assert_true(match_rehearsal(later)->checkpoints > 1);
    match_release(later);
    match_release(now);
    open_anew(world); /* and what was taken up again is remembered, too */
    later = ask(world, world->target, world->reference, 0);
    numbers_of(later);
    assert_int_equal(match_rehearsal(later)->checkpoints, 0);
    match_release(later);
}

/* Who only keeps a match as it is, as quality control does, is not worked for. */
static void what_is_only_kept_is_not_worked_on(void **state)
{
    struct world *world = *state;
    struct match *kept = match_keep(hold_worker(world, 0)), *now;

    match_release(kept);
    now = ask(world, world->other, world->reference, 0);
    sem_post(&world->go);
    assert_int_equal(match_wait(now, MATCH_REHEARSED, MINUTE_MS), MATCH_REHEARSED);
    assert_int_equal(match_state(kept), MATCH_PLANNED);
    assert_non_null(match_plan(kept));
    match_let_go(kept);
    match_let_go(NULL);
    match_release(now);
}

static void an_album_is_remembered_as_one(void **state)
{
    struct world *world = *state;
    const char *paths[] = {world->target, world->other}, *reference = world->reference;
    const double weights[] = {1.0};
    const struct match_wish wish = {.paths = paths,
                                    .path_count = 2,
                                    .rate_hz = 44100,
                                    .references = &reference,
                                    .weights = weights,
                                    .reference_count = 1,
                                    .amounts = amounts_exact};
    struct match *match = matcher_ask(world->matcher, &wish);
    struct numbers first = numbers_of(match), again;

    match_release(match);
    spoil(world->other);
    open_anew(world);
    match = matcher_ask(world->matcher, &wish);
    again = numbers_of(match);
    assert_true(fabs(again.gain / first.gain - 1.0) < 1e-7);
    match_release(match);
}

static void without_a_cache_it_works_as_well(void **state)
{
    struct world *world = *state;
    struct match *match;

    matcher_destroy(world->matcher);
    cache_close(world->cache);
    world->cache = NULL;
    open_matcher(world);
    match = ask(world, world->target, world->reference, 0);
    assert_true(numbers_of(match).limited > 0);
    match_release(match);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_known_match_is_the_same_and_reads_no_file),
        TEST(a_file_that_was_changed_is_measured_again),
        TEST(a_reference_that_is_gone_still_serves),
        TEST(a_reference_that_was_never_there_is_told),
        TEST(what_is_needed_soonest_is_made_first),
        TEST(work_for_later_gives_way_and_is_taken_up_again),
        TEST(what_is_only_kept_is_not_worked_on),
        TEST(an_album_is_remembered_as_one),
        TEST(without_a_cache_it_works_as_well),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
