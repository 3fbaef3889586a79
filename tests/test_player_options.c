/* test_player_options.c - from settings to a player's: what each asks for. */
#include "player/player_options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct told {
    struct log *log;
    char line[256];
};

static bool take_line(void *context, enum log_level level, const char *line)
{
    struct told *told = context;

    (void)level;
    strncpy(told->line, line, sizeof told->line - 1);
    return true;
}

/* The player's settings with one of the user's; what the log said. */
static struct player_settings with(const char *name, const char *value, struct told *told)
{
    struct options *options = options_create();
    struct player_settings settings;
    char message[256];

    memset(told, 0, sizeof *told);
    told->log = log_open(NULL, LOG_NOTICE);
    log_set_hook(told->log, take_line, told);
    assert_non_null(options);
    if (name != NULL) {
        assert_int_equal(0, options_set(options, NULL, name, value, message, sizeof message));
    }
    player_options_read(&settings, options, told->log);
    log_close(told->log);
    settings.device = settings.output.cpu_affinity = NULL; /* the options' */
    options_destroy(options);
    return settings;
}

static void leaves_out_what_is_too_much_unless_told_otherwise(void **state)
{
    struct told told;

    (void)state;
    assert_int_equal(QUALITY_AUTO, with(NULL, NULL, &told).quality);
    assert_int_equal(QUALITY_AUTO, with("quality", "auto", &told).quality);
    for (enum quality_level level = QUALITY_FULL; level < QUALITIES; level++) {
        assert_int_equal(level, with("quality", quality_level_name(level), &told).quality);
    }
}

static void leaves_nothing_out_and_waits_as_long_as_it_takes_when_offline(void **state)
{
    struct player_settings settings;
    struct told told;

    (void)state;
    assert_int_equal(500, with("processing_mode", "realtime", &told).start_wait_ms);
    settings = with("processing_mode", "offline", &told);
    assert_true(settings.start_wait_ms < 0);
    assert_int_equal(QUALITY_FULL, settings.quality);
}

static void bounds_the_latency_of_live_sources(void **state)
{
    struct told told;

    (void)state;
    assert_int_equal(2048, with(NULL, NULL, &told).max_latency);
    assert_int_equal(600, with("max_latency", "600", &told).max_latency);
}

static void says_that_no_gpu_is_used(void **state)
{
    struct told told;

    (void)state;
    with("enable_gpu", "no", &told);
    assert_string_equal("", told.line);
    with("enable_gpu", "yes", &told);
    assert_non_null(strstr(told.line, "no GPU is used"));
}

static void measures_unless_told_not_to(void **state)
{
    struct told told;

    (void)state;
    assert_true(with(NULL, NULL, &told).monitor);
    assert_false(with("monitor_performance", "no", &told).monitor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_out_what_is_too_much_unless_told_otherwise),
        cmocka_unit_test(leaves_nothing_out_and_waits_as_long_as_it_takes_when_offline),
        cmocka_unit_test(bounds_the_latency_of_live_sources),
        cmocka_unit_test(says_that_no_gpu_is_used),
        cmocka_unit_test(measures_unless_told_not_to),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
