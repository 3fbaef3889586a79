#!/usr/bin/env bash
# e2e_check_floors - contrib/check-floors sees each way to break the house.
set -u
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT

# house: a small one in which all is well
house() {
    rm -rf "$folder/house"
    mkdir -p "$folder"/house/{src/{base,dsp,config,media,chain,output},tui,tests}
    echo >"$folder/house/src/base/ring.h"
    printf '#include "base/ring.h"\n' >"$folder/house/src/dsp/fft.h"
    printf '#include "dsp/fft.h"\n#include <fftw3.h>\n' >"$folder/house/src/dsp/fft.c"
    printf '#include "dsp/fft.h"\n' >"$folder/house/src/chain/chain.h"
    printf '#include <libavformat/avformat.h>\n' >"$folder/house/src/media/decoder.c"
    printf '#include <alsa/asoundlib.h>\n' >"$folder/house/src/output/alsa.c"
    printf '#include "output/alsa.h"\n#include "base/ring.h"\n' >"$folder/house/src/main.c"
    echo >"$folder/house/src/output/alsa.h"
    echo >"$folder/house/src/config/paths.h"
    echo >"$folder/house/tui/tui.h"
    printf '#include "config/paths.h"\n#include "tui/tui.h"\n#include <curses.h>\n' \
        >"$folder/house/tui/tui.c"
}

# sees NAME FILE LINE: with LINE added to FILE, the check fails and names the file
sees() {
    local output
    house
    printf '%s\n' "$3" >>"$folder/house/$2"
    if output=$(contrib/check-floors "$folder/house"); then
        echo "not ok $1: it passed"
    elif ! grep -q "^$2:[0-9]*: " <<<"$output"; then
        echo "not ok $1: $2 is not named: $output"
    else
        echo "ok $1"
    fi
}

house
if output=$(contrib/check-floors "$folder/house"); then
    echo "ok passes_a_house_in_order"
else
    echo "not ok passes_a_house_in_order: $output"
fi
sees sees_an_include_up_the_house src/base/ring.h '#include "chain/chain.h"'
sees sees_an_include_up_by_one_floor src/dsp/fft.h '#  include "chain/chain.h"'
sees sees_src_that_includes_tui src/main.c '#include "tui/tui.h"'
sees sees_tui_that_includes_sound tui/tui.c '#include "dsp/fft.h"'
sees sees_an_include_that_leads_nowhere src/main.c '#include "base/gone.h"'
sees sees_an_include_by_dots src/dsp/fft.c '#include "../base/ring.h"'
sees sees_ffmpeg_outside_media src/chain/chain.h '#include <libavutil/frame.h>'
sees sees_alsa_outside_output src/main.c '#include <alsa/asoundlib.h>'
sees sees_curses_outside_the_one_file tui/tui.h '#include <ncursesw/curses.h>'
sees sees_sqlite_outside_the_library src/media/decoder.c '#include <sqlite3.h>'
sees sees_a_file_past_500_lines src/dsp/fft.c "$(printf '/*\n%.0s' {1..500}) */"

house
mkdir "$folder/house/src/attic"
echo >"$folder/house/src/attic/box.c"
if contrib/check-floors "$folder/house" >/dev/null; then
    echo "not ok sees_a_folder_without_a_floor: it passed"
else
    echo "ok sees_a_folder_without_a_floor"
fi
