/* slots.c - the two slots of A/B: what each of them holds. */
#include "server/slots.h"

#include "chain/preset.h"
#include "command/reference_words.h"
#include "config/paths.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char preset_word[] = "preset ", reference_word[] = "reference ";

static bool begins(const char *text, const char *word)
{
    return strncmp(text, word, strlen(word)) == 0 && text[strlen(word)] != '\0';
}

/* False: it is none. *name: of the preset or the reference. */
static bool read_slot(const char *text, enum slot_kind *kind, const char **name)
{
    *name = "";
    if (strcmp(text, "original") == 0) {
        *kind = SLOT_ORIGINAL;
    } else if (strcmp(text, "matched") == 0 || strcmp(text, "reference") == 0) {
        *kind = SLOT_MATCHED;
    } else if (begins(text, preset_word)) {
        *kind = SLOT_PRESET;
        *name = text + strlen(preset_word);
    } else if (begins(text, reference_word)) {
        *kind = SLOT_REFERENCE;
        *name = text + strlen(reference_word);
    } else {
        return false;
    }
    return true;
}

const char *slot_option(enum slot slot)
{
    return slot == SLOT_A ? "slot_a" : "slot_b";
}

static enum slot_kind find_slot(const struct server_parts *parts, enum slot slot, const char **name)
{
    enum slot_kind kind = SLOT_ORIGINAL;

    if (!read_slot(options_text(parts->options, slot_option(slot)), &kind, name) ||
        (kind == SLOT_PRESET && presets_find(parts->presets, *name) == NULL)) {
        kind = slot == SLOT_A ? SLOT_ORIGINAL : SLOT_MATCHED;
    }
    return kind;
}

enum slot_kind slot_kind(const struct server_parts *parts, enum slot slot)
{
    const char *name;

    return find_slot(parts, slot, &name);
}

bool slot_is_good(const struct server_parts *parts, const char *text, char *message, size_t size)
{
    enum slot_kind kind;
    const char *name;

    if (!read_slot(text, &kind, &name)) {
        snprintf(message, size,
                 "%s: a slot holds original, matched, preset NAME or reference REF[:WEIGHT]", text);
        return false;
    }
    return kind != SLOT_PRESET || presets_expect(parts->presets, name, message, size);
}

static int take_reference(const struct server_parts *parts, const char *text,
                          struct playlist_sound *said)
{
    struct playlist_reference *one = calloc(1, sizeof *one);
    char *home = path_expand(text);
    char *path = home != NULL ? track_path(parts, home) : NULL;
    char message[256];

    free(home);
    if (one != NULL && path != NULL &&
        !reference_split(path, &one->path, &one->weight, message, sizeof message)) {
        one->path = strdup(path); /* the matcher tells what is wrong with it */
        one->weight = 1.0;
    }
    free(path);
    if (one == NULL || one->path == NULL) {
        free(one);
        return -ENOMEM;
    }
    playlist_sound_drop_references(said);
    said->references = one;
    said->reference_count = 1;
    return 0;
}

int slot_apply(const struct server_parts *parts, enum slot slot, struct track_sound *sound)
{
    const struct preset *preset;
    const char *name;

    switch (find_slot(parts, slot, &name)) {
    case SLOT_ORIGINAL:
        sound->match = false;
        return 0;
    case SLOT_PRESET:
        preset = presets_find(parts->presets, name);
        sound->amounts = amounts_exact;
        amounts_of_preset(preset, &sound->amounts, &sound->match);
        rack_of_preset(preset, &sound->rack);
        return 0;
    case SLOT_REFERENCE:
        return take_reference(parts, name, &sound->said);
    case SLOT_MATCHED:
    default:
        return 0;
    }
}
