package main

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	ventanilla "ventanilla/v1"

	"github.com/gogo/protobuf/proto"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const (
	patients     = "ventanilla.v1.Patients"
	appointments = "ventanilla.v1.Appointments"
)

// visitor is the person an appointment is made for.
type visitor struct{ nss, patientNumber, birthDate, service string }

// visit is one walk through the agenda; each step leaves what the next one needs.
type visit struct {
	*peer
	*checklist
	visitor
	token string
	slot  *ventanilla.Slot
	folio string
	// The request of the booking, its id and the answer's bytes: what a repeat must reproduce.
	booking   *ventanilla.BookRequest
	bookingID amend
	booked    []byte
}

func checkBooking(address string, person visitor) (*checklist, error) {
	p, err := connect(address)
	if err != nil {
		return nil, err
	}
	defer p.close()
	v := &visit{peer: p, checklist: &checklist{}, visitor: person}
	v.refusesWhatGoCanSendWrong()
	if v.identifies() && v.finds() && v.holds() && v.books() {
		v.repeats()
		v.reads()
		v.refusesATakenSlot()
		v.cancels()
		v.leaves()
	}
	return v.checklist, nil
}

// requestID makes the 128 bits that every write carries.
func requestID() amend {
	id := make([]byte, 16)
	if _, err := rand.Read(id); err != nil {
		panic(err)
	}
	return metadata("request-id", hex.EncodeToString(id))
}

func (v *visit) refusesWhatGoCanSendWrong() {
	find, found := &ventanilla.FindRequest{Service: v.service}, &ventanilla.FindResponse{}
	v.that("an unknown service is code 12", wants(codes.Unimplemented, v.call("ventanilla.v1.Nothing", "Find", find, found, nil)))
	v.that("an unknown method is code 12", wants(codes.Unimplemented, v.call(appointments, "Nothing", find, found, nil)))
	v.that("a payload cut short is code 13",
		wants(codes.Internal, v.call(appointments, "Find", &raw{[]byte("\x0a\x7fabc")}, found, nil)))
	v.that("a payload with invalid UTF-8 in a text is code 13",
		wants(codes.Internal, v.call(appointments, "Find", &raw{[]byte("\x1a\x02\xc3\x28")}, found, nil)))
	v.that("a deadline that has passed already is code 4",
		wants(codes.DeadlineExceeded, v.call(appointments, "Find", find, found, timeout(-time.Second))))
	v.that("a made-up session is code 16", wants(codes.Unauthenticated, v.call(appointments, "List",
		&ventanilla.ListRequest{SessionToken: "00000000000000000000000000000000"}, &ventanilla.ListResponse{}, nil)))
}

func (v *visit) identifies() bool {
	ask := func(birthDate string) (*ventanilla.IdentifyResponse, error) {
		request := &ventanilla.IdentifyRequest{BirthDate: birthDate}
		if v.patientNumber != "" {
			request.Identifier = &ventanilla.IdentifyRequest_PatientNumber{PatientNumber: v.patientNumber}
		} else {
			request.Identifier = &ventanilla.IdentifyRequest_Nss{Nss: v.nss}
		}
		response := &ventanilla.IdentifyResponse{}
		return response, v.call(patients, "Identify", request, response, nil)
	}
	_, err := ask("1801-01-01")
	v.that("a birth date that nobody has is code 3", wants(codes.InvalidArgument, err))
	_, err = ask(v.wrongBirthDate())
	v.that("a wrong birth date is code 16", wants(codes.Unauthenticated, err))
	person, err := ask(v.birthDate)
	v.token = person.SessionToken
	_, notHex := hex.DecodeString(v.token)
	return v.that("a person identifies themselves and gets a token of 128 bits", first(err,
		expect("choices", len(person.Choices), 0), notHex, expect("digits of the token", len(v.token), 32)))
}

// wrongBirthDate could be somebody's, and is not this visitor's.
func (v *visit) wrongBirthDate() string {
	if v.birthDate == "1950-02-03" {
		return "1950-02-04"
	}
	return "1950-02-03"
}

func (v *visit) finds() bool {
	found := &ventanilla.FindResponse{}
	err := v.call(appointments, "Find", &ventanilla.FindRequest{SessionToken: v.token, Service: v.service, Limit: 5}, found, nil)
	if err == nil && len(found.Slots) == 0 {
		err = errors.New("no slot is free")
	}
	if err == nil {
		v.slot = found.Slots[0]
		err = first(expect("service", v.slot.Service, v.service), no(len(found.Slots) > 5, "more slots than asked for"))
	}
	return v.that("a search finds free slots", err)
}

func (v *visit) choice() *ventanilla.SlotChoice {
	return &ventanilla.SlotChoice{
		Service: v.slot.Service, Resource: v.slot.Resource, Date: v.slot.Date, StartMinute: v.slot.StartMinute,
	}
}

func (v *visit) holds() bool {
	request, held := &ventanilla.HoldRequest{SessionToken: v.token, Slot: v.choice()}, &ventanilla.HoldResponse{}
	v.that("a write without a request id is code 3", wants(codes.InvalidArgument, v.call(appointments, "Hold", request, held, nil)))
	err := v.call(appointments, "Hold", request, held, requestID())
	if err == nil {
		v.folio = held.GetAppointment().GetFolio()
		err = first(v.stands(held.Appointment, ventanilla.AppointmentStatus_APPOINTMENT_STATUS_PENDING),
			expect("digits of the folio", len(v.folio), 12),
			no(held.Appointment.HoldExpiresAtUnixMs == 0, "the hold has no end"))
	}
	return v.that("the first free slot is held", err)
}

// stands says that an appointment is the visit's own, in this state.
func (v *visit) stands(found *ventanilla.Appointment, state ventanilla.AppointmentStatus) error {
	return first(
		expect("status", found.GetStatus(), state),
		expect("folio", found.GetFolio(), v.folio),
		expect("resource", found.GetSlot().GetResource(), v.slot.Resource),
		expect("date", found.GetSlot().GetDate(), v.slot.Date),
		expect("start", found.GetSlot().GetStartMinute(), v.slot.StartMinute))
}

func (v *visit) books() bool {
	v.booking = &ventanilla.BookRequest{SessionToken: v.token, What: &ventanilla.BookRequest_HoldFolio{HoldFolio: v.folio}}
	v.bookingID = requestID()
	late := v.call(appointments, "Book", v.booking, &raw{}, both(v.bookingID, timeout(-time.Second)))
	v.that("a booking whose deadline has passed is code 4", wants(codes.DeadlineExceeded, late))
	answer, response := &raw{}, &ventanilla.BookResponse{}
	err := v.call(appointments, "Book", v.booking, answer, v.bookingID)
	if err == nil {
		err = proto.Unmarshal(answer.bytes, response)
	}
	v.booked = answer.bytes
	return v.that("the hold becomes an appointment under the same folio",
		first(err, v.stands(response.Appointment, ventanilla.AppointmentStatus_APPOINTMENT_STATUS_BOOKED)))
}

// repeatsBooking says that the same request gets the very bytes of its first answer.
func (v *visit) repeatsBooking() error {
	again := &raw{}
	err := v.call(appointments, "Book", v.booking, again, v.bookingID)
	return first(err, no(!bytes.Equal(again.bytes, v.booked), "the answer's bytes differ"))
}

func (v *visit) repeats() {
	v.that("a repeated booking gets the same bytes, folio included", v.repeatsBooking())
	other := &ventanilla.BookRequest{SessionToken: v.token, What: &ventanilla.BookRequest_Slot{Slot: v.choice()}}
	v.that("the same request id with other content is code 6",
		wants(codes.AlreadyExists, v.call(appointments, "Book", other, &raw{}, v.bookingID)))
}

func (v *visit) gets(state ventanilla.AppointmentStatus) error {
	got := &ventanilla.GetResponse{}
	err := v.call(appointments, "Get", &ventanilla.GetRequest{SessionToken: v.token, Folio: v.folio}, got, nil)
	return first(err, v.stands(got.Appointment, state))
}

func (v *visit) reads() {
	v.that("the folio is found, booked", v.gets(ventanilla.AppointmentStatus_APPOINTMENT_STATUS_BOOKED))
	list := &ventanilla.ListResponse{}
	err := v.call(appointments, "List", &ventanilla.ListRequest{SessionToken: v.token}, list, nil)
	times := 0
	for _, each := range list.Appointments {
		if each.Folio == v.folio {
			times++
		}
	}
	v.that("the person's list has it once", first(err, expect("times in the list", times, 1)))
}

func (v *visit) refusesATakenSlot() {
	err := v.call(appointments, "Hold", &ventanilla.HoldRequest{SessionToken: v.token, Slot: v.choice()}, &raw{}, requestID())
	refusal, missing := &ventanilla.Refusal{}, errors.New("the status has no ventanilla.v1.Refusal")
	for _, detail := range status.Convert(err).Proto().GetDetails() {
		if detail.TypeUrl == "type.googleapis.com/ventanilla.v1.Refusal" {
			missing = proto.Unmarshal(detail.Value, refusal)
		}
	}
	v.that("holding the slot again is code 9, with a reason and what can be done instead", first(
		wants(codes.FailedPrecondition, err), missing,
		no(refusal.Reason == ventanilla.RefusalReason_REFUSAL_REASON_UNSPECIFIED, "no reason is given"),
		no(refusal.Text == "", "no sentence is given"),
		no(len(refusal.Alternatives)+len(refusal.Steps) == 0, "nothing is offered instead")))
	fmt.Printf("       (%v: %s; %d alternatives, %d steps)\n", refusal.Reason, refusal.Text, len(refusal.Alternatives), len(refusal.Steps))
}

func (v *visit) cancels() {
	request := &ventanilla.CancelRequest{
		SessionToken: v.token, Folio: v.folio, Reason: ventanilla.CancellationReason_CANCELLATION_REASON_NOT_NEEDED,
	}
	id, answer, response := requestID(), &raw{}, &ventanilla.CancelResponse{}
	err := v.call(appointments, "Cancel", request, answer, id)
	if err == nil {
		err = proto.Unmarshal(answer.bytes, response)
	}
	v.that("the appointment is cancelled", first(err, v.stands(response.Appointment, ventanilla.AppointmentStatus_APPOINTMENT_STATUS_CANCELLED)))
	again := &raw{}
	err = v.call(appointments, "Cancel", request, again, id)
	v.that("a repeated cancellation gets the same bytes", first(err, no(!bytes.Equal(again.bytes, answer.bytes), "they differ")))
	v.that("the folio is found, cancelled", v.gets(ventanilla.AppointmentStatus_APPOINTMENT_STATUS_CANCELLED))
	v.that("the booking, repeated after the cancellation, still gets its first answer", v.repeatsBooking())
	v.that("and has booked nothing anew", v.gets(ventanilla.AppointmentStatus_APPOINTMENT_STATUS_CANCELLED))
}

func (v *visit) leaves() {
	v.that("the session ends", v.call(patients, "EndSession",
		&ventanilla.EndSessionRequest{SessionToken: v.token}, &ventanilla.EndSessionResponse{}, nil))
	v.that("and is worth nothing afterwards: code 16", wants(codes.Unauthenticated, v.call(appointments, "List",
		&ventanilla.ListRequest{SessionToken: v.token}, &ventanilla.ListResponse{}, nil)))
}
