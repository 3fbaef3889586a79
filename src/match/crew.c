/* crew.c - threads that take turns in reading a programme. */
#include "match/crew.h"

#include "match/match.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* So many times what stands before a chunk, but at least CHUNK_LEAST: of whole blocks of 4096 when
   `before` is. */
enum { CHUNK_TIMES = 16, CHUNK_LEAST = 16384, STACK_BYTES = 512 << 10 };

struct crew {
    const struct crew_task *task;
    struct programme *programme;
    size_t chunk_frames;
    pthread_mutex_t lock;
    pthread_cond_t turned;
    size_t workers, turn; /* whose turn it is */
    bool ended;
    int result;
    struct media_error error;
    int64_t read;
    float *before[MEDIA_CHANNELS]; /* the end of the last chunk that was read */
};

struct member {
    struct crew *crew;
    size_t number;
    float *channel[MEDIA_CHANNELS]; /* what stands before a chunk, and the chunk */
    pthread_t thread;
};

/* With the lock held. */
static int read_chunk(struct member *member, struct crew_chunk *chunk)
{
    struct crew *crew = member->crew;
    size_t before = crew->task->before;

    *chunk = (struct crew_chunk){.start = crew->read};
    while (chunk->frames < crew->chunk_frames) {
        float *const rest[MEDIA_CHANNELS] = {member->channel[0] + before + chunk->frames,
                                             member->channel[1] + before + chunk->frames};
        ssize_t got =
            programme_read(crew->programme, rest, crew->chunk_frames - chunk->frames, &crew->error);

        if (got < 0)
            return (int)got;
        if (got == 0)
            break;
        chunk->frames += (size_t)got;
    }
    chunk->last = chunk->frames < crew->chunk_frames;
    crew->read += (int64_t)chunk->frames;
    for (int c = 0; c < MEDIA_CHANNELS; c++) {
        float *audio = member->channel[c];

        memcpy(audio, crew->before[c], before * sizeof(*audio));
        memcpy(crew->before[c], audio + chunk->frames, before * sizeof(*audio));
        chunk->channel[c] = audio + before;
    }
    if (progress_advance(crew->task->progress, (int64_t)chunk->frames) < 0)
        return match_fail(&crew->error, -ECANCELED, "cancelled");
    return 0;
}

static bool next_chunk(struct member *member, struct crew_chunk *chunk)
{
    struct crew *crew = member->crew;
    bool mine;

    pthread_mutex_lock(&crew->lock);
    while (!crew->ended && crew->turn != member->number)
        pthread_cond_wait(&crew->turned, &crew->lock);
    mine = !crew->ended;
    if (mine) {
        crew->result = read_chunk(member, chunk);
        mine = crew->result == 0;
        crew->ended = !mine || chunk->last;
        crew->turn = (crew->turn + 1) % crew->workers;
        pthread_cond_broadcast(&crew->turned);
    }
    pthread_mutex_unlock(&crew->lock);
    return mine;
}

static void stop(struct crew *crew)
{
    pthread_mutex_lock(&crew->lock);
    crew->ended = true;
    if (crew->result == 0)
        crew->result = match_fail_memory(&crew->error);
    pthread_cond_broadcast(&crew->turned);
    pthread_mutex_unlock(&crew->lock);
}

static void *work(void *argument)
{
    struct member *member = argument;
    const struct crew_task *task = member->crew->task;
    struct crew_chunk chunk;

    while (next_chunk(member, &chunk)) {
        if (task->work(task->worker[member->number], &chunk) < 0)
            stop(member->crew);
    }
    return NULL;
}

static int start_member(struct member *member)
{
    pthread_attr_t attributes;
    int result = pthread_attr_init(&attributes);

    if (result != 0)
        return -result;
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    result = pthread_create(&member->thread, &attributes, work, member);
    pthread_attr_destroy(&attributes);
    return -result;
}

/* Nobody takes a turn before it is known how many there are: fewer when threads are scarce. */
static void work_together(struct crew *crew, struct member *members)
{
    size_t workers = 1;

    pthread_mutex_lock(&crew->lock);
    while (workers < crew->task->workers && start_member(&members[workers]) == 0)
        workers++;
    crew->workers = workers;
    pthread_mutex_unlock(&crew->lock);
    work(&members[0]);
    for (size_t i = 1; i < workers; i++)
        pthread_join(members[i].thread, NULL);
}

int crew_run(const struct crew_task *task, struct programme *programme, int64_t *frames,
             struct media_error *error)
{
    struct crew crew = {.task = task,
                        .programme = programme,
                        .lock = PTHREAD_MUTEX_INITIALIZER,
                        .turned = PTHREAD_COND_INITIALIZER};
    struct member members[CREW_MAX];
    size_t room;
    float *memory;

    crew.result = programme_rewind(programme, error);
    if (crew.result < 0)
        return crew.result;
    crew.chunk_frames = CHUNK_TIMES * task->before;
    if (crew.chunk_frames < CHUNK_LEAST)
        crew.chunk_frames = CHUNK_LEAST;
    room = task->before + crew.chunk_frames;
    memory = calloc(MEDIA_CHANNELS * (task->before + CREW_MAX * room), sizeof(*memory));
    if (!memory)
        return match_fail_memory(error);
    for (size_t c = 0; c < MEDIA_CHANNELS; c++)
        crew.before[c] = memory + c * task->before;
    for (size_t i = 0; i < CREW_MAX; i++) {
        float *own = memory + MEDIA_CHANNELS * (task->before + i * room);

        members[i] = (struct member){.crew = &crew, .number = i, .channel = {own, own + room}};
    }
    work_together(&crew, members);
    free(memory);
    *frames = crew.read;
    if (crew.result < 0)
        *error = crew.error;
    return crew.result;
}
