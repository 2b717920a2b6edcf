#define _GNU_SOURCE
#include "bench_load.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "histogram.h"
#include "wire.h"

static const uint64_t patience_ns = 5000000000;

/// Room beside the calls for what a protocol says of itself.
enum { protocol_room = 4096 };

/// A call in flight, found by its stream; stream 0 = free.
struct cell {
  uint32_t stream;
  bool is_answered;
  uint64_t sent_ns;
};

struct connection {
  int fd;
  uint32_t next_stream;
  uint32_t in_flight;
  /// `run.cell_count` of them, a power of two at least twice the calls in flight: a stream whose cell is still taken
  /// by a slow call is skipped, since streams need only increase.
  struct cell *cells;
  uint8_t *in;
  size_t in_used, in_size;
  struct wire_out out;
  struct wire_link link;
};

struct run {
  const struct bench_load_config *config;
  struct bench_load_result *result;
  const struct wire_protocol *protocol;
  struct wire_template template;
  struct connection *connections;
  uint32_t cell_count;
  int epoll;
  bool counting, sending;
  uint64_t opened_ns, heard_ns, unanswered;
  int64_t client_cpu_ns, server_cpu_ns, server_mallocs;
  struct bench_histogram histogram;
};

static uint64_t clock_ns(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

struct bench_load_config bench_load_defaults(void) {
  return (struct bench_load_config){
      .service = "bench.v1.Echo", .method = "Unary", .connections = 1, .in_flight = 1,
      .warmup_ms = 500, .duration_ms = 2000, .core = -1,
  };
}

/// Notes why the run ends early, unless an earlier reason stands.
static int failed(struct run *run, const char *why) {
  if (run->result->message[0] == 0) snprintf(run->result->message, sizeof run->result->message, "%s", why);
  return -1;
}

// MARK: the window

static void window_open(struct run *run, uint64_t now) {
  const struct bench_load_config *config = run->config;
  run->server_cpu_ns = config->server_pid ? bench_process_cpu_ns(config->server_pid) : -1;
  run->server_mallocs = config->malloc_count_file ? bench_malloc_count(config->malloc_count_file) : -1;
  run->client_cpu_ns = (int64_t)clock_ns(CLOCK_THREAD_CPUTIME_ID);
  run->opened_ns = now;
  run->counting = true;
}

static int64_t since(int64_t before, int64_t after) { return before < 0 || after < 0 ? -1 : after - before; }

static void window_close(struct run *run, uint64_t now) {
  const struct bench_load_config *config = run->config;
  struct bench_load_result *result = run->result;
  run->counting = run->sending = false;
  result->client_cpu_ns = (int64_t)clock_ns(CLOCK_THREAD_CPUTIME_ID) - run->client_cpu_ns;
  if (config->server_pid) result->server_cpu_ns = since(run->server_cpu_ns, bench_process_cpu_ns(config->server_pid));
  if (config->malloc_count_file)
    result->server_mallocs = since(run->server_mallocs, bench_malloc_count(config->malloc_count_file));
  result->wall_ns = now - run->opened_ns;
  result->calls = run->histogram.total;
  result->p50_ns = bench_histogram_at(&run->histogram, 0.50);
  result->p99_ns = bench_histogram_at(&run->histogram, 0.99);
  result->max_ns = run->histogram.max;
}

static bool window_is_over(const struct run *run, uint64_t now) {
  const struct bench_load_config *config = run->config;
  if (config->duration_ms) return now - run->opened_ns >= config->duration_ms * 1000000ull;
  return run->histogram.total >= config->calls;
}

// MARK: one connection

static int flush(struct run *run, struct connection *connection) {
  struct wire_out *out = &connection->out;
  while (out->sent < out->used) {
    ssize_t sent = send(connection->fd, out->bytes + out->sent, out->used - out->sent, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno != EAGAIN) return failed(run, strerror(errno));
    if (sent < 0) break;
    out->sent += (size_t)sent;
  }
  bool waits = out->sent < out->used;
  memmove(out->bytes, out->bytes + out->sent, out->used - out->sent);
  out->used -= out->sent;
  out->sent = 0;
  struct epoll_event event = {.events = EPOLLIN | (waits ? EPOLLOUT : 0u), .data.ptr = connection};
  if (waits) epoll_ctl(run->epoll, EPOLL_CTL_MOD, connection->fd, &event);
  return 0;
}

/// Brings the calls in flight up to the configured number, in one write.
static int top_up(struct run *run, struct connection *connection) {
  if (!run->sending) return flush(run, connection);
  uint64_t now = clock_ns(CLOCK_MONOTONIC);
  struct wire_out *out = &connection->out;
  for (; connection->in_flight < run->config->in_flight; connection->in_flight++, run->unanswered++) {
    // A reply may come before its request has left: a server may refuse at the header.
    if (out->used + run->template.most > out->size) break;
    struct cell *cell;
    uint32_t stream;
    do {
      stream = connection->next_stream;
      if (stream == run->protocol->last_stream) return failed(run, "the connection has used all its stream ids");
      connection->next_stream += 2;
      cell = &connection->cells[(stream >> 1) & (run->cell_count - 1)];
    } while (cell->stream);
    size_t length = run->protocol->call_write(&run->template, &connection->link, stream, out->bytes + out->used);
    if (length == 0) break;
    out->used += length;
    *cell = (struct cell){.stream = stream, .sent_ns = now};
  }
  return flush(run, connection);
}

static void received(struct run *run, struct connection *connection, const struct wire_reply *reply, uint64_t now) {
  struct bench_load_result *result = run->result;
  struct cell *cell = &connection->cells[(reply->stream >> 1) & (run->cell_count - 1)];
  if (cell->stream != reply->stream || (reply->has_payload && cell->is_answered)) {
    result->strays++;
    return;
  }
  cell->is_answered |= reply->has_payload;
  if (reply->has_payload && !reply->code && !wire_reply_repeats(&run->template, reply)) result->mismatches++;
  if (!reply->ends) return;
  if ((reply->code || !cell->is_answered) && result->errors++ == 0)
    snprintf(result->message, sizeof result->message, "status %u: %.*s", reply->code, (int)reply->text_length,
             reply->text_length ? (const char *)reply->text : "");
  if (run->counting) bench_histogram_add(&run->histogram, now - cell->sent_ns);
  cell->stream = 0;
  connection->in_flight--;
  run->unanswered--;
}

static int grow(struct run *run, struct connection *connection, size_t wanted) {
  if (wanted <= connection->in_size) return 0;
  uint8_t *larger = realloc(connection->in, wanted);
  if (!larger) return failed(run, "out of memory");
  connection->in = larger;
  connection->in_size = wanted;
  return 0;
}

/// Takes one read's worth of replies, then sends as many requests.
static int readable(struct run *run, struct connection *connection) {
  ssize_t count = recv(connection->fd, connection->in + connection->in_used, connection->in_size - connection->in_used, 0);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
  if (count < 0) return failed(run, strerror(errno));
  if (count == 0) return failed(run, "the server closed the connection");
  uint64_t now = run->heard_ns = clock_ns(CLOCK_MONOTONIC);
  size_t at = 0, end = connection->in_used + (size_t)count;
  while (end - at >= run->protocol->header_length) {
    struct wire_reply reply;
    size_t length = run->protocol->frame_length(connection->in + at);
    if (length == 0) return failed(run, "a reply is too long");
    if (length > end - at) {
      if (grow(run, connection, length) < 0) return -1;
      break;
    }
    if (!run->protocol->frame_read(connection->in + at, length, &connection->link, &connection->out, &reply))
      return failed(run, "a frame came that should not have come");
    if (reply.stream || reply.ends) received(run, connection, &reply, now);
    at += length;
  }
  memmove(connection->in, connection->in + at, end - at);
  connection->in_used = end - at;
  return top_up(run, connection);
}

static int writable(struct run *run, struct connection *connection) {
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
  epoll_ctl(run->epoll, EPOLL_CTL_MOD, connection->fd, &event);
  return top_up(run, connection);
}

// MARK: the run

static int open_connections(struct run *run) {
  run->epoll = epoll_create1(EPOLL_CLOEXEC);
  run->connections = calloc(run->config->connections, sizeof *run->connections);
  if (run->epoll < 0 || !run->connections) return failed(run, strerror(errno));
  for (uint32_t index = 0; index < run->config->connections; index++) run->connections[index].fd = -1;
  for (uint32_t index = 0; index < run->config->connections; index++) {
    struct connection *connection = &run->connections[index];
    *connection = (struct connection){
        .fd = wire_connect(run->config->address, run->result->message, sizeof run->result->message),
        .next_stream = 1, .in_size = 32 << 10, .out.size = run->config->in_flight * run->template.most + protocol_room,
    };
    if (connection->fd < 0) return -1;
    connection->in = malloc(connection->in_size);
    connection->out.bytes = malloc(connection->out.size);
    connection->cells = calloc(run->cell_count, sizeof *connection->cells);
    if (!connection->in || !connection->out.bytes || !connection->cells) return failed(run, "out of memory");
    if (!run->protocol->greet(&connection->link, &connection->out)) return failed(run, "the greeting is too long");
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    if (fcntl(connection->fd, F_SETFL, O_NONBLOCK) < 0
        || epoll_ctl(run->epoll, EPOLL_CTL_ADD, connection->fd, &event) < 0) return failed(run, strerror(errno));
  }
  return 0;
}

static void close_connections(struct run *run) {
  for (uint32_t index = 0; run->connections && index < run->config->connections; index++) {
    struct connection *connection = &run->connections[index];
    if (connection->fd >= 0) close(connection->fd);
    free(connection->in), free(connection->out.bytes), free(connection->cells);
  }
  if (run->epoll >= 0) close(run->epoll);
  free(run->connections), free(run->template.bytes);
}

/// Waits for events until the window has closed and everything owed has come, or patience ends.
static int exchange(struct run *run) {
  uint64_t begun = run->heard_ns = clock_ns(CLOCK_MONOTONIC);
  bool opened = false;
  run->sending = true;
  for (uint32_t index = 0; index < run->config->connections; index++)
    if (top_up(run, &run->connections[index]) < 0) return -1;
  while (run->sending || run->unanswered) {
    struct epoll_event events[256];
    int count = epoll_wait(run->epoll, events, 256, 5);
    if (count < 0 && errno != EINTR) return failed(run, strerror(errno));
    for (int index = 0; index < count; index++) {
      struct connection *connection = events[index].data.ptr;
      if ((events[index].events & EPOLLOUT) && writable(run, connection) < 0) return -1;
      if ((events[index].events & ~(uint32_t)EPOLLOUT) && readable(run, connection) < 0) return -1;
    }
    uint64_t now = clock_ns(CLOCK_MONOTONIC);
    if (!opened && now - begun >= run->config->warmup_ms * 1000000ull) window_open(run, now), opened = true;
    else if (run->counting && window_is_over(run, now)) window_close(run, now);
    if (now > run->heard_ns && now - run->heard_ns > patience_ns) {
      run->result->lost = run->unanswered;
      return failed(run, "no reply for five seconds");
    }
  }
  return 0;
}

int bench_load_run(const struct bench_load_config *config, struct bench_load_result *result) {
  *result = (struct bench_load_result){.client_cpu_ns = -1, .server_cpu_ns = -1, .server_mallocs = -1};
  struct run *run = calloc(1, sizeof *run);
  if (!run) return -1;
  *run = (struct run){
      .config = config, .result = result, .protocol = wire_protocol_of(config), .epoll = -1, .cell_count = 16};
  while (run->cell_count < 2 * config->in_flight) run->cell_count *= 2;
  cpu_set_t before, wanted;
  bool pinned = config->core >= 0 && sched_getaffinity(0, sizeof before, &before) == 0;
  CPU_ZERO(&wanted);
  if (pinned) CPU_SET((unsigned)config->core, &wanted);
  int status = 0;
  if (!config->address || !config->connections || !config->in_flight || !(config->duration_ms || config->calls))
    status = failed(run, "address, connections, in_flight, and duration_ms or calls, must be given");
  else if (config->in_flight > 1 << 20 || !run->protocol->template_make(&run->template, config))
    status = failed(run, "the request is too large");
  else if (pinned && sched_setaffinity(0, sizeof wanted, &wanted) < 0) status = failed(run, "no such core");
  else if ((status = open_connections(run)) == 0) status = exchange(run);
  if (pinned) sched_setaffinity(0, sizeof before, &before);
  close_connections(run);
  free(run);
  return status;
}
