/* main.c - matchplayd: runs one command. */
#include "command/command.h"

#include <stdlib.h>

int main(int argc, char **argv)
{
    /* libasound would take a mutex in every call of the audio thread; it reads this when it opens
       a device, and no other thread is there yet to read the environment. */
    setenv("LIBASOUND_THREAD_SAFE", "0", 1);
    return command_main(argc, argv);
}
