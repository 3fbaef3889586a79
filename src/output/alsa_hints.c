/* alsa_hints.c - what an open that failed means, in a line for a person. */
#include "output/alsa.h"

#include "output/devices.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void hint_busy(const char *device, char message[SINK_MESSAGE_SIZE])
{
    struct device_holder holder;
    int card = -1;
    int pcm = -1;

    devices_card_of(device, &card, &pcm);
    if (!devices_holder("/proc", card, pcm, &holder)) {
        snprintf(message, SINK_MESSAGE_SIZE,
                 "%s is in use by another program; stop that, or choose another device", device);
    } else if (strstr(holder.command, "pulse") != NULL || strstr(holder.command, "pipew") != NULL) {
        snprintf(message, SINK_MESSAGE_SIZE,
                 "%s is in use by %s, pid %ld; play through it (device `default`), or stop it",
                 device, holder.command, holder.pid);
    } else {
        snprintf(message, SINK_MESSAGE_SIZE,
                 "%s is in use by %s, pid %ld; stop it, or choose another device", device,
                 holder.command, holder.pid);
    }
}

void alsa_hint(const char *device, int error, char message[SINK_MESSAGE_SIZE])
{
    switch (-error) {
    case EBUSY:
    case EAGAIN:
        hint_busy(device, message);
        return;
    case ENOENT:
    case ENODEV:
    case ENXIO:
        if (access("/dev/snd", F_OK) != 0) {
            snprintf(
                message, SINK_MESSAGE_SIZE,
                "%s: no such device; `matchplay devices` lists what is there (no sound card is; "
                "device `clock` plays without one, silently)",
                device);
            return;
        }
        snprintf(message, SINK_MESSAGE_SIZE,
                 "%s: no such device; `matchplay devices` lists what is there", device);
        return;
    case EACCES:
    case EPERM:
        snprintf(
            message, SINK_MESSAGE_SIZE,
            "%s: no permission; join the group audio (sudo usermod -aG audio $USER) and log in "
            "again",
            device);
        return;
    case ECONNREFUSED:
    case EHOSTDOWN:
        snprintf(message, SINK_MESSAGE_SIZE,
                 "%s: the sound server behind it does not answer; start it, or choose a card from "
                 "`matchplay devices`",
                 device);
        return;
    default:
        snprintf(message, SINK_MESSAGE_SIZE,
                 "%s: ALSA cannot open it (%s); `matchplay devices` lists what is there", device,
                 snd_strerror(error));
    }
}
