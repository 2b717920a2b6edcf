/// The dialplan's applications that EXEC knows, as far as a bridge can tell.
extension AsteriskLine {
  /// One word of options: further words are nothing to Asterisk. -2 for an application that it does not have.
  func application(_ name: String, _ options: String, _ script: PhoneScript) -> AsteriskDeed {
    let words = options.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    switch name.lowercased() {
    case "noop", "verbose", "set", "log", "answer": return .answer("200 result=0")
    case "wait":
      let length = Duration.milliseconds(Int((words.first.flatMap(Double.init) ?? 0) * 1000))
      return .silence(length, AsteriskPlaying(kind: .application(leaves: [:]), keys: ""))
    case "playback": return playback(words, script)
    case "read": return read(words, script)
    // They last as long as what they are for; a bridge's call is not heard meanwhile.
    case "dial": return .play("dial:\(words.first ?? "")", Self.conversation, done(["DIALSTATUS": "ANSWER"]))
    case "queue": return .play("queue:\(words.first ?? "")", Self.conversation, done(["QUEUESTATUS": "CONTINUE"]))
    case "transfer": return .play([], .zero, done(["TRANSFERSTATUS": "UNSUPPORTED"]))
    case "hangup": return .hangUp("200 result=-1", after: .zero)
    default: return .answer("200 result=-2")
    }
  }

  private static let conversation = Duration.seconds(20)

  private func done(_ variables: [String: String]) -> AsteriskPlaying { AsteriskPlaying(kind: .application(leaves: variables), keys: "") }

  private func playback(_ words: [String], _ script: PhoneScript) -> AsteriskDeed {
    let names = (words.first ?? "").split(separator: "&").map(String.init)
    // A file that is missing is left out, and the result is 0 all the same.
    let status = names.contains(where: script.lacks) ? "FAILED" : "SUCCESS"
    let (pieces, length) = several(names.filter { !script.lacks($0) }, script)
    return .play(pieces, length, done(["PLAYBACKSTATUS": status]))
  }

  /// `Read(VAR,a&b&c,max,options,tries,seconds)`.
  private func read(_ words: [String], _ script: PhoneScript) -> AsteriskDeed {
    func word(_ place: Int) -> String { words.indices.contains(place) ? words[place] : "" }
    let names = word(1).split(separator: "&").map(String.init)
    let seconds = Double(word(5)).map { Duration.milliseconds(Int($0 * 1000)) }
    let kind = AsteriskPlaying.Kind.read(
      variable: word(0), max: Int(word(2)).flatMap { $0 > 0 ? $0 : nil } ?? 255, first: seconds ?? .seconds(10), between: seconds ?? .seconds(5))
    if let last = names.last, script.lacks(last) { return .play([], .zero, done([word(0): "", "READSTATUS": "ERROR"])) }
    let (pieces, length) = several(names.filter { !script.lacks($0) }, script)
    return .play(pieces, length, AsteriskPlaying(kind: kind, keys: ""))
  }

  /// One after the other, as one.
  private func several(_ names: [String], _ script: PhoneScript) -> ([AsteriskPiece], Duration) {
    names.reduce(into: ([], .zero)) { all, name in
      let (pieces, length) = script.pieces(of: name)
      all.0 += pieces.map { AsteriskPiece(name: $0.name, offset: all.1 + $0.offset, length: $0.length) }
      all.1 += length
    }
  }
}
