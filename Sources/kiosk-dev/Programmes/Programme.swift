/// A programme or goal that the clinic serves, and what it is here. Its number is its name in the titles of tests: "P28: …".
struct Programme: Hashable, Sendable {
  var id: String
  /// What the software does for it.
  var feature: String
  /// What no test shows of it yet; `nil` when the titles say all of it.
  var lacks: String?

  /// All of them, in the order of their numbers.
  static let all: [Programme] = [
    Programme("P01", "catalogue of 25 trámites or more: requirements, place, days, source; one checklist at kiosk and telephone"),
    Programme("P02", "a petición of five kinds with folio; a queja's 50 business days are its ceiling"),
    Programme("P03", "one backlog for all channels: entries of one person, unit and day are linked, never merged"),
    Programme("P04", "alarm signs on the telephone without NSS; a clinician calls back"),
    Programme("P05", "telemedicine: room, specialist and local staff, all or none"),
    Programme("P06", "home visits with the data of IMSS-03-019, 08 to 20 h"),
    Programme("P07", "56 days of care after a baja, then the way to free care"),
    Programme("P08", "who is of no known institution gets orientation and the way to Urgencias"),
    Programme("P09", "directory of units by CLUES and postal code, without the WAN"),
    Programme(
      "P10", "emergencies need no identity, no right and no server",
      lacks: "the kiosk's one touch on a screen of its own, with the server dead"),
    Programme("P11", "the insurance for Mexicans abroad, for a caller from there"),
    Programme("P12", "a chosen name everywhere that the clinic calls or shows"),
    Programme("P13", "no stairs for who cannot climb them; keys and voice; calling who cannot hear"),
    Programme("P14", "a closed consultorio moves or offers every appointment"),
    Programme("P15", "palliative care: the same doctor, no line, a call or a visit at home; a relative books"),
    Programme("P16", "turnos of any hours, past midnight too"),
    Programme("P17", "PrevenIMSS: the yearly check is offered once"),
    Programme("P18", "prenatal series; newborns at their mother's record"),
    Programme("P19", "no pregnant woman is turned away: Urgencias, a near date, or a person by name within 30 minutes"),
    Programme("P20", "a birth plan, and a companion who sees what she grants"),
    Programme("P21", "guarderías: the window from 43 days to four years"),
    Programme("P22", "a dialogue greets, repeats what it understood and answers with a folio"),
    Programme("P23", "referrals with due times, and the return's follow-up"),
    Programme("P24", "código cerebro: one «sí» of three raises the alarm, with the onset"),
    Programme("P25", "código infarto: the signs of the heart, and the nearest unit"),
    Programme("P26", "hemodialysis chairs three times a week; nobody loses two in a row"),
    Programme("P27", "OncoCREAN: a positive screen has a date within three business days"),
    Programme("P28", "third next available, re-use of freed slots, a waitlist; a surgical referral's date or days waiting"),
    Programme("P29", "Unifila: one key, freed places offered within five minutes, exactly one winner, order kept"),
    Programme("P30", "triage colours are set by staff, each with its timer"),
    Programme("P31", "receta resurtible: three windows of five business days"),
    Programme("P32", "confidential services: neutral words everywhere"),
    Programme("P33", "vaccination for anybody; the doses due by age"),
    Programme("P34", "anonymous weekly counts of motives; small cells suppressed"),
    Programme("P35", "a promoter books for a list of people and reads no motives"),
    Programme("P36", "Buzón IMSS explained; no e.firma, no password"),
    Programme("P37", "nothing out of order without its row in the history"),
    Programme("P38", "caps and breaks that only an audited override exceeds"),
    Programme("P39", "employers' payments: a place and its hours"),
    Programme("P40", "PrEP and PEP: 72 hours, discreet"),
    Programme("P41", "the register of legados: owner, evidence, due date, status history"),
    Programme("P42", "the 35 OOAD; one that does not exist is refused"),
    Programme("P43", "one profile for each type of unit"),
  ]

  private init(_ id: String, _ feature: String, lacks: String? = nil) {
    self.id = id
    self.feature = feature
    self.lacks = lacks
  }
}
