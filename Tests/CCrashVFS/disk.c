#include "disk.h"

#include <stdlib.h>
#include <string.h>

uint64_t crash_random(crash_vfs *disk) {
  uint64_t z = (disk->random += 0x9E3779B97F4A7C15ull);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

int crash_powered(crash_vfs *disk) {
  if (disk->cut) return 0;
  disk->ios++;
  if (disk->ios_until_cut > 0 && --disk->ios_until_cut == 0) disk->cut = 1;
  return !disk->cut;
}

int crash_fails(crash_vfs *disk, int is_sync) {
  if (disk->ios_until_fault <= 0 || is_sync != (disk->fault == CRASH_FAULT_SYNC)) return 0;
  if (--disk->ios_until_fault > 0) return 0;
  disk->failed = 1;
  return 1;
}

// MARK: bytes

static int grow(crash_bytes *content, int64_t size) {
  if (size > content->capacity) {
    int64_t capacity = content->capacity ? content->capacity : 8192;
    while (capacity < size) capacity *= 2;
    uint8_t *bytes = realloc(content->bytes, (size_t)capacity);
    if (!bytes) return SQLITE_NOMEM;
    content->bytes = bytes;
    content->capacity = capacity;
  }
  if (size > content->size) {
    memset(content->bytes + content->size, 0, (size_t)(size - content->size));
    content->size = size;
  }
  return SQLITE_OK;
}

static int put(crash_bytes *content, const uint8_t *bytes, int64_t length, int64_t offset) {
  int result = grow(content, offset + length);
  if (result == SQLITE_OK) memcpy(content->bytes + offset, bytes, (size_t)length);
  return result;
}

static int record(crash_inode *inode, const void *bytes, int64_t length, int64_t offset) {
  if (inode->write_count == inode->write_capacity) {
    int capacity = inode->write_capacity ? inode->write_capacity * 2 : 16;
    crash_write *writes = realloc(inode->writes, sizeof(crash_write) * (size_t)capacity);
    if (!writes) return SQLITE_NOMEM;
    inode->writes = writes;
    inode->write_capacity = capacity;
  }
  uint8_t *copy = NULL;
  if (bytes) {
    copy = malloc((size_t)length + 1);
    if (!copy) return SQLITE_NOMEM;
    memcpy(copy, bytes, (size_t)length);
  }
  inode->writes[inode->write_count++] = (crash_write){offset, length, copy};
  return SQLITE_OK;
}

int crash_write_at(crash_inode *inode, const void *bytes, int64_t length, int64_t offset) {
  int result = record(inode, bytes, length, offset);
  return result == SQLITE_OK ? put(&inode->current, bytes, length, offset) : result;
}

int crash_truncate_to(crash_inode *inode, int64_t size) {
  if (size < inode->current.size) inode->current.size = size;
  return record(inode, NULL, 0, size);
}

static void apply(crash_inode *inode, const crash_write *write) {
  if (write->bytes) put(&inode->durable, write->bytes, write->length, write->offset);
  else if (write->offset < inode->durable.size) inode->durable.size = write->offset;
}

void crash_forget_writes(crash_inode *inode) {
  for (int i = 0; i < inode->write_count; i++) free(inode->writes[i].bytes);
  inode->write_count = 0;
}

void crash_make_durable(crash_inode *inode) {
  for (int i = 0; i < inode->write_count; i++) apply(inode, &inode->writes[i]);
  crash_forget_writes(inode);
}

// MARK: names

crash_inode *crash_new_inode(crash_vfs *disk) {
  crash_inode *inode = calloc(1, sizeof(crash_inode));
  if (!inode) return NULL;
  inode->next = disk->inodes;
  disk->inodes = inode;
  return inode;
}

crash_name *crash_find(crash_vfs *disk, const char *text, int create) {
  for (crash_name *name = disk->names; name; name = name->next)
    if (strcmp(name->text, text) == 0) return name;
  if (!create) return NULL;
  crash_name *name = calloc(1, sizeof(crash_name));
  if (!name || !(name->text = strdup(text))) return NULL;
  name->next = disk->names;
  disk->names = name;
  return name;
}

void crash_sync_folder(crash_vfs *disk) {
  for (crash_name *name = disk->names; name; name = name->next) name->durable = name->current;
}

void crash_free_regions(crash_inode *inode) {
  for (int i = 0; i < inode->region_count; i++) free(inode->regions[i]);
  free(inode->regions);
  inode->regions = NULL;
  inode->region_count = 0;
  memset(inode->shm_locks, 0, sizeof(inode->shm_locks));
}

// MARK: the cut

// Applies some of a write's sectors; the others keep what was there, or hold noise.
static void tear(crash_vfs *disk, crash_inode *inode, const crash_write *write, int noise) {
  for (int64_t at = 0; at < write->length; at += 512) {
    int64_t length = write->length - at < 512 ? write->length - at : 512;
    if (crash_random(disk) & 1) {
      put(&inode->durable, write->bytes + at, length, write->offset + at);
    } else if (noise && (crash_random(disk) & 1)) {
      uint8_t garbage[512];
      for (int i = 0; i < 512; i++) garbage[i] = (uint8_t)crash_random(disk);
      put(&inode->durable, garbage, length, write->offset + at);
    }
  }
}

static void settle(crash_vfs *disk, crash_inode *inode, crash_model model) {
  int count = inode->write_count;
  int kept = model == CRASH_PREFIX ? (int)(crash_random(disk) % (uint64_t)(count + 1)) : count;
  for (int i = 0; i < count && model != CRASH_DROP; i++) {
    const crash_write *write = &inode->writes[i];
    if (model == CRASH_KEEP || model == CRASH_PREFIX) {
      if (i < kept) apply(inode, write);
    } else if (crash_random(disk) & 1) {
      if (model == CRASH_SUBSET || !write->bytes) apply(inode, write);
      else tear(disk, inode, write, model == CRASH_NOISE);
    }
  }
  crash_forget_writes(inode);
  grow(&inode->current, inode->durable.size);
  inode->current.size = inode->durable.size;
  if (inode->durable.size) memcpy(inode->current.bytes, inode->durable.bytes, (size_t)inode->durable.size);
  inode->shared_locks = inode->reserved_locks = inode->exclusive_locks = 0;
  crash_free_regions(inode);
}

// Frees what no name leads to.
static void sweep(crash_vfs *disk) {
  for (crash_inode **link = &disk->inodes; *link;) {
    crash_inode *inode = *link;
    int named = 0;
    for (crash_name *name = disk->names; name; name = name->next) named |= name->current == inode;
    if (named) {
      link = &inode->next;
      continue;
    }
    *link = inode->next;
    crash_forget_writes(inode);
    crash_free_regions(inode);
    free(inode->writes);
    free(inode->durable.bytes);
    free(inode->current.bytes);
    free(inode);
  }
}

void crash_vfs_restart(crash_vfs *disk, crash_model model) {
  for (crash_name *name = disk->names; name; name = name->next) {
    int keeps = model == CRASH_KEEP || (model != CRASH_DROP && (crash_random(disk) & 1));
    if (!keeps) name->current = name->durable;
    name->durable = name->current;
  }
  sweep(disk);
  for (crash_inode *inode = disk->inodes; inode; inode = inode->next) settle(disk, inode, model);
  disk->cut = 0;
  disk->failed = 0;
  disk->ios_until_cut = 0;
  disk->ios_until_fault = 0;
}

void crash_vfs_destroy(crash_vfs *disk) {
  sqlite3_vfs_unregister(&disk->vfs);
  while (disk->names) {
    crash_name *name = disk->names;
    disk->names = name->next;
    free(name->text);
    free(name);
  }
  sweep(disk);
  free(disk->registered_name);
  free(disk);
}

void crash_vfs_lie_about_sync(crash_vfs *disk, int lying) { disk->lying = lying; }
void crash_vfs_cut_after(crash_vfs *disk, int64_t ios) { disk->ios_until_cut = ios; }
int crash_vfs_is_cut(const crash_vfs *disk) { return disk->cut; }
int crash_vfs_has_failed(const crash_vfs *disk) { return disk->failed; }
int64_t crash_vfs_ios(const crash_vfs *disk) { return disk->ios; }

void crash_vfs_fail_once(crash_vfs *disk, int64_t ios, crash_fault fault) {
  disk->ios_until_fault = ios;
  disk->fault = fault;
  disk->failed = 0;
}
