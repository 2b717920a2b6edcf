extension Schema {
  /// A day's agenda shows who did not come too; `appointment_slot` has only those who keep a place.
  static let migration004 = """
    CREATE INDEX appointment_missed ON appointment (resource, day, start_minute) WHERE status = 'noshow';
    """
}
