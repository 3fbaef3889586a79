/* recover.c - what an error of a sink means. */
#include "output/recover.h"

#include <errno.h>

MP_RT enum recover_step recover_step_for(int error)
{
    if (error >= 0 || error == -EAGAIN || error == -EINTR) {
        return RECOVER_NOTHING;
    }
    if (error == -EPIPE) {
        return RECOVER_PREPARE;
    }
    if (error == -ESTRPIPE) {
        return RECOVER_RESUME;
    }
    if (error == -ENOSPC || error == -EDQUOT || error == -EFBIG) {
        return RECOVER_GIVE_UP; /* the file behind a sink is full */
    }
    return RECOVER_REOPEN;
}

enum recover_step recover_step_for_open(int error)
{
    switch (-error) {
    case EACCES:
    case EPERM:
    case EINVAL:
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case EISDIR:
        return RECOVER_GIVE_UP;
    default: /* busy, not there (yet), out of memory, a sound server that starts */
        return RECOVER_REOPEN;
    }
}
