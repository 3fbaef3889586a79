/* test_view_reference.c - view 8: what it says of the match, and what its lines change, and where.
 */
#include "tests/screen_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define SHAPES "dynamics -1.3 -0.4 +0.2 - dB, 1 at range; spectral up to 2.1 dB, 2 at range"

enum { PAIRS_MAX = 8 };

/* The recorded answers, and what else the player takes here. */
static char answers[] = "/tmp/matchplay-reference-XXXXXX";
static const char *const taken[] = {"\"preset\" \"gentle\"", "\"preset\" \"original\"",
                                    "\"amount\" \"eq\" \"95\" \"playlist\" \"\""};

static void assert_asked(struct stage *stage, const char *keys, const char *command)
{
    stage_type(stage, keys);
    if (!stage_was_asked(stage, command)) {
        fail_msg("%s does not send %s but %s", keys, command, stage->asked);
    }
}

/* `match status` says this from now on: "name", "value", ... NULL. */
static void tell(struct stage *stage, ...)
{
    char texts[2 * PAIRS_MAX][64];
    struct client_pair pairs[PAIRS_MAX];
    struct answer answer = {.pairs = pairs, .ok = true};
    va_list arguments;
    size_t count = 0;

    va_start(arguments, stage);
    for (const char *text; (text = va_arg(arguments, const char *)) != NULL; count++) {
        assert_true(count < 2 * PAIRS_MAX);
        snprintf(texts[count], sizeof texts[0], "%s", text);
    }
    va_end(arguments);
    for (; answer.count < count / 2; answer.count++) {
        pairs[answer.count] =
            (struct client_pair){texts[2 * answer.count], texts[2 * answer.count + 1]};
    }
    player_state_take_match(&stage->screen->state, &answer);
    screen_dirty(stage->screen);
    stage_settle(stage);
}

/* With a plan that shapes more than the exact one, if that is wanted. */
static void write_answers(const char *path, bool shaped)
{
    FILE *from = fopen("tests/data/screen/answers.txt", "re"), *to = fopen(path, "we");
    char line[8192];

    assert_non_null(from);
    assert_non_null(to);
    while (fgets(line, sizeof line, from) != NULL) {
        fputs(line, to);
        if (shaped && strcmp(line, "taps: 4096\n") == 0) {
            fputs("shapes: " SHAPES "\n", to);
        }
    }
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        fprintf(to, "> match %s\nOK\n", taken[i]);
    }
    fclose(from);
    fclose(to);
}

static int make_answers(void **state)
{
    int file = mkstemp(answers);

    (void)state;
    write_answers(answers, false);
    return close(file);
}

static int drop_answers(void **state)
{
    (void)state;
    return unlink(answers);
}

static void what_dynamics_and_spectral_change_has_a_line_of_its_own(void **state)
{
    char path[] = "/tmp/matchplay-reference-XXXXXX";
    struct stage stage;

    (void)state;
    close(mkstemp(path));
    write_answers(path, true);
    stage_open(&stage, path, 24, 80, true);
    stage_type(&stage, "8");
    stage_assert_shows(&stage, "\n " SHAPES "\n level ");
    stage_close(&stage);
    stage_open(&stage, path, 10, 40, true); /* where there is no room the lines go first */
    stage_type(&stage, "8");
    stage_assert_shows(&stage, "\n level ");
    stage_close(&stage);
    stage_open(&stage, answers, 24, 80, true);
    stage_type(&stage, "8");
    assert_false(stage_shows(&stage, "dynamics"));
    stage_close(&stage);
    unlink(path);
}

static void presets_are_completed_where_they_are_typed(void **state)
{
    static const char *const cases[][2] = {
        {": p r e s e t space g tab enter", "match \"preset\" \"gentle\"\n"},
        {": p r e s e t space d e l e t e space n tab enter",
         "match \"preset\" \"delete\" \"night\"\n"},
        {": s l o t space b space p tab space o tab enter",
         "match \"slot\" \"b\" \"preset\" \"original\"\n"},
        {"8 j j j j enter ^U f tab enter", "match \"preset\" \"full\"\n"},
        {"j enter ^U p r e s e t space n tab enter", "match \"slot\" \"a\" \"preset\" \"night\"\n"},
        {"enter tab enter", "match \"slot\" \"a\" \"matched\"\n"}, /* the one after `original` */
    };
    struct stage stage;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_asked(&stage, cases[i][0], cases[i][1]);
    }
    stage_close(&stage);
}

static void presets_are_found_from_their_line(void **state)
{
    struct stage stage;

    (void)state;
    stage_open(&stage, answers, 24, 132, true);
    stage_type(&stage, "8 j j j j");
    stage_assert_shows(&stage, "preset   matchering  The exact match: level, tone and width");
    assert_asked(&stage, ">", "match \"preset\" \"gentle\"\n");
    stage_assert_shows(&stage,
                       "gentle: The reference's level, and somewhat more than half of its tone");
    assert_asked(&stage, "<", "match \"preset\" \"original\"\n"); /* round the ends */
    stage_type(&stage, "enter tab"); /* another one than the one that stands there */
    stage_assert_shows(&stage, "): gentle");
    stage_type(&stage, "tab");
    stage_assert_shows(&stage, "): full");
    stage_close(&stage);
}

static void amounts_and_preset_are_set_where_they_are_said(void **state)
{
    struct stage stage;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    assert_asked(&stage, "8 <", "match \"amount\" \"level\" \"95\"\n");
    tell(&stage, "playlist", "blues", "level_from", "track", "eq_from", "playlist", "width_from",
         "album", "limiter_from", "all", "preset", "gentle", "preset_from", "playlist", NULL);
    assert_asked(&stage, "g <", "match \"amount\" \"level\" \"95\" \"track\" \"\"\n");
    assert_asked(&stage, "j <", "match \"amount\" \"eq\" \"95\" \"playlist\" \"\"\n");
    stage_assert_shows(&stage, "eq 95 for the playlist blues");
    assert_asked(&stage, "j <", "match \"amount\" \"width\" \"95\" \"album\" \"\" \"\"\n");
    assert_asked(&stage, "j <", "match \"amount\" \"limiter\" \"0\" \"all\"\n");
    assert_asked(&stage, "j >", "match \"preset\" \"full\" \"playlist\" \"\"\n");
    assert_false(stage_was_asked(&stage, "\"reset\""));
    tell(&stage, "preset", "full", "preset_from", "playlist", "chain_edited", "1", NULL);
    assert_asked(&stage, ": p r e s e t space n i g h t enter",
                 "match \"preset\" \"night\" \"playlist\" \"\"\nmatch \"chain\" \"reset\"\n");
    stage_close(&stage);
}

static void candidates_are_those_of_the_playlist_that_is_heard(void **state)
{
    struct stage stage;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    assert_asked(&stage, "8", "match \"candidates\" \"blues\"\n");
    stage_assert_shows(&stage, "near     01 Hunter.flac");
    tell(&stage, "playlist", "electric", NULL);
    assert_true(stage_was_asked(&stage, "match \"candidates\" \"electric\"\n"));
    /* There is no such playlist any more: those of the queue. */
    assert_true(stage_was_asked(&stage, "match \"candidates\"\n"));
    stage_close(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_dynamics_and_spectral_change_has_a_line_of_its_own),
        cmocka_unit_test(presets_are_completed_where_they_are_typed),
        cmocka_unit_test(presets_are_found_from_their_line),
        cmocka_unit_test(amounts_and_preset_are_set_where_they_are_said),
        cmocka_unit_test(candidates_are_those_of_the_playlist_that_is_heard),
    };

    return cmocka_run_group_tests(tests, make_answers, drop_answers);
}
