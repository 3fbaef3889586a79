/* devices_text.c - what a device takes, in lines for a person. */
#include "output/devices.h"

#include <stdarg.h>
#include <stdio.h>

/* A text that grows at its end; past `size` it is only measured, as snprintf does. */
struct lines {
    char *text;
    size_t size, used;
};

__attribute__((format(printf, 2, 3))) static void add(struct lines *lines, const char *format, ...)
{
    va_list arguments;
    bool fits = lines->used < lines->size;
    int length;

    va_start(arguments, format);
    length = vsnprintf(fits ? lines->text + lines->used : NULL,
                       fits ? lines->size - lines->used : 0, format, arguments);
    va_end(arguments);
    lines->used += length > 0 ? (size_t)length : 0;
}

static void add_words(struct lines *lines, unsigned words)
{
    static const enum word_format order[] = {WORD_S16, WORD_S24_3LE, WORD_S24, WORD_S32,
                                             WORD_FLOAT};

    add(lines, "    words   ");
    if (words == 0) {
        add(lines, " none that this player has; ALSA converts");
    }
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        if ((words & 1U << order[i]) != 0) {
            add(lines, " %s", word_name(order[i]));
        }
    }
    add(lines, "\n");
}

static void add_rates(struct lines *lines, const struct device_info *info)
{
    add(lines, "    rates   ");
    if (info->rates_hz[0] == 0) {
        add(lines, " %u to %u Hz", info->rate_min_hz, info->rate_max_hz);
    }
    for (size_t i = 0; i < DEVICE_RATES && info->rates_hz[i] != 0; i++) {
        add(lines, " %u", info->rates_hz[i]);
    }
    add(lines, "\n");
}

int devices_describe(const struct device_info *info, char *text, size_t size)
{
    struct lines lines = {.text = text, .size = size};

    if (size > 0) {
        text[0] = '\0';
    }
    add(&lines, info->label[0] != '\0' ? "%s  %s\n" : "%s\n", info->name, info->label);
    if (!info->was_asked) {
        return (int)lines.used;
    }
    if (info->error < 0) {
        add(&lines, "    %s\n", info->trouble);
        return (int)lines.used;
    }
    add_words(&lines, info->words);
    add_rates(&lines, info);
    if (info->channels_min == info->channels_max) {
        add(&lines, "    channels %u\n", info->channels_min);
    } else {
        add(&lines, "    channels %u to %u\n", info->channels_min, info->channels_max);
    }
    add(&lines, "    buffer   up to %u frames, periods from %u\n", info->buffer_max_frames,
        info->period_min_frames);
    if (!info->has_mmap) {
        add(&lines, "    no memory-mapped access: it is played through plug:\n");
    }
    return (int)lines.used;
}
