internal import ClinicDomain
internal import ClinicStore
internal import KioskServices
internal import Scheduling
internal import TTRPCCore
internal import TTRPCNIO
internal import VentanillaMessages

/// The families of the page. Labels are names of methods, codes and limits: words of ours, never what came over the wire.
extension ServerFigures {
  func write(to page: inout PrometheusText) {
    page.family(
      "ventanilla_build_info", .gauge, "The server's version, as a label.",
      [.init(labels: [("version", ServerIdentity.version)], value: 1)])
    page.family(
      "ventanilla_uptime_seconds", .gauge, "Seconds since the server began to start.", [.init(value: uptime / .seconds(1))])
    writeCalls(&page)
    writeConnections(&page)
    writeIdentification(&page)
    writeStore(&page)
    writeProcess(&page)
  }

  /// Methods that nobody has called have no series but their first, so that a rate sees their first call.
  private func writeCalls(_ page: inout PrometheusText) {
    var methods = wire.methods.map { (labels: Self.labels($0.method), figures: $0.figures) }
    methods.append(([("service", ""), ("method", "")], wire.unrouted))
    page.family(
      "ventanilla_rpc_calls_total", .counter, "Calls that have ended, by status. Without a method: those that reached none.",
      methods.flatMap { method in
        StatusCode.allCases.filter { $0 == .ok || method.figures[$0] > 0 }.map { code in
          .init(labels: method.labels + [("code", code.name)], value: Double(method.figures[code]))
        }
      })
    page.histograms(
      "ventanilla_rpc_duration_seconds", "From the read that brought a call to the write that took its answer.",
      methods.filter { $0.figures.latency.total > 0 }.map { ($0.labels, $0.figures.latency) })
    let counters = wire.counters
    page.single("ventanilla_rpc_calls_running", .gauge, "Calls that have outlasted the read that brought them.", counters.running)
    page.single("ventanilla_rpc_streams_open", .gauge, "Streaming calls that have not ended.", wire.openStreams)
    page.single(
      "ventanilla_rpc_deadlines_exceeded_total", .counter, "Calls that had no answer at their deadline.", counters.deadlinesExceeded)
  }

  private static func labels(_ method: MethodDescriptor) -> PrometheusText.Labels {
    [("service", method.service), ("method", method.method)]
  }

  private func writeConnections(_ page: inout PrometheusText) {
    let counters = wire.counters
    page.single("ventanilla_connections_open", .gauge, "Connections now open.", counters.connections)
    page.single(
      "ventanilla_connections_accepted_total", .counter, "Connections accepted, those turned away among them.", counters.accepted)
    page.single("ventanilla_connections_turned_away_total", .counter, "Connections that were one too many.", counters.turnedAway)
    page.single(
      "ventanilla_connections_silent_total", .counter, "Connections that were closed because nothing was heard of their peer.",
      counters.silentPeers)
    page.single("ventanilla_frames_refused_total", .counter, "Frames answered with a refusal instead of a call.", counters.refusals)
    page.family(
      "ventanilla_limits_reached_total", .counter, "How often each limit was reached, by its name.",
      LimitName.allCases.map {
        .init(labels: [("limit", $0.rawValue)], value: Double(counters.refusalsByLimit[$0] ?? 0))
      })
    page.family(
      "ventanilla_tls_refusals_total", .counter,
      "Connections that TLS did not let in, or not any longer, by the reason; the log has the address of each.",
      TLSRefusalKind.allCases.map { .init(labels: [("reason", $0.rawValue)], value: Double(counters.tlsRefusals[$0] ?? 0)) })
    page.single(
      "ventanilla_users_refused_total", .counter, "Connections of system users whom a Unix socket does not list.", counters.usersRefused)
    page.single("ventanilla_received_bytes_total", .counter, "Bytes read from connections.", counters.bytesIn)
    page.single("ventanilla_sent_bytes_total", .counter, "Bytes written to connections.", counters.bytesOut)
    page.single("ventanilla_reads_total", .counter, "Read cycles.", counters.reads)
    page.single("ventanilla_flushes_total", .counter, "Writes handed to the system.", counters.flushes)
    page.single("ventanilla_sessions_open", .gauge, "Sessions of identified people.", sessions)
  }

  private func writeIdentification(_ page: inout PrometheusText) {
    page.family(
      "ventanilla_identification_failures_total", .counter, "Identifications that failed, by door.",
      Channel.allCases.map { .init(labels: [("channel", $0.rawValue)], value: Double(identification.failures[$0] ?? 0)) })
    page.family(
      "ventanilla_identification_refused_total", .counter, "Identifications that were not looked at, by the bound they were beyond.",
      IdentificationBound.allCases.map { .init(labels: [("bound", "\($0)")], value: Double(identification.refusals[$0] ?? 0)) })
    page.single("ventanilla_identification_alarms_total", .counter, "Hours with so many failures that somebody may be trying numbers.", identification.alarms)
    guard let state = identificationState else { return }
    page.single("ventanilla_identification_failures_last_hour", .gauge, "Identifications that failed in the last hour.", state.failuresLastHour)
    page.single("ventanilla_identification_devices_locked", .gauge, "Kiosks that wait for staff to unlock identification.", state.locked.count)
  }

  private func writeStore(_ page: inout PrometheusText) {
    page.single("ventanilla_store_queued_commands", .gauge, "Commands that wait for the next commit.", queuedCommands)
    page.single("ventanilla_store_commits_total", .counter, "Commits.", store.batches)
    page.single("ventanilla_store_commands_total", .counter, "Commands in commits.", store.commands)
    page.single("ventanilla_store_largest_batch", .gauge, "Most commands in one commit.", store.largestBatch)
    page.single("ventanilla_store_faults_total", .counter, "Batches that failed whole.", store.faults)
    page.single("ventanilla_store_reopenings_total", .counter, "Times the file was opened anew after a failed write.", store.reopenings)
    page.single("ventanilla_store_wal_bytes", .gauge, "Bytes of the write-ahead log's file.", walBytes)
  }

  /// Under the names that every Prometheus client library gives them.
  private func writeProcess(_ page: inout PrometheusText) {
    page.single("process_resident_memory_bytes", .gauge, "Resident memory.", process.residentBytes)
    page.single("process_open_fds", .gauge, "Descriptors in use.", process.openDescriptors)
    page.single("process_max_fds", .gauge, "Descriptors that there may be.", process.maxDescriptors)
    page.family(
      "process_cpu_seconds_total", .counter, "CPU of all threads, user and system.",
      [.init(value: Double(process.cpuMicroseconds) / 1e6)])
  }
}
