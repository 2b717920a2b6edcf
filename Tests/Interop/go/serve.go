package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/signal"
	"sort"
	"strings"
	"syscall"
	"time"

	bench "bench/v1"

	"github.com/containerd/ttrpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// serve offers bench.v1, as far as unary calls go, until SIGTERM or SIGINT.
func serve(address string) error {
	network, where, err := split(address)
	if err != nil {
		return err
	}
	if network == "unix" {
		os.Remove(where)
	}
	listener, err := net.Listen(network, where)
	if err != nil {
		return err
	}
	server, err := ttrpc.NewServer()
	if err != nil {
		return err
	}
	server.Register(echo, map[string]ttrpc.Method{"Unary": method(unary)})
	server.Register(probe, map[string]ttrpc.Method{"Sleep": method(sleep), "Fail": method(failing), "Meta": method(meta)})
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(context.Background(), listener) }()
	fmt.Println("serving", address)
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	select {
	case err := <-ended:
		return err
	case <-stop:
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		return server.Shutdown(ctx)
	}
}

type handler func(context.Context, *bench.EchoMsg) (*bench.EchoMsg, error)

func method(handle handler) ttrpc.Method {
	return func(ctx context.Context, unmarshal func(interface{}) error) (interface{}, error) {
		request := &bench.EchoMsg{}
		if err := unmarshal(request); err != nil {
			return nil, err
		}
		return handle(ctx, request)
	}
}

func unary(_ context.Context, request *bench.EchoMsg) (*bench.EchoMsg, error) { return request, nil }

func sleep(ctx context.Context, request *bench.EchoMsg) (*bench.EchoMsg, error) {
	select {
	case <-time.After(time.Duration(request.Id) * time.Millisecond):
		return request, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func failing(_ context.Context, request *bench.EchoMsg) (*bench.EchoMsg, error) {
	return nil, status.Error(codes.Code(request.Id), request.Name)
}

func meta(ctx context.Context, _ *bench.EchoMsg) (*bench.EchoMsg, error) {
	received, _ := ttrpc.GetMetadata(ctx)
	var pairs []string
	for key, values := range received {
		pairs = append(pairs, key+"="+strings.Join(values, ","))
	}
	sort.Strings(pairs)
	left := "none"
	if deadline, ok := ctx.Deadline(); ok {
		left = time.Until(deadline).String()
	}
	return &bench.EchoMsg{Name: strings.Join(pairs, ";"), Body: []byte("deadline=" + left)}, nil
}
