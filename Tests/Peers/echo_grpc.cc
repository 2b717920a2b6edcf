// gRPC C++ as a peer: bench.v1.Echo/Unary by the callback API, as its documentation advises.
//
//   echo_grpc --tcp HOST:PORT | --unix PATH
//
// Without TLS. Runs until SIGTERM.
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string>

#include <grpcpp/grpcpp.h>

#include "bench/v1/echo.grpc.pb.h"

namespace {

class Echo final : public bench::v1::Echo::CallbackService {
  grpc::ServerUnaryReactor *Unary(
      grpc::CallbackServerContext *context, const bench::v1::EchoMsg *request, bench::v1::EchoMsg *reply) override {
    *reply = *request;
    grpc::ServerUnaryReactor *reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

}  // namespace

int main(int count, char **arguments) {
  bool tcp = count == 3 && std::strcmp(arguments[1], "--tcp") == 0;
  if (!tcp && (count != 3 || std::strcmp(arguments[1], "--unix") != 0)) {
    std::fprintf(stderr, "usage: echo_grpc --tcp HOST:PORT | --unix PATH\n");
    return 64;
  }
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  // Every thread that gRPC starts inherits this, so that the signal waits for the one that asks for it.
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);
  Echo echo;
  grpc::ServerBuilder builder;
  builder.AddListeningPort((tcp ? "" : "unix:") + std::string(arguments[2]), grpc::InsecureServerCredentials());
  builder.RegisterService(&echo);
  auto server = builder.BuildAndStart();
  if (!server) return 1;
  int signal;
  sigwait(&stop, &signal);
  server->Shutdown(std::chrono::system_clock::now());
}
