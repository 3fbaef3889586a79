/* test_playlists.c - stored playlists keep what anybody wrote into them, through every change. */
#include "library/playlists.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
    char folder[200];
    struct playlists *playlists;
};

static char told[1024];

static void tell(void *context, const char *line)
{
    (void)context;
    snprintf(told, sizeof told, "%s", line);
}

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    const char *where = getenv("TMPDIR");
    char folder[300];

    told[0] = '\0';
    *state = place;
    snprintf(place->folder, sizeof place->folder, "%s/lists-XXXXXX",
             where != NULL ? where : "/tmp");
    if (mkdtemp(place->folder) == NULL) {
        return -1;
    }
    snprintf(folder, sizeof folder, "%s/lists", place->folder);
    place->playlists = playlists_create(folder, "/music/", tell, NULL);
    return place->playlists == NULL;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    char command[300];

    snprintf(command, sizeof command, "rm -r '%s'", place->folder);
    playlists_destroy(place->playlists);
    free(place);
    return system(command);
}

static void put(const struct place *place, const char *name, const char *text)
{
    char path[400];
    FILE *file;

    snprintf(path, sizeof path, "%s/lists", place->folder);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/lists/%s", place->folder, name);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void assert_file(const struct place *place, const char *name, const char *wanted)
{
    char path[400];
    size_t length;
    char *text;

    snprintf(path, sizeof path, "%s/lists/%s", place->folder, name);
    text = config_read_file(path, 1 << 20, &length);
    assert_non_null(text);
    assert_string_equal(text, wanted);
    free(text);
}

static const char *const some[] = {"a/1.flac", "/else/2.flac"};

static void saves_and_reads_uris(void **state)
{
    struct place *place = *state;
    struct playlist *playlist;

    assert_int_equal(playlists_read(place->playlists, "jazz", &playlist), -ENOENT);
    assert_int_equal(playlists_save(place->playlists, "jazz", some, NULL, 2, PLAYLISTS_CREATE), 0);
    assert_int_equal(playlists_save(place->playlists, "jazz", some, NULL, 2, PLAYLISTS_CREATE),
                     -EEXIST);
    assert_int_equal(playlists_save(place->playlists, "jazz", some, NULL, 1, PLAYLISTS_APPEND), 0);
    assert_int_equal(playlists_save(place->playlists, "rock", some, NULL, 1, PLAYLISTS_APPEND),
                     -ENOENT);
    assert_int_equal(playlists_read(place->playlists, "jazz", &playlist), 0);
    assert_int_equal(playlist->count, 3);
    assert_string_equal(playlist->entries[0].path, "/music/a/1.flac");
    assert_string_equal(playlists_uri(place->playlists, playlist->entries[0].path), "a/1.flac");
    assert_string_equal(playlists_uri(place->playlists, playlist->entries[1].path), "/else/2.flac");
    playlist_destroy(playlist);
    assert_int_equal(playlists_save(place->playlists, "jazz", some + 1, NULL, 1, PLAYLISTS_REPLACE),
                     0);
    assert_file(place, "jazz.m3u8", "#EXTM3U\n/else/2.flac\n");
}

static void an_origin_stays_with_its_entry(void **state)
{
    static const char *const origins[] = {"blues", ""};
    struct place *place = *state;
    struct playlist *playlist;

    assert_int_equal(playlists_save(place->playlists, "o", some, origins, 2, PLAYLISTS_CREATE), 0);
    assert_file(place, "o.m3u8", "#EXTM3U\n#MATCHPLAY-ORIGIN:blues\na/1.flac\n/else/2.flac\n");
    assert_int_equal(playlists_move(place->playlists, "o", 0, 1), 0);
    assert_int_equal(playlists_read(place->playlists, "o", &playlist), 0);
    assert_null(playlist->entries[0].origin);
    assert_string_equal(playlist->entries[1].origin, "blues");
    playlist_destroy(playlist);
}

static void names_that_are_comments_or_more_than_a_line_do_not_go_wrong(void **state)
{
    struct place *place = *state;
    const char *const hash[] = {"#1/x.flac"}, *const lines[] = {"a\nb"};
    struct playlist *playlist;

    assert_int_equal(playlists_add(place->playlists, "n", hash, 1, -1), 0);
    assert_int_equal(playlists_add(place->playlists, "n", lines, 1, -1), -EINVAL);
    assert_int_equal(playlists_read(place->playlists, "n", &playlist), 0);
    assert_int_equal(playlist->count, 1);
    assert_string_equal(playlists_uri(place->playlists, playlist->entries[0].path), "#1/x.flac");
    playlist_destroy(playlist);
}

static void comments_move_with_their_entries_and_the_head_stays(void **state)
{
    struct place *place = *state;

    put(place, "m.m3u8",
        "\xef\xbb\xbf#EXTM3U\r\n#MATCHPLAY-REFERENCE:1.0,/r.flac\r\n\r\n#EXTINF:1,One\r\n# mine\r\n"
        "1.flac\r\n#EXTINF:2,Two\r\n2.flac\r\n3.flac\r\n# the end");
    assert_int_equal(playlists_move(place->playlists, "m", 0, 2), 0);
    assert_file(place, "m.m3u8",
                "\xef\xbb\xbf#EXTM3U\r\n#MATCHPLAY-REFERENCE:1.0,/r.flac\r\n\r\n"
                "#EXTINF:2,Two\r\n2.flac\r\n3.flac\r\n#EXTINF:1,One\r\n# mine\r\n1.flac\r\n"
                "# the end");
    assert_int_equal(playlists_delete(place->playlists, "m", 0, 2), 0);
    assert_int_equal(playlists_add(place->playlists, "m", some, 1, 0), 0);
    assert_int_equal(playlists_add(place->playlists, "m", some + 1, 1, -1), 0);
    assert_file(place, "m.m3u8",
                "\xef\xbb\xbf#EXTM3U\r\n#MATCHPLAY-REFERENCE:1.0,/r.flac\r\n\r\na/1.flac\r\n"
                "#EXTINF:1,One\r\n# mine\r\n1.flac\r\n/else/2.flac\r\n# the end");
    assert_int_equal(playlists_clear(place->playlists, "m"), 0);
    assert_file(place, "m.m3u8", "\xef\xbb\xbf#EXTM3U\r\n#MATCHPLAY-REFERENCE:1.0,/r.flac\r\n\r\n");
}

static void a_file_without_a_last_line_end_is_added_to(void **state)
{
    struct place *place = *state;

    put(place, "n.m3u8", "1.flac");
    assert_int_equal(playlists_add(place->playlists, "n", some, 1, -1), 0);
    assert_file(place, "n.m3u8", "1.flac\na/1.flac\n");
    assert_int_equal(playlists_move(place->playlists, "n", 1, 0), 0);
    assert_file(place, "n.m3u8", "a/1.flac\n1.flac\n");
}

static void positions_are_those_that_are_read(void **state)
{
    struct place *place = *state;
    static char text[6000];
    struct playlist *playlist;

    memset(text, 'x', 5000); /* no path is that long; it is no entry */
    strcpy(text + 5000, "\n1.flac\n  \n#c\n2.flac\n3.flac\n");
    put(place, "p.m3u8", text);
    assert_int_equal(playlists_delete(place->playlists, "p", 1, 2), 0);
    assert_int_equal(playlists_read(place->playlists, "p", &playlist), 0);
    assert_int_equal(playlist->count, 2);
    assert_string_equal(playlist->entries[0].path, "/music/1.flac");
    assert_string_equal(playlist->entries[1].path, "/music/3.flac");
    playlist_destroy(playlist);
    assert_int_equal(playlists_delete(place->playlists, "p", 1, 3), -ERANGE);
    assert_int_equal(playlists_move(place->playlists, "p", 2, 0), -ERANGE);
    assert_int_equal(playlists_add(place->playlists, "p", some, 1, 3), -ERANGE);
}

static void keeps_how_a_playlist_sounds(void **state)
{
    struct place *place = *state;
    struct playlist_reference references[] = {{(char[]){"/r 1.flac"}, 0.75},
                                              {(char[]){"/r2.flac"}, 0.25}};
    struct playlist_sound sound, got;
    struct playlist *playlist;

    playlist_sound_init(&sound);
    sound.references = references;
    sound.reference_count = 2;
    sound.preset = (char[]){"gentle"};
    sound.amounts[AMOUNT_EQ] = 33.3;
    sound.amounts[AMOUNT_LIMITER] = 0;
    put(place, "s.m3u8",
        "#EXTM3U\n#MATCHPLAY-PRESET:full\n1.flac\n"
        "#MATCHPLAY-REFERENCE:1,/old.flac\n#MATCHPLAY-LATER:x\n2.flac\n");
    assert_int_equal(playlists_set_sound(place->playlists, "s", &sound), 0);
    assert_file(place, "s.m3u8",
                "#EXTM3U\n#MATCHPLAY-REFERENCE:0.75,/r 1.flac\n"
                "#MATCHPLAY-REFERENCE:0.25,/r2.flac\n#MATCHPLAY-PRESET:gentle\n"
                "#MATCHPLAY-AMOUNT:eq,33.3\n#MATCHPLAY-AMOUNT:limiter,0\n#MATCHPLAY-LATER:x\n"
                "1.flac\n2.flac\n");
    assert_int_equal(playlists_save(place->playlists, "s", some, NULL, 2, PLAYLISTS_REPLACE), 0);
    assert_int_equal(playlists_rename(place->playlists, "s", "t"), 0);
    assert_int_equal(playlists_read_sound(place->playlists, "t", &got), 0);
    assert_int_equal(got.reference_count, 2);
    assert_string_equal(got.references[1].path, "/r2.flac");
    assert_true(got.references[0].weight == 0.75);
    assert_string_equal(got.preset, "gentle");
    assert_true(got.amounts[AMOUNT_EQ] == 33.3);
    assert_true(isnan(got.amounts[AMOUNT_LEVEL]));
    playlist_sound_finish(&got);
    playlist_sound_init(&got);
    assert_int_equal(playlists_set_sound(place->playlists, "t", &got), 0);
    assert_int_equal(playlists_read(place->playlists, "t", &playlist), 0);
    assert_true(playlist_sound_is_empty(&playlist->sound));
    assert_int_equal(playlist->count, 2);
    playlist_destroy(playlist);
    sound.amounts[AMOUNT_LEVEL] = 101;
    assert_int_equal(playlists_set_sound(place->playlists, "t", &sound), -EINVAL);
}

static void bad_lines_of_ours_are_told_with_their_number(void **state)
{
    static const char *const bad[] = {"AMOUNT:level", "AMOUNT:level,101", "AMOUNT:limiter,0.5",
                                      "AMOUNT:eq,x",  "PRESET: ",         "REFERENCE:0,/x",
                                      "NONSENSE"};
    struct place *place = *state;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct playlist *playlist;
        char text[100];

        snprintf(text, sizeof text, "1.flac\n#MATCHPLAY-%s\n", bad[i]);
        put(place, "b.m3u8", text);
        told[0] = '\0';
        assert_int_equal(playlists_read(place->playlists, "b", &playlist), 0);
        assert_non_null(strstr(told, "/b.m3u8:2: "));
        assert_true(playlist_sound_is_empty(&playlist->sound));
        playlist_destroy(playlist);
    }
}

static bool collect(void *context, const char *name, int64_t modified_s)
{
    char *names = context;

    assert_true(modified_s > 0);
    strcat(strcat(names, name), " ");
    return true;
}

static void lists_names_and_refuses_bad_ones(void **state)
{
    struct place *place = *state;
    char names[100] = "", long_name[300];

    memset(long_name, 'n', 251);
    long_name[251] = '\0';
    assert_int_equal(playlists_each(place->playlists, collect, names), 0);
    put(place, "b.m3u8", "");
    put(place, "a.x.m3u8", "");
    put(place, "a.m3u", "1.flac\n");
    put(place, "b.m3u", "");
    put(place, ".previous.m3u8", "");
    put(place, ".a.m3u8.new", "");
    put(place, "notes.txt", "");
    assert_int_equal(playlists_each(place->playlists, collect, names), 0);
    assert_string_equal(names, "a a.x b ");
    assert_true(playlists_name_is_good(".previous"));
    assert_false(playlists_name_is_good(""));
    assert_false(playlists_name_is_good("a/b"));
    assert_false(playlists_name_is_good("a\nb"));
    assert_false(playlists_name_is_good(".."));
    assert_false(playlists_name_is_good(long_name));
    assert_int_equal(playlists_save(place->playlists, "../x", some, NULL, 1, PLAYLISTS_CREATE),
                     -EINVAL);
    assert_int_equal(playlists_rename(place->playlists, "a", "b"), -EEXIST);
    assert_int_equal(playlists_rename(place->playlists, "none", "c"), -ENOENT);
    assert_int_equal(playlists_remove(place->playlists, "a"), 0);
    assert_int_equal(playlists_remove(place->playlists, "a"), -ENOENT);
}

static void sees_what_others_change(void **state)
{
    struct place *place = *state;
    uint64_t version = playlists_version(place->playlists);

    assert_int_equal(playlists_version(place->playlists), version);
    assert_int_equal(playlists_add(place->playlists, "v", some, 1, -1), 0);
    assert_true(playlists_version(place->playlists) > version);
    version = playlists_version(place->playlists);
    put(place, "v.m3u8", "other.flac\n");
    usleep(1100000); /* it does not look more often */
    assert_true(playlists_version(place->playlists) > version);
}

static void a_linked_file_and_its_mode_are_kept(void **state)
{
    struct place *place = *state;
    char link_path[300], real_path[300];
    struct stat status;

    put(place, "l.m3u8", "1.flac\n");
    snprintf(link_path, sizeof link_path, "%s/lists/l.m3u8", place->folder);
    snprintf(real_path, sizeof real_path, "%s/real.m3u8", place->folder);
    assert_int_equal(
        rename(link_path, real_path) + symlink(real_path, link_path) + chmod(real_path, 0640), 0);
    assert_int_equal(playlists_add(place->playlists, "l", some, 1, -1), 0);
    assert_int_equal(lstat(link_path, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    assert_int_equal(stat(real_path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
    assert_file(place, "l.m3u8", "1.flac\na/1.flac\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(saves_and_reads_uris),
        TEST(an_origin_stays_with_its_entry),
        TEST(names_that_are_comments_or_more_than_a_line_do_not_go_wrong),
        TEST(comments_move_with_their_entries_and_the_head_stays),
        TEST(a_file_without_a_last_line_end_is_added_to),
        TEST(positions_are_those_that_are_read),
        TEST(keeps_how_a_playlist_sounds),
        TEST(bad_lines_of_ours_are_told_with_their_number),
        TEST(lists_names_and_refuses_bad_ones),
        TEST(sees_what_others_change),
        TEST(a_linked_file_and_its_mode_are_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
