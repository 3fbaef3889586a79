/* test_command.c - whole commands: exit statuses, and one line for each failure. */
#include "command/command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char data[4096]; /* tests/data, absolute */
static char out[65536], err[8192];
static char start[2048];
static char folder[64];

static void read_back(const char *path, char *text, size_t size)
{
    FILE *file = fopen(path, "r");
    size_t got = file != NULL ? fread(text, 1, size - 1, file) : 0;

    text[got] = '\0';
    if (file != NULL) {
        fclose(file);
    }
}

/* Runs one command line in a child, its words parted by blanks; "@x" is tests/data/x. Returns its
   exit status, -1 for a crash; out and err hold what it wrote. */
static int run(const char *words)
{
    char text[4096], *argv[32], *save = NULL;
    int argc = 0, status;
    pid_t child;

    snprintf(text, sizeof text, "matchplayd %s", words);
    for (char *word = strtok_r(text, " ", &save); word != NULL; word = strtok_r(NULL, " ", &save)) {
        char *path = NULL;

        if (word[0] == '@' && asprintf(&path, "%s/%s", data, word + 1) > 0) {
            word = path;
        }
        argv[argc++] = word;
    }
    argv[argc] = NULL;
    fflush(NULL);
    child = fork();
    if (child == 0) {
        if (freopen("out.txt", "w", stdout) == NULL || freopen("err.txt", "w", stderr) == NULL) {
            _exit(99);
        }
        status = command_main(argc, argv);
        fflush(NULL);
        _exit(status);
    }
    waitpid(child, &status, 0);
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], data, strlen(data)) == 0) {
            free(argv[i]);
        }
    }
    read_back("out.txt", out, sizeof out);
    read_back("err.txt", err, sizeof err);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static size_t count_lines(const char *text)
{
    size_t count = 0;

    for (; *text != '\0'; text++) {
        count += *text == '\n' ? 1 : 0;
    }
    return count;
}

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

/* Fails as asked, in one line that holds `said`, and leaves no OUT. */
static void fails(const char *words, int status, const char *said)
{
    int got = run(words);

    if (got != status || count_lines(err) != 1 || strstr(err, said) == NULL) {
        print_error("%s\n  exit %d, wanted %d; stderr, wanted one line with '%s':\n%s", words, got,
                    status, said, err);
    }
    assert_int_equal(got, status);
    assert_int_equal(count_lines(err), 1);
    assert_non_null(strstr(err, said));
    assert_false(exists("o.wav"));
    assert_false(exists("o.flac"));
}

static void put(const char *name, const void *bytes, size_t count)
{
    FILE *file = fopen(name, "w");

    assert_non_null(file);
    fwrite(bytes, 1, count, file);
    fclose(file);
}

/* A float WAV of equal samples, in both channels. */
static void put_wav(const char *name, uint32_t frames, float sample)
{
    uint32_t bytes = frames * 8, sizes[2] = {bytes + 36, 16}, rates[2] = {44100, 44100 * 8};
    uint16_t words[4] = {3, 2, 8, 32};
    FILE *file = fopen(name, "w");

    assert_non_null(file);
    fwrite("RIFF", 1, 4, file);
    fwrite(&sizes[0], 4, 1, file);
    fwrite("WAVEfmt ", 1, 8, file);
    fwrite(&sizes[1], 4, 1, file);
    fwrite(words, 2, 2, file);
    fwrite(rates, 4, 2, file);
    fwrite(words + 2, 2, 2, file);
    fwrite("data", 1, 4, file);
    fwrite(&bytes, 4, 1, file);
    for (uint32_t i = 0; i < frames * 2; i++) {
        fwrite(&sample, 4, 1, file);
    }
    fclose(file);
}

static int set_up(void **state)
{
    (void)state;
    if (getcwd(start, sizeof start) == NULL) {
        return -1;
    }
    snprintf(data, sizeof data, "%s/tests/data", start);
    snprintf(folder, sizeof folder, "/tmp/matchplay-command-XXXXXX");
    if (mkdtemp(folder) == NULL || chdir(folder) != 0) {
        return -1;
    }
    setenv("HOME", folder, 1);
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("XDG_STATE_HOME");
    return 0;
}

static int tear_down(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return chdir(start) + system(command);
}

static void help_goes_to_stdout_and_misuse_to_stderr(void **state)
{
    (void)state;
    assert_int_equal(run("--help"), 0);
    assert_non_null(strstr(out, "matchplay match"));
    assert_int_equal(run("match --help"), 0);
    assert_non_null(strstr(out, "--eq-precision"));
    assert_int_equal(run("--version"), 0);
    assert_int_equal(strncmp(out, "matchplay ", 10), 0);
    assert_int_equal(run(""), 2);
    assert_string_equal(out, "");
    assert_non_null(strstr(err, "usage: "));
    fails("mathc", 2, "the nearest is match");
    fails("--colour", 2, "--colour");
    fails("match --colour", 2, "there is no option --colour");
}

static void wrong_usage_of_match_is_told_in_one_line(void **state)
{
    (void)state;
    fails("match", 2, "TARGET");
    fails("match @mix.flac -r @master.flac", 2, "-o OUT");
    fails("match @mix.flac -o o.wav", 2, "-r REF");
    fails("match @mix.flac -r @master.flac -o o.mp3", 2, ".wav or .flac");
    fails("match @mix.flac -r @master.flac -o o.flac --format f32", 2, "o.flac");
    fails("match @mix.flac -r @master.flac -o o.wav --format s32", 2, "f32, s24 or s16");
    fails("match @mix.flac -r @master.flac -o o.wav --level 101", 2, "from 0 to 100");
    fails("match @mix.flac -r @master.flac -o o.wav --block 500", 2, "512");
    fails("match @mix.flac -r @master.flac -o o.wav --simd mmx", 2, "scalar");
    fails("match @mix.flac -r @master.flac -o o.wav --preset gentel", 2, "nearest is gentle");
    fails("match @mix.flac @mono.flac -r @master.flac -o o.wav", 2, "one TARGET");
    fails("match @mix.flac -r @master.flac:0 -o o.wav", 2, "weight");
    fails("analyze", 2, "FILE");
}

static void bad_files_are_told_in_one_line_and_leave_no_output(void **state)
{
    (void)state;
    put("empty.flac", "", 0);
    put("text.flac", "this is no music at all\n", 24);
    put_wav("none.wav", 0, 0.0F);
    put_wav("short.wav", 1000, 0.25F);
    put_wav("silent.wav", 44100, 0.0F);
    assert_int_equal(mkdir("dir", 0700), 0);
    fails("match none.flac -r @master.flac -o o.wav", 1, "none.flac");
    fails("match dir -r @master.flac -o o.wav", 1, "dir");
    fails("match empty.flac -r @master.flac -o o.wav", 1, "empty.flac");
    fails("match text.flac -r @master.flac -o o.wav", 1, "text.flac");
    fails("match none.wav -r @master.flac -o o.wav", 1, "none.wav");
    fails("match @mix.flac -r short.wav -o o.wav", 1, "short.wav");
    fails("match @mix.flac -r silent.wav -o o.wav", 1, "silent.wav");
    fails("match silent.wav -r @master.flac -o o.wav", 1, "silent.wav");
    fails("match @mix.flac -r none.flac -o o.wav", 1, "none.flac");
    fails("match @mix.flac -r text.flac -o o.flac", 1, "text.flac");
}

static void bad_outputs_are_told_in_one_line(void **state)
{
    (void)state;
    put_wav("t.wav", 44100, 0.25F);
    assert_int_equal(mkdir("dir", 0700), 0);
    fails("match t.wav -r @mono.flac -o dir", 1, "folder");
    fails("match t.wav -r @mono.flac -o no/such/o.wav", 1, "no/such");
    fails("match t.wav -r @mono.flac -o t.wav", 1, "target itself");
    fails("match @mono.flac -r @master.flac -o /dev/full", 1, "/dev/full");
    assert_int_equal(symlink("t.wav", "link.wav"), 0);
    fails("match @mono.flac -r t.wav -o link.wav", 1, "reference itself");
}

static void a_match_ends_with_one_line_or_one_object(void **state)
{
    (void)state;
    assert_int_equal(run("match @mono.flac -r @master.flac -o o.wav"), 0);
    assert_int_equal(count_lines(out), 1);
    assert_int_equal(strncmp(out, "o.wav: ", 7), 0);
    assert_string_equal(err, "");
    assert_true(exists("o.wav"));
    assert_int_equal(run("match @mono.flac -r @master.flac -o p.wav --json"), 0);
    assert_int_equal(count_lines(out), 1);
    assert_int_equal(out[0], '{');
    assert_non_null(strstr(out, "\"output\": \"p.wav\""));
    assert_null(strstr(out, "\"dynamics\""));
    assert_int_equal(run("match @mono.flac -r @master.flac -o p.wav --preset full --json"), 0);
    assert_non_null(strstr(out, "\"dynamics\": [{\"band\": 1, \"spread_db\": "));
    assert_non_null(strstr(out, "\"spectral\": [{\"hz\": "));
    assert_non_null(strstr(out, "\"change_db\": "));
    assert_int_equal(run("match @mono.flac -r @master.flac -o p.wav --preset full"), 0);
    assert_non_null(strstr(out, "; dynamics "));
    assert_non_null(strstr(out, "; spectral up to "));
    assert_int_equal(run("match @mono.flac -r @master.flac -q -o q.flac --format s16"), 0);
    assert_string_equal(out, "");
}

static void analyze_goes_on_past_a_bad_file(void **state)
{
    (void)state;
    assert_int_equal(run("analyze none.flac @mono.flac"), 1);
    assert_int_equal(count_lines(err), 1);
    assert_non_null(strstr(err, "none.flac"));
    assert_non_null(strstr(out, "LUFS"));
    assert_int_equal(run("analyze --json @mono.flac @mix.flac"), 0);
    assert_int_equal(count_lines(out), 1);
    assert_int_equal(out[0], '[');
    assert_non_null(strstr(out, "}, {\"path\""));
}

static void settings_come_from_matchplayrc_and_are_overruled_by_words(void **state)
{
    (void)state;
    put("rc", "[match]\neq = 40\npreset = gentle\nwidht = 3\n", 42);
    assert_int_equal(run("match @mono.flac -r @master.flac -o o.wav --json -c rc"), 0);
    assert_non_null(strstr(err, "rc:4: there is no setting widht; the nearest is width"));
    assert_non_null(strstr(out, "\"eq\": 40, \"width\": 60"));
    assert_non_null(strstr(out, "\"max_boost_db\": 18"));
    assert_int_equal(run("-c rc match @mono.flac -r @master.flac -o o.wav --json --eq 70"), 0);
    assert_non_null(strstr(out, "\"eq\": 70, \"width\": 60"));
    assert_int_equal(run("-c rc match @mono.flac -r @master.flac -o o.wav --json --preset "
                         "matchering"),
                     0);
    assert_non_null(strstr(out, "\"eq\": 100, \"width\": 100"));
    assert_int_equal(run("-c none match @mono.flac -r @master.flac -o n.wav"), 1);
    assert_non_null(strstr(err, "none: No such file"));
    assert_false(exists("n.wav"));
}

static void doctor_and_devices_always_answer(void **state)
{
    (void)state;
    assert_int_equal(run("doctor"), 0);
    assert_non_null(strstr(out, "SCHED_FIFO"));
    assert_non_null(strstr(out, "matchering is chosen"));
    assert_int_equal(run("devices"), 0);
    assert_non_null(strstr(out, "clock"));
    fails("devices no_such_device", 1, "no_such_device");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(help_goes_to_stdout_and_misuse_to_stderr),
        TEST(wrong_usage_of_match_is_told_in_one_line),
        TEST(bad_files_are_told_in_one_line_and_leave_no_output),
        TEST(bad_outputs_are_told_in_one_line),
        TEST(a_match_ends_with_one_line_or_one_object),
        TEST(analyze_goes_on_past_a_bad_file),
        TEST(settings_come_from_matchplayrc_and_are_overruled_by_words),
        TEST(doctor_and_devices_always_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
