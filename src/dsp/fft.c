/* fft.c - transforms of real signals, by FFTW. */
#include "dsp/fft.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fftw3.h>

enum { ALIGNMENT = 64, WISDOM_BYTES_MAX = 1 << 20, PATH_SIZE = 4096 };

/* FFTW's planner is global state of this process, and so its lock has to be: the one exception to
   the rule of no mutable file-scope state. Nothing in the audio thread takes it. */
static pthread_mutex_t planner_lock = PTHREAD_MUTEX_INITIALIZER;

struct fft {
    size_t size;
    enum fft_precision precision;
    fftw_plan forward64, backward64;
    fftwf_plan forward32, backward32;
};

void *fft_alloc(size_t bytes)
{
    size_t rounded = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    void *memory = NULL;

    if (rounded >= bytes) {
        memory = aligned_alloc(ALIGNMENT, rounded > 0 ? rounded : ALIGNMENT);
    }
    if (memory == NULL) {
        errno = ENOMEM;
        return NULL;
    }
    memset(memory, 0, rounded);
    return memory;
}

/* With the planner's lock held; `time` and `freq` are overwritten when the plans are measured. */
static int plan64(struct fft *fft, double *time, double *freq, unsigned int flags)
{
    int size = (int)fft->size;

    flags |= FFTW_DESTROY_INPUT;
    fft->forward64 = fftw_plan_dft_r2c_1d(size, time, (fftw_complex *)freq, flags);
    fft->backward64 = fftw_plan_dft_c2r_1d(size, (fftw_complex *)freq, time, flags);
    return fft->forward64 != NULL && fft->backward64 != NULL ? 0 : -ENOMEM;
}

static int plan32(struct fft *fft, float *time, float *freq, unsigned int flags)
{
    int size = (int)fft->size;

    flags |= FFTW_DESTROY_INPUT;
    fft->forward32 = fftwf_plan_dft_r2c_1d(size, time, (fftwf_complex *)freq, flags);
    fft->backward32 = fftwf_plan_dft_c2r_1d(size, (fftwf_complex *)freq, time, flags);
    return fft->forward32 != NULL && fft->backward32 != NULL ? 0 : -ENOMEM;
}

static void forget_plans(struct fft *fft)
{
    if (fft->forward64 != NULL) {
        fftw_destroy_plan(fft->forward64);
    }
    if (fft->backward64 != NULL) {
        fftw_destroy_plan(fft->backward64);
    }
    if (fft->forward32 != NULL) {
        fftwf_destroy_plan(fft->forward32);
    }
    if (fft->backward32 != NULL) {
        fftwf_destroy_plan(fft->backward32);
    }
    fft->forward64 = fft->backward64 = NULL;
    fft->forward32 = fft->backward32 = NULL;
}

static int make_plans(struct fft *fft, unsigned int flags)
{
    size_t sample = fft->precision == FFT_FLOAT64 ? sizeof(double) : sizeof(float);
    void *time = fft_alloc(fft->size * sample);
    void *freq = fft_alloc((fft->size / 2 + 1) * 2 * sample);
    int status = -ENOMEM;

    if (time != NULL && freq != NULL) {
        pthread_mutex_lock(&planner_lock);
        status = fft->precision == FFT_FLOAT64 ? plan64(fft, time, freq, flags)
                                               : plan32(fft, time, freq, flags);
        if (status < 0) {
            forget_plans(fft);
        }
        pthread_mutex_unlock(&planner_lock);
    }
    free(time);
    free(freq);
    return status;
}

static bool is_valid(size_t size, enum fft_precision precision)
{
    return size > 0 && size % 2 == 0 && size <= INT_MAX &&
           (precision == FFT_FLOAT32 || precision == FFT_FLOAT64);
}

struct fft *fft_create(size_t size, enum fft_precision precision)
{
    struct fft *fft;

    if (!is_valid(size, precision)) {
        errno = EINVAL;
        return NULL;
    }
    fft = calloc(1, sizeof *fft);
    if (fft == NULL) {
        return NULL;
    }
    fft->size = size;
    fft->precision = precision;
    if (make_plans(fft, FFTW_MEASURE | FFTW_WISDOM_ONLY) < 0 &&
        make_plans(fft, FFTW_ESTIMATE) < 0) {
        free(fft);
        errno = ENOMEM;
        return NULL;
    }
    return fft;
}

void fft_destroy(struct fft *fft)
{
    if (fft == NULL) {
        return;
    }
    pthread_mutex_lock(&planner_lock);
    forget_plans(fft);
    pthread_mutex_unlock(&planner_lock);
    free(fft);
}

size_t fft_size(const struct fft *fft)
{
    return fft->size;
}

MP_RT void fft_forward_f64(const struct fft *fft, double *time, double *freq)
{
    fftw_execute_dft_r2c(fft->forward64, time, (fftw_complex *)freq);
}

MP_RT void fft_backward_f64(const struct fft *fft, double *freq, double *time)
{
    fftw_execute_dft_c2r(fft->backward64, (fftw_complex *)freq, time);
}

MP_RT void fft_forward_f32(const struct fft *fft, float *time, float *freq)
{
    fftwf_execute_dft_r2c(fft->forward32, time, (fftwf_complex *)freq);
}

MP_RT void fft_backward_f32(const struct fft *fft, float *freq, float *time)
{
    fftwf_execute_dft_c2r(fft->backward32, (fftwf_complex *)freq, time);
}

int fft_measure(size_t size, enum fft_precision precision)
{
    struct fft fft = {.size = size, .precision = precision};
    int status;

    if (!is_valid(size, precision)) {
        return -EINVAL;
    }
    status = make_plans(&fft, FFTW_MEASURE);
    pthread_mutex_lock(&planner_lock);
    forget_plans(&fft); /* the wisdom stays */
    pthread_mutex_unlock(&planner_lock);
    return status;
}

/* The file: FFTW's text for double, then that for float; each begins a line with this. */
static const char wisdom_mark[] = "(fftw-";

static int import_wisdom(char *text)
{
    char *second = strstr(text, "\n(fftw-");
    int good;

    if (strncmp(text, wisdom_mark, sizeof wisdom_mark - 1) != 0 || second == NULL) {
        return -EINVAL;
    }
    *second++ = '\0';
    pthread_mutex_lock(&planner_lock);
    good = fftw_import_wisdom_from_string(text) && fftwf_import_wisdom_from_string(second);
    pthread_mutex_unlock(&planner_lock);
    return good ? 0 : -EINVAL;
}

int fft_wisdom_load(const char *path)
{
    FILE *file = fopen(path, "re");
    char *text;
    size_t length;
    int status = -EINVAL;

    if (file == NULL) {
        return -errno;
    }
    text = malloc(WISDOM_BYTES_MAX);
    if (text == NULL) {
        fclose(file);
        return -ENOMEM;
    }
    length = fread(text, 1, WISDOM_BYTES_MAX - 1, file);
    if (ferror(file)) {
        status = -EIO;
    } else if (length < WISDOM_BYTES_MAX - 1) {
        text[length] = '\0';
        status = import_wisdom(text);
    }
    fclose(file);
    free(text);
    return status;
}

static int write_wisdom(int descriptor, const char *text64, const char *text32)
{
    FILE *file = fdopen(descriptor, "w");
    bool good;

    if (file == NULL) {
        close(descriptor);
        return -ENOMEM;
    }
    good = fprintf(file, "%s\n%s\n", text64, text32) > 0 && fflush(file) == 0 &&
           fsync(descriptor) == 0;
    return fclose(file) == 0 && good ? 0 : -EIO;
}

int fft_wisdom_store(const char *path)
{
    char temporary[PATH_SIZE];
    char *text64, *text32;
    int length = snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
    int descriptor, status;

    if (length < 0 || length >= (int)sizeof temporary) {
        return -ENAMETOOLONG;
    }
    descriptor = mkostemp(temporary, O_CLOEXEC);
    if (descriptor < 0) {
        return -errno;
    }
    pthread_mutex_lock(&planner_lock);
    text64 = fftw_export_wisdom_to_string();
    text32 = fftwf_export_wisdom_to_string();
    pthread_mutex_unlock(&planner_lock);
    if (text64 == NULL || text32 == NULL) {
        close(descriptor);
        status = -ENOMEM;
    } else {
        status = write_wisdom(descriptor, text64, text32);
    }
    fftw_free(text64);
    fftwf_free(text32);
    if (status == 0 && rename(temporary, path) < 0) {
        status = -errno;
    }
    if (status < 0) {
        unlink(temporary);
    }
    return status;
}
