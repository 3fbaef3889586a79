/*
 * rt_planted.c - a thread that calls itself the audio thread and does one thing, to show that
 * rt_shim.c sees it:  rt_planted THING [after|other|prctl|maker]
 *
 * after: only when the thread has taken another name again. other: in a thread of another name.
 * prctl: the thread names itself by prctl. maker: it is named by the thread that made it.
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static void *volatile kept;

static void do_malloc(void)
{
    kept = malloc(100);
}

static void do_calloc(void)
{
    kept = calloc(10, 10);
}

static void do_realloc(void)
{
    void *memory = kept;

    kept = NULL;
    kept = realloc(memory, 1000);
}

static void do_free(void)
{
    free(kept);
    kept = NULL;
}

static void do_aligned_alloc(void)
{
    kept = aligned_alloc(64, 128);
}

static void do_posix_memalign(void)
{
    void *memory = NULL;

    if (posix_memalign(&memory, 64, 128) == 0) {
        kept = memory;
    }
}

static void do_mmap(void)
{
    kept = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void do_mutex(void)
{
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
}

static void do_rwlock(void)
{
    pthread_rwlock_rdlock(&rwlock);
    pthread_rwlock_unlock(&rwlock);
}

static void do_condition(void)
{
    pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
    struct timespec past = {0, 0};

    pthread_cond_timedwait(&condition, &mutex, &past);
}

static void do_open(void)
{
    kept = open("/dev/null", O_RDONLY) < 0 ? NULL : &mutex;
}

static void do_fopen(void)
{
    kept = fopen("/dev/null", "r");
}

static void do_read(void)
{
    char byte;

    (void)!read(STDIN_FILENO, &byte, 1);
}

static void do_write(void)
{
    (void)!write(STDOUT_FILENO, "x\n", 2);
}

static void do_printf(void)
{
    printf("%d frames\n", 512);
}

static void do_fprintf(void)
{
    fprintf(stderr, "%d frames\n", 512);
}

static void do_fwrite(void)
{
    fwrite("x\n", 1, 2, stdout);
}

static void do_usleep(void)
{
    usleep(1000);
}

static void do_nanosleep(void)
{
    nanosleep(&(struct timespec){0, 1000000}, NULL);
}

/* What the audio thread lives from. */
static void do_clean(void)
{
    int fd = *(int *)kept;
    uint64_t count = 1;
    struct pollfd descriptor = {.fd = fd, .events = POLLIN};
    struct timespec now;

    if (write(fd, &count, sizeof count) != sizeof count || poll(&descriptor, 1, 1000) != 1 ||
        read(fd, &count, sizeof count) != sizeof count) {
        abort();
    }
    clock_gettime(CLOCK_MONOTONIC, &now);
    now.tv_nsec = (now.tv_nsec + 1000000) % 1000000000;
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &now, NULL);
    free(NULL);
}

static const struct thing {
    const char *name;
    void (*function)(void);
} things[] = {
    {"malloc", do_malloc},
    {"calloc", do_calloc},
    {"realloc", do_realloc},
    {"free", do_free},
    {"aligned_alloc", do_aligned_alloc},
    {"posix_memalign", do_posix_memalign},
    {"mmap", do_mmap},
    {"pthread_mutex_lock", do_mutex},
    {"pthread_rwlock_rdlock", do_rwlock},
    {"pthread_cond_timedwait", do_condition},
    {"open", do_open},
    {"fopen", do_fopen},
    {"read", do_read},
    {"write", do_write},
    {"printf", do_printf},
    {"fprintf", do_fprintf},
    {"fwrite", do_fwrite},
    {"usleep", do_usleep},
    {"nanosleep", do_nanosleep},
    {"clean", do_clean},
};

struct task {
    void (*function)(void);
    const char *name, *name_after;
    bool by_prctl, by_maker;
    atomic_bool is_named;
};

static void *run(void *context)
{
    struct task *task = context;

    if (task->by_maker) {
        while (!atomic_load(&task->is_named)) {
            clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){0, 1000000}, NULL);
        }
    } else if (task->by_prctl) {
        prctl(PR_SET_NAME, (unsigned long)(uintptr_t)task->name, 0UL, 0UL, 0UL);
    } else {
        pthread_setname_np(pthread_self(), task->name);
    }
    if (task->name_after != NULL) {
        pthread_setname_np(pthread_self(), task->name_after);
    }
    task->function();
    return NULL;
}

int main(int argc, char **argv)
{
    struct task task = {.name = "mp-audio"};
    pthread_t thread;
    int fd = eventfd(0, EFD_NONBLOCK);
    const char *how = argc > 2 ? argv[2] : "";

    for (size_t i = 0; argc > 1 && i < sizeof things / sizeof things[0]; i++) {
        if (strcmp(argv[1], things[i].name) == 0) {
            task.function = things[i].function;
        }
    }
    if (task.function == NULL) {
        fprintf(stderr, "usage: rt_planted THING [after|other|prctl|maker]\n");
        return 2;
    }
    task.name = strcmp(how, "other") == 0 ? "mp-decoder" : task.name;
    task.name_after = strcmp(how, "after") == 0 ? "mp-audio-end" : NULL;
    task.by_prctl = strcmp(how, "prctl") == 0;
    task.by_maker = strcmp(how, "maker") == 0;
    kept = task.function == do_clean ? (void *)&fd : malloc(10);
    pthread_mutex_lock(&mutex); /* for the condition */
    pthread_mutex_unlock(&mutex);
    if (pthread_create(&thread, NULL, run, &task) != 0) {
        return 1;
    }
    if (task.by_maker) {
        pthread_setname_np(thread, task.name);
        atomic_store(&task.is_named, true);
    }
    pthread_join(thread, NULL);
    return 0;
}
