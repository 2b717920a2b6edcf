internal import ArgumentParser
internal import Foundation
internal import KioskClient
internal import TTRPCCore
internal import TTRPCNIO
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl top`: what a running server does, as one watches.
struct TopCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "top",
    abstract: "Muestra en vivo qué hace el servidor: llamadas, tiempos, errores, conexiones, base y memoria.",
    discussion: """
      Se pide por el socket del personal o del técnico. En una terminal se redibuja cada segundo hasta que se oprime q o \
      Ctrl-C; si no es una terminal, mide un intervalo, escribe una tabla y termina. Las cifras por segundo, p50 y p99 son del último \
      intervalo; las demás, desde que el servidor inició. Ningún dato es de una persona.

      Ejemplos:
        kioskctl top
        kioskctl top --cada 5
        kioskctl top --una-vez
        kioskctl top --seguir >> cifras.txt

      Con --json: cada muestra en un renglón, como la da Operations/GetMetrics.
      """)

  @Option(help: ArgumentHelp("Segundos entre dos muestras, de 0.1 a 60.", valueName: "segundos"))
  var cada: Double = 1

  @Flag(name: .customLong("una-vez"), help: "Mide un intervalo, lo muestra y termina.")
  var once = false

  @Flag(name: .customLong("seguir"), help: "Escribe un renglón por muestra hasta que se interrumpa.")
  var follow = false

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func validate() throws {
    if once, follow { throw ValidationError("--una-vez y --seguir se excluyen: escriba una de las dos.") }
    guard (0.1...60).contains(cada) else { throw ValidationError("--cada: escriba segundos, de 0.1 a 60.") }
  }

  private var interval: Duration { .milliseconds(Int64((cada * 1000).rounded())) }

  func run() async throws {
    let place = try global.addresses().map(\.description).joined(separator: ", ")
    if !once, !follow, !global.json, let screen = TerminalScreen() { return try await live(on: screen, place) }
    try await global.withServer { client in try await plain(client, place, Output.standard) }
  }

  // MARK: Text

  /// A line for each sample, or one whole picture.
  private func plain(_ client: any RPCTransport, _ place: String, _ output: Output) async throws {
    let (once, json) = (!follow, global.json)
    let last = Last()
    try await Failure.of { () async throws(RPCError) in
      try await SampleSource(client: client, interval: interval, options: global.callOptions).run { sample in
        if json {
          if let bytes = try? sample.encoded(), let value = try? Wire.MetricsSample.messageType.json(bytes) {
            output.text(value.text(pretty: false))
          }
          return !once
        }
        guard let change = await last.change(to: sample) else { return true }
        let frame = TopFrame(change: change, place: place)
        if once { output.lines(frame.lines(width: TerminalScreen.size.width, height: .max, output.style)) } else { output.text(frame.line) }
        return !once
      }
    }
  }

  /// The sample before.
  private actor Last {
    private var sample: Wire.MetricsSample?

    /// `nil` for the first of a server.
    func change(to next: Wire.MetricsSample) -> MetricsChange? {
      defer { sample = next }
      return sample.flatMap { MetricsChange(from: $0, to: next) }
    }
  }

  // MARK: A terminal

  private enum Event: Sendable {
    case sample(Wire.MetricsSample)
    case lost(RPCError)
    case end
  }

  /// Redraws until a key ends it. A server that goes away is waited for.
  private func live(on screen: TerminalScreen, _ place: String) async throws {
    defer { screen.end() }
    let style = Output.standard.style
    screen.show { width, _ in ["Conectando con \(place.printable)…".clipped(to: width)] }
    var last: Wire.MetricsSample?
    for await event in events() {
      switch event {
      case .end: return
      case .sample(let sample):
        let change = last.flatMap { MetricsChange(from: $0, to: sample) }
        last = sample
        guard let change else { continue }
        let frame = TopFrame(change: change, place: place)
        screen.show { width, height in
          let lines = frame.lines(width: width, height: height - 1, style)
          let space = [String](repeating: "", count: max(0, height - 1 - lines.count))
          return lines + space + [style.dim("q termina".clipped(to: width))]
        }
      case .lost(let error):
        guard error.code == .unavailable || error.code == .deadlineExceeded else {
          screen.end()
          throw Failure(error)
        }
        last = nil
        screen.show { width, _ in
          ["El servidor no contesta en \(place.printable).", "Se intenta de nuevo cada segundo; q termina."].map { style.red($0.clipped(to: width)) }
        }
      }
    }
  }

  /// Samples and keys, in the order in which they come.
  private func events() -> AsyncStream<Event> {
    let (global, interval) = (global, interval)
    return AsyncStream(bufferingPolicy: .bufferingNewest(16)) { continuation in
      let keys = Task {
        // q, Q, Ctrl-C, Ctrl-D; nobody is there when the keyboard is gone.
        for await key in TerminalScreen.keys() where [0x71, 0x51, 3, 4].contains(key) { break }
        continuation.yield(.end)
      }
      let samples = Task {
        try? await global.withServer { client in
          while !Task.isCancelled {
            do throws(RPCError) {
              try await SampleSource(client: client, interval: interval, options: global.callOptions).run { sample in
                continuation.yield(.sample(sample))
                return true
              }
            } catch {
              if !Task.isCancelled { continuation.yield(.lost(error)) }
            }
            try? await Task.sleep(for: .seconds(1))
          }
        }
      }
      continuation.onTermination = { _ in
        keys.cancel()
        samples.cancel()
      }
    }
  }
}
