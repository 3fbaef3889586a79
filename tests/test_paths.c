/* test_paths.c - where files are kept and found. */
#include "config/paths.h"

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

/* Compares and frees. */
static void expect(char *path, const char *wanted)
{
    assert_non_null(path);
    assert_string_equal(path, wanted);
    free(path);
}

static int set_up(void **state)
{
    char *folder = strdup("/tmp/matchplay-paths-XXXXXX");

    *state = mkdtemp(folder);
    setenv("HOME", folder, 1);
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("XDG_STATE_HOME");
    unsetenv("MATCHPLAY_SOCKET");
    return *state == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
    char command[256];

    snprintf(command, sizeof command, "rm -r '%s'", (char *)*state);
    free(*state);
    return system(command);
}

static void follows_the_base_directory_specification(void **state)
{
    char wanted[256];

    snprintf(wanted, sizeof wanted, "%s/.config/matchplay/matchplayrc", (char *)*state);
    expect(path_in(PATH_CONFIG, "matchplayrc"), wanted);
    setenv("XDG_CONFIG_HOME", "relative/is/ignored", 1);
    expect(path_in(PATH_CONFIG, "matchplayrc"), wanted);
    setenv("XDG_CONFIG_HOME", "/etc/xdg/", 1);
    expect(path_in(PATH_CONFIG, "presets.ini"), "/etc/xdg/matchplay/presets.ini");
    expect(path_in(PATH_CONFIG, NULL), "/etc/xdg/matchplay");
}

static void makes_folders_for_itself_alone(void **state)
{
    char wanted[256];
    struct stat status;

    snprintf(wanted, sizeof wanted, "%s/.local/state/matchplay/settings", (char *)*state);
    expect(path_in_made(PATH_STATE, "settings"), wanted);
    *strrchr(wanted, '/') = '\0';
    assert_int_equal(stat(wanted, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    assert_int_equal(path_make_folder("/proc/no/such"), -ENOENT);
}

static void joins_splits_and_expands(void **state)
{
    char wanted[256];

    expect(path_join("a", "b"), "a/b");
    expect(path_join("a/", "b"), "a/b");
    expect(path_join("a", "/b"), "/b");
    expect(path_join("", "b"), "b");
    expect(path_folder_of("/a/b"), "/a");
    expect(path_folder_of("/a"), "/");
    expect(path_folder_of("a"), ".");
    expect(path_expand("~other/x"), "~other/x");
    expect(path_expand("~"), *state);
    snprintf(wanted, sizeof wanted, "%s/Music", (char *)*state);
    expect(path_expand("~/Music"), wanted);
}

static void finds_the_music_folder_of_the_desktop(void **state)
{
    char path[256], wanted[256];
    FILE *file;

    snprintf(wanted, sizeof wanted, "%s/Music", (char *)*state);
    expect(path_music(""), wanted);
    snprintf(path, sizeof path, "%s/.config", (char *)*state);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/.config/user-dirs.dirs", (char *)*state);
    file = fopen(path, "w");
    fputs("# written by a desktop\nXDG_MUSIC_DIR=\"$HOME/Musik\"\n", file);
    fclose(file);
    snprintf(wanted, sizeof wanted, "%s/Musik", (char *)*state);
    expect(path_music(NULL), wanted);
    expect(path_music("/srv/music"), "/srv/music");
}

static void the_socket_has_one_rule(void **state)
{
    char wanted[64];

    (void)state;
    setenv("XDG_RUNTIME_DIR", "/run/user/7", 1);
    snprintf(wanted, sizeof wanted, "/tmp/matchplay-%lu/socket", (unsigned long)getuid());
    expect(path_socket(NULL), wanted);
    setenv("MATCHPLAY_SOCKET", "/x/y", 1);
    expect(path_socket(NULL), "/x/y");
    expect(path_socket("localhost:6600"), "localhost:6600");
}

static void refuses_a_socket_folder_that_others_can_enter(void **state)
{
    char folder[256], link[256];

    snprintf(folder, sizeof folder, "%s/own", (char *)*state);
    snprintf(link, sizeof link, "%s/link", (char *)*state);
    assert_int_equal(path_secure_folder(folder), 0);
    assert_int_equal(path_secure_folder(folder), 0);
    assert_int_equal(symlink(folder, link), 0);
    assert_int_equal(path_secure_folder(link), -EPERM);
    assert_int_equal(chmod(folder, 0755), 0);
    assert_int_equal(path_secure_folder(folder), -EPERM);
}

static void finds_what_is_shipped_in_the_source_tree(void **state)
{
    char *path = path_shipped("presets.ini");

    (void)state;
    assert_non_null(path);
    assert_int_equal(access(path, R_OK), 0);
    free(path);
    assert_null(path_shipped("no-such-file"));
    assert_int_equal(errno, ENOENT);
    assert_null(path_executable("no-such-program"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(follows_the_base_directory_specification),
        TEST(makes_folders_for_itself_alone),
        TEST(joins_splits_and_expands),
        TEST(finds_the_music_folder_of_the_desktop),
        TEST(the_socket_has_one_rule),
        TEST(refuses_a_socket_folder_that_others_can_enter),
        TEST(finds_what_is_shipped_in_the_source_tree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
