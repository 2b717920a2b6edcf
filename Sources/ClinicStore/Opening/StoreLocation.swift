/// Where a store lives.
package enum StoreLocation: Hashable, Sendable {
  /// A file of the system's file system; beside it stand `.lock`, `.reserve`, `-wal` and `-shm`.
  case file(String)
  /// A file of a registered VFS, named; for tests. No lock file, no reserve, no readers.
  case vfs(name: String, path: String)
}

/// The store's numbers, each with its argument.
package struct StoreOptions: Hashable, Sendable {
  /// Commands that may wait. At the slowest disk measured (269 commits a second, batches of 256) 4,096 are 60 ms of work, and
  /// at a few hundred bytes each about 2 MB; who comes after that is better told at once than answered late.
  package var queueBound = 4096
  /// Commands in one batch. Beyond it a commit gains nothing (15 to 105 times one per commit, as 64 has 12 to 53) and
  /// everyone in it waits for the slowest.
  package var batchBound = 256
  /// Bytes kept in `<file>.reserve`, given up when the disk is full: the WAL needs room to be folded into the file. 16 to 64
  /// MiB; it must hold the largest WAL (``walLimitBytes``) twice.
  package var reserveBytes = 32 << 20
  /// What is left of the WAL on the disk after a checkpoint; beyond it a reader is in the way.
  package var walLimitBytes = 16 << 20
  /// Connections that read. Reads are short; two use the clinic's two cores.
  package var readerCount = 2
  /// Reads that may wait.
  package var readQueueBound = 1024
  /// After this a read is interrupted: a reader left open keeps the WAL from being folded.
  package var readLimit = Duration.seconds(2)
  /// Page cache of the writer, and of each reader, KiB. 4 MiB hold a month's agenda and the upper pages of every index; with 8 the
  /// server weighs 5 MB more after a padrón, and books no faster: what is not here is in the system's cache.
  package var writerCacheKiB = 4096
  package var readerCacheKiB = 2048
  /// The writer folds the WAL when nothing has come for so long.
  package var idleCheckpointMilliseconds = 1000

  package init() {}
}
