/* errand.c - what a command has to ask the disk for, while its client waits. */
#include "server/errand.h"

#include "server/client_internal.h"
#include "server/server_internal.h"

#include <stdlib.h>

struct errand {
    uv_work_t work;
    const struct errand_kind *kind;
    void *context;
    struct client *client; /* NULL: it has gone */
};

static void on_work(uv_work_t *work)
{
    struct errand *errand = work->data;

    errand->kind->work(errand->context);
}

static void on_done(uv_work_t *work, int status)
{
    struct errand *errand = work->data;
    struct client *client = errand->client;

    (void)status;
    if (client != NULL) {
        struct server *server = client->server;

        server_enter(server);
        client->errand = NULL;
        if (!client->leaving) {
            errand->kind->answer(client, errand->context);
            client_go_on(client);
        }
        server_leave(server);
    }
    errand->kind->destroy(errand->context);
    free(errand);
}

void errand_forget(struct errand *errand)
{
    if (errand != NULL) {
        errand->client = NULL;
    }
}

static int run_here(struct client *client, const struct errand_kind *kind, void *context)
{
    int result;

    kind->work(context);
    result = kind->answer(client, context);
    kind->destroy(context);
    return result;
}

int errand_send(struct client *client, const struct errand_kind *kind, void *context_taken)
{
    struct errand *errand = client->connected ? calloc(1, sizeof *errand) : NULL;

    if (errand == NULL) { /* one without a connection does not wait */
        return run_here(client, kind, context_taken);
    }
    *errand = (struct errand){{.data = errand}, kind, context_taken, client};
    client->errand = errand;
    uv_queue_work(&client->server->loop, &errand->work, on_work, on_done);
    return 0;
}
