/* track_sound.c - the references, preset and amounts that hold for a track. */
#include "server/track_sound.h"

#include "config/paths.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *reference_scope_name(int scope)
{
    static const char *const names[] = {"track", "playlist", "album", "all", "settings"};

    return names[scope >= REFERENCE_TRACK && scope <= REFERENCE_SETTINGS ? scope
                                                                         : REFERENCE_SETTINGS];
}

char *track_path(const struct server_parts *parts, const char *uri)
{
    return playlist_is_address(uri) ? strdup(uri) : path_join(parts->music_directory, uri);
}

void track_album(const struct server_parts *parts, const char *uri, const char **artist,
                 const char **album)
{
    const struct song *song = catalogue_find(parts->catalogue, uri);

    *artist = *album = "";
    if (song == NULL || song_tag(parts->catalogue, song, TAG_ALBUM, 0) == NULL) {
        return;
    }
    *album = song_first(parts->catalogue, song, TAG_ALBUM);
    *artist = song_tag(parts->catalogue, song, TAG_ALBUM_ARTIST, 0) != NULL
                  ? song_first(parts->catalogue, song, TAG_ALBUM_ARTIST)
                  : song_first(parts->catalogue, song, TAG_ARTIST);
}

/* What the settings say where nothing nearer does. */
static int add_settings_reference(const struct options *options, struct playlist_sound *said)
{
    const char *path = options_text(options, "reference");

    if (said->reference_count > 0 || path[0] == '\0') {
        return 0;
    }
    said->references = calloc(1, sizeof *said->references);
    if (said->references == NULL) {
        return -ENOMEM;
    }
    said->references[0].path = path_expand(path);
    said->references[0].weight = 1.0;
    said->reference_count = 1;
    return said->references[0].path != NULL ? 0 : -ENOMEM;
}

static void add_settings_amounts(const struct options *options, struct amounts *amounts)
{
    static const char *const names[AMOUNTS] = {"level", "eq", "width", "limiter"};
    double said[AMOUNTS];

    for (int i = 0; i < AMOUNTS; i++) {
        said[i] = (double)NAN;
        if (options_is_set(options, names[i])) {
            said[i] = i == AMOUNT_LIMITER ? options_boolean(options, names[i])
                                          : options_number(options, names[i]);
        }
    }
    amounts_take(amounts, said);
    if (options_is_set(options, "max_boost_db")) {
        amounts->max_boost_db = options_number(options, "max_boost_db");
    }
    if (amounts->max_boost_db <= 0) {
        amounts->max_boost_db = HUGE_VAL;
    }
}

/* A preset that is not there (any more) is as good as none. */
static const struct preset *find_preset(const struct server_parts *parts, const char *name)
{
    const struct preset *preset = name != NULL ? presets_find(parts->presets, name) : NULL;

    return preset;
}

static int resolve(struct server_parts *parts, const struct reference_answer *answer,
                   struct track_sound *sound)
{
    const struct preset *preset = find_preset(parts, answer->sound.preset);

    sound->references = (enum reference_scope)answer->reference_from;
    sound->preset_from = answer->preset_from;
    memcpy(sound->amount_from, answer->amount_from, sizeof sound->amount_from);
    sound->amounts = amounts_exact;
    sound->match = true;
    rack_init_exact(&sound->rack);
    if (preset == NULL) {
        sound->preset_from = REFERENCE_SETTINGS;
        preset = find_preset(parts, options_text(parts->options, "preset"));
        free(sound->said.preset);
        sound->said.preset = strdup(preset != NULL ? preset->id : "matchering");
    }
    if (preset != NULL) {
        amounts_of_preset(preset, &sound->amounts, &sound->match);
        rack_of_preset(preset, &sound->rack);
    }
    if (parts->chain_is_edited && sound->match) {
        sound->rack = parts->chain;
    }
    if (sound->preset_from == REFERENCE_SETTINGS) {
        add_settings_amounts(parts->options, &sound->amounts);
    }
    amounts_take(&sound->amounts, answer->sound.amounts);
    for (int i = 0; i < AMOUNTS; i++) { /* the preset's, then, are of where the preset is from */
        if (isnan(answer->sound.amounts[i])) {
            sound->amount_from[i] = sound->preset_from;
        }
    }
    return sound->said.preset != NULL ? add_settings_reference(parts->options, &sound->said)
                                      : -ENOMEM;
}

int track_sound_find(struct server_parts *parts, const char *uri, const char *origin,
                     struct track_sound *sound)
{
    char *path = track_path(parts, uri);
    struct reference_key key = {.path = path, .playlist = origin};
    struct reference_answer answer;
    int error;

    memset(sound, 0, sizeof *sound);
    playlist_sound_init(&sound->said);
    if (path == NULL) {
        return -ENOMEM;
    }
    track_album(parts, uri, &key.album_artist, &key.album);
    error = references_find(parts->references, &key, &answer);
    free(path);
    if (error != 0) {
        return error;
    }
    error = playlist_sound_copy(&sound->said, &answer.sound);
    if (error == 0) {
        error = resolve(parts, &answer, sound);
    }
    reference_answer_finish(&answer);
    if (error != 0) {
        track_sound_finish(sound);
    }
    return error;
}

void track_sound_finish(struct track_sound *sound)
{
    playlist_sound_finish(&sound->said);
}
