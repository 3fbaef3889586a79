/* test_references.c - the nearest reference, preset and amount holds, and all of it is kept. */
#include "library/references.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct place {
    char folder[200], path[300];
    struct playlists *playlists;
    struct references *references;
};

static char told[4096];

static void tell(void *context, const char *line)
{
    size_t used = strlen(told);

    (void)context;
    snprintf(told + used, sizeof told - used, "%s\n", line);
}

static void open_it(struct place *place)
{
    place->references = references_open(place->path, place->playlists, tell, NULL);
    assert_non_null(place->references);
}

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    const char *where = getenv("TMPDIR");
    const char *const uris[] = {"a.flac"};

    told[0] = '\0';
    *state = place;
    snprintf(place->folder, sizeof place->folder, "%s/refs-XXXXXX", where != NULL ? where : "/tmp");
    if (mkdtemp(place->folder) == NULL) {
        return -1;
    }
    snprintf(place->path, sizeof place->path, "%s/lists", place->folder);
    place->playlists = playlists_create(place->path, "/music", tell, NULL);
    snprintf(place->path, sizeof place->path, "%s/references", place->folder);
    open_it(place);
    return playlists_save(place->playlists, "jazz", uris, NULL, 1, PLAYLISTS_CREATE);
}

static int tear_down(void **state)
{
    struct place *place = *state;
    char command[300];

    snprintf(command, sizeof command, "rm -r '%s'", place->folder);
    references_close(place->references);
    playlists_destroy(place->playlists);
    free(place);
    return system(command);
}

static const struct reference_key key = {"/music/a.flac", "jazz", "AC/DC / \\B", "Black / White]"};

static void set(struct place *place, enum reference_scope scope, const char *path, double level)
{
    struct playlist_reference reference = {strdup(path != NULL ? path : ""), 0.5};
    struct playlist_sound sound;

    playlist_sound_init(&sound);
    sound.references = &reference;
    sound.reference_count = path != NULL;
    sound.amounts[AMOUNT_LEVEL] = level;
    assert_int_equal(references_set(place->references, scope, &key, &sound), 0);
    free(reference.path);
}

/* "REFERENCE from, LEVEL from" */
static void assert_holds(struct place *place, const char *wanted)
{
    struct reference_answer answer;
    char text[300];

    assert_int_equal(references_find(place->references, &key, &answer), 0);
    snprintf(text, sizeof text, "%s %d, %g %d",
             answer.sound.reference_count > 0 ? answer.sound.references[0].path : "-",
             answer.reference_from,
             isnan(answer.sound.amounts[AMOUNT_LEVEL]) ? -1 : answer.sound.amounts[AMOUNT_LEVEL],
             answer.amount_from[AMOUNT_LEVEL]);
    assert_string_equal(text, wanted);
    reference_answer_finish(&answer);
}

static void the_nearest_wins_each_by_itself(void **state)
{
    struct place *place = *state;
    uint64_t version = references_version(place->references);

    assert_holds(place, "- 4, -1 4");
    set(place, REFERENCE_ALL, "/all.flac", 10);
    assert_true(references_version(place->references) > version);
    assert_holds(place, "/all.flac 3, 10 3");
    set(place, REFERENCE_ALBUM, "/album.flac", (double)NAN);
    assert_holds(place, "/album.flac 2, 10 3");
    set(place, REFERENCE_PLAYLIST, NULL, 30);
    assert_holds(place, "/album.flac 2, 30 1");
    version = references_version(place->references);
    set(place, REFERENCE_PLAYLIST, "/jazz.flac", (double)NAN);
    assert_true(references_version(place->references) > version);
    assert_holds(place, "/jazz.flac 1, 10 3");
    set(place, REFERENCE_TRACK, NULL, 40);
    assert_holds(place, "/jazz.flac 1, 40 0");
    set(place, REFERENCE_TRACK, "/track.flac", 40);
    assert_holds(place, "/track.flac 0, 40 0");
    set(place, REFERENCE_TRACK, NULL, (double)NAN); /* takes it away */
    set(place, REFERENCE_ALL, NULL, (double)NAN);
    assert_holds(place, "/jazz.flac 1, -1 4");
}

static void comes_back_as_it_was(void **state)
{
    struct place *place = *state;
    struct playlist_reference references[] = {{(char[]){"/one.flac"}, 0.75},
                                              {(char[]){"/t,wo].flac"}, 1e-3}};
    struct playlist_sound sound, got;

    playlist_sound_init(&sound);
    sound.references = references;
    sound.reference_count = 2;
    sound.preset = (char[]){"gentle"};
    sound.amounts[AMOUNT_LIMITER] = 0;
    assert_int_equal(references_set(place->references, REFERENCE_ALBUM, &key, &sound), 0);
    assert_int_equal(references_set(place->references, REFERENCE_TRACK, &key, &sound), 0);
    set(place, REFERENCE_ALL, "/all.flac", 10);
    references_close(place->references);
    open_it(place);
    assert_string_equal(told, "");
    assert_int_equal(references_read(place->references, REFERENCE_ALBUM, &key, &got), 0);
    assert_int_equal(got.reference_count, 2);
    assert_string_equal(got.references[1].path, "/t,wo].flac");
    assert_true(got.references[1].weight == 1e-3);
    assert_string_equal(got.preset, "gentle");
    assert_true(got.amounts[AMOUNT_LIMITER] == 0);
    playlist_sound_finish(&got);
    assert_holds(place, "/one.flac 0, 10 3");
}

static void bad_lines_are_told_and_left_out_and_comments_kept(void **state)
{
    struct place *place = *state;
    FILE *file = fopen(place->path, "w");
    size_t length;
    char *text;

    fputs("# mine\n#MATCHPLAY-PRESET:x\n[track rel.flac]\n#MATCHPLAY-PRESET:y\n[nonsense]\n[all\n"
          "[album nothing]\nwords\n[all]\r\n# note\n#MATCHPLAY-AMOUNT:level,200\n"
          "#MATCHPLAY-AMOUNT:level,20\n",
          file);
    fclose(file);
    references_close(place->references);
    open_it(place);
    for (int line = 2; line <= 11; line++) {
        char wanted[32];
        bool good = line == 4 || line == 8 || line == 9 || line == 10;

        snprintf(wanted, sizeof wanted, "references:%d: ", line);
        assert_int_equal(strstr(told, wanted) == NULL, good);
    }
    assert_holds(place, "- 4, 20 3");
    set(place, REFERENCE_ALBUM, "/album.flac", 5);
    text = config_read_file(place->path, 1 << 16, &length);
    assert_non_null(strstr(text, "# mine\n"));
    assert_non_null(strstr(text, "[all]\n# note\n#MATCHPLAY-AMOUNT:level,20\n"));
    free(text);
}

static void an_edit_by_hand_is_seen(void **state)
{
    struct place *place = *state;
    FILE *file = fopen(place->path, "w");

    fputs("[all]\n#MATCHPLAY-REFERENCE:1,/hand.flac\n", file);
    fclose(file);
    usleep(1100000); /* it does not look more often */
    assert_holds(place, "/hand.flac 3, -1 4");
}

static void refuses_what_cannot_be_kept(void **state)
{
    struct place *place = *state;
    struct playlist_sound sound;
    struct reference_key bad = {"relative.flac", "a/b", "", ""};

    playlist_sound_init(&sound);
    sound.amounts[AMOUNT_EQ] = 1;
    assert_int_equal(references_set(place->references, REFERENCE_TRACK, &bad, &sound), -EINVAL);
    assert_int_equal(references_set(place->references, REFERENCE_PLAYLIST, &bad, &sound), -EINVAL);
    assert_int_equal(references_set(place->references, REFERENCE_ALBUM, &bad, &sound), -EINVAL);
    bad.playlist = "none";
    assert_int_equal(references_set(place->references, REFERENCE_PLAYLIST, &bad, &sound), -ENOENT);
    sound.amounts[AMOUNT_EQ] = 101;
    assert_int_equal(references_set(place->references, REFERENCE_ALL, &bad, &sound), -EINVAL);
}

/* `match add /elsewhere/list.m3u8`: its entries come from a path, not from a stored name. */
static void a_playlist_from_elsewhere_rules_what_came_from_it(void **state)
{
    struct place *place = *state;
    struct reference_answer answer;
    char path[400];
    const struct reference_key foreign = {.path = "/music/a.flac", .playlist = path};
    FILE *file;

    snprintf(path, sizeof path, "%s/elsewhere.m3u8", place->folder);
    assert_int_equal(references_find(place->references, &foreign, &answer), 0);
    assert_int_equal(answer.sound.reference_count, 0); /* it is not there */
    reference_answer_finish(&answer);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs("#EXTM3U\n#MATCHPLAY-REFERENCE:1.0,loud.flac\na.flac\n", file);
    fclose(file);
    assert_int_equal(references_find(place->references, &foreign, &answer), 0);
    assert_int_equal(answer.reference_from, REFERENCE_PLAYLIST);
    assert_int_equal(answer.sound.reference_count, 1);
    assert_string_equal(strrchr(answer.sound.references[0].path, '/'), "/loud.flac");
    reference_answer_finish(&answer);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_nearest_wins_each_by_itself),
        TEST(comes_back_as_it_was),
        TEST(bad_lines_are_told_and_left_out_and_comments_kept),
        TEST(an_edit_by_hand_is_seen),
        TEST(refuses_what_cannot_be_kept),
        TEST(a_playlist_from_elsewhere_rules_what_came_from_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
