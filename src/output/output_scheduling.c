/* output_scheduling.c - how the audio thread is scheduled, as the kernel has it now. */
#include "output/output_internal.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>

/* The first processor at or above `cpu` that is (or is not) in the set. */
static int next_cpu(const cpu_set_t *set, int cpu, bool inside)
{
    while (cpu < CPU_SETSIZE && (CPU_ISSET((size_t)cpu, set) != 0) != inside) {
        cpu++;
    }
    return cpu;
}

/* "1,3", "0-15", as the kernel writes it. */
static void write_cpus(const cpu_set_t *set, char *text, size_t size)
{
    size_t used = 0;
    int first = next_cpu(set, 0, true);

    text[0] = '\0';
    while (first < CPU_SETSIZE && used < size) {
        int end = next_cpu(set, first, false);
        const char *comma = used > 0 ? "," : "";

        used += (size_t)snprintf(text + used, size - used, "%s%d", comma, first);
        if (end - first > 1 && used < size) {
            used += (size_t)snprintf(text + used, size - used, "-%d", end - 1);
        }
        first = next_cpu(set, end, true);
    }
}

void output_read_scheduling(const struct output *output, struct output_scheduling *scheduling)
{
    struct sched_param parameter = {0};
    cpu_set_t set;
    int policy = SCHED_OTHER;

    scheduling->priority = 0;
    scheduling->cpus[0] = '\0';
    if (pthread_getschedparam(output->thread, &policy, &parameter) == 0 && policy == SCHED_FIFO) {
        scheduling->priority = parameter.sched_priority;
    }
    if (pthread_getaffinity_np(output->thread, sizeof set, &set) == 0) {
        write_cpus(&set, scheduling->cpus, sizeof scheduling->cpus);
    }
}
