// Interop is a ttrpc peer that the project did not write: Go ttrpc 1.1.1, as Debian ships it, over the contract in Protos/.
//
//	interop echo  --addr unix:PATH|tcp:HOST:PORT   calls bench.v1 and checks every answer
//	interop book  --addr … --nss N --birth-date D   makes and cancels an appointment over ventanilla.v1
//	interop serve --addr …                          serves bench.v1 until SIGTERM
//
// A checking command prints one line per check and "N passed, M failed"; its exit status is 0 only when M is 0.
package main

import (
	"flag"
	"fmt"
	"net"
	"os"
	"strings"
	"time"
)

func main() {
	if len(os.Args) < 2 {
		usage()
	}
	flags := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	address := flags.String("addr", "", "unix:PATH or tcp:HOST:PORT")
	patience := flags.Duration("patience", time.Minute, "give up after this long; status 2")
	switch os.Args[1] {
	case "echo":
		plan := echoPlan{}
		flags.IntVar(&plan.calls, "calls", 4000, "unary calls to compare")
		flags.IntVar(&plan.concurrency, "concurrency", 32, "calls at once, over all connections")
		flags.IntVar(&plan.connections, "connections", 4, "connections")
		parse(flags, address)
		giveUpAfter(*patience)
		finish(checkEcho(*address, plan))
	case "book":
		person := visitor{}
		flags.StringVar(&person.nss, "nss", "", "identify by this NSS")
		flags.StringVar(&person.patientNumber, "patient-number", "", "identify by this patient number instead")
		flags.StringVar(&person.birthDate, "birth-date", "", "the person's birth date, 1985-04-30")
		flags.StringVar(&person.service, "service", "medicina_familiar", "service to book")
		parse(flags, address)
		giveUpAfter(*patience)
		finish(checkBooking(*address, person))
	case "serve":
		parse(flags, address)
		if err := serve(*address); err != nil {
			fail(err)
		}
	default:
		usage()
	}
}

func usage() {
	fmt.Fprintln(os.Stderr, "usage: interop echo|book|serve --addr unix:PATH|tcp:HOST:PORT (interop echo --help lists the rest)")
	os.Exit(64)
}

func parse(flags *flag.FlagSet, address *string) {
	flags.Parse(os.Args[2:])
	if *address == "" || flags.NArg() > 0 {
		usage()
	}
}

// giveUpAfter ends the program when the peer leaves a call unanswered; Go's own client would wait for ever.
func giveUpAfter(patience time.Duration) {
	time.AfterFunc(patience, func() {
		fmt.Printf("gave up after %v: a call is still unanswered\n", patience)
		os.Exit(2)
	})
}

func finish(checks *checklist, err error) {
	if err != nil {
		fail(err)
	}
	fmt.Printf("%d passed, %d failed\n", checks.passed, checks.failed)
	if checks.failed > 0 {
		os.Exit(1)
	}
}

func fail(err error) {
	fmt.Fprintf(os.Stderr, "interop: %v\n", err)
	os.Exit(2)
}

// split turns unix:PATH or tcp:HOST:PORT into what package net takes.
func split(address string) (network, where string, err error) {
	parts := strings.SplitN(address, ":", 2)
	if len(parts) != 2 || (parts[0] != "unix" && parts[0] != "tcp") {
		return "", "", fmt.Errorf("%q is neither unix:PATH nor tcp:HOST:PORT", address)
	}
	return parts[0], parts[1], nil
}

func dial(address string) (net.Conn, error) {
	network, where, err := split(address)
	if err != nil {
		return nil, err
	}
	return net.Dial(network, where)
}
