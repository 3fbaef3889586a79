/* actions.c - the table of what a person can do, and the keys it has by default. */
#include "tui/keys.h"

#include <string.h>

static const struct action_entry entries[] = {
    {ACTION_PLAY, "play", "x", "Playing", "play, from the track's beginning"},
    {ACTION_PAUSE, "pause", "c", "Playing", "pause, and go on where it was"},
    {ACTION_STOP, "stop", "v", "Playing", "stop"},
    {ACTION_NEXT, "next", "b", "Playing", "next track"},
    {ACTION_PREVIOUS, "previous", "z", "Playing", "previous track"},
    {ACTION_NEXT_ALBUM, "next-album", "B", "Playing", "next album of the queue"},
    {ACTION_PREVIOUS_ALBUM, "previous-album", "Z", "Playing", "previous album of the queue"},
    {ACTION_SEEK_BACK, "seek-back", "h left", "Playing", "5 s back"},
    {ACTION_SEEK_ON, "seek-on", "l right", "Playing", "5 s on"},
    {ACTION_SEEK_BACK_FAR, "seek-back-far", ",", "Playing", "1 min back"},
    {ACTION_SEEK_ON_FAR, "seek-on-far", ".", "Playing", "1 min on"},
    {ACTION_LOUDER, "louder", "+ =", "Playing", "volume up"},
    {ACTION_QUIETER, "quieter", "-", "Playing", "volume down"},
    {ACTION_RANDOM, "random", "s", "Playing", "random order on or off"},
    {ACTION_REPEAT, "repeat", "r", "Playing", "repeat the queue, or not"},
    {ACTION_REPEAT_CURRENT, "repeat-current", "^R", "Playing", "repeat this track, or not"},
    {ACTION_CONTINUE, "continue", "C", "Playing", "stop after each track, or go on"},

    {ACTION_AB, "match-ab", "A", "The match", "matched or original"},
    {ACTION_HEAR_REFERENCE, "hear-reference", "H", "The match", "hear the reference itself"},
    {ACTION_EQUAL_LOUDNESS, "equal-loudness", "w", "The match",
     "original and matched equally loud, or at their true level"},
    {ACTION_MAKE_REFERENCE, "make-reference", "R", "The match",
     "the selected track becomes the reference (of what, is asked)"},
    {ACTION_ADD_REFERENCE, "add-reference", "W", "The match",
     "the selected track becomes one more reference, beside those that hold"},
    {ACTION_CLEAR_REFERENCE, "clear-reference", "X", "The match",
     "takes a reference away (of what, is asked)"},
    {ACTION_AMOUNT_LESS, "amount-less", "<", "The match",
     "view 8: less of the selected amount or weight; preset before"},
    {ACTION_AMOUNT_MORE, "amount-more", ">", "The match",
     "view 8: more of the selected amount or weight; next preset"},
    {ACTION_SAVE_PRESET, "save-preset", "S", "The match", "save what holds as a preset"},
    {ACTION_ABX, "abx", "T", "The match", "blind test of original against matched"},
    {ACTION_METERS, "status-meters", "V", "The match", "meters in the status lines, or not"},

    {ACTION_DOWN, "down", "j down", "Moving", "one line down"},
    {ACTION_UP, "up", "k up", "Moving", "one line up"},
    {ACTION_PAGE_DOWN, "page-down", "^F page-down", "Moving", "one page down"},
    {ACTION_PAGE_UP, "page-up", "^B page-up", "Moving", "one page up"},
    {ACTION_HALF_DOWN, "half-page-down", "^D", "Moving", "half a page down"},
    {ACTION_HALF_UP, "half-page-up", "^U", "Moving", "half a page up"},
    {ACTION_SCROLL_DOWN, "scroll-down", "^E", "Moving", "scroll one line down"},
    {ACTION_SCROLL_UP, "scroll-up", "^Y", "Moving", "scroll one line up"},
    {ACTION_TOP, "top", "g home", "Moving", "to the first line"},
    {ACTION_BOTTOM, "bottom", "G end", "Moving", "to the last line"},
    {ACTION_OTHER_PANE, "other-pane", "tab", "Moving", "to the other pane"},
    {ACTION_TOGGLE, "toggle", "space", "Moving", "unfold, or mark for e E y D p P; view 9: pause"},
    {ACTION_ACTIVATE, "activate", "enter", "Moving", "play what is selected; open; set"},
    {ACTION_BACK, "back", "backspace", "Moving", "view 5: to the folder above"},
    {ACTION_GO_TO_CURRENT, "go-to-current", "i", "Moving", "to the track that is heard"},
    {ACTION_FOLLOW, "follow", "f", "Moving", "selection goes to each new track, or not"},
    {ACTION_SEARCH, "search", "/", "Moving", "search forwards, as you type"},
    {ACTION_SEARCH_BACK, "search-back", "?", "Moving", "search backwards"},
    {ACTION_SEARCH_NEXT, "search-next", "n", "Moving", "next hit"},
    {ACTION_SEARCH_PREVIOUS, "search-previous", "N", "Moving", "previous hit"},

    {ACTION_QUEUE, "queue", "e", "Queue and playlists", "add to the queue's end"},
    {ACTION_QUEUE_FIRST, "queue-next", "E", "Queue and playlists", "play after this track"},
    {ACTION_TO_PLAYLIST, "add-to-playlist", "y", "Queue and playlists",
     "add to the playlist marked in view 3"},
    {ACTION_TO_LIBRARY, "add-to-library", "a", "Queue and playlists",
     "view 5: read this folder into the library now"},
    {ACTION_REMOVE, "remove", "D delete", "Queue and playlists",
     "remove from the queue or playlist, or a reference in view 8"},
    {ACTION_MOVE_AFTER, "move-after", "p", "Queue and playlists",
     "move what is marked after the selected row, a module on"},
    {ACTION_MOVE_BEFORE, "move-before", "P", "Queue and playlists",
     "move what is marked before the selected row, a module back"},

    {ACTION_VIEW_LIBRARY, "view-library", "1", "Views", "artists and albums, and their tracks"},
    {ACTION_VIEW_SORTED, "view-sorted", "2", "Views", "all tracks in one list"},
    {ACTION_VIEW_PLAYLISTS, "view-playlists", "3", "Views", "playlists"},
    {ACTION_VIEW_QUEUE, "view-queue", "4", "Views", "the queue"},
    {ACTION_VIEW_FILES, "view-files", "5", "Views", "files and folders"},
    {ACTION_VIEW_FILTERS, "view-filters", "6", "Views", "saved filters"},
    {ACTION_VIEW_SETTINGS, "view-settings", "7", "Views", "settings"},
    {ACTION_VIEW_REFERENCE, "view-reference", "8", "Views", "the reference and what it does"},
    {ACTION_VIEW_METERS, "view-meters", "9", "Views", "meters"},
    {ACTION_VIEW_LOG, "view-log", "0", "Views", "messages"},
    {ACTION_HELP, "help", "F1", "Views", "help"},

    {ACTION_COMMAND, "command", ":", "The rest", "a command; tab completes it"},
    {ACTION_FILTER, "filter", "F L", "The rest", "save a filter for view 6 (begins :filter)"},
    {ACTION_REMAINING_TIME, "remaining-time", "t", "The rest", "time left, or time played"},
    {ACTION_RESCAN, "rescan", "u", "The rest", "read the music folder anew"},
    {ACTION_RESCAN_SELECTED, "rescan-selected", "U", "The rest", "read the selected track anew"},
    {ACTION_REDRAW, "redraw", "^L", "The rest", "draw the screen anew"},
    {ACTION_LEAVE, "leave", "q", "The rest", "leave; the music goes on"},
    {ACTION_QUIT, "quit", "Q", "The rest", "stop the music and quit (asks)"},
    {ACTION_NOT_HERE, "not-here", "m M o ! [ ] { } I ^C", "The rest",
     "keys of cmus that have no meaning here"},
};

const struct action_entry *action_at(size_t index)
{
    return index < sizeof entries / sizeof entries[0] ? &entries[index] : NULL;
}

/* Names in matchplayrc are written with _, and those of actions with -: both are the same here. */
static bool same_name(const char *one, const char *other)
{
    while (*one != '\0' && (*one == '_' ? '-' : *one) == (*other == '_' ? '-' : *other)) {
        one++;
        other++;
    }
    return *one == *other;
}

const struct action_entry *action_named(const char *name)
{
    for (size_t i = 0; action_at(i) != NULL; i++) {
        if (same_name(entries[i].name, name)) {
            return &entries[i];
        }
    }
    return NULL;
}

const struct action_entry *action_entry(enum action action)
{
    for (size_t i = 0; action_at(i) != NULL; i++) {
        if (entries[i].action == action) {
            return &entries[i];
        }
    }
    return NULL;
}
