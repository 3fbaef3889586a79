/*
 * rt_shim.c - a library to preload that ends the program when its audio thread allocates, locks,
 * touches a file or sleeps in the wrong way.
 *
 *   LD_PRELOAD=build/tests/rt_shim.so matchplayd play ...
 *
 * The audio thread is the one that is called "mp-audio", by itself or by who made it
 * (pthread_setname_np, prctl); from there on it is watched, until it gets another name or its
 * start routine returns. One such thread named by another is known at a time. What it must
 * not call is named on stderr with a backtrace, and the program aborts. read and write pass when
 * the descriptor is an eventfd. RT_SHIM_REPORT=FILE: a line is appended there whenever a thread
 * begins to be watched, so that a test knows that there was one.
 *
 * Calls inside libc itself go past this library; those of every other library do not.
 *
 * Threads: all.
 */
#include "rt_shim.h"

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static const char AUDIO_THREAD[] = "mp-audio";

/* Initial-exec: reading it never calls __tls_get_addr, which may allocate. */
static __thread bool watched __attribute__((tls_model("initial-exec")));
static _Atomic pthread_t named; /* by another thread; 0: none */

/* glibc's own names: looking the real ones up would allocate. */
void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *memory, size_t bytes);
void *__libc_memalign(size_t alignment, size_t bytes);
void __libc_free(void *memory);

static void say(int fd, const char *text)
{
    (void)!syscall(SYS_write, fd, text, strlen(text));
}

static void report(const char *text)
{
    const char *path = getenv("RT_SHIM_REPORT");
    long fd;

    if (path == NULL) {
        return;
    }
    fd = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd >= 0) {
        say((int)fd, text);
        syscall(SYS_close, (int)fd);
    }
}

/* `thread` is called `name` from now on. */
static void watch(pthread_t thread, const char *name)
{
    bool begins = strcmp(name, AUDIO_THREAD) == 0;
    pthread_t expected = thread;

    if (begins) {
        report("rt_shim: the audio thread is watched\n");
    }
    if (pthread_equal(thread, pthread_self())) {
        watched = begins;
    } else if (begins) {
        atomic_store(&named, thread);
    }
    if (!begins) {
        atomic_compare_exchange_strong(&named, &expected, (pthread_t)0);
    }
}

bool rt_is_watched(void)
{
    return watched || pthread_equal(atomic_load(&named), pthread_self());
}

static void unwatch(void)
{
    pthread_t expected = pthread_self();

    watched = false;
    atomic_compare_exchange_strong(&named, &expected, (pthread_t)0);
}

/* Ends the program if this is the audio thread. */
void rt_forbid(const char *function)
{
    void *frames[32];

    if (!rt_is_watched()) {
        return;
    }
    unwatch();
    say(STDERR_FILENO, "rt_shim: the audio thread called ");
    say(STDERR_FILENO, function);
    say(STDERR_FILENO, "\n");
    backtrace_symbols_fd(frames, backtrace(frames, 32), STDERR_FILENO);
    abort();
}

/* The first backtrace loads libgcc, and allocates: let that be now. */
__attribute__((constructor)) static void prepare(void)
{
    void *frame[1];

    backtrace(frame, 1);
}

/* The function behind ours. Versioned: without it dlsym may give a condition variable's old ABI. */
void *rt_real(const char *name)
{
    static const char *const versions[] = {"GLIBC_2.3.2", "GLIBC_2.17"};
    void *function = NULL;

    if (strncmp(name, "pthread_cond_", 13) == 0) {
        for (size_t i = 0; i < 2 && function == NULL; i++) {
            function = dlvsym(RTLD_NEXT, name, versions[i]);
        }
    }
    if (function == NULL) {
        function = dlsym(RTLD_NEXT, name);
    }
    if (function == NULL) {
        say(STDERR_FILENO, "rt_shim: libc has no ");
        say(STDERR_FILENO, name);
        say(STDERR_FILENO, "\n");
        abort();
    }
    return function;
}

/* --- who is watched ------------------------------------------------------------------------- */

int pthread_setname_np(pthread_t thread, const char *name)
{
    int result = REAL(pthread_setname_np, thread, name);

    watch(thread, name);
    return result;
}

int prctl(int option, ...)
{
    unsigned long value[4];
    va_list arguments;

    va_start(arguments, option);
    for (int i = 0; i < 4; i++) {
        value[i] = va_arg(arguments, unsigned long);
    }
    va_end(arguments);
    if (option == PR_SET_NAME) {
        union {
            unsigned long value;
            const char *text;
        } name = {.value = value[0]};

        watch(pthread_self(), name.text);
    }
    return REAL(prctl, option, value[0], value[1], value[2], value[3]);
}

struct beginning {
    void *(*routine)(void *);
    void *context;
};

/* A thread is watched no longer than its start routine runs: libc frees things after it. */
static void *run_thread(void *argument)
{
    struct beginning beginning = *(struct beginning *)argument;
    void *result;

    __libc_free(argument);
    result = beginning.routine(beginning.context);
    unwatch();
    return result;
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*routine)(void *),
                   void *context)
{
    struct beginning *beginning;
    int result;

    rt_forbid("pthread_create");
    beginning = __libc_malloc(sizeof *beginning);
    if (beginning == NULL) {
        return EAGAIN;
    }
    *beginning = (struct beginning){routine, context};
    result = REAL(pthread_create, thread, attributes, run_thread, beginning);
    if (result != 0) {
        __libc_free(beginning);
    }
    return result;
}

FORBIDDEN(int, pthread_join, (pthread_t thread, void **result), thread, result)

/* --- memory --------------------------------------------------------------------------------- */

void *malloc(size_t bytes)
{
    rt_forbid("malloc");
    return __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes)
{
    rt_forbid("calloc");
    return __libc_calloc(count, bytes);
}

void *realloc(void *memory, size_t bytes)
{
    rt_forbid("realloc");
    return __libc_realloc(memory, bytes);
}

void free(void *memory)
{
    if (memory == NULL) {
        return;
    }
    rt_forbid("free");
    __libc_free(memory);
}

void *aligned_alloc(size_t alignment, size_t bytes)
{
    rt_forbid("aligned_alloc");
    return __libc_memalign(alignment, bytes);
}

void *memalign(size_t alignment, size_t bytes);
void *memalign(size_t alignment, size_t bytes)
{
    rt_forbid("memalign");
    return __libc_memalign(alignment, bytes);
}

int posix_memalign(void **memory, size_t alignment, size_t bytes)
{
    void *found;

    rt_forbid("posix_memalign");
    found = __libc_memalign(alignment, bytes);
    if (found == NULL) {
        return ENOMEM;
    }
    *memory = found;
    return 0;
}

FORBIDDEN(void *, mmap,
          (void *place, size_t bytes, int protection, int flags, int fd, off_t offset), place,
          bytes, protection, flags, fd, offset)
FORBIDDEN(int, munmap, (void *place, size_t bytes), place, bytes)
FORBIDDEN(int, mprotect, (void *place, size_t bytes, int protection), place, bytes, protection)
FORBIDDEN(int, madvise, (void *place, size_t bytes, int advice), place, bytes, advice)
FORBIDDEN(int, mlock, (const void *place, size_t bytes), place, bytes)
FORBIDDEN(int, munlock, (const void *place, size_t bytes), place, bytes)
FORBIDDEN(int, brk, (void *end), end)
FORBIDDEN(void *, sbrk, (intptr_t step), step)

/* --- locks ---------------------------------------------------------------------------------- */

FORBIDDEN(int, pthread_mutex_lock, (pthread_mutex_t * mutex), mutex)
FORBIDDEN(int, pthread_mutex_trylock, (pthread_mutex_t * mutex), mutex)
FORBIDDEN(int, pthread_mutex_timedlock, (pthread_mutex_t * mutex, const struct timespec *until),
          mutex, until)
FORBIDDEN(int, pthread_spin_lock, (pthread_spinlock_t * lock), lock)
FORBIDDEN(int, pthread_rwlock_rdlock, (pthread_rwlock_t * lock), lock)
FORBIDDEN(int, pthread_rwlock_wrlock, (pthread_rwlock_t * lock), lock)
FORBIDDEN(int, pthread_cond_wait, (pthread_cond_t * condition, pthread_mutex_t *mutex), condition,
          mutex)
FORBIDDEN(int, pthread_cond_timedwait,
          (pthread_cond_t * condition, pthread_mutex_t *mutex, const struct timespec *until),
          condition, mutex, until)
FORBIDDEN(int, sem_wait, (sem_t * semaphore), semaphore)
FORBIDDEN(int, sem_timedwait, (sem_t * semaphore, const struct timespec *until), semaphore, until)
