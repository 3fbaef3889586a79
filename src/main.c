/* main.c - matchplayd: runs one command. */
#include "command/command.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* Else a file that is opened would get the number of a closed stdout, and messages into it. */
static void fill_standard_files(void)
{
    for (int file = STDIN_FILENO; file <= STDERR_FILENO; file++) {
        if (fcntl(file, F_GETFD) < 0 && open("/dev/null", O_RDWR) < 0) {
            return; /* not even that: there is no more to be done */
        }
    }
}

int main(int argc, char **argv)
{
    fill_standard_files();
    signal(SIGXFSZ, SIG_IGN); /* a file past its limit is an error like a full disk, and is told */
    /* libasound would take a mutex in every call of the audio thread; it reads this when it opens
       a device, and no other thread is there yet to read the environment. */
    setenv("LIBASOUND_THREAD_SAFE", "0", 1);
    return command_main(argc, argv);
}
