/* mixer.c - a card's own volume, through ALSA's simple mixer. */
#include "output/mixer.h"

#include "output/devices.h"

#include <alsa/asoundlib.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CONTROL_SIZE = 64,
    LINEAR_RANGE = 2400, /* in 1/100 dB, as ALSA counts: up to here the scale is linear in dB */
    MUTE_DB = -9999999,  /* what ALSA says for "no sound at all" */
};

struct mixer {
    snd_mixer_t *handle;
    snd_mixer_elem_t *element; /* NULL: it went with its card */
    char name[CONTROL_SIZE];
    int descriptor;
    long low, high;       /* the card's steps */
    long low_db, high_db; /* 1/100 dB; equal: not known */
    int wished;           /* what was set last, -1: nothing */
    long wished_steps;    /* and what that made of the card's */
};

/* --- the scale ----------------------------------------------------------------------------- */

static double lowest_share(const struct mixer *mixer)
{
    return mixer->low_db <= MUTE_DB ? 0.0
                                    : pow(10.0, (double)(mixer->low_db - mixer->high_db) / 6000.0);
}

static double share_of_db(const struct mixer *mixer, long db)
{
    double lowest = lowest_share(mixer);

    if (mixer->high_db - mixer->low_db <= LINEAR_RANGE) {
        return (double)(db - mixer->low_db) / (double)(mixer->high_db - mixer->low_db);
    }
    return (pow(10.0, (double)(db - mixer->high_db) / 6000.0) - lowest) / (1.0 - lowest);
}

static long db_of_share(const struct mixer *mixer, double share)
{
    double lowest = lowest_share(mixer);
    double place = lowest + share * (1.0 - lowest);

    if (mixer->high_db - mixer->low_db <= LINEAR_RANGE) {
        return mixer->low_db + lround(share * (double)(mixer->high_db - mixer->low_db));
    }
    return place <= 0.0 ? mixer->low_db : mixer->high_db + lround(6000.0 * log10(place));
}

/* --- opening ------------------------------------------------------------------------------- */

static bool has_volume(snd_mixer_elem_t *element)
{
    return element != NULL && snd_mixer_selem_is_active(element) != 0 &&
           snd_mixer_selem_has_playback_volume(element) != 0;
}

static snd_mixer_elem_t *element_named(snd_mixer_t *handle, const char *name)
{
    const char *comma = strrchr(name, ',');
    unsigned long index = comma != NULL ? strtoul(comma + 1, NULL, 10) : 0;
    char base[CONTROL_SIZE];
    snd_mixer_selem_id_t *id;
    snd_mixer_elem_t *element;

    if (snd_mixer_selem_id_malloc(&id) < 0) {
        return NULL;
    }
    snprintf(base, sizeof base, "%.*s", comma != NULL ? (int)(comma - name) : (int)strlen(name),
             name);
    snd_mixer_selem_id_set_name(id, base);
    snd_mixer_selem_id_set_index(id, (unsigned)index);
    element = snd_mixer_find_selem(handle, id);
    snd_mixer_selem_id_free(id);
    return has_volume(element) ? element : NULL;
}

static snd_mixer_elem_t *element_usual(snd_mixer_t *handle)
{
    static const char *const names[] = {"Master", "PCM", "Digital", "Headphone", "Speaker"};
    snd_mixer_elem_t *element = NULL;

    for (size_t i = 0; i < sizeof names / sizeof names[0] && element == NULL; i++) {
        element = element_named(handle, names[i]);
    }
    if (element == NULL) {
        element = snd_mixer_first_elem(handle);
        while (element != NULL && !has_volume(element)) {
            element = snd_mixer_elem_next(element);
        }
    }
    return element;
}

/* The element goes when its card does. */
static int element_event(snd_mixer_elem_t *element, unsigned mask)
{
    struct mixer *mixer = snd_mixer_elem_get_callback_private(element);

    if (mask == SND_CTL_EVENT_MASK_REMOVE) {
        mixer->element = NULL;
    }
    return 0;
}

/* Takes the control and its range. 0 or -ENOENT. */
static int take_element(struct mixer *mixer, const char *control)
{
    bool any = control == NULL || control[0] == '\0';

    mixer->element = any ? element_usual(mixer->handle) : element_named(mixer->handle, control);
    if (mixer->element == NULL ||
        snd_mixer_selem_get_playback_volume_range(mixer->element, &mixer->low, &mixer->high) < 0 ||
        mixer->high <= mixer->low) {
        return -ENOENT;
    }
    if (snd_mixer_selem_get_playback_dB_range(mixer->element, &mixer->low_db, &mixer->high_db) <
            0 ||
        mixer->high_db <= mixer->low_db) {
        mixer->low_db = mixer->high_db = 0;
    }
    snprintf(mixer->name, sizeof mixer->name, "%s", snd_mixer_selem_get_name(mixer->element));
    snd_mixer_elem_set_callback(mixer->element, element_event);
    snd_mixer_elem_set_callback_private(mixer->element, mixer);
    return 0;
}

static int attach(struct mixer *mixer, const char *card)
{
    int result = snd_mixer_open(&mixer->handle, 0);

    if (result < 0) {
        mixer->handle = NULL;
        return result;
    }
    result = snd_mixer_attach(mixer->handle, card);
    if (result >= 0) {
        result = snd_mixer_selem_register(mixer->handle, NULL, NULL);
    }
    return result < 0 ? result : snd_mixer_load(mixer->handle);
}

static void take_descriptor(struct mixer *mixer)
{
    struct pollfd poll[1];

    mixer->descriptor = -1;
    if (snd_mixer_poll_descriptors(mixer->handle, poll, 1) == 1) {
        mixer->descriptor = poll[0].fd;
    }
}

int mixer_open(struct mixer **mixer, const char *device, const char *control,
               char message[SINK_MESSAGE_SIZE])
{
    struct mixer *opened = calloc(1, sizeof *opened);
    char card_name[SINK_TEXT_SIZE];
    int card, subdevice;
    int result;

    message[0] = '\0';
    *mixer = NULL;
    if (opened == NULL) {
        snprintf(message, SINK_MESSAGE_SIZE, "not enough memory for the volume of %s", device);
        return -ENOMEM;
    }
    opened->wished = -1;
    if (devices_card_of(device, &card, &subdevice)) {
        snprintf(card_name, sizeof card_name, "hw:%d", card);
    } else {
        snprintf(card_name, sizeof card_name, "%s", device);
    }
    result = attach(opened, card_name);
    if (result < 0) {
        snprintf(message, SINK_MESSAGE_SIZE,
                 "%s: it has no volume of its own (%s); volume_control = software sets it here",
                 device, snd_strerror(result));
        mixer_close(opened);
        return result == -ENOMEM || result == -EACCES ? result : -ENOENT;
    }
    result = take_element(opened, control);
    if (result < 0) {
        bool any = control == NULL || control[0] == '\0';

        snprintf(message, SINK_MESSAGE_SIZE,
                 "%s: it has no volume control%s%.60s; `alsamixer` shows what there is", device,
                 any ? "" : " named ", any ? "" : control);
        mixer_close(opened);
        return result;
    }
    take_descriptor(opened);
    *mixer = opened;
    return 0;
}

void mixer_close(struct mixer *mixer)
{
    if (mixer == NULL) {
        return;
    }
    if (mixer->handle != NULL) {
        snd_mixer_close(mixer->handle);
    }
    free(mixer);
}

/* --- use ----------------------------------------------------------------------------------- */

const char *mixer_control(const struct mixer *mixer)
{
    return mixer->name;
}

int mixer_descriptor(const struct mixer *mixer)
{
    return mixer->descriptor;
}

/* Takes in what others changed. 0 or negative errno. */
static int refresh(struct mixer *mixer)
{
    int result = snd_mixer_handle_events(mixer->handle);

    if (result < 0) {
        return result;
    }
    return mixer->element == NULL ? -ENODEV : 0;
}

/* The mean of left and right, or of the one channel there is. */
static int read_steps(const struct mixer *mixer, long *steps)
{
    long left = 0;
    long right = 0;
    int result =
        snd_mixer_selem_get_playback_volume(mixer->element, SND_MIXER_SCHN_FRONT_LEFT, &left);

    if (result < 0) {
        return result;
    }
    right = left;
    if (snd_mixer_selem_is_playback_mono(mixer->element) == 0 &&
        snd_mixer_selem_has_playback_channel(mixer->element, SND_MIXER_SCHN_FRONT_RIGHT) != 0) {
        snd_mixer_selem_get_playback_volume(mixer->element, SND_MIXER_SCHN_FRONT_RIGHT, &right);
    }
    *steps = (left + right + 1) / 2;
    return 0;
}

int mixer_get(struct mixer *mixer)
{
    int result = refresh(mixer);
    long steps = 0;
    long db = 0;
    double share;

    if (result < 0) {
        return result;
    }
    result = read_steps(mixer, &steps);
    if (result < 0) {
        return result;
    }
    if (mixer->wished >= 0 && steps == mixer->wished_steps) {
        return mixer->wished;
    }
    if (mixer->high_db > mixer->low_db &&
        snd_mixer_selem_ask_playback_vol_dB(mixer->element, steps, &db) >= 0) {
        share = share_of_db(mixer, db);
    } else {
        share = (double)(steps - mixer->low) / (double)(mixer->high - mixer->low);
    }
    share = share < 0.0 ? 0.0 : share > 1.0 ? 1.0 : share;
    return (int)lround(100.0 * share);
}

int mixer_set(struct mixer *mixer, int volume)
{
    double share = (volume < 0 ? 0 : volume > 100 ? 100 : volume) / 100.0;
    long steps = mixer->low + lround(share * (double)(mixer->high - mixer->low));
    int result = refresh(mixer);

    if (result < 0) {
        return result;
    }
    if (mixer->high_db > mixer->low_db) { /* upwards: the lowest step above none is heard */
        snd_mixer_selem_ask_playback_dB_vol(mixer->element, db_of_share(mixer, share),
                                            volume > 0 ? 1 : -1, &steps);
    }
    if (volume <= 0) {
        steps = mixer->low;
    }
    steps = steps < mixer->low ? mixer->low : steps > mixer->high ? mixer->high : steps;
    result = snd_mixer_selem_set_playback_volume_all(mixer->element, steps);
    if (result < 0) {
        return result;
    }
    mixer->wished = (int)lround(100.0 * share);
    mixer->wished_steps = steps;
    return 0;
}
