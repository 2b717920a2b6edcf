package main

// Protos/README.md, §2 to §6: frames, calls, and the extensions of one connection.

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	typeRequest, typeResponse, typeData                       = 1, 2, 3
	typePing, typePong, typeCancel, typeCredit, typeGoingAway = 0x10, 0x11, 0x12, 0x13, 0x14

	flagEnd, flagSends, flagNoMessage = 0x01, 0x02, 0x04

	longestData  = 4194304
	firstCredit  = 65536
	messageCosts = 32 // what a message takes of the credit besides its length
	silence      = 10 * time.Second

	invalidArgument, deadlineExceeded, unavailable = 3, 4, 14
)

type frame struct {
	stream     uint32
	kind, flag byte
	data       []byte
}

// answer is how a call ended.
type answer struct {
	code    int
	message string
	details []fields // google.protobuf.Any: 1 type_url, 2 value
	payload []byte
	fields  fields // payload, decoded
}

// call is one stream. Its channel holds all that the first credit lets the server send, so the reader never waits for who consumes it.
type call struct {
	stream uint32
	in     chan frame
	last   bool // the last frame of the stream has been consumed
}

type connection struct {
	socket    net.Conn
	writing   sync.Mutex // a frame goes out whole
	opening   sync.Mutex // streams are opened one after the other, so that their numbers rise on the wire too
	state     sync.Mutex // guards the next four
	next      uint32
	calls     map[uint32]*call
	isGoing   bool
	whyEnded  error
	keepAlive int32 // `ping` is granted
	pings     int32 // how many of the server's were answered
	pongs     chan []byte
	goingAway chan uint32
	ended     chan struct{}
}

// connect takes `tcp:HOST:PORT` or `unix:PATH`.
func connect(address string) (*connection, error) {
	parts := strings.SplitN(address, ":", 2)
	if len(parts) != 2 {
		return nil, errors.New("la dirección debe ser tcp:HOST:PUERTO o unix:RUTA")
	}
	socket, err := net.DialTimeout(parts[0], parts[1], 5*time.Second)
	if err != nil {
		return nil, err
	}
	c := &connection{socket: socket, next: 1, calls: map[uint32]*call{}, pongs: make(chan []byte, 8),
		goingAway: make(chan uint32, 1), ended: make(chan struct{})}
	go c.read()
	return c, nil
}

func (c *connection) send(f frame) error {
	out := make([]byte, 10, 10+len(f.data))
	binary.BigEndian.PutUint32(out, uint32(len(f.data)))
	binary.BigEndian.PutUint32(out[4:], f.stream)
	out[8], out[9] = f.kind, f.flag
	return c.sendBytes(append(out, f.data...))
}

func (c *connection) sendBytes(out []byte) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	c.socket.SetWriteDeadline(time.Now().Add(20 * time.Second))
	_, err := c.socket.Write(out)
	return err
}

// read takes frames off the socket until it ends, and answers pings at once.
func (c *connection) read() {
	in := bufio.NewReader(c.socket)
	var err error
	for err == nil {
		if err = c.listen(in); err != nil {
			break
		}
		var f frame
		if f, err = readFrame(in); err != nil {
			break
		}
		switch f.kind {
		case typeResponse, typeData:
			c.deliver(f)
		case typePing:
			err = c.send(frame{0, typePong, 0, f.data})
			atomic.AddInt32(&c.pings, 1)
		case typePong:
			select {
			case c.pongs <- f.data:
			default:
			}
		case typeGoingAway:
			if len(f.data) == 4 {
				c.serverGoes(binary.BigEndian.Uint32(f.data))
			}
		} // type 0x13 would let us send more on a client's stream, and no method of the contract has one; others are ignored
	}
	c.socket.Close()
	c.state.Lock()
	c.whyEnded = err
	open := c.calls
	c.calls = map[uint32]*call{}
	c.state.Unlock()
	for _, k := range open {
		k.in <- lost(k.stream)
	}
	close(c.ended)
}

// listen waits for the next byte. Who has heard nothing for ten seconds asks, and gives up after ten more.
func (c *connection) listen(in *bufio.Reader) error {
	for asked := false; ; asked = true {
		c.socket.SetReadDeadline(time.Now().Add(silence))
		_, err := in.Peek(1)
		if err == nil || !errors.Is(err, os.ErrDeadlineExceeded) {
			c.socket.SetReadDeadline(time.Now().Add(30 * time.Second)) // for the frame that has begun
			return err
		}
		if atomic.LoadInt32(&c.keepAlive) == 0 {
			continue
		}
		if asked {
			return errors.New("el servidor no contestó en diez segundos")
		}
		if err := c.send(frame{0, typePing, 0, []byte("hay alguien")}); err != nil {
			return err
		}
	}
}

func readFrame(in io.Reader) (f frame, err error) {
	var head [10]byte
	if _, err = io.ReadFull(in, head[:]); err != nil {
		return f, err
	}
	length := binary.BigEndian.Uint32(head[:])
	if length > longestData {
		return f, errors.New("el servidor anunció un marco de más de 4 MiB")
	}
	f = frame{binary.BigEndian.Uint32(head[4:]), head[8], head[9], make([]byte, length)}
	_, err = io.ReadFull(in, f.data)
	return f, err
}

// deliver hands a frame to its call; what comes for a call that is over, or that nobody waits for any more, is dropped.
func (c *connection) deliver(f frame) {
	c.state.Lock()
	k := c.calls[f.stream]
	if f.kind == typeResponse || f.flag&flagEnd != 0 {
		delete(c.calls, f.stream)
	}
	c.state.Unlock()
	if k != nil {
		k.in <- f
	}
}

// serverGoes: the calls above `last` were not begun, and new ones go elsewhere.
func (c *connection) serverGoes(last uint32) {
	c.state.Lock()
	c.isGoing = true
	for stream, k := range c.calls {
		if stream > last {
			delete(c.calls, stream)
			k.in <- lost(stream)
		}
	}
	c.state.Unlock()
	select {
	case c.goingAway <- last:
	default:
	}
}

// lost is the answer that a call gives itself when its connection cannot.
func lost(stream uint32) frame {
	return frame{stream, typeResponse, 0, message(1, number(1, unavailable), text(2, "se perdió la conexión"))}
}

// pair is one of a request's metadata.
type pair struct{ key, value string }

// open sends a request, `ventanilla.v1.` left out of its method, and returns its stream.
func (c *connection) open(method string, flag byte, payload []byte, wait time.Duration, metadata ...pair) *call {
	names := strings.SplitN(method, "/", 2)
	request := join(text(1, "ventanilla.v1."+names[0]), text(2, names[1]), text(3, string(payload)), number(4, int64(wait)))
	for _, p := range metadata {
		request = append(request, message(5, text(1, p.key), text(2, p.value))...)
	}
	k := &call{in: make(chan frame, firstCredit/messageCosts+2)}
	c.opening.Lock()
	defer c.opening.Unlock()
	c.state.Lock()
	closed := c.isGoing || c.whyEnded != nil
	if !closed {
		k.stream = c.next
		c.next += 2
		c.calls[k.stream] = k
	}
	c.state.Unlock()
	if closed || c.send(frame{k.stream, typeRequest, flag, request}) != nil {
		c.forget(k)
		k.in <- lost(k.stream)
	}
	return k
}

// unary makes a call with one answer. Besides the server's deadline our own clock counts, a second later.
func (c *connection) unary(method string, payload []byte, wait time.Duration, metadata ...pair) answer {
	k := c.open(method, 0, payload, wait, metadata...)
	f, ok := k.receive(10 * time.Second)
	if !ok {
		c.forget(k)
		return answer{code: deadlineExceeded, message: "no llegó respuesta a tiempo"}
	}
	return decodeAnswer(f)
}

// receive returns the next frame of the call, or false when none comes in time.
func (k *call) receive(within time.Duration) (frame, bool) {
	select {
	case f := <-k.in:
		k.last = f.kind == typeResponse || f.flag&flagEnd != 0
		return f, true
	case <-time.After(within):
		return frame{}, false
	}
}

func (c *connection) forget(k *call) {
	c.state.Lock()
	delete(c.calls, k.stream)
	c.state.Unlock()
}

// cancel says that we look no longer; the stream's last frame is still to come.
func (c *connection) cancel(k *call) error { return c.send(frame{k.stream, typeCancel, 0, nil}) }

// giveBack returns what the message took of the stream's credit.
func (c *connection) giveBack(k *call, f frame) error {
	credit := make([]byte, 4)
	binary.BigEndian.PutUint32(credit, uint32(len(f.data)+messageCosts))
	return c.send(frame{k.stream, typeCredit, 0, credit})
}

func decodeAnswer(f frame) answer {
	response, err := decode(f.data)
	if err != nil || f.kind != typeResponse {
		return answer{code: 13, message: "la respuesta no se entiende"}
	}
	status := response.msg(1)
	a := answer{code: int(status.num(1)), message: status.str(2), details: status.msgs(3), payload: []byte(response.str(2))}
	if a.fields, err = decode(a.payload); err != nil {
		return answer{code: 13, message: "la respuesta no se entiende"}
	}
	return a
}
