/* test_clock.c - the sink without a card, and the file behind it. */
#include "output/clock.h"
#include "tests/sink_pattern.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static int try_open(const char *device, uint32_t bits, uint32_t rate_hz, struct sink **sink,
                    struct sink_format *format, char message[SINK_MESSAGE_SIZE])
{
    struct sink_request request = {
        .device = device, .rate_hz = rate_hz, .bits = bits, .block_frames = 512, .buffer_ms = 500};

    assert_ptr_equal(sink_class_for(device), &sink_clock);
    return sink_clock.open(sink, &request, format, message);
}

static struct sink *open_clock(const char *device, uint32_t rate_hz, struct sink_format *format)
{
    char message[SINK_MESSAGE_SIZE];
    struct sink *sink;

    if (try_open(device, SINK_BITS_AUTO, rate_hz, &sink, format, message) < 0) {
        fail_msg("%s", message);
    }
    assert_string_equal(message, "");
    return sink;
}

/* Queues `frames` frames of silence; they must fit. */
static void queue(struct sink *sink, const struct sink_format *format, uint32_t frames)
{
    while (frames > 0) {
        uint32_t piece = frames;
        void *words;

        assert_int_equal(sink_clock.begin(sink, &words, &piece), 0);
        assert_true(piece > 0);
        memset(words, 0, piece * 2 * word_bytes(format->words));
        assert_int_equal(sink_clock.commit(sink, piece), piece);
        frames -= piece;
    }
}

static double seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void nap_ms(long duration_ms)
{
    struct timespec time = {.tv_nsec = duration_ms * 1000000};

    nanosleep(&time, NULL);
}

static void the_file_holds_the_words_that_were_written(void **state)
{
    static const char *const formats[] = {"", ",S16", ",S24_3LE", ",s24", ",S32_LE", ",FLOAT"};
    static const enum word_format words[] = {WORD_FLOAT, WORD_S16, WORD_S24_3LE,
                                             WORD_S24,   WORD_S32, WORD_FLOAT};

    (void)state;
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        char path[SINK_TEXT_SIZE];
        char device[SINK_TEXT_SIZE];
        struct sink_format format;
        struct sink *sink;
        int xruns;

        pattern_path(path);
        snprintf(device, sizeof device, "clock:%.90s%s", path, formats[i]);
        sink = open_clock(device, 384000, &format);
        assert_int_equal(format.words, words[i]);
        assert_true(format.paced);
        xruns = pattern_play(sink, &format, 0, 60007, 509);
        assert_true(xruns >= 0); /* a busy machine may underrun: nothing is lost or added by it */
        sink_clock.close(sink);
        assert_int_equal(pattern_first_difference(path, &format, 60007), -1);
        pattern_remove(path);
    }
}

static void the_ring_wraps_without_a_scratch(void **state)
{
    char path[SINK_TEXT_SIZE];
    char device[SINK_TEXT_SIZE];
    struct sink_format format;
    struct sink *sink;

    (void)state;
    pattern_path(path);
    snprintf(device, sizeof device, "clock:%.90s", path);
    sink = open_clock(device, 8000, &format); /* a ring of 32000 frames */
    /* Dropping what is queued lets it go round faster than time. */
    for (uint64_t frame = 0; frame < 70000; frame += 3500) {
        uint32_t done = 0;

        while (done < 3500) {
            uint32_t piece = 3500 - done;
            void *words;

            assert_int_equal(sink_clock.begin(sink, &words, &piece), 0);
            pattern_fill(words, format.words, frame + done, piece);
            assert_int_equal(sink_clock.commit(sink, piece), piece);
            done += piece;
            if (piece == 0) {
                nap_ms(5); /* the file lags */
            }
        }
        assert_int_equal(sink_clock.recover(sink, 0), 0);
        if (frame == 0) {
            nap_ms(100); /* now the file is a little way round, so later pieces span the end */
        }
    }
    sink_clock.close(sink);
    assert_int_equal(pattern_first_difference(path, &format, 70000), -1);
    pattern_remove(path);
}

static void a_second_open_appends(void **state)
{
    char path[SINK_TEXT_SIZE];
    char device[SINK_TEXT_SIZE];
    struct sink_format format;

    (void)state;
    pattern_path(path);
    snprintf(device, sizeof device, "clock:%.90s", path);
    for (uint64_t part = 0; part < 2; part++) {
        struct sink *sink = open_clock(device, 192000, &format);

        assert_true(pattern_play(sink, &format, part * 9000, 9000, 512) >= 0);
        sink_clock.close(sink);
    }
    assert_int_equal(pattern_first_difference(path, &format, 18000), -1);
    pattern_remove(path);
}

static void never_plays_faster_than_time(void **state)
{
    struct sink_format format;
    struct sink *sink = open_clock("clock", 48000, &format);
    double start;

    (void)state;
    queue(sink, &format, 9600);
    assert_int_equal(sink_clock.queued(sink), 9600);
    nap_ms(5);
    assert_int_equal(sink_clock.queued(sink), 9600); /* not started yet */
    start = seconds_now();
    assert_int_equal(sink_clock.start(sink), 0);
    assert_int_equal(sink_clock.drain(sink), 0);
    while (sink_clock.queued(sink) > 0) {
        assert_true(sink_clock.wait(sink, 0, -1, 1000) >= 0);
    }
    assert_true(seconds_now() - start >= 0.2);
    sink_clock.close(sink);
}

static void tells_an_xrun_and_plays_on_after_recovery(void **state)
{
    struct sink_format format;
    struct sink *sink = open_clock("clock", 48000, &format);

    (void)state;
    queue(sink, &format, 48);
    assert_int_equal(sink_clock.start(sink), 0);
    nap_ms(5);
    assert_int_equal(sink_clock.queued(sink), -EPIPE);
    assert_int_equal(sink_clock.wait(sink, 0, -1, 10), -EPIPE);
    assert_int_equal(sink_clock.commit(sink, 1), -EPIPE);
    assert_int_equal(sink_clock.start(sink), -EPIPE);
    assert_int_equal(sink_clock.recover(sink, -EPIPE), 0);
    assert_int_equal(sink_clock.queued(sink), 0);
    queue(sink, &format, 100);
    assert_int_equal(sink_clock.queued(sink), 100);
    sink_clock.close(sink);
}

static void a_drain_is_no_xrun(void **state)
{
    struct sink_format format;
    struct sink *sink = open_clock("clock", 48000, &format);

    (void)state;
    queue(sink, &format, 48);
    assert_int_equal(sink_clock.drain(sink), 0);
    nap_ms(5);
    assert_int_equal(sink_clock.queued(sink), 0);
    assert_int_equal(sink_clock.recover(sink, 0), 0);
    sink_clock.close(sink);
}

static void takes_no_more_than_its_buffer(void **state)
{
    struct sink_format format;
    struct sink *sink = open_clock("clock", 48000, &format);
    uint32_t frames = 1000000;
    void *words;

    (void)state;
    assert_int_equal(format.buffer_frames, 24000);
    assert_int_equal(format.significant_bits, 24);
    queue(sink, &format, 24000);
    assert_int_equal(sink_clock.begin(sink, &words, &frames), 0);
    assert_int_equal(frames, 0);
    assert_int_equal(sink_clock.queued(sink), 24000);
    sink_clock.close(sink);
}

static void wait_ends_by_time_or_by_the_wake_descriptor(void **state)
{
    int wake_fd = eventfd(0, EFD_CLOEXEC);
    struct sink_format format;
    struct sink *sink = open_clock("clock", 48000, &format);

    (void)state;
    assert_true(wake_fd >= 0);
    queue(sink, &format, 24000);
    assert_int_equal(sink_clock.wait(sink, 100, wake_fd, 5), 0);
    assert_int_equal(sink_clock.wait(sink, 24000, wake_fd, 5), 0); /* it would be full */
    assert_int_equal(eventfd_write(wake_fd, 1), 0);
    assert_int_equal(sink_clock.wait(sink, 100, wake_fd, 60000), 2);
    assert_int_equal(sink_clock.start(sink), 0);
    assert_int_equal(sink_clock.wait(sink, 23000, -1, 60000), 1);
    assert_true(sink_clock.queued(sink) <= 23000);
    sink_clock.close(sink);
    close(wake_fd);
}

static void names_what_is_wrong_with_the_file(void **state)
{
    static const struct {
        const char *device, *said;
    } wrong[] = {{"clock:/no/such/folder/x", "clock:/no/such/folder/x: the file cannot be written"},
                 {"clock:/tmp", "clock:/tmp: the file cannot be written"},
                 {"clock:x,S17", "clock:x,S17: there is no format \"S17\""},
                 {"clock:x,", "there is no format \"\""},
                 {"clock:", "the file's name is missing"},
                 {"clock:,S16", "the file's name is missing"}};

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char message[SINK_MESSAGE_SIZE] = "";
        struct sink_format format;
        struct sink *sink;

        assert_true(try_open(wrong[i].device, 0, 44100, &sink, &format, message) < 0);
        assert_null(sink);
        assert_non_null(strstr(message, wrong[i].said));
    }
}

static void a_comma_in_the_files_own_name_stays(void **state)
{
    enum word_format words = WORD_FLOAT;
    char message[SINK_MESSAGE_SIZE];
    char path[64];

    (void)state;
    assert_int_equal(clock_parse("clock:a,b.raw", path, sizeof path, &words, message), 0);
    assert_string_equal(path, "a,b.raw");
    assert_int_equal(words, WORD_FLOAT);
    assert_int_equal(clock_parse("clock:a,b/c", path, sizeof path, &words, message), 0);
    assert_string_equal(path, "a,b/c");
    assert_int_equal(clock_parse("clock:a,b.raw,S16", path, sizeof path, &words, message), 0);
    assert_string_equal(path, "a,b.raw");
    assert_int_equal(words, WORD_S16);
    assert_int_equal(clock_parse("clock:0123456789", path, 10, &words, message), -ENAMETOOLONG);
}

static void a_full_disk_is_told_and_not_recovered(void **state)
{
    struct sink_format format;
    struct sink *sink = open_clock("clock:/dev/full", 48000, &format);
    long queued = 0;

    (void)state;
    queue(sink, &format, 4800);
    for (int i = 0; i < 1000 && queued >= 0; i++) {
        nap_ms(5);
        queued = sink_clock.queued(sink);
    }
    assert_int_equal(queued, -ENOSPC);
    assert_int_equal(sink_clock.recover(sink, -ENOSPC), -ENOSPC);
    assert_int_equal(sink_clock.recover(sink, -EPIPE), -ENOSPC);
    sink_clock.close(sink);
}

static void bits_choose_the_word(void **state)
{
    static const struct {
        uint32_t bits;
        enum word_format words;
    } wishes[] = {
        {16, WORD_S16}, {24, WORD_S24_3LE}, {32, WORD_S32}, {SINK_BITS_FLOAT, WORD_FLOAT}};

    (void)state;
    for (size_t i = 0; i < sizeof wishes / sizeof wishes[0]; i++) {
        char message[SINK_MESSAGE_SIZE];
        struct sink_format format;
        struct sink *sink;

        assert_int_equal(try_open("clock", wishes[i].bits, 44100, &sink, &format, message), 0);
        assert_int_equal(format.words, wishes[i].words);
        sink_clock.close(sink);
    }
}

static void its_table_holds_marked_functions_only(void **state)
{
    (void)state;
    assert_true(sink_class_is_rt(&sink_clock));
    assert_ptr_equal(sink_class_for("clockwork"), &sink_alsa);
    assert_ptr_equal(sink_class_for("hw:0,0"), &sink_alsa);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_file_holds_the_words_that_were_written),
        cmocka_unit_test(the_ring_wraps_without_a_scratch),
        cmocka_unit_test(a_second_open_appends),
        cmocka_unit_test(never_plays_faster_than_time),
        cmocka_unit_test(tells_an_xrun_and_plays_on_after_recovery),
        cmocka_unit_test(a_drain_is_no_xrun),
        cmocka_unit_test(takes_no_more_than_its_buffer),
        cmocka_unit_test(wait_ends_by_time_or_by_the_wake_descriptor),
        cmocka_unit_test(names_what_is_wrong_with_the_file),
        cmocka_unit_test(a_comma_in_the_files_own_name_stays),
        cmocka_unit_test(a_full_disk_is_told_and_not_recovered),
        cmocka_unit_test(bits_choose_the_word),
        cmocka_unit_test(its_table_holds_marked_functions_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
