/* bench_zita.cpp - zita-convolver: two 4096-tap convolutions, 2 in 2 out, per block of 512.
   Prints "zita MINIMUM MEDIAN", microseconds a block. Argument: runs of 200 blocks (50). */
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

#include <zita-convolver.h>

static double now_us()
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec * 1e-3;
}

int main(int argc, char **argv)
{
    enum { BLOCK = 512, TAPS = 4096, BLOCKS = 200 };
    const int runs = argc > 1 ? std::atoi(argv[1]) : 50;
    std::vector<float> taps(TAPS);
    std::vector<double> times;
    Convproc convolver;

    /* Its fastest way. */
    convolver.set_options(Convproc::OPT_FFTW_MEASURE | Convproc::OPT_VECTOR_MODE);
    if (convolver.configure(2, 2, TAPS, BLOCK, BLOCK, BLOCK, 0.0F) != 0) {
        std::fprintf(stderr, "zita-convolver does not take this configuration\n");
        return 1;
    }
    for (unsigned int c = 0; c < 2; c++) {
        for (float &tap : taps) {
            tap = ((float)std::rand() / (float)RAND_MAX - 0.5F) * 0.01F;
        }
        convolver.impdata_create(c, c, 1, taps.data(), 0, TAPS);
    }
    convolver.start_process(0, 0);
    for (int run = 0; run < runs; run++) {
        double started;

        for (unsigned int c = 0; c < 2; c++) {
            for (int i = 0; i < BLOCK; i++) {
                convolver.inpdata(c)[i] = (float)std::rand() / (float)RAND_MAX - 0.5F;
            }
        }
        started = now_us();
        for (int block = 0; block < BLOCKS; block++) {
            convolver.process(false);
        }
        times.push_back((now_us() - started) / BLOCKS);
    }
    std::sort(times.begin(), times.end());
    std::printf("zita %.3f %.3f\n", times.front(), times[times.size() / 2]);
    convolver.stop_process();
    convolver.cleanup();
    return 0;
}
