/* test_rcfile.c - matchplayrc: one bad line costs one setting, and is told with its number. */
#include "config/rcfile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct fixture {
    struct options *options;
    char path[64];
    char told[4096]; /* every report, one a line */
    int count;
};

static void tell(void *context, const char *line)
{
    struct fixture *fixture = context;
    size_t used = strlen(fixture->told);

    snprintf(fixture->told + used, sizeof fixture->told - used, "%s\n", line);
    fixture->count++;
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    int file;

    snprintf(fixture->path, sizeof fixture->path, "/tmp/matchplay-rc-XXXXXX");
    file = mkstemp(fixture->path);
    fixture->options = options_create();
    *state = fixture;
    return file >= 0 ? close(file) : -1;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    unlink(fixture->path);
    options_destroy(fixture->options);
    free(fixture);
    return 0;
}

static void read_bytes(struct fixture *fixture, const char *bytes, size_t count)
{
    FILE *file = fopen(fixture->path, "w");

    fwrite(bytes, 1, count, file);
    fclose(file);
    fixture->told[0] = '\0';
    fixture->count = 0;
    assert_int_equal(rcfile_read(fixture->options, fixture->path, tell, fixture), 0);
}

static void read_text(struct fixture *fixture, const char *text)
{
    read_bytes(fixture, text, strlen(text));
}

static void reads_values_quotes_and_comments(void **state)
{
    struct fixture *f = *state;

    read_text(f, "# a comment\n[OUTPUT]\n Device = \"hw:1,0 # not; a comment\" ; one\n"
                 "block_size=1024 # another\nbit_depth = '24'\n[match]\nreference = /m/A B's.flac\n"
                 "preset = \"\"\n[system]\ncpu_affinity = 1,3");
    assert_string_equal(f->told, "");
    assert_string_equal(options_text(f->options, "device"), "hw:1,0 # not; a comment");
    assert_int_equal(options_integer(f->options, "block_size"), 1024);
    assert_string_equal(options_text(f->options, "bit_depth"), "24");
    assert_string_equal(options_text(f->options, "reference"), "/m/A B's.flac");
    assert_string_equal(options_text(f->options, "preset"), "");
    assert_string_equal(options_text(f->options, "cpu_affinity"), "1,3");
}

static void takes_a_byte_order_mark_and_dos_line_ends(void **state)
{
    struct fixture *f = *state;

    read_text(f, "\xef\xbb\xbf[match]\r\nlevel = 40\r\neq = 50\r\n");
    assert_string_equal(f->told, "");
    assert_true(options_number(f->options, "level") == 40);
    assert_true(options_number(f->options, "eq") == 50);
}

static void one_bad_line_costs_one_setting(void **state)
{
    struct fixture *f = *state;

    read_text(f, "[match]\nlevel = 40\nthis is no setting\neq = loud\nwidth = 30\n"
                 "limiter = \"no\nmax_boost_db = 12\n= 3\nlevel x = 3\n");
    assert_int_equal(f->count, 5);
    assert_non_null(strstr(f->told, ":3: this is neither [section] nor name = value\n"));
    assert_non_null(strstr(f->told, ":4: eq = loud: a number from 0 to 100 % is wanted\n"));
    assert_non_null(strstr(f->told, ":6: a quote is opened and not closed\n"));
    assert_non_null(strstr(f->told, ":8: "));
    assert_non_null(strstr(f->told, ":9: "));
    assert_true(options_number(f->options, "level") == 40);
    assert_true(options_number(f->options, "eq") == 100);
    assert_true(options_number(f->options, "width") == 30);
    assert_true(options_boolean(f->options, "limiter"));
    assert_true(options_number(f->options, "max_boost_db") == 12);
}

static void names_duplicates_and_lets_the_last_hold(void **state)
{
    struct fixture *f = *state;

    read_text(f, "[match]\nlevel = 40\n[output]\nblock_size = 64\n[match]\nlevel = 50\n");
    assert_int_equal(f->count, 1);
    assert_non_null(strstr(f->told, ":6: level was set in line 2 already; this line holds\n"));
    assert_true(options_number(f->options, "level") == 50);
}

static void names_the_nearest_of_an_unknown_setting_and_section(void **state)
{
    struct fixture *f = *state;

    read_text(f, "[outptu]\nblock_size = 64\nbuffer_mss = 100\n[match]\ndevice = x\n");
    assert_int_equal(f->count, 3);
    assert_non_null(strstr(f->told, ":1: there is no section [outptu]; the nearest is [output]\n"));
    assert_non_null(
        strstr(f->told, ":3: there is no setting buffer_mss; the nearest is buffer_ms"));
    assert_non_null(strstr(f->told, ":5: device is a setting of section [output]\n"));
    assert_int_equal(options_integer(f->options, "block_size"), 64);
    assert_string_equal(options_text(f->options, "device"), "default");
}

static void a_broken_section_line_costs_itself_alone(void **state)
{
    struct fixture *f = *state;

    read_text(f, "[output\nblock_size = 64\n[match] level\nlevel = 20\n");
    assert_int_equal(f->count, 2);
    assert_int_equal(options_integer(f->options, "block_size"), 64);
    assert_true(options_number(f->options, "level") == 20);
}

static void keeps_key_bindings_as_written(void **state)
{
    struct fixture *f = *state;
    const char *keys = NULL;

    read_text(f, "[keys]\nmatch_ab = A\nhelp = \"? #\"\n");
    assert_string_equal(f->told, "");
    assert_string_equal(options_binding(f->options, 0, &keys), "match_ab");
    assert_string_equal(keys, "A");
    assert_string_equal(options_binding(f->options, 1, &keys), "help");
    assert_string_equal(keys, "? #");
}

static void passes_over_zero_bytes_and_endless_lines(void **state)
{
    struct fixture *f = *state;
    char text[8192];
    int used = snprintf(text, sizeof text, "[match]\nlevel = 40%cx\neq = ", 0);

    memset(text + used, '7', 3000);
    snprintf(text + used + 3000, 64, "\nwidth = 10\n");
    read_bytes(f, text, (size_t)used + 3000 + strlen("\nwidth = 10\n"));
    assert_int_equal(f->count, 2);
    assert_non_null(strstr(f->told, ":2: a zero byte"));
    assert_non_null(strstr(f->told, ":3: this line is longer"));
    assert_true(options_number(f->options, "width") == 10);
}

static void tells_a_missing_file_from_a_folder(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(rcfile_read(f->options, "/nowhere/rc", tell, f), -ENOENT);
    assert_int_equal(rcfile_read(f->options, "/tmp", tell, f), -EISDIR);
    assert_int_equal(f->count, 0);
}

/* make it anew: build/matchplayd --matchplayrc > matchplayrc */
static void the_shipped_matchplayrc_is_what_the_table_says(void **state)
{
    struct fixture *f = *state;
    char *wanted = NULL, *shipped;
    size_t size, length;
    FILE *file = open_memstream(&wanted, &size);

    assert_int_equal(rcfile_write_template(file), 0);
    fclose(file);
    shipped = config_read_file("matchplayrc", 1 << 20, &length);
    assert_non_null(shipped);
    assert_string_equal(shipped, wanted);
    /* And with every comment sign taken away it is still good, and changes nothing. */
    for (char *line = wanted; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n' ? 1 : 0;
        if (line[0] == '#' && line[1] >= 'a' && line[1] <= 'z') {
            line[0] = ' ';
        }
        if (*line == '\0') {
            break;
        }
    }
    read_text(f, wanted);
    assert_string_equal(f->told, "");
    assert_true(options_is_set(f->options, "log_level"));
    free(wanted);
    free(shipped);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(reads_values_quotes_and_comments),
        TEST(takes_a_byte_order_mark_and_dos_line_ends),
        TEST(one_bad_line_costs_one_setting),
        TEST(names_duplicates_and_lets_the_last_hold),
        TEST(names_the_nearest_of_an_unknown_setting_and_section),
        TEST(a_broken_section_line_costs_itself_alone),
        TEST(keeps_key_bindings_as_written),
        TEST(passes_over_zero_bytes_and_endless_lines),
        TEST(tells_a_missing_file_from_a_folder),
        TEST(the_shipped_matchplayrc_is_what_the_table_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
