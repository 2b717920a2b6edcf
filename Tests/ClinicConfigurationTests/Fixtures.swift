internal import ClinicConfiguration
internal import ClinicDomain
internal import Foundation

/// A small clinic without a problem and without a warning; tests change a line of it.
let smallClinic = """
  clues: DFIMS999306
  ooad: Ciudad de México Norte
  numero: 930
  nombre: UMF 930 de prueba
  zona: America/Mexico_City
  servicios:
    - codigo: medicina_familiar
      nombre: Medicina familiar
      minutos: 15
      canales: [kiosco, telefono]
      exige_derechos: sí
      citas_por_persona: 1
    - codigo: tramites
      nombre: Trámites
      minutos: 30
      canales: [ventanilla]
      exige_derechos: no
      citas_por_persona: 2
  turnos:
    - codigo: matutino
      nombre: matutino
      horario: 08:00-14:00
    - codigo: nocturno
      nombre: nocturno
      horario: 18:00-02:00
  consultorios:
    - numeros: C1-C3
      servicios: [medicina_familiar]
      piso: 0
  ventanillas:
    - numeros: V1
      servicios: [tramites]
      piso: 1
  reglas:
    - turno: matutino
      dias: lunes-viernes
      recursos: [C1-C3]
      descansos: [11:00-11:30]
    - turno: nocturno
      dias: [sábado, domingo]
      recursos: [C1, V1]
  cierres:
    - desde: 2026-12-24
      motivo: fumigación
  dias_inhabiles:
    - {fecha: 2026-12-25, nombre: Navidad}
    - {fecha: 2026-01-01, nombre: Año Nuevo}
  reservas:
    horizonte_dias: 28
    apartado_segundos: {kiosco: 120, telefono: 180, ventanilla: 300}
    tolerancia_minutos: 10
    registro_abre_minutos: 30
    citas_activas_por_persona: 3
    apartados_por_persona: 1
    mayoria_de_edad: 18
  orientacion:
    sin_lugar: [{codigo: unifila, texto: Pase a Unifila.}]
    sin_derechos: [{codigo: vigencia, texto: Pregunte por su vigencia.}]
    limite: [{codigo: cancelar, texto: Cancele una de sus citas.}]
    otro: [{codigo: ventanilla, texto: Pregunte en la ventanilla.}]

  """

/// Everything that a text gives to be said, one problem a line: errors, or the warnings of a clinic that was read.
func problems(_ text: String, file: String = "c.yaml") -> [String] {
  problems(bytes: Array(text.utf8), file: file)
}

func problems(bytes: [UInt8], file: String = "c.yaml") -> [String] {
  do throws(ConfigurationProblems) {
    return try ClinicConfiguration.read(bytes: bytes, file: file).warnings.map(\.description)
  } catch {
    return error.problems.map(\.description)
  }
}

/// The small clinic with one stretch of its text replaced.
///
/// - Precondition: the stretch is there, once.
func clinic(replacing old: String, with new: String) -> String {
  precondition(smallClinic.components(separatedBy: old).count == 2, "not there once: \(old)")
  return smallClinic.replacing(old, with: new)
}

/// A file of kiosk-config, as the repository has it.
func sample(_ path: String) throws -> String {
  try String(contentsOfFile: samplePath(path), encoding: .utf8)
}

func samplePath(_ path: String) -> String { kioskConfig.appending(path: path).path }

private let kioskConfig: URL = {
  var folder = URL(fileURLWithPath: #filePath)
  while folder.path != "/" {
    folder.deleteLastPathComponent()
    let candidate = folder.appending(path: "kiosk-config")
    if FileManager.default.fileExists(atPath: candidate.path) { return candidate }
  }
  preconditionFailure("no kiosk-config above \(#filePath)")
}()
