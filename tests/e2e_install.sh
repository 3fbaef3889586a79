#!/usr/bin/env bash
# e2e_install - what `make install` puts where, that it works from there, and the manual page.
set -u
build=${BUILD:-build}
data=$PWD/tests/data
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
root=$folder/root
page=$root/usr/share/man/man1/matchplay.1

verdict() { # NAME TROUBLE: none is good
    if [ -z "$2" ]; then echo "ok $1"; else echo "not ok $1: ${2//$'\n'/; }"; fi
}

# The programs are those that were built: -o keeps make from looking whether they are new.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL
if ! said=$(umask 077 && make -o all install BUILD="$build" PREFIX=/usr DESTDIR="$root" 2>&1); then
    echo "not ok it_is_installed: $said"
    exit 1
fi

wanted='755 usr/bin/matchplay
644 usr/lib/systemd/system/matchplay@.service
644 usr/lib/systemd/user/matchplay.service
755 usr/libexec/matchplay/matchplayd
644 usr/share/bash-completion/completions/matchplay
644 usr/share/fish/vendor_completions.d/matchplay.fish
644 usr/share/man/man1/matchplay.1
644 usr/share/matchplay/limits.conf
644 usr/share/matchplay/matchplayrc
644 usr/share/matchplay/presets.ini
644 usr/share/zsh/site-functions/_matchplay'
verdict programs_units_completions_settings_and_page_are_where_they_belong \
    "$(diff <(cd "$root" && find . -type f -printf '%m %P\n' | LC_ALL=C sort -k 2) \
        <(LC_ALL=C sort -k 2 <<<"$wanted"))"
verdict units_start_what_was_installed "$(grep -L '^ExecStart=/usr/libexec/matchplay/matchplayd ' \
    "$root"/usr/lib/systemd/*/*.service)"

# From there each program finds the other and what is shipped with it, wherever the tree stands.
matchplay=$root/usr/bin/matchplay
cd "$folder" || exit 1
verdict the_version_is_told "$("$matchplay" --version 2>&1 |
    grep -qxE 'matchplay [0-9.]+' || echo "it is not")"
verdict help_is_there "$("$matchplay" --help | grep -q 'matchplay match' || echo "no match in it")"
verdict the_shipped_presets_are_found \
    "$("$matchplay" match -q "$data/mono.flac" -r "$data/master.flac" --preset gentle -o out.wav 2>&1)"

# The page against what the programs say of themselves.
options() { # what stands there as one, a line each
    grep -oE -- '(^|[^a-zA-Z-])-(-[a-z][a-z-]+|[a-zA-Z]\b)' | sed 's/^[^-]*//' | LC_ALL=C sort -u
}
commands=$("$matchplay" --help | sed -n 's/^  matchplay \([a-z]*\) .*/\1/p')
verdict the_page_has_every_command \
    "$(for name in $commands; do grep -qE "^\.BR? .*\b$name\b" "$page" || echo "$name"; done)"
verdict the_page_has_every_option "$(LC_ALL=C comm -23 \
    <(for name in "" $commands; do "$matchplay" $name --help; done |
        sed -n 's/^ \( *-.*[^ ]\)  .*/\1/p' | options) \
    <(sed 's/\\f[A-Z]//g; s/\\-/-/g' "$page" | options))"
if command -v man >/dev/null; then
    verdict the_page_is_laid_out_without_a_warning \
        "$(LC_ALL=C.UTF-8 man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null)"
else
    echo "skip the_page_is_laid_out_without_a_warning: no man here"
fi
