// A client of Ventanilla with nothing but Go's standard library, written from Protos/README.md and the .proto files beside it.
//
//	cliente -nss 00139221923 -nacimiento 1992-08-15 tcp:127.0.0.1:24820 unix:.ventanilla/kiosco.sock
//
// It walks through the page at each address (one of the kiosk's), and exits 1 with a sentence where the server does something else.
// With -despedida it then waits for whoever started it to stop the server, and looks at how that says goodbye.
package main

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"flag"
	"fmt"
	"net"
	"os"
	"strings"
	"sync/atomic"
	"time"
)

var checks int

// check counts what held, and ends the program at the first thing that did not.
func check(ok bool, format string, arguments ...any) {
	if !ok {
		fmt.Fprintf(os.Stderr, "cliente go: no se cumplió: "+format+"\n", arguments...)
		os.Exit(1)
	}
	checks++
}

func must(err error, what string) { check(err == nil, "%s (%v)", what, err) }

func main() {
	nss := flag.String("nss", "", "NSS de una persona del padrón")
	birth := flag.String("nacimiento", "", "su fecha de nacimiento, 1985-04-30")
	farewell := flag.Bool("despedida", false, "espera a que alguien apague el servidor")
	flag.Parse()
	if *nss == "" || *birth == "" || flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "uso: cliente -nss NSS -nacimiento AAAA-MM-DD [-despedida] tcp:HOST:PUERTO | unix:RUTA ...")
		os.Exit(64)
	}
	var visits []*visit
	for _, address := range flag.Args() {
		fmt.Println(address)
		plain(address)
		v := &visit{address: address, identify: join(text(1, *nss), text(4, *birth))}
		v.hello()
		v.identifies()
		v.refusals()
		v.books()
		v.watches()
		v.losesPower()
		v.leaves()
		visits = append(visits, v)
	}
	for _, v := range visits {
		v.isAskedWhetherItLives()
	}
	if *farewell {
		goodbye(visits)
	}
	fmt.Printf("cliente go: %d comprobaciones\n", checks)
}

// plain is §5: the bytes by hand, on a connection that never says Hello.
func plain(address string) {
	parts := strings.SplitN(address, ":", 2)
	socket, err := net.DialTimeout(parts[0], parts[1], 5*time.Second)
	must(err, "hay un servidor en "+address)
	defer socket.Close()
	socket.SetDeadline(time.Now().Add(10 * time.Second))
	checkRequest := func(stream, method string) []byte {
		return unhex("000000 23 " + stream + " 01 00 0a14 76656e74616e696c6c612e76312e4865616c7468 12 05 " + method + " 20 80a8d6b907")
	}
	exchange := func(out, in []byte, what string) {
		_, err := socket.Write(out)
		must(err, "el servidor acepta "+what)
		f, err := readFrame(socket)
		must(err, "el servidor contesta "+what)
		got := append([]byte{0, 0, 0, byte(len(f.data)), 0, 0, 0, byte(f.stream), f.kind, f.flag}, f.data...)
		check(bytes.Equal(got, in), "a %s se contesta %x, no %x", what, in, got)
	}
	exchange(checkRequest("00000001", "436865636b"), unhex("00000004 00000001 02 00 12020801"), "Health/Check con los bytes de la página")
	unknown := checkRequest("00000003", "4368656b")
	unknown[3], unknown[33] = 0x22, 4
	exchange(unknown, unhex("00000011 00000003 02 00 0a0f 080c 120b 6d6574686f64204368656b"), "Health/Chek con los bytes de la página")

	// An even stream is refused and the connection goes on; half-closed, it still owes its replies.
	_, err = socket.Write(checkRequest("00000004", "436865636b"))
	must(err, "el servidor acepta una corriente par")
	f, err := readFrame(socket)
	must(err, "el servidor contesta a una corriente par")
	a := decodeAnswer(f)
	check(f.stream == 4 && a.code == invalidArgument, "una corriente par recibe el código 3: %d %s", a.code, a.message)
	_, err = socket.Write(checkRequest("00000007", "436865636b"))
	must(err, "la conexión sigue después de una corriente par")
	must(socket.(interface{ CloseWrite() error }).CloseWrite(), "media conexión se cierra")
	f, err = readFrame(socket)
	must(err, "la respuesta debida llega después del medio cierre")
	check(f.stream == 7 && decodeAnswer(f).fields.num(1) == 1, "la respuesta debida es SERVING")
	_, err = readFrame(socket)
	check(err != nil, "después de la última respuesta debida el servidor cierra")
	fmt.Println("  los bytes de la página: bien")
}

func unhex(s string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		panic(err)
	}
	return b
}

// visit is one person at one kiosk: a connection that speaks every extension, and a session.
type visit struct {
	address      string
	identify     []byte // IdentifyRequest
	c            *connection
	token, folio string
	service      fields
	slot         []byte // SlotChoice
	holdSeconds  int64
}

var extensions = []string{"ping", "cancel", "credit", "going-away", "holds"}

// greeted is a connection that was granted every extension, and the answer to its Hello.
func greeted(address string) (*connection, fields) {
	c, err := connect(address)
	must(err, "hay un servidor en "+address)
	request := join(text(1, "cliente-go"), text(2, "1"), text(3, "es-MX"), text(4, "humo"))
	for _, name := range extensions {
		request = append(request, text(4, name)...)
	}
	a := c.unary("Session/Hello", request, 2*time.Second)
	check(a.code == 0, "Hello se contesta: %d %s", a.code, a.message)
	check(strings.Join(a.fields.strs(3), " ") == strings.Join(extensions, " "), "se conceden %v, no %v", extensions, a.fields.strs(3))
	atomic.StoreInt32(&c.keepAlive, 1)
	return c, a.fields
}

func (v *visit) hello() {
	c, hello := greeted(v.address)
	v.c = c
	limits := hello.msg(4)
	check(limits.num(1) > 0 && limits.num(2) > 0 && len(limits.msgs(3)) > 0, "Hello dice los límites: %v", limits)
	for _, hold := range limits.msgs(3) {
		if hold.str(1) == "kiosk" {
			v.holdSeconds = hold.num(2)
		}
	}
	check(v.holdSeconds > 0, "Hello dice cuánto dura un apartado de kiosco")
	clock := time.UnixMilli(hello.num(5))
	check(time.Since(clock).Abs() < time.Minute, "el reloj del servidor es el de esta máquina: %v", clock)
	_, err := time.LoadLocation(hello.str(6))
	check(hello.str(6) != "" && (err == nil || strings.Contains(hello.str(6), "/")), "la zona es un nombre IANA: %q", hello.str(6))

	must(c.send(frame{0, typePing, 0, []byte{0xc0, 0xff, 0xee}}), "se manda un ping")
	select {
	case pong := <-c.pongs:
		check(bytes.Equal(pong, []byte{0xc0, 0xff, 0xee}), "el pong trae los datos del ping: %x", pong)
	case <-time.After(2 * time.Second):
		check(false, "el servidor contesta un ping")
	}
	fmt.Printf("  %s %s concede %s; ping contestado\n", hello.str(1), hello.str(2), strings.Join(hello.strs(3), ", "))
}

func (v *visit) identifies() {
	// A deadline in the past is an answer, not a silence.
	a := v.c.unary("Patients/Identify", v.identify, -1)
	check(a.code == deadlineExceeded, "un plazo negativo ya venció: %d %s", a.code, a.message)
	wrong := append(append([]byte{}, v.identify[:len(v.identify)-10]...), "1950-01-02"...)
	a = v.c.unary("Patients/Identify", wrong, 2*time.Second)
	check(a.code == 16, "con otra fecha de nacimiento el código es 16: %d %s", a.code, a.message)
	a = v.c.unary("Patients/Identify", v.identify, 2*time.Second, newRequestID(), pair{"x-de-prueba", "también"})
	if len(a.fields.msgs(4)) > 0 { // twins
		check(a.fields.str(1) == "", "con gemelos no hay sesión todavía")
		a = v.c.unary("Patients/Identify", join(v.identify, number(5, a.fields.msgs(4)[0].num(1))), 2*time.Second)
	}
	check(a.code == 0, "la persona se identifica: %d %s", a.code, a.message)
	v.token = a.fields.str(1)
	check(len(v.token) == 32 && a.fields.num(2) > 0, "hay una sesión que dura: %q", v.token)
	fmt.Printf("  identificada: %s, consultorio %s\n", a.fields.msg(3).str(2), a.fields.msg(3).str(3))
}

// newRequestID is one intention: the milliseconds since 1970 in twelve digits, and twenty of chance.
func newRequestID() pair {
	chance := make([]byte, 10)
	rand.Read(chance)
	return pair{"request-id", fmt.Sprintf("%012x%x", time.Now().UnixMilli(), chance)}
}

// refusal decodes the detail of a refused reservation.
func refusal(a answer) fields {
	for _, detail := range a.details {
		if detail.str(1) == "type.googleapis.com/ventanilla.v1.Refusal" {
			r := detail.msg(2)
			check(r.str(2) != "" && len(r.msgs(3))+len(r.msgs(4)) > 0, "una negativa dice qué hacer: %v", r)
			return r
		}
	}
	check(false, "el código %d trae un Refusal: %s", a.code, a.message)
	return nil
}

func (v *visit) choose(slot fields, minute int64) []byte {
	return join(text(1, slot.str(1)), text(2, slot.str(2)), text(3, slot.str(3)), number(4, minute))
}

func (v *visit) hold(slot []byte) []byte { return join(text(1, v.token), message(3, slot)) }

// find returns what is free of the service for this person.
func (v *visit) find(limit int64) []fields {
	a := v.c.unary("Appointments/Find", join(text(1, v.token), text(3, v.service.str(1)), number(9, limit)), 2*time.Second)
	check(a.code == 0, "Find se contesta: %d %s", a.code, a.message)
	return a.fields.msgs(1)
}

// isFree says whether the slot of this visit is offered.
func (v *visit) isFree() bool {
	for _, slot := range v.find(100) {
		if bytes.Equal(v.choose(slot, slot.num(4)), v.slot) {
			return true
		}
	}
	return false
}

func (v *visit) refusals() {
	a := v.c.unary("Appointments/ListServices", nil, 2*time.Second)
	check(a.code == 0 && len(a.fields.msgs(1)) > 0, "la clínica da citas de algo: %d %s", a.code, a.message)
	v.service = a.fields.msgs(1)[0]

	a = v.c.unary("Appointments/Find", join(text(1, v.token), text(3, "alquimia")), 2*time.Second)
	check(a.code == 5, "un servicio que no hay es el código 5: %d %s", a.code, a.message)
	r := refusal(a)
	check(r.num(1) == 4, "la razón es SERVICE_NOT_OFFERED: %d", r.num(1))

	free := v.find(3)
	check(len(free) == 3, "Find da los lugares que se le piden: %d", len(free))
	// Nobody's agenda has a slot that begins one minute after another.
	a = v.c.unary("Appointments/Hold", v.hold(v.choose(free[0], free[0].num(4)+1)), 2*time.Second, newRequestID())
	check(a.code == 9, "un lugar fuera de la cuadrícula es el código 9: %d %s", a.code, a.message)
	r = refusal(a)
	check(r.num(1) == 9, "la razón es NOT_ON_GRID: %d", r.num(1))
	fmt.Printf("  negada: %s\n", r.str(2))
	for _, slot := range r.msgs(3) {
		fmt.Printf("    en su lugar: %s\n", slot.str(9))
	}
	for _, step := range r.msgs(4) {
		fmt.Printf("    o bien (%s): %s\n", step.str(1), step.str(2))
	}
	a = v.c.unary("Appointments/Hold", v.hold(v.choose(free[0], free[0].num(4))), 2*time.Second)
	check(a.code == invalidArgument, "una escritura sin request-id es el código 3: %d %s", a.code, a.message)
	v.slot = v.choose(free[0], free[0].num(4))
}

// twice sends one request two times, as after a lost answer, and wants one answer.
func (v *visit) twice(method string, payload []byte, id pair) fields {
	first := v.c.unary(method, payload, 2*time.Second, id)
	check(first.code == 0, "%s se hace: %d %s", method, first.code, first.message)
	second := v.c.unary(method, payload, 2*time.Second, id)
	check(second.code == 0 && bytes.Equal(first.payload, second.payload), "%s repetido da la misma respuesta: %d %s", method, second.code, second.message)
	return first.fields.msg(1)
}

func (v *visit) books() {
	holdID, bookID := newRequestID(), newRequestID()
	held := v.twice("Appointments/Hold", v.hold(v.slot), holdID)
	ends := time.UnixMilli(held.num(4))
	check(held.num(2) == 2 && len(held.str(1)) == 12, "el lugar está apartado: estado %d, folio %q", held.num(2), held.str(1))
	check(time.Until(ends) > 0 && time.Until(ends) <= time.Duration(v.holdSeconds+1)*time.Second, "el apartado dura lo que dijo Hello: %v", ends)
	check(!v.isFree(), "lo apartado no está libre")
	other := v.c.unary("Appointments/Hold", v.hold(append(v.slot[:len(v.slot):len(v.slot)], number(4, 1)...)), 2*time.Second, holdID)
	check(other.code == 6, "el mismo request-id para otra cosa es el código 6: %d %s", other.code, other.message)

	v.folio = held.str(1)
	bookRequest := join(text(1, v.token), text(3, v.folio))
	booked := v.twice("Appointments/Book", bookRequest, bookID)
	check(booked.num(2) == 3 && booked.str(1) == v.folio, "la cita está hecha, con el folio del apartado: estado %d", booked.num(2))
	check(booked.str(5) != "" && booked.str(6) != "", "la cita trae qué imprimir")
	fmt.Printf("  cita %s: %s\n", booked.str(5), booked.msg(3).str(9))

	read := func() fields {
		a := v.c.unary("Appointments/Get", join(text(1, v.token), text(2, v.folio)), 2*time.Second)
		check(a.code == 0, "la cita se lee: %d %s", a.code, a.message)
		return a.fields.msg(1)
	}
	check(read().num(2) == 3, "la cita leída está hecha")
	list := v.c.unary("Appointments/List", text(1, v.token), 2*time.Second)
	check(list.code == 0 && len(list.fields.msgs(1)) > 0, "la cita está en la lista: %d %s", list.code, list.message)

	cancelled := v.twice("Appointments/Cancel", join(text(1, v.token), text(2, booked.str(5)), number(3, 1)), newRequestID())
	check(cancelled.num(2) == 7 && read().num(2) == 7, "la cita está cancelada: estado %d", cancelled.num(2))
	again := v.c.unary("Appointments/Book", bookRequest, 2*time.Second, bookID)
	check(again.code == 0 && again.fields.msg(1).num(2) == 3, "Book repetido da su primera respuesta también después de cancelar: %d %s", again.code, again.message)
	fmt.Println("  apartada, agendada, leída y cancelada; cada una repetida con su request-id")
}

// state is one message of the watch.
type state struct{ epoch, number, free int64 }

func (v *visit) next(k *call, within time.Duration) (state, bool) {
	f, came := k.receive(within)
	if !came {
		return state{}, false
	}
	check(f.kind == typeData && f.flag == 0, "en la corriente viene un mensaje: tipo %d, %s", f.kind, decodeAnswer(f).message)
	m, err := decode(f.data)
	must(err, "el mensaje se entiende")
	must(v.c.giveBack(k, f), "se devuelve el crédito")
	s := state{m.num(1), m.num(2), -1}
	for _, service := range m.msgs(3) {
		if service.str(1) == v.service.str(1) {
			s.free = service.num(6)
		}
	}
	check(s.epoch > 0 && s.epoch < 1<<53 && s.free >= 0, "el estado es completo: %+v", s)
	return s, true
}

// watch opens a watch after the state that the client has, which may be none.
func (v *visit) watch(has state) *call {
	return v.c.open("Appointments/WatchAvailability", flagEnd, join(number(1, has.epoch), number(2, has.number)), 0)
}

// looksAway cancels the watch and takes what is still on its way.
func (v *visit) looksAway(k *call) {
	must(v.c.cancel(k), "se manda la cancelación")
	for !k.last {
		f, came := k.receive(2 * time.Second)
		check(came, "una corriente cancelada tiene un último marco")
		if k.last {
			a := decodeAnswer(f)
			check(f.kind == typeResponse && a.code == 1, "la corriente cancelada termina con el código 1: %d %s", a.code, a.message)
		}
	}
	_, came := k.receive(100 * time.Millisecond)
	check(!came, "después del último marco no viene nada")
}

// settled takes states until none comes for half a second: the last one tells all.
func (v *visit) settled(k *call, shown state) state {
	for {
		s, came := v.next(k, 500*time.Millisecond)
		if !came {
			return shown
		}
		check(s.epoch == shown.epoch && s.number > shown.number, "los números crecen: %d después de %d", s.number, shown.number)
		shown = s
	}
}

func (v *visit) watches() {
	k := v.watch(state{})
	first, came := v.next(k, 2*time.Second)
	check(came, "el primer estado viene en seguida")
	before := v.settled(k, first) // the first one may be older than our last write
	v.take()
	taken := v.settled(k, before)
	check(taken.free == before.free-1, "apartado un lugar, hay uno menos: %d, eran %d", taken.free, before.free)
	v.looksAway(k)

	// Who has the latest state hears nothing until there is another.
	k = v.watch(taken)
	_, came = v.next(k, 500*time.Millisecond)
	check(!came, "quien tiene el último estado no oye nada")
	v.giveUp()
	given, came := v.next(k, 2*time.Second)
	check(came && given.number > taken.number && given.free == before.free, "el cambio se oye: %+v", given)
	v.looksAway(k)

	// Who comes back after several states, or to another run of the server, gets the latest one, and it is whole: nothing to ask for.
	for _, old := range []state{taken, {epoch: given.epoch ^ 1, number: given.number}} {
		k = v.watch(old)
		s, came := v.next(k, 2*time.Second)
		check(came && s == given, "quien tiene otro estado oye el último en seguida: %+v", s)
		v.take()
		v.settled(k, given)
		v.giveUp()
		given = v.settled(k, given)
		v.looksAway(k)
	}
	k = v.watch(taken)
	s, came := v.next(k, 2*time.Second)
	check(came && s == given && s.number > taken.number+1, "el hueco se llena con un solo mensaje: %+v", s)
	v.looksAway(k)
	fmt.Printf("  vigilancia: %d libres; de %d a %d con un solo mensaje; crédito devuelto, cancelada\n", given.free, taken.number, given.number)
}

func (v *visit) take() {
	a := v.c.unary("Appointments/Hold", v.hold(v.slot), 2*time.Second, newRequestID())
	check(a.code == 0, "el lugar se aparta otra vez: %d %s", a.code, a.message)
	v.folio = a.fields.msg(1).str(1)
}

func (v *visit) giveUp() {
	a := v.c.unary("Appointments/Cancel", join(text(1, v.token), text(2, v.folio)), 2*time.Second, newRequestID())
	check(a.code == 0, "el apartado se devuelve: %d %s", a.code, a.message)
}

// losesPower is `holds`: what another kiosk held is free when its connection ends.
func (v *visit) losesPower() {
	check(v.isFree(), "el lugar está libre antes")
	c, _ := greeted(v.address)
	id, request := newRequestID(), v.hold(v.slot)
	a := c.unary("Appointments/Hold", request, 2*time.Second, id)
	check(a.code == 0 && !v.isFree(), "otra conexión aparta el lugar: %d %s", a.code, a.message)
	c.socket.Close()
	until := time.Now().Add(2 * time.Second)
	for !v.isFree() {
		check(time.Now().Before(until), "lo que apartó una conexión queda libre cuando ella termina")
		time.Sleep(50 * time.Millisecond)
	}
	fmt.Println("  un kiosco sin corriente no aparta nada")
}

func (v *visit) leaves() {
	a := v.c.unary("Patients/EndSession", text(1, v.token), 2*time.Second)
	check(a.code == 0 && len(a.payload) == 0, "la sesión termina: %d %s", a.code, a.message)
	a = v.c.unary("Appointments/List", text(1, v.token), 2*time.Second)
	check(a.code == 16, "de una sesión terminada se dice 16: %d %s", a.code, a.message)
}

// isAskedWhetherItLives is silent, until the server asks and the reader has answered.
func (v *visit) isAskedWhetherItLives() {
	until := time.Now().Add(13 * time.Second)
	for atomic.LoadInt32(&v.c.pings) == 0 {
		check(time.Now().Before(until), "quien calla diez segundos recibe un ping")
		time.Sleep(50 * time.Millisecond)
	}
	a := v.c.unary("Health/Check", nil, 2*time.Second)
	check(a.code == 0, "la conexión sigue después del ping: %d %s", a.code, a.message)
	fmt.Printf("%s\n  ping del servidor contestado\n", v.address)
}

// goodbye looks at how the server stops: the last stream that is served, status 14 on what cannot end, and the end of the connection.
func goodbye(visits []*visit) {
	var watches []*call
	for _, v := range visits {
		k := v.watch(state{})
		_, came := v.next(k, 2*time.Second)
		check(came, "el primer estado viene en seguida")
		watches = append(watches, k)
	}
	fmt.Println("cliente go: apague ahora el servidor")
	for i, v := range visits {
		select {
		case last := <-v.c.goingAway:
			check(last == watches[i].stream, "el servidor dice cuál es la última corriente: %d, no %d", watches[i].stream, last)
		case <-time.After(30 * time.Second):
			check(false, "el servidor dice que se va")
		}
		f, came := watches[i].receive(12 * time.Second)
		last := decodeAnswer(f)
		check(came && last.code == unavailable, "la vigilancia termina con el código 14: %d %s", last.code, last.message)
		select {
		case <-v.c.ended:
			checks++
		case <-time.After(12 * time.Second):
			check(false, "el servidor cierra después de la última respuesta")
		}
		fmt.Printf("%s\n  despedida: %s\n", v.address, last.message)
	}
}
