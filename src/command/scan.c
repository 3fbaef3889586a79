/* scan.c - reads the library now: through the running player, or else by itself. */
#include "command/command.h"
#include "command/talk.h"
#include "command/terminal.h"
#include "config/paths.h"
#include "library/scanner.h"

#include <errno.h>
#include <limits.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { KEY_AGAIN = 'a', MESSAGE_SIZE = 4096, REDRAW_MS = 100 };

struct scan {
    struct command_context *context;
    struct terminal *terminal;
    char *music;
    bool again;
    size_t count;   /* of folders */
    char **folders; /* below the music folder, "" for all of it */
};

/* --- which folders -----------------------------------------------------------------------------
 */

/* What of `path` stands below `folder`; NULL: it does not. */
static const char *below(const char *path, const char *folder)
{
    size_t length = strlen(folder);

    while (length > 1 && folder[length - 1] == '/') {
        length--;
    }
    if (strncmp(path, folder, length) != 0 || (path[length] != '/' && path[length] != '\0')) {
        return NULL;
    }
    path += length;
    return path + strspn(path, "/");
}

/* A copy without the '/' at its end. */
static char *trimmed(const char *uri)
{
    char *copy = strdup(uri);

    for (size_t end = copy == NULL ? 0 : strlen(copy); end > 0 && copy[end - 1] == '/'; end--) {
        copy[end - 1] = '\0';
    }
    return copy;
}

/* As a path of this machine, with links or without, or as a name below the music folder. NULL with
   errno; ENOENT: it is none of these. */
static char *find_folder(const struct scan *scan, const char *word)
{
    char *here = getcwd(NULL, 0), *whole = here == NULL ? NULL : path_join(here, word);
    char *real = realpath(word, NULL), *root = realpath(scan->music, NULL);
    char *named = path_join(scan->music, word), *uri = NULL;
    const char *found = whole == NULL ? NULL : below(whole, scan->music);
    struct stat status;

    if (found == NULL || found[0] == '.' || strstr(found, "/.") != NULL) { /* "." and ".." */
        found = real != NULL && root != NULL ? below(real, root) : NULL;
    }
    if (found == NULL && word[0] != '/' && strstr(word, "..") == NULL && named != NULL &&
        stat(named, &status) == 0) {
        found = word;
    }
    uri = found == NULL ? NULL : trimmed(found);
    errno = found == NULL ? ENOENT : ENOMEM;
    free(here);
    free(whole);
    free(real);
    free(root);
    free(named);
    return uri;
}

static int take_folders(struct scan *scan, const struct command_line *line)
{
    scan->folders = calloc(line->operands + 1, sizeof *scan->folders);
    for (size_t i = 0; scan->folders != NULL && i < line->count; i++) {
        const char *word = line->words[i].value;

        if (line->words[i].key != 0) {
            scan->again = scan->again || line->words[i].key == KEY_AGAIN;
            continue;
        }
        scan->folders[scan->count] = find_folder(scan, word);
        if (scan->folders[scan->count] == NULL) {
            return errno == ENOENT
                       ? command_fail(scan->context,
                                      "%s: is not in the music folder, %s; name what is in it, or "
                                      "set music_directory",
                                      word, scan->music)
                       : command_fail(scan->context, "out of memory");
        }
        scan->count++;
    }
    if (scan->folders != NULL && scan->count == 0) {
        scan->folders[scan->count++] = strdup("");
    }
    if (scan->folders == NULL || scan->folders[0] == NULL) {
        return command_fail(scan->context, "out of memory");
    }
    return EXIT_DONE;
}

/* --- by the player -----------------------------------------------------------------------------
 */

/* The answer, the caller's; NULL: told why not. */
static char *ask(const struct scan *scan, struct talk *talk, const char *line)
{
    char message[MESSAGE_SIZE], *answer = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&answer, &size);
    int error = file == NULL ? -ENOMEM : talk_ask(talk, line, file, message, sizeof message);

    if (file != NULL) {
        fclose(file);
    }
    if (error != 0) {
        command_fail(scan->context, "%s", error == -EREMOTEIO ? message : "the player broke off");
        free(answer);
        return NULL;
    }
    return answer;
}

/* The number behind `name`; -1: it is not there. */
static long number_of(const char *answer, const char *name)
{
    long number = -1;

    for (const char *at = answer; at != NULL && *at != '\0';
         at = strchr(at, '\n'), at += at != NULL) {
        if (strncmp(at, name, strlen(name)) == 0 && at[strlen(name)] == ':') {
            number = strtol(at + strlen(name) + 1, NULL, 10);
        }
    }
    return number;
}

struct progress {
    long job, files, read, errors, left_out, songs;
};

/* 0, or it was told why not. */
static int ask_progress(const struct scan *scan, struct talk *talk, struct progress *progress)
{
    char *answer = ask(scan, talk, "match scan");

    if (answer == NULL) {
        return -1;
    }
    *progress = (struct progress){number_of(answer, "job"),      number_of(answer, "files"),
                                  number_of(answer, "read"),     number_of(answer, "errors"),
                                  number_of(answer, "left_out"), number_of(answer, "songs")};
    free(answer);
    return 0;
}

/* The end of the line that tells what came of it. */
static void tell_troubles(long errors, long left_out, const char *where)
{
    if (errors > 0) {
        printf(", %ld cannot be read%s%s%s", errors, where != NULL ? " (" : "",
               where != NULL ? where : "", where != NULL ? ")" : "");
    }
    if (left_out > 0) {
        printf(", %ld left out for their names", left_out);
    }
    printf("\n");
}

/* Until the job of this number is over. */
static int follow(const struct scan *scan, struct talk *talk, long job)
{
    for (;;) {
        struct timespec pause = {0, REDRAW_MS * 1000000L};
        struct progress now = {0};
        char text[128];

        if (ask_progress(scan, talk, &now) != 0) {
            return EXIT_FAILED;
        }
        if (now.job == 0 || now.job > job) {
            terminal_show(scan->terminal, "");
            printf("%ld tracks", now.songs);
            tell_troubles(now.errors, now.left_out, "the player's log names them");
            return EXIT_DONE;
        }
        if (terminal_interrupted(scan->terminal) != 0) {
            return EXIT_FAILED; /* the player goes on by itself */
        }
        snprintf(text, sizeof text,
                 "the player reads the music: %ld files, %ld of them new or changed", now.files,
                 now.read);
        terminal_show(scan->terminal, text);
        nanosleep(&pause, NULL);
    }
}

static int scan_by_player(const struct scan *scan, struct talk *talk)
{
    long job = -1;

    for (size_t i = 0; i < scan->count; i++) {
        const char *const words[] = {scan->again ? "rescan" : "update", scan->folders[i]};
        char *line = talk_quote(words, scan->folders[i][0] == '\0' ? 1 : 2);
        char *answer;

        if (line == NULL) {
            return command_fail(scan->context, "the name of a folder holds the end of a line");
        }
        answer = ask(scan, talk, line);
        free(line);
        if (answer == NULL) {
            return EXIT_FAILED;
        }
        job = number_of(answer, "updating_db");
        free(answer);
    }
    return follow(scan, talk, job);
}

/* --- by itself ---------------------------------------------------------------------------------
 */

struct tally {
    const struct scan *scan;
    sem_t news;
    size_t put, removed;
    size_t files, errors, left_out;
    bool done; /* the job that was asked for */
};

static void wake(void *context)
{
    struct tally *tally = context;

    sem_post(&tally->news);
}

static void count(void *context, const struct scanner_event *event)
{
    struct tally *tally = context;

    tally->put += event->kind == SCANNER_PUT;
    tally->removed += event->kind == SCANNER_REMOVED;
    tally->done = tally->done || event->kind == SCANNER_DONE;
    if (event->kind == SCANNER_PUT && event->record->error != NULL) {
        log_write(tally->scan->context->log, LOG_DEBUG, "%s: %s", event->record->uri,
                  event->record->error);
    }
}

static void show(const struct scan *scan, struct scanner *scanner)
{
    struct scanner_status status;
    char text[128];

    if (terminal_shows(scan->terminal)) {
        scanner_read_status(scanner, &status);
        snprintf(text, sizeof text, "reading the music: %zu files, %zu of them new or changed",
                 status.files, status.read);
        terminal_show(scan->terminal, text);
    }
}

/* One folder; 0, or the signal that ended it. */
static int scan_folder(struct tally *tally, struct scanner *scanner, const char *folder)
{
    const struct scan *scan = tally->scan;
    struct scanner_status status;

    tally->done = false;
    scanner_update(scanner, folder, scan->again);
    while (!tally->done && terminal_interrupted(scan->terminal) == 0) {
        struct timespec until;

        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += REDRAW_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        sem_timedwait(&tally->news, &until);
        scanner_take(scanner, 0, count, tally);
        show(scan, scanner);
    }
    scanner_read_status(scanner, &status);
    tally->files += status.files;
    tally->errors += status.errors;
    tally->left_out += status.left_out;
    return terminal_interrupted(scan->terminal);
}

static void tell(const struct tally *tally)
{
    printf("%zu files: %zu new or changed, %zu gone", tally->files, tally->put, tally->removed);
    tell_troubles((long)tally->errors, (long)tally->left_out,
                  tally->scan->context->verbose ? NULL : "-v names them");
}

static int scan_alone(struct scan *scan)
{
    char *path = path_in_made(PATH_DATA, "library.db");
    struct tally tally = {.scan = scan};
    struct scanner_settings settings = {.database_path = path,
                                        .music_directory = scan->music,
                                        .log = scan->context->log,
                                        .news = wake,
                                        .context = &tally};
    struct scanner *scanner;
    int signal_number = 0;

    sem_init(&tally.news, 0, 0);
    scanner = path == NULL ? NULL : scanner_create(&settings);
    if (scanner == NULL) {
        int code = errno;

        free(path);
        return command_fail(scan->context, "the library cannot be read: %s", strerror(code));
    }
    for (size_t i = 0; signal_number == 0 && i < scan->count; i++) {
        signal_number = scan_folder(&tally, scanner, scan->folders[i]);
    }
    scanner_destroy(scanner);
    sem_destroy(&tally.news);
    free(path);
    terminal_show(scan->terminal, "");
    if (signal_number != 0) {
        terminal_close(scan->terminal);
        scan->terminal = NULL;
        return command_interrupted(signal_number);
    }
    tell(&tally);
    return EXIT_DONE;
}

static int scan_somehow(struct scan *scan)
{
    const struct command_context *context = scan->context;
    struct instance_wish wish = {context->socket, context->config_path, context->verbose};
    char message[MESSAGE_SIZE];
    struct talk *talk = talk_open(&wish, message, sizeof message);
    int status;

    if (talk == NULL && errno != ENOENT) {
        return command_fail(context, "%s", message);
    }
    status = talk != NULL ? scan_by_player(scan, talk) : scan_alone(scan);
    talk_close(talk);
    return status;
}

static int run(struct command_context *context, const struct command_line *line)
{
    struct scan scan = {.context = context,
                        .music = path_music(options_text(context->options, "music_directory")),
                        .terminal = terminal_open(context->log, false)};
    struct stat status;
    int result;

    if (scan.music == NULL || scan.terminal == NULL) {
        result = command_fail(context, "out of memory");
    } else if (stat(scan.music, &status) != 0 || !S_ISDIR(status.st_mode)) {
        result = command_fail(context,
                              "%s: there is no such folder; set music_directory in "
                              "matchplayrc, or see whether its disk is mounted",
                              scan.music);
    } else {
        result = take_folders(&scan, line);
    }
    if (result == EXIT_DONE) {
        result = scan_somehow(&scan);
    }
    for (size_t i = 0; i < scan.count; i++) {
        free(scan.folders[i]);
    }
    free(scan.folders);
    free(scan.music);
    terminal_close(scan.terminal);
    return result;
}

static const struct command_option options[] = {
    {KEY_AGAIN, "again", NULL, "read all files, even those that have not changed"},
    {0, NULL, NULL, NULL},
};

const struct command command_scan = {
    "scan",
    "[DIR...]",
    "read what is new in the music folder, or in parts of it",
    "By the running player, if there is one. A DIR is a folder or a file in the music folder, by\n"
    "its path or by its name below that folder.\n",
    options,
    run,
};
