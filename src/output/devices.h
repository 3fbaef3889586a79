/*
 * devices.h - the ALSA devices of this machine: what they take, and who holds a busy one.
 *
 * Threads: any but the audio thread (it opens devices and reads /proc).
 */
#ifndef MP_OUTPUT_DEVICES_H
#define MP_OUTPUT_DEVICES_H

#include "output/sink.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DEVICE_RATES = 16 };

struct device_info {
    char name[SINK_TEXT_SIZE];  /* what to write after --device: "hw:1,0", "default" */
    char label[SINK_TEXT_SIZE]; /* "USB DAC: USB Audio" */
    bool is_hardware;
    bool was_asked; /* opened to see what it takes; false: only its name is known */
    int error;      /* 0, or why it could not be asked */
    char trouble[SINK_MESSAGE_SIZE];
    unsigned words;                  /* bit (1 << enum word_format) */
    uint32_t rates_hz[DEVICE_RATES]; /* of the usual ones, ascending, 0 behind the last */
    uint32_t rate_min_hz, rate_max_hz;
    uint32_t channels_min, channels_max;
    uint32_t period_min_frames, buffer_max_frames;
    bool has_mmap; /* false: it is played through plug: */
};

/* All of them, cards first, then the named ones ("default", ...), which are not opened. *list is
   freed by the caller. 0 (also for none) or -ENOMEM. */
int devices_list(struct device_info **list, size_t *count);
/* True if the kernel knows of any sound card. */
bool devices_any_card(void);
/* Asks one device; info->error as the result. It is opened and closed, nothing is played. */
int devices_ask(const char *name, struct device_info *info);
/* A few lines for a person, each with an end of line. Returns the length, as snprintf. */
int devices_describe(const struct device_info *info, char *text, size_t size);

/* Who plays on a card. */
struct device_holder {
    int card, device;
    long pid;
    char command[32];
};

/* The process that has card, device (-1: any of them) open for playing, from PROC/asound (proc:
   "/proc"). False: none, or not to be seen. */
bool devices_holder(const char *proc, int card, int device, struct device_holder *holder);
/* "hw:C,D" of a name like "hw:1,0", "plughw:CARD=DAC,DEV=0", "hw:DAC". False: not a card's name. */
bool devices_card_of(const char *name, int *card, int *device);

#endif
