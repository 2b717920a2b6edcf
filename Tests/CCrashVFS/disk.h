// The disk itself: names, inodes, un-synced writes. Knows nothing of SQLite but its result codes.
#ifndef CRASH_DISK_H
#define CRASH_DISK_H

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

#include "crash_vfs.h"

typedef struct {
  uint8_t *bytes;
  int64_t size, capacity;
} crash_bytes;

// A write that no sync has covered; a truncation when `bytes` is NULL.
typedef struct {
  int64_t offset, length;
  uint8_t *bytes;
} crash_write;

typedef struct {
  int shared;
  int exclusive;
} crash_lock;

typedef struct crash_inode {
  struct crash_inode *next;
  crash_bytes durable, current;
  crash_write *writes;
  int write_count, write_capacity;
  // Connections' locks on the file, and the shared memory of its WAL index: volatile.
  int shared_locks, reserved_locks, exclusive_locks;
  uint8_t **regions;
  int region_count;
  crash_lock shm_locks[SQLITE_SHM_NLOCK];
} crash_inode;

typedef struct crash_name {
  struct crash_name *next;
  char *text;
  crash_inode *current, *durable;
} crash_name;

struct crash_vfs {
  sqlite3_vfs vfs;
  char *registered_name;
  crash_directory directory;
  crash_inode *inodes;
  crash_name *names;
  uint64_t random;
  int64_t ios, ios_until_cut, ios_until_fault;
  crash_fault fault;
  int cut, failed, lying;
  int64_t clock;
};

uint64_t crash_random(crash_vfs *disk);

// Counts one operation; 0 when the power goes, or is off.
int crash_powered(crash_vfs *disk);
// Whether this write (or sync) is the one that fails.
int crash_fails(crash_vfs *disk, int is_sync);

crash_name *crash_find(crash_vfs *disk, const char *text, int create);
crash_inode *crash_new_inode(crash_vfs *disk);
int crash_write_at(crash_inode *inode, const void *bytes, int64_t length, int64_t offset);
int crash_truncate_to(crash_inode *inode, int64_t size);
void crash_make_durable(crash_inode *inode);
void crash_forget_writes(crash_inode *inode);
void crash_sync_folder(crash_vfs *disk);
void crash_free_regions(crash_inode *inode);

#endif
