/* test_opening.c - a driver that hangs while it opens or closes keeps nobody. */
#include "output/opening.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* A driver that hangs as long as it is told to. */
static atomic_bool hangs;
static atomic_int opened, closed;

static void hang(void)
{
    while (atomic_load(&hangs)) {
        usleep(1000);
    }
}

static int hanging_open(struct sink **sink, const struct sink_request *request,
                        struct sink_format *format, char message[SINK_MESSAGE_SIZE]);

static void hanging_close(struct sink *sink)
{
    hang();
    free(sink);
    atomic_fetch_add(&closed, 1);
}

static const struct sink_class hanging = {
    .name = "hanging", .open = hanging_open, .close = hanging_close};

static int hanging_open(struct sink **sink, const struct sink_request *request,
                        struct sink_format *format, char message[SINK_MESSAGE_SIZE])
{
    hang();
    if (strcmp(request->device, "none") == 0) {
        snprintf(message, SINK_MESSAGE_SIZE, "%s: there is no such device", request->device);
        return -ENODEV;
    }
    *sink = calloc(1, sizeof **sink);
    (*sink)->class = &hanging;
    format->rate_hz = request->rate_hz;
    atomic_fetch_add(&opened, 1);
    return 0;
}

static struct opening *begin(const char *device)
{
    char name[32]; /* gone when it is opened: it must have been copied */
    struct opening *opening;

    snprintf(name, sizeof name, "%s", device);
    opening = opening_begin(&hanging, &(struct sink_request){.device = name, .rate_hz = 48000});
    memset(name, 'x', sizeof name - 1);
    assert_non_null(opening);
    return opening;
}

static void wait_until(atomic_int *count, int wanted)
{
    for (int i = 0; i < 5000 && atomic_load(count) != wanted; i++) {
        usleep(1000);
    }
    assert_int_equal(atomic_load(count), wanted);
}

static int reset(void **state)
{
    (void)state;
    atomic_store(&hangs, false);
    atomic_store(&opened, 0);
    atomic_store(&closed, 0);
    return 0;
}

static void gives_the_device_or_says_why_not(void **state)
{
    struct sink *sink = NULL;
    struct sink_format format;
    char message[SINK_MESSAGE_SIZE];

    (void)state;
    assert_int_equal(opening_end(begin("card"), -1, &sink, &format, message), 0);
    assert_non_null(sink);
    assert_int_equal(format.rate_hz, 48000);
    assert_true(opening_close(sink, 5000));
    wait_until(&closed, 1);
    assert_int_equal(opening_end(begin("none"), -1, &sink, &format, message), -ENODEV);
    assert_string_equal(message, "none: there is no such device");
}

static void who_waits_for_a_driver_that_hangs_can_do_so_in_steps(void **state)
{
    struct opening *opening;
    struct sink *sink = NULL;
    struct sink_format format;
    char message[SINK_MESSAGE_SIZE];
    int result = -EINPROGRESS;

    (void)state;
    atomic_store(&hangs, true);
    opening = begin("card");
    assert_int_equal(opening_end(opening, 0, &sink, &format, message), -EINPROGRESS);
    assert_int_equal(opening_end(opening, 10, &sink, &format, message), -EINPROGRESS);
    atomic_store(&hangs, false);
    for (int i = 0; i < 500 && result == -EINPROGRESS; i++) {
        result = opening_end(opening, 10, &sink, &format, message);
    }
    assert_int_equal(result, 0);
    assert_true(opening_close(sink, 5000));
}

static void what_was_left_is_closed_when_the_driver_comes_back(void **state)
{
    struct opening *opening;

    (void)state;
    atomic_store(&hangs, true);
    opening_leave(begin("card"));
    opening_leave(begin("none"));
    atomic_store(&hangs, false);
    wait_until(&opened, 1);
    wait_until(&closed, 1);
    opening = begin("card"); /* and when it was open already */
    wait_until(&opened, 2);
    usleep(2000);
    opening_leave(opening);
    wait_until(&closed, 2);
    opening_leave(NULL);
}

static void a_driver_that_hangs_while_it_closes_is_left_to_itself(void **state)
{
    struct sink *sink = NULL;
    struct sink_format format;
    char message[SINK_MESSAGE_SIZE];

    (void)state;
    assert_int_equal(opening_end(begin("card"), -1, &sink, &format, message), 0);
    atomic_store(&hangs, true);
    assert_false(opening_close(sink, 10));
    assert_int_equal(atomic_load(&closed), 0);
    atomic_store(&hangs, false);
    wait_until(&closed, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(gives_the_device_or_says_why_not, reset),
        cmocka_unit_test_setup(who_waits_for_a_driver_that_hangs_can_do_so_in_steps, reset),
        cmocka_unit_test_setup(what_was_left_is_closed_when_the_driver_comes_back, reset),
        cmocka_unit_test_setup(a_driver_that_hangs_while_it_closes_is_left_to_itself, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
