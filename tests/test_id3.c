/* test_id3.c - ID3v2 and APE tags, as they stand in files. */
#include "media/id3.h"
#include "media/tags.h"

#include "media_fixtures.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stddef.h>

#include <cmocka.h>

/* A file that is being put together: a tag, then sound. */
struct making {
    unsigned char bytes[262144];
    size_t size;
};

static void put(struct making *making, const void *bytes, size_t size)
{
    assert_true(making->size + size <= sizeof making->bytes);
    memcpy(making->bytes + making->size, bytes, size);
    making->size += size;
}

static void put_size(struct making *making, size_t size, unsigned bits)
{
    unsigned mask = (1U << bits) - 1;
    unsigned char bytes[4] = {(unsigned char)(size >> (3 * bits) & mask),
                              (unsigned char)(size >> (2 * bits) & mask),
                              (unsigned char)(size >> bits & mask), (unsigned char)(size & mask)};

    put(making, bytes, 4);
}

/* A frame of 2.3 (bits 8) or 2.4 (bits 7). */
static void put_frame(struct making *making, const char *id, unsigned bits, const void *content,
                      size_t size)
{
    put(making, id, 4);
    put_size(making, size, bits);
    put(making, "\0\0", 2);
    put(making, content, size);
}

#define FRAME(making, id, bits, text) put_frame(making, id, bits, text, sizeof(text) - 1)

/* The frames with a header before them and sound behind; its tags. */
static void read_back(void **state, const struct making *frames, unsigned version, unsigned flags,
                      struct tags *tags)
{
    struct making *file = calloc(1, sizeof *file);
    unsigned char head[6] = {'I', 'D', '3', (unsigned char)version, 0, (unsigned char)flags};
    char path[FIXTURE_PATH_SIZE];
    unsigned char *sound;
    size_t size;

    assert_non_null(file);
    put(file, head, sizeof head);
    put_size(file, frames->size, 7);
    put(file, frames->bytes, frames->size);
    sound = fixture_read_bytes(fixture_path(path, state, "plain.mp3"), &size);
    put(file, sound, size);
    free(sound);
    fixture_write_bytes(fixture_path(path, state, "made.mp3"), file->bytes, file->size);
    free(file);
    assert_int_equal(tags_read(tags, path, NULL), 0);
    assert_string_equal(tags->codec, "MP3");
    assert_int_equal(tags->rate_hz, 44100);
    assert_true(tags->duration_s > 0.4 && tags->duration_s < 0.6);
}

static int make_sound(void **state)
{
    if (fixtures_make_folder(state) != 0) {
        return -1;
    }
    fixture_run(state, "ffmpeg -nostdin -v error -y -f lavfi -i sine=d=0.5:r=44100 -c:a libmp3lame "
                       "-id3v2_version 0 plain.mp3");
    return 0;
}

static void assert_values(const struct tags *tags, enum tag kind, const char *wanted)
{
    char have[512] = "";

    for (size_t i = 0; tags_get(tags, kind, i) != NULL; i++) {
        snprintf(have + strlen(have), sizeof have - strlen(have), "%s%s", i > 0 ? "|" : "",
                 tags_get(tags, kind, i));
    }
    if (strcmp(have, wanted) != 0) {
        fail_msg("%s: %s instead of %s", tag_name(kind), have, wanted);
    }
}

static void reads_several_values_of_version_4(void **state)
{
    struct making *frames = calloc(1, sizeof *frames);
    struct tags tags;

    assert_non_null(frames);
    FRAME(frames, "TPE1", 7, "\3One\0Tw\xc3\xb6\0Three");
    FRAME(frames, "TCON", 7,
          "\3"
          "17\0Jazz\0(4)Eurodisco\0(8)(9)");
    FRAME(frames, "TPE3", 7, "\3Karajan");
    FRAME(frames, "TXXX", 7, "\3PERFORMER\0Perf");
    FRAME(frames, "TMCL", 7, "\3violin\0Mutter\0piano\0Someone");
    FRAME(frames, "TXXX", 7, "\3MusicBrainz Album Id\0mb-album");
    FRAME(frames, "UFID", 7, "http://musicbrainz.org\0f27ec8db-af05-4f36-916e-3d57f91ecf5e");
    FRAME(frames, "UFID", 7, "http://elsewhere\0x");
    FRAME(frames, "COMM", 7, "\3eng\0hello");
    FRAME(frames, "COMM", 7, "\3engiTunNORM\0 00000318");
    FRAME(frames, "TDRC", 7,
          "\3"
          "2004-05-06");
    FRAME(frames, "TDOR", 7,
          "\3"
          "1999");
    FRAME(frames, "TXXX", 7, "\3replaygain_track_gain\0-3.2 dB");
    read_back(state, frames, 4, 0, &tags);
    assert_values(&tags, TAG_ARTIST, "One|Twö|Three");
    assert_values(&tags, TAG_GENRE, "Rock|Jazz|Disco|Eurodisco|Metal");
    assert_values(&tags, TAG_CONDUCTOR, "Karajan");
    assert_values(&tags, TAG_PERFORMER, "Perf|Mutter (violin)|Someone (piano)");
    assert_values(&tags, TAG_MUSICBRAINZ_ALBUM, "mb-album");
    assert_values(&tags, TAG_MUSICBRAINZ_TRACK, "f27ec8db-af05-4f36-916e-3d57f91ecf5e");
    assert_values(&tags, TAG_COMMENT, "hello");
    assert_values(&tags, TAG_DATE, "2004-05-06");
    assert_values(&tags, TAG_ORIGINAL_DATE, "1999");
    assert_true(tags.track_gain_db == -3.2);
    tags_finish(&tags);
    free(frames);
}

static void reads_utf16_and_latin1_of_version_3(void **state)
{
    struct making *frames = calloc(1, sizeof *frames);
    struct tags tags;

    assert_non_null(frames);
    FRAME(frames, "TIT2", 8, "\1\xff\xfeT\0\xef\0\x34\xd8\x1e\xdd\0\0");
    FRAME(frames, "TALB", 8, "\1\xfe\xff\0A\0\xe9");
    FRAME(frames, "TPE1", 8, "\0caf\xe9");
    FRAME(frames, "TPE2", 8, "\0really UTF-8: \xc3\xa9");
    FRAME(frames, "TYER", 8,
          "\0"
          "1987");
    FRAME(frames, "TRCK", 8,
          "\0"
          "3/12");
    read_back(state, frames, 3, 0, &tags);
    assert_values(&tags, TAG_TITLE, "Tï𝄞");
    assert_values(&tags, TAG_ALBUM, "Aé");
    assert_values(&tags, TAG_ARTIST, "café");
    assert_values(&tags, TAG_ALBUM_ARTIST, "really UTF-8: é");
    assert_values(&tags, TAG_DATE, "1987");
    assert_values(&tags, TAG_TRACK, "3/12");
    tags_finish(&tags);
    free(frames);
}

static void passes_over_a_large_picture(void **state)
{
    struct making *frames = calloc(1, sizeof *frames);
    char *picture = calloc(1, 100000);
    struct tags tags;

    assert_non_null(frames);
    assert_non_null(picture);
    FRAME(frames, "TIT2", 7, "\3Before");
    put_frame(frames, "APIC", 7, picture, 100000);
    FRAME(frames, "TPE1", 7, "\3Behind");
    read_back(state, frames, 4, 0, &tags);
    assert_values(&tags, TAG_TITLE, "Before");
    assert_values(&tags, TAG_ARTIST, "Behind");
    tags_finish(&tags);
    free(picture);
    free(frames);
}

static void reads_sizes_as_old_programs_wrote_them(void **state)
{
    struct making *frames = calloc(1, sizeof *frames);
    char text[301] = "\3";
    struct tags tags;

    assert_non_null(frames);
    memset(text + 1, 'x', sizeof text - 2);
    put_frame(frames, "TIT2", 8, text, 300); /* of version 4, but eight bits a byte */
    FRAME(frames, "TPE1", 7, "\3Behind");
    read_back(state, frames, 4, 0, &tags);
    assert_int_equal(strlen(tags_first(&tags, TAG_TITLE)), 299);
    assert_values(&tags, TAG_ARTIST, "Behind");
    tags_finish(&tags);
    free(frames);
}

static void undoes_unsynchronisation(void **state)
{
    struct making *frames = calloc(1, sizeof *frames);
    struct tags tags;

    assert_non_null(frames);
    put(frames,
        "TIT2\0\0\0\7\0\0\1\xff\0\xfe"
        "A\0B\0",
        18); /* ff fe was told apart by a 0 */
    FRAME(frames, "TPE1", 8, "\0Behind");
    read_back(state, frames, 3, 128, &tags);
    assert_values(&tags, TAG_TITLE, "AB");
    assert_values(&tags, TAG_ARTIST, "Behind");
    tags_finish(&tags);
    free(frames);
}

static void survives_any_damage(void **state)
{
    struct making *frames = calloc(1, sizeof *frames), *broken = calloc(1, sizeof *broken);
    uint32_t random = 12345;

    assert_non_null(frames);
    assert_non_null(broken);
    FRAME(frames, "TPE1", 7, "\3One\0Two");
    FRAME(frames, "TIT2", 7, "\1\xff\xfeT\0");
    FRAME(frames, "TMCL", 7, "\3violin\0Mutter");
    FRAME(frames, "COMM", 7, "\3eng\0hello");
    FRAME(frames, "UFID", 7, "http://musicbrainz.org\0f27ec8db");
    for (int round = 0; round < 300; round++) {
        struct tags tags;

        *broken = *frames;
        for (int k = 0; k < 4; k++) {
            random = random * 1664525 + 1013904223;
            broken->bytes[(random >> 8) % broken->size] = (unsigned char)(random >> 24);
        }
        read_back(state, broken, 2 + (unsigned)round % 3, round % 5 == 0 ? 192 : 0, &tags);
        tags_finish(&tags);
    }
    free(frames);
    free(broken);
}

static void reads_ape_behind_the_sound(void **state)
{
    static const char items[] = "\6\0\0\0\0\0\0\0REPLAYGAIN_TRACK_GAIN\0-1.250"
                                "\7\0\0\0\0\0\0\0Artist\0One\0Two"
                                "\4\0\0\0\2\0\0\0Cover\0\1\2\3\4";
    char path[FIXTURE_PATH_SIZE];
    unsigned char footer[32] = "APETAGEX\xd0\7\0";
    struct making *file = calloc(1, sizeof *file);
    unsigned char *sound;
    struct tags tags;
    size_t size;

    assert_non_null(file);
    sound = fixture_read_bytes(fixture_path(path, state, "plain.mp3"), &size);
    put(file, sound, size);
    free(sound);
    put(file, items, sizeof items - 1);
    footer[12] = (unsigned char)(sizeof items - 1 + 32);
    footer[16] = 3;
    put(file, footer, 32);
    fixture_write_bytes(fixture_path(path, state, "ape.mp3"), file->bytes, file->size);
    assert_int_equal(tags_read(&tags, path, NULL), 0);
    assert_true(tags.track_gain_db == -1.25);
    assert_values(&tags, TAG_ARTIST, "One|Two");
    tags_finish(&tags);
    free(file);
}

static void knows_the_numbered_genres(void **state)
{
    (void)state;
    assert_string_equal(id3_genre(0), "Blues");
    assert_string_equal(id3_genre(79), "Hard Rock");
    assert_string_equal(id3_genre(80), "Folk");
    assert_string_equal(id3_genre(147), "Synthpop");
    assert_string_equal(id3_genre(191), "Psybient");
    assert_null(id3_genre(192));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_several_values_of_version_4),
        cmocka_unit_test(reads_utf16_and_latin1_of_version_3),
        cmocka_unit_test(passes_over_a_large_picture),
        cmocka_unit_test(reads_sizes_as_old_programs_wrote_them),
        cmocka_unit_test(undoes_unsynchronisation),
        cmocka_unit_test(survives_any_damage),
        cmocka_unit_test(reads_ape_behind_the_sound),
        cmocka_unit_test(knows_the_numbered_genres),
    };

    return cmocka_run_group_tests(tests, make_sound, fixtures_remove_folder);
}
