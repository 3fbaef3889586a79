/* test_devices.c - what devices take, who holds them, and how both are told. */
#include "output/devices.h"

#include "tests/sink_pattern.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void write_file(const char *root, const char *path, const char *text)
{
    char name[512];
    FILE *file;

    snprintf(name, sizeof name, "%s/%s", root, path);
    for (char *slash = name + strlen(root); (slash = strchr(slash + 1, '/')) != NULL;) {
        *slash = '\0';
        (void)mkdir(name, 0700); /* mostly there already */
        *slash = '/';
    }
    file = fopen(name, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* A /proc with two cards. On card 0 a recorder runs and nothing plays; on card 1 the second
   substream of device 3 is played by thread 815 of process 812. */
static int make_proc(void **state)
{
    static char root[] = "/tmp/matchplay-proc-XXXXXX";

    if (mkdtemp(root) == NULL) {
        return -1;
    }
    write_file(root, "asound/card0/pcm0p/sub0/status", "closed\n");
    write_file(root, "asound/card0/pcm0c/sub0/status", "state: RUNNING\nowner_pid   : 700\n");
    write_file(root, "asound/card1/id", "DAC\n");
    write_file(root, "asound/card1/pcm3p/info", "card: 1\n");
    write_file(root, "asound/card1/pcm3p/sub0/status", "closed\n");
    write_file(root, "asound/card1/pcm3p/sub1/status",
               "state: RUNNING\nowner_pid   : 815\ntrigger_time: 1.0\n");
    write_file(root, "815/status", "Name:\toutput\nTgid:\t812\nPid:\t815\n");
    write_file(root, "812/comm", "mpd\n");
    *state = root;
    return 0;
}

static int remove_proc(void **state)
{
    char command[128];

    snprintf(command, sizeof command, "rm -r '%s'", (const char *)*state);
    return system(command);
}

static void names_the_process_that_holds_a_card(void **state)
{
    struct device_holder holder;

    assert_true(devices_holder(*state, 1, 3, &holder));
    assert_int_equal(holder.card, 1);
    assert_int_equal(holder.device, 3);
    assert_int_equal(holder.pid, 812);
    assert_string_equal(holder.command, "mpd");
}

static void finds_the_holder_when_the_card_is_not_known(void **state)
{
    struct device_holder holder;

    assert_true(devices_holder(*state, -1, -1, &holder));
    assert_int_equal(holder.card, 1);
    assert_int_equal(holder.pid, 812);
    assert_true(devices_holder(*state, 1, -1, &holder));
}

static void a_closed_or_recording_device_has_no_holder(void **state)
{
    struct device_holder holder;

    assert_false(devices_holder(*state, 0, 0, &holder));
    assert_false(devices_holder(*state, 0, -1, &holder));
    assert_false(devices_holder(*state, 1, 0, &holder));
    assert_false(devices_holder(*state, 2, -1, &holder));
    assert_false(devices_holder("/no/such/folder", -1, -1, &holder));
}

static void reads_the_card_out_of_a_name(void **state)
{
    static const struct {
        const char *name;
        bool found;
        int card, device;
    } names[] = {
        {"hw:1,0", true, 1, 0},
        {"hw:2", true, 2, 0},
        {"hw:0,3,1", true, 0, 3},
        {"plughw:1,2", true, 1, 2},
        {"hw:CARD=4,DEV=7", true, 4, 7},
        {"hw:DEV=7,CARD=4", true, 4, 7},
        {"plug:\"hw:1,5\"", true, 1, 5},
        {"default", false, 0, 0},
        {"hw:no_such_card,0", false, 0, 0},
        {"clock", false, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        int card = -1;
        int device = -1;

        assert_int_equal(devices_card_of(names[i].name, &card, &device), names[i].found);
        if (names[i].found) {
            assert_int_equal(card, names[i].card);
            assert_int_equal(device, names[i].device);
        }
    }
}

static void describes_what_a_card_takes(void **state)
{
    struct device_info info = {
        .name = "hw:1,0",
        .label = "USB DAC: USB Audio",
        .is_hardware = true,
        .was_asked = true,
        .words = 1U << WORD_S16 | 1U << WORD_S32,
        .rates_hz = {44100, 48000, 96000},
        .channels_min = 2,
        .channels_max = 2,
        .period_min_frames = 32,
        .buffer_max_frames = 65536,
    };
    char text[1024];

    (void)state;
    devices_describe(&info, text, sizeof text);
    assert_string_equal(text, "hw:1,0  USB DAC: USB Audio\n"
                              "    words    S16 S32\n"
                              "    rates    44100 48000 96000\n"
                              "    channels 2\n"
                              "    buffer   up to 65536 frames, periods from 32\n"
                              "    no memory-mapped access: it is played through plug:\n");
    info.error = -EBUSY;
    snprintf(info.trouble, sizeof info.trouble, "hw:1,0 is in use by mpd, pid 812");
    devices_describe(&info, text, sizeof text);
    assert_string_equal(text, "hw:1,0  USB DAC: USB Audio\n    hw:1,0 is in use by mpd, pid 812\n");
    info.was_asked = false;
    assert_int_equal(devices_describe(&info, text, 10), 27); /* as snprintf: cut, length told */
    assert_string_equal(text, "hw:1,0  U");
}

static void asks_a_device_what_it_takes(void **state)
{
    struct device_info info = {0};

    (void)state;
    assert_int_equal(devices_ask("null", &info), 0);
    assert_true(info.was_asked);
    assert_false(info.is_hardware);
    assert_true(info.has_mmap);
    assert_int_equal(info.words, 31);
    assert_int_equal(info.rates_hz[0], 8000);
    assert_int_equal(info.rates_hz[5], 44100);
    assert_true(info.buffer_max_frames > 0);
}

static void sees_that_a_device_has_one_rate_or_no_mmap(void **state)
{
    struct device_info info = {0};

    (void)state;
    assert_int_equal(devices_ask("capture48:/dev/null", &info), 0);
    assert_int_equal(info.rates_hz[0], 48000);
    assert_int_equal(info.rates_hz[1], 0);
    memset(&info, 0, sizeof info);
    assert_int_equal(devices_ask("capture4:/dev/null", &info), 0);
    assert_false(info.has_mmap);
    assert_int_equal(info.channels_min, 4);
}

static void tells_why_a_device_cannot_be_asked(void **state)
{
    struct device_info info = {0};

    (void)state;
    assert_true(devices_ask("hw:31,0", &info) < 0);
    assert_true(info.error < 0);
    assert_non_null(strstr(info.trouble, "hw:31,0: no such device"));
}

static void lists_without_opening_what_is_no_card(void **state)
{
    struct device_info *list = NULL;
    size_t count = 0;

    (void)state;
    assert_int_equal(devices_list(&list, &count), 0);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(list[i].was_asked, list[i].is_hardware);
        assert_true(list[i].name[0] != '\0');
        assert_string_not_equal(list[i].name, "null");
    }
    free(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_the_process_that_holds_a_card),
        cmocka_unit_test(finds_the_holder_when_the_card_is_not_known),
        cmocka_unit_test(a_closed_or_recording_device_has_no_holder),
        cmocka_unit_test(reads_the_card_out_of_a_name),
        cmocka_unit_test(describes_what_a_card_takes),
        cmocka_unit_test(asks_a_device_what_it_takes),
        cmocka_unit_test(sees_that_a_device_has_one_rate_or_no_mmap),
        cmocka_unit_test(tells_why_a_device_cannot_be_asked),
        cmocka_unit_test(lists_without_opening_what_is_no_card),
    };

    setenv("ALSA_CONFIG_PATH", "tests/asound/capture.conf", 1);
    sink_setup();
    return cmocka_run_group_tests(tests, make_proc, remove_proc);
}
