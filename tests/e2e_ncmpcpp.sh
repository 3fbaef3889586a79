#!/usr/bin/env bash
# e2e_ncmpcpp - Debian's ncmpcpp, unmodified, in a terminal of 80 x 24: browse, search, queue, play,
# seek, playlists, by its keys and what stands on its screen.
# shellcheck source=tests/serve_support.sh
. tests/serve_support.sh
# shellcheck source=tests/serve_music.sh
. tests/serve_music.sh
if ! command -v ncmpcpp >/dev/null; then
    echo "skip ncmpcpp: no ncmpcpp here; contrib/deps.sh test installs it"
    exit 0
fi
# shellcheck source=tests/tmux_support.sh
. tests/tmux_support.sh

starts() {
    mkdir -p "$XDG_CONFIG_HOME/ncmpcpp"
    cat >"$XDG_CONFIG_HOME/ncmpcpp/config" <<CONF
ncmpcpp_directory = $folder/home/ncmpcpp
lyrics_directory = $folder/home/lyrics
mpd_host = $MATCHPLAY_SOCKET
mpd_music_dir = $music
mouse_support = no
seek_time = 2
playlist_display_mode = classic
song_list_format = {%a - }{%t}|{%f}
startup_screen = browser
CONF
    terminal env TERM=screen-256color ncmpcpp
    sees it_connects_and_browses "Blue Hour"
}

browses() {
    keys Enter # the first folder; from then on the first line is the way back
    sees it_opens_a_folder Dusk
    keys Down Enter
    sees it_lists_songs "Blue Hour - Birch"
    keys Down Space # and goes on to the next line
    queued space_queues_a_song Amber
    keys Space
    queued the_next_one_too "Amber Birch"
    keys Home BSpace
    sees it_goes_back_up Dusk
    keys 4 # media library: artists, albums, songs
    sees its_media_library_lists_artists "Grey Mill"
    keys Down
    sees its_media_library_lists_albums Dusk
    keys Down
    sees another_artist_has_other_albums Ledger
}

searches() {
    keys 3
    sees its_search_engine_opens "Search"
    keys Enter # "Any"
    sleep 0.3
    keys -l flin
    keys Enter
    sleep 0.3
    keys End Up Enter # the line called Search
    sees it_finds_a_song "Ann Other - Flint"
}

plays() {
    keys 1
    sees the_queue_is_shown "Blue Hour - Amber"
    keys Home Enter
    wait_for 10 field_is state play status
    sees enter_plays "Playing"
    sees the_status_line_counts "/0:08"
    keys f f
    wait_for 10 seconds_are 4 8
    verdict seeking_goes_ahead "$(seconds_are 4 8 || field elapsed status)"
    sleep 0.6 # it takes any other key as the end of seeking
    keys p
    wait_for 10 field_is state pause status
    sees p_pauses "Paused"
    keys p
    wait_for 10 field_is state play status
    same p_plays_on "$(field state status)" play
    keys Home Enter # from the beginning
    wait_for 10 seconds_are 0 3
    keys '>'
    wait_for 10 field_is Title Birch currentsong
    same next_goes_on "$(field Title currentsong)" Birch
    keys '<'
    wait_for 10 field_is Title Amber currentsong
    same previous_goes_back "$(field Title currentsong)" Amber
    keys s
    wait_for 10 field_is state stop status
    same s_stops "$(field state status)" stop
    keys r
    wait_for 10 field_is repeat 1 status
    same r_repeats "$(field repeat status)" 1
}

stores() {
    keys S
    sleep 0.3
    keys -l evening
    keys Enter
    wait_for 10 test -e "$playlists/evening.m3u8" -o -e "$playlists/evening.m3u"
    keys 5
    sees a_saved_playlist_is_listed evening
    sees its_songs_are_shown Birch
    keys 1
    sleep 0.3
    keys c # clears, after a question
    sleep 0.3
    keys y
    queued the_queue_is_cleared ""
    keys 5
    sees the_playlists_are_back evening
    keys Enter
    queued enter_loads_the_playlist "Amber Birch"
}

music_make
settings '[output]' "device = clock"
player_start
library 6
starts
browses
plays
stores
searches
