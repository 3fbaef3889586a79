/* test_fft.c - transforms against the definition, and wisdom on disk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dsp/fft.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const size_t sizes[] = {2, 6, 16, 100, 512, 1024};

static double noise(void)
{
    return (double)rand() / RAND_MAX * 2.0 - 1.0;
}

/* Bin k of the definition, in long double. */
static void slow_bin(const double *time, size_t size, size_t k, double *re, double *im)
{
    long double a = 0.0L, b = 0.0L;

    for (size_t n = 0; n < size; n++) {
        long double angle = -2.0L * acosl(-1.0L) * (long double)(n * k % size) / (long double)size;

        a += (long double)time[n] * cosl(angle);
        b += (long double)time[n] * sinl(angle);
    }
    *re = (double)a;
    *im = (double)b;
}

/* rms of the error over rms of the truth, in dB, of a forward transform. */
static double forward_error_db(size_t size, enum fft_precision precision)
{
    struct fft *fft = fft_create(size, precision);
    double *time = fft_alloc(size * sizeof *time), *freq = fft_alloc((size + 2) * sizeof *freq);
    float *time32 = fft_alloc(size * sizeof *time32),
          *freq32 = fft_alloc((size + 2) * sizeof(float));
    double *source = fft_alloc(size * sizeof *source);
    double wrong = 0.0, all = 0.0;

    assert_non_null(fft);
    assert_int_equal(size, fft_size(fft));
    for (size_t i = 0; i < size; i++) {
        time32[i] = (float)noise();
        source[i] = time[i] = (double)time32[i];
    }
    if (precision == FFT_FLOAT64) {
        fft_forward_f64(fft, time, freq);
    } else {
        fft_forward_f32(fft, time32, freq32);
        for (size_t i = 0; i < size + 2; i++) {
            freq[i] = (double)freq32[i];
        }
    }
    for (size_t k = 0; k <= size / 2; k++) {
        double re, im;

        slow_bin(source, size, k, &re, &im);
        wrong += (freq[2 * k] - re) * (freq[2 * k] - re) +
                 (freq[2 * k + 1] - im) * (freq[2 * k + 1] - im);
        all += re * re + im * im;
    }
    fft_destroy(fft);
    free(time);
    free(freq);
    free(time32);
    free(freq32);
    free(source);
    return 10.0 * log10(wrong / all + 1e-40);
}

static void gives_the_bins_of_the_definition(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        assert_true(forward_error_db(sizes[i], FFT_FLOAT64) < -300.0);
        assert_true(forward_error_db(sizes[i], FFT_FLOAT32) < -130.0);
    }
}

static void comes_back_times_its_size(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        size_t size = sizes[i];
        struct fft *fft = fft_create(size, FFT_FLOAT64), *fft32 = fft_create(size, FFT_FLOAT32);
        double *time = fft_alloc(size * sizeof *time), *freq = fft_alloc((size + 2) * sizeof *freq);
        float *time32 = fft_alloc(size * sizeof(float)),
              *freq32 = fft_alloc((size + 2) * sizeof(float));
        double *source = fft_alloc(size * sizeof *source);

        for (size_t n = 0; n < size; n++) {
            source[n] = time[n] = noise();
            time32[n] = (float)source[n];
        }
        fft_forward_f64(fft, time, freq);
        fft_backward_f64(fft, freq, time);
        fft_forward_f32(fft32, time32, freq32);
        fft_backward_f32(fft32, freq32, time32);
        for (size_t n = 0; n < size; n++) {
            assert_true(fabs(time[n] / (double)size - source[n]) < 1e-14);
            assert_true(fabs((double)time32[n] / (double)size - source[n]) < 1e-6);
        }
        fft_destroy(fft);
        fft_destroy(fft32);
        free(time);
        free(freq);
        free(time32);
        free(freq32);
        free(source);
    }
}

static void refuses_sizes_that_cannot_be(void **state)
{
    (void)state;
    errno = 0;
    assert_null(fft_create(0, FFT_FLOAT64));
    assert_int_equal(EINVAL, errno);
    errno = 0;
    assert_null(fft_create(7, FFT_FLOAT32));
    assert_int_equal(EINVAL, errno);
    assert_int_equal(-EINVAL, fft_measure(7, FFT_FLOAT32));
    fft_destroy(NULL);
}

static void gives_cleared_and_aligned_memory(void **state)
{
    (void)state;
    for (size_t bytes = 0; bytes < 200; bytes += 13) {
        unsigned char *memory = fft_alloc(bytes);

        assert_non_null(memory);
        assert_int_equal(0, (uintptr_t)memory % 64);
        for (size_t i = 0; i < bytes; i++) {
            assert_int_equal(0, memory[i]);
        }
        free(memory);
    }
    errno = 0;
    assert_null(fft_alloc(SIZE_MAX - 3));
    assert_int_equal(ENOMEM, errno);
}

static void keeps_its_wisdom_in_a_file(void **state)
{
    char folder[] = "/tmp/matchplay-fft-XXXXXX";
    char path[64], text[8192];
    FILE *file;
    size_t length;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/wisdom", folder);
    assert_int_equal(-ENOENT, fft_wisdom_load(path));
    assert_int_equal(0, fft_measure(32, FFT_FLOAT64));
    assert_int_equal(0, fft_measure(32, FFT_FLOAT32));
    assert_int_equal(0, fft_wisdom_store(path));
    assert_int_equal(0, fft_wisdom_load(path));
    file = fopen(path, "r");
    assert_non_null(file);
    length = fread(text, 1, sizeof text - 1, file);
    text[length] = '\0';
    fclose(file);
    assert_non_null(strstr(text, "fftw_wisdom"));
    assert_non_null(strstr(text, "fftwf_wisdom"));
    assert_int_equal(0, unlink(path));
    assert_int_equal(0, rmdir(folder)); /* no temporary file stayed */
}

static void passes_over_a_file_that_is_no_wisdom(void **state)
{
    char path[] = "/tmp/matchplay-fft-XXXXXX";
    const char *const texts[] = {"", "hello", "(fftw-3 nonsense", "(fftw-x y)\n(fftw-x y)\n"};

    (void)state;
    close(mkstemp(path));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        FILE *file = fopen(path, "w");

        fputs(texts[i], file);
        fclose(file);
        assert_int_equal(-EINVAL, fft_wisdom_load(path));
    }
    unlink(path);
    assert_true(fft_wisdom_store("/nonexistent/folder/wisdom") < 0);
    assert_true(forward_error_db(64, FFT_FLOAT64) < -300.0); /* still works */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_bins_of_the_definition),
        cmocka_unit_test(comes_back_times_its_size),
        cmocka_unit_test(refuses_sizes_that_cannot_be),
        cmocka_unit_test(gives_cleared_and_aligned_memory),
        cmocka_unit_test(keeps_its_wisdom_in_a_file),
        cmocka_unit_test(passes_over_a_file_that_is_no_wisdom),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
