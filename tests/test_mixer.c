/* test_mixer.c - a card's own volume, on a card that is only pretended (tests/shim/mixer_card.c).
 */
#include "output/mixer.h"

#include "tests/match_support.h"

#include <alsa/asoundlib.h>
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct mixer *open_mixer(const char *device, const char *control)
{
    char message[SINK_MESSAGE_SIZE];
    struct mixer *mixer = NULL;

    if (mixer_open(&mixer, device, control, message) != 0) {
        fail_msg("%s: %s", device, message);
    }
    return mixer;
}

/* Sets the card's steps as another program would. */
static void set_steps(const char *card, const char *name, long steps)
{
    snd_ctl_elem_value_t *value;
    snd_ctl_t *ctl;

    assert_int_equal(snd_ctl_open(&ctl, card, 0), 0);
    snd_ctl_elem_value_malloc(&value);
    snd_ctl_elem_value_set_interface(value, SND_CTL_ELEM_IFACE_MIXER);
    snd_ctl_elem_value_set_name(value, name);
    snd_ctl_elem_value_set_integer(value, 0, steps);
    snd_ctl_elem_value_set_integer(value, 1, steps);
    assert_true(snd_ctl_elem_write(ctl, value) >= 0);
    snd_ctl_elem_value_free(value);
    snd_ctl_close(ctl);
}

static long read_steps(const char *card, const char *name)
{
    snd_ctl_elem_value_t *value;
    snd_ctl_t *ctl;
    long steps;

    assert_int_equal(snd_ctl_open(&ctl, card, 0), 0);
    snd_ctl_elem_value_malloc(&value);
    snd_ctl_elem_value_set_interface(value, SND_CTL_ELEM_IFACE_MIXER);
    snd_ctl_elem_value_set_name(value, name);
    assert_int_equal(snd_ctl_elem_read(ctl, value), 0);
    steps = snd_ctl_elem_value_get_integer(value, 0);
    assert_int_equal(steps, snd_ctl_elem_value_get_integer(value, 1));
    snd_ctl_elem_value_free(value);
    snd_ctl_close(ctl);
    return steps;
}

static void every_volume_that_was_set_is_read_back(void **state)
{
    static const char *const cards[] = {"full", "short", "plain"};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct mixer *mixer = open_mixer(cards[i], NULL);

        for (int volume = 0; volume <= 100; volume++) {
            assert_int_equal(mixer_set(mixer, volume), 0);
            assert_int_equal(mixer_get(mixer), volume);
        }
        assert_int_equal(mixer_set(mixer, 150), 0); /* what is beyond is held */
        assert_int_equal(mixer_get(mixer), 100);
        mixer_close(mixer);
    }
}

/* -64 ... 0 dB: 50 % is -17.8 dB, as alsamixer has it (10^(dB/60), from 0). */
static void a_long_range_is_spread_as_people_hear_it(void **state)
{
    struct mixer *mixer = open_mixer("full", NULL);
    double low = pow(10.0, -64.0 / 60.0);

    (void)state;
    assert_string_equal(mixer_control(mixer), "Master");
    for (int volume = 0; volume <= 100; volume += 10) {
        double db = 60.0 * log10(low + volume / 100.0 * (1.0 - low));
        long steps;

        assert_int_equal(mixer_set(mixer, volume), 0);
        steps = read_steps("full", "Master Playback Volume");
        assert_true(fabs((double)steps - 64.0 - db) <= 1.0); /* to the next step */
    }
    assert_int_equal(mixer_set(mixer, 0), 0);
    assert_int_equal(read_steps("full", "Master Playback Volume"), 0);
    assert_int_equal(mixer_set(mixer, 100), 0);
    assert_int_equal(read_steps("full", "Master Playback Volume"), 64);
    mixer_close(mixer);
}

static void a_short_range_is_linear_in_db_and_no_range_in_steps(void **state)
{
    struct mixer *mixer = open_mixer("short", NULL);

    (void)state;
    assert_string_equal(mixer_control(mixer), "Headphone");
    assert_int_equal(mixer_set(mixer, 25), 0); /* -15 dB of -20 */
    assert_int_equal(read_steps("short", "Headphone Playback Volume"), 10);
    mixer_close(mixer);
    mixer = open_mixer("plain", NULL);
    assert_string_equal(mixer_control(mixer), "Line");
    assert_int_equal(mixer_set(mixer, 50), 0);
    assert_int_equal(read_steps("plain", "Line Playback Volume"), 16);
    mixer_close(mixer);
}

static void what_another_program_sets_is_told_and_read(void **state)
{
    struct mixer *mixer = open_mixer("full", NULL);
    struct pollfd wait = {.fd = mixer_descriptor(mixer), .events = POLLIN};

    (void)state;
    assert_true(wait.fd >= 0);
    assert_int_equal(mixer_set(mixer, 80), 0);
    assert_int_equal(mixer_get(mixer), 80);
    assert_int_equal(poll(&wait, 1, 0), 0); /* its own is taken in */
    set_steps("full", "Master Playback Volume", 64);
    assert_int_equal(poll(&wait, 1, 0), 1);
    assert_int_equal(mixer_get(mixer), 100);
    assert_int_equal(poll(&wait, 1, 0), 0);
    set_steps("full", "Master Playback Volume", 46); /* -18 dB */
    assert_in_range(mixer_get(mixer), 45, 50);
    mixer_close(mixer);
}

static void a_control_is_found_by_its_name(void **state)
{
    char message[SINK_MESSAGE_SIZE];
    struct mixer *mixer = open_mixer("full", "Digital");

    (void)state;
    assert_string_equal(mixer_control(mixer), "Digital");
    mixer_close(mixer);
    mixer = open_mixer("full", "Digital,0");
    mixer_close(mixer);
    assert_int_equal(mixer_open(&mixer, "full", "Digital,1", message), -ENOENT);
    assert_null(mixer);
    assert_int_equal(mixer_open(&mixer, "full", "Loudness", message), -ENOENT);
    assert_null(mixer);
    assert_non_null(strstr(message, "named Loudness"));
}

static void where_there_is_no_volume_one_line_says_so(void **state)
{
    static const char *const devices[] = {"clock", "hw:77,0", "nosuchdevice", "", "empty", "null"};
    char message[SINK_MESSAGE_SIZE];
    struct mixer *mixer;

    (void)state;
    for (size_t i = 0; i < sizeof devices / sizeof devices[0]; i++) {
        assert_int_equal(mixer_open(&mixer, devices[i], "", message), -ENOENT);
        assert_null(mixer);
        assert_non_null(strstr(message, "volume"));
        assert_null(strchr(message, '\n'));
    }
    mixer_close(NULL);
}

/* ALSA tells of every name it does not know on stderr. */
static void say_nothing(const char *file, int line, const char *function, int error,
                        const char *format, ...)
{
    (void)file;
    (void)line;
    (void)function;
    (void)error;
    (void)format;
}

/* An ALSA configuration with pretended cards, whose driver lies beside this program. */
static int make_cards(void **state)
{
    char program[512];
    char config[256];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    FILE *file;

    (void)state;
    if (length < 0) {
        return -1;
    }
    program[length] = '\0';
    *strrchr(program, '/') = '\0';
    scratch_path("cards.conf", config, sizeof config);
    file = fopen(config, "w");
    if (file == NULL) {
        return -1;
    }
    fprintf(file,
            "</usr/share/alsa/alsa.conf>\n"
            "ctl_type.pretended { lib \"%s/mixer_card.so\" }\n"
            "ctl.full { type pretended has \"steps digital master\" }\n"
            "ctl.short { type pretended has \"headphone\" }\n"
            "ctl.plain { type pretended has \"steps\" }\n"
            "ctl.empty { type pretended has \"\" }\n",
            program);
    fclose(file);
    setenv("ALSA_CONFIG_PATH", config, 1);
    snd_lib_error_set_handler(say_nothing);
    return 0;
}

static int remove_cards(void **state)
{
    (void)state;
    snd_config_update_free_global();
    scratch_remove();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_volume_that_was_set_is_read_back),
        cmocka_unit_test(a_long_range_is_spread_as_people_hear_it),
        cmocka_unit_test(a_short_range_is_linear_in_db_and_no_range_in_steps),
        cmocka_unit_test(what_another_program_sets_is_told_and_read),
        cmocka_unit_test(a_control_is_found_by_its_name),
        cmocka_unit_test(where_there_is_no_volume_one_line_says_so),
    };

    return cmocka_run_group_tests(tests, make_cards, remove_cards);
}
