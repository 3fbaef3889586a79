/* cache_key.c - under what name and stamp something was measured. */
#include "match/cache_internal.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *join(const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);

    if (path)
        snprintf(path, size, "%s/%s", folder, name);
    return path;
}

/* From the root; the folder cleared of dots and links, the name as it is. */
static char *absolute(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder, *clear, *result;

    if (path[0] == '/')
        return strdup(path);
    folder = slash ? strndup(path, (size_t)(slash - path)) : strdup(".");
    if (!folder)
        return NULL;
    clear = realpath(folder, NULL);
    free(folder);
    if (clear) {
        result = join(clear, slash ? slash + 1 : path);
        free(clear);
        return result;
    }
    clear = getcwd(NULL, 0); /* the folder is gone, too */
    result = clear ? join(clear, path) : strdup(path);
    free(clear);
    return result;
}

static void stamp(struct cache_key *key, const char *path)
{
    struct stat status;

    if (stat(path, &status) < 0) {
        key->gone = true;
        return;
    }
    key->size = (int64_t)status.st_size;
    key->modified_ns = (int64_t)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
    key->passable = !S_ISREG(status.st_mode);
}

static void join_keys(struct cache_key *key, const char *const paths[], size_t count)
{
    uint64_t one = 1, other = 2;
    char text[64];

    for (size_t i = 0; i < count; i++) {
        struct cache_key part;

        cache_key_init(&part, &paths[i], 1);
        if (!part.name) {
            cache_key_finish(&part);
            return;
        }
        one = cache_sum(one, part.name, strlen(part.name));
        one = cache_sum(one, &part.modified_ns, sizeof(part.modified_ns));
        other = cache_sum(other, part.name, strlen(part.name));
        other = cache_sum(other, &part.size, sizeof(part.size));
        key->size += part.size;
        if (part.modified_ns > key->modified_ns)
            key->modified_ns = part.modified_ns;
        key->gone = key->gone || part.gone;
        key->passable = key->passable || part.passable;
        cache_key_finish(&part);
    }
    snprintf(text, sizeof(text), "joined:%016llx%016llx", (unsigned long long)one,
             (unsigned long long)other);
    key->name = strdup(text);
}

void cache_key_init(struct cache_key *key, const char *const paths[], size_t count)
{
    *key = (struct cache_key){0};
    if (count == 1) {
        key->name = absolute(paths[0]);
        stamp(key, paths[0]);
    } else if (count > 1) {
        join_keys(key, paths, count);
    }
}

void cache_key_finish(struct cache_key *key)
{
    free(key->name);
    key->name = NULL;
}
