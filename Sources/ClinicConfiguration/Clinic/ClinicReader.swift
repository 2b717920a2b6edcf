internal import ClinicDomain

/// Makes a clinic out of a tree, section by section; what each section defines, the later ones may name.
struct ClinicReader {
  var findings: Findings
  var services = Definitions<Service>()
  var turnos = Definitions<Turno>()
  var resources = Definitions<ResourceEntry>()
  var rules: [RuleEntry] = []
  /// What services say of further agendas, which are read after them.
  var companionTrees: [(service: String, tree: Tree)] = []
  /// What two sections may not both say.
  var overbooking: [Placed<OverbookingRule>] = []
  var freedBy: [Placed<FreedPlace.Source>] = []
  /// The file of units that the clinic names, as it is written.
  private(set) var directoryFile: String?

  init(findings: Findings) { self.findings = findings }

  private static let keys: [Key] = [
    .required("clues", "DFIMS000266"),
    .required("ooad", "Ciudad de México Sur"),
    .required("numero", "20"),
    .required("nombre", "UMF 20 Vallejo"),
    .required("zona", "America/Mexico_City"),
    .required("servicios", "una lista con codigo, nombre, minutos, canales, exige_derechos y citas_por_persona"),
    .required("turnos", "una lista con codigo, nombre y horario"),
    .required("consultorios", "una lista con numeros, servicios y piso"),
    .optional("ventanillas"),
    .optional("profesionales"),
    .required("reglas", "una lista con turno, dias y recursos"),
    .optional("cierres"),
    .required("dias_inhabiles", "una lista con fecha y nombre, o []"),
    .required("reservas", "un grupo con horizonte_dias, apartado_segundos y los demás límites"),
    .optional("capacidad"),
    .optional("lista_espera"),
    .optional("avisos"),
    .optional("unifila"),
    .optional("duenas"),
    .optional("series"),
    .optional("compromisos"),
    .optional("atencion_gratuita"),
    .optional("directorio"),
    .optional("embarazo"),
    .optional("plan_de_parto"),
    .optional("visitas_domiciliarias"),
    .required("orientacion", "un grupo con sin_lugar, sin_derechos, limite y otro"),
    .optional("unidades_infarto"),
  ]

  /// `nil` when something is missing or wrong, which then stands in ``findings``.
  mutating func read(_ root: Tree) -> Clinic? {
    guard let fields = root.fields(of: "la raíz del archivo", Self.keys, &findings) else { return nil }
    let identity = readIdentity(fields)
    readServices(fields["servicios"])
    readTurnos(fields["turnos"])
    readResources(fields["consultorios"], .consultorio)
    readResources(fields["ventanillas"], .ventanilla)
    readResources(fields["profesionales"], .profesional)
    let companions = readCompanions()
    readRules(fields["reglas"])
    let closures = readClosures(fields["cierres"])
    let nonWorkingDays = readNonWorkingDays(fields["dias_inhabiles"])
    let policy = readPolicy(fields["reservas"])
    let capacity = readCapacity(fields["capacidad"], policy)
    let waitlist = readUnifila(fields, readWaitlist(fields["lista_espera"]))
    let notices = readNotices(fields["avisos"])
    let owners = readOwners(fields["duenas"])
    let series = readSeries(fields["series"], policy)
    let duties = readDuties(fields["compromisos"])
    let homeVisits = readHomeVisits(fields["visitas_domiciliarias"])
    let guidance = readGuidance(fields["orientacion"])
    let postalCode = readDirectory(fields["directorio"])
    let (freeCare, birthPlan) = (readFreeCare(fields["atencion_gratuita"]), readBirthPlan(fields["plan_de_parto"]))
    let maternity = readMaternity(fields["embarazo"])
    let units = readCapableUnits(fields["unidades_infarto"])
    checkTogether(policy)
    checkOverbooking(series)
    checkStamps(series, homeVisits)
    guard let identity, let policy, !findings.hasErrors else { return nil }
    var clinic = Clinic(
      identity: identity, services: services.values.map { $0.with(companions[$0.code.rawValue] ?? []) },
      turnos: turnos.values.sorted { ($0.hours.lowerBound, $0.code) < ($1.hours.lowerBound, $1.code) },
      resources: agendaResources(), closures: closures, nonWorkingDays: nonWorkingDays, policy: policy, capacity: capacity,
      waitlist: waitlist, series: series, owners: owners, duties: duties, freeCare: freeCare, birthPlan: birthPlan,
      homeVisits: homeVisits, guidance: guidance)
    clinic.infarctionUnits = units
    clinic.notices = notices
    clinic.directory.postalCode = postalCode
    clinic.maternity = maternity
    return clinic
  }

  private static let directoryKeys: [Key] = [
    .required("archivo", "../../directorio/muestra.yaml"), .required("codigo_postal", "\"07300\""),
  ]

  /// The clinic's own postal code, and which file has the units.
  private mutating func readDirectory(_ tree: Tree?) -> PostalCode? {
    guard let fields = tree?.fields(of: "directorio", Self.directoryKeys, &findings) else { return nil }
    directoryFile = fields.value("archivo", .path, &findings)
    return fields.value("codigo_postal", .postalCode, &findings)
  }

  private func agendaResources() -> [AgendaResource] {
    resources.values.flatMap { entry in
      entry.ids.map { id in
        AgendaResource(
          id: id, services: entry.services.map(\.value), floor: entry.floor, tags: entry.tags,
          rules: rules.filter { $0.resources.contains(id) }.map(\.rule), attendsLive: entry.attendsLive)
      }
    }
    .sorted { $0.id < $1.id }
  }
}

/// What a section defines, for others to name.
struct Definitions<Value> {
  /// Those without a problem, in the order of the file.
  private(set) var values: [Value] = []
  /// Every name that is legible, also of those with a problem elsewhere.
  private(set) var names: [Placed<String>] = []
  /// Whether ``names`` is all of them. If so, a name that is not among them is an error; if not, it may be the consequence of one.
  private(set) var isComplete = false

  /// The section is there; from here on it is complete, until something illegible turns up.
  mutating func begin() { isComplete = true }

  mutating func markIncomplete() { isComplete = false }

  /// - Parameters:
  ///   - value: `nil` when it has a problem.
  ///   - name: `nil` when it is missing or illegible.
  mutating func append(_ value: Value?, named name: Placed<String>?) {
    if let value { values.append(value) }
    if let name { names.append(name) } else { markIncomplete() }
  }

  /// For a section whose elements have several names each: those are appended apart.
  mutating func append(value: Value) { values.append(value) }

  mutating func append(names more: [Placed<String>]) { names += more }

  /// Reports names that are defined twice. One of the two was probably meant to be another: so these are not all.
  ///
  /// - Parameter what: "el servicio".
  mutating func checkNames(_ what: String, _ findings: inout Findings) {
    let unique = findings.unique(names, { "\(what) \"\($0)\"" }, fix: "cambie el código de uno de los dos")
    if unique.count < names.count { markIncomplete() }
  }

  func position(of name: String) -> TextPosition? { names.first { $0.value == name }?.position }

  /// Reads the name of something defined here.
  func name<Code: RawRepresentable<String>>(_ code: Code.Type = Code.self) -> ValueParser<Code> {
    let legal = names.map(\.value)
    let isComplete = isComplete
    return ValueParser { text throws(Complaint) in
      if legal.contains(text) || !isComplete, let code = Code(rawValue: text) { return code }
      throw Complaint("\"\(text.excerpt)\" no está definido", fix: Suggestion.fix(for: text, among: legal))
    }
  }
}
