// The load generator by hand: bench_load [--grpc] ADDRESS CONNECTIONS IN_FLIGHT MILLISECONDS [SERVER_PID [MALLOC_COUNT_FILE]]
//
// Cores are kept awake; server and client are each held to a core when the server's process is given.
#include "bench_load.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int count, char **arguments) {
  bool grpc = count > 1 && strcmp(arguments[1], "--grpc") == 0;
  if (grpc) count--, arguments++;
  if (count < 5) {
    fprintf(stderr, "usage: bench_load [--grpc] tcp:HOST:PORT|unix:PATH CONNECTIONS IN_FLIGHT MILLISECONDS [PID [MALLOC_COUNT_FILE]]\n");
    return 64;
  }
  struct bench_load_config config = bench_load_defaults();
  struct bench_load_result result;
  config.protocol = grpc ? bench_grpc : bench_ttrpc;
  config.address = arguments[1];
  config.connections = (uint32_t)atoi(arguments[2]);
  config.in_flight = (uint32_t)atoi(arguments[3]);
  config.duration_ms = (uint32_t)atoi(arguments[4]);
  if (count > 5) config.server_pid = atoi(arguments[5]), config.core = 1, bench_process_pin(config.server_pid, 0);
  if (count > 6) config.malloc_count_file = arguments[6];
  bench_raise_descriptor_limit();
  struct bench_spinners *spinners = bench_spinners_start();
  int status = bench_load_run(&config, &result);
  bench_spinners_stop(spinners);
  double calls = result.calls ? (double)result.calls : 1;
  printf("%u x %u: %.0f calls/s, p50 %.1f p99 %.1f max %.1f us, server %.2f us/call, client %.2f us/call",
         config.connections, config.in_flight, (double)result.calls * 1e9 / (double)(result.wall_ns ? result.wall_ns : 1),
         (double)result.p50_ns / 1e3, (double)result.p99_ns / 1e3, (double)result.max_ns / 1e3,
         (double)result.server_cpu_ns / calls / 1e3, (double)result.client_cpu_ns / calls / 1e3);
  if (result.server_mallocs >= 0) printf(", %.3f mallocs/call", (double)result.server_mallocs / calls);
  printf("; errors %llu, mismatches %llu, strays %llu, lost %llu %s\n", (unsigned long long)result.errors,
         (unsigned long long)result.mismatches, (unsigned long long)result.strays, (unsigned long long)result.lost,
         result.message);
  return status < 0 || result.errors || result.mismatches || result.strays || result.lost;
}
