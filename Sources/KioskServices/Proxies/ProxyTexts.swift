internal import ClinicDomain
internal import Scheduling
internal import TTRPCCore
internal import VentanillaMessages

extension Wire.GrantProxyRequest {
  /// - Throws: INVALID_ARGUMENT for no right, one twice or unknown, and one without the sight that it takes.
  func checkedRights() throws(RPCError) -> ProxyRights {
    var rights: ProxyRights = []
    for right in self.rights {
      guard let one = ProxyRights(right), !rights.contains(one) else {
        throw .field("rights", "cada permiso una vez: ver, agendar, cambiar, plan o tratamientos")
      }
      rights.insert(one)
    }
    guard !rights.isEmpty else { throw .field("rights", "diga al menos un permiso: ver, agendar, cambiar, plan o tratamientos") }
    guard rights.areLegal else { throw .field("rights", "quien hace o cambia citas también las ve: agregue ver") }
    return rights
  }
}

extension ProxyRights {
  private static let wire: [(right: ProxyRights, wire: Wire.ProxyRight, text: String)] = [
    (.see, .see, "ver sus citas"), (.book, .book, "hacerle citas"), (.change, .change, "cambiarlas o cancelarlas"),
    (.plan, .plan, "ver su plan de parto"), (.care, .care, "ver sus tratamientos"),
  ]

  /// `nil` for none, or one of a newer contract.
  fileprivate init?(_ right: Wire.ProxyRight) {
    guard let known = Self.wire.first(where: { $0.wire == right }) else { return nil }
    self = known.right
  }

  fileprivate var wireRights: [Wire.ProxyRight] { Self.wire.filter { contains($0.right) }.map(\.wire) }

  /// "ver sus citas, hacerle citas y cambiarlas o cancelarlas".
  fileprivate var text: String {
    let words = Self.wire.filter { contains($0.right) }.map(\.text)
    return words.count < 2 ? words.joined() : words.dropLast().joined(separator: ", ") + " y " + words[words.count - 1]
  }
}

extension ClinicRules {
  /// A permission as its grantor sees it: the name of who has it is not theirs to see.
  func wireProxy(_ proxy: Proxy, to grantee: Patient) -> Wire.Proxy {
    let ending = String(grantee.number.description.suffix(4))
    let end = proxy.until.map { "hasta el \($0.spanishDayText) de \($0.year)" } ?? "hasta que usted lo quite"
    return Wire.Proxy(
      id: proxy.id, rights: proxy.rights.wireRights, fromDate: proxy.from.description, untilDate: proxy.until?.description ?? "",
      granteeEnding: ending, byStaff: proxy.recordedBy.hasPrefix("staff:"),
      text: "La persona cuyo número termina en \(ending) puede \(proxy.rights.text), \(end). Nada más.")
  }

  /// A birth plan as it is shown and printed; every sentence of the form, answered or not.
  func wirePlan(_ plan: BirthPlan?, of form: BirthPlanForm) -> Wire.BirthPlan {
    let known = form.items.map { item in
      Wire.BirthPlanLine(item: item.code, answer: Wire.BirthPlanAnswer(plan?.answer(to: item.code)), text: item.text)
    }
    let former = (plan?.lines ?? []).filter { line in !form.items.contains { $0.code == line.item } }.map {
      Wire.BirthPlanLine(item: $0.item, answer: Wire.BirthPlanAnswer($0.answer), text: $0.item)
    }
    let changed = plan.map { dayAndHour(at: $0.recordedAt) } ?? ""
    return Wire.BirthPlan(
      lines: known + former, version: Int32(plan?.version ?? 0), changed: changed,
      printed: printed(known + former, plan?.version ?? 0, changed, notice: form.notice))
  }

  /// Lines of at most 80 characters, without a name: she writes hers herself.
  private func printed(_ lines: [Wire.BirthPlanLine], _ version: Int, _ changed: String, notice: String) -> String {
    let rule = String(repeating: "-", count: 80)
    let state = version == 0 ? "Sin anotar todavía." : "Versión \(version), anotada el \(changed)."
    var text = ["PLAN DE PARTO", String(clinic.identity.name.prefix(80)), state] + notice.wrapped(at: 80) + [rule, "Sí   No   Platicarlo", rule]
    for line in lines {
      func box(_ answer: Wire.BirthPlanAnswer) -> String { line.answer == answer ? "[X]" : "[ ]" }
      let words = line.text.wrapped(at: 58)
      text.append("\(box(.yes))  \(box(.no))  \(box(.talk))         \(words.first ?? "")")
      text += words.dropFirst().map { String(repeating: " ", count: 22) + $0 }
    }
    text += [rule, "Nombre y firma de la mujer: ____________________________________", "Puede cambiarlo cuando quiera, aquí mismo o en la ventanilla."]
    return text.joined(separator: "\n") + "\n"
  }
}

extension BirthPlan {
  fileprivate func answer(to item: String) -> Answer? { lines.first { $0.item == item }?.answer }
}

extension Wire.BirthPlanAnswer {
  init(_ answer: BirthPlan.Answer?) {
    switch answer {
    case nil: self = .unspecified
    case .yes: self = .yes
    case .no: self = .no
    case .talk: self = .talk
    }
  }
}

extension BirthPlan.Answer {
  /// `nil` for none, or one of a newer contract.
  init?(_ answer: Wire.BirthPlanAnswer) {
    switch answer {
    case .yes: self = .yes
    case .no: self = .no
    case .talk: self = .talk
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension String {
  /// Lines of at most so many characters, broken between words; a longer word stands alone.
  fileprivate func wrapped(at width: Int) -> [String] {
    var lines: [String] = []
    for word in split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
