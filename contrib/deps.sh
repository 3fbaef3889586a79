#!/bin/sh
# deps.sh run|test|lint|peers|vm|neon - installs what building and playing, testing, reading the code, or
# comparing needs.
#
# run, test and lint ask the distribution's package manager (through sudo when you are not root)
# for what is missing, and do nothing when all is there. peers fetches the players and libraries
# that `make bench` compares with and unpacks them into build/peers: they are never installed,
# because their maintainer scripts would start services on your machine. vm unpacks a virtual machine
# with sound cards into build/vm (or $VM) in the same way, for `make vm`. neon installs a compiler and
# an emulator for 64-bit ARM, and unpacks ARM's libraries into build/neon/root, for `make neon`.
set -eu

die() {
    echo "deps.sh: $*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        die "this must be run as root, or with sudo installed: $*"
    fi
}

# --- Debian, Ubuntu and their kin ----------------------------------------------------------------

apt_run="gcc make pkg-config libc6-dev libasound2-dev libavformat-dev libavcodec-dev libavutil-dev
         libswresample-dev libfftw3-dev libiniparser-dev libebur128-dev libuv1-dev
         libsqlite3-dev libutf8proc-dev libncurses-dev libmpdclient-dev"
apt_test="libcmocka-dev ffmpeg lame wavpack jackd2 libasound2-plugins tmux python3 binutils time
          mpc ncmpcpp"
apt_lint="clang clang-tidy clang-format cppcheck"
apt_neon="gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user"
arm_neon="libcmocka0 libcmocka-dev libfftw3-double3 libfftw3-single3 libfftw3-dev libebur128-1
          libebur128-dev"
apt_peers="mpd mpc ncmpcpp cmus jackd2 libzita-convolver-dev libzita-convolver4"

apt_missing() {
    for package in "$@"; do
        state=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) || state=
        [ "$state" = "install ok installed" ] || echo "$package"
    done
}

# apt-get's lists may be missing or too old to fetch from: only then are they read anew.
apt_try() {
    "$@" || {
        as_root apt-get -q update
        "$@"
    }
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -q install -y --no-install-recommends "$@"
}

apt_get() {
    missing=$(apt_missing "$@")
    [ -n "$missing" ] || return 0
    echo "deps.sh: installing" $missing
    apt_try apt_install $missing || die "apt-get could not install:" $missing
}

# What installing the packages would bring in, by apt's own reckoning: nothing is installed.
apt_closure() {
    apt-get -s -y --no-install-recommends install "$@" 2>/dev/null | sed -n 's/^Inst \([^ ]*\) .*/\1/p'
}

apt_download() {
    (cd build/peers/deb && apt-get -q download "$@")
}

apt_peers() {
    command -v dpkg >/dev/null 2>&1 || die "peers are unpacked with dpkg, which is not here"
    mkdir -p build/peers/deb
    stamp=build/peers/.unpacked
    [ "$(cat "$stamp" 2>/dev/null)" != "$apt_peers" ] || return 0
    apt-cache show mpd >/dev/null 2>&1 || as_root apt-get -q update
    apt_get g++ # zita-convolver is C++; a compiler starts no service
    wanted=$(printf '%s\n' $apt_peers $(apt_closure $apt_peers) | sort -u)
    apt_try apt_download $wanted || die "apt-get could not download:" $wanted
    for file in build/peers/deb/*.deb; do
        dpkg -x "$file" build/peers
    done
    echo "$apt_peers" >"$stamp"
    echo "deps.sh: peers are unpacked in build/peers"
}

# ARM's packages, from lists of their own: dpkg is told nothing of another architecture.
arm_download() {
    options="-q -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o Dir::State=$PWD/apt
             -o Dir::State::status=/dev/null -o Dir::Cache=$PWD/apt/cache -o APT::Sandbox::User=root"
    mkdir -p apt/lists/partial apt/cache/archives/partial
    apt-get $options update && apt-get $options download "$@"
}

apt_neon() {
    root=build/neon/root
    apt_get $apt_neon
    [ "$(cat "$root/.unpacked" 2>/dev/null)" != "$arm_neon" ] || return 0
    mkdir -p "$root/deb"
    (cd "$root/deb" && arm_download $arm_neon) || die "apt-get could not download for arm64:" $arm_neon
    for file in "$root"/deb/*.deb; do
        dpkg -x "$file" "$root"
    done
    rm -r "$root/deb"
    echo "$arm_neon" >"$root/.unpacked"
}

# --- others: untried -------------------------------------------------------------------------------

untried() {
    echo "deps.sh: $1 is untried; tell us how it went" >&2
    shift
    as_root "$@"
}

others_run() {
    if command -v dnf >/dev/null 2>&1; then
        untried dnf dnf install -y gcc make pkgconf-pkg-config alsa-lib-devel ffmpeg-devel \
            fftw-devel iniparser-devel libebur128-devel
    elif command -v pacman >/dev/null 2>&1; then
        untried pacman pacman -S --needed --noconfirm gcc make pkgconf alsa-lib ffmpeg fftw \
            iniparser libebur128
    elif command -v apk >/dev/null 2>&1; then
        untried apk apk add gcc make musl-dev pkgconf alsa-lib-dev ffmpeg-dev fftw-dev \
            iniparser-dev libebur128-dev
    else
        die "no apt-get, dnf, pacman or apk here; README lists the libraries to install by hand"
    fi
}

others_test() {
    others_run
    if command -v dnf >/dev/null 2>&1; then
        untried dnf dnf install -y libcmocka-devel ffmpeg lame wavpack \
            jack-audio-connection-kit-example-clients alsa-plugins-jack tmux python3 binutils
    elif command -v pacman >/dev/null 2>&1; then
        untried pacman pacman -S --needed --noconfirm cmocka lame wavpack jack2 alsa-plugins tmux \
            python binutils
    else
        untried apk apk add cmocka-dev ffmpeg lame wavpack jack alsa-plugins-jack tmux python3 binutils
    fi
}

others_lint() {
    others_run
    if command -v dnf >/dev/null 2>&1; then
        untried dnf dnf install -y clang clang-tools-extra cppcheck
    elif command -v pacman >/dev/null 2>&1; then
        untried pacman pacman -S --needed --noconfirm clang cppcheck
    else
        untried apk apk add clang clang-extra-tools cppcheck
    fi
}

cd "$(dirname "$0")/.."
case "${1:-}" in
run)
    if command -v apt-get >/dev/null 2>&1; then apt_get $apt_run; else others_run; fi
    ;;
test)
    if command -v apt-get >/dev/null 2>&1; then apt_get $apt_run $apt_test; else others_test; fi
    ;;
lint)
    if command -v apt-get >/dev/null 2>&1; then apt_get $apt_run $apt_lint; else others_lint; fi
    ;;
peers)
    apt_peers
    ;;
neon)
    command -v apt-get >/dev/null 2>&1 || die "ARM's libraries are fetched with apt-get, not here"
    apt_neon
    ;;
vm)
    command -v dpkg >/dev/null 2>&1 || die "the virtual machine is unpacked with dpkg, not here"
    if [ ! -e "${VM:-build/vm}/initrd.gz" ]; then
        apt_try tests/vm/fetch || die "the virtual machine could not be fetched"
        tests/vm/build-initrd
    fi
    ;;
*)
    echo "usage: contrib/deps.sh run|test|lint|peers|vm|neon" >&2
    exit 2
    ;;
esac
