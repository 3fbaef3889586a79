/* screen_act.c - what the actions do that are the same in every view. */
#include "tui/abx_panel.h"
#include "tui/albums.h"
#include "tui/reference.h"
#include "tui/scanning.h"
#include "tui/screen.h"
#include "tui/tracks.h"
#include "tui/views.h"

#include <stdio.h>
#include <string.h>

enum { SEEK_S = 5, SEEK_FAR_S = 60, VOLUME_STEP = 5 };

static void seek(struct screen *screen, int seconds)
{
    char text[16];

    snprintf(text, sizeof text, "%+d", seconds);
    screen_send(screen, "seekcur", text, NULL);
}

static void change_volume(struct screen *screen, int by)
{
    char text[16];
    int to = screen->state.volume + by;

    if (screen->state.volume < 0) {
        screen_say(screen, ROLE_WARNING,
                   "there is no volume to change: volume_control is none, or nothing plays");
        return;
    }
    to = to < 0 ? 0 : to > 100 ? 100 : to;
    screen->state.volume = to; /* the next key goes on from there, before the player has told */
    snprintf(text, sizeof text, "%d", to);
    screen_send(screen, "setvol", text, NULL);
}

static void play(struct screen *screen)
{
    char id[24];

    if (screen->state.id < 0) {
        screen_send(screen, "play", NULL);
        return;
    }
    snprintf(id, sizeof id, "%ld", screen->state.id);
    screen_send(screen, "playid", id, NULL);
}

static void pause(struct screen *screen)
{
    if (screen->state.playing == STATE_STOPPED) {
        screen_send(screen, "play", NULL);
    } else {
        screen_send(screen, "pause", screen->state.playing == STATE_PLAYING ? "1" : "0", NULL);
    }
}

static void set_repeat(struct screen *screen, bool on)
{
    if (screen->state.repeat != on) {
        screen->state.repeat = on; /* the next key goes on from there, as with the volume */
        screen_send(screen, "repeat", on ? "1" : "0", NULL);
    }
}

static void set_single(struct screen *screen, bool on)
{
    snprintf(screen->state.single, sizeof screen->state.single, on ? "1" : "0");
    screen_send(screen, "single", on ? "1" : "0", NULL);
}

/* The player has two switches where cmus has three: with single on, repeat says whether the track
   is heard again or the music stops. What repeat was before comes back afterwards. */
static void hold_track(struct screen *screen, bool again)
{
    bool held = screen->state.single[0] != '0';

    if (!screen->state.joined) {
        screen_say(screen, ROLE_ERROR, "the player is not there");
        return;
    }
    if (held && screen->state.repeat == again) {
        set_single(screen, false);
        set_repeat(screen,
                   screen->repeat_before >= 0 ? screen->repeat_before != 0 : screen->state.repeat);
        screen->repeat_before = -1;
        screen_say(screen, ROLE_TEXT, "the music goes on after this track");
        return;
    }
    if (!held || screen->repeat_before < 0) {
        screen->repeat_before = screen->state.repeat;
    }
    set_repeat(screen, again);
    set_single(screen, true);
    screen_say(screen, ROLE_TEXT,
               again ? "this track is heard again and again" : "the music stops after each track");
}

static void repeat_queue(struct screen *screen)
{
    if (screen->state.single[0] != '0' && screen->repeat_before >= 0) {
        screen->repeat_before = !screen->repeat_before;
        screen_say(screen, ROLE_TEXT, "the queue will %s once the track is not held any more",
                   screen->repeat_before != 0 ? "be repeated" : "not be repeated");
        return;
    }
    set_repeat(screen, !screen->state.repeat);
}

static bool act_playing(struct screen *screen, enum action action)
{
    const struct player_state *state = &screen->state;

    switch (action) {
    case ACTION_PLAY:
        play(screen);
        return true;
    case ACTION_PAUSE:
        pause(screen);
        return true;
    case ACTION_STOP:
        screen_send(screen, "stop", NULL);
        return true;
    case ACTION_NEXT:
        screen_send(screen, "next", NULL);
        return true;
    case ACTION_PREVIOUS:
        screen_send(screen, "previous", NULL);
        return true;
    case ACTION_NEXT_ALBUM:
        albums_skip(screen, 1);
        return true;
    case ACTION_PREVIOUS_ALBUM:
        albums_skip(screen, -1);
        return true;
    case ACTION_SEEK_BACK:
        seek(screen, -SEEK_S);
        return true;
    case ACTION_SEEK_ON:
        seek(screen, SEEK_S);
        return true;
    case ACTION_SEEK_BACK_FAR:
        seek(screen, -SEEK_FAR_S);
        return true;
    case ACTION_SEEK_ON_FAR:
        seek(screen, SEEK_FAR_S);
        return true;
    case ACTION_LOUDER:
        change_volume(screen, VOLUME_STEP);
        return true;
    case ACTION_QUIETER:
        change_volume(screen, -VOLUME_STEP);
        return true;
    case ACTION_RANDOM:
        screen_send(screen, "random", state->random ? "0" : "1", NULL);
        return true;
    case ACTION_REPEAT:
        repeat_queue(screen);
        return true;
    case ACTION_REPEAT_CURRENT:
        hold_track(screen, true);
        return true;
    case ACTION_CONTINUE:
        hold_track(screen, false);
        return true;
    default:
        return false;
    }
}

static void quit_answered(struct screen *screen, int key, void *context)
{
    (void)context;
    if (key == 'y') {
        screen_send(screen, "kill", NULL);
        screen->leave = true;
    }
}

static void not_here(struct screen *screen)
{
    screen_say(screen, ROLE_TEXT, "that key of cmus has no meaning here; F1 shows the keys");
}

/* The command line, with its beginning. */
static void open_command(struct screen *screen, const char *text)
{
    line_edit_set(&screen->command, text);
    screen->mode = SCREEN_COMMAND;
    presets_ask(screen); /* for its completion */
}

static void rescan(struct screen *screen)
{
    screen_send_told(screen, "reading the music folder anew", "update", NULL);
    scanning_tell_end(screen);
}

static void rescan_selected(struct screen *screen)
{
    struct view *view = screen_view(screen, screen->current);
    char uri[4096], said[SCREEN_MESSAGE_SIZE];

    if (view == NULL || view->class->selected == NULL ||
        !view->class->selected(view, uri, sizeof uri)) {
        screen_say(screen, ROLE_TEXT, "select a track first");
        return;
    }
    snprintf(said, sizeof said, "reading %s anew", path_name(uri));
    screen_send_told(screen, said, "update", uri, NULL);
    scanning_tell_end(screen);
}

static bool act_screen(struct screen *screen, enum action action)
{
    switch (action) {
    case ACTION_HELP:
        screen_show(screen, screen->current == VIEW_HELP ? screen->before_help : VIEW_HELP);
        return true;
    case ACTION_COMMAND:
        open_command(screen, "");
        return true;
    case ACTION_FILTER:
        open_command(screen, "filter ");
        return true;
    case ACTION_SEARCH:
        screen_search(screen, 1);
        return true;
    case ACTION_SEARCH_BACK:
        screen_search(screen, -1);
        return true;
    case ACTION_SEARCH_NEXT:
        screen_search_again(screen, 1);
        return true;
    case ACTION_SEARCH_PREVIOUS:
        screen_search_again(screen, -1);
        return true;
    case ACTION_METERS:
        screen->status_meters = !screen->status_meters;
        return true;
    case ACTION_REMAINING_TIME:
        screen->remaining = !screen->remaining;
        return true;
    case ACTION_FOLLOW:
        screen->follow = !screen->follow;
        screen_say(screen, ROLE_TEXT, "the selection %s what is heard",
                   screen->follow ? "follows" : "does not follow");
        return true;
    case ACTION_RESCAN:
        rescan(screen);
        return true;
    case ACTION_RESCAN_SELECTED:
        rescan_selected(screen);
        return true;
    case ACTION_REDRAW:
        screen->redraw = true;
        return true;
    case ACTION_LEAVE:
        screen->leave = true;
        return true;
    case ACTION_QUIT:
        screen_question(screen, "yn", quit_answered, NULL,
                        "stop the music and end the player? (y or n)");
        return true;
    case ACTION_NOT_HERE:
        not_here(screen);
        return true;
    default:
        return false;
    }
}

/* In view 8 the candidate that is selected is heard before it is chosen. */
static void hear_reference(struct screen *screen)
{
    struct view *view = screen_view(screen, screen->current);
    char uri[4096];

    if (screen->current == VIEW_REFERENCE && view != NULL && !screen->state.hears_reference &&
        view->class->selected(view, uri, sizeof uri)) {
        screen_send(screen, "match", "hear", "reference", uri, NULL);
    } else {
        screen_send(screen, "match", "hear", "toggle", NULL);
    }
}

static void add_to_playlist(struct screen *screen)
{
    struct view *view = screen_view(screen, screen->current);
    struct view *lists = screen_view(screen, VIEW_PLAYLISTS);
    const char *name = lists != NULL ? view_playlists_marked(lists) : NULL;

    if (name == NULL) {
        screen_say(screen, ROLE_TEXT, "mark a playlist in view 3 first (space there)");
    } else if (view == NULL || view->class->to_playlist == NULL ||
               !view->class->to_playlist(view, name)) {
        screen_say(screen, ROLE_TEXT, "select or mark what is to be added first");
    }
}

static void preset_named(struct screen *screen, const char *text, void *context)
{
    (void)context;
    if (text[0] != '\0') {
        screen_save_preset(screen, text);
    }
}

static bool act_match(struct screen *screen, enum action action)
{
    switch (action) {
    case ACTION_AB:
        screen_send(screen, "match", "ab", "toggle", NULL);
        return true;
    case ACTION_ABX:
        abx_panel_open(screen);
        return true;
    case ACTION_MAKE_REFERENCE:
        reference_make(screen);
        return true;
    case ACTION_ADD_REFERENCE:
        reference_add(screen);
        return true;
    case ACTION_SAVE_PRESET:
        screen_ask_text(screen, "save what holds as preset: ", "", preset_named, NULL);
        return true;
    case ACTION_CLEAR_REFERENCE:
        reference_clear(screen);
        return true;
    case ACTION_HEAR_REFERENCE:
        hear_reference(screen);
        return true;
    case ACTION_TO_PLAYLIST:
        add_to_playlist(screen);
        return true;
    case ACTION_EQUAL_LOUDNESS:
        screen_send(screen, "match", "loudness", "toggle", NULL);
        return true;
    default:
        return false;
    }
}

/* 1 to 9 and 0, as the views stand in the table of actions. */
static bool act_view(struct screen *screen, enum action action)
{
    if (action < ACTION_VIEW_LIBRARY || action > ACTION_VIEW_LOG) {
        return false;
    }
    screen_show(screen, (enum view_id)((int)action - (int)ACTION_VIEW_LIBRARY));
    return true;
}

void screen_act(struct screen *screen, enum action action)
{
    struct view *view = screen_view(screen, screen->current);

    screen_dirty(screen);
    if ((view != NULL && view->class->act != NULL && view->class->act(view, action)) ||
        act_view(screen, action) || act_playing(screen, action) || act_match(screen, action) ||
        act_screen(screen, action)) {
        return;
    }
    if (action == ACTION_TOGGLE && screen->current == VIEW_METERS) { /* it has no rows */
        pause(screen);
        return;
    }
    screen_say(screen, ROLE_TEXT, "%s does nothing in this view", action_entry(action)->name);
}
