// The bare limit: bench.v1.Echo/Unary over ttrpc, by epoll and protobuf-c and nothing else.
//
//   echo_epoll --tcp HOST:PORT | --unix PATH
//
// One thread. Envelope and message are fully decoded and encoded in an arena; the replies of one read leave in one
// write. It is a yardstick, not a server: other methods get code 12, a frame it cannot take closes its connection.
#define _GNU_SOURCE
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "bench/v1/echo.pb-c.h"
#include "ttrpc/ttrpc.pb-c.h"

enum { header_length = 10, max_data = 4 << 20, read_size = 256 << 10, max_unsent = 1 << 20 };

/// A stretch of bytes that has not yet found its end, or its way out; holds no memory when empty.
struct pending {
  uint8_t *bytes;
  size_t length;
};

struct connection {
  int fd;
  struct pending in;
  struct pending out;
};

// MARK: arena

static uint8_t arena[4 * max_data];
static size_t arena_used;

static void *arena_alloc(void *unused, size_t size) {
  (void)unused;
  size_t at = (arena_used + 15) & ~(size_t)15;
  if (size > sizeof arena - at) return NULL;
  arena_used = at + size;
  return arena + at;
}

static void arena_free(void *unused, void *block) { (void)unused, (void)block; }

static ProtobufCAllocator in_arena = {arena_alloc, arena_free, NULL};

// MARK: replies of one burst

static uint8_t *replies;
static size_t replies_used, replies_size;

static uint8_t *replies_reserve(size_t length) {
  if (replies_used + length > replies_size) {
    replies_size = 2 * (replies_used + length);
    if (!(replies = realloc(replies, replies_size))) abort();
  }
  return replies + replies_used;
}

static void put32(uint8_t *at, uint32_t value) {
  at[0] = (uint8_t)(value >> 24), at[1] = (uint8_t)(value >> 16), at[2] = (uint8_t)(value >> 8), at[3] = (uint8_t)value;
}

static uint32_t get32(const uint8_t *at) {
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void reply(uint32_t stream, const Ttrpc__Response *response) {
  size_t length = ttrpc__response__get_packed_size(response);
  uint8_t *frame = replies_reserve(header_length + length);
  put32(frame, (uint32_t)length);
  put32(frame + 4, stream);
  frame[8] = 2;
  frame[9] = 0;
  ttrpc__response__pack(response, frame + header_length);
  replies_used += header_length + length;
}

static void refuse(uint32_t stream, int code, char *message) {
  Google__Rpc__Status status = GOOGLE__RPC__STATUS__INIT;
  Ttrpc__Response response = TTRPC__RESPONSE__INIT;
  status.code = code;
  status.message = message;
  response.status = &status;
  reply(stream, &response);
}

static void serve(uint32_t stream, const uint8_t *data, size_t length) {
  arena_used = 0;
  Ttrpc__Request *request = ttrpc__request__unpack(&in_arena, length, data);
  if (!request) return refuse(stream, 3, "unmarshal request error");
  if (strcmp(request->service, "bench.v1.Echo") != 0) return refuse(stream, 12, "service");
  if (strcmp(request->method, "Unary") != 0) return refuse(stream, 12, "method");
  Bench__V1__EchoMsg *message = bench__v1__echo_msg__unpack(&in_arena, request->payload.len, request->payload.data);
  if (!message) return refuse(stream, 13, "ttrpc: error unmarshalling payload");
  Ttrpc__Response response = TTRPC__RESPONSE__INIT;
  response.payload.len = bench__v1__echo_msg__get_packed_size(message);
  response.payload.data = arena_alloc(NULL, response.payload.len);
  if (!response.payload.data) return refuse(stream, 8, "message too large");
  bench__v1__echo_msg__pack(message, response.payload.data);
  reply(stream, &response);
}

/// Serves the whole frames at the beginning of some bytes and returns their length; -1 for a frame too large.
static ssize_t serve_all(const uint8_t *bytes, size_t length) {
  size_t at = 0;
  while (length - at >= header_length) {
    uint32_t data = get32(bytes + at);
    if (data > max_data) return -1;
    if (length - at - header_length < data) break;
    if (bytes[at + 8] == 1) serve(get32(bytes + at + 4), bytes + at + header_length, data);
    at += header_length + data;
  }
  return (ssize_t)at;
}

// MARK: connections

static int epoll;

static void keep(struct pending *pending, const uint8_t *bytes, size_t length) {
  if (length == 0) return free(pending->bytes), *pending = (struct pending){0}, (void)0;
  uint8_t *copy = malloc(length);
  if (!copy) abort();
  memcpy(copy, bytes, length);
  free(pending->bytes);
  *pending = (struct pending){copy, length};
}

static void hang_up(struct connection *connection) {
  close(connection->fd);
  free(connection->in.bytes), free(connection->out.bytes), free(connection);
}

/// Sends what it can, keeps the rest; while a rest is kept nothing more is read.
static bool send_all(struct connection *connection, const uint8_t *bytes, size_t length) {
  size_t sent = 0;
  while (sent < length) {
    ssize_t count = send(connection->fd, bytes + sent, length - sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno != EAGAIN) return false;
    if (count < 0) break;
    sent += (size_t)count;
  }
  bool waited = connection->out.length > 0, waits = sent < length;
  keep(&connection->out, bytes + sent, length - sent);
  struct epoll_event event = {.events = waits ? EPOLLOUT : EPOLLIN, .data.ptr = connection};
  if (waits != waited) epoll_ctl(epoll, EPOLL_CTL_MOD, connection->fd, &event);
  return true;
}

static bool receive(struct connection *connection) {
  static uint8_t buffer[read_size + header_length + max_data];
  size_t held = connection->in.length;
  if (held) memcpy(buffer, connection->in.bytes, held);
  ssize_t count = recv(connection->fd, buffer + held, read_size, 0);
  if (count < 0) return errno == EAGAIN || errno == EINTR;
  if (count == 0) return false;
  replies_used = 0;
  size_t length = held + (size_t)count;
  ssize_t served = serve_all(buffer, length);
  if (served < 0) return false;
  if (held || (size_t)served < length) keep(&connection->in, buffer + served, length - (size_t)served);
  return replies_used == 0 || send_all(connection, replies, replies_used);
}

static void welcome(int listener) {
  int yes = 1, fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) return;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  struct connection *connection = calloc(1, sizeof *connection);
  if (!connection) abort();
  connection->fd = fd;
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
  epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

// MARK: start

static void die(const char *what) {
  fprintf(stderr, "echo_epoll: %s: %s\n", what, strerror(errno));
  exit(1);
}

static int listen_unix(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) errno = ENAMETOOLONG, die(path);
  memcpy(address.sun_path, path, strlen(path) + 1);
  unlink(path);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 1024) < 0) die(path);
  return fd;
}

static int listen_tcp(char *where) {
  char *colon = strrchr(where, ':');
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *found;
  if (!colon) errno = EINVAL, die(where);
  *colon = 0;
  if (getaddrinfo(where, colon + 1, &hints, &found) != 0) errno = EADDRNOTAVAIL, die(where);
  int yes = 1, fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) < 0 || listen(fd, 1024) < 0) die(where);
  freeaddrinfo(found);
  return fd;
}

int main(int count, char **arguments) {
  bool tcp = count == 3 && strcmp(arguments[1], "--tcp") == 0;
  if (!tcp && (count != 3 || strcmp(arguments[1], "--unix") != 0)) {
    fprintf(stderr, "usage: echo_epoll --tcp HOST:PORT | --unix PATH\n");
    return 64;
  }
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) limit.rlim_cur = limit.rlim_max, setrlimit(RLIMIT_NOFILE, &limit);
  int listener = tcp ? listen_tcp(arguments[2]) : listen_unix(arguments[2]);
  if ((epoll = epoll_create1(EPOLL_CLOEXEC)) < 0) die("epoll");
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
  epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
  for (;;) {
    struct epoll_event events[256];
    int ready = epoll_wait(epoll, events, 256, -1);
    for (int index = 0; index < ready; index++) {
      struct connection *connection = events[index].data.ptr;
      if (!connection) welcome(listener);
      else if (!(events[index].events & EPOLLOUT)) { if (!receive(connection)) hang_up(connection); }
      else if (!send_all(connection, connection->out.bytes, connection->out.length)) hang_up(connection);
    }
  }
}
