import Foundation
import Testing

@testable import kiosk_dev

@Suite("The rounds of bench rpc")
struct RPCRoundsTests {
  static func result(cpu: Double) -> LoadResult {
    LoadResult(callsPerSecond: 1, cpuMicroseconds: cpu, p50Microseconds: 1, p99Microseconds: 1, mallocs: nil)
  }

  /// CPU of the crowd's calls, round by round.
  static func rounds(_ cpu: [RPCServer: [Double]]) -> RPCRounds {
    RPCRounds(
      rounds: (0..<3).map { round in cpu.mapValues { [RPCRounds.crowd: result(cpu: $0[round])] } }, mallocs: [:])
  }

  @Test("A ratio is the median of the rounds' ratios, not the ratio of medians")
  func ratios() throws {
    let found = Self.rounds([.limit: [1, 10, 100], .sync: [3, 20, 150], .go: [6, 50, 1500]])
    let row = try #require(found.rows.first { $0.name == "sync 64 × 1" })
    #expect(row.values["cpuMicroseconds"] == 20)
    #expect(row.values["toLimit"] == 2)
    #expect(row.values["toGo"] == 0.4)
  }

  @Test("A server whose allocations alone are counted has a row for them, and their bound; a count that is missing is no count that holds")
  func counted() throws {
    var found = Self.rounds([.limit: [1, 1, 1], .sync: [1, 1, 1]])
    let bound = "value 1 × 64, mallocs per call: 1, and 2 for the message's text and bytes"
    #expect(try #require(found.bounds.first { $0.name == bound }).value.isNaN)
    #expect(!found.rows.contains { $0.name.hasPrefix("value ") })
    found = RPCRounds(rounds: found.rounds, mallocs: [.value: [RPCRounds.pipelined: 2, RPCRounds.single: 2.5]])
    #expect(try #require(found.bounds.first { $0.name == bound }).value == 2)
    #expect(found.rows.filter { $0.name.hasPrefix("value ") }.map(\.values) == [["mallocs": 2], ["mallocs": 2.5]])
  }

  @Test("A peer that is not there has no row, no column's figure and no bound, and is named with its packages")
  func absentPeer() throws {
    let found = Self.rounds([.limit: [1, 1, 1], .sync: [1, 1, 1], .go: [4, 4, 4], .grpcGo: [8, 8, 8]])
    #expect(!found.rows.contains { $0.name.hasPrefix("grpc c++") })
    #expect(found.rows.allSatisfy { $0.values["toGrpcCpp"] == nil })
    #expect(!found.bounds.contains { $0.name.hasSuffix("of grpc c++") })
    #expect(found.bounds.contains { $0.name.hasSuffix("of grpc go") && $0.value == 0.125 })
    #expect(
      RPCServer.grpcCpp.absence(fromPeersIn: "/nowhere")
        == "grpc c++ is not measured: /nowhere/echo_grpc is missing; `make bench-peers` builds it with Debian's libgrpc++-dev and protobuf-compiler-grpc")
    #expect(RPCServer.limit.absence(fromPeersIn: "/nowhere") == nil)
  }
}
