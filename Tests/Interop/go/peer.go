package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/containerd/ttrpc"
	"github.com/gogo/protobuf/proto"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// peer is one connection of Go's client. Its interceptor lets a check put into the envelope what Go's client never would.
type peer struct{ client *ttrpc.Client }

// amend changes a request's envelope just before it is sent.
type amend func(*ttrpc.Request)

type amendKey struct{}

func connect(address string) (*peer, error) {
	conn, err := dial(address)
	if err != nil {
		return nil, err
	}
	intercept := func(
		ctx context.Context, request *ttrpc.Request, response *ttrpc.Response, _ *ttrpc.UnaryClientInfo, invoke ttrpc.Invoker,
	) error {
		if change, ok := ctx.Value(amendKey{}).(amend); ok {
			change(request)
		}
		return invoke(ctx, request, response)
	}
	return &peer{ttrpc.NewClient(conn, ttrpc.WithUnaryClientInterceptor(intercept))}, nil
}

func (p *peer) close() { p.client.Close() }

// call makes a call with no deadline; change may be nil.
func (p *peer) call(service, method string, request, response proto.Message, change amend) error {
	ctx := context.Background()
	if change != nil {
		ctx = context.WithValue(ctx, amendKey{}, change)
	}
	return p.client.Call(ctx, service, method, request, response)
}

// timeout sets what the server is told, while this side waits on: so it is the server that says "too late".
func timeout(after time.Duration) amend {
	return func(request *ttrpc.Request) { request.TimeoutNano = after.Nanoseconds() }
}

// metadata sends pairs in this order: key, value, key, value.
func metadata(pairs ...string) amend {
	return func(request *ttrpc.Request) {
		for index := 0; index+1 < len(pairs); index += 2 {
			request.Metadata = append(request.Metadata, &ttrpc.KeyValue{Key: pairs[index], Value: pairs[index+1]})
		}
	}
}

func both(first, second amend) amend {
	return func(request *ttrpc.Request) {
		first(request)
		second(request)
	}
}

// raw is a message whose bytes are seen and chosen.
type raw struct{ bytes []byte }

func (r *raw) Reset()                       { r.bytes = nil }
func (r *raw) String() string               { return fmt.Sprintf("%x", r.bytes) }
func (r *raw) ProtoMessage()                {}
func (r *raw) Marshal() ([]byte, error)     { return r.bytes, nil }
func (r *raw) Unmarshal(bytes []byte) error { r.bytes = append([]byte(nil), bytes...); return nil }

// checklist prints and counts what was checked.
type checklist struct{ passed, failed int }

// that notes one check; a nil error is a pass.
func (c *checklist) that(title string, err error) bool {
	if err == nil {
		c.passed++
		fmt.Println("ok    ", title)
		return true
	}
	c.failed++
	fmt.Printf("FAILED %s: %v\n", title, err)
	return false
}

// wants turns the error of a call that must be refused into nil, or says what came instead.
func wants(code codes.Code, err error) error {
	if err == nil {
		return fmt.Errorf("wanted code %d (%v), the call succeeded", code, code)
	}
	answer, ok := status.FromError(err)
	if !ok {
		return fmt.Errorf("wanted code %d (%v), the client says: %w", code, code, err)
	}
	if answer.Code() != code {
		return fmt.Errorf("wanted code %d (%v), got %d (%v) %q", code, code, answer.Code(), answer.Code(), answer.Message())
	}
	return nil
}

// first returns the first error there is.
func first(all ...error) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}

// expect says that two values should be the same.
func expect(what string, got, wanted interface{}) error {
	if got == wanted {
		return nil
	}
	return fmt.Errorf("%s is %v, wanted %v", what, got, wanted)
}

// no says that something must not be.
func no(bad bool, complaint string) error {
	if bad {
		return errors.New(complaint)
	}
	return nil
}
