/* devices.c - asks ALSA what there is, and /proc who holds it. */
#include "output/devices.h"

#include "output/alsa.h"

#include <alsa/asoundlib.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_SIZE = 256, WORDS = 5 };

static const uint32_t usual_rates_hz[] = {8000,  11025, 16000,  22050,  32000,  44100,  48000,
                                          88200, 96000, 176400, 192000, 352800, 384000, 768000};

/* --- who holds it -------------------------------------------------------------------------- */

/* The number behind "KEY   : " or "KEY:" in a small file of /proc, or -1. */
static long number_in(const char *path, const char *key)
{
    char line[LINE_SIZE];
    long number = -1;
    FILE *file = fopen(path, "re");

    if (file == NULL) {
        return -1;
    }
    while (number < 0 && fgets(line, sizeof line, file) != NULL) {
        const char *colon = strchr(line, ':');

        if (strncmp(line, key, strlen(key)) == 0 && colon != NULL) {
            number = strtol(colon + 1, NULL, 10);
        }
    }
    fclose(file);
    return number;
}

static void name_holder(const char *proc, struct device_holder *holder)
{
    char path[LINE_SIZE];
    long process;
    FILE *file;

    /* The owner is the thread that opened it: its process has the name that people know. */
    snprintf(path, sizeof path, "%s/%ld/status", proc, holder->pid);
    process = number_in(path, "Tgid");
    if (process > 0) {
        holder->pid = process;
    }
    snprintf(holder->command, sizeof holder->command, "another program");
    snprintf(path, sizeof path, "%s/%ld/comm", proc, holder->pid);
    file = fopen(path, "re");
    if (file == NULL) {
        return;
    }
    if (fgets(path, sizeof path, file) != NULL) {
        path[strcspn(path, "\n")] = '\0';
        snprintf(holder->command, sizeof holder->command, "%.31s", path);
    }
    fclose(file);
}

/* The owner of one of the substreams in folder .../pcm0p. */
static bool owner_of(const char *folder, long *pid)
{
    DIR *directory = opendir(folder);
    struct dirent *entry;

    *pid = -1;
    if (directory == NULL) {
        return false;
    }
    while (*pid <= 0 && (entry = readdir(directory)) != NULL) {
        char path[2 * LINE_SIZE];

        if (strncmp(entry->d_name, "sub", 3) == 0) {
            snprintf(path, sizeof path, "%.380s/%.100s/status", folder, entry->d_name);
            *pid = number_in(path, "owner_pid");
        }
    }
    closedir(directory);
    return *pid > 0;
}

/* The number of a folder named like pcm3p, a device to play on; -1: another name. */
static int playing_device(const char *name)
{
    char *end;
    long number;

    if (strncmp(name, "pcm", 3) != 0 || !isdigit((unsigned char)name[3])) {
        return -1;
    }
    number = strtol(name + 3, &end, 10);
    return strcmp(end, "p") == 0 && number < INT_MAX ? (int)number : -1;
}

static bool holder_on_card(const char *proc, int card, int device, struct device_holder *holder)
{
    char folder[LINE_SIZE];
    struct dirent *entry;
    DIR *directory;
    bool found = false;

    snprintf(folder, sizeof folder, "%s/asound/card%d", proc, card);
    directory = opendir(folder);
    if (directory == NULL) {
        return false;
    }
    while (!found && (entry = readdir(directory)) != NULL) {
        char path[2 * LINE_SIZE];
        int pcm = playing_device(entry->d_name);

        if (pcm >= 0 && (device < 0 || device == pcm)) {
            snprintf(path, sizeof path, "%s/%.100s", folder, entry->d_name);
            found = owner_of(path, &holder->pid);
            holder->card = card;
            holder->device = pcm;
        }
    }
    closedir(directory);
    return found;
}

bool devices_holder(const char *proc, int card, int device, struct device_holder *holder)
{
    enum { CARDS = 32 };
    int first = card < 0 ? 0 : card;
    int last = card < 0 ? CARDS - 1 : card;

    memset(holder, 0, sizeof *holder);
    for (int i = first; i <= last; i++) {
        if (holder_on_card(proc, i, device, holder)) {
            name_holder(proc, holder);
            return true;
        }
    }
    return false;
}

bool devices_card_of(const char *name, int *card, int *device)
{
    const char *arguments = strstr(name, "hw:");
    char text[SINK_TEXT_SIZE];
    char *rest = text;
    char *word;
    int place = 0;

    *card = -1;
    *device = -1;
    if (arguments == NULL) {
        return false;
    }
    snprintf(text, sizeof text, "%s", arguments + 3);
    text[strcspn(text, "\"' }")] = '\0';
    while ((word = strsep(&rest, ",")) != NULL) {
        bool is_card = place == 0;
        bool is_device = place == 1;
        bool is_number;
        char *end;
        long number;

        if (strchr(word, '=') != NULL) {
            is_card = strncmp(word, "CARD=", 5) == 0;
            is_device = strncmp(word, "DEV=", 4) == 0;
            word = strchr(word, '=') + 1;
        }
        number = strtol(word, &end, 10);
        is_number = *end == '\0' && end != word && number >= 0 && number < INT_MAX;
        if (is_card) {
            *card = is_number ? (int)number : snd_card_get_index(word);
        } else if (is_device && is_number) {
            *device = (int)number;
        }
        place++;
    }
    if (*device < 0) {
        *device = 0;
    }
    return *card >= 0;
}

/* --- what it takes ------------------------------------------------------------------------- */

static void read_abilities(snd_pcm_t *pcm, snd_pcm_hw_params_t *hw, struct device_info *info)
{
    snd_pcm_uframes_t frames = 0;
    size_t rates = 0;

    snd_pcm_hw_params_get_channels_min(hw, &info->channels_min);
    snd_pcm_hw_params_get_channels_max(hw, &info->channels_max);
    snd_pcm_hw_params_get_rate_min(hw, &info->rate_min_hz, NULL);
    snd_pcm_hw_params_get_rate_max(hw, &info->rate_max_hz, NULL);
    for (unsigned i = 0; i < WORDS; i++) {
        if (snd_pcm_hw_params_test_format(pcm, hw, alsa_format((enum word_format)i)) == 0) {
            info->words |= 1U << i;
        }
    }
    for (size_t i = 0; i < sizeof usual_rates_hz / sizeof usual_rates_hz[0]; i++) {
        if (snd_pcm_hw_params_test_rate(pcm, hw, usual_rates_hz[i], 0) == 0) {
            info->rates_hz[rates++] = usual_rates_hz[i];
        }
    }
    info->has_mmap = snd_pcm_hw_params_test_access(pcm, hw, SND_PCM_ACCESS_MMAP_INTERLEAVED) == 0;
    if (snd_pcm_hw_params_get_period_size_min(hw, &frames, NULL) == 0) {
        info->period_min_frames = frames < UINT32_MAX ? (uint32_t)frames : UINT32_MAX;
    }
    if (snd_pcm_hw_params_get_buffer_size_max(hw, &frames) == 0) {
        info->buffer_max_frames = frames < UINT32_MAX ? (uint32_t)frames : UINT32_MAX;
    }
}

int devices_ask(const char *name, struct device_info *info)
{
    snd_pcm_hw_params_t *hw;
    snd_pcm_t *pcm = NULL;

    info->was_asked = true;
    if (name != info->name) {
        snprintf(info->name, sizeof info->name, "%s", name);
    }
    alsa_setup();
    snd_pcm_hw_params_alloca(&hw);
    info->error = snd_pcm_open(&pcm, name, SND_PCM_STREAM_PLAYBACK, SND_PCM_NONBLOCK);
    if (info->error < 0) {
        alsa_hint(name, info->error, info->trouble);
        return info->error;
    }
    info->is_hardware = snd_pcm_type(pcm) == SND_PCM_TYPE_HW;
    info->error = snd_pcm_hw_params_any(pcm, hw);
    if (info->error >= 0) {
        info->error = 0;
        snd_pcm_hw_params_set_rate_resample(pcm, hw, 0);
        read_abilities(pcm, hw, info);
    } else {
        snprintf(info->trouble, sizeof info->trouble, "%s: it says of itself nothing usable (%s)",
                 name, snd_strerror(info->error));
    }
    snd_pcm_close(pcm);
    return info->error;
}

/* --- the list ------------------------------------------------------------------------------ */

struct list {
    struct device_info *items;
    size_t count, room;
};

static struct device_info *list_add(struct list *list)
{
    if (list->count == list->room) {
        size_t room = list->room > 0 ? list->room * 2 : 8;
        struct device_info *items = realloc(list->items, room * sizeof *items);

        if (items == NULL) {
            return NULL;
        }
        list->items = items;
        list->room = room;
    }
    memset(&list->items[list->count], 0, sizeof *list->items);
    return &list->items[list->count++];
}

static int list_card(struct list *list, int card)
{
    char name[32];
    snd_ctl_card_info_t *card_info;
    snd_pcm_info_t *pcm_info;
    snd_ctl_t *control;
    int device = -1;
    int error = 0;

    snd_ctl_card_info_alloca(&card_info);
    snd_pcm_info_alloca(&pcm_info);
    snprintf(name, sizeof name, "hw:%d", card);
    if (snd_ctl_open(&control, name, SND_CTL_NONBLOCK) < 0) {
        return 0;
    }
    snd_ctl_card_info(control, card_info);
    while (error == 0 && snd_ctl_pcm_next_device(control, &device) == 0 && device >= 0) {
        struct device_info *info;

        snd_pcm_info_set_device(pcm_info, (unsigned)device);
        snd_pcm_info_set_subdevice(pcm_info, 0);
        snd_pcm_info_set_stream(pcm_info, SND_PCM_STREAM_PLAYBACK);
        if (snd_ctl_pcm_info(control, pcm_info) < 0) {
            continue; /* it only records */
        }
        info = list_add(list);
        if (info == NULL) {
            error = -ENOMEM;
            break;
        }
        snprintf(info->name, sizeof info->name, "hw:%d,%d", card, device);
        snprintf(info->label, sizeof info->label, "%.60s: %.60s",
                 snd_ctl_card_info_get_name(card_info), snd_pcm_info_get_name(pcm_info));
        info->is_hardware = true;
        devices_ask(info->name, info);
    }
    snd_ctl_close(control);
    return error;
}

/* Names that are tools of other names, and those that stand for one card's socket. */
static bool is_of_interest(const char *name)
{
    static const char *const tools[] = {"null",     "lavrate", "samplerate", "speexrate", "upmix",
                                        "vdownmix", "speex",   "oss",        "a52"};

    for (size_t i = 0; i < sizeof tools / sizeof tools[0]; i++) {
        if (strcmp(name, tools[i]) == 0) {
            return false;
        }
    }
    return strchr(name, ':') == NULL;
}

static int list_names(struct list *list)
{
    void **hints = NULL;
    int error = 0;

    if (snd_device_name_hint(-1, "pcm", &hints) < 0) {
        return 0;
    }
    for (size_t i = 0; error == 0 && hints[i] != NULL; i++) {
        char *name = snd_device_name_get_hint(hints[i], "NAME");
        char *text = snd_device_name_get_hint(hints[i], "DESC");
        char *direction = snd_device_name_get_hint(hints[i], "IOID");

        if (name != NULL && (direction == NULL || strcmp(direction, "Output") == 0) &&
            is_of_interest(name)) {
            struct device_info *info = list_add(list);

            if (info != NULL) {
                snprintf(info->name, sizeof info->name, "%s", name);
                snprintf(info->label, sizeof info->label, "%.*s",
                         text != NULL ? (int)strcspn(text, "\n") : 0, text != NULL ? text : "");
            } else {
                error = -ENOMEM;
            }
        }
        free(name);
        free(text);
        free(direction);
    }
    snd_device_name_free_hint(hints);
    return error;
}

bool devices_any_card(void)
{
    int card = -1;

    return snd_card_next(&card) == 0 && card >= 0;
}

int devices_list(struct device_info **items, size_t *count)
{
    struct list list = {0};
    int card = -1;
    int error = 0;

    alsa_setup();
    while (error == 0 && snd_card_next(&card) == 0 && card >= 0) {
        error = list_card(&list, card);
    }
    if (error == 0) {
        error = list_names(&list);
    }
    if (error < 0) {
        free(list.items);
        list.items = NULL;
        list.count = 0;
    }
    *items = list.items;
    *count = list.count;
    return error;
}
