// Echo_grpc_go is Go's gRPC as a peer of the benches: bench.v1.Echo/Unary, without TLS, until SIGTERM.
//
//	echo_grpc_go --tcp HOST:PORT | --unix PATH
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"

	bench "bench/v1"

	"google.golang.org/grpc"
)

type echo struct {
	bench.UnimplementedEchoServer
}

func (echo) Unary(_ context.Context, request *bench.EchoMsg) (*bench.EchoMsg, error) { return request, nil }

func main() {
	tcp := flag.String("tcp", "", "HOST:PORT")
	unix := flag.String("unix", "", "PATH")
	flag.Parse()
	network, where := "tcp", *tcp
	if *unix != "" {
		network, where = "unix", *unix
	}
	listener, err := net.Listen(network, where)
	if err != nil {
		fmt.Fprintln(os.Stderr, "echo_grpc_go:", err)
		os.Exit(2)
	}
	server := grpc.NewServer()
	bench.RegisterEchoServer(server, &echo{})
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-stop
		server.Stop()
	}()
	if err := server.Serve(listener); err != nil {
		fmt.Fprintln(os.Stderr, "echo_grpc_go:", err)
		os.Exit(2)
	}
}
