internal import Glibc

/// Names and sizes of files, asked without opening them.
enum FileNames {
  /// The file behind every link, so that two names of one file share one lock; the folder's when there is no file yet.
  static func resolved(_ path: String) -> String {
    if let real = realpath(path, nil) {
      defer { free(real) }
      return String(cString: real)
    }
    let (folder, name) = parts(of: path)
    guard let real = realpath(folder.isEmpty ? "." : folder, nil) else { return path }
    defer { free(real) }
    return "\(String(cString: real))/\(name)"
  }

  /// What a file is called in its folder before it is whole; no name that a caller may give begins with a point.
  static func draft(of path: String) -> String {
    let (folder, name) = parts(of: path)
    return "\(folder).\(name).new"
  }

  /// The folder with its slash, empty when the path has none, and the name in it.
  private static func parts(of path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return ("", path) }
    return (String(path[...slash]), String(path[path.index(after: slash)...]))
  }

  /// Bytes of a regular file; `nil` when there is none.
  static func size(of path: String) -> Int? {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// A `file:` URI of a path, for SQLite's parameters.
  static func uri(_ path: String, _ parameters: String) -> String {
    let escaped = path.utf8.map { byte -> String in
      let isPlain = (byte >= 0x2D && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5A) || (byte >= 0x61 && byte <= 0x7A)
        || byte == UInt8(ascii: "_")
      guard !isPlain else { return String(UnicodeScalar(byte)) }
      let digits = String(byte, radix: 16)
      return "%" + (digits.count == 1 ? "0" : "") + digits
    }
    return "file:\(escaped.joined())?\(parameters)"
  }

  /// Makes the names in a file's folder durable.
  static func syncFolder(of path: String) -> Bool {
    let (folder, _) = parts(of: path)
    let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return fsync(descriptor) == 0
  }
}
