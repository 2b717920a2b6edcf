internal import Foundation

/// A terminal taken over for a live picture, and given back as it was, however the program ends.
final class TerminalScreen {
  /// Alternate screen on, cursor hidden.
  private static let enter = "\u{1B}[?1049h\u{1B}[?25l"
  static let leave = "\u{1B}[?25h\u{1B}[?1049l"
  /// Signals that would end the program with the terminal as the picture needs it.
  private static let endings = [SIGTERM, SIGHUP, SIGINT, SIGQUIT]

  /// How the terminal was; for the handler of signals, which may touch nothing that could be half changed.
  nonisolated(unsafe) private static var original = termios()
  private var size = (width: 0, height: 0)
  private var isOver = false

  /// `nil` when standard input or output is no terminal.
  init?() {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1, tcgetattr(STDIN_FILENO, &Self.original) == 0 else { return nil }
    for signal in Self.endings { Foundation.signal(signal, Self.restoreAndEnd) }
    // Keys come one by one and unseen; Ctrl-C comes as a key too.
    var raw = Self.original
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
    tcsetattr(STDIN_FILENO, TCSANOW, &raw)
    Self.write(Self.enter)
  }

  /// Shows a picture in place of the last. Once the terminal is given back, nothing is shown.
  func show(_ picture: (_ width: Int, _ height: Int) -> [String]) {
    if isOver { return }
    let now = Self.size
    let clearing = now == size ? "" : "\u{1B}[2J"
    size = now
    let lines = picture(now.width, now.height).prefix(now.height)
    Self.write("\(clearing)\u{1B}[H" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J")
  }

  /// Gives the terminal back. Once more is harmless.
  func end() {
    if isOver { return }
    isOver = true
    Self.write(Self.leave)
    tcsetattr(STDIN_FILENO, TCSANOW, &Self.original)
    for signal in Self.endings { Foundation.signal(signal, SIG_DFL) }
  }

  /// Keys as they are pressed, from a thread of their own that ends with the program; none after the input's end.
  static func keys() -> AsyncStream<UInt8> {
    AsyncStream { continuation in
      Thread.detachNewThread {
        var key: UInt8 = 0
        while true {
          let count = read(STDIN_FILENO, &key, 1)
          if count == 1 { continuation.yield(key) } else if count == 0 || errno != EINTR { return continuation.finish() }
        }
      }
    }
  }

  /// The terminal's size; 80 × 24 when it does not tell.
  static var size: (width: Int, height: Int) {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// Only what POSIX lets a handler call.
  private static let restoreAndEnd: @convention(c) (Int32) -> Void = { signal in
    let text: StaticString = "\u{1B}[?25h\u{1B}[?1049l"
    _ = Foundation.write(STDOUT_FILENO, text.utf8Start, text.utf8CodeUnitCount)
    tcsetattr(STDIN_FILENO, TCSANOW, &original)
    _exit(128 + signal)
  }

  private static func write(_ text: String) {
    try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
  }
}
