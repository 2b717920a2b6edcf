import Testing
import VentanillaMessages

@Suite("JSON to bytes and back")
struct JSONTests {
  static func decode<Message: WireMessage>(_ type: Message.Type, _ json: String) throws -> Message {
    try Message(decoding: type.messageType.encoded(json: json))
  }

  @Test("Fields go by either of their names, and 64-bit numbers as numbers or text", arguments: [
    #"{"startsAtUnixMs": "1764000000123", "ownDoctor": true, "resource": "C12"}"#,
    #"{"starts_at_unix_ms": 1764000000123, "own_doctor": true, "resource": "C12"}"#,
    #" { "resource" : "C\u0031\u0032" ,"own_doctor":true,"startsAtUnixMs":1.764000000123e12,"turno":null} "#,
  ])
  func names(json: String) throws {
    let slot = Wire.Slot(resource: "C12", startsAtUnixMs: 1_764_000_000_123, ownDoctor: true)
    #expect(try Self.decode(Wire.Slot.self, json) == slot)
  }

  @Test("Messages, choices, lists, enums and bytes")
  func shapes() throws {
    let json = #"""
      {"sessionToken": "a1", "slot": {"service": "medicina_familiar", "startMinute": 495}}
      """#
    #expect(try Self.decode(Wire.BookRequest.self, json)
      == Wire.BookRequest(sessionToken: "a1", what: .slot(Wire.SlotChoice(service: "medicina_familiar", startMinute: 495))))
    #expect(try Self.decode(Wire.Lists.self, #"{"colours": ["COLOUR_RED", 70000, 5], "int32s": [1, -1], "byteLists": ["", "AP8=", "_-8"]}"#)
      == Wire.Lists(int32s: [1, -1], byteLists: [[], [0, 255], [255, 239]], colours: [.red, .deepBlue, .unrecognized(5)]))
    #expect(try Self.decode(Wire.Choices.self, #"{"flag": false, "count": 0, "note": ""}"#)
      == Wire.Choices(kind: .flag(false), count: 0, note: ""))
    #expect(try Self.decode(Wire.Scalars.self, #"{"aDouble": "NaN"}"#).aDouble.isNaN)
    #expect(try Self.decode(Wire.Scalars.self, #"{"aDouble": "-Infinity", "aFloat": 1e2}"#) == Wire.Scalars(aDouble: -.infinity, aFloat: 100))
    #expect(try Self.decode(Wire.Slot.self, #"{"display": "ni\u00F1o \ud83d\ude00 \"\\\/\n"}"#) == Wire.Slot(display: "niño 😀 \"\\/\n"))
  }

  @Test("What is written can be read by people and programs")
  func writing() throws {
    let reply = Wire.IdentifyResponse(
      sessionToken: "00ff", idleSeconds: 60, person: Wire.Person(name: "José \"Pepe\"", needs: ["sin_escaleras"], minor: false))
    let json = try Wire.IdentifyResponse.messageType.json(reply.encoded())
    #expect(json.text(pretty: false)
      == #"{"sessionToken":"00ff","idleSeconds":60,"person":{"name":"José \"Pepe\"","needs":["sin_escaleras"]}}"#)
    #expect(json.text(pretty: true) == #"""
      {
        "sessionToken": "00ff",
        "idleSeconds": 60,
        "person": {
          "name": "José \"Pepe\"",
          "needs": [
            "sin_escaleras"
          ]
        }
      }
      """#)
    #expect(try Wire.GetStatusRequest.messageType.json([]).text(pretty: true) == "{}")
    let scalars = Wire.Scalars(anInt64: .min, aUint64: .max, someBytes: [0, 255, 16, 1], colour: .deepBlue)
    #expect(try Wire.Scalars.messageType.json(scalars.encoded()).text(pretty: false)
      == #"{"anInt64":"-9223372036854775808","aUint64":"18446744073709551615","someBytes":"AP8QAQ==","colour":"COLOUR_DEEP_BLUE"}"#)
  }

  @Test("Pieces of a message are joined, the last of a choice counts, unknown fields are skipped")
  func merging() throws {
    let bytes = Bytes.field(3, Bytes.field(1, "s")) + Bytes.number(77, 3) + Bytes.field(3, Bytes.field(2, "C1"))
    #expect(try Wire.HoldRequest.messageType.json(bytes).text(pretty: false) == #"{"slot":{"service":"s","resource":"C1"}}"#)
    let choice = Bytes.field(2, "text") + Bytes.number(4, 1)
    #expect(try Wire.Choices.messageType.json(choice).text(pretty: false) == #"{"flag":true}"#)
  }

  @Test("Each kind of wrong JSON is refused in Spanish, with its place", arguments: [
    (#"{"slot": {"resorce": "C1"}}"#, "`slot.resorce`: ventanilla.v1.SlotChoice no tiene ese campo; ¿quiso decir `resource`?"),
    (#"{"zzzzzz": 1}"#, "`zzzzzz`: ventanilla.v1.BookRequest no tiene ese campo"),
    (#"{"person": 1.5}"#, "`person`: aquí va un entero de 32 bits"),
    (#"{"person": 3000000000}"#, "`person`: no cabe: aquí va un entero de 32 bits"),
    (#"{"person": true}"#, "`person`: aquí va un entero de 32 bits"),
    (#"{"sessionToken": 7}"#, "`sessionToken`: aquí va un texto"),
    (#"{"sessionToken": "a\u0000b"}"#, "`sessionToken`: el texto lleva un carácter NUL"),
    (#"{"slot": []}"#, "`slot`: aquí va un objeto"),
    (#"{"holdFolio": "1", "slot": {}}"#, "`slot`: no puede ir junto con `holdFolio`: el mensaje lleva solo uno de los dos"),
    (#"{"sessionToken": "a", "session_token": "b"}"#, "`session_token`: el campo aparece dos veces"),
    ("[1]", "aquí va un objeto"),
    ("", "el texto no es JSON: línea 1, columna 1: falta un valor"),
    ("{\n  \"person\": 1,\n}", "el texto no es JSON: línea 3, columna 1: falta el nombre de un campo entre comillas"),
    (#"{"person" 1}"#, "el texto no es JSON: línea 1, columna 11: faltan dos puntos"),
    (#"{"person": 01}"#, "el texto no es JSON: línea 1, columna 13: falta una coma o el cierre"),
    (#"{"person": 1} x"#, "el texto no es JSON: línea 1, columna 15: sobra texto después del valor"),
    (#"{"person": -}"#, "el texto no es JSON: línea 1, columna 13: falta un dígito"),
    (#"{"sessionToken": "\x"}"#, "el texto no es JSON: línea 1, columna 20: el escape con \\ no existe"),
    (#"{"sessionToken": "\ud83d"}"#, "el texto no es JSON: línea 1, columna 25: \\u lleva cuatro dígitos hexadecimales, y los pares sustitutos van completos"),
    ("{\"sessionToken\": \"a\nb\"}", "el texto no es JSON: línea 1, columna 20: la cadena no se cierra, o lleva un carácter de control sin escape"),
  ])
  func refused(json: String, sentence: String) throws {
    let fault = #expect(throws: JSONFault.self) { try Wire.BookRequest.messageType.encoded(json: json) }
    #expect(fault?.description == sentence)
  }

  @Test("A place in a list is named by its number", arguments: [
    (#"{"colours": ["COLOUR_RED", "COLOUR_RAD"]}"#, "`colours[1]`: shapes.v1.Colour no tiene ese valor; ¿quiso decir `COLOUR_RED`?"),
    (#"{"messages": [{}, {}, {"aBool": 1}]}"#, "`messages[2].aBool`: aquí va true o false"),
    (#"{"byteLists": ["=="]}"#, "`byteLists[0]`: aquí va un texto en base64"),
    (#"{"strings": "a"}"#, "`strings`: aquí va una lista"),
    (#"{"uint32s": [-1]}"#, "`uint32s[0]`: no cabe: aquí va un entero de 32 bits sin signo"),
  ])
  func refusedElement(json: String, sentence: String) throws {
    let fault = #expect(throws: JSONFault.self) { try Wire.Lists.messageType.encoded(json: json) }
    #expect(fault?.description == sentence)
  }

  @Test("A thousand brackets are refused, not followed")
  func depth() {
    let json = String(repeating: #"{"children":["#, count: 1_000)
    #expect(throws: JSONFault(.nestedTooDeeply)) { try Wire.Tree.messageType.encoded(json: json) }
  }

  @Test("Base64 agrees with RFC 4648's examples", arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
  ])
  func base64(plain: String, coded: String) throws {
    let value = Wire.Scalars(someBytes: Array(plain.utf8))
    let json = try Wire.Scalars.messageType.json(value.encoded())
    #expect(json == .object(plain.isEmpty ? [] : [JSONValue.Member("someBytes", .string(coded))]))
    #expect(try Self.decode(Wire.Scalars.self, #"{"someBytes": "\#(coded)"}"#) == value)
    #expect(try Self.decode(Wire.Scalars.self, #"{"someBytes": "\#(coded.prefix { $0 != "=" })"}"#) == value)
  }

  @Test("A method is found by its name, long or short, and the nearest is offered for a slip")
  func methods() {
    #expect(MethodTable.rows.named("ventanilla.v1.Appointments/Book")?.input == Wire.BookRequest.messageType)
    #expect(MethodTable.rows.named("Appointments/Book")?.output == Wire.BookResponse.messageType)
    #expect(MethodTable.rows.named("Book") == nil)
    #expect(MethodTable.rows.named("ppointments/Book") == nil)
    #expect(MethodTable.rows.nearest(to: "Apointments/Bok")?.shortName == "Appointments/Book")
    #expect(MethodTable.rows.nearest(to: "quite/another") == nil)
  }
}
