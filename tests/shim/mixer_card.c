/*
 * mixer_card.c - a card without a card: ALSA control plug-in "pretended", for tests of the mixer.
 *
 * ctl.NAME { type pretended, has "master digital steps" }: the volumes it has. master and digital
 * go from -64 to 0 dB in steps of 1 dB, headphone from -20 to 0 dB in steps of 0.5; steps (called
 * "Line") is 0 ... 31 and says nothing of dB. What is opened by one name shares its state within
 * the process.
 */
#include <alsa/asoundlib.h>
#include <alsa/control_external.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define DB_SCALE(minimum, step)                                                                    \
    {                                                                                              \
        SND_CTL_TLVT_DB_SCALE, 2 * sizeof(int), (unsigned)(minimum), step                          \
    }

enum { KINDS = 4, OPENED_MAX = 8 };

static const struct {
    const char *word, *name;
    long most;
    unsigned tlv[4];
} kinds[KINDS] = {
    {"master", "Master Playback Volume", 64, DB_SCALE(-6400, 100)},
    {"digital", "Digital Playback Volume", 64, DB_SCALE(-6400, 100)},
    {"headphone", "Headphone Playback Volume", 40, DB_SCALE(-2000, 50)},
    {"steps", "Line Playback Volume", 31, {0}},
};

struct card {
    snd_ctl_ext_t ext;
    unsigned has[KINDS], count;
    unsigned changed; /* bit of each kind that is to be told */
};

static long volumes[KINDS][2];
static struct card *opened[OPENED_MAX];

static int elem_count(snd_ctl_ext_t *ext)
{
    return (int)((struct card *)ext->private_data)->count;
}

static int elem_list(snd_ctl_ext_t *ext, unsigned offset, snd_ctl_elem_id_t *id)
{
    const struct card *card = ext->private_data;

    snd_ctl_elem_id_set_interface(id, SND_CTL_ELEM_IFACE_MIXER);
    snd_ctl_elem_id_set_name(id, kinds[card->has[offset]].name);
    return 0;
}

static snd_ctl_ext_key_t find_elem(snd_ctl_ext_t *ext, const snd_ctl_elem_id_t *id)
{
    const struct card *card = ext->private_data;

    for (unsigned i = 0; i < card->count; i++) {
        if (strcmp(snd_ctl_elem_id_get_name(id), kinds[card->has[i]].name) == 0) {
            return card->has[i];
        }
    }
    return SND_CTL_EXT_KEY_NOT_FOUND;
}

static int get_attribute(snd_ctl_ext_t *ext, snd_ctl_ext_key_t key, int *type, unsigned *access,
                         unsigned *count)
{
    *type = SND_CTL_ELEM_TYPE_INTEGER;
    *access = SND_CTL_EXT_ACCESS_READWRITE;
    if (kinds[key].tlv[1] > 0) {
        *access |= SND_CTL_EXT_ACCESS_TLV_READ;
        ext->tlv.p = kinds[key].tlv;
    }
    *count = 2;
    return 0;
}

static int get_integer_info(snd_ctl_ext_t *ext, snd_ctl_ext_key_t key, long *least, long *most,
                            long *step)
{
    (void)ext;
    *least = 0;
    *most = kinds[key].most;
    *step = 1;
    return 0;
}

static int read_integer(snd_ctl_ext_t *ext, snd_ctl_ext_key_t key, long *value)
{
    (void)ext;
    memcpy(value, volumes[key], sizeof volumes[key]);
    return 0;
}

static int write_integer(snd_ctl_ext_t *ext, snd_ctl_ext_key_t key, long *value)
{
    (void)ext;
    if (memcmp(volumes[key], value, sizeof volumes[key]) == 0) {
        return 0;
    }
    memcpy(volumes[key], value, sizeof volumes[key]);
    for (unsigned i = 0; i < OPENED_MAX; i++) {
        if (opened[i] != NULL) {
            opened[i]->changed |= 1U << key;
            eventfd_write(opened[i]->ext.poll_fd, 1);
        }
    }
    return 1;
}

static int read_event(snd_ctl_ext_t *ext, snd_ctl_elem_id_t *id, unsigned *mask)
{
    struct card *card = ext->private_data;
    eventfd_t count;

    for (unsigned i = 0; i < card->count; i++) {
        if ((card->changed & 1U << card->has[i]) != 0) {
            card->changed &= ~(1U << card->has[i]);
            elem_list(ext, i, id);
            *mask = SND_CTL_EVENT_MASK_VALUE;
            return 1;
        }
    }
    eventfd_read(ext->poll_fd, &count);
    return -EAGAIN;
}

static void subscribe_events(snd_ctl_ext_t *ext, int subscribe)
{
    (void)ext;
    (void)subscribe;
}

static void close_card(snd_ctl_ext_t *ext)
{
    for (unsigned i = 0; i < OPENED_MAX; i++) {
        if (opened[i] == ext->private_data) {
            opened[i] = NULL;
        }
    }
    close(ext->poll_fd);
    free(ext->private_data);
}

static const snd_ctl_ext_callback_t callbacks = {
    .close = close_card,
    .elem_count = elem_count,
    .elem_list = elem_list,
    .find_elem = find_elem,
    .get_attribute = get_attribute,
    .get_integer_info = get_integer_info,
    .read_integer = read_integer,
    .write_integer = write_integer,
    .read_event = read_event,
    .subscribe_events = subscribe_events,
};

static void take_words(struct card *card, snd_config_t *config)
{
    snd_config_t *has;
    const char *words = "";

    if (snd_config_search(config, "has", &has) >= 0) {
        snd_config_get_string(has, &words);
    }
    for (unsigned i = 0; i < KINDS; i++) {
        if (strstr(words, kinds[i].word) != NULL) {
            card->has[card->count++] = i;
        }
    }
}

int SND_CTL_PLUGIN_ENTRY(pretended)(snd_ctl_t **handlep, const char *name, snd_config_t *root,
                                    snd_config_t *conf, int mode);

SND_CTL_PLUGIN_DEFINE_FUNC(pretended)
{
    struct card *card = calloc(1, sizeof *card);
    int result;

    (void)root;
    if (card == NULL) {
        return -ENOMEM;
    }
    take_words(card, conf);
    card->ext.version = SND_CTL_EXT_VERSION;
    strcpy(card->ext.name, "pretended");
    strcpy(card->ext.driver, "pretended");
    card->ext.poll_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    card->ext.callback = &callbacks;
    card->ext.private_data = card;
    result = snd_ctl_ext_create(&card->ext, name, mode);
    if (result < 0) {
        close(card->ext.poll_fd);
        free(card);
        return result;
    }
    for (unsigned i = 0; i < OPENED_MAX; i++) {
        if (opened[i] == NULL) {
            opened[i] = card;
            break;
        }
    }
    *handlep = card->ext.handle;
    return 0;
}

SND_CTL_PLUGIN_SYMBOL(pretended) /* brings its own semicolon */
