internal import ClinicDomain
internal import Foundation

/// The made-up people who visit: a parent with a child of the same NSS, and somebody else who wants the same place.
struct Visitors: Sendable, Equatable {
  var parent: Visitor
  var rival: Visitor
}

/// A row of the padrón, as far as the visit needs it.
struct Visitor: Sendable, Equatable {
  let nss: String
  let birthDate: String
  let consultorio: String
  let turno: String
  let isCovered: Bool
  let hasNeeds: Bool

  func age(on day: CivilDate) -> Int { CivilDate(iso: birthDate)?.age(on: day) ?? 0 }
}

extension Visitors {
  /// So many families of the file's beginning are looked at; a visit cancels what it booked, so the first ones nearly always do.
  private static let bytesRead = 1_000_000

  /// Every parent the visit can be walked with, by NSS.
  ///
  /// Rows are split at their commas: the file is ours, and no value in it needs quotes.
  static func candidates(inFile path: String, today: CivilDate) throws(VisitFault) -> [Visitor] {
    guard let handle = FileHandle(forReadingAtPath: path), let data = try? handle.read(upToCount: bytesRead) else {
      throw VisitFault("No se puede leer \(path).")
    }
    return candidates(in: String(decoding: data, as: UTF8.self), isWhole: data.count < bytesRead, today: today)
  }

  static func candidates(in text: String, isWhole: Bool, today: CivilDate) -> [Visitor] {
    var lines = text.split(separator: "\n")
    if !isWhole { lines = lines.dropLast() }
    guard let header = lines.first else { return [] }
    let columns = header.split(separator: ",").map(String.init)
    let families = Dictionary(grouping: lines.dropFirst().compactMap { Visitor(line: $0, columns: columns) }, by: \.nss)
      .values.sorted { $0[0].nss < $1[0].nss }
    return families.compactMap { parent(of: $0, today: today) }
  }

  /// An adult of a family with a child, all covered, whose birth date nobody else of the family has.
  private static func parent(of family: [Visitor], today: CivilDate) -> Visitor? {
    guard family.allSatisfy({ $0.isCovered && !$0.hasNeeds && !$0.consultorio.isEmpty }),
      family.contains(where: { (1...14).contains($0.age(on: today)) }),
      Set(family.map(\.birthDate)).count == family.count
    else { return nil }
    return family.first { (20...70).contains($0.age(on: today)) }
  }
}

extension Visitor {
  fileprivate init?(line: Substring, columns: [String]) {
    let values = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard values.count == columns.count else { return nil }
    let row = Dictionary(zip(columns, values)) { first, _ in first }
    guard let nss = row["nss"], !nss.isEmpty, let birthDate = row["fecha_nacimiento"] else { return nil }
    self.init(
      nss: nss, birthDate: birthDate, consultorio: row["consultorio"] ?? "", turno: row["turno"] ?? "",
      isCovered: row["derechos_estado"] == "VIGENTE" && row["derechos_hasta"]?.isEmpty != false,
      hasNeeds: row["necesidades"]?.isEmpty == false)
  }
}
