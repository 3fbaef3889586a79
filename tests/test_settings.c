/* test_settings.c - what was set while the player ran: kept, read again, overruled by matchplayrc.
 */
#include "config/settings.h"

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
    char folder[64], settings[80], config[80], told[1024];
};

static char message[1024];

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);

    snprintf(fixture->folder, sizeof fixture->folder, "/tmp/matchplay-settings-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    snprintf(fixture->settings, sizeof fixture->settings, "%s/settings", fixture->folder);
    snprintf(fixture->config, sizeof fixture->config, "%s/matchplayrc", fixture->folder);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    unlink(fixture->settings);
    unlink(fixture->config);
    assert_int_equal(rmdir(fixture->folder), 0); /* no other file was left */
    free(fixture);
    return 0;
}

static void put(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static int keep(struct fixture *fixture, const char *name, const char *value)
{
    return settings_keep(fixture->settings, options_find(NULL, name), value, message,
                         sizeof message);
}

static void tell(void *context, const char *line)
{
    struct fixture *fixture = context;
    size_t used = strlen(fixture->told);

    snprintf(fixture->told + used, sizeof fixture->told - used, "%s\n", line);
}

/* The value after both files were read; "" also when it could not be. */
static const char *value_of(struct fixture *fixture, const char *name)
{
    static char value[1024];
    struct options *options = settings_read(fixture->settings, fixture->config, tell, fixture);

    assert_non_null(options);
    snprintf(value, sizeof value, "%s", options_text(options, name));
    options_destroy(options);
    return value;
}

static void what_is_kept_is_there_when_it_is_read_again(void **state)
{
    struct fixture *f = *state;

    assert_string_equal(value_of(f, "level"), "100"); /* neither file is there */
    assert_int_equal(keep(f, "level", "80"), 0);
    assert_int_equal(keep(f, "device", "hw:1,0 # not; a comment"), 0);
    assert_int_equal(keep(f, "reference", "/m/He said \"no\".flac"), 0);
    assert_int_equal(keep(f, "width", "30"), 0);
    assert_int_equal(keep(f, "level", "70"), 0);
    assert_string_equal(value_of(f, "level"), "70");
    assert_string_equal(value_of(f, "width"), "30");
    assert_string_equal(value_of(f, "device"), "hw:1,0 # not; a comment");
    assert_string_equal(value_of(f, "reference"), "/m/He said \"no\".flac");
    assert_int_equal(keep(f, "level", NULL), 0);
    assert_string_equal(value_of(f, "level"), "100");
    assert_string_equal(f->told, "");
}

static void what_no_line_can_hold_is_refused_and_the_rest_stays(void **state)
{
    struct fixture *f = *state;
    char text[2000];

    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(keep(f, "width", "30"), 0);
    assert_int_equal(keep(f, "device", "a\nb"), -EINVAL);
    assert_non_null(strstr(message, "end of a line"));
    assert_int_equal(keep(f, "device", "a\"b'c"), -EINVAL);
    assert_non_null(strstr(message, "both kinds of quotes"));
    assert_int_equal(keep(f, "device", text), -EINVAL);
    assert_string_equal(value_of(f, "device"), "default");
    assert_string_equal(value_of(f, "width"), "30");
}

static void matchplayrc_wins_and_it_is_known(void **state)
{
    struct fixture *f = *state;

    put(f->config, "[match]\nlevel = 50\n");
    assert_int_equal(keep(f, "level", "80"), 0);
    assert_int_equal(keep(f, "eq", "80"), 0);
    assert_string_equal(value_of(f, "level"), "50");
    assert_string_equal(value_of(f, "eq"), "80");
    assert_true(settings_overruled(f->config, options_find(NULL, "level")));
    assert_false(settings_overruled(f->config, options_find(NULL, "eq")));
}

static void a_bad_line_of_either_file_is_told_and_costs_itself_alone(void **state)
{
    struct fixture *f = *state;

    put(f->settings, "[match]\nlevel = loud\nwidth = 30\n");
    put(f->config, "[match]\nfoo = 1\neq = 20\n");
    assert_string_equal(value_of(f, "width"), "30");
    assert_non_null(strstr(f->told, "settings:2: level = loud"));
    assert_non_null(strstr(f->told, "matchplayrc:2: there is no setting foo"));
    assert_string_equal(value_of(f, "eq"), "20");
    assert_string_equal(value_of(f, "level"), "100");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_kept_is_there_when_it_is_read_again, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_no_line_can_hold_is_refused_and_the_rest_stays, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(matchplayrc_wins_and_it_is_known, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_bad_line_of_either_file_is_told_and_costs_itself_alone,
                                        set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
