internal import Guidance
internal import IVRDialogue

/// Makes a dialogue out of a tree, and remembers where each step and option stands.
struct DialogueReader {
  var findings: Findings
  /// `nil` before its file says so.
  private(set) var dialogue: DialogueID?
  /// The names of all steps, so that whatever leads to one can be checked while it is read.
  var stepNames: [Placed<String>] = []
  /// Where each option stands, by step and key.
  var optionPositions: [OptionPlace: TextPosition] = [:]

  struct OptionPlace: Hashable {
    let step: StepID
    let key: Int
  }

  init(findings: Findings) { self.findings = findings }

  private static let keys: [Key] = [
    .required("dialogo", "citas"),
    .required("version", "1"),
    .required("titulo", "Citas"),
    .optional("entrada"),
    .required("inicio", "el nombre de uno de los pasos"),
    .required("pasos", "una lista con paso, tipo y lo demás"),
  ]

  /// `nil` when something is missing or wrong, which then stands in ``findings``.
  mutating func read(_ root: Tree) -> Dialogue? {
    guard let fields = root.fields(of: "la raíz del archivo", Self.keys, &findings) else { return nil }
    let id = fields.placed("dialogo", .code, &findings)
    let version = fields.value("version", .integer(1...9999), &findings)
    let title = fields.value("titulo", .sentence, &findings)
    let isEntry = fields.value("entrada", .yesOrNo, &findings) ?? false
    stepNames = fields["pasos"]?.stepNames ?? []
    let start = fields.value("inicio", stepName, &findings)
    let steps = fields["pasos"].flatMap { readSteps($0) }
    if let id { check(id) }
    guard let id, let version, let title, let start, let steps, !findings.hasErrors else { return nil }
    dialogue = DialogueID(id.value)
    return Dialogue(id: DialogueID(id.value), version: version, title: title, isEntry: isEntry, start: start, steps: steps)
  }

  /// The file is called as the dialogue is, so that no two files of a folder hold the same one.
  private mutating func check(_ id: Placed<String>) {
    let name = findings.file.split(separator: "/").last.map(String.init) ?? ""
    guard name != "\(id.value).yaml" else { return }
    findings.error(id.position, "el diálogo se llama \"\(id.value)\" y el archivo \"\(name.excerpt)\"", fix: "llame al archivo \(id.value).yaml")
  }

  /// Where a problem of this dialogue shows.
  func position(of problem: LineProblem) -> TextPosition {
    if let key = problem.key, let place = optionPositions[OptionPlace(step: problem.step, key: key)] { return place }
    return stepNames.first { $0.value == problem.step.rawValue }?.position ?? .start
  }

  // MARK: - Names

  /// Reads the name of a step of this dialogue.
  var stepName: ValueParser<StepID> { .step(among: stepNames, of: "este diálogo") { StepID($0) } }
}
