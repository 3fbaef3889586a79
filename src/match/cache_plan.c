/* cache_plan.c - what a plan cost, in the cache: corrections and what its rehearsal found. */
#include "match/cache_internal.h"

#include <stdlib.h>
#include <string.h>

/* Of everything that the corrections follow from. */
struct plan_name {
    uint64_t half[2];
};

static void add(struct plan_name *name, const void *bytes, size_t size)
{
    for (size_t i = 0; i < 2; i++)
        name->half[i] = cache_sum(name->half[i], bytes, size);
}

static void add_key(struct plan_name *name, const struct cache_key *key)
{
    add(name, key->name, strlen(key->name));
    add(name, &key->size, sizeof(key->size));
    add(name, &key->modified_ns, sizeof(key->modified_ns));
}

static void add_number(struct plan_name *name, double value)
{
    value += 0.0; /* the two zeros are one */
    add(name, &value, sizeof(value));
}

/* By what is heard of it; nothing of the exact one. */
static void add_rack(struct plan_name *name, const struct rack *rack)
{
    if (rack == NULL || rack_is_exact(rack))
        return;
    for (size_t i = 0; i < rack->length; i++) {
        const struct rack_entry *entry = &rack->entries[i];
        const struct module_class *class = entry->kind->class;

        if (entry->bypassed)
            continue;
        add(name, class->name, strlen(class->name) + 1);
        for (size_t j = 0; j < class->parameter_count; j++) {
            add(name, class->parameters[j].name, strlen(class->parameters[j].name));
            add_number(name, entry->values[j]);
        }
    }
    add(name, "rack", 4); /* one without a module is not the exact one */
}

static bool is_known(const struct cache_key *key)
{
    return key->name && !key->passable && (!key->gone || key->modified_ns != 0);
}

/* False: one of the files cannot be named. */
static bool make_name(const struct plan_key *key, struct plan_name *name)
{
    const struct amounts *amounts = key->amounts;

    *name = (struct plan_name){{1, 2}};
    if (!is_known(key->target))
        return false;
    add_key(name, key->target);
    for (size_t i = 0; i < key->reference_count; i++) {
        if (!is_known(key->references[i]))
            return false;
        add_key(name, key->references[i]);
        add_number(name, key->reference_count > 1 ? key->weights[i] : 1.0);
    }
    add_number(name, amounts->level);
    add_number(name, amounts->eq);
    add_number(name, amounts->width);
    add_number(name, amounts->max_boost_db);
    add(name, &amounts->limiter, sizeof(amounts->limiter));
    add(name, &key->rate_hz, sizeof(key->rate_hz));
    add_rack(name, key->rack);
    return true;
}

static void touch(struct cache *cache, const struct plan_name *name)
{
    sqlite3_stmt *statement = cache_statement(cache, CACHE_TOUCH_PLAN);

    if (!statement)
        return;
    sqlite3_bind_blob(statement, 1, name, sizeof(*name), SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, cache_now_s());
    cache_run(cache, statement);
}

static bool find(struct cache *cache, const struct plan_name *name, struct plan_memory *memory,
                 int64_t *used)
{
    sqlite3_stmt *statement = cache_statement(cache, CACHE_GET_PLAN);
    const void *bytes = NULL;
    size_t size = 0;
    int result;

    if (!statement)
        return false;
    sqlite3_bind_blob(statement, 1, name, sizeof(*name), SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, CACHE_ANALYSIS_VERSION);
    result = sqlite3_step(statement);
    if (result == SQLITE_ROW) {
        bytes = cache_unwrap(sqlite3_column_blob(statement, 0),
                             (size_t)sqlite3_column_bytes(statement, 0), &size);
        if (bytes && size == sizeof(*memory))
            memcpy(memory, bytes, sizeof(*memory));
        *used = sqlite3_column_int64(statement, 1);
    }
    return cache_end(cache, statement, result) && bytes && size == sizeof(*memory);
}

bool cache_plan(struct cache *cache, const struct plan_key *key, struct plan_memory *memory)
{
    struct plan_name name;
    int64_t used = 0;
    bool found;

    if (!cache || !make_name(key, &name))
        return false;
    pthread_mutex_lock(&cache->lock);
    found = find(cache, &name, memory, &used);
    if (found && cache_now_s() - used > CACHE_USED_STEP_S)
        touch(cache, &name);
    pthread_mutex_unlock(&cache->lock);
    return found;
}

static void put(struct cache *cache, const struct plan_name *name, const struct plan_memory *memory)
{
    sqlite3_stmt *statement = cache_statement(cache, CACHE_PUT_PLAN);
    size_t whole = 0;
    void *body = statement ? cache_wrap(memory, sizeof(*memory), NULL, 0, &whole) : NULL;

    if (!body)
        return;
    sqlite3_bind_blob(statement, 1, name, sizeof(*name), SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, CACHE_ANALYSIS_VERSION);
    sqlite3_bind_int64(statement, 3, cache_now_s());
    sqlite3_bind_blob64(statement, 4, body, whole, SQLITE_STATIC);
    cache_run(cache, statement);
    free(body);
}

void cache_keep_plan(struct cache *cache, const struct plan_key *key,
                     const struct plan_memory *memory)
{
    struct plan_name name;

    if (!cache || !make_name(key, &name))
        return;
    pthread_mutex_lock(&cache->lock);
    put(cache, &name, memory);
    cache_trim(cache);
    pthread_mutex_unlock(&cache->lock);
}
