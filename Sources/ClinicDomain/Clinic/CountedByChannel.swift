/// A number for each channel.
package protocol CountedByChannel {
  var kiosk: Int { get set }
  var phone: Int { get set }
  var desk: Int { get set }
}

extension CountedByChannel {
  package var total: Int { kiosk + phone + desk }

  package subscript(channel: Channel) -> Int {
    get {
      switch channel {
      case .kiosk: kiosk
      case .phone: phone
      case .desk: desk
      }
    }
    set {
      switch channel {
      case .kiosk: kiosk = newValue
      case .phone: phone = newValue
      case .desk: desk = newValue
      }
    }
  }
}
