import Foundation
import IVRBridge
import IVRDialogue
import Testing

@Suite("The dialplan that ships")
struct DialplanTests {
  private static let lines: [String] = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = (try? String(contentsOf: root.appending(path: "kiosk-config/asterisk/extensions.conf"), encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.hasPrefix(";") }
  }()

  @Test("It answers, exits on hang-up, bounds the call and empties the result before it asks the bridge")
  func order() throws {
    let wanted = [
      "Answer()", "Set(CHANNEL(language)=es_MX)", "Set(AGIEXITONHANGUP=yes)", "Set(TIMEOUT(absolute)=900)", "Set(IVR_RESULTADO=)",
      "AGI(agi://127.0.0.1:4573/${ARG1}?clinica=${VENTANILLA_CLUES})",
    ]
    let places = try wanted.map { step in try #require(Self.lines.firstIndex { $0.hasSuffix(step) }, "\(step)") }
    #expect(places == places.sorted())
  }

  @Test("It goes on by the bridge's word alone: ok hangs up, 911 is the emergency, everything else a person")
  func results() throws {
    let text = Self.lines.joined(separator: "\n")
    #expect(!text.contains("AGISTATUS"))
    #expect(text.contains(#""${IVR_RESULTADO}" = "\#(CallResult.ok.rawValue)"]?terminada"#))
    #expect(text.contains(#""${IVR_RESULTADO}" = "\#(CallResult.emergency.rawValue)"]?emergencia"#))
    let last = try #require(Self.lines.prefix { $0 != "[ventanilla-saliente]" }.lastIndex { $0.contains("${IVR_RESULTADO}") })
    #expect(Self.lines[last + 1].hasSuffix("Goto(ventanilla-persona,s,1)"))
  }

  @Test("To the emergency line goes only who has pressed 1 twice, with their own number and a line in the log that says nothing of them; else a person")
  func emergency() throws {
    let begin = try #require(Self.lines.firstIndex { $0.contains("n(emergencia)") })
    #expect(Array(Self.lines[begin..<begin + 10]) == [
      #"same => n(emergencia),GotoIf($["${VENTANILLA_EMERGENCIA}" = ""]?ventanilla-persona,s,1)"#,
      "same => n,Read(VENTANILLA_TECLA,ventanilla/asterisk/es_MX/ventanilla-confirme-911,1,,1,8)",
      #"same => n,GotoIf($["${VENTANILLA_TECLA}" = "1"]?:ventanilla-persona,s,1)"#,
      "same => n,Read(VENTANILLA_TECLA,ventanilla/asterisk/es_MX/ventanilla-confirme-911-otra-vez,1,,1,8)",
      #"same => n,GotoIf($["${VENTANILLA_TECLA}" = "1"]?:ventanilla-persona,s,1)"#,
      "same => n,Verbose(1,Ventanilla: una llamada que lo confirmó dos veces se pasa al 911)",
      "same => n,Dial(${VENTANILLA_EMERGENCIA},60)",
      "same => n,Verbose(1,Ventanilla: la llamada al 911 termina en ${DIALSTATUS})",
      #"same => n,GotoIf($["${DIALSTATUS}" = "ANSWER"]?terminada)"#,
      "same => n,Goto(ventanilla-persona,s,1)",
    ])
    #expect(!Self.lines.contains { $0.contains("CALLERID") || $0.contains("Verbose") && $0.contains("EXTEN") })
    let sounds = SoundWanted.all(of: PhoneLine(dialogues: [], guides: [], languages: [], attention: [], texts: CommonTexts([])), reviewed: [])
    for sound in ["ventanilla-confirme-911", "ventanilla-confirme-911-otra-vez", "ventanilla-nadie-contesta"] {
      #expect(sounds.contains { $0.folder == "asterisk/es_MX" && $0.name == sound })
      #expect(Self.lines.contains { $0.contains("ventanilla/asterisk/es_MX/\(sound)") })
    }
  }

  @Test("Whoever answers a call of the clinic's is brought to the notice, with its name and nothing else; only 0 leads to a person, and a dead bridge to nobody")
  func outbound() throws {
    let begin = try #require(Self.lines.firstIndex(of: "[ventanilla-saliente]"))
    #expect(Array(Self.lines[(begin + 1)...]) == [
      "exten => aviso,1,Set(CHANNEL(language)=es_MX)", "same => n,Set(AGIEXITONHANGUP=yes)", "same => n,Set(TIMEOUT(absolute)=300)",
      "same => n,Set(IVR_RESULTADO=)", "same => n,AGI(agi://127.0.0.1:4573/aviso?clinica=${VENTANILLA_CLUES},${VENTANILLA_AVISO})",
      "same => n,Set(TIMEOUT(absolute)=0)", #"same => n,GotoIf($["${IVR_RESULTADO}" = "operadora"]?ventanilla-persona,s,1)"#,
      "same => n,Hangup(16)",
    ])
  }

  @Test("When its time is over, or the bridge is there and silent, Asterisk does not hang up but goes on to a person")
  func timeIsOver() throws {
    let place = try #require(Self.lines.firstIndex(of: "exten => T,1,Set(TIMEOUT(absolute)=0)"))
    #expect(Self.lines[place + 1] == "same => n,Goto(ventanilla-persona,s,1)")
    #expect(Self.lines[..<place].last { $0.hasPrefix("[") } == "[ventanilla-llamada]")
  }

  @Test("It sets none of Asterisk's global variables: what is read last wins, and would undo what the clinic has set before it")
  func globals() { #expect(!Self.lines.contains("[globals]")) }

  @Test("Every dialogue that a call may begin with has its extension")
  func extensions() {
    for entry in ["menu", "orientacion", "citas", "tramites"] {
      #expect(Self.lines.contains("exten => \(entry),1,Gosub(ventanilla-llamada,s,1(\(entry)))"))
    }
  }
}
