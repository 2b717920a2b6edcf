// A disk in memory that can lose its power: a SQLite VFS, opened by name, never the default.
//
// Every file has a durable content and a list of writes that no sync has covered yet. When the power is cut, the list is
// dropped, kept in part, torn or garbled, as `crash_model` says; names of files are durable once their folder was synced.
// One instance belongs to one thread. Source: the project's reliability notes, A.4.
#ifndef CRASH_VFS_H
#define CRASH_VFS_H

#include <stdint.h>

typedef struct crash_vfs crash_vfs;

// What becomes of writes that no sync covered.
typedef enum {
  CRASH_DROP = 0,    // none is there
  CRASH_PREFIX = 1,  // the first few are there
  CRASH_SUBSET = 2,  // some are there, in no order
  CRASH_TORN = 3,    // some are there, each in some of its 512-byte sectors
  CRASH_NOISE = 4,   // as torn, and the sectors that are not there hold noise
  CRASH_KEEP = 5,    // all are there: the process was killed, the power stayed
} crash_model;

// When a file's name, or its absence, is durable.
typedef enum {
  CRASH_ORDERED_METADATA = 0,  // with the next sync of any file: ext4, xfs
  CRASH_POSIX = 1,             // with the next sync of the folder alone
} crash_directory;

typedef enum {
  CRASH_FAULT_FULL = 0,   // a write answers SQLITE_FULL
  CRASH_FAULT_WRITE = 1,  // a write answers SQLITE_IOERR_WRITE
  CRASH_FAULT_SYNC = 2,   // a sync answers SQLITE_IOERR_FSYNC, and what it should have covered is never durable
} crash_fault;

// Registers an empty disk under `name`; NULL when memory is short. The same seed tears the same way.
crash_vfs *crash_vfs_create(const char *name, uint64_t seed, crash_directory directory);

// Unregisters it and frees its files; every connection must be closed.
void crash_vfs_destroy(crash_vfs *disk);

// A sync that answers OK and does nothing: what the harness must be able to see.
void crash_vfs_lie_about_sync(crash_vfs *disk, int lying);

// The power goes at the `ios`-th write, truncation, sync, creation or removal from now; that one and all after it fail.
void crash_vfs_cut_after(crash_vfs *disk, int64_t ios);

// One fault at the first write or sync (as the fault says) from the `ios`-th such operation on.
void crash_vfs_fail_once(crash_vfs *disk, int64_t ios, crash_fault fault);

// Whether the power is off.
int crash_vfs_is_cut(const crash_vfs *disk);

// Whether the fault has happened.
int crash_vfs_has_failed(const crash_vfs *disk);

// Operations so far that could have been the cut.
int64_t crash_vfs_ios(const crash_vfs *disk);

// Power is back: un-synced writes meet their fate, locks and shared memory are gone. Every connection must be closed.
void crash_vfs_restart(crash_vfs *disk, crash_model model);

#endif
