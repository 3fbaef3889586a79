/* client_input.c - what a client sends: lines, lists of commands, idle. */
#include "server/client_internal.h"
#include "server/commands.h"
#include "server/server_internal.h"

#include <stdlib.h>
#include <string.h>

enum { LIST_FIRST = 1024 };

static void answer_ok(struct client *client, const char *text)
{
    client_write(client, text, strlen(text));
}

static const char *wrong_count(const struct server_command *command, int count)
{
    if (command->least == command->most) {
        return "wrong number of";
    }
    return count < command->least ? "too few" : "too many";
}

bool client_run_words(struct client *client, const struct words *words)
{
    const struct server_command *command = commands_find(words->word[0]);
    int count = (int)words->count - 1;

    if (command == NULL) {
        client_ack(client, ACK_UNKNOWN, "unknown command \"%s\"", words->word[0]);
        return false;
    }
    client->command = command->name;
    if ((command->permission & ~client->permissions) != 0) {
        client_ack(client, ACK_PERMISSION, "you don't have permission for \"%s\"", command->name);
    } else if (count < command->least || (command->most >= 0 && count > command->most)) {
        client_ack(client, ACK_ARG, "%s arguments for \"%s\"", wrong_count(command, count),
                   command->name);
    } else {
        command->run(client, words);
    }
    if (client->errand == NULL) {
        client->command = "";
    }
    return !client->failed;
}

/* WAITS: for an errand; client_feed_on goes on from there. */
enum outcome { OUTCOME_DONE, OUTCOME_FAILED, OUTCOME_FOREIGN, OUTCOME_WAITS };

static enum outcome run_line(struct client *client, char *line, unsigned index)
{
    const char *message = "";
    struct words words;
    int code = protocol_split(line, &words, &message);

    client->index = index;
    client->failed = false;
    if (code != 0) {
        client_ack(client, (enum ack)code, "%s", message);
        return words.count == 0 ? OUTCOME_FOREIGN : OUTCOME_FAILED;
    }
    if (!client_run_words(client, &words)) {
        return OUTCOME_FAILED;
    }
    return client->errand != NULL ? OUTCOME_WAITS : OUTCOME_DONE;
}

/* --- lists of commands ----------------------------------------------------------------------- */

static bool add_to_list(struct client *client, const char *line)
{
    struct client_input *input = &client->input;
    size_t length = strlen(line) + 1, wanted = input->list_length + length;

    if (wanted > server_limits(client->server)->list_bytes) {
        log_write(server_parts(client->server)->log, LOG_WARNING,
                  "client %s: its list of commands is longer than %zu KiB; it is let go",
                  client->address, server_limits(client->server)->list_bytes / 1024);
        return false;
    }
    if (wanted > input->list_capacity) {
        size_t capacity = input->list_capacity > 0 ? input->list_capacity : LIST_FIRST;
        char *grown;

        while (capacity < wanted) {
            capacity *= 2;
        }
        grown = realloc(input->list, capacity);
        if (grown == NULL) {
            return false;
        }
        input->list = grown;
        input->list_capacity = capacity;
    }
    memcpy(input->list + input->list_length, line, length);
    input->list_length = wanted;
    return true;
}

/* What is left of the list, after a command of it that came out so. */
static bool run_rest(struct client *client, enum outcome outcome)
{
    struct client_input *input = &client->input;

    /* For one that has overflowed nobody hears an answer: the rest is not carried out. */
    while (outcome == OUTCOME_DONE && input->list_at < input->list_length && !client->leaving &&
           !client->output.overflowed) {
        char *line = input->list + input->list_at;

        if (server_turn_is_over(client->server)) {
            client->rests = server_next_rest(client->server);
            return true;
        }
        input->list_at += strlen(line) + 1;
        outcome = run_line(client, line, input->list_index++);
        if (outcome == OUTCOME_DONE && input->list_ok) {
            answer_ok(client, "list_OK\n");
        }
    }
    if (outcome == OUTCOME_WAITS) {
        return true;
    }
    free(input->list);
    input->list = NULL;
    input->list_length = input->list_capacity = 0;
    input->running = false;
    if (outcome == OUTCOME_DONE && !client->leaving) {
        answer_ok(client, "OK\n");
    }
    return outcome != OUTCOME_FOREIGN && !client->leaving;
}

static bool run_list(struct client *client)
{
    struct client_input *input = &client->input;

    input->listing = false;
    input->running = true;
    input->list_at = 0;
    input->list_index = 0;
    return run_rest(client, OUTCOME_DONE);
}

/* --- lines ----------------------------------------------------------------------------------- */

/* After a command by itself that came out so. */
static bool end_single(struct client *client, enum outcome outcome)
{
    if (outcome == OUTCOME_DONE && !client->leaving) {
        if (client->idling) {
            client_tell_events(client); /* what is known already is told at once */
        } else {
            answer_ok(client, "OK\n");
        }
    }
    return outcome != OUTCOME_FOREIGN && !client->leaving;
}

/* False: it is to be closed. */
static bool take_line(struct client *client, char *line)
{
    struct client_input *input = &client->input;

    if (strcmp(line, "noidle") == 0) {
        if (client->idling) { /* else it has been answered already, and both crossed */
            client->idling = false;
            answer_ok(client, "OK\n");
        }
        return true;
    }
    if (client->idling || line[0] < 'a' || line[0] > 'z') {
        return false; /* whoever waits may say noidle alone; and no command begins so */
    }
    if (input->listing) {
        return strcmp(line, "command_list_end") == 0 ? run_list(client) : add_to_list(client, line);
    }
    if (strcmp(line, "command_list_begin") == 0 || strcmp(line, "command_list_ok_begin") == 0) {
        input->listing = true;
        input->list_ok = strcmp(line, "command_list_ok_begin") == 0;
        return true;
    }
    return end_single(client, run_line(client, line, 0));
}

/* MPD reads to the first NUL and passes over the rest of such a line; here it is the end. */
static bool take_bytes_of_line(struct client *client, char *line, size_t length)
{
    if (memchr(line, '\0', length) != NULL) {
        return false;
    }
    while (length > 0 && (unsigned char)line[length - 1] <= 0x20) {
        length--; /* CR, and spaces at the end */
    }
    line[length] = '\0';
    return take_line(client, line);
}

/* Puts what has come of a line to what came before. */
static bool keep_partial(struct client *client, const char *bytes, size_t length)
{
    struct client_input *input = &client->input;
    char *grown;

    if (input->length + length > PROTOCOL_LINE_LIMIT) {
        log_write(server_parts(client->server)->log, LOG_WARNING,
                  "client %s: a line is longer than %d bytes; it is let go", client->address,
                  PROTOCOL_LINE_LIMIT);
        return false;
    }
    if (length == 0) {
        return true;
    }
    grown = realloc(input->partial, input->length + length + 1);
    if (grown == NULL) {
        return false;
    }
    memcpy(grown + input->length, bytes, length);
    input->partial = grown;
    input->length += length;
    return true;
}

/* It waits or rests: what came behind is for later. */
static bool hold(struct client *client, const char *bytes, size_t length)
{
    struct client_input *input = &client->input;

    if (length == 0) {
        return true;
    }
    input->held = malloc(length);
    if (input->held == NULL) {
        return false;
    }
    memcpy(input->held, bytes, length);
    input->held_length = length;
    return true;
}

bool client_feed(struct client *client, char *bytes, size_t length)
{
    struct client_input *input = &client->input;
    char *end = bytes + length;

    while (bytes < end) {
        char *stop = memchr(bytes, '\n', (size_t)(end - bytes));
        size_t count = (size_t)((stop != NULL ? stop : end) - bytes);
        bool stays;

        if (stop == NULL) {
            return keep_partial(client, bytes, count);
        }
        if (input->length > 0) {
            char *line;

            if (!keep_partial(client, bytes, count)) {
                return false;
            }
            line = input->partial;
            count = input->length;
            input->partial = NULL;
            input->length = 0;
            stays = take_bytes_of_line(client, line, count);
            free(line);
        } else {
            stays = count <= PROTOCOL_LINE_LIMIT && take_bytes_of_line(client, bytes, count);
        }
        if (!stays || client->output.overflowed) {
            return false;
        }
        bytes = stop + 1;
        if (client->errand == NULL && bytes < end && server_turn_is_over(client->server)) {
            client->rests = server_next_rest(client->server);
        }
        if (client->errand != NULL || client->rests > 0) {
            return hold(client, bytes, (size_t)(end - bytes));
        }
    }
    return true;
}

bool client_feed_on(struct client *client)
{
    struct client_input *input = &client->input;
    bool rested = client->rests > 0, stays = true;
    enum outcome outcome = !rested && client->failed ? OUTCOME_FAILED : OUTCOME_DONE;
    char *held = input->held;

    client->rests = 0;
    client->command = "";
    if (!rested && input->running && outcome == OUTCOME_DONE && input->list_ok) {
        answer_ok(client, "list_OK\n");
    }
    if (input->running) {
        stays = run_rest(client, outcome);
    } else if (!rested) {
        stays = end_single(client, outcome);
    }
    if (!stays || client->output.overflowed || client->errand != NULL || client->rests > 0) {
        return stays && !client->output.overflowed;
    }
    input->held = NULL;
    stays = held == NULL || client_feed(client, held, input->held_length);
    free(held);
    return stays;
}

void client_tell_events(struct client *client)
{
    unsigned now = client->events & client->idle_wanted;

    if (!client->idling || now == 0) {
        return;
    }
    for (unsigned event = 0; event < EVENTS; event++) {
        if ((now & 1u << event) != 0) {
            client_pair(client, "changed", server_event_name((enum server_event)event));
        }
    }
    client->events &= ~now;
    client->idling = false;
    answer_ok(client, "OK\n");
}
