/* scanner_watch.c - inotify: which folders are watched, and what they tell of as places to look at.
 */
#include "library/scanner_internal.h"

#include "library/source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    WATCHED = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_ATTRIB |
              IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK,
    BUFFER = 65536,
    FREE = -1,
};

void scanner_watch_open(struct scanner *scanner)
{
    scanner->watch_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    scanner->watching = scanner->watch_fd >= 0;
    if (scanner->watch_fd < 0) {
        scanner_log(scanner, LOG_WARNING,
                    "changes of the music folder cannot be watched (%s; see "
                    "fs.inotify.max_user_instances): it is read again every hour",
                    strerror(errno));
    }
}

void scanner_watch_close(struct scanner *scanner)
{
    for (size_t i = 0; i < scanner->watch_size; i++) {
        free(scanner->watches[i].uri);
    }
    free(scanner->watches);
    if (scanner->watch_fd >= 0) {
        close(scanner->watch_fd);
    }
}

int scanner_watch_fd(const struct scanner *scanner)
{
    return scanner->watch_fd;
}

static size_t slot_of(const struct scanner *scanner, int number)
{
    return ((size_t)number * 2654435761U) & (scanner->watch_size - 1);
}

/* The watch of this number from slot `at` on, going round until a free one; NULL: no more. */
static struct watch *next_watch(struct scanner *scanner, int number, size_t *at)
{
    while (scanner->watch_size > 0 && scanner->watches[*at].number != FREE) {
        struct watch *watch = &scanner->watches[*at];

        *at = (*at + 1) & (scanner->watch_size - 1);
        if (watch->number == number) {
            return watch;
        }
    }
    return NULL;
}

static void insert(struct scanner *scanner, int number, char *uri)
{
    size_t at = slot_of(scanner, number);

    while (scanner->watches[at].number != FREE) {
        at = (at + 1) & (scanner->watch_size - 1);
    }
    scanner->watches[at] = (struct watch){number, uri};
    scanner->watch_count++;
}

/* Makes the table anew with room for one more, without what has no uri. */
static bool rebuild(struct scanner *scanner)
{
    struct watch *old = scanner->watches, *made;
    size_t old_size = scanner->watch_size, live = 0, size = 64;

    for (size_t i = 0; i < old_size; i++) {
        live += old[i].uri != NULL;
    }
    while (size < live * 4) {
        size *= 2;
    }
    made = malloc(size * sizeof *made);
    if (made == NULL) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        made[i] = (struct watch){FREE, NULL};
    }
    scanner->watches = made;
    scanner->watch_size = size;
    scanner->watch_count = 0;
    for (size_t i = 0; i < old_size; i++) {
        if (old[i].uri != NULL) {
            insert(scanner, old[i].number, old[i].uri);
        }
    }
    free(old);
    return true;
}

static void enter(struct scanner *scanner, int number, const char *uri)
{
    size_t at;
    struct watch *watch;
    char *copy;

    if (scanner->watch_count * 2 >= scanner->watch_size && !rebuild(scanner)) {
        return;
    }
    at = slot_of(scanner, number);
    while ((watch = next_watch(scanner, number, &at)) != NULL) {
        if (watch->uri != NULL && strcmp(watch->uri, uri) == 0) {
            return;
        }
    }
    copy = strdup(uri);
    if (copy != NULL) {
        insert(scanner, number, copy);
    }
}

static void tell_ran_out(struct scanner *scanner, const char *uri)
{
    char limit[32] = "";
    FILE *file = fopen("/proc/sys/fs/inotify/max_user_watches", "re");

    if (file != NULL) {
        if (fgets(limit, sizeof limit, file) != NULL) {
            limit[strcspn(limit, "\n")] = '\0';
        }
        fclose(file);
    }
    scanner_log(scanner, LOG_WARNING,
                "%s and other folders cannot be watched for changes: fs.inotify.max_user_watches "
                "(%s) is used up; raise it with sysctl; until then the music folder is read again "
                "every hour",
                uri, limit);
}

void scanner_watch_folder(struct scanner *scanner, const char *uri, const char *path)
{
    bool tell = false;
    int number;

    if (!scanner->watching) {
        return;
    }
    pthread_mutex_lock(&scanner->watch_lock);
    number = inotify_add_watch(scanner->watch_fd, path, WATCHED);
    if (number >= 0) {
        enter(scanner, number, uri);
    } else if (errno == ENOSPC) {
        tell = !scanner->watches_ran_out;
        scanner->watches_ran_out = true;
        scanner->watching = false;
    }
    pthread_mutex_unlock(&scanner->watch_lock);
    if (tell) {
        tell_ran_out(scanner, uri);
    }
}

/* A folder went away: what was below it is somewhere else now, or nowhere. */
static void forget_below(struct scanner *scanner, const char *folder)
{
    for (size_t i = 0; i < scanner->watch_size; i++) {
        struct watch *watch = &scanner->watches[i];

        if (watch->uri != NULL &&
            (strcmp(watch->uri, folder) == 0 || scan_uri_is_below(watch->uri, folder))) {
            inotify_rm_watch(scanner->watch_fd, watch->number);
            free(watch->uri);
            watch->uri = NULL; /* the slot stays, so that others are found behind it */
        }
    }
}

static void note_place(struct scanner *scanner, const char *uri, bool deep)
{
    pthread_mutex_lock(&scanner->lock);
    if (scanner->changed == NULL) {
        scanner->changed = scan_job_create();
        scanner->changed_first_ns = scanner_now_ns();
    }
    if (scanner->changed != NULL) {
        scan_job_add(scanner->changed, uri, deep);
        scanner->changed_last_ns = scanner_now_ns();
        pthread_cond_broadcast(&scanner->wake);
    }
    pthread_mutex_unlock(&scanner->lock);
}

/* What was made by a link is complete at once; other files are told of again when they are closed.
 */
static bool is_link(const struct scanner *scanner, const char *uri, bool sound)
{
    char *path = scanner_path(scanner, uri);
    struct stat status;
    bool link = path != NULL && lstat(path, &status) == 0 &&
                (S_ISLNK(status.st_mode) || (sound && status.st_nlink > 1));

    free(path);
    return link;
}

/* One name in a folder that is watched. */
static void note_name(struct scanner *scanner, const char *folder,
                      const struct inotify_event *event)
{
    char *uri = NULL;
    bool sound = source_is_sound(event->name);

    if (event->name[0] == '.' ||
        asprintf(&uri, "%s%s%s", folder, folder[0] == '\0' ? "" : "/", event->name) < 0) {
        return;
    }
    if (event->mask & IN_ISDIR) {
        if (event->mask & (IN_MOVED_FROM | IN_DELETE)) {
            forget_below(scanner, uri);
        }
        note_place(scanner, uri, true);
    } else if (sound && !(event->mask & IN_CREATE)) {
        note_place(scanner, folder, false);
    } else if ((event->mask & (IN_MOVED_FROM | IN_DELETE)) != 0 ||
               ((event->mask & (IN_CREATE | IN_MOVED_TO)) != 0 && is_link(scanner, uri, sound))) {
        note_place(scanner, sound ? folder : uri, !sound); /* it may be a link to a folder */
    }
    free(uri);
}

static void note_event(struct scanner *scanner, const struct inotify_event *event)
{
    size_t at;
    struct watch *watch;

    if (event->mask & IN_Q_OVERFLOW) {
        note_place(scanner, "", true);
        return;
    }
    if (scanner->watch_size == 0) {
        return;
    }
    at = slot_of(scanner, event->wd);
    while ((watch = next_watch(scanner, event->wd, &at)) != NULL) {
        if (watch->uri == NULL) {
            continue;
        }
        if (event->mask & IN_IGNORED) {
            free(watch->uri);
            watch->uri = NULL;
        } else if (event->mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT)) {
            note_place(scanner, watch->uri, true);
        } else if (event->len > 0) {
            char *folder = strdup(watch->uri); /* the watch may be forgotten meanwhile */

            if (folder != NULL) {
                note_name(scanner, folder, event);
            }
            free(folder);
        }
    }
}

void scanner_watch(struct scanner *scanner)
{
    char *buffer = malloc(BUFFER);
    ssize_t got;

    while (buffer != NULL && (got = read(scanner->watch_fd, buffer, BUFFER)) > 0) {
        pthread_mutex_lock(&scanner->watch_lock);
        for (ssize_t at = 0; at < got;) {
            const struct inotify_event *event = (const void *)(buffer + at);

            note_event(scanner, event);
            at += (ssize_t)(sizeof *event + event->len);
        }
        pthread_mutex_unlock(&scanner->watch_lock);
    }
    free(buffer);
}
