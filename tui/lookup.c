/* lookup.c - the addresses of a player elsewhere, found beside all else. */
#include "tui/lookup.h"

#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PORT_SIZE = 16, HOST_SIZE = 256 };

struct lookup {
    char host[HOST_SIZE], port[PORT_SIZE];
    struct addrinfo hints;
    struct gaicb request;
    bool asked;
};

/* HOST, HOST:PORT, [::1]:PORT. */
struct lookup *lookup_create(const char *name)
{
    struct lookup *lookup = calloc(1, sizeof *lookup);
    const char *colon = strrchr(name, ':');
    size_t length = colon != NULL ? (size_t)(colon - name) : strlen(name);

    if (lookup == NULL) {
        return NULL;
    }
    if (length >= 2 && name[0] == '[' && name[length - 1] == ']') {
        name++;
        length -= 2;
    }
    snprintf(lookup->host, sizeof lookup->host, "%.*s", (int)length, name);
    snprintf(lookup->port, sizeof lookup->port, "%s", colon != NULL ? colon + 1 : "6600");
    lookup->hints = (struct addrinfo){.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    lookup->request = (struct gaicb){
        .ar_name = lookup->host, .ar_service = lookup->port, .ar_request = &lookup->hints};
    return lookup;
}

void lookup_destroy(struct lookup *lookup)
{
    if (lookup == NULL) {
        return;
    }
    if (lookup->asked && gai_cancel(&lookup->request) == EAI_NOTCANCELED) {
        return; /* the C library still writes to it: the process ends soon */
    }
    lookup->asked = false;
    lookup_forget(lookup);
    free(lookup);
}

void lookup_forget(struct lookup *lookup)
{
    if (!lookup->asked && lookup->request.ar_result != NULL) {
        freeaddrinfo(lookup->request.ar_result);
        lookup->request.ar_result = NULL;
    }
}

int lookup_find(struct lookup *lookup, const struct addrinfo **found, const char **why)
{
    struct gaicb *list[] = {&lookup->request};
    int result = 0;

    if (lookup->request.ar_result == NULL && !lookup->asked) {
        result = getaddrinfo_a(GAI_NOWAIT, list, 1, NULL);
        lookup->asked = result == 0;
    }
    if (lookup->asked) {
        result = gai_error(&lookup->request);
        if (result == EAI_INPROGRESS) {
            return -EINPROGRESS;
        }
        lookup->asked = false;
    }
    *found = lookup->request.ar_result;
    *why = gai_strerror(result);
    return result == 0 && *found != NULL ? 0 : -EHOSTUNREACH;
}
