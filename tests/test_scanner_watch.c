/* test_scanner_watch.c - changes of the music folder that nobody has to tell of. */
#include "scanner_support.h"

#include "media_fixtures.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stddef.h>

#include <cmocka.h>

static void notices_changes_by_itself(void **state)
{
    struct place *place = place_open(state, "watch");

    place_run(place, "mkdir A B && cp ../seed A/1.flac");
    place_scan(place, "", false);
    place_forget(place);
    place_run(place, "cp ../seed A/2.flac && rm A/1.flac");
    place_wait_watched(place, "+A/2.flac|-A/1.flac");
    place_forget(place);
    place_run(place, "mkdir -p N/M && cp ../seed N/M/3.flac && mv A/2.flac B/2.flac");
    place_wait_watched(place, "+N/M/3.flac|-A/2.flac|+B/2.flac");
    place_forget(place);
    place_run(place, "cp ../seed N/M/4.flac"); /* the new folder is watched, too */
    place_wait_watched(place, "+N/M/4.flac");
    place_forget(place);
    place_run(place, "mv N O");
    place_wait_watched(place, "-N/M/3.flac|-N/M/4.flac|+O/M/3.flac|+O/M/4.flac");
    place_forget(place);
    place_run(place, "rm O/M/3.flac"); /* under its new name */
    place_wait_watched(place, "-O/M/3.flac");
    assert_int_equal(place->removed, 1);
    place_forget(place);
    place_run(place,
              "rm -r O && ln -s ../seed l.flac && mkdir ../far && cp ../seed ../far/f.flac && "
              "ln -s ../far far");
    place_wait_watched(place, "-O/M/4.flac|+l.flac|+far/f.flac");
    place_close(place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notices_changes_by_itself),
    };

    return cmocka_run_group_tests(tests, fixtures_make_folder, fixtures_remove_folder);
}
