/* rack.c - what a chain is made of, as a description that can be edited, stored and built. */
#include "chain/rack.h"

#include "chain/conditioner.h"

#include <errno.h>
#include <string.h>

static struct module *create_match_eq(const struct module_format *format,
                                      const struct rack_plan *plan, const double *values)
{
    struct match_eq_design design;

    (void)values;
    if (plan->match_eq == NULL) {
        errno = 0;
        return NULL;
    }
    design = *plan->match_eq;
    design.precision = plan->economy.float32 ? FFT_FLOAT32 : design.precision;
    return plan->economy.minimum_phase ? match_eq_create_minimum_phase(format, &design)
                                       : match_eq_create(format, &design);
}

static struct module *create_conditioner(const struct module_format *format,
                                         const struct rack_plan *plan, const double *values)
{
    (void)plan;
    return conditioner_create(format, values);
}

static struct module *create_dynamics(const struct module_format *format,
                                      const struct rack_plan *plan, const double *values)
{
    return dynamics_create(format, plan->dynamics, values);
}

static struct module *create_spectral(const struct module_format *format,
                                      const struct rack_plan *plan, const double *values)
{
    if (plan->spectral == NULL) {
        errno = 0;
        return NULL;
    }
    return plan->economy.short_spectral ? spectral_create_short(format, plan->spectral, values)
                                        : spectral_create(format, plan->spectral, values);
}

static struct module *create_limiter(const struct module_format *format,
                                     const struct rack_plan *plan, const double *values)
{
    struct limiter_design design = {.active = true, .output_gain = 1};

    if (plan->limiter != NULL) {
        design = *plan->limiter;
    }
    limiter_take_values(&design, values);
    return plan->economy.short_lookahead ? limiter_create_short(format, &design)
                                         : limiter_create(format, &design);
}

/* Every kind of module there is. */
static const struct rack_kind kinds[] = {
    {.class = &conditioner_class, .once = true, .create = create_conditioner},
    {.class = &match_eq_class, .once = true, .finite = true, .create = create_match_eq},
    {.class = &dynamics_class, .once = true, .create = create_dynamics},
    {.class = &spectral_class, .once = true, .create = create_spectral},
    {.class = &limiter_class, .once = true, .create = create_limiter},
};

enum { KIND_COUNT = sizeof kinds / sizeof kinds[0] };

const struct rack_kind *rack_kinds(size_t *count)
{
    *count = KIND_COUNT;
    return kinds;
}

const struct rack_kind *rack_kind_named(const char *name)
{
    for (size_t i = 0; i < KIND_COUNT; i++) {
        if (strcmp(kinds[i].class->name, name) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}

void rack_init(struct rack *rack)
{
    memset(rack, 0, sizeof *rack);
}

void rack_init_exact(struct rack *rack)
{
    rack_init(rack);
    rack_add(rack, match_eq_class.name, 0);
    rack_add(rack, limiter_class.name, 1);
}

int rack_add(struct rack *rack, const char *kind, size_t at)
{
    struct rack_entry entry = {.kind = rack_kind_named(kind)};

    if (entry.kind == NULL) {
        return -ENOENT;
    }
    if (at > rack->length) {
        return -EINVAL;
    }
    if (rack->length == RACK_ENTRIES_MAX) {
        return -ENOSPC;
    }
    if (entry.kind->once && rack_find(rack, kind) >= 0) {
        return -EEXIST;
    }
    for (size_t i = 0; i < entry.kind->class->parameter_count; i++) {
        entry.values[i] = entry.kind->class->parameters[i].standard;
    }
    memmove(&rack->entries[at + 1], &rack->entries[at], (rack->length - at) * sizeof entry);
    rack->entries[at] = entry;
    rack->length++;
    return 0;
}

int rack_remove(struct rack *rack, size_t index)
{
    if (index >= rack->length) {
        return -EINVAL;
    }
    rack->length--;
    memmove(&rack->entries[index], &rack->entries[index + 1],
            (rack->length - index) * sizeof rack->entries[0]);
    memset(&rack->entries[rack->length], 0, sizeof rack->entries[0]);
    return 0;
}

int rack_move(struct rack *rack, size_t from, size_t to)
{
    struct rack_entry entry;

    if (from >= rack->length || to >= rack->length) {
        return -EINVAL;
    }
    entry = rack->entries[from];
    if (from < to) {
        memmove(&rack->entries[from], &rack->entries[from + 1], (to - from) * sizeof entry);
    } else {
        memmove(&rack->entries[to + 1], &rack->entries[to], (from - to) * sizeof entry);
    }
    rack->entries[to] = entry;
    return 0;
}

int rack_bypass(struct rack *rack, size_t index, bool bypassed)
{
    if (index >= rack->length) {
        return -EINVAL;
    }
    rack->entries[index].bypassed = bypassed;
    return 0;
}

int rack_set_parameter(struct rack *rack, size_t index, const char *name, double value)
{
    const struct module_class *class;

    if (index >= rack->length) {
        return -EINVAL;
    }
    class = rack->entries[index].kind->class;
    for (size_t i = 0; i < class->parameter_count; i++) {
        const struct module_parameter *parameter = &class->parameters[i];

        if (strcmp(parameter->name, name) != 0) {
            continue;
        }
        if (!(value >= parameter->minimum && value <= parameter->maximum)) {
            return -ERANGE;
        }
        rack->entries[index].values[i] = value;
        return 0;
    }
    return -ENOENT;
}

static bool entry_equal(const struct rack_entry *one, const struct rack_entry *other)
{
    if (one->kind != other->kind || one->bypassed != other->bypassed) {
        return false;
    }
    for (size_t i = 0; i < one->kind->class->parameter_count; i++) {
        if (one->values[i] != other->values[i]) {
            return false;
        }
    }
    return true;
}

bool rack_equal(const struct rack *one, const struct rack *other)
{
    if (one->length != other->length) {
        return false;
    }
    for (size_t i = 0; i < one->length; i++) {
        if (!entry_equal(&one->entries[i], &other->entries[i])) {
            return false;
        }
    }
    return true;
}

bool rack_is_exact(const struct rack *rack)
{
    struct rack exact;

    rack_init_exact(&exact);
    return rack_equal(rack, &exact);
}

bool rack_does_more(const struct rack *rack)
{
    for (size_t i = 0; i < rack->length; i++) {
        const struct rack_entry *entry = &rack->entries[i];
        const struct module_class *class = entry->kind->class;

        if (!entry->bypassed && class != &match_eq_class &&
            !(class == &limiter_class && entry->values[LIMITER_TRUE_PEAK] <= 0)) {
            return true;
        }
    }
    return false;
}

static bool sounds(const struct rack *rack, const struct module_class *class)
{
    return rack_sounding(rack, class->name) < rack->length;
}

struct economy rack_economy(const struct rack *rack, const struct economy *economy)
{
    struct economy there = *economy;

    there.minimum_phase = there.minimum_phase && sounds(rack, &match_eq_class);
    there.float32 = there.float32 && sounds(rack, &match_eq_class);
    there.short_lookahead = there.short_lookahead && sounds(rack, &limiter_class);
    there.short_spectral = there.short_spectral && sounds(rack, &spectral_class);
    there.no_spectral = there.no_spectral && sounds(rack, &spectral_class);
    there.no_dynamics = there.no_dynamics && sounds(rack, &dynamics_class);
    return there;
}

int rack_find(const struct rack *rack, const char *kind)
{
    for (size_t i = 0; i < rack->length; i++) {
        if (strcmp(rack->entries[i].kind->class->name, kind) == 0) {
            return (int)i;
        }
    }
    return -1;
}

size_t rack_sounding(const struct rack *rack, const char *kind)
{
    size_t i = 0;

    while (i < rack->length &&
           (rack->entries[i].bypassed || strcmp(rack->entries[i].kind->class->name, kind) != 0)) {
        i++;
    }
    return i;
}

bool rack_needs_character(const struct rack *rack)
{
    for (size_t i = 0; i < rack->length; i++) {
        const struct rack_entry *entry = &rack->entries[i];

        if (!entry->bypassed &&
            (entry->kind->class == &spectral_class ||
             (entry->kind->class == &dynamics_class && dynamics_is_reference(entry->values)))) {
            return true;
        }
    }
    return false;
}

/* Designs of the plan that the rest of the rack has a say in. */
struct settled {
    struct match_eq_design match_eq;
    struct limiter_design limiter;
    struct dynamics_goal dynamics;
};

/* The closing gain of the match goes where the rack leaves room for it, and dynamics without a
   match EQ in front meet the track's own levels. */
static void settle(const struct rack *rack, struct rack_plan *plan, struct settled *settled)
{
    bool matched =
        plan->match_eq != NULL && rack_sounding(rack, match_eq_class.name) < rack->length;

    if (matched && plan->limiter != NULL &&
        rack_sounding(rack, limiter_class.name) == rack->length) {
        settled->match_eq = *plan->match_eq;
        settled->match_eq.gain *= plan->limiter->output_gain;
        plan->match_eq = &settled->match_eq;
    }
    if (!matched && plan->limiter != NULL) {
        settled->limiter = *plan->limiter;
        settled->limiter.output_gain = 1;
        plan->limiter = &settled->limiter;
    }
    if (!matched && plan->dynamics != NULL) {
        settled->dynamics = *plan->dynamics;
        for (size_t band = 0; band < DYNAMICS_BANDS; band++) {
            settled->dynamics.band[band].lift_db = 0;
        }
        plan->dynamics = &settled->dynamics;
    }
}

/* The economy does without it. */
static bool is_spared(const struct rack_entry *entry, const struct economy *economy)
{
    const struct module_class *class = entry->kind->class;

    return (economy->no_spectral && class == &spectral_class) ||
           (economy->no_dynamics && class == &dynamics_class);
}

/* 0 also where there is nothing to do for the entry. */
static int append_entry(struct chain *chain, const struct rack_entry *entry,
                        const struct module_format *format, const struct rack_plan *plan)
{
    struct module *module;
    int result;

    if (entry->bypassed || is_spared(entry, &plan->economy)) {
        return 0;
    }
    errno = ENOMEM;
    module = entry->kind->create(format, plan, entry->values);
    if (module == NULL) {
        return -errno;
    }
    result = chain_append(chain, module);
    if (result < 0) {
        module->class->destroy(module);
    }
    return result;
}

struct chain *rack_build_part(const struct rack *rack, size_t from, size_t to,
                              const struct module_format *format, const struct rack_plan *plan)
{
    struct chain *chain = chain_create(format);
    struct rack_plan own = *plan;
    struct settled settled;
    int result = 0;

    if (chain == NULL) {
        return NULL;
    }
    settle(rack, &own, &settled);
    for (size_t i = from; i < to && i < rack->length && result == 0; i++) {
        result = append_entry(chain, &rack->entries[i], format, &own);
    }
    if (result < 0) {
        chain_destroy(chain);
        errno = -result;
        return NULL;
    }
    return chain;
}

struct chain *rack_build(const struct rack *rack, const struct module_format *format,
                         const struct rack_plan *plan)
{
    struct chain *chain = rack_build_part(rack, 0, rack->length, format, plan);

    if (chain != NULL) {
        chain_lock_memory(chain); /* where it is not allowed it works without */
    }
    return chain;
}
