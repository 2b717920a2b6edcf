// SQLite's side of the disk: sqlite3_vfs and sqlite3_io_methods.
#include <stdlib.h>
#include <string.h>

#include "disk.h"

typedef struct {
  sqlite3_file base;
  crash_vfs *disk;
  crash_inode *inode;
  // A temporary file: nobody's power cut cares about it.
  int anonymous;
  // Its first sync also syncs the folder, as SQLite's unix VFS does for new journals and WALs.
  int syncs_folder;
  int level;
  uint16_t shm_shared, shm_exclusive;
} crash_file;

static crash_file *file(sqlite3_file *base) { return (crash_file *)base; }
static crash_vfs *disk_of(sqlite3_vfs *vfs) { return (crash_vfs *)vfs; }

// MARK: reading and writing

static int vfs_read(sqlite3_file *base, void *out, int length, sqlite3_int64 offset) {
  crash_file *f = file(base);
  if (f->disk->cut) return SQLITE_IOERR_READ;
  int64_t available = f->inode->current.size - offset;
  if (available >= length) {
    memcpy(out, f->inode->current.bytes + offset, (size_t)length);
    return SQLITE_OK;
  }
  if (available < 0) available = 0;
  if (available) memcpy(out, f->inode->current.bytes + offset, (size_t)available);
  memset((char *)out + available, 0, (size_t)(length - available));
  return SQLITE_IOERR_SHORT_READ;
}

static int vfs_write(sqlite3_file *base, const void *bytes, int length, sqlite3_int64 offset) {
  crash_file *f = file(base);
  if (f->anonymous) return crash_write_at(f->inode, bytes, length, offset);
  if (f->disk->cut) return SQLITE_IOERR_WRITE;
  if (crash_fails(f->disk, 0)) return f->disk->fault == CRASH_FAULT_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
  int powered = crash_powered(f->disk);
  int result = crash_write_at(f->inode, bytes, length, offset);
  return powered ? result : SQLITE_IOERR_WRITE;
}

static int vfs_truncate(sqlite3_file *base, sqlite3_int64 size) {
  crash_file *f = file(base);
  if (!f->anonymous && !crash_powered(f->disk)) return SQLITE_IOERR_TRUNCATE;
  return crash_truncate_to(f->inode, size);
}

static int vfs_sync(sqlite3_file *base, int flags) {
  (void)flags;
  crash_file *f = file(base);
  if (f->anonymous) return SQLITE_OK;
  if (!crash_powered(f->disk)) return SQLITE_IOERR_FSYNC;
  if (crash_fails(f->disk, 1)) {
    crash_forget_writes(f->inode);
    return SQLITE_IOERR_FSYNC;
  }
  if (f->disk->lying) return SQLITE_OK;
  crash_make_durable(f->inode);
  if (f->syncs_folder || f->disk->directory == CRASH_ORDERED_METADATA) crash_sync_folder(f->disk);
  f->syncs_folder = 0;
  return SQLITE_OK;
}

static int vfs_file_size(sqlite3_file *base, sqlite3_int64 *size) {
  if (file(base)->disk->cut) return SQLITE_IOERR_FSTAT;
  *size = file(base)->inode->current.size;
  return SQLITE_OK;
}

// MARK: locks between connections of this process

static int vfs_lock(sqlite3_file *base, int level) {
  crash_file *f = file(base);
  crash_inode *inode = f->inode;
  if (f->level >= level) return SQLITE_OK;
  if (level == SQLITE_LOCK_SHARED && inode->exclusive_locks) return SQLITE_BUSY;
  if (level == SQLITE_LOCK_RESERVED && inode->reserved_locks) return SQLITE_BUSY;
  if (level == SQLITE_LOCK_EXCLUSIVE) {
    if (inode->exclusive_locks || inode->reserved_locks > (f->level >= SQLITE_LOCK_RESERVED)) return SQLITE_BUSY;
    if (inode->shared_locks > 1) return SQLITE_BUSY;
  }
  if (f->level == SQLITE_LOCK_NONE) inode->shared_locks++;
  if (f->level < SQLITE_LOCK_RESERVED && level >= SQLITE_LOCK_RESERVED) inode->reserved_locks++;
  if (level == SQLITE_LOCK_EXCLUSIVE) inode->exclusive_locks++;
  f->level = level;
  return SQLITE_OK;
}

static int vfs_unlock(sqlite3_file *base, int level) {
  crash_file *f = file(base);
  if (f->level <= level) return SQLITE_OK;
  if (f->level == SQLITE_LOCK_EXCLUSIVE) f->inode->exclusive_locks--;
  if (f->level >= SQLITE_LOCK_RESERVED) f->inode->reserved_locks--;
  if (level == SQLITE_LOCK_NONE) f->inode->shared_locks--;
  f->level = level;
  return SQLITE_OK;
}

static int vfs_check_reserved_lock(sqlite3_file *base, int *out) {
  *out = file(base)->inode->reserved_locks > 0;
  return SQLITE_OK;
}

static int vfs_file_control(sqlite3_file *base, int operation, void *argument) {
  (void)base, (void)operation, (void)argument;
  return SQLITE_NOTFOUND;
}

static int vfs_sector_size(sqlite3_file *base) { return (void)base, 512; }

static int vfs_device_characteristics(sqlite3_file *base) {
  return (void)base, SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

// MARK: the WAL's shared memory, on the heap

static int vfs_shm_map(sqlite3_file *base, int page, int size, int extend, void volatile **out) {
  crash_inode *inode = file(base)->inode;
  *out = NULL;
  if (file(base)->disk->cut) return SQLITE_IOERR_SHMMAP;
  if (page >= inode->region_count) {
    if (!extend) return SQLITE_OK;
    uint8_t **regions = realloc(inode->regions, sizeof(uint8_t *) * (size_t)(page + 1));
    if (!regions) return SQLITE_NOMEM;
    inode->regions = regions;
    while (inode->region_count <= page) {
      if (!(regions[inode->region_count] = calloc(1, (size_t)size))) return SQLITE_NOMEM;
      inode->region_count++;
    }
  }
  *out = inode->regions[page];
  return SQLITE_OK;
}

static int vfs_shm_lock(sqlite3_file *base, int offset, int count, int flags) {
  crash_file *f = file(base);
  crash_lock *locks = f->inode->shm_locks;
  for (int i = offset; i < offset + count; i++) {
    int mine = (f->shm_shared >> i) & 1;
    if (flags & SQLITE_SHM_UNLOCK) continue;
    if (locks[i].exclusive && !((f->shm_exclusive >> i) & 1)) return SQLITE_BUSY;
    if ((flags & SQLITE_SHM_EXCLUSIVE) && locks[i].shared > mine) return SQLITE_BUSY;
  }
  for (int i = offset; i < offset + count; i++) {
    uint16_t bit = (uint16_t)(1u << i);
    if (flags & SQLITE_SHM_UNLOCK) {
      if (f->shm_shared & bit) locks[i].shared--;
      if (f->shm_exclusive & bit) locks[i].exclusive = 0;
      f->shm_shared &= (uint16_t)~bit;
      f->shm_exclusive &= (uint16_t)~bit;
    } else if (flags & SQLITE_SHM_EXCLUSIVE) {
      locks[i].exclusive = 1;
      f->shm_exclusive |= bit;
    } else if (!(f->shm_shared & bit)) {
      locks[i].shared++;
      f->shm_shared |= bit;
    }
  }
  return SQLITE_OK;
}

static void vfs_shm_barrier(sqlite3_file *base) {
  (void)base;
  __sync_synchronize();
}

static int vfs_shm_unmap(sqlite3_file *base, int delete) {
  vfs_shm_lock(base, 0, SQLITE_SHM_NLOCK, SQLITE_SHM_UNLOCK | SQLITE_SHM_EXCLUSIVE);
  if (delete) crash_free_regions(file(base)->inode);
  return SQLITE_OK;
}

static int vfs_close(sqlite3_file *base) {
  vfs_unlock(base, SQLITE_LOCK_NONE);
  return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
    2, vfs_close, vfs_read, vfs_write, vfs_truncate, vfs_sync, vfs_file_size, vfs_lock, vfs_unlock,
    vfs_check_reserved_lock, vfs_file_control, vfs_sector_size, vfs_device_characteristics,
    vfs_shm_map, vfs_shm_lock, vfs_shm_barrier, vfs_shm_unmap, NULL, NULL,
};

// MARK: names

static int vfs_open(sqlite3_vfs *vfs, const char *text, sqlite3_file *base, int flags, int *out_flags) {
  crash_vfs *disk = disk_of(vfs);
  crash_file *f = file(base);
  memset(f, 0, sizeof(*f));
  f->disk = disk;
  if (!text || (flags & SQLITE_OPEN_DELETEONCLOSE)) {
    f->anonymous = 1;
    f->inode = crash_new_inode(disk);
  } else {
    crash_name *name = crash_find(disk, text, flags & SQLITE_OPEN_CREATE);
    if (disk->cut || !name || (!name->current && !(flags & SQLITE_OPEN_CREATE))) return SQLITE_CANTOPEN;
    if (!name->current) {
      if (!crash_powered(disk) || !(name->current = crash_new_inode(disk))) return SQLITE_CANTOPEN;
      f->syncs_folder = (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL | SQLITE_OPEN_SUPER_JOURNAL)) != 0;
    }
    f->inode = name->current;
  }
  if (!f->inode) return SQLITE_NOMEM;
  if (out_flags) *out_flags = flags;
  base->pMethods = &methods;
  return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *text, int sync_folder) {
  crash_vfs *disk = disk_of(vfs);
  crash_name *name = crash_find(disk, text, 0);
  if (!crash_powered(disk)) return SQLITE_IOERR_DELETE;
  if (!name || !name->current) return SQLITE_IOERR_DELETE_NOENT;
  name->current = NULL;
  if (sync_folder && !disk->lying) crash_sync_folder(disk);
  return SQLITE_OK;
}

static int vfs_access(sqlite3_vfs *vfs, const char *text, int flags, int *out) {
  (void)flags;
  crash_name *name = crash_find(disk_of(vfs), text, 0);
  *out = name && name->current && (flags != SQLITE_ACCESS_EXISTS || name->current->current.size > 0);
  return disk_of(vfs)->cut ? SQLITE_IOERR_ACCESS : SQLITE_OK;
}

static int vfs_full_pathname(sqlite3_vfs *vfs, const char *text, int length, char *out) {
  (void)vfs;
  sqlite3_snprintf(length, out, "%s", text);
  return SQLITE_OK;
}

static int vfs_randomness(sqlite3_vfs *vfs, int length, char *out) {
  for (int i = 0; i < length; i++) out[i] = (char)crash_random(disk_of(vfs));
  return length;
}

static int vfs_sleep(sqlite3_vfs *vfs, int microseconds) { return (void)vfs, microseconds; }

static int vfs_current_time_int64(sqlite3_vfs *vfs, sqlite3_int64 *out) {
  *out = 212900000000000LL + disk_of(vfs)->clock++;
  return SQLITE_OK;
}

static int vfs_current_time(sqlite3_vfs *vfs, double *out) {
  sqlite3_int64 now;
  vfs_current_time_int64(vfs, &now);
  *out = (double)now / 86400000.0;
  return SQLITE_OK;
}

static int vfs_last_error(sqlite3_vfs *vfs, int length, char *out) {
  return (void)vfs, (void)length, (void)out, 0;
}

crash_vfs *crash_vfs_create(const char *name, uint64_t seed, crash_directory directory) {
  crash_vfs *disk = calloc(1, sizeof(crash_vfs));
  if (!disk || !(disk->registered_name = strdup(name))) return NULL;
  disk->random = seed;
  disk->directory = directory;
  disk->vfs = (sqlite3_vfs){
      .iVersion = 2,
      .szOsFile = sizeof(crash_file),
      .mxPathname = 512,
      .zName = disk->registered_name,
      .xOpen = vfs_open,
      .xDelete = vfs_delete,
      .xAccess = vfs_access,
      .xFullPathname = vfs_full_pathname,
      .xRandomness = vfs_randomness,
      .xSleep = vfs_sleep,
      .xCurrentTime = vfs_current_time,
      .xGetLastError = vfs_last_error,
      .xCurrentTimeInt64 = vfs_current_time_int64,
  };
  sqlite3_vfs_register(&disk->vfs, 0);
  return disk;
}
