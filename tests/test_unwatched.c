/* test_unwatched.c - more folders than the system lets anybody watch: that is said once, and the
   music is read again every hour; an hour is short here. */
#include "tests/shim/real.h"

#include "server_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>
#include <uv.h>

enum { HOUR_MS = 3600 * 1000, SHORT_MS = 100 };

static atomic_int watches_left = 2;

int inotify_add_watch(int file, const char *path, uint32_t mask)
{
    if (atomic_fetch_sub(&watches_left, 1) <= 0) {
        errno = ENOSPC;
        return -1;
    }
    return REAL(inotify_add_watch, file, path, mask);
}

int uv_timer_start(uv_timer_t *timer, uv_timer_cb call, uint64_t first_ms, uint64_t every_ms)
{
    return REAL(uv_timer_start, timer, call, first_ms == HOUR_MS ? SHORT_MS : first_ms,
                every_ms == HOUR_MS ? SHORT_MS : every_ms);
}

static void copy(const struct served *served, const char *name)
{
    char command[512];

    snprintf(command, sizeof command,
             "mkdir -p '%s/music/a/b' && cp tests/data/mono.flac '%s/music/a/b/%s'",
             served_folder(served), served_folder(served), name);
    assert_int_equal(system(command), 0);
}

static size_t count_in_log(const struct served *served, const char *text)
{
    char path[256], line[4096];
    size_t count = 0;
    FILE *file;

    snprintf(path, sizeof path, "%s/log", served_folder(served));
    file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        count += strstr(line, text) != NULL;
    }
    fclose(file);
    return count;
}

static void the_music_is_read_again_where_it_cannot_be_watched(void **state)
{
    struct served *served = served_start("[library]\nsummaries = no\n");
    int client;

    (void)state;
    copy(served, "one.flac");
    client = served_connect(served);
    served_await(client, "stats", "songs: 1\n");
    copy(served, "two.flac");
    served_await(client, "stats", "songs: 2\n");
    copy(served, "three.flac");
    served_await(client, "stats", "songs: 3\n");
    assert_int_equal(count_in_log(served, "fs.inotify.max_user_watches"), 1);
    assert_int_equal(count_in_log(served, "is read again every hour"), 1);
    close(client);
    served_destroy(served);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_music_is_read_again_where_it_cannot_be_watched),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
