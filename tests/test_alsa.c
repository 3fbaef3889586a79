/* test_alsa.c - the ALSA driver, on devices that write what they get to a file. */
#include "output/alsa.h"
#include "tests/sink_pattern.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static struct sink *open_device(const char *device, uint32_t bits, uint32_t rate_hz,
                                struct sink_format *format)
{
    struct sink_request request = {
        .device = device, .rate_hz = rate_hz, .bits = bits, .block_frames = 512, .buffer_ms = 500};
    char message[SINK_MESSAGE_SIZE];
    struct sink *sink = NULL;
    int error = sink_alsa.open(&sink, &request, format, message);

    if (error < 0) {
        fail_msg("%s: %s", device, message);
    }
    assert_string_equal(message, "");
    return sink;
}

static struct sink *open_capture(const char *name, const char *path, uint32_t bits,
                                 struct sink_format *format)
{
    char device[SINK_TEXT_SIZE];

    snprintf(device, sizeof device, "%s:%.90s", name, path);
    return open_device(device, bits, 44100, format);
}

static void delivers_every_byte_of_every_word_in_odd_pieces(void **state)
{
    static const struct {
        uint32_t bits;
        enum word_format words;
    } wishes[] = {{16, WORD_S16},
                  {24, WORD_S24_3LE},
                  {32, WORD_S32},
                  {SINK_BITS_FLOAT, WORD_FLOAT},
                  {SINK_BITS_AUTO, WORD_FLOAT}};
    static const uint32_t pieces[] = {1, 77, 512, 1021, 65536};

    (void)state;
    for (size_t i = 0; i < sizeof wishes / sizeof wishes[0]; i++) {
        char path[SINK_TEXT_SIZE];
        struct sink_format format;
        struct sink *sink;

        pattern_path(path);
        sink = open_capture("capture", path, wishes[i].bits, &format);
        assert_int_equal(format.words, wishes[i].words);
        assert_int_equal(format.rate_hz, 44100);
        assert_false(format.is_hardware);
        assert_false(format.converted);
        assert_int_equal(pattern_play(sink, &format, 0, 50001, pieces[i]), 0);
        sink_alsa.close(sink);
        assert_int_equal(pattern_first_difference(path, &format, 50001), -1);
        pattern_remove(path);
    }
}

static void plays_again_after_a_drain(void **state)
{
    char path[SINK_TEXT_SIZE];
    struct sink_format format;
    struct sink *sink;

    (void)state;
    pattern_path(path);
    sink = open_capture("capture", path, 16, &format);
    assert_int_equal(pattern_play(sink, &format, 0, 1000, 100), 0);
    assert_int_equal(sink_alsa.recover(sink, 0), 0);
    assert_int_equal(sink_alsa.queued(sink), 0);
    assert_int_equal(pattern_play(sink, &format, 1000, 30000, 777), 0);
    sink_alsa.close(sink);
    assert_int_equal(pattern_first_difference(path, &format, 31000), -1);
    pattern_remove(path);
}

static void goes_through_plug_where_mmap_is_refused(void **state)
{
    char path[SINK_TEXT_SIZE];
    struct sink_format format;
    struct sink *sink;

    (void)state;
    pattern_path(path);
    sink = open_capture("capture_nommap", path, 24, &format);
    assert_true(format.converted);
    assert_false(format.is_hardware);
    assert_memory_equal(format.device, "plug:\"capture_nommap:", 21);
    assert_int_equal(pattern_play(sink, &format, 0, 10007, 333), 0);
    sink_alsa.close(sink);
    assert_int_equal(pattern_first_difference(path, &format, 10007), -1);
    pattern_remove(path);
}

static void goes_through_plug_where_two_channels_are_refused(void **state)
{
    char path[SINK_TEXT_SIZE];
    struct sink_format format;
    struct sink *sink;

    (void)state;
    pattern_path(path);
    sink = open_capture("capture4", path, 0, &format);
    assert_true(format.converted);
    sink_alsa.close(sink);
    pattern_remove(path);
}

static void reports_the_rate_that_the_device_insists_on(void **state)
{
    char path[SINK_TEXT_SIZE];
    struct sink_format format;
    struct sink *sink;

    (void)state;
    pattern_path(path);
    sink = open_capture("capture48", path, 0, &format);
    assert_int_equal(format.rate_hz, 48000);
    assert_int_equal(pattern_play(sink, &format, 0, 5000, 512), 0);
    sink_alsa.close(sink);
    /* ALSA has not resampled: as many frames came out as went in. */
    assert_int_equal(pattern_first_difference(path, &format, 5000), -1);
    pattern_remove(path);
}

static void takes_the_rates_of_records_and_studios(void **state)
{
    static const uint32_t rates_hz[] = {8000, 44100, 88200, 96000, 176400, 192000, 384000};

    (void)state;
    for (size_t i = 0; i < sizeof rates_hz / sizeof rates_hz[0]; i++) {
        struct sink_format format;
        struct sink *sink = open_device("null", 0, rates_hz[i], &format);

        assert_int_equal(format.rate_hz, rates_hz[i]);
        assert_true(format.buffer_frames <= rates_hz[i] / 2);
        assert_true(format.buffer_frames >= 2 * format.period_frames);
        assert_false(format.paced);
        sink_alsa.close(sink);
    }
}

static void wishes_for_the_longest_word_of_a_card(void **state)
{
    static const enum word_format card[] = {WORD_S32, WORD_S24_3LE, WORD_S24, WORD_FLOAT, WORD_S16};
    enum word_format words = WORD_S16;

    (void)state;
    for (unsigned rank = 0; rank < 5; rank++) {
        assert_true(alsa_wish(SINK_BITS_AUTO, true, rank, &words));
        assert_int_equal(words, card[rank]);
    }
    assert_false(alsa_wish(SINK_BITS_AUTO, true, 5, &words));
    assert_true(alsa_wish(SINK_BITS_AUTO, false, 0, &words));
    assert_int_equal(words, WORD_FLOAT);
    assert_true(alsa_wish(16, true, 1, &words)); /* no S16: a longer one holds it as well */
    assert_int_equal(words, WORD_S24_3LE);
    assert_true(alsa_wish(24, true, 1, &words));
    assert_int_equal(words, WORD_S24);
}

static void quotes_the_names_that_plug_gets(void **state)
{
    char name[SINK_TEXT_SIZE];
    char longest[SINK_TEXT_SIZE];

    (void)state;
    assert_true(alsa_plug_name("default", name));
    assert_string_equal(name, "plug:default");
    assert_true(alsa_plug_name("hw:1,0", name));
    assert_string_equal(name, "plug:\"hw:1,0\"");
    assert_true(alsa_plug_name("a:\"b c\",'d'", name));
    assert_string_equal(name, "plug:\"a:\\\"b c\\\",'d'\"");
    memset(longest, ',', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    assert_false(alsa_plug_name(longest, name));
}

static void names_the_device_that_does_not_exist_and_what_to_do(void **state)
{
    static const char *const devices[] = {"hw:9,0", "no_such_name", "plug:no_such_name"};

    (void)state;
    for (size_t i = 0; i < sizeof devices / sizeof devices[0]; i++) {
        struct sink_request request = {
            .device = devices[i], .rate_hz = 44100, .block_frames = 512, .buffer_ms = 500};
        char message[SINK_MESSAGE_SIZE] = "";
        struct sink_format format;
        struct sink *sink;

        assert_true(sink_alsa.open(&sink, &request, &format, message) < 0);
        assert_null(sink);
        assert_memory_equal(message, devices[i], strlen(devices[i]));
        assert_non_null(strstr(message, "no such device"));
        assert_non_null(strstr(message, "`matchplay devices`"));
        assert_null(strchr(message, '\n'));
    }
}

static void tells_what_an_open_error_means(void **state)
{
    char message[SINK_MESSAGE_SIZE];

    (void)state;
    alsa_hint("hw:1,0", -EACCES, message);
    assert_non_null(strstr(message, "group audio"));
    alsa_hint("hw:1,0", -EBUSY, message);
    assert_non_null(strstr(message, "hw:1,0 is in use by"));
    alsa_hint("default", -ECONNREFUSED, message);
    assert_non_null(strstr(message, "sound server"));
    alsa_hint("hw:1,0", -EIO, message);
    assert_non_null(strstr(message, "hw:1,0: ALSA cannot open it"));
}

/* Before start() nothing moves: the waits end by time or by the descriptor. */
static void wait_ends_by_time_or_by_the_wake_descriptor(void **state)
{
    int wake_fd = eventfd(0, EFD_CLOEXEC);
    struct sink_format format;
    struct sink *sink = open_device("null", 0, 48000, &format);
    uint32_t frames = 4096;
    void *words;

    (void)state;
    assert_true(wake_fd >= 0);
    assert_int_equal(sink_alsa.begin(sink, &words, &frames), 0);
    assert_int_equal(frames, 4096);
    memset(words, 0, frames * 8);
    assert_int_equal(sink_alsa.commit(sink, frames), 4096);
    assert_int_equal(sink_alsa.queued(sink), 4096);
    assert_int_equal(sink_alsa.wait(sink, 4096, wake_fd, 1000), 1);
    assert_int_equal(sink_alsa.wait(sink, 100, wake_fd, 10), 0);
    assert_int_equal(eventfd_write(wake_fd, 1), 0);
    assert_int_equal(sink_alsa.wait(sink, 100, wake_fd, 60000), 2);
    assert_int_equal(sink_alsa.wait(sink, 100, -1, 1), 0);
    sink_alsa.close(sink);
    close(wake_fd);
}

static void drops_what_is_queued_when_recovered(void **state)
{
    struct sink_format format;
    struct sink *sink = open_device("null", 0, 48000, &format);
    uint32_t frames = 1000;
    void *words;

    (void)state;
    assert_int_equal(sink_alsa.begin(sink, &words, &frames), 0);
    assert_int_equal(sink_alsa.commit(sink, frames), 1000);
    assert_int_equal(sink_alsa.recover(sink, 0), 0);
    assert_int_equal(sink_alsa.queued(sink), 0);
    assert_int_equal(sink_alsa.recover(sink, -EPIPE), 0);
    assert_int_equal(sink_alsa.recover(sink, -ENODEV), -ENODEV);
    assert_int_equal(sink_alsa.recover(sink, -EIO), -EIO);
    sink_alsa.close(sink);
}

static void fills_the_buffer_to_the_last_frame_and_no_further(void **state)
{
    struct sink_format format;
    struct sink *sink = open_device("null", 16, 48000, &format);
    uint32_t total = 0;
    uint32_t frames;
    void *words;

    (void)state;
    do {
        frames = 1000;
        assert_int_equal(sink_alsa.begin(sink, &words, &frames), 0);
        assert_int_equal(sink_alsa.commit(sink, frames), frames);
        total += frames;
    } while (frames > 0);
    assert_int_equal(total, format.buffer_frames);
    assert_int_equal(sink_alsa.queued(sink), format.buffer_frames);
    /* A wish that leaves no room is lowered, or the caller would spin. */
    assert_int_equal(sink_alsa.wait(sink, total, -1, 1), 0);
    sink_alsa.close(sink);
}

static void tables_hold_marked_functions_only(void **state)
{
    struct sink_class planted = sink_alsa;

    (void)state;
    assert_true(sink_class_is_rt(&sink_alsa));
    planted.queued = (long (*)(struct sink *))(void (*)(void))pattern_remove;
    assert_false(sink_class_is_rt(&planted));
}

static void takes_the_mutex_out_of_libasound(void **state)
{
    (void)state;
    assert_string_equal(getenv("LIBASOUND_THREAD_SAFE"), "0");
}

/* Runs this program once more, beside a jack server. */
static void plays_every_frame_at_the_pace_of_a_real_server(void **state)
{
    char command[1024];
    char path[SINK_TEXT_SIZE];
    struct sink_format format = {.words = WORD_FLOAT}; /* jack has no other */
    int status;

    pattern_path(path);
    snprintf(command, sizeof command,
             "tests/with-jackd '%s' play 'capture_jack:%s' 0 60000 >/dev/null 2>&1",
             (const char *)*state, path);
    status = system(command);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77) {
        pattern_remove(path);
        skip();
    }
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(pattern_first_difference(path, &format, 60000), -1);
    pattern_remove(path);
}

/* The other half of the test above, also used by tests/vm: plays the pattern on `device`. Exit
   status 0: without an xrun, and on a device that is paced unless it is called capture. */
static int play_alone(const char *device, uint32_t bits, uint64_t frames)
{
    struct sink_format format;
    struct sink *sink;
    char message[SINK_MESSAGE_SIZE];
    struct sink_request request = {
        .device = device, .rate_hz = 48000, .bits = bits, .block_frames = 512, .buffer_ms = 500};
    int xruns;

    if (sink_alsa.open(&sink, &request, &format, message) < 0) {
        fprintf(stderr, "%s\n", message);
        return 1;
    }
    printf("%s: %s, %u bits of it, %u Hz, period %u, buffer %u, hardware %d, converted %d\n",
           format.device, word_name(format.words), format.significant_bits, format.rate_hz,
           format.period_frames, format.buffer_frames, format.is_hardware, format.converted);
    xruns = pattern_play(sink, &format, 0, frames, 512);
    sink_alsa.close(sink);
    printf("xruns or error: %d\n", xruns);
    return xruns != 0 || format.paced == (strncmp(device, "capture:", 8) == 0);
}

int main(int count, char **arguments)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(delivers_every_byte_of_every_word_in_odd_pieces),
        cmocka_unit_test(plays_again_after_a_drain),
        cmocka_unit_test(goes_through_plug_where_mmap_is_refused),
        cmocka_unit_test(goes_through_plug_where_two_channels_are_refused),
        cmocka_unit_test(reports_the_rate_that_the_device_insists_on),
        cmocka_unit_test(takes_the_rates_of_records_and_studios),
        cmocka_unit_test(wishes_for_the_longest_word_of_a_card),
        cmocka_unit_test(quotes_the_names_that_plug_gets),
        cmocka_unit_test(names_the_device_that_does_not_exist_and_what_to_do),
        cmocka_unit_test(tells_what_an_open_error_means),
        cmocka_unit_test(wait_ends_by_time_or_by_the_wake_descriptor),
        cmocka_unit_test(drops_what_is_queued_when_recovered),
        cmocka_unit_test(fills_the_buffer_to_the_last_frame_and_no_further),
        cmocka_unit_test(tables_hold_marked_functions_only),
        cmocka_unit_test(takes_the_mutex_out_of_libasound),
        cmocka_unit_test_prestate(plays_every_frame_at_the_pace_of_a_real_server, arguments[0]),
    };

    sink_setup();
    if (count == 5 && strcmp(arguments[1], "play") == 0) {
        return play_alone(arguments[2], (uint32_t)atoi(arguments[3]),
                          (uint64_t)atoll(arguments[4]));
    }
    setenv("ALSA_CONFIG_PATH", "tests/asound/capture.conf", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
