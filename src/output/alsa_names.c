/* alsa_names.c - which word is wished for, and names as ALSA wants them. */
#include "output/alsa.h"

#include <stdio.h>
#include <string.h>

enum { FORMATS = WORD_FLOAT + 1 };

snd_pcm_format_t alsa_format(enum word_format words)
{
    switch (words) {
    case WORD_S16:
        return SND_PCM_FORMAT_S16_LE;
    case WORD_S24_3LE:
        return SND_PCM_FORMAT_S24_3LE;
    case WORD_S24:
        return SND_PCM_FORMAT_S24_LE;
    case WORD_S32:
        return SND_PCM_FORMAT_S32_LE;
    case WORD_FLOAT:
        break;
    }
    return SND_PCM_FORMAT_FLOAT_LE;
}

bool alsa_wish(uint32_t bits, bool is_hardware, unsigned rank, enum word_format *words)
{
    static const enum word_format longest[FORMATS] = {WORD_S32, WORD_S24_3LE, WORD_S24, WORD_FLOAT,
                                                      WORD_S16};
    static const enum word_format exact[FORMATS] = {WORD_FLOAT, WORD_S32, WORD_S24_3LE, WORD_S24,
                                                    WORD_S16};
    static const enum word_format of_24[FORMATS] = {WORD_S24_3LE, WORD_S24, WORD_S32, WORD_FLOAT,
                                                    WORD_S16};
    static const enum word_format of_16[FORMATS] = {WORD_S16, WORD_S24_3LE, WORD_S24, WORD_S32,
                                                    WORD_FLOAT};
    const enum word_format *order = longest;

    if (rank >= FORMATS) {
        return false;
    }
    if (bits == SINK_BITS_FLOAT || (bits == SINK_BITS_AUTO && !is_hardware)) {
        order = exact;
    } else if (bits == 24) {
        order = of_24;
    } else if (bits == 16) {
        order = of_16;
    }
    *words = order[rank];
    return true;
}

bool alsa_plug_name(const char *device, char name[SINK_TEXT_SIZE])
{
    size_t used = (size_t)snprintf(name, SINK_TEXT_SIZE, "plug:");

    if (strpbrk(device, ",:='\"\\{} ") == NULL) {
        return (size_t)snprintf(name + used, SINK_TEXT_SIZE - used, "%s", device) <
               SINK_TEXT_SIZE - used;
    }
    name[used++] = '"';
    for (const char *c = device; *c != '\0'; c++) {
        if (used + 4 > SINK_TEXT_SIZE) {
            return false;
        }
        if (*c == '"' || *c == '\\') {
            name[used++] = '\\';
        }
        name[used++] = *c;
    }
    name[used++] = '"';
    name[used] = '\0';
    return true;
}
