/* password.c - who may do what over TCP. */
#include "server/password.h"

#include "server/server_internal.h"

#include <string.h>

enum { FREE_FAILURES = 3, LONGEST_SHIFT = 6, FORGIVEN_MS = 120 * 1000 };

static unsigned permission_named(const char *name, size_t length)
{
    static const struct {
        const char *name;
        unsigned permission;
    } table[] = {
        {"read", PERMISSION_READ},
        {"add", PERMISSION_ADD},
        {"player", PERMISSION_PLAYER},
        {"control", PERMISSION_CONTROL | PERMISSION_PLAYER}, /* as older remotes expect */
        {"admin", PERMISSION_ADMIN},
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (strlen(table[i].name) == length && strncmp(table[i].name, name, length) == 0) {
            return table[i].permission;
        }
    }
    return PERMISSION_NONE;
}

static unsigned permissions_of(const char *names, size_t length)
{
    unsigned permissions = PERMISSION_NONE;
    const char *end = names + length;

    while (names < end) {
        const char *comma = memchr(names, ',', (size_t)(end - names));
        size_t count = (size_t)((comma != NULL ? comma : end) - names);

        permissions |= permission_named(names, count);
        names += count + (comma != NULL ? 1 : 0);
    }
    return permissions;
}

/* Looks at every byte of `word`, whatever it finds. */
static bool is_same(const char *secret, size_t length, const char *word)
{
    size_t count = strlen(word);
    volatile unsigned char difference = count != length;

    for (size_t i = 0; i < count; i++) {
        unsigned char byte = length > 0 ? (unsigned char)secret[i % length] : 0;

        difference = (unsigned char)(difference | (byte ^ (unsigned char)word[i]));
    }
    return difference == 0;
}

bool password_find(const char *passwords, const char *word, unsigned *permissions)
{
    bool found = false;

    while (*passwords != '\0') {
        size_t length = strcspn(passwords, " ");
        const char *at = NULL;

        for (size_t i = 0; i < length; i++) {
            at = passwords[i] == '@' ? passwords + i : at; /* the last one */
        }
        if (length > 0) {
            size_t secret = at != NULL ? (size_t)(at - passwords) : length;
            unsigned granted =
                at != NULL ? permissions_of(at + 1, length - secret - 1) : (unsigned)PERMISSION_ALL;

            if (secret > 0 && is_same(passwords, secret, word)) {
                *permissions = granted;
                found = true;
            }
        }
        passwords += length + (passwords[length] == ' ' ? 1 : 0);
    }
    return found;
}

bool password_is_set(const struct options *options)
{
    const char *text = options_text(options, "password");

    return text[strspn(text, " ")] != '\0';
}

static struct password_guard *guard_of(struct server *server, const struct client *client)
{
    struct password_guard *oldest = &server->guards[0];
    int64_t now = server_now_ms(server);

    for (size_t i = 0; i < PASSWORD_GUARDS; i++) {
        struct password_guard *guard = &server->guards[i];

        if (guard->failures > 0 && guard->network == client->network) {
            if (now - guard->last_ms > FORGIVEN_MS) {
                guard->failures = 0;
            }
            return guard;
        }
        if (oldest->failures > 0 && (guard->failures == 0 || guard->last_ms < oldest->last_ms)) {
            oldest = guard;
        }
    }
    memset(oldest, 0, sizeof *oldest);
    oldest->network = client->network;
    return oldest;
}

int password_check(struct server *server, const struct client *client, const char *word,
                   unsigned *permissions)
{
    struct password_guard *guard = guard_of(server, client);
    int64_t now = server_now_ms(server);

    if (guard->failures >= FREE_FAILURES && now < guard->until_ms) {
        return (int)((guard->until_ms - now + 999) / 1000);
    }
    if (password_find(options_text(server->parts.options, "password"), word, permissions)) {
        guard->failures = 0;
        return 0;
    }
    guard->failures++;
    guard->last_ms = now;
    if (guard->failures >= FREE_FAILURES) {
        unsigned shift = guard->failures - FREE_FAILURES;

        shift = shift < LONGEST_SHIFT ? shift : LONGEST_SHIFT;
        guard->until_ms = now + (INT64_C(1000) << shift);
        log_write(server->parts.log, LOG_WARNING, "client %s: %u wrong passwords", client->address,
                  guard->failures);
    }
    return -1;
}
