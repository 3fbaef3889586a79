#!/usr/bin/env bash
# serve_music.sh - the small library that scripts play: two artists, two albums, a stray track, one
# cover, one picture. Sourced after serve_support.sh.

# Six tracks, 8 s each but the last.
music_make() {
    local title number=0
    for title in Amber Birch; do
        number=$((number + 1))
        track "Blue Hour/Dusk/0$number $title.flac" mix.flac $((number * 8)) 8 \
            "artist=Blue Hour" "album_artist=Blue Hour" album=Dusk title=$title track=$number \
            date=1971-03-02 genre=Jazz
    done
    number=0
    for title in Chalk Dune Ember; do
        number=$((number + 1))
        track "Grey Mill/Ledger/0$number $title.flac" ambient.flac $((number * 3)) 6 \
            "artist=Grey Mill" "album_artist=Grey Mill" album=Ledger title=$title track=$number \
            date=1994 genre=Ambient
    done
    track "Sundry/Flint.flac" mono.flac 0 8 "artist=Ann Other" title=Flint genre=Noise \
        "mood=Grey skies"
    ffmpeg -v error -y -f lavfi -i mandelbrot=s=320x240 -frames:v 1 "$folder/cover.png" </dev/null
    cp "$folder/cover.png" "$music/Blue Hour/Dusk/cover.png"
    ffmpeg -v error -y -f lavfi -i testsrc=s=160x120 -frames:v 1 "$folder/picture.png" </dev/null
    ffmpeg -v error -y -i "$music/Sundry/Flint.flac" -i "$folder/picture.png" -map 0 -map 1 \
        -c copy -disposition:v attached_pic "$folder/pictured.flac" </dev/null
    mv "$folder/pictured.flac" "$music/Sundry/Flint.flac"
}
amber='Blue Hour/Dusk/01 Amber.flac'
birch='Blue Hour/Dusk/02 Birch.flac'
chalk='Grey Mill/Ledger/01 Chalk.flac'
dune='Grey Mill/Ledger/02 Dune.flac'
ember='Grey Mill/Ledger/03 Ember.flac'
flint='Sundry/Flint.flac'
