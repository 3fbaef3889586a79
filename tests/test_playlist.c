/* test_playlist.c - playlists and folders become a list of tracks. */
#include "library/source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char told[4096];
static char start[4096];

static void tell(void *context, const char *line)
{
    size_t used = strlen(told);

    (void)context;
    snprintf(told + used, sizeof told - used, "%s\n", line);
}

static void put(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* Every test works in a folder of its own. */
static int set_up(void **state)
{
    char *folder = strdup("/tmp/matchplay-list-XXXXXX");

    told[0] = '\0';
    *state = mkdtemp(folder);
    if (getcwd(start, sizeof start) == NULL) {
        return -1;
    }
    return *state == NULL ? -1 : chdir(folder);
}

static int tear_down(void **state)
{
    char command[256];

    snprintf(command, sizeof command, "rm -r '%s'", (char *)*state);
    free(*state);
    return chdir(start) + system(command);
}

static struct playlist *read_list(const char *name)
{
    struct playlist *list = NULL;

    assert_int_equal(playlist_read(&list, name, tell, NULL), 0);
    return list;
}

static void reads_entries_titles_and_references(void **state)
{
    struct playlist *list;

    (void)state;
    assert_int_equal(mkdir("d", 0700), 0);
    put("d/a.m3u8", "\xef\xbb\xbf#EXTM3U\r\n#MATCHPLAY-REFERENCE:1.0,/ref/one.flac\r\n"
                    "#MATCHPLAY-REFERENCE: 0.25 , two, too.flac\n#EXTINF:215,Artist - Title\r\n"
                    "x y.flac\n\n# a comment\n/abs/z.mp3\nhttp://radio/stream.mp3");
    list = read_list("d/a.m3u8");
    assert_string_equal(told, "");
    assert_int_equal(list->count, 3);
    assert_string_equal(list->entries[0].path, "d/x y.flac");
    assert_string_equal(list->entries[0].title, "Artist - Title");
    assert_true(list->entries[0].seconds == 215);
    assert_string_equal(list->entries[1].path, "/abs/z.mp3");
    assert_null(list->entries[1].title);
    assert_true(list->entries[1].seconds == -1);
    assert_string_equal(list->entries[2].path, "http://radio/stream.mp3");
    assert_int_equal(list->sound.reference_count, 2);
    assert_string_equal(list->sound.references[0].path, "/ref/one.flac");
    assert_string_equal(list->sound.references[1].path, "d/two, too.flac");
    assert_true(list->sound.references[1].weight == 0.25);
    playlist_destroy(list);
}

static void tells_bad_lines_with_their_number(void **state)
{
    static const char bad[] = "a.flac\n#MATCHPLAY-REFERENCE:none\n#MATCHPLAY-REFERENCE:-1,/r\n"
                              "#MATCHPLAY-REFERENCE:1,\nb\0c.flac\nd.flac\n";
    struct playlist *list;
    FILE *file = fopen("bad.m3u", "w");

    (void)state;
    fwrite(bad, 1, sizeof bad - 1, file);
    fclose(file);
    list = read_list("bad.m3u");
    assert_int_equal(list->count, 2);
    assert_int_equal(list->sound.reference_count, 0);
    assert_string_equal(list->entries[1].path, "./d.flac");
    for (int line = 2; line <= 5; line++) {
        char wanted[32];

        snprintf(wanted, sizeof wanted, "bad.m3u:%d: ", line);
        assert_non_null(strstr(told, wanted));
    }
    playlist_destroy(list);
}

static void finds_files_as_other_systems_write_them(void **state)
{
    struct playlist *list;

    (void)state;
    assert_int_equal(mkdir("Bj\xc3\xb6rk", 0700), 0);
    put("Bj\xc3\xb6rk/a b.flac", "");
    put("w.m3u", "Bj\xf6rk\\a b.flac\nfile:///tmp/no%20such%2fone.flac\n");
    list = read_list("w.m3u");
    assert_string_equal(list->entries[0].path, "./Bj\xc3\xb6rk/a b.flac");
    assert_string_equal(list->entries[1].path, "/tmp/no such/one.flac");
    playlist_destroy(list);
}

static void a_missing_playlist_is_an_error(void **state)
{
    struct playlist *list;

    (void)state;
    assert_int_equal(playlist_read(&list, "none.m3u", tell, NULL), -ENOENT);
    assert_null(list);
}

static struct source_list *expand(const char *const paths[], size_t count)
{
    struct source_list *list = NULL;

    assert_int_equal(source_expand(&list, paths, count, tell, NULL), 0);
    return list;
}

static void sorts_folders_by_name_and_hides_what_is_hidden(void **state)
{
    static const char *const paths[] = {"m"};
    static const char *const wanted[] = {"m/B.flac", "m/a/1.MP3", "m/a/2.ogg", "m/b.wav"};
    struct source_list *list;

    (void)state;
    assert_int_equal(mkdir("m", 0700) + mkdir("m/a", 0700) + mkdir("m/.h", 0700), 0);
    put("m/b.wav", "");
    put("m/B.flac", "");
    put("m/a/2.ogg", "");
    put("m/a/1.MP3", "");
    put("m/cover.jpg", "");
    put("m/all.m3u", "b.wav\n");
    put("m/.hidden.flac", "");
    put("m/.h/x.flac", "");
    list = expand(paths, 1);
    assert_int_equal(list->count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(list->entries[i].path, wanted[i]);
        assert_null(source_playlist(list, i));
    }
    assert_string_equal(told, "");
    source_list_destroy(list);
}

static void cuts_links_back_to_a_folder_above(void **state)
{
    static const char *const paths[] = {"m", "loop.m3u"};
    struct source_list *list;

    (void)state;
    assert_int_equal(mkdir("m", 0700) + mkdir("m/a", 0700), 0);
    put("m/a/1.flac", "");
    put("loop.m3u", "loop.m3u\nm/a/1.flac\n");
    assert_int_equal(symlink("..", "m/a/up"), 0);
    list = expand(paths, 2);
    assert_int_equal(list->count, 2);
    source_list_destroy(list);
}

static void entries_know_the_playlist_whose_references_rule_them(void **state)
{
    static const char *const paths[] = {"one.m3u8", "2.flac", "two.m3u8"};
    struct source_list *list;

    (void)state;
    assert_int_equal(mkdir("m", 0700), 0);
    put("m/1.flac", "");
    put("2.flac", "");
    put("plain.m3u", "2.flac\n");
    put("one.m3u8", "#MATCHPLAY-REFERENCE:1.0,r1.flac\nm\nplain.m3u\ntwo.m3u8\n");
    put("two.m3u8", "#MATCHPLAY-REFERENCE:1.0,r2.flac\n2.flac\n");
    list = expand(paths, 3);
    assert_int_equal(list->count, 5);
    assert_string_equal(source_playlist(list, 0)->sound.references[0].path, "./r1.flac");
    assert_string_equal(source_playlist(list, 1)->sound.references[0].path, "./r1.flac");
    assert_string_equal(source_playlist(list, 2)->sound.references[0].path, "./r2.flac");
    assert_null(source_playlist(list, 3));
    assert_string_equal(source_playlist(list, 4)->sound.references[0].path, "./r2.flac");
    source_list_destroy(list);
}

static void goes_on_past_what_is_missing(void **state)
{
    static const char *const paths[] = {"none.flac", "2.xyz", "none.m3u"};
    struct source_list *list;

    (void)state;
    put("2.xyz", "");
    list = expand(paths, 3);
    assert_int_equal(list->count, 1); /* named by hand, so the ending is not asked for */
    assert_int_equal(list->errors, 2);
    assert_non_null(strstr(told, "none.flac: No such file or directory; "));
    assert_non_null(strstr(told, "none.m3u: "));
    source_list_destroy(list);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(reads_entries_titles_and_references),
        TEST(tells_bad_lines_with_their_number),
        TEST(finds_files_as_other_systems_write_them),
        TEST(a_missing_playlist_is_an_error),
        TEST(sorts_folders_by_name_and_hides_what_is_hidden),
        TEST(cuts_links_back_to_a_folder_above),
        TEST(entries_know_the_playlist_whose_references_rule_them),
        TEST(goes_on_past_what_is_missing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
