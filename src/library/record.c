/* record.c - under which names a record can be. */
#include "library/record.h"

#include "media/text.h"

#include <string.h>

const char *record_uri_trouble(const char *uri)
{
    if (strpbrk(uri, "\r\n") != NULL) {
        return "there is a line end in the name";
    }
    if (!text_is_utf8(uri)) {
        return "the name is not UTF-8";
    }
    return strlen(uri) > RECORD_URI_LIMIT ? "the path is too long" : NULL;
}
