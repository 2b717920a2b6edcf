internal import ClinicDomain
internal import KioskTestSupport
internal import Testing

@Suite("Our own check digit")
struct DammTests {
  @Test("The example that the literature prints: 572 takes 4")
  func printed() {
    #expect(Damm.checkDigit(of: [5, 7, 2]) == 4)
    #expect(Damm.checkDigit(of: [5, 7, 2, 4]) == 0)
  }

  @Test("In any state, no two digits lead to the same, and no swap of two digits does")
  func totallyAntiSymmetric() {
    for state in UInt8(0)...9 {
      // Reaches every state: the table's row 0 is a permutation.
      #expect(Set((UInt8(0)...9).map { Damm.checkDigit(of: [state, $0]) }).count == 10)
      for first in UInt8(0)...9 {
        for second in UInt8(0)...9 where first != second {
          #expect(Damm.checkDigit(of: [state, first, second]) != Damm.checkDigit(of: [state, second, first]))
        }
      }
    }
  }

  @Test("Zeros in front change nothing")
  func leadingZeros() {
    #expect(Damm.checkDigit(of: [0, 0, 5, 7, 2]) == 4)
  }

  @Test("Every single wrong digit and every swap of neighbours is seen in 500 folios and 500 patient numbers")
  func numbers() {
    for index in UInt64(1)...500 {
      let random = index &* 0x9E37_79B9_7F4A_7C15
      let folio = Folio(random: random).description
      let number = PatientNumber(random: random).description
      #expect(mistakes(in: folio).allSatisfy { Folio($0) == nil })
      #expect(mistakes(in: number).allSatisfy { PatientNumber($0) == nil })
    }
  }

  /// Every text with one digit replaced, and every text with two different neighbours swapped.
  private func mistakes(in text: String) -> [String] {
    let right = Array(text.utf8)
    var texts: [String] = []
    for position in right.indices {
      for wrong in UInt8(ascii: "0")...UInt8(ascii: "9") where wrong != right[position] {
        var digits = right
        digits[position] = wrong
        texts.append(String(decoding: digits, as: UTF8.self))
      }
      if position + 1 < right.count, right[position] != right[position + 1] {
        var digits = right
        digits.swapAt(position, position + 1)
        texts.append(String(decoding: digits, as: UTF8.self))
      }
    }
    return texts
  }
}

@Suite("Folio")
struct FolioTests {
  @Test("Each reason, in the order it is checked", arguments: [
    ("", FolioFault.empty), ("4820 1157 036A", .notDigits), ("4820 1157 036", .wrongLength(11)), ("0000 0000 0000", .beginsWithZero),
    ("4820 1157 0361", .badCheckDigit),
  ])
  func reasons(text: String, fault: FolioFault) {
    #expect(throws: fault) { try Folio(parsing: text) }
    #expect(Folio(text) == nil)
  }

  @Test("It is printed and spoken in fours, and read back from there")
  func forms() throws {
    let folio = Folio(random: 0x7A3D_5C19_0B42_88E1)
    #expect(folio.spoken.split(separator: " ").map(\.count) == [4, 4, 4])
    #expect(try Folio(parsing: folio.spoken) == folio)
    #expect(Folio(number: folio.number) == folio)
    #expect(folio.masked == "••••••••" + folio.description.suffix(4))
    #expect(try Folio(parsing: "4820 1157 0363").spoken == "4820 1157 0363")
  }

  @Test("The ends of chance and of the days' turn give twelve digits; the first three are the day's, for what follows from it too")
  func ends() {
    let first = CivilDate(daysSinceEpoch: 0)!
    #expect(Folio(random: 0, on: first).description.hasPrefix("10000000000"))
    #expect(Folio(random: .max, on: first).description.hasPrefix("10099999999"))
    #expect(Folio(random: .max, on: first.advanced(by: 899)).description.hasPrefix("99999999999"))
    #expect(Folio(random: .max, on: first.advanced(by: -1)).description.hasPrefix("99999999999"))
    #expect(Folio(random: 0, on: first.advanced(by: 900)).description.hasPrefix("10000000000"))
    let folio = Folio(random: 7, on: first.advanced(by: 20_000))
    let following = (1...500).map(folio.following)
    #expect(Set(following).count == 500)
    #expect(following.allSatisfy { $0.description.prefix(3) == folio.description.prefix(3) })
    #expect(Folio(number: 0) == nil)
    #expect(Folio(number: .max) == nil)
  }
}

@Suite("Patient number")
struct PatientNumberTests {
  @Test("Each reason, in the order it is checked", arguments: [
    (" ", PatientNumberFault.empty), ("12345678X", .notDigits), ("12345678", .wrongLength(8)), ("012345678", .beginsWithZero),
    ("100000000", .badCheckDigit),
  ])
  func reasons(text: String, fault: PatientNumberFault) {
    #expect(throws: fault) { try PatientNumber(parsing: text) }
    #expect(PatientNumber(text) == nil)
  }

  @Test("Its forms for eyes and ears")
  func forms() throws {
    let number = PatientNumber(random: 0x7A3D_5C19_0B42_88E1)
    #expect(number.spoken.split(separator: " ").map(\.count) == [3, 3, 3])
    #expect(try PatientNumber(parsing: number.spoken) == number)
    #expect(PatientNumber(number: number.number) == number)
    #expect(number.masked == "•••••" + number.description.suffix(4))
    #expect(PatientNumber(random: 0).description.hasPrefix("10000000"))
    #expect(PatientNumber(random: .max).description.hasPrefix("99999999"))
  }
}
