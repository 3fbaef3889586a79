#!/usr/bin/env bash
# e2e_screen_terminals - the screen on other terminals, without colour, in LANG=C; tags that would
# move, paint or turn round a terminal; a terminal that nobody reads.
# shellcheck source=tests/serve_support.sh
. tests/serve_support.sh
# shellcheck source=tests/tmux_support.sh
. tests/tmux_support.sh
raw=$folder/raw # all that the screen sent

# One album, whose titles are those that a terminal could stumble over. What controls a terminal comes
# by names of files: of tags the player itself makes blanks.
nasty_music() {
    local number=0 title
    for title in $'Red\e[31m\e]0;owned\a\e[6n' $'Eight\u009b5mBit\u009d0;x\u009c' \
        $'Turn\u202eed\u2066round\u061c' 日本語の歌 $'Cafe\u0301 Noe\u0308l' مرحبا \
        $'Kin \U1f468\u200d\U1f469\u200d\U1f467 \u2764\ufe0f' $'Bell\bDel\x7fTab\tEnd'; do
        number=$((number + 1))
        track "Shelf/$number$title.flac" mono.flac $number 2 artist=Nasty album_artist=Nasty \
            album=Shelf track=$number "title=$title"
    done
}

# view_of TERM LOCALE [NAME=VALUE...]: view 2 there, after the help has filled all cells
view_of() {
    local type=$1 locale=$2
    shift 2
    : >"$raw"
    terminal "read -r _; env TERM=$type LC_ALL=$locale $* $build/matchplay 2>&1; echo LEFT; cat"
    $mux pipe-pane -t 0 "exec cat >>$raw"
    keys Enter
    sees "it_comes_up_on_${type//-/_}_$locale" Library
    keys ':view help' Enter
    wait_for 10 shows "from the track's beginning"
    keys ':view sorted' Enter
    wait_for 10 shows Turnedround
    sleep 0.2 # the rest of the rows
}

# And view 5 with the album's files.
files_of() {
    keys 5
    wait_for 10 shows Shelf/
    keys Enter
    wait_for 10 shows 3Turnedround
    sleep 0.2
}

# What no terminal of those here is ever told by the screen: titles, reports, blinking, turning.
foreign() {
    LC_ALL=C grep -oaE $'\e\]0|\a|\e\[6n|\e\[5m|\e\[31m\e\]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]|\xd8\x9c' \
        "$raw" | od -An -c
}

# The columns at which the album begins; characters of East Asia and emoji take two.
album_columns() {
    screen | python3 -c '
import sys, unicodedata
for line in sys.stdin:
    before, album, _ = line.partition(" Shelf")
    if album:
        print(sum(0 if unicodedata.category(c) in ("Mn", "Cf") else
                  2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in before))' |
        sort -u | paste -sd ' '
}

row_is() { # TITLE: it stands between blanks
    screen | sed 's/$/  /' | grep -qF -- " $1  "
}

is_readable() { # WHERE TITLE...
    local where=$1 title trouble=
    shift
    for title in "$@"; do
        row_is "$title" || trouble+="no $title; "
    done
    verdict "titles_are_readable_$where" "${trouble:+$trouble$(screen | sed -n 2,10p)}"
    verdict "nothing_in_a_tag_reaches_the_terminal_$where" "$(foreign)"
}

on_every_terminal() {
    local type
    for type in vt100 xterm xterm-256color screen-256color linux; do
        view_of $type C.UTF-8
        is_readable "on_$type" 'Red [31m ]0;owned  [6n' 'Eight 5mBit 0;x' Turnedround \
            日本語の歌 $'Cafe\u0301 Noe\u0308l' مرحبا 'Bell Del Tab End'
        same "columns_are_kept_on_$type" "$(album_columns | wc -w)" 1
        files_of
        is_readable "of_files_on_$type" '1Red?[31m?]0;owned??[6n.flac' '2Eight?5mBit?0;x?.flac' \
            3Turnedround.flac 4日本語の歌.flac 6مرحبا.flac '8Bell?Del?Tab End.flac'
        closes
        view_of $type C
        is_readable "on_${type}_in_LANG_C" 'Red [31m ]0;owned  [6n' 'Eight 5mBit 0;x' \
            Turnedround '? ? ? ? ?' 'Cafe Noel' '?????' 'Kin ?  ?' 'Bell Del Tab End'
        files_of
        is_readable "of_files_on_${type}_in_LANG_C" '1Red?[31m?]0;owned??[6n.flac' \
            '2Eight?5mBit?0;x?.flac' 3Turnedround.flac '4? ? ? ? ? .flac' '8Bell?Del?Tab End.flac'
        verdict "and_all_is_ASCII_on_$type" "$(LC_ALL=C grep -oa $'[\x80-\xff]*' "$raw" | head -n 3)"
        closes
    done
}

colours() {
    LC_ALL=C grep -oaE $'\e\[([0-9]+;)*([34][0-7]|[34]8;[0-9;]*)(;[0-9]+)*m' "$raw" | head -n 3
}

without_colour() {
    view_of xterm-256color C.UTF-8
    verdict there_are_colours "$([ -n "$(colours)" ] || echo none)"
    closes
    view_of xterm-256color C.UTF-8 NO_COLOR=1
    is_readable with_NO_COLOR Turnedround
    verdict and_without_any "$(colours | od -An -c)"
    keys Down
    sleep 0.3
    verdict what_is_selected_shows_by_other_means \
        "$(grep -qa $'\e\[[0-9;]*7m' "$raw" || echo nothing is reversed)"
    closes
}

refuses() { # TERM TEXT
    terminal "env TERM=$1 $build/matchplay; echo STATUS \$?; cat"
    sees "TERM_${1}_is_refused" "STATUS 1"
    same "TERM_${1}_in_one_line" "$(screen | grep -v STATUS | grep -c .)" 1
    verdict "TERM_${1}_is_named" "$(shows "TERM=$1 $2" || screen | grep .)"
    closes
}

settings '[output]' 'device = clock' '[tui]' 'meters_per_second = 10'
nasty_music
player_start
library 8
on_every_terminal
without_colour
refuses dumb "cannot move its cursor"
refuses nonesuch "is not known"
mp findadd '(file != "")' >/dev/null
mp repeat 1 >/dev/null
mp play 0 >/dev/null
python3 "$tools/unread.py" "$build/matchplay" "$MATCHPLAY_SOCKET"
