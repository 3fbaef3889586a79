/* test_tags.c - what files say about themselves, made clean. */
#include "media/tags.h"

#include "media/text.h"
#include "media_fixtures.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stddef.h>

#include <cmocka.h>

static void reads_the_tags_of_every_common_format(void **state)
{
    static const char *const names[] = {"t.flac", "t.mp3", "t.ogg", "t.opus", "t.m4a", "t.wv"};
    char path[FIXTURE_PATH_SIZE];

    fixture_write_wav(fixture_path(path, state, "t.wav"), 16, 2, 48000, 0, 48000);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct tags tags;

        fixture_run(state,
                    "ffmpeg -nostdin -v error -y -i t.wav -metadata title='Tïtle' -metadata "
                    "artist=Artist -metadata album=Album -metadata album_artist=Various -metadata "
                    "track=7/12 -metadata disc=2 %s",
                    names[i]);
        assert_int_equal(tags_read(&tags, fixture_path(path, state, names[i]), NULL), 0);
        assert_string_equal(tags_first(&tags, TAG_TITLE), "Tïtle");
        assert_string_equal(tags_first(&tags, TAG_ARTIST), "Artist");
        assert_string_equal(tags_first(&tags, TAG_ALBUM), "Album");
        assert_string_equal(tags_first(&tags, TAG_ALBUM_ARTIST), "Various");
        assert_int_equal(atoi(tags_first(&tags, TAG_TRACK)), 7);
        assert_int_equal(atoi(tags_first(&tags, TAG_DISC)), 2);
        tags_finish(&tags);
    }
}

static void leaves_empty_what_a_file_does_not_say(void **state)
{
    char path[FIXTURE_PATH_SIZE];
    struct tags tags;

    memset(&tags, 'x', sizeof tags);
    assert_int_equal(tags_read(&tags, fixture_path(path, state, "t.wav"), NULL), 0);
    assert_string_equal(tags_first(&tags, TAG_TITLE), "");
    assert_string_equal(tags_first(&tags, TAG_ARTIST), "");
    assert_string_equal(tags_first(&tags, TAG_TRACK), "");
    assert_string_equal(tags_first(&tags, TAG_DISC), "");
    tags_finish(&tags);
}

static void says_which_file_could_not_be_read(void **state)
{
    char path[FIXTURE_PATH_SIZE];
    struct media_error error;
    struct tags tags;

    assert_int_equal(tags_read(&tags, fixture_path(path, state, "nowhere.mp3"), &error), -ENOENT);
    assert_non_null(strstr(error.message, "nowhere.mp3: "));
    fixture_write_bytes(fixture_path(path, state, "x.ogg"), "no music", 8);
    assert_int_equal(tags_read(&tags, path, &error), -EINVAL);
}

static void says_what_the_sound_is(void **state)
{
    static const struct {
        const char *name, *options, *codec;
        uint32_t rate_hz, channels, bits;
        bool is_float;
    } cases[] = {
        {"s.flac", "-c:a flac -sample_fmt s32 -ar 96000", "FLAC", 96000, 2, 24, false},
        {"s.wav", "-c:a pcm_s24le", "PCM", 48000, 2, 24, false},
        {"f.wav", "-c:a pcm_f32le -ac 1", "PCM float", 48000, 1, 0, true},
        {"s.mp3", "-c:a libmp3lame -b:a 128k -ar 44100", "MP3", 44100, 2, 0, false},
        {"v.mp3", "-c:a libmp3lame -q:a 2 -ac 1", "MP3", 48000, 1, 0, false},
        {"n.mp3", "-c:a libmp3lame -b:a 128k -write_xing 0 -id3v2_version 0", "MP3", 48000, 2, 0,
         false},
        {"s.mp2", "-c:a mp2 -b:a 192k", "MP2", 48000, 2, 0, false},
        {"s.ogg", "-c:a libvorbis", "Vorbis", 48000, 2, 0, false},
        {"f.ogg", "-c:a flac", "FLAC", 48000, 2, 16, false},
        {"s.opus", "-c:a libopus", "Opus", 48000, 2, 0, false},
        {"s.m4a", "-c:a aac", "AAC", 48000, 2, 0, false},
        {"l.m4a", "-c:a alac", "ALAC", 48000, 2, 16, false},
        {"s.wv", "-c:a wavpack", "WavPack", 48000, 2, 16, false},
        {"f.wv", "-c:a wavpack -sample_fmt fltp", "WavPack", 48000, 2, 0, true},
        {"s.aiff", "-c:a pcm_s16be", "PCM", 48000, 2, 16, false},
        {"s.wma", "-c:a wmav2", "WMAV2", 48000, 2, 0, false},
        {"s.mka", "-c:a flac", "FLAC", 48000, 2, 16, false},
        {"s.aac", "-c:a aac", "AAC", 48000, 2, 0, false},
    };
    char path[FIXTURE_PATH_SIZE];

    fixture_write_wav(fixture_path(path, state, "t.wav"), 16, 2, 48000, 0, 3 * 48000);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool rough = strcmp(cases[i].name, "s.aac") == 0; /* its length is a guess by its size */
        struct tags tags;

        fixture_run(state, "ffmpeg -nostdin -v error -y -i t.wav %s %s", cases[i].options,
                    cases[i].name);
        assert_int_equal(tags_read(&tags, fixture_path(path, state, cases[i].name), NULL), 0);
        if (strcmp(tags.codec, cases[i].codec) != 0 || tags.rate_hz != cases[i].rate_hz ||
            tags.channels != cases[i].channels || tags.bits != cases[i].bits ||
            tags.is_float != cases[i].is_float ||
            fabs(tags.duration_s - 3.0) > (rough ? 1.0 : 0.06)) {
            fail_msg("%s is said to be %s, %u Hz, %u channels, %u bits%s, %.3f s", cases[i].name,
                     tags.codec, tags.rate_hz, tags.channels, tags.bits,
                     tags.is_float ? " float" : "", tags.duration_s);
        }
        tags_finish(&tags);
    }
}

static void says_how_long_dsd_is(void **state)
{
    char path[FIXTURE_PATH_SIZE];
    struct tags tags;

    fixture_write_dsf(fixture_path(path, state, "d.dsf"), 440.0, 0.5);
    assert_int_equal(tags_read(&tags, path, NULL), 0);
    assert_string_equal(tags.codec, "DSD (to PCM)");
    assert_true(fabs(tags.duration_s - 0.5) < 0.05);
    assert_int_equal(tags.channels, 2);
    tags_finish(&tags);
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

static void splits_people_and_styles_but_no_titles(void **state)
{
    static const char *const names[] = {"m.flac", "m.ogg", "m.mp3", "m.m4a", "m.wv"};
    char path[FIXTURE_PATH_SIZE];

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct tags tags;

        fixture_run(state,
                    "ffmpeg -nostdin -v error -y -i t.wav -metadata artist='One; Two;Three' "
                    "-metadata genre='Jazz;Blues;Jazz' -metadata title='Now; or never' -metadata "
                    "album='A;B' -metadata comment='x; y' %s",
                    names[i]);
        assert_int_equal(tags_read(&tags, fixture_path(path, state, names[i]), NULL), 0);
        assert_values(&tags, TAG_ARTIST, "One|Two|Three");
        assert_values(&tags, TAG_GENRE, "Jazz|Blues");
        assert_values(&tags, TAG_TITLE, "Now; or never");
        assert_values(&tags, TAG_ALBUM, "A;B");
        assert_values(&tags, TAG_COMMENT, "x; y");
        for (size_t k = 1; k < tags.count; k++) {
            assert_true(tags.values[k - 1].kind <= tags.values[k].kind);
        }
        tags_finish(&tags);
    }
}

static void knows_the_names_that_programs_write(void **state)
{
    char path[FIXTURE_PATH_SIZE];
    struct tags tags;

    fixture_run(state, "ffmpeg -nostdin -v error -y -i t.wav -metadata ARTISTSORT=as -metadata "
                       "ALBUMARTISTSORT=aas -metadata ORIGINALDATE=1971-05-01 -metadata DATE=1999 "
                       "-metadata YEAR=2000 -metadata CONDUCTOR=c -metadata ORGANIZATION=org "
                       "-metadata LABEL=lab -metadata GROUPING=g -metadata WORK=w -metadata "
                       "MUSICBRAINZ_ALBUMID=mb1 -metadata MUSICBRAINZ_TRACKID=mb2 -metadata "
                       "MUSICBRAINZ_RELEASETRACKID=mb3 -metadata PERFORMER='P (viola)' -metadata "
                       "DISCNUMBER=2 -metadata ALBUMSORT=als n.flac");
    assert_int_equal(tags_read(&tags, fixture_path(path, state, "n.flac"), NULL), 0);
    assert_values(&tags, TAG_ARTIST_SORT, "as");
    assert_values(&tags, TAG_ALBUM_ARTIST_SORT, "aas");
    assert_values(&tags, TAG_ALBUM_SORT, "als");
    assert_values(&tags, TAG_ORIGINAL_DATE, "1971-05-01");
    assert_values(&tags, TAG_DATE, "1999");
    assert_values(&tags, TAG_CONDUCTOR, "c");
    assert_values(&tags, TAG_LABEL, "lab");
    assert_values(&tags, TAG_GROUPING, "g");
    assert_values(&tags, TAG_WORK, "w");
    assert_values(&tags, TAG_MUSICBRAINZ_ALBUM, "mb1");
    assert_values(&tags, TAG_MUSICBRAINZ_TRACK, "mb2");
    assert_values(&tags, TAG_MUSICBRAINZ_RELEASE_TRACK, "mb3");
    assert_values(&tags, TAG_PERFORMER, "P (viola)");
    assert_values(&tags, TAG_DISC, "2");
    tags_finish(&tags);
}

static void makes_one_replay_gain_of_all_spellings(void **state)
{
    char path[FIXTURE_PATH_SIZE];
    struct tags tags;

    fixture_run(state,
                "ffmpeg -nostdin -v error -y -i t.wav -metadata REPLAYGAIN_TRACK_GAIN='-7.03 "
                "dB' -metadata REPLAYGAIN_TRACK_PEAK=0.988 -metadata "
                "replaygain_album_gain='+1,5 dB' -metadata replaygain_album_peak=1.2 g.mp3");
    assert_int_equal(tags_read(&tags, fixture_path(path, state, "g.mp3"), NULL), 0);
    assert_true(fabs(tags.track_gain_db + 7.03) < 1e-9);
    assert_true(fabs(tags.track_peak - 0.988) < 1e-9);
    assert_true(fabs(tags.album_gain_db - 1.5) < 1e-9);
    assert_true(fabs(tags.album_peak - 1.2) < 1e-9);
    tags_finish(&tags);
    fixture_run(state, "ffmpeg -nostdin -v error -y -i t.wav -metadata R128_TRACK_GAIN=-1280 "
                       "-metadata R128_ALBUM_GAIN=256 g.opus");
    assert_int_equal(tags_read(&tags, fixture_path(path, state, "g.opus"), NULL), 0);
    assert_true(tags.track_gain_db == 0.0); /* -5 dB to -23 LUFS is 0 dB to -18 */
    assert_true(tags.album_gain_db == 6.0);
    assert_true(isnan(tags.track_peak) && isnan(tags.album_peak));
    tags_finish(&tags);
    fixture_run(state, "ffmpeg -nostdin -v error -y -i t.wav -metadata REPLAYGAIN_TRACK_GAIN=loud "
                       "-metadata REPLAYGAIN_TRACK_PEAK=-1 g.flac");
    assert_int_equal(tags_read(&tags, fixture_path(path, state, "g.flac"), NULL), 0);
    assert_true(isnan(tags.track_gain_db) && isnan(tags.track_peak));
    tags_finish(&tags);
}

static void takes_a_file_for_what_it_is_and_not_for_its_name(void **state)
{
    char path[FIXTURE_PATH_SIZE];
    struct tags tags;

    fixture_run(state, "cp n.flac wrong.mp3 && cp m.mp3 wrong.ogg && cp m.m4a wrong.wav");
    assert_int_equal(tags_read(&tags, fixture_path(path, state, "wrong.mp3"), NULL), 0);
    assert_string_equal(tags.codec, "FLAC");
    tags_finish(&tags);
    assert_int_equal(tags_read(&tags, fixture_path(path, state, "wrong.ogg"), NULL), 0);
    assert_string_equal(tags.codec, "MP3");
    tags_finish(&tags);
    assert_int_equal(tags_read(&tags, fixture_path(path, state, "wrong.wav"), NULL), 0);
    assert_string_equal(tags.codec, "AAC");
    tags_finish(&tags);
}

/* What a reader has read before must not show in what it reads next. */
static void reads_many_files_with_one_reader(void **state)
{
    struct tags_reader *reader = tags_reader_create();
    char path[FIXTURE_PATH_SIZE];
    struct tags tags;

    assert_non_null(reader);
    assert_int_equal(tags_reader_read(reader, &tags, fixture_path(path, state, "g.mp3"), NULL), 0);
    tags_finish(&tags);
    fixture_write_bytes(fixture_path(path, state, "x.flac"), "fLaC is no music", 16);
    assert_true(tags_reader_read(reader, &tags, path, NULL) < 0);
    assert_int_equal(tags_reader_read(reader, &tags, fixture_path(path, state, "t.wav"), NULL), 0);
    assert_int_equal(tags.count, 0);
    assert_true(isnan(tags.track_gain_db));
    assert_string_equal(tags.codec, "PCM");
    tags_finish(&tags);
    tags_reader_destroy(reader);
}

static void makes_clean_text_of_anything(void **state)
{
    char text[16];

    (void)state;
    text_clean(text, sizeof text, "  a\tb\r\nc\x1b[1m ");
    assert_string_equal(text, "a b  c [1m");
    text_clean(text, sizeof text, "caf\xe9"); /* Latin-1 */
    assert_string_equal(text, "café");
    text_clean(text, sizeof text, "\xed\xbf\x80"); /* a surrogate is no UTF-8 */
    assert_string_equal(text, "í¿"); /* so it is Latin-1, where the last is a control */
    text_clean(text, sizeof text, "ok\xc2\x9bz"); /* a control character of two bytes */
    assert_string_equal(text, "ok z");
    text_clean(text, 6, "abcdé"); /* the last character takes two bytes: no room with the end */
    assert_string_equal(text, "abcd");
    text_clean(text, sizeof text, "𝄞𝄞𝄞𝄞");
    assert_string_equal(text, "𝄞𝄞𝄞");
    text_clean(text, sizeof text, "   ");
    assert_string_equal(text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_tags_of_every_common_format),
        cmocka_unit_test(leaves_empty_what_a_file_does_not_say),
        cmocka_unit_test(says_which_file_could_not_be_read),
        cmocka_unit_test(says_what_the_sound_is),
        cmocka_unit_test(says_how_long_dsd_is),
        cmocka_unit_test(splits_people_and_styles_but_no_titles),
        cmocka_unit_test(knows_the_names_that_programs_write),
        cmocka_unit_test(makes_one_replay_gain_of_all_spellings),
        cmocka_unit_test(takes_a_file_for_what_it_is_and_not_for_its_name),
        cmocka_unit_test(reads_many_files_with_one_reader),
        cmocka_unit_test(makes_clean_text_of_anything),
    };

    return cmocka_run_group_tests(tests, fixtures_make_folder, fixtures_remove_folder);
}
