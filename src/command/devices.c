/* devices.c - matchplay devices: where sound can go, and what it takes. */
#include "output/devices.h"
#include "command/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_SIZE = 2048 };

static void print_device(const struct device_info *info)
{
    char text[TEXT_SIZE];

    devices_describe(info, text, sizeof text);
    fputs(text, stdout);
}

static int list_devices(const struct command_context *context)
{
    struct device_info *list = NULL;
    size_t count = 0;
    bool has_card = false;

    if (devices_list(&list, &count) != 0) {
        return command_fail(context, "out of memory");
    }
    for (size_t i = 0; i < count; i++) {
        print_device(&list[i]);
        has_card = has_card || list[i].is_hardware;
    }
    free(list);
    if (!has_card) {
        printf("No sound card is here. If there should be one: is its driver loaded (lsmod), and\n"
               "may you use it (group audio)? matchplay doctor says more.\n");
    }
    printf("clock\n    no device: music passes in time, unheard\n"
           "clock:FILE[,FORMAT]\n    the same, and what a device would get is written to FILE\n");
    return EXIT_DONE;
}

static int ask_devices(const struct command_context *context, const struct command_line *line)
{
    int status = EXIT_DONE;

    for (size_t i = 0; i < line->count; i++) {
        struct device_info info;
        int error;

        if (line->words[i].key != 0) {
            continue;
        }
        memset(&info, 0, sizeof info);
        error = devices_ask(line->words[i].value, &info);
        if (error == 0) {
            print_device(&info);
        } else if (info.trouble[0] != '\0') {
            status = command_fail(context, "%s", info.trouble);
        } else {
            status = command_fail(context, "%s: %s", line->words[i].value, strerror(-error));
        }
    }
    return status;
}

static int run(struct command_context *context, const struct command_line *line)
{
    return line->operands > 0 ? ask_devices(context, line) : list_devices(context);
}

const struct command command_devices = {
    "devices",
    "[NAME...]",
    "list the ALSA devices and what they take",
    "A NAME asks one device alone. Any of them works with play -D NAME, and as device in [output]\n"
    "of matchplayrc.\n",
    NULL,
    run,
};
