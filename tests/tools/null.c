/*
 * null.c - how far two recordings are apart: for tests and for people.
 *
 *   null [-o FRAMES] [-s FIRST] [-n FRAMES] ONE OTHER
 *
 * Prints "PEAK_DBFS FRAMES_ONE FRAMES_OTHER WORST_FRAME": the highest difference of any sample in
 * dBFS (-inf for none), the lengths, and where it stands. A file named *.raw is float32
 * little-endian stereo; any other is decoded. -o: OTHER begins so many frames later than ONE (its
 * frame 0 meets ONE's frame FRAMES). -s, -n: only these frames of ONE.
 */
#include "media/decoder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct sound {
    float *left, *right;
    long frames;
};

static int read_raw(const char *path, struct sound *sound)
{
    FILE *file = fopen(path, "rb");
    long bytes;
    float pair[2];

    if (file == NULL) {
        return -1;
    }
    fseek(file, 0, SEEK_END);
    bytes = ftell(file);
    rewind(file);
    sound->left = malloc((size_t)bytes / 2 + 8);
    sound->right = malloc((size_t)bytes / 2 + 8);
    while (fread(pair, sizeof pair, 1, file) == 1) {
        sound->left[sound->frames] = pair[0];
        sound->right[sound->frames++] = pair[1];
    }
    fclose(file);
    return 0;
}

static int read_decoded(const char *path, struct sound *sound)
{
    enum { STEP = 65536 };
    struct media_error error = {0};
    struct decoder *decoder;
    ssize_t got;

    if (decoder_open(&decoder, path, 0, &error) < 0) {
        fprintf(stderr, "%s\n", error.message);
        return -1;
    }
    do {
        float *channel[2];

        sound->left = realloc(sound->left, (size_t)(sound->frames + STEP) * sizeof(float));
        sound->right = realloc(sound->right, (size_t)(sound->frames + STEP) * sizeof(float));
        channel[0] = sound->left + sound->frames;
        channel[1] = sound->right + sound->frames;
        got = decoder_read(decoder, channel, STEP, &error);
        sound->frames += got > 0 ? (long)got : 0;
    } while (got > 0);
    decoder_close(decoder);
    return 0;
}

static int read_sound(const char *path, struct sound *sound)
{
    size_t length = strlen(path);
    int result = length > 4 && strcmp(path + length - 4, ".raw") == 0 ? read_raw(path, sound)
                                                                      : read_decoded(path, sound);

    if (result < 0) {
        fprintf(stderr, "null: %s cannot be read\n", path);
    }
    return result;
}

int main(int argc, char **argv)
{
    struct sound one = {0}, other = {0};
    long offset = 0, first = 0, count = -1, worst = -1;
    double peak = 0.0;
    int option;

    while ((option = getopt(argc, argv, "o:s:n:")) > 0) {
        long value = atol(optarg);

        if (option == 'o') {
            offset = value;
        } else if (option == 's') {
            first = value;
        } else if (option == 'n') {
            count = value;
        } else {
            return 2;
        }
    }
    if (argc - optind != 2 || read_sound(argv[optind], &one) < 0 ||
        read_sound(argv[optind + 1], &other) < 0) {
        return 2;
    }
    for (long i = first < offset ? offset : first;
         i < one.frames && i - offset < other.frames && (count < 0 || i < first + count); i++) {
        double left = fabs((double)one.left[i] - (double)other.left[i - offset]);
        double right = fabs((double)one.right[i] - (double)other.right[i - offset]);
        double most = left > right ? left : right;

        if (most > peak || isnan(most)) {
            peak = most;
            worst = i;
        }
    }
    printf("%.1f %ld %ld %ld\n", 20.0 * log10(peak), one.frames, other.frames, worst);
    return 0;
}
