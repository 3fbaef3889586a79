/* play.c - plays paths in this process, with a status line and keys in a terminal. */
#include "command/command.h"
#include "command/configure.h"
#include "command/play_list.h"
#include "command/play_status.h"
#include "command/reference_words.h"
#include "command/terminal.h"
#include "library/source.h"
#include "match/amounts.h"
#include "player/player.h"
#include "player/player_options.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { KEY_ORIGINAL = COMMAND_LONG_ONLY, KEY_PRESET, KEY_WAIT, STATUS_MS = 250, KEY_MS = 50 };
enum { SUSPEND_MS = 500, SUSPEND_STEP_MS = 10 };

struct play {
    struct command_context *context;
    struct player *player;
    struct play_list *list;
    struct presets *presets;
    struct terminal *terminal;
    struct play_status *status;
    bool original, wait, quiet;
    const char *preset;
    const struct playlist *told; /* whose preset is not there */
    struct play_sound given;     /* -r; how far to match */
};

static void report_line(void *context, const char *message)
{
    const struct play *play = context;

    log_write(play->context->log, LOG_WARNING, "%s", message);
}

/* --- settings ------------------------------------------------------------------------------ */

static int take_reference(struct play *play, const char *text)
{
    struct play_sound *given = &play->given;
    char message[512];
    char *path;

    if (given->count == MATCH_REFERENCES_MAX) {
        return command_misuse(play->context, "more than %d references", MATCH_REFERENCES_MAX);
    }
    if (!reference_split(text, &path, &given->weights[given->count], message, sizeof message)) {
        return command_misuse(play->context, "%s", message);
    }
    given->paths[given->count++] = path;
    return EXIT_DONE;
}

static int take_words(struct play *play, const struct command_line *line)
{
    for (size_t i = 0; i < line->count; i++) {
        const struct command_word *word = &line->words[i];
        int status = EXIT_DONE;

        switch (word->key) {
        case 'r':
            status = take_reference(play, word->value);
            break;
        case 'D':
            status = command_set(play->context, "device", word->value);
            break;
        case KEY_ORIGINAL:
            play->original = true;
            break;
        case KEY_PRESET:
            play->preset = word->value;
            break;
        case KEY_WAIT:
            play->wait = true;
            break;
        case 'q':
            play->quiet = true;
            break;
        default:
            break;
        }
        if (status != EXIT_DONE) {
            return status;
        }
    }
    return line->operands > 0 ? EXIT_DONE : command_misuse(play->context, "nothing to play");
}

static int read_settings(struct play *play, struct player_settings *settings)
{
    int status = configure_amounts(play->context, play->preset, &play->given.amounts,
                                   &play->given.match, &play->given.rack);

    if (status != EXIT_DONE) {
        return status;
    }
    player_options_read(settings, play->context->options, play->context->log);
    if (play->wait) {
        settings->start_wait_ms = -1;
    }
    settings->begin_with_original = play->original;
    return EXIT_DONE;
}

/* --- the list ------------------------------------------------------------------------------ */

/* How far a playlist wants its tracks matched: its preset, its own amounts over that. */
static void take_amounts(struct play *play, const struct playlist *playlist,
                         struct play_sound *sound)
{
    const char *id = playlist->sound.preset;

    if (id != NULL) {
        const struct preset *preset = presets_find(play->presets, id);

        if (preset != NULL) {
            amounts_of_preset(preset, &sound->amounts, &sound->match);
            rack_of_preset(preset, &sound->rack);
        } else if (playlist != play->told) {
            play->told = playlist;
            log_write(play->context->log, LOG_WARNING,
                      "%s: there is no preset %s; the usual one holds", playlist->path, id);
        }
    }
    amounts_take(&sound->amounts, playlist->sound.amounts);
}

/* What holds for an entry: its playlist's own references, else -r, else matchplayrc's. */
static void sound_of(struct play *play, const struct source_list *list, size_t index,
                     struct play_sound *sound)
{
    const struct playlist *playlist = source_playlist(list, index);
    const char *standard = options_text(play->context->options, "reference");

    *sound = play->given;
    if (playlist != NULL && playlist->sound.reference_count > 0) {
        sound->count = 0;
        for (size_t i = 0; i < playlist->sound.reference_count && i < MATCH_REFERENCES_MAX; i++) {
            sound->paths[i] = playlist->sound.references[i].path;
            sound->weights[i] = playlist->sound.references[i].weight;
            sound->count++;
        }
    } else if (play->given.count == 0 && standard[0] != '\0') {
        sound->paths[0] = standard;
        sound->weights[0] = 1.0;
        sound->count = 1;
    }
    if (playlist != NULL) {
        take_amounts(play, playlist, sound);
    }
}

static int fill_list(struct play *play, const struct command_line *line, size_t *tracks)
{
    const char **paths = calloc(line->operands + 1, sizeof *paths);
    struct source_list *list = NULL;
    size_t count = 0;
    int result;

    if (paths == NULL) {
        return command_fail(play->context, "out of memory");
    }
    for (size_t i = 0; i < line->count; i++) {
        if (line->words[i].key == 0) {
            paths[count++] = line->words[i].value;
        }
    }
    result = source_expand(&list, paths, count, report_line, play);
    free(paths);
    if (result < 0) {
        return command_fail(play->context, "out of memory");
    }
    for (size_t i = 0; i < list->count && result == 0; i++) {
        struct play_sound sound;

        sound_of(play, list, i, &sound);
        result = play_list_add(play->list, list->entries[i].path, &sound);
    }
    *tracks = list->count;
    count = list->errors;
    source_list_destroy(list);
    if (result < 0) {
        return command_fail(play->context, "out of memory");
    }
    if (*tracks == 0 && count == 0) {
        return command_fail(play->context, "there is no music in what was given; name files, "
                                           "folders or playlists that hold some");
    }
    return *tracks > 0 ? EXIT_DONE : EXIT_FAILED;
}

/* --- playing ------------------------------------------------------------------------------- */

/* Stops the process with the music faded out, rather than torn off. */
static void suspend(struct play *play, const struct player_status *before)
{
    struct player_status now = *before;

    if (before->state == PLAYER_PLAYING) {
        player_set_paused(play->player, true);
        for (int ms = 0; ms < SUSPEND_MS && now.output.state != OUTPUT_PAUSED;
             ms += SUSPEND_STEP_MS) {
            nanosleep(&(struct timespec){0, SUSPEND_STEP_MS * 1000000}, NULL);
            player_read_status(play->player, &now);
        }
    }
    terminal_suspend(play->terminal);
    if (before->state == PLAYER_PLAYING) {
        player_set_paused(play->player, false);
    }
}

static void skip(struct play *play, const struct player_status *now, int step)
{
    if (now->id != PLAYER_NO_TRACK) {
        player_play(play->player, play_list_step(play->list, now->id, step), 0.0);
    }
}

/* False: the user wants to leave. */
static bool take_key(struct play *play, int key)
{
    struct player_status now;

    player_read_status(play->player, &now);
    switch (key) {
    case ' ':
    case 'c':
        player_set_paused(play->player, now.state != PLAYER_PAUSED);
        break;
    case 'a':
    case 'A':
        player_set_original(play->player, !now.original);
        break;
    case 'w':
        player_set_equal_loudness(play->player, !now.equal_loudness);
        break;
    case 'h':
    case KEY_LEFT:
        player_seek(play->player, -5.0, true);
        break;
    case 'l':
    case KEY_RIGHT:
        player_seek(play->player, 5.0, true);
        break;
    case KEY_DOWN:
        player_seek(play->player, -60.0, true);
        break;
    case KEY_UP:
        player_seek(play->player, 60.0, true);
        break;
    case 'b':
        skip(play, &now, 1);
        break;
    case 'z':
        skip(play, &now, -1);
        break;
    case KEY_SUSPEND:
        suspend(play, &now);
        break;
    case 'q':
        return false;
    default:
        break;
    }
    return true;
}

static int play_to_end(struct play *play)
{
    struct player_status now;
    int since_shown = STATUS_MS;
    uint32_t told = PLAYER_NO_TRACK; /* the track whose line was written */

    player_play(play->player, 1, 0.0);
    for (;;) {
        int key = terminal_key(play->terminal, KEY_MS);

        since_shown = key != KEY_NONE ? STATUS_MS : since_shown + KEY_MS;
        if (terminal_interrupted(play->terminal) != 0 ||
            (key != KEY_NONE && !take_key(play, key))) {
            return EXIT_DONE;
        }
        player_read_status(play->player, &now);
        if (now.state == PLAYER_STOPPED) {
            return now.ended && now.played > 0 ? EXIT_DONE : EXIT_FAILED;
        }
        if (terminal_shows(play->terminal) && now.device_open && now.state == PLAYER_PLAYING &&
            told != now.id) {
            told = now.id;
            play_status_track(&now, play->context->log);
        }
        if (since_shown >= STATUS_MS) {
            play_status_show(play->status, play->terminal, &now);
            since_shown = 0;
        }
    }
}

static int run_player(struct play *play, const struct command_line *line,
                      const struct player_settings *settings)
{
    size_t tracks = 0;
    int status, signal_number = 0;

    play->terminal = terminal_open(play->context->log, play->quiet);
    play->player = play->terminal != NULL ? player_create(settings, play->context->log) : NULL;
    play->list = play_list_create();
    play->presets = configure_presets(play->context);
    play->status = play->player != NULL ? play_status_create(play->player) : NULL;
    if (play->status == NULL || play->list == NULL || play->presets == NULL) {
        status =
            command_fail(play->context, "the player could not be made: out of memory or threads");
    } else {
        status = fill_list(play, line, &tracks);
    }
    if (status == EXIT_DONE) {
        const struct player_list list = play_list_for_player(play->list);

        player_set_list(play->player, &list);
        player_tap_enable(play->player, terminal_shows(play->terminal));
        play_status_hint(play->terminal, play->context->log);
        status = play_to_end(play);
    }
    player_destroy(play->player);
    play_list_destroy(play->list);
    presets_destroy(play->presets);
    play_status_destroy(play->status);
    if (play->terminal != NULL) {
        signal_number = terminal_interrupted(play->terminal);
    }
    terminal_close(play->terminal);
    if (signal_number == SIGINT) {
        command_interrupted(signal_number); /* does not come back */
    }
    return status;
}

static int run(struct command_context *context, const struct command_line *line)
{
    struct play play = {.context = context};
    struct player_settings settings = {0};
    int status = take_words(&play, line);

    if (status == EXIT_DONE) {
        status = read_settings(&play, &settings);
    }
    if (status == EXIT_DONE) {
        settings.cache = configure_cache(context);
        status = run_player(&play, line, &settings);
        cache_close(settings.cache);
    }
    for (size_t i = 0; i < play.given.count; i++) {
        free((char *)(uintptr_t)play.given.paths[i]);
    }
    return status;
}

static const struct command_option options[] = {
    {'r', "reference", "REF[:WEIGHT]", "the track to sound like; several are averaged"},
    {'D', "device", "DEVICE", "an ALSA device, \"clock\", or \"clock:FILE[,FORMAT]\""},
    {KEY_ORIGINAL, "original", NULL, "begin with the original (A brings the match in)"},
    {KEY_PRESET, "preset", "NAME", "a preset of presets.ini"},
    {KEY_WAIT, "wait", NULL, "begin only when the match is ready, however long it takes"},
    {'q', "quiet", NULL, "no status line"},
    {0, NULL, NULL, NULL},
};

const struct command command_play = {
    "play",
    "PATH... [-r REF[:WEIGHT]]... [-D DEVICE] [--original] [--preset NAME] [--wait] [-q]",
    "play files, folders and playlists, made to sound like a reference",
    "A playlist's own reference (a line #MATCHPLAY-REFERENCE:1.0,PATH in it) holds for its\n"
    "tracks; for all others -r does, then matchplayrc's.\n"
    "Keys: space or c pause, A matched or original, w equal loudness, h l or arrows seek\n"
    "(left right 5 s, down up 60 s), z b previous and next track, q quit.",
    options,
    run,
};
