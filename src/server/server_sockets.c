/* server_sockets.c - where clients come in: the Unix socket, and TCP if matchplayrc says so. */
#include "server/password.h"
#include "server/server_internal.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 128 };

static void on_local(uv_stream_t *listener, int status)
{
    struct server *server = listener->data;

    if (status == 0) {
        server_enter(server);
        server_accept(server, listener, true);
        server_leave(server);
    }
}

static void on_tcp(uv_stream_t *listener, int status)
{
    struct server *server = listener->data;

    if (status == 0) {
        server_enter(server);
        server_accept(server, listener, false);
        server_leave(server);
    }
}

/* Does somebody answer there? */
static bool is_answered(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool answered;

    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    answered = file >= 0 && connect(file, (const struct sockaddr *)&address, sizeof address) == 0;
    if (file >= 0) {
        close(file);
    }
    return answered;
}

/* The socket that nobody else may open: by its own mode, whatever its folder's is. */
static int bind_socket(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    mode_t mask = umask(0177);
    int error = 0;

    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    if (file < 0 || bind(file, (const struct sockaddr *)&address, sizeof address) != 0) {
        error = -errno;
    }
    umask(mask);
    if (error != 0 && file >= 0) {
        close(file);
    }
    return error != 0 ? error : file;
}

static void free_handle(uv_handle_t *handle)
{
    free(handle);
}

static int listen_on(struct server *server, int file)
{
    uv_pipe_t *pipe = calloc(1, sizeof *pipe);
    int error;

    if (pipe == NULL) {
        close(file);
        return -ENOMEM;
    }
    uv_pipe_init(&server->loop, pipe, 0);
    pipe->data = server;
    error = uv_pipe_open(pipe, file);
    if (error != 0) {
        close(file);
    } else {
        error = uv_listen((uv_stream_t *)pipe, BACKLOG, on_local);
    }
    if (error != 0) {
        uv_close((uv_handle_t *)pipe, free_handle);
        return error;
    }
    server->pipe = pipe;
    return 0;
}

static int make_socket(struct server *server)
{
    struct stat status;
    int file = bind_socket(server->socket_path);

    if (file < 0) {
        return file;
    }
    if (stat(server->socket_path, &status) == 0) {
        server->socket_device = status.st_dev;
        server->socket_inode = status.st_ino;
    }
    return listen_on(server, file);
}

int server_open_socket(struct server *server, const char *path, char *message, size_t size)
{
    int error;

    if (strlen(path) >= sizeof server->socket_path) {
        snprintf(message, size, "%s: a socket's path may have %zu bytes; name a shorter one", path,
                 sizeof server->socket_path - 1);
        return -ENAMETOOLONG;
    }
    snprintf(server->socket_path, sizeof server->socket_path, "%s", path);
    if (is_answered(path)) {
        snprintf(message, size, "%s: another player answers there", path);
        return -EADDRINUSE;
    }
    if (unlink(path) != 0 && errno != ENOENT) {
        error = -errno;
    } else {
        error = make_socket(server);
    }
    if (error != 0) {
        snprintf(message, size, "%s: %s; the player's socket cannot be made there", path,
                 strerror(-error));
        server->socket_path[0] = '\0';
    }
    return error;
}

static bool is_ours(const struct server *server)
{
    struct stat status;

    return lstat(server->socket_path, &status) == 0 && status.st_dev == server->socket_device &&
           status.st_ino == server->socket_inode;
}

/* 0, or negative errno told. */
static int clear_way(struct server *server)
{
    char message[1024];
    int error =
        instance_check_folder(&server->wish, server->socket_path, true, message, sizeof message);

    if (error == 0 && is_answered(server->socket_path)) {
        error = -EADDRINUSE;
        snprintf(message, sizeof message, "%s: another player answers there", server->socket_path);
    } else if (error == 0 && unlink(server->socket_path) != 0 && errno != ENOENT) {
        error = -errno;
        snprintf(message, sizeof message, "%s: %s; it is in the way of the socket",
                 server->socket_path, strerror(errno));
    }
    if (error != 0) {
        log_write(server->parts.log, LOG_WARNING, "%s", message);
    }
    return error;
}

void server_renew_socket(struct server *server)
{
    uv_pipe_t *old = server->pipe;
    int error;

    if (is_ours(server) || clear_way(server) != 0) {
        return;
    }
    error = make_socket(server);
    if (error != 0) {
        log_write(server->parts.log, LOG_WARNING, "%s: %s; the socket could not be made again",
                  server->socket_path, strerror(-error));
        return;
    }
    if (old != NULL) {
        uv_close((uv_handle_t *)old, free_handle);
    }
    log_write(server->parts.log, LOG_NOTICE, "%s: the socket had gone and was made again",
              server->socket_path);
}

/* --- TCP ----------------------------------------------------------------------------------------
 */

static int listen_at(struct server *server, const struct sockaddr *address)
{
    uv_tcp_t *tcp = calloc(1, sizeof *tcp);
    int error = tcp != NULL ? uv_tcp_init(&server->loop, tcp) : -ENOMEM;

    if (error != 0) {
        free(tcp);
        return error;
    }
    server->tcp[server->tcp_count++] = tcp;
    tcp->data = server;
    error = uv_tcp_bind(tcp, address, address->sa_family == AF_INET6 ? UV_TCP_IPV6ONLY : 0);
    if (error == 0) {
        error = uv_listen((uv_stream_t *)tcp, BACKLOG, on_tcp);
    }
    return error;
}

void server_open_tcp(struct server *server)
{
    const struct options *options = server->parts.options;
    const char *name = options_text(options, "listen_address");
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *found = NULL;
    char port[16];
    int error;

    if (name[0] == '\0') {
        return;
    }
    if (!password_is_set(options)) {
        log_write(server->parts.log, LOG_WARNING,
                  "listen_address is set but no password in [server]: remotes are not let in");
        return;
    }
    snprintf(port, sizeof port, "%ld", options_integer(options, "port"));
    error = getaddrinfo(name, port, &hints, &found);
    if (error != 0) {
        log_write(server->parts.log, LOG_WARNING, "listen_address %s: %s", name,
                  gai_strerror(error));
        return;
    }
    for (const struct addrinfo *at = found; at != NULL; at = at->ai_next) {
        error = server->tcp_count < SERVER_LISTENERS_MAX ? listen_at(server, at->ai_addr) : 0;
        if (error != 0) {
            log_write(server->parts.log, LOG_WARNING,
                      "listen_address %s, port %s: %s; remotes are not let in there", name, port,
                      uv_strerror(error));
        }
    }
    freeaddrinfo(found);
}

void server_close_tcp(struct server *server)
{
    for (size_t i = 0; i < server->tcp_count; i++) {
        uv_close((uv_handle_t *)server->tcp[i], free_handle);
    }
    server->tcp_count = 0;
}

void server_close_sockets(struct server *server)
{
    if (server->pipe != NULL) {
        uv_close((uv_handle_t *)server->pipe, free_handle);
        server->pipe = NULL;
        if (is_ours(server)) {
            unlink(server->socket_path);
        }
    }
    server_close_tcp(server);
}
