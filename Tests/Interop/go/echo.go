package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	bench "bench/v1"

	"github.com/containerd/ttrpc"
	"github.com/gogo/protobuf/proto"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const (
	echo  = "bench.v1.Echo"
	probe = "bench.v1.Probe"
	// maxMessage is ttrpc's limit on what follows a frame's header.
	maxMessage = 4 << 20
)

type echoPlan struct{ calls, concurrency, connections int }

func checkEcho(address string, plan echoPlan) (*checklist, error) {
	p, err := connect(address)
	if err != nil {
		return nil, err
	}
	defer p.close()
	checks := &checklist{}
	checks.that("a message comes back byte for byte", echoOnce(p, sample(1)))
	checks.that("an empty message comes back empty", echoOnce(p, &bench.EchoMsg{}))
	checks.that("a message of 1 MiB comes back byte for byte", echoOnce(p, &bench.EchoMsg{Body: make([]byte, 1<<20)}))
	checks.that("a message of nearly 4 MiB comes back byte for byte", echoOnce(p, &bench.EchoMsg{Body: make([]byte, maxMessage-100)}))
	checks.that(fmt.Sprintf("%d calls, %d at once on %d connections, come back byte for byte",
		plan.calls, plan.concurrency, plan.connections), echoMany(address, plan))
	checkRefusals(checks, p)
	checkDeadlines(checks, p)
	checkMetadata(checks, p)
	checks.that("a quick call overtakes a slow one on the same connection", overtakes(p))
	checks.that("after all of this the connection still answers", echoOnce(p, sample(2)))
	return checks, nil
}

// sample makes a message whose length and content differ with its number.
func sample(number int) *bench.EchoMsg {
	return &bench.EchoMsg{
		Id: uint64(number) << 20, Name: strings.Repeat("ñandú ", number%40), SentAt: -int64(number),
		Body: bytes.Repeat([]byte{byte(number), byte(number >> 8), 0}, number%700),
	}
}

// echoOnce compares bytes, not fields: so it sees what an encoder adds, drops or reorders.
func echoOnce(p *peer, message *bench.EchoMsg) error {
	sent, err := proto.Marshal(message)
	if err != nil {
		return err
	}
	reply := &raw{}
	if err := p.call(echo, "Unary", &raw{sent}, reply, nil); err != nil {
		return err
	}
	return no(!bytes.Equal(sent, reply.bytes), fmt.Sprintf("sent %d bytes, other %d bytes came back", len(sent), len(reply.bytes)))
}

func echoMany(address string, plan echoPlan) error {
	numbers, failures := make(chan int), make(chan error, plan.concurrency)
	var workers sync.WaitGroup
	peers := make([]*peer, plan.connections)
	for index := range peers {
		p, err := connect(address)
		if err != nil {
			return err
		}
		defer p.close()
		peers[index] = p
	}
	for worker := 0; worker < plan.concurrency; worker++ {
		workers.Add(1)
		go func(p *peer) {
			defer workers.Done()
			var failed error
			for number := range numbers {
				if err := echoOnce(p, sample(number)); err != nil && failed == nil {
					failed = fmt.Errorf("call %d: %w", number, err)
					failures <- failed
				}
			}
		}(peers[worker%len(peers)])
	}
	for number := 0; number < plan.calls; number++ {
		numbers <- number
	}
	close(numbers)
	workers.Wait()
	close(failures)
	return <-failures
}

func checkRefusals(checks *checklist, p *peer) {
	nothing := &bench.EchoMsg{}
	checks.that("an unknown service is code 12", wants(codes.Unimplemented, p.call("bench.v1.Nothing", "Unary", nothing, nothing, nil)))
	checks.that("an unknown method is code 12", wants(codes.Unimplemented, p.call(echo, "Nothing", nothing, nothing, nil)))
	for _, bad := range []struct{ title, payload string }{
		{"a payload cut short is code 13", "\x12\x7fabc"},
		{"a payload with a wrong wire type is code 13", "\x0b\x01"},
		{"a payload with invalid UTF-8 in a text is code 13", "\x12\x02\xc3\x28"},
	} {
		checks.that(bad.title, wants(codes.Internal, p.call(echo, "Unary", &raw{[]byte(bad.payload)}, nothing, nil)))
	}
	checks.that("a message over 4 MiB is code 8",
		wants(codes.ResourceExhausted, p.call(echo, "Unary", &bench.EchoMsg{Body: make([]byte, maxMessage+1)}, nothing, nil)))
	for code := codes.Canceled; code <= codes.Unauthenticated; code++ {
		message := fmt.Sprintf("código %d: no se pudo", code)
		err := p.call(probe, "Fail", &bench.EchoMsg{Id: uint64(code), Name: message}, nothing, nil)
		checks.that(fmt.Sprintf("a handler's code %d arrives with its message", code),
			first(wants(code, err), expect("message", status.Convert(err).Message(), message)))
	}
}

func checkDeadlines(checks *checklist, p *peer) {
	slow, nothing := &bench.EchoMsg{Id: 5000}, &bench.EchoMsg{}
	checks.that("a deadline that has passed already is code 4",
		wants(codes.DeadlineExceeded, p.call(probe, "Sleep", slow, nothing, timeout(-time.Second))))
	begun := time.Now()
	checks.that("a deadline that passes during the call is code 4",
		wants(codes.DeadlineExceeded, p.call(probe, "Sleep", slow, nothing, timeout(50*time.Millisecond))))
	checks.that("and is answered before the handler would have been ready",
		no(time.Since(begun) > 4*time.Second, fmt.Sprintf("it took %v", time.Since(begun))))
	checks.that("a call within its deadline succeeds",
		p.call(probe, "Sleep", &bench.EchoMsg{Id: 5}, nothing, timeout(10*time.Second)))
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	err := p.client.Call(ctx, probe, "Sleep", slow, nothing)
	passed := errors.Is(err, context.DeadlineExceeded) || status.Code(err) == codes.DeadlineExceeded
	checks.that("Go's client gives up at its own deadline", no(!passed, fmt.Sprintf("it says %v", err)))
}

func checkMetadata(checks *checklist, p *peer) {
	seen := &bench.EchoMsg{}
	err := p.call(probe, "Meta", &bench.EchoMsg{}, seen, metadata("b", "2", "a", "1", "b", "1", "a", "1"))
	checks.that("metadata keep the order and the repeats of a key's values", first(err, expect("metadata", seen.Name, "a=1,1;b=2,1")))
	checks.that("a call without a deadline has none", expect("body", string(seen.Body), "deadline=none"))
	ctx := ttrpc.WithMetadata(context.Background(), ttrpc.MD{"request-id": {"00ff"}})
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	err = p.client.Call(ctx, probe, "Meta", &bench.EchoMsg{}, seen)
	checks.that("metadata of Go's own making arrive", first(err, expect("metadata", seen.Name, "request-id=00ff")))
	body := string(seen.Body)
	checks.that("a deadline arrives", no(!strings.HasPrefix(body, "deadline=") || body == "deadline=none", "body is "+body))
}

// overtakes asks slowly, then quickly, and wants the quick answer first.
func overtakes(p *peer) error {
	order := make(chan error, 2)
	go func() {
		if err := p.call(probe, "Sleep", &bench.EchoMsg{Id: 1000}, &bench.EchoMsg{}, nil); err != nil {
			order <- err
		}
		order <- errors.New("the slow call was answered first")
	}()
	go func() {
		time.Sleep(50 * time.Millisecond) // The slow call is on its way.
		order <- echoOnce(p, sample(3))
	}()
	return <-order
}
