/* test_gather.c - files from anywhere, looked at in a thread of their own. */
#include "library/gather.h"

#include "tests/match_support.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char here[512];
static _Atomic int news_count;

static void on_news(void *context)
{
    (void)context;
    atomic_fetch_add(&news_count, 1);
}

struct found {
    size_t lists, tracks, lines, tags, errors;
    char last_track[600], title[256];
    double duration_s;
};

static void take(void *context, const struct gather_find *find)
{
    struct found *found = context;

    if (find->ticket == 0) {
        const char *title = tags_first(find->record->tags, TAG_TITLE);

        found->tags++;
        found->errors += find->record->error != NULL;
        found->duration_s = find->record->tags->duration_s;
        snprintf(found->title, sizeof found->title, "%s", title);
        return;
    }
    found->lists++;
    found->lines += find->line_count;
    found->tracks += find->list->count;
    if (find->list->count > 0) {
        snprintf(found->last_track, sizeof found->last_track, "%s",
                 find->list->entries[find->list->count - 1].path);
    }
}

static void take_tags(struct gather *gather, size_t count, struct found *found)
{
    for (int i = 0; i < 5000 && found->tags < count; i++) {
        gather_take(gather, 10, take, found);
        usleep(1000);
    }
    assert_int_equal(found->tags, count);
}

static void finds_the_tracks_below_folders_and_tells_what_is_not_there(void **state)
{
    char folder[600];
    const char *const paths[] = {folder, "/nowhere/at all"};
    struct gather *gather = gather_create(on_news, NULL);
    struct found found = {0};
    uint32_t ticket;

    (void)state;
    snprintf(folder, sizeof folder, "%s/tests/data", here);
    assert_non_null(gather);
    ticket = gather_paths(gather, paths, 2);
    assert_true(ticket != 0);
    assert_true(gather_wait(gather, ticket, 10000));
    assert_int_equal(gather_take(gather, 10, take, &found), 1);
    assert_int_equal(found.lists, 1);
    assert_true(found.tracks >= 4);
    assert_int_equal(found.lines, 1);
    assert_true(atomic_load(&news_count) > 0);
    assert_int_equal(gather_take(gather, 10, take, &found), 0);
    gather_destroy(gather);
}

static void reads_tags_and_says_why_it_cannot(void **state)
{
    char path[600];
    struct gather *gather = gather_create(on_news, NULL);
    struct found found = {0};

    (void)state;
    snprintf(path, sizeof path, "%s/tests/data/mix.flac", here);
    assert_int_equal(gather_tags(gather, path), 0);
    take_tags(gather, 1, &found);
    assert_int_equal(found.errors, 0);
    assert_true(found.duration_s == 24.0);
    assert_int_equal(gather_tags(gather, "/nowhere.flac"), 0);
    take_tags(gather, 2, &found);
    assert_int_equal(found.errors, 1);
    gather_destroy(gather);
}

/* A folder that is asked for while many tags are to be read does not wait for them all. */
static void paths_go_before_tags(void **state)
{
    char path[600];
    const char *const paths[] = {path};
    struct gather *gather = gather_create(on_news, NULL);
    struct found found = {0};
    uint32_t ticket;

    (void)state;
    snprintf(path, sizeof path, "%s/tests/data/mix.flac", here);
    for (int i = 0; i < 200; i++) {
        assert_int_equal(gather_tags(gather, path), 0);
    }
    ticket = gather_paths(gather, paths, 1);
    assert_true(gather_wait(gather, ticket, 10000));
    assert_int_equal(gather_take(gather, 1, take, &found), 1);
    assert_int_equal(found.lists, 1); /* and it is taken before the tags that were found earlier */
    assert_int_equal(found.tracks, 1);
    gather_destroy(gather); /* with most of it undone */
}

static void a_disk_that_hangs_holds_nobody_up(void **state)
{
    char pipe[256];
    const char *const paths[] = {pipe};
    struct gather *gather = gather_create(on_news, NULL);
    uint32_t ticket;

    (void)state;
    scratch_path("hangs.m3u8", pipe, sizeof pipe);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    ticket = gather_paths(gather, paths, 1);
    (void)gather_wait(gather, ticket, 50); /* whether a pipe is read or refused is not its matter */
    gather_destroy(gather);
    gather_destroy(gather_create(on_news, NULL)); /* that was never used */
    gather_destroy(NULL);
}

static int remember_here(void **state)
{
    (void)state;
    return getcwd(here, sizeof here) != NULL ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_tracks_below_folders_and_tells_what_is_not_there),
        cmocka_unit_test(reads_tags_and_says_why_it_cannot),
        cmocka_unit_test(paths_go_before_tags),
        cmocka_unit_test(a_disk_that_hangs_holds_nobody_up),
    };

    return cmocka_run_group_tests(tests, remember_here, scratch_end);
}
