internal import ClinicConfiguration
internal import ClinicDomain
internal import Crypto
internal import Foundation
internal import Guidance

let sha256: GuidanceConfiguration.Digest = { Array(SHA256.hash(data: $0)) }

extension Guide {
  var hash: ContentHash { ContentHash(bytes: sha256(canonicalForm)) }

  /// As ``problems(under:hash:)`` for callers.
  var problems: [GuideProblem] { problems(under: .production, hash: signature == nil ? nil : hash) }
}

/// The guides of kiosk-config, in the order of their names.
let shippedGuides: [Guide] = {
  do {
    return try GuidanceConfiguration.load(folder: guidanceFolder, profile: .production, digest: sha256).value.map(\.guide)
  } catch {
    preconditionFailure("the shipped guides: \(error)")
  }
}()

func shipped(_ id: String) -> Guide { shippedGuides.first { $0.id == GuideID(id) }! }

let guidanceFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().appending(path: "kiosk-config/guidance").path

/// A guide without a problem that has one of everything unsigned content may have.
let fixture = Guide(
  id: GuideID("mareo"), version: 3, title: "Mareo", languages: [.init(.spanish, .complete), .init(Language("nah"), .person)],
  start: "aviso",
  nodes: [
    Node("aviso", .statement(emergency: .call911, next: "cara"), "Si se siente muy mal, marque 911."),
    Node(
      "cara",
      .question([
        Answer(1, .yes, "llame", Marks(alarm: SignCode("cara"), code: .cerebro), "Si es así, oprima 1."),
        Answer(2, .no, "embarazo", "Si no, oprima 2."),
        Answer(3, .dontKnow, "persona", "Si no sabe, oprima 3."),
      ]), "¿Se le cae un lado de la cara?"),
    Node("llame", .statement(emergency: .call911, next: "cuando"), "Marque 911 ahora."),
    Node(
      "cuando",
      .question([
        Answer(1, .other, "urgencias", Marks(onset: OnsetRange(minutes: 0...270)), "Hace poco, oprima 1."),
        Answer(2, .other, "urgencias", Marks(onset: OnsetRange(minutes: 270...900)), "Hace mucho, oprima 2."),
        Answer(3, .dontKnow, "urgencias", "Si no sabe, oprima 3."),
      ]), "¿Cuándo empezó?"),
    Node("urgencias", .disposition(.urgencias), "Vaya ahora a Urgencias."),
    Node(
      "embarazo",
      .question([
        Answer(1, .yes, "cita", Marks(isPregnant: true), "Si es así, oprima 1."),
        Answer(2, .no, "cita", Marks(prompt: SignCode("mareo")), "Si no, oprima 2."),
        Answer(3, .dontKnow, "persona", "Si no sabe, oprima 3."),
        Answer(4, .cannotWait, "persona", "Si no puede esperar, oprima 4."),
      ]), "¿Está embarazada?"),
    Node(
      "cita", .disposition(.appointment(AppointmentTerm(service: ServiceCode("medicina_familiar"), days: 2), otherwise: "persona")),
      "Le busco una cita."),
    Node("persona", .disposition(.person), "Le comunico con una persona."),
  ])

extension ContentHash {
  /// Where it does not matter which content it is.
  static let any = ContentHash(bytes: Array(repeating: 7, count: 32))
}

extension NodeID: ExpressibleByStringLiteral {
  public init(stringLiteral value: String) { self.init(value) }
}

extension GuideText: ExpressibleByStringLiteral {
  public init(stringLiteral value: String) { self.init(spanish: value) }
}

extension Answer {
  init(_ key: Int, _ meaning: Meaning, _ next: NodeID, _ text: GuideText) { self.init(key, meaning, next, Marks(), text) }
}

extension Guide {
  /// The guide with one node changed.
  func changing(_ id: NodeID, _ change: (inout Node) -> Void) -> Guide {
    var guide = self
    let index = guide.nodes.firstIndex { $0.id == id }!
    change(&guide.nodes[index])
    return guide
  }

  /// The guide with one answer changed.
  func changing(_ id: NodeID, key: Int, _ change: (inout Answer) -> Void) -> Guide {
    changing(id) { node in
      var answers = node.answers
      change(&answers[answers.firstIndex { $0.key == key }!])
      node.kind = .question(answers)
    }
  }

  func dropping(_ id: NodeID, key: Int) -> Guide {
    changing(id) { node in node.kind = .question(node.answers.filter { $0.key != key }) }
  }
}
