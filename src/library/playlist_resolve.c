/* playlist_resolve.c - what a line of a playlist means as a path, whoever wrote it. */
#include "library/playlist_internal.h"
#include "library/playlist_sound.h"

#include "config/paths.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

bool playlist_is_utf8(const char *text)
{
    const unsigned char *byte = (const unsigned char *)text;

    while (*byte != '\0') {
        size_t more = *byte < 0x80   ? 0
                      : *byte < 0xc2 ? 4
                      : *byte < 0xe0 ? 1
                      : *byte < 0xf0 ? 2
                      : *byte < 0xf5 ? 3
                                     : 4;

        if (more == 4) {
            return false;
        }
        for (byte++; more > 0; more--, byte++) {
            if ((*byte & 0xc0) != 0x80) {
                return false;
            }
        }
    }
    return true;
}

/* Latin-1 is what old players wrote into .m3u. */
char *playlist_from_latin1(const char *text)
{
    char *utf8 = malloc(strlen(text) * 2 + 1);
    char *out = utf8;

    for (; utf8 != NULL && *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;

        if (byte < 0x80) {
            *out++ = (char)byte;
        } else {
            *out++ = (char)(0xc0 | (byte >> 6));
            *out++ = (char)(0x80 | (byte & 0x3f));
        }
    }
    if (utf8 != NULL) {
        *out = '\0';
    }
    return utf8;
}

static int hex_digit(char c)
{
    const char *digits = "0123456789abcdef";
    const char *found = c != '\0' ? strchr(digits, tolower((unsigned char)c)) : NULL;

    return found != NULL ? (int)(found - digits) : -1;
}

/* file:///a%20b and file://localhost/a%20b as a path. */
static char *from_file_address(const char *text)
{
    const char *slash = strchr(text + strlen("file://"), '/');
    char *path = strdup(slash != NULL ? slash : text);
    char *out = path;

    for (const char *in = path; path != NULL && *in != '\0'; in++) {
        int high = *in == '%' ? hex_digit(in[1]) : -1;
        int low = high >= 0 ? hex_digit(in[2]) : -1;

        if (low >= 0 && high + low > 0) {
            *out++ = (char)(high * 16 + low);
            in += 2;
        } else {
            *out++ = *in;
        }
    }
    if (path != NULL) {
        *out = '\0';
    }
    return path;
}

/* First as it stands, then as other systems may have meant it. */
char *playlist_resolve(const char *folder, const char *text)
{
    char *path, *other;

    if (strncasecmp(text, "file://", 7) == 0) {
        return from_file_address(text);
    }
    if (playlist_is_address(text)) {
        return strdup(text);
    }
    path = path_join(folder, text);
    if (path == NULL || access(path, F_OK) == 0) {
        return path;
    }
    other = playlist_is_utf8(text) ? strdup(text) : playlist_from_latin1(text);
    if (other != NULL && strchr(other, '/') == NULL) {
        for (char *c = strchr(other, '\\'); c != NULL; c = strchr(c, '\\')) {
            *c = '/';
        }
    }
    if (other != NULL && strcmp(other, text) != 0) {
        char *joined = path_join(folder, other);

        if (joined != NULL && access(joined, F_OK) == 0) {
            free(path);
            path = joined;
            joined = NULL;
        }
        free(joined);
    }
    free(other);
    return path;
}
