// Counts a process's allocations: LD_PRELOAD=libmallocs.so MALLOC_COUNT_FILE=path program …
//
// The file holds four 64-bit counters in the machine's byte order: malloc, calloc, realloc, and the aligned ones
// together. It is mapped, so a reader sees the present counts at any moment. Processes started by the program count
// into the same file. Without MALLOC_COUNT_FILE nothing can be read and nothing is harmed.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

// glibc's own entry points: nothing to look up, so nothing that allocates while it is looked up.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

enum { counted_malloc, counted_calloc, counted_realloc, counted_aligned, kinds };

static _Atomic(unsigned long long) unread[kinds];
static _Atomic(unsigned long long) *counters = unread;

static inline void count(int kind) { atomic_fetch_add_explicit(&counters[kind], 1, memory_order_relaxed); }

__attribute__((constructor)) static void map_counters(void) {
  const char *path = getenv("MALLOC_COUNT_FILE");
  int fd = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
  if (fd < 0) return;
  if (ftruncate(fd, sizeof unread) == 0) {
    void *mapped = mmap(NULL, sizeof unread, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapped != MAP_FAILED) counters = mapped;
  }
  close(fd);
}

void *malloc(size_t size) { return count(counted_malloc), __libc_malloc(size); }
void *calloc(size_t number, size_t size) { return count(counted_calloc), __libc_calloc(number, size); }
void *realloc(void *old, size_t size) { return count(counted_realloc), __libc_realloc(old, size); }
void *aligned_alloc(size_t alignment, size_t size) { return count(counted_aligned), __libc_memalign(alignment, size); }
void *memalign(size_t alignment, size_t size) { return count(counted_aligned), __libc_memalign(alignment, size); }

int posix_memalign(void **result, size_t alignment, size_t size) {
  count(counted_aligned);
  if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0) return EINVAL;
  void *block = __libc_memalign(alignment, size);
  if (!block) return ENOMEM;
  *result = block;
  return 0;
}
