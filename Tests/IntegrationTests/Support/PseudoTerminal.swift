internal import Glibc

/// A program on a terminal of its own, 80 × 24, as a person would see it.
final class PseudoTerminal {
  struct Fault: Error { var text: String }

  // What Swift's Glibc does not show: TIOCSPTLCK and TIOCGPTN of asm-generic/ioctls.h, POSIX_SPAWN_SETSID of spawn.h.
  private static let setLock: UInt = 0x4004_5431
  private static let getNumber: UInt = 0x8004_5430
  private static let newSession: Int16 = 0x80

  private let descriptor: Int32
  private let pid: pid_t
  private(set) var written: [UInt8] = []
  /// What the terminal was set to before the program touched it.
  let originalFlags: tcflag_t

  init(_ program: String, _ arguments: [String], environment: [String] = ["TERM=xterm"]) throws {
    descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    var (isLocked, number): (Int32, UInt32) = (0, 0)
    guard descriptor >= 0, ioctl(descriptor, Self.setLock, &isLocked) == 0, ioctl(descriptor, Self.getNumber, &number) == 0 else {
      throw Fault(text: "no pseudo-terminal: \(String(cString: strerror(errno)))")
    }
    let name = "/dev/pts/\(number)"
    // The terminal exists as long as somebody has it open: this end too, until the program has.
    let keeper = open(name, O_RDWR | O_NOCTTY)
    defer { close(keeper) }
    var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(descriptor, UInt(TIOCSWINSZ), &size)
    originalFlags = try Self.flags(of: descriptor)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, name, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDERR_FILENO)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Self.newSession)
    var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
    defer { for word in words + variables { free(word) } }
    var child = pid_t()
    let code = posix_spawn(&child, program, &actions, &attributes, &words, &variables)
    guard code == 0 else { throw Fault(text: String(cString: strerror(code))) }
    pid = child
  }

  deinit { close(descriptor) }

  var flags: tcflag_t { get throws { try Self.flags(of: descriptor) } }

  private static func flags(of descriptor: Int32) throws -> tcflag_t {
    var settings = termios()
    guard tcgetattr(descriptor, &settings) == 0 else { throw Fault(text: String(cString: strerror(errno))) }
    return settings.c_lflag
  }

  func type(_ keys: String) { _ = write(descriptor, keys, keys.utf8.count) }
  func signal(_ number: Int32) { kill(pid, number) }

  /// Reads what the program writes until the screen shows something.
  ///
  /// - Throws: when it does not within a minute, or the program ends.
  func until(_ shows: (Screen) -> Bool) throws {
    for _ in 0..<600 {
      let isOpen = read(milliseconds: 100)
      if shows(screen) { return }
      guard isOpen else { throw Fault(text: "the program has ended: \(screen.lines)") }
    }
    throw Fault(text: "not within a minute: \(screen.lines)")
  }

  /// - Returns: whether the program still has the terminal open.
  private func read(milliseconds: Int32) -> Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&waiting, 1, milliseconds) > 0 else { return true }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = Glibc.read(descriptor, &buffer, buffer.count)
    if count > 0 { written += buffer[..<count] }
    return count > 0
  }

  /// Waits for the program's end, and reads what it still has to say.
  func exitStatus() -> Int32 {
    for _ in 0..<6000 where !hasEnded {
      // Closed is not yet ended.
      if !read(milliseconds: 10) { usleep(10_000) }
    }
    while !drained, read(milliseconds: 0) {}
    return status ?? -1
  }

  private var status: Int32?
  private var drained: Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&waiting, 1, 0) == 0
  }
  private var hasEnded: Bool {
    var code: Int32 = 0
    guard status == nil, waitpid(pid, &code, WNOHANG) == pid else { return status != nil }
    status = code & 0x7F == 0 ? (code >> 8) & 0xFF : 128 + code & 0x7F
    return true
  }

  var screen: Screen { Screen(written) }

  /// What a terminal of 80 × 24 shows after some bytes: the few orders that kioskctl uses, and no other.
  struct Screen {
    private(set) var lines = [String](repeating: "", count: 24)
    private(set) var isAlternate = false
    private(set) var isCursorHidden = false
    private(set) var unknownOrders: [String] = []
    /// A line grew past the last column, or the picture past the last line.
    private(set) var isOverfull = false

    init(_ bytes: [UInt8]) {
      var (row, column) = (0, 0)
      var rest = Substring(String(decoding: bytes, as: UTF8.self))
      while let character = rest.popFirst() {
        switch character {
        case "\u{1B}":
          guard rest.popFirst() == "[" else { continue }
          let order = rest.prefix { !$0.isLetter } + String(rest.first { $0.isLetter } ?? "?")
          rest = rest.drop { !$0.isLetter }.dropFirst()
          switch order {
          case "H": (row, column) = (0, 0)
          case "K": lines[row] = String(lines[row].prefix(column))
          case "J": for below in lines.indices where below > row { lines[below] = "" }
          case "2J": lines = [String](repeating: "", count: 24)
          case "?1049h": isAlternate = true
          case "?1049l": isAlternate = false
          case "?25l": isCursorHidden = true
          case "?25h": isCursorHidden = false
          default: if !order.hasSuffix("m") { unknownOrders.append(String(order)) }
          }
        case "\r\n", "\n":
          (row, column) = (row + 1, 0)
          if row > 23 { (row, isOverfull) = (23, true) }
        case "\r": column = 0
        default:
          let line = lines[row]
          lines[row] = String(line.prefix(column)) + String(repeating: " ", count: max(0, column - line.count)) + String(character)
            + line.dropFirst(column + 1)
          column += 1
          if column > 80 { isOverfull = true }
        }
      }
    }
  }
}
