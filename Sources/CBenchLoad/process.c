#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bench_load.h"

/// Reads the beginning of a small file as text; -1 when there is none.
static ssize_t read_text(const char *path, char *text, size_t size) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  ssize_t length = read(fd, text, size - 1);
  close(fd);
  if (length >= 0) text[length] = 0;
  return length;
}

/// The next thread of a process, in no order; 0 after the last.
static pid_t next_thread(DIR *threads) {
  for (struct dirent *entry; (entry = readdir(threads));)
    if (entry->d_name[0] != '.') return atoi(entry->d_name);
  return 0;
}

static DIR *threads_of(pid_t pid) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/task", pid);
  return opendir(path);
}

int64_t bench_process_cpu_ns(pid_t pid) {
  DIR *threads = threads_of(pid);
  if (!threads) return -1;
  int64_t sum = 0, one;
  for (pid_t thread; (thread = next_thread(threads));) {
    char path[96], text[128];
    snprintf(path, sizeof path, "/proc/%d/task/%d/schedstat", pid, thread);
    if (read_text(path, text, sizeof text) > 0 && sscanf(text, "%" SCNd64, &one) == 1) sum += one;
  }
  closedir(threads);
  return sum;
}

int64_t bench_process_resident_bytes(pid_t pid) {
  char path[64], text[4096];
  int64_t kilobytes;
  snprintf(path, sizeof path, "/proc/%d/status", pid);
  if (read_text(path, text, sizeof text) <= 0) return -1;
  const char *line = strstr(text, "\nVmRSS:");
  return line && sscanf(line, "\nVmRSS: %" SCNd64, &kilobytes) == 1 ? kilobytes * 1024 : -1;
}

int64_t bench_malloc_count(const char *path) {
  uint64_t counts[4];
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  ssize_t length = pread(fd, counts, sizeof counts, 0);
  close(fd);
  if (length != sizeof counts) return -1;
  return (int64_t)(counts[0] + counts[1] + counts[2] + counts[3]);
}

int bench_process_pin(pid_t pid, int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET((unsigned)core, &set);
  DIR *threads = threads_of(pid);
  if (!threads) return -1;
  int status = 0;
  for (pid_t thread; (thread = next_thread(threads));)
    if (sched_setaffinity(thread, sizeof set, &set) < 0 && errno != ESRCH) status = -1;
  closedir(threads);
  return status;
}

int64_t bench_raise_descriptor_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return -1;
  limit.rlim_cur = limit.rlim_max;
  return setrlimit(RLIMIT_NOFILE, &limit) < 0 ? -1 : (int64_t)limit.rlim_cur;
}
