// A load generator for ttrpc and gRPC servers, and the few readings of the system that a benchmark needs.
//
// Everything here is plain C on Linux and blocks the calling thread. Times are nanoseconds.
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// MARK: load

enum bench_protocol { bench_ttrpc, bench_grpc };

/// What to send, to whom, and for how long. Start from bench_load_defaults().
struct bench_load_config {
  /// `tcp:HOST:PORT` or `unix:PATH`.
  const char *address;
  /// ttrpc by default. gRPC goes without TLS, and its messages have at most 16 KiB.
  enum bench_protocol protocol;
  /// Full service name and bare method name; by default bench.v1.Echo and Unary.
  const char *service;
  const char *method;
  /// Connections, and calls in flight on each. A burst of replies is answered with one write.
  uint32_t connections;
  uint32_t in_flight;
  /// Time before the window opens, in which calls are made but not counted.
  uint32_t warmup_ms;
  /// Length of the window; 0 = until `calls` replies have come.
  uint32_t duration_ms;
  uint64_t calls;
  /// The message of each request, which the reply must repeat. NULL = an EchoMsg of 120 bytes whose id differs from
  /// call to call, so that a reply on the wrong stream is a mismatch.
  const void *payload;
  size_t payload_length;
  /// The core that the calling thread is held to during the run; -1 = any.
  int core;
  /// The server's process, whose CPU time is read as the window opens and closes; 0 = none.
  pid_t server_pid;
  /// The file in which the server's allocations are counted (Tests/Peers/mallocs.c); NULL = none.
  const char *malloc_count_file;
};

/// What came back within the window.
struct bench_load_result {
  uint64_t calls;
  uint64_t wall_ns;
  /// Latency from the write of a request's burst to the read that held its reply; within 2 %, the maximum exact.
  uint64_t p50_ns;
  uint64_t p99_ns;
  uint64_t max_ns;
  /// Calls answered with a status other than 0, or with gRPC without a message; the first one's text is in `message`.
  uint64_t errors;
  /// Replies whose payload is not what was sent.
  uint64_t mismatches;
  /// Replies nobody waits for: a stream never opened, or answered twice.
  uint64_t strays;
  /// Calls still unanswered five seconds after the window.
  uint64_t lost;
  /// CPU of the calling thread, and of all threads of `server_pid`; -1 = not known.
  int64_t client_cpu_ns;
  int64_t server_cpu_ns;
  /// Allocations counted in `malloc_count_file`; -1 = not known.
  int64_t server_mallocs;
  /// The first thing that went wrong, NUL-terminated; empty when nothing did.
  char message[160];
};

/// One connection, one call in flight, half a second of warm-up, two seconds of window, no pinning.
struct bench_load_config bench_load_defaults(void);

/// Makes calls and compares every reply, those of the warm-up too.
///
/// Returns 0, or -1 when the run could not be made or was cut short (no connection, peer gone, nothing heard for five
/// seconds); `message` says why. Errors, mismatches, strays and lost calls do not change what is returned.
int bench_load_run(const struct bench_load_config *config, struct bench_load_result *result);

/// Connections that have made one call each and now say nothing.
struct bench_idle;

/// Opens `count` connections to a ttrpc server at `config->address` and makes one checked call on each.
///
/// Returns NULL with the reason in `message` (of `size` bytes); nothing stays open then.
struct bench_idle *bench_idle_open(
    const struct bench_load_config *config, uint32_t count, char *message, size_t size);
void bench_idle_close(struct bench_idle *idle);

// MARK: readings

/// CPU time of all living threads of a process, from /proc/PID/task/*/schedstat; -1 = no such process.
int64_t bench_process_cpu_ns(pid_t pid);

/// Resident memory of a process in bytes (VmRSS); -1 = no such process.
int64_t bench_process_resident_bytes(pid_t pid);

/// Allocation calls counted so far in a file of Tests/Peers/mallocs.c; -1 = no such file.
int64_t bench_malloc_count(const char *path);

/// Holds every thread a process has now to one core (threads started later inherit it); -1 and errno on failure.
int bench_process_pin(pid_t pid, int core);

/// Raises the soft limit of open descriptors to the hard one and returns it; -1 and errno on failure.
int64_t bench_raise_descriptor_limit(void);

// MARK: awake cores

/// Processes of the lowest priority, one for each core, that keep the cores from halting: a halted core of a virtual
/// machine takes 100–200 µs to wake, more than what a latency test wants to see.
struct bench_spinners;

/// Starts them; they end by themselves when the calling process does. NULL and errno on failure.
struct bench_spinners *bench_spinners_start(void);
void bench_spinners_stop(struct bench_spinners *spinners);

#endif
