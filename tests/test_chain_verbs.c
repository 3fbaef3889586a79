/* test_chain_verbs.c - the chain by the protocol: seen, edited while it plays, kept as a preset. */
#include "server_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int set_up(void **state)
{
    *state = served_start("[library]\nsummaries = no\n");
    return 0;
}

static int tear_down(void **state)
{
    served_destroy(*state);
    return 0;
}

static void own_path(const struct served *served, char *path, size_t size)
{
    snprintf(path, size, "%s/config/matchplay/presets.ini", served_folder(served));
}

static void assert_own(const struct served *served, const char *part, bool holds)
{
    char path[512], text[8192];
    FILE *file;

    own_path(served, path, sizeof path);
    file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    if ((strstr(text, part) != NULL) != holds) {
        fail_msg("presets.ini %s:\n%s\nit is:\n%s", holds ? "lacks" : "has", part, text);
    }
}

/* The modules of `match chain`, "-" before those that are bypassed. */
static const char *order(int client)
{
    static char names[512];
    const char *answer = served_ask(client, "match chain");

    names[0] = '\0';
    for (const char *line = answer; (line = strstr(line, "module: ")) != NULL; line++) {
        size_t used = strlen(names);
        const char *name = line + strlen("module: "), *state = strstr(line, "bypassed: ");

        snprintf(names + used, sizeof names - used, "%s%s%.*s", used > 0 ? " " : "",
                 state[strlen("bypassed: ")] == '1' ? "-" : "", (int)strcspn(name, "\n"), name);
    }
    return names;
}

static void the_chain_is_shown_with_all_that_its_modules_describe(void **state)
{
    int client = served_connect(*state);
    const char *answer = served_ask(client, "match chain");

    assert_non_null(strstr(answer, "module: match_eq\ntitle: Match EQ\nbypassed: 0\n"));
    assert_non_null(strstr(answer, "module: limiter\ntitle: Limiter\nbypassed: 0\n"
                                   "parameter: true_peak\nvalue: off\nunit: off|on\n"));
    assert_non_null(strstr(answer, "parameter: ceiling\nvalue: -1\nunit: dBTP\nminimum: -20\n"
                                   "maximum: 0\nstandard: -1\nhelp: "));
    assert_non_null(strstr(answer, "edited: 0\nOK\n"));
    close(client);
}

static void it_is_edited_and_set_back(void **state)
{
    int client = served_connect(*state);

    assert_string_equal(served_ask(client, "match chain move limiter 0"), "OK\n");
    assert_string_equal(order(client), "limiter match_eq");
    assert_string_equal(served_ask(client, "match chain bypass limiter"), "OK\n");
    assert_string_equal(order(client), "-limiter match_eq");
    assert_string_equal(served_ask(client, "match chain bypass limiter off"), "OK\n");
    assert_string_equal(served_ask(client, "match chain remove match_eq"), "OK\n");
    assert_string_equal(order(client), "limiter");
    assert_non_null(strstr(served_ask(client, "match chain"), "\navailable: match_eq\n"));
    assert_string_equal(served_ask(client, "match chain add match_eq"), "OK\n");
    assert_string_equal(order(client), "match_eq limiter");
    assert_string_equal(served_value(served_ask(client, "match chain"), "edited"), "1");
    assert_string_equal(served_ask(client, "match chain move match_eq 1"), "OK\n");
    assert_string_equal(served_ask(client, "match chain reset"), "OK\n");
    assert_string_equal(order(client), "match_eq limiter");
    assert_string_equal(served_value(served_ask(client, "match chain"), "edited"), "0");
    close(client);
}

static void what_cannot_be_is_told_and_changes_nothing(void **state)
{
    static const char *const wrong[][2] = {
        {"match chain add limitter", "there is no module limitter; the nearest is limiter"},
        {"match chain add limiter", "limiter stands in the chain already"},
        {"match chain remove reverb", "there is no module reverb"},
        {"match chain move limiter 2", "2: the chain has the places 0 to 1"},
        {"match chain move limiter x", "x"},
        {"match chain bypass limiter perhaps", "perhaps: it is on, off or toggle"},
        {"match chain set limiter colour 3", "limiter has no parameter colour"},
        {"match chain set limiter cieling -3",
         "limiter has no parameter cieling; the nearest is ceiling"},
        {"match chain set limiter ceiling 3", "limiter.ceiling: 3 is no number from -20 to 0 dBTP"},
        {"match chain set limiter ceiling nan", "limiter.ceiling: nan is no number"},
        {"match chain set limiter true_peak perhaps",
         "limiter.true_peak: perhaps is none of off|on"},
        {"match chain turn limiter", "turn: it is set, bypass, add, remove, move or reset"},
        {"match chain set limiter", "it is match chain set MODULE PARAMETER VALUE"},
        {"match preset save Loud!", "Loud!: a preset's name is of a-z, 0-9 and -"},
        {"match preset save save", "a preset's name is"},
        {"match preset save", "which?"},
        {"match preset delete gentle", "gentle comes with matchplay and stays"},
        {"match preset delete nothing", "there is no preset nothing"},
    };
    int client = served_connect(*state);

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const char *answer = served_ask(client, wrong[i][0]);

        if (strncmp(answer, "ACK", 3) != 0 || strstr(answer, wrong[i][1]) == NULL) {
            fail_msg("%s: %s", wrong[i][0], answer);
        }
    }
    assert_string_equal(served_value(served_ask(client, "match chain"), "edited"), "0");
    close(client);
}

static void an_edited_chain_is_kept_as_a_preset_and_deleted_again(void **state)
{
    struct served *served = *state;
    int client = served_connect(served);

    assert_string_equal(served_ask(client, "match amount eq 50"), "OK\n");
    assert_string_equal(served_ask(client, "match chain bypass limiter on"), "OK\n");
    assert_string_equal(served_ask(client, "match chain set limiter true_peak yes"), "OK\n");
    assert_string_equal(served_ask(client, "match chain set limiter ceiling -2.5"), "OK\n");
    assert_string_equal(served_ask(client, "match preset save mine"), "OK\n");
    assert_own(served, "\nlimiter.true_peak = on\nlimiter.ceiling = -2.5\n", true);
    assert_own(served, "[mine]\nname = \"mine\"\ncategory = \"own\"\nmatch = yes\n", true);
    assert_own(served, "\neq = 50\n", true);
    assert_own(served, "\nchain = match_eq limiter\nbypass = limiter\n", true);
    assert_string_equal(served_value(served_ask(client, "match chain"), "edited"), "0");
    assert_string_equal(order(client), "match_eq -limiter");
    assert_string_equal(served_value(served_ask(client, "match set preset"), "value"), "mine");

    served_stop(served); /* and it is there after a restart */
    close(client);
    served_start_again(served);
    client = served_connect(served);
    assert_string_equal(order(client), "match_eq -limiter");

    assert_string_equal(served_ask(client, "match preset matchering"), "OK\n");
    assert_string_equal(order(client), "match_eq limiter");
    assert_string_equal(served_ask(client, "match preset delete mine"), "OK\n");
    assert_own(served, "mine", false);
    assert_null(strstr(served_ask(client, "match preset"), "preset: mine\n"));
    close(client);
}

static void saving_leaves_the_rest_of_the_file_alone(void **state)
{
    struct served *served = *state;
    int client = served_connect(served);
    char path[512], command[600];
    FILE *file;

    own_path(served, path, sizeof path);
    snprintf(command, sizeof command, "mkdir -p \"$(dirname '%s')\"", path);
    assert_int_equal(system(command), 0);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs("# of mine\n[one]\neq = 10 ; a tenth\n\n# the second\n[two]\n# why\neq = 20\n\n"
          "# the third\n[three]\neq = 30\nbroken line\n",
          file);
    fclose(file);
    assert_non_null(strstr(served_ask(client, "match preset save two"), ": this is neither"));
    assert_own(served, "# of mine\n[one]\neq = 10 ; a tenth\n\n# the second\n[two]\nname", true);
    assert_own(served, "\n# why\n\n# the third\n[three]\neq = 30\nbroken line\n", true);
    assert_own(served, "eq = 20", false);
    served_ask(client, "match preset delete two");
    assert_own(served,
               "# of mine\n[one]\neq = 10 ; a tenth\n\n# the second\n# why\n\n# the third\n[three]",
               true);
    close(client);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_chain_is_shown_with_all_that_its_modules_describe),
        TEST(it_is_edited_and_set_back),
        TEST(what_cannot_be_is_told_and_changes_nothing),
        TEST(an_edited_chain_is_kept_as_a_preset_and_deleted_again),
        TEST(saving_leaves_the_rest_of_the_file_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
