/* test_scanner.c - what a scan finds in a music folder, and what it leaves alone. */
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

enum { PATIENCE_S = 20 };

static void finds_all_sound_and_nothing_else(void **state)
{
    struct place *place = place_open(state, "finds");

    place_run(place,
              "mkdir -p A/B 'C d' .hidden empty && cp ../seed a.flac && cp ../seed A/b.flac && "
              "cp ../seed A/B/ö.flac && cp ../seed 'C d/x y.FLAC' && cp ../seed .hidden/h.flac "
              "&& cp ../seed .h.flac && echo no > notes.txt && echo no > cover.jpg");
    place_scan(place, "", false);
    assert_int_equal(place->puts, 4);
    place_assert_told(place, "+a.flac|+A/b.flac|+A/B/ö.flac|+C d/x y.FLAC");
    assert_true(place->changed);
    assert_string_equal(place->last_title, "Seed");
    assert_int_equal(place_rows(place->database), 4);
    place_close(place);
}

static void touches_only_what_changed(void **state)
{
    struct place *place = place_open(state, "changes");
    struct scanner_status status;

    place_run(place, "mkdir -p A && for i in 1 2 3 4; do cp ../seed A/$i.flac; done");
    place_scan(place, "", false);
    assert_int_equal(place->puts, 4);
    place_scan(place, "", false);
    assert_int_equal(place->puts + place->removed, 0);
    assert_false(place->changed);
    scanner_read_status(place->scanner, &status);
    assert_int_equal(status.files, 4);
    assert_int_equal(status.read, 0);
    place_run(place, "touch -d '2001-02-03' A/2.flac && rm A/3.flac && cp ../seed A/5.flac");
    place_scan(place, "", false);
    assert_int_equal(place->puts, 2);
    assert_int_equal(place->removed, 1);
    place_assert_told(place, "+A/2.flac|-A/3.flac|+A/5.flac");
    place_scan(place, "", true); /* again: all of it */
    assert_int_equal(place->puts, 4);
    place_run(place, "rm -r A");
    place_scan(place, "", false);
    assert_int_equal(place->removed, 0); /* the folder is empty: its disk may be away */
    place_run(place, "mkdir B && cp ../seed B/1.flac");
    place_scan(place, "", false);
    assert_int_equal(place->removed, 4);
    assert_int_equal(place_rows(place->database), 1);
    place_close(place);
}

static void looks_only_where_it_is_told_to(void **state)
{
    struct place *place = place_open(state, "where");

    place_run(place, "mkdir -p A/x B && cp ../seed A/1.flac && cp ../seed A/x/2.flac && cp ../seed "
                     "B/3.flac");
    place_scan(place, "A", false);
    assert_int_equal(place->puts, 2);
    place_scan(place, "B/3.flac", false); /* one file */
    assert_int_equal(place->puts, 1);
    place_run(place, "rm -r A/x B");
    place_scan(place, "A", false);
    assert_int_equal(place->removed, 1);
    place_assert_told(place, "-A/x/2.flac");
    place_scan(place, "B", false); /* what is gone */
    place_assert_told(place, "-B/3.flac");
    place_scan(place, "../..", false);
    assert_int_equal(place->puts + place->removed, 0);
    place_scan(place, "nowhere", false);
    assert_int_equal(place->puts + place->removed, 0);
    place_close(place);
}

static void follows_links_and_cuts_circles(void **state)
{
    struct place *place = place_open(state, "links");

    place_run(place,
              "mkdir -p A/B ../elsewhere && cp ../seed A/B/1.flac && cp ../seed "
              "../elsewhere/2.flac && ln -s .. A/B/up && ln -s ../../../elsewhere A/B/there && "
              "ln -s . self && ln -s 1.flac A/B/3.flac && ln -s nowhere A/B/4.flac && ln -s "
              "loop2 loop1 && ln -s loop1 loop2");
    place_scan(place, "", false);
    place_assert_told(place, "+A/B/1.flac|+A/B/there/2.flac|+A/B/3.flac");
    assert_int_equal(place->puts, 3);
    place_scan(place, "A/B", false);
    assert_int_equal(place->puts + place->removed, 0);
    place_close(place);
}

static void keeps_what_a_dangling_link_hides(void **state)
{
    struct place *place = place_open(state, "dangling");

    place_run(place, "mkdir -p ../disk/x && cp ../seed ../disk/x/1.flac && ln -s ../disk usb && cp "
                     "../seed 2.flac");
    place_scan(place, "", false);
    place_assert_told(place, "+usb/x/1.flac|+2.flac");
    place_run(place, "mv ../disk ../away");
    place_scan(place, "", false);
    assert_int_equal(place->puts + place->removed, 0);
    place_assert_logged(place, "usb leads to what is not there", 1);
    place_run(place, "rm usb");
    place_scan(place, "", false);
    place_assert_told(place, "-usb/x/1.flac");
    place_close(place);
}

static void names_what_it_leaves_out(void **state)
{
    struct place *place = place_open(state, "names");
    struct scanner_status status;

    place_run(place,
              "cp ../seed \"$(printf 'bad\\377.flac')\" && cp ../seed \"$(printf 'two\\nlines"
              ".flac')\" && cp ../seed good.flac && mkdir \"$(printf 'd\\351')\" && cp ../seed "
              "\"$(printf 'd\\351')/1.flac\"");
    place_run(place,
              "n=$(printf '%%0200d' 0); p=.; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 "
              "18 19; do p=$p/$n; done; mkdir -p $p && cp ../seed $p/ok.flac && cd $p && "
              "mkdir $n && cp '%s/seed.flac' $n/long.flac",
              (char *)*state);
    place_scan(place, "", false);
    assert_int_equal(place->puts, 2);
    place_assert_told(place, "+good.flac");
    assert_non_null(strstr(place->list, "/ok.flac|"));
    scanner_read_status(place->scanner, &status);
    assert_int_equal(status.left_out, 4);
    place_assert_logged(place, "as the name is not UTF-8: ", 2);
    place_assert_logged(
        place, "as there is a line end in the name: two lines.flac in the music folder", 1);
    place_assert_logged(place, "as the path is too long: ", 1);
    place_close(place);
}

static void says_how_many_more_names_it_leaves_out(void **state)
{
    struct place *place = place_open(state, "many names");

    place_run(place, "for i in $(seq 23); do : >\"$(printf \"bad\\377$i.flac\")\"; done");
    place_scan(place, "", false);
    place_assert_logged(place, "left out, as the name is not UTF-8: ", 20);
    place_assert_logged(place, "3 more names are left out for reasons like these", 1);
    place_close(place);
}

static void keeps_why_a_file_cannot_be_read(void **state)
{
    struct place *place = place_open(state, "unreadable");
    struct scanner_status status;

    place_run(place, "echo rubbish > bad.flac && : > empty.mp3 && mkfifo pipe.mp3");
    place_scan(place, "", false);
    assert_int_equal(place->puts, 2);
    place_assert_told(place, "+bad.flac|+empty.mp3");
    assert_true(strlen(place->last_error) > 0);
    assert_null(strstr(place->last_error, place->music)); /* it is said of which file anyway */
    scanner_read_status(place->scanner, &status);
    assert_int_equal(status.errors, 2);
    place_scan(place, "", false); /* not tried again */
    assert_int_equal(place->puts, 0);
    scanner_read_status(place->scanner, &status);
    assert_int_equal(status.read, 0);
    place_run(place, "cp ../seed bad.flac");
    place_scan(place, "", false);
    place_assert_told(place, "+bad.flac");
    assert_string_equal(place->last_error, "");
    place_close(place);
}

static void keeps_the_library_when_the_music_is_away(void **state)
{
    struct place *place = place_open(state, "away");

    place_run(place, "mkdir A && cp ../seed A/1.flac");
    place_scan(place, "", false);
    fixture_run(state, "mv away/music away/gone");
    place_scan(place, "", false);
    assert_int_equal(place->removed, 0);
    assert_false(place->changed);
    place_scan(place, "", false);
    place_assert_logged(place, "cannot be read (No such file or directory): the library stays", 1);
    fixture_run(state, "mkdir away/music"); /* where a disk is to be mounted */
    place_scan(place, "", false);
    assert_int_equal(place->removed, 0);
    assert_int_equal(place_rows(place->database), 1);
    fixture_run(state, "rmdir away/music && mv away/gone away/music");
    place_scan(place, "", false);
    assert_int_equal(place->puts + place->removed, 0);
    place_close(place);
}

static void keeps_what_lay_on_a_disk_that_is_not_mounted(void **state)
{
    char other[] = "/dev/shm/matchplay-test-XXXXXX";
    struct stat here, there;
    struct place *place;

    if (mkdtemp(other) == NULL || stat(other, &there) != 0 || stat(*state, &here) != 0 ||
        here.st_dev == there.st_dev) {
        rmdir(other);
        skip();
    }
    place = place_open(state, "mounts");
    place_run(place, "cp ../seed 1.flac && mkdir %s/x && cp ../seed %s/x/2.flac && ln -s %s usb",
              other, other, other);
    place_scan(place, "", false);
    place_assert_told(place, "+1.flac|+usb/x/2.flac");
    place_run(place, "rm -r usb %s && mkdir usb", other); /* as a mount point without its disk */
    place_scan(place, "", false);
    assert_int_equal(place->removed, 0);
    place_scan(place, "usb", false);
    assert_int_equal(place->removed, 0);
    place_assert_logged(place, "usb is empty, and its disk is not mounted", 2);
    place_run(place, "cp ../seed usb/3.flac");
    place_scan(place, "", false);
    place_assert_told(place, "+usb/3.flac|-usb/x/2.flac");
    place_close(place);
}

static void begins_anew_with_another_folder(void **state)
{
    struct place *place = place_open(state, "another");

    place_run(place, "cp ../seed 1.flac");
    place_scan(place, "", false);
    scanner_destroy(place->scanner);
    fixture_run(state, "mkdir another/music2");
    snprintf(place->music, sizeof place->music, "%.400s/music2/", place->folder);
    place_start(place);
    place_scan(place, "", false); /* empty, but it is not the one that was there */
    place_assert_told(place, "-1.flac");
    place_close(place);
}

static void keeps_when_a_moved_file_came(void **state)
{
    struct place *place = place_open(state, "moved");
    struct database *database;
    char message[512];
    struct tags none = {.count = 0};
    struct record record = {.uri = "old.flac", .added_s = 12345, .tags = &none};
    struct stat status;
    char path[FIXTURE_PATH_SIZE];

    place_run(place, "cp ../seed new.flac");
    snprintf(path, sizeof path, "%.400s/new.flac", place->music);
    assert_int_equal(stat(path, &status), 0);
    record.size = status.st_size;
    record.modified_ns = (int64_t)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
    assert_int_equal(database_open(&database, place->database, NULL, message, sizeof message), 0);
    assert_int_equal(database_put(database, &record), 0);
    database_close(database);
    place_scan(place, "", false);
    place_assert_told(place, "+new.flac|-old.flac");
    assert_int_equal(place->last_added_s, 12345);
    place_close(place);
}

static void merges_jobs_that_wait(void **state)
{
    struct place *place = place_open(state, "merges");
    unsigned first, second, third;
    struct scanner_status status;

    place_run(place, "cp ../seed 1.flac");
    first = scanner_update(place->scanner, "", false);
    second = scanner_update(place->scanner, "", false);
    third = scanner_update(place->scanner, "A", false);
    assert_true(second == first || second == first + 1);
    assert_true(third == second || third == second + 1);
    scanner_read_status(place->scanner, &status);
    assert_true(status.job > 0 || status.files == 1);
    place_wait(place);
    place_close(place);
}

/* As MPD has it: 32 may wait. */
static void takes_no_more_jobs_than_it_can_remember(void **state)
{
    struct place *place = place_open(state, "jobs");
    unsigned taken = 0;
    char folder[16];

    for (; taken < 10000; taken++) { /* some are done meanwhile */
        snprintf(folder, sizeof folder, "%u", taken);
        if (scanner_update(place->scanner, folder, false) == 0) {
            break;
        }
    }
    assert_in_range(taken, 32, 9999);
    place_close(place);
}

static void gives_few_events_at_a_time(void **state)
{
    struct place *place = place_open(state, "few");
    size_t taken = 0, all = 0;

    place_run(place, "for i in 1 2 3 4 5 6 7; do cp ../seed $i.flac; done");
    assert_true(scanner_update(place->scanner, "", false) > 0);
    for (int i = 0; place->done == 0 && i < PATIENCE_S * 1000; i++) {
        taken = scanner_take(place->scanner, 2, place_note, place);
        assert_true(taken <= 2);
        all += taken;
        if (taken == 0) {
            usleep(1000);
        }
    }
    assert_int_equal(place->puts, 7);
    assert_int_equal(all, 8);
    place_close(place);
}

static void stops_in_the_middle_and_keeps_what_it_read(void **state)
{
    struct place *place = place_open(state, "stops");

    place_run(place, "mkdir A && cp ../seed A/0.flac && for i in $(seq 300); do ln A/0.flac "
                     "A/$i.flac; done");
    assert_true(scanner_update(place->scanner, "", false) > 0);
    for (int i = 0; place->puts == 0 && i < PATIENCE_S * 1000; i++) {
        usleep(1000);
        scanner_take(place->scanner, 0, place_note, place);
    }
    scanner_destroy(place->scanner);
    assert_true(place_rows(place->database) >= place->puts);
    place_start(place);
    place_scan(place, "", false);
    assert_int_equal(place_rows(place->database), 301);
    place_close(place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_all_sound_and_nothing_else),
        cmocka_unit_test(touches_only_what_changed),
        cmocka_unit_test(looks_only_where_it_is_told_to),
        cmocka_unit_test(follows_links_and_cuts_circles),
        cmocka_unit_test(keeps_what_a_dangling_link_hides),
        cmocka_unit_test(names_what_it_leaves_out),
        cmocka_unit_test(says_how_many_more_names_it_leaves_out),
        cmocka_unit_test(keeps_why_a_file_cannot_be_read),
        cmocka_unit_test(keeps_the_library_when_the_music_is_away),
        cmocka_unit_test(keeps_what_lay_on_a_disk_that_is_not_mounted),
        cmocka_unit_test(begins_anew_with_another_folder),
        cmocka_unit_test(keeps_when_a_moved_file_came),
        cmocka_unit_test(merges_jobs_that_wait),
        cmocka_unit_test(takes_no_more_jobs_than_it_can_remember),
        cmocka_unit_test(gives_few_events_at_a_time),
        cmocka_unit_test(stops_in_the_middle_and_keeps_what_it_read),
    };

    return cmocka_run_group_tests(tests, fixtures_make_folder, fixtures_remove_folder);
}
