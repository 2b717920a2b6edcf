#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench_load.h"

struct bench_spinners {
  unsigned count;
  pid_t pids[CPU_SETSIZE];
};

/// Spins on one core until the parent is gone. After fork in a process with threads only system calls are safe here.
///
/// The parent is asked for rather than announced by PR_SET_PDEATHSIG: that signal comes when the forking *thread*
/// ends, and the caller's thread may belong to a pool.
static _Noreturn void spin(unsigned core, pid_t parent) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  sched_setaffinity(0, sizeof set, &set);
  setpriority(PRIO_PROCESS, 0, 19);
  signal(SIGINT, SIG_DFL);
  signal(SIGTERM, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  // Neither a pipe that a reader waits on nor a lock or listener of the parent may live on in here.
  close_range(0, ~0u, 0);
  while (getppid() == parent)
    for (volatile unsigned turn = 0; turn < 10000; turn++) { }
  _exit(0);
}

struct bench_spinners *bench_spinners_start(void) {
  struct bench_spinners *spinners = calloc(1, sizeof *spinners);
  cpu_set_t allowed;
  if (!spinners || sched_getaffinity(getpid(), sizeof allowed, &allowed) < 0) return free(spinners), NULL;
  pid_t parent = getpid();
  for (unsigned core = 0; core < CPU_SETSIZE; core++) {
    if (!CPU_ISSET(core, &allowed)) continue;
    pid_t pid = fork();
    if (pid == 0) spin(core, parent);
    if (pid > 0) {
      spinners->pids[spinners->count++] = pid;
      continue;
    }
    int reason = errno;
    bench_spinners_stop(spinners);
    return errno = reason, NULL;
  }
  return spinners;
}

void bench_spinners_stop(struct bench_spinners *spinners) {
  if (!spinners) return;
  for (unsigned index = 0; index < spinners->count; index++) kill(spinners->pids[index], SIGKILL);
  for (unsigned index = 0; index < spinners->count; index++)
    while (waitpid(spinners->pids[index], NULL, 0) < 0 && errno == EINTR) { }
  free(spinners);
}
