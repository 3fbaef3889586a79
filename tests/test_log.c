/* test_log.c - messages reach the one who reads them, in one line each. */
#include "base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct seen {
    char line[256];
    enum log_level level;
    int count;
};

static bool take(void *context, enum log_level level, const char *line)
{
    struct seen *seen = context;

    snprintf(seen->line, sizeof seen->line, "%s", line);
    seen->level = level;
    seen->count++;
    return true;
}

static void open_seen(struct log **log, struct seen *seen, enum log_level level)
{
    memset(seen, 0, sizeof *seen);
    *log = log_open(NULL, level);
    assert_non_null(*log);
    log_set_hook(*log, take, seen);
}

static void passes_over_what_is_below_its_level(void **state)
{
    struct log *log;
    struct seen seen;

    (void)state;
    open_seen(&log, &seen, LOG_WARNING);
    log_write(log, LOG_NOTICE, "quiet");
    assert_int_equal(seen.count, 0);
    log_write(log, LOG_WARNING, "loud %d", 3);
    assert_string_equal(seen.line, "matchplay: loud 3");
    log_set_level(log, LOG_DEBUG);
    log_write(log, LOG_DEBUG, "all");
    assert_int_equal(seen.count, 2);
    assert_int_equal(seen.level, LOG_DEBUG);
    log_close(log);
}

static void says_who_warns_and_nothing_more_of_a_notice(void **state)
{
    struct log *log;
    struct seen seen;

    (void)state;
    open_seen(&log, &seen, LOG_NOTICE);
    log_write(log, LOG_ERROR, "broken");
    assert_string_equal(seen.line, "matchplay: broken");
    log_write(log, LOG_NOTICE, "Title: FLAC 44.1 kHz");
    assert_string_equal(seen.line, "Title: FLAC 44.1 kHz");
    log_close(log);
}

static void makes_control_characters_harmless(void **state)
{
    struct log *log;
    struct seen seen;

    (void)state;
    open_seen(&log, &seen, LOG_NOTICE);
    log_write(log, LOG_ERROR, "a\nb\x1b[2Jc\x7f \xc2\x9b \xc3\xa9");
    assert_string_equal(seen.line, "matchplay: a?b?[2Jc? ?? \xc3\xa9");
    log_close(log);
}

static void appends_time_and_level_to_a_file(void **state)
{
    char path[] = "/tmp/matchplay-log-XXXXXX";
    int file = mkstemp(path);
    char text[512] = "";
    struct log *log;
    FILE *stream;

    (void)state;
    assert_true(file >= 0);
    for (int i = 0; i < 2; i++) {
        log = log_open(path, LOG_NOTICE);
        assert_non_null(log);
        log_write(log, LOG_WARNING, "line %d", i);
        log_close(log);
    }
    stream = fdopen(file, "r");
    assert_non_null(fgets(text, sizeof text, stream));
    assert_non_null(strstr(text, " warning line 0\n"));
    assert_int_equal(text[4], '-');
    assert_non_null(fgets(text, sizeof text, stream));
    assert_non_null(strstr(text, " warning line 1\n"));
    fclose(stream);
    unlink(path);
}

static void says_why_a_file_cannot_be_opened(void **state)
{
    (void)state;
    assert_null(log_open("/nowhere/at/all", LOG_NOTICE));
}

static void turns_records_of_the_audio_thread_into_lines(void **state)
{
    struct ring *records = ring_create(2, sizeof(struct log_record));
    struct log *log;
    struct seen seen;

    (void)state;
    open_seen(&log, &seen, LOG_NOTICE);
    assert_true(log_rt_push(records, LOG_WARNING, "xrun %lld at %lld", 1, 48000));
    assert_true(log_rt_push(records, LOG_DEBUG, "never %lld %lld", 0, 0));
    assert_false(log_rt_push(records, LOG_WARNING, "full %lld %lld", 2, 2));
    log_drain(log, records);
    assert_int_equal(seen.count, 1);
    assert_string_equal(seen.line, "matchplay: xrun 1 at 48000");
    assert_int_equal(ring_fill(records), 0);
    log_close(log);
    ring_destroy(records);
}

static void cuts_a_line_that_is_too_long(void **state)
{
    struct log *log;
    struct seen seen;
    char text[5000];

    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    open_seen(&log, &seen, LOG_NOTICE);
    log_write(log, LOG_ERROR, "%s", text);
    assert_int_equal(seen.count, 1);
    log_close(log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passes_over_what_is_below_its_level),
        cmocka_unit_test(says_who_warns_and_nothing_more_of_a_notice),
        cmocka_unit_test(makes_control_characters_harmless),
        cmocka_unit_test(appends_time_and_level_to_a_file),
        cmocka_unit_test(says_why_a_file_cannot_be_opened),
        cmocka_unit_test(turns_records_of_the_audio_thread_into_lines),
        cmocka_unit_test(cuts_a_line_that_is_too_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
