/// Who speaks what: 61 of 1,000 people speak an indigenous language, shared out as below.
///
/// Source: Census 2020 in the domain notes, section 6 (thousands of speakers; otomí and the three below it from ENADID 2023).
enum PopulationLanguages {
  static let speakersInThousand = 61

  /// ISO 639-3, one variant standing for each group.
  static let speakers: [(String, weight: Int)] = [
    ("nah", 1652),  // náhuatl
    ("yua", 775),  // maya
    ("tzh", 589),  // tseltal
    ("tzo", 550),  // tsotsil
    ("mix", 526),  // mixteco
    ("zap", 491),  // zapoteco
    ("oto", 307),  // otomí
    ("top", 250),  // totonaco
    ("ctu", 250),  // chol
    ("mau", 235),  // mazateco
  ]
}
