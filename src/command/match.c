/* match.c - matchplay match: a matched file. */
#include "command/command.h"
#include "command/configure.h"
#include "command/match_report.h"
#include "command/progress_bar.h"
#include "command/reference_words.h"
#include "config/paths.h"
#include "match/render.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { MESSAGE_SIZE = 1024 };

enum match_key {
    KEY_FORMAT = COMMAND_LONG_ONLY,
    KEY_PRESET,
    KEY_LEVEL,
    KEY_EQ,
    KEY_WIDTH,
    KEY_NO_LIMITER,
    KEY_MAX_BOOST,
    KEY_JSON,
    KEY_BLOCK,
    KEY_SIMD,
    KEY_PRECISION,
};

static const struct command_option options[] = {
    {'r', "reference", "REF[:WEIGHT]", "the sound to match; several are averaged by weight"},
    {'o', "output", "OUT", "the file to write: .wav or .flac"},
    {KEY_FORMAT, "format", "f32|s24|s16", "its words; f32 for .wav and s24 for .flac unless told"},
    {KEY_PRESET, "preset", "NAME", "a preset of presets.ini, in place of matchplayrc's"},
    {KEY_LEVEL, "level", "N", "how far the level follows, 0 to 100 %"},
    {KEY_EQ, "eq", "N", "how far the tone follows, 0 to 100 %"},
    {KEY_WIDTH, "width", "N", "how far the width follows, 0 to 100 %"},
    {KEY_NO_LIMITER, "no-limiter", NULL, "do not hold peaks; f32 keeps what goes over full scale"},
    {KEY_MAX_BOOST, "max-boost", "DB", "lift no frequency by more than this; 0: no bound"},
    {KEY_JSON, "json", NULL, "what it did, as one JSON object on stdout"},
    {'q', "quiet", NULL, "no progress, and no line at the end"},
    {KEY_BLOCK, "block", "FRAMES", "work in blocks of 64 to 4096 frames (same sound, for tests)"},
    {KEY_SIMD, "simd", "TIER", "auto, scalar, sse2, avx2, avx512 or neon (same sound, for tests)"},
    {KEY_PRECISION, "eq-precision", "TYPE",
     "float64 or float32: faster, and some 20 dB less exact"},
    {0, NULL, NULL, NULL},
};

struct match_words {
    struct render_request request;
    char *references[RENDER_REFERENCES_MAX];
    const char *preset;
    const char *amounts[PRESET_PARAMETERS]; /* as written, NULL: not given */
    struct rack rack;
    bool no_limiter, json, quiet;
};

static int take_format(const struct command_context *context, const char *text,
                       enum encoder_format *format)
{
    static const char *const names[] = {"f32", "s24", "s16"};
    static const enum encoder_format formats[] = {ENCODER_F32, ENCODER_S24, ENCODER_S16};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcasecmp(text, names[i]) == 0) {
            *format = formats[i];
            return EXIT_DONE;
        }
    }
    return command_misuse(context, "--format %s: it is f32, s24 or s16", text);
}

static int take_reference(const struct command_context *context, struct match_words *words,
                          const char *text, bool may_have_weight)
{
    struct render_request *request = &words->request;
    char message[MESSAGE_SIZE] = "out of memory";
    double weight = 1.0;
    char *path = NULL;

    if (request->reference_count == RENDER_REFERENCES_MAX) {
        return command_misuse(context, "more than %d references", RENDER_REFERENCES_MAX);
    }
    if (!may_have_weight) {
        path = path_expand(text);
    } else if (!reference_split(text, &path, &weight, message, sizeof message)) {
        return command_misuse(context, "%s", message);
    }
    if (path == NULL) {
        return command_fail(context, "out of memory");
    }
    words->references[request->reference_count] = path;
    request->references[request->reference_count] = path;
    request->weights[request->reference_count++] = weight;
    return EXIT_DONE;
}

static int take_word(const struct command_context *context, struct match_words *words,
                     const struct command_word *word)
{
    switch (word->key) {
    case 0:
        if (words->request.target != NULL) {
            return command_misuse(context, "%s: one TARGET at a time", word->value);
        }
        words->request.target = word->value;
        return EXIT_DONE;
    case 'r':
        return take_reference(context, words, word->value, true);
    case 'o':
        words->request.output = word->value;
        return EXIT_DONE;
    case KEY_FORMAT:
        return take_format(context, word->value, &words->request.format);
    case KEY_PRESET:
        words->preset = word->value;
        return EXIT_DONE;
    case KEY_LEVEL:
        words->amounts[PRESET_LEVEL] = word->value;
        return EXIT_DONE;
    case KEY_EQ:
        words->amounts[PRESET_EQ] = word->value;
        return EXIT_DONE;
    case KEY_WIDTH:
        words->amounts[PRESET_WIDTH] = word->value;
        return EXIT_DONE;
    case KEY_MAX_BOOST:
        words->amounts[PRESET_MAX_BOOST_DB] = word->value;
        return EXIT_DONE;
    case KEY_NO_LIMITER:
        words->no_limiter = true;
        return EXIT_DONE;
    case KEY_JSON:
        words->json = true;
        return EXIT_DONE;
    case 'q':
        words->quiet = true;
        return EXIT_DONE;
    case KEY_BLOCK:
        words->request.block_frames = (uint32_t)strtoul(word->value, NULL, 10);
        return command_set(context, "block_size", word->value);
    case KEY_SIMD:
        return command_set(context, "simd", word->value);
    case KEY_PRECISION:
        return command_set(context, "eq_precision", word->value);
    default:
        return EXIT_DONE;
    }
}

/* The preset, then what the command line says itself. */
static int choose_amounts(const struct command_context *context, struct match_words *words)
{
    struct amounts *amounts = &words->request.amounts;
    double *const fields[PRESET_PARAMETERS] = {
        [PRESET_LEVEL] = &amounts->level,
        [PRESET_EQ] = &amounts->eq,
        [PRESET_WIDTH] = &amounts->width,
        [PRESET_MAX_BOOST_DB] = &amounts->max_boost_db,
    };
    bool match = true;
    int status = configure_amounts(context, words->preset, amounts, &match, &words->rack);

    if (status != EXIT_DONE) {
        return status;
    }
    words->request.rack = &words->rack;
    if (!match) {
        *amounts = (struct amounts){.max_boost_db = HUGE_VAL};
    }
    for (size_t i = 0; i < PRESET_PARAMETERS; i++) {
        char message[MESSAGE_SIZE];

        if (words->amounts[i] == NULL || fields[i] == NULL) {
            continue;
        }
        if (option_check(&preset_parameters[i], words->amounts[i], message, sizeof message) != 0) {
            return command_misuse(context, "--%s", message);
        }
        *fields[i] = strtod(words->amounts[i], NULL);
        if (i != PRESET_MAX_BOOST_DB) {
            *fields[i] /= 100.0;
        } else if (*fields[i] <= 0.0) {
            *fields[i] = HUGE_VAL;
        }
    }
    if (words->no_limiter) {
        amounts->limiter = false;
    }
    return EXIT_DONE;
}

static bool ends_in(const char *path, const char *ending)
{
    size_t length = strlen(path), end = strlen(ending);

    return length > end && strcasecmp(path + length - end, ending) == 0;
}

static bool is_same_file(const struct stat *a, const char *path)
{
    struct stat b;

    return stat(path, &b) == 0 && a->st_dev == b.st_dev && a->st_ino == b.st_ino;
}

/* What can be known before an hour of sound is read for nothing. */
static int check_output(const struct command_context *context, const struct render_request *request)
{
    const char *output = request->output;
    struct stat status;
    char *folder;
    bool exists = stat(output, &status) == 0;

    if (exists && S_ISDIR(status.st_mode)) {
        return command_fail(context, "%s: this is a folder; -o wants the name of a file in it",
                            output);
    }
    if (exists && !S_ISREG(status.st_mode)) {
        return EXIT_DONE; /* a pipe or a device is written straight, as wav */
    }
    if (!ends_in(output, ".wav") && !ends_in(output, ".flac")) {
        return command_misuse(context, "-o %s: the name must end in .wav or .flac", output);
    }
    if (ends_in(output, ".flac") && request->format == ENCODER_F32) {
        return command_misuse(context, "-o %s: FLAC holds no f32; take --format s24, or .wav",
                              output);
    }
    if (exists && is_same_file(&status, request->target)) {
        return command_fail(context, "%s: this is the target itself; give -o another name", output);
    }
    for (size_t i = 0; exists && i < request->reference_count; i++) {
        if (is_same_file(&status, request->references[i])) {
            return command_fail(context, "%s: this is the reference itself; give -o another name",
                                output);
        }
    }
    folder = path_folder_of(output);
    if (folder != NULL && stat(folder, &status) != 0) {
        int failed =
            command_fail(context, "%s: its folder %s: %s; make it, or give -o another name", output,
                         folder, strerror(errno));

        free(folder);
        return failed;
    }
    free(folder);
    return EXIT_DONE;
}

static int check_words(const struct command_context *context, struct match_words *words)
{
    struct render_request *request = &words->request;
    const char *standing = options_text(context->options, "reference");

    if (request->target == NULL || request->target[0] == '\0') {
        return command_misuse(context, "which TARGET is to be matched?");
    }
    if (request->output == NULL || request->output[0] == '\0') {
        return command_misuse(context, "-o OUT names the file to write");
    }
    if (request->reference_count == 0 && standing[0] != '\0') {
        int status = take_reference(context, words, standing, false);

        if (status != EXIT_DONE) {
            return status;
        }
    }
    if (request->reference_count == 0) {
        return command_misuse(context, "-r REF names the sound to match");
    }
    return check_output(context, request);
}

static int choose_engine(const struct command_context *context, struct render_request *request)
{
    const char *simd = options_text(context->options, "simd");
    int tier = kernels_tier_named(simd);

    request->precision =
        options_choice(context->options, "eq_precision") == 0 ? FFT_FLOAT64 : FFT_FLOAT32;
    request->kernels = tier >= 0 ? kernels_select((enum simd_tier)tier) : NULL;
    if (request->kernels == NULL) {
        return command_fail(context, "simd %s: this processor has no such thing; take auto", simd);
    }
    return EXIT_DONE;
}

static int do_render(const struct command_context *context, const struct match_words *words)
{
    static const char *const stages[] = {
        [RENDER_ANALYSE] = "listening", [RENDER_CORRECT] = "measuring", [RENDER_WRITE] = "writing"};
    struct render_report report;
    struct media_error error;
    struct progress progress;
    _Atomic int stage = RENDER_ANALYSE;
    struct progress_bar *bar;
    int result, signal_number;

    memset(&report, 0, sizeof report);
    memset(&error, 0, sizeof error);
    memset(&progress, 0, sizeof progress);
    bar = progress_bar_start(context, &progress, &stage, stages, words->quiet);
    result = render(&words->request, &report, &progress, &stage, &error);
    signal_number = progress_bar_stop(bar);
    for (size_t i = 0; result == 0 && i < report.warning_count; i++) {
        log_write(context->log, LOG_WARNING, "%s", report.warnings[i]);
    }
    if (result == -ECANCELED) {
        command_fail(context, "%s: interrupted; nothing was written", words->request.output);
    } else if (result != 0 && error.message[0] == '\0') {
        command_fail(context, "%s: %s", words->request.target, strerror(-result));
    } else if (result != 0) {
        command_fail(context, "%s", error.message);
    } else if (words->json) {
        match_report_json(stdout, &words->request, &report);
    } else if (!words->quiet) {
        match_report_line(stdout, &words->request, &report);
    }
    render_report_finish(&report);
    if (result == -ECANCELED) {
        return command_interrupted(signal_number);
    }
    return result == 0 ? EXIT_DONE : EXIT_FAILED;
}

static int run(struct command_context *context, const struct command_line *line)
{
    struct match_words words;
    int status = EXIT_DONE;

    memset(&words, 0, sizeof words);
    for (size_t i = 0; status == EXIT_DONE && i < line->count; i++) {
        status = take_word(context, &words, &line->words[i]);
    }
    if (status == EXIT_DONE) {
        status = choose_amounts(context, &words);
    }
    if (status == EXIT_DONE) {
        status = check_words(context, &words);
    }
    if (status == EXIT_DONE) {
        status = choose_engine(context, &words.request);
    }
    if (status == EXIT_DONE) {
        words.request.cache = configure_cache(context);
        status = do_render(context, &words);
        cache_close(words.request.cache);
    }
    for (size_t i = 0; i < words.request.reference_count; i++) {
        free(words.references[i]);
    }
    return status;
}

const struct command command_match = {
    "match",
    "TARGET -r REF[:WEIGHT]... -o OUT [--format f32|s24|s16] [--preset NAME]\n"
    "                       [--level N] [--eq N] [--width N] [--no-limiter] [--json]",
    "write a file that sounds like a reference",
    "OUT is as long as TARGET, and appears whole or not at all. Without -r the reference of\n"
    "matchplayrc holds. A name that holds a colon works as REF, too.\n",
    options,
    run,
};
