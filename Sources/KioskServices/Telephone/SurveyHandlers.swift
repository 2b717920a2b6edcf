internal import ClinicDomain
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

/// Answers ventanilla.v1.Survey: the one question at the end.
package struct SurveyHandlers: SurveyService {
  let counter: Counter

  package init(_ counter: Counter) { self.counter = counter }

  package func answerSurvey(
    _ request: Wire.AnswerSurveyRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.AnswerSurveyResponse> {
    guard SurveyCell.isDialogue(request.dialogue) else {
      throw .field("dialogue", "el código del diálogo: minúsculas, dígitos y _, 40 a lo más")
    }
    let isResolved: Bool
    switch request.answer {
    case .resolved: isResolved = true
    case .unresolved: isResolved = false
    default: throw .field("answer", "diga sí o no")
    }
    let count = CountAnswer(channel: Channel(role: context.role), dialogue: request.dialogue, isResolved: isResolved)
    return try await counter.telephone(.countAnswer(count), context) { _ in
      Encoded(Wire.AnswerSurveyResponse(text: "Gracias. Su respuesta no lleva su nombre.")).bytes
    }
  }
}
