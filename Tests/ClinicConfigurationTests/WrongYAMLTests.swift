internal import ClinicConfiguration
internal import Testing

@Suite("A text that is no YAML, or more YAML than is used here, is reported alone")
struct WrongYAMLTests {
  typealias Row = (old: String, new: String, expected: [String])

  private static let noAnchors =
    "aquí no se usan anclas (&) ni alias (*) de YAML; repita el valor, o ponga el texto entre comillas si esos signos son parte de él"

  // The wrong number after each damage would be a second problem; it is not reported.
  @Test("Syntax", arguments: [
    ("    minutos: 15", "\t\tminutos: 15", ["c.yaml:9:1: hay un tabulador; use espacios para sangrar: YAML no admite tabuladores"]),
    ("    piso: 1", "      piso: 1",
      ["c.yaml:33:7: la sangría no concuerda con las líneas de arriba; alinee las claves de un mismo grupo en la misma columna"]),
    ("[kiosco, telefono]", "[kiosco, telefono",
      ["c.yaml:10:14: la lista que empieza con [ no se cierra; escriba , entre los elementos y ] al final"]),
    ("{kiosco: 120, telefono: 180, ventanilla: 300}", "{kiosco: 120, telefono: 180, ventanilla: 300",
      ["c.yaml:50:22: el grupo que empieza con { no se cierra; escriba , entre las claves y } al final"]),
    ("nombre: UMF 930 de prueba", "nombre: \"UMF 930", ["c.yaml:4:9: las comillas no se cierran; escriba la comilla que falta"]),
    ("nombre: UMF 930 de prueba", "nombre: UMF: 930",
      [#"c.yaml:4:12: no se espera ":" aquí; si es parte de un texto, póngalo entre comillas; si es una clave, revise la sangría"#]),
    ("nombre: UMF 930 de prueba", "nombre UMF 930",
      [#"c.yaml:4:1: falta ":" después de la clave; escriba la clave, dos puntos, un espacio y el valor"#]),
    ("nombre: UMF 930 de prueba", "nombre: @UMF", ["c.yaml:4:9: un valor no puede empezar con este carácter; ponga el valor entre comillas"]),
    ("nombre: UMF 930 de prueba", #"nombre: "UMF\q""#,
      [#"c.yaml:4:13: la barra \ no se puede usar así entre comillas dobles; use comillas sencillas"#]),
    ("nombre: UMF 930 de prueba", "nombre: UMF\u{1}", ["c.yaml:4:12: hay un carácter de control que no se ve; bórrelo y escriba la línea de nuevo"]),
    ("nombre: UMF 930 de prueba", "nombre: UMF\n---\nx: 1", [#"c.yaml:5:1: el archivo tiene más de un documento; quite las líneas "---""#]),
    ("nombre: UMF 930 de prueba", "? [a, b]\n: UMF",
      ["c.yaml:4:3: en lugar de una clave hay una lista o un grupo de claves; escriba como clave una palabra"]),
    ("nombre: UMF 930 de prueba", "nombre: !!str UMF",
      ["c.yaml:4:9: hay una etiqueta de YAML antes del valor; quítela: aquí todo se lee como está escrito"]),
    ("nombre: UMF 930 de prueba", "nombre: &n UMF", ["c.yaml:4:9: \(noAnchors)"]),
    ("nombre: UMF 930 de prueba", "nombre: *n", ["c.yaml:4:9: \(noAnchors)"]),
    ("nombre: UMF 930 de prueba", "nombre: &n UMF\nnombre2: *n", ["c.yaml:4:9: \(noAnchors)"]),
    ("nombre: UMF 930 de prueba", "nombre: " + String(repeating: "[", count: 5000),
      ["c.yaml:4:10: hay demasiados niveles, uno dentro de otro; compárelo con el archivo de una clínica de muestra"]),
  ] as [Row])
  func syntax(_ row: Row) {
    #expect(problems(clinic(replacing: row.old, with: row.new).replacing("mayoria_de_edad: 18", with: "mayoria_de_edad: x")) == row.expected)
  }

  @Test("A repeated key is pointed at where it stands the second time, and the third", arguments: [
    ("numero: 930", "numero: 930\nnumero: 931", [#"c.yaml:4:1: la clave "numero" ya está en la línea 3; deje solo una de las dos"#]),
    ("piso: 1", "piso: 1\n    piso: 2", [#"c.yaml:34:5: la clave "piso" ya está en la línea 33; deje solo una de las dos"#]),
    ("{kiosco: 120, telefono", "{kiosco: 120, kiosco: 120, telefono", [#"c.yaml:50:36: la clave "kiosco" ya está en la línea 50; deje solo una de las dos"#]),
    ("numero: 930", "numero: 930\n\"numero\": 931\nzona: a\nnumero: 4",
      [
        #"c.yaml:4:1: la clave "numero" ya está en la línea 3; deje solo una de las dos"#,
        #"c.yaml:6:1: la clave "numero" ya está en la línea 3; deje solo una de las dos"#,
        #"c.yaml:8:1: la clave "zona" ya está en la línea 5; deje solo una de las dos"#,
      ]),
    ("numero: 930", "numero: 930\n8: a\n\"8\": b", [#"c.yaml:5:1: la clave "8" ya está en la línea 4; deje solo una de las dos"#]),
    ("numero: 930", "numero: 930\n\"\": a\n\"\": b", [#"c.yaml:4:1: la clave "" está repetida en este grupo; deje solo una"#]),
  ] as [Row])
  func repeatedKeys(_ row: Row) {
    #expect(problems(clinic(replacing: row.old, with: row.new).replacing("mayoria_de_edad: 18", with: "mayoria_de_edad: x")) == row.expected)
  }

  @Test("Files with nothing in them", arguments: ["", "\n\n", "# solo un comentario\n", "\u{FEFF}"])
  func empty(text: String) {
    #expect(problems(text) == ["c.yaml:1:1: el archivo está vacío; copie el de una clínica de muestra y cámbielo"])
  }

  @Test("Files that are something else", arguments: [
    ("hola\n", "hay un valor"), ("- a\n- b\n", "hay una lista"), ("[]\n", "hay una lista"), ("\"\"", "no hay nada"),
  ])
  func somethingElse(text: String, kind: String) {
    #expect(
      problems(text) == [
        "c.yaml:1:1: la raíz del archivo es un grupo de claves y \(kind); escriba clues:, ooad:, numero: cada una en su línea"
      ])
  }

  @Test("Bytes that are no UTF-8 are shown where they stand; UTF-16 is recognized")
  func encodings() {
    let latin1 = "clues: X\nnombre: Cl".utf8 + [0xED] + "nica\n".utf8
    #expect(
      problems(bytes: Array(latin1)) == [
        "c.yaml:2:11: el byte 0xED no es texto UTF-8; guarde el archivo de nuevo como UTF-8"
      ])
    #expect(problems(bytes: [0xFF, 0xFE, 0x61, 0]) == ["c.yaml:1:1: el archivo está en UTF-16; guárdelo de nuevo como UTF-8"])
    #expect(problems(bytes: [0x61, 0xC3]) == ["c.yaml:1:2: el byte 0xC3 no es texto UTF-8; guarde el archivo de nuevo como UTF-8"])
  }

  @Test("A file is read up to 256 KiB; beyond, it is not even parsed")
  func size() {
    let filling = String(repeating: "# relleno\n", count: 40_000)
    let room = 262_144 - smallClinic.utf8.count
    #expect(problems(smallClinic + filling.prefix(room)) == [])
    #expect(
      problems(smallClinic + filling.prefix(room + 1)) == [
        "c.yaml:1:1: el archivo mide más de 256 KiB, el máximo; compruebe que sea el archivo correcto"
      ])
  }

  @Test("Aliases of aliases, which would grow without end, are refused before they are followed")
  func billionLaughs() {
    var text = "a0: &a0 [x, x]\n"
    for level in 1...60 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    text += "? *a60\n: x\n"
    #expect(problems(text) == ["c.yaml:1:5: \(Self.noAnchors)"])
  }

  @Test("A file that is not there, or is a folder")
  func unreadable() {
    func load(_ path: String) -> [String] {
      do throws(ConfigurationProblems) { return try ClinicConfiguration.load(path: path).warnings.map(\.description) } catch {
        return error.problems.map(\.description)
      }
    }
    #expect(load("/no/hay.yaml") == ["/no/hay.yaml:1:1: el archivo no existe; revise la ruta"])
    #expect(
      load("/tmp") == [
        "/tmp:1:1: el archivo no se puede leer; revise que sea un archivo y que el usuario del servicio tenga permiso de leerlo"
      ])
    #expect(load(samplePath(SampleClinicTests.large)) == [])
  }
}
