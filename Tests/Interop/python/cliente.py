#!/usr/bin/env python3
"""A client of Ventanilla with nothing but Python's standard library, written from Protos/README.md and the .proto files alone.

cliente.py salud   --addr tcp:HOST:PORT | unix:PATH
cliente.py hola    --addr ADDRESS
cliente.py cita    --addr ADDRESS --nss N --nacimiento YYYY-MM-DD --servicio medicina_familiar
cliente.py errores --addr ADDRESS
cliente.py apartar --addr ADDRESS --nss N,N… --nacimiento YYYY-MM-DD --extensiones holds

`apartar` holds a slot for each NSS, on a connection for each, and stays until it is killed.

One line for each check, then "N passed, M failed"; the exit status is 1 when a check failed.
"""
import argparse
import secrets
import socket
import struct
import sys
import time

REQUEST, RESPONSE = 1, 2
SERVICE = "ventanilla.v1."
PENDING, BOOKED, CANCELLED = 2, 3, 7


# Protobuf: a message to send is a list of (number, value), a received one a dictionary of number to values.

def varint(value):
    value &= (1 << 64) - 1  # a negative int is sent as its 64-bit two's complement
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out + bytes([value]))


def encode(*fields):
    """An int becomes a varint; a str or bytes a length and its bytes; a default value is left out."""
    out = b""
    for number, value in fields:
        if not value:
            continue
        if isinstance(value, int):
            out += varint(number << 3) + varint(value)
        else:
            data = value.encode() if isinstance(value, str) else value
            out += varint(number << 3 | 2) + varint(len(data)) + data
    return out


def read_varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 0x80:
            return value, at


def decode(data):
    fields, at = {}, 0
    while at < len(data):
        tag, at = read_varint(data, at)
        kind = tag & 7
        if kind == 0:
            value, at = read_varint(data, at)
        else:
            size, at = {1: (8, at), 5: (4, at)}.get(kind) or read_varint(data, at)
            value, at = data[at:at + size], at + size
        fields.setdefault(tag >> 3, []).append(value)
    return fields


def number(fields, field):
    return fields.get(field, [0])[-1]


def raw(fields, field):
    return fields.get(field, [b""])[-1]


def text(fields, field):
    return raw(fields, field).decode()


# Frames and calls.

class Refused(Exception):
    def __init__(self, status):
        self.code, self.message = number(status, 1), text(status, 2)
        super().__init__(f"status {self.code}: {self.message}")


class Connection:
    def __init__(self, address):
        kind, _, place = address.partition(":")
        if kind == "unix":
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.connect(place)
        else:
            host, _, port = place.rpartition(":")
            self.socket = socket.create_connection((host.strip("[]"), int(port)))
        self.socket.settimeout(10)
        self.next_stream = 1

    def receive(self, count):
        data = b""
        while len(data) < count:
            more = self.socket.recv(count - len(data))
            if not more:
                raise ConnectionError("the server closed the connection")
            data += more
        return data

    def call(self, service, method, payload=b"", request_id=None, timeout_nano=5_000_000_000, stream=None):
        """One unary call, from request to reply. Returns the reply's bytes; raises Refused."""
        if stream is None:
            stream, self.next_stream = self.next_stream, self.next_stream + 2
        metadata = encode((1, "request-id"), (2, request_id)) if request_id else b""
        data = encode((1, SERVICE + service), (2, method), (3, payload), (4, timeout_nano), (5, metadata))
        self.socket.sendall(struct.pack(">IIBB", len(data), stream, REQUEST, 0) + data)
        while True:
            length, answered, kind, _ = struct.unpack(">IIBB", self.receive(10))
            data = self.receive(length)
            if kind == RESPONSE and answered == stream:
                break
        response = decode(data)
        status = decode(raw(response, 1))
        if number(status, 1):
            raise Refused(status)
        return raw(response, 2)


def new_request_id():
    """The milliseconds since 1970 in twelve digits, then twenty of chance: 32 hexadecimal digits."""
    return f"{int(time.time() * 1000):012x}" + secrets.token_hex(10)


# The checks.

class Checklist:
    passed = failed = 0

    def check(self, what, good, detail=""):
        self.passed, self.failed = self.passed + bool(good), self.failed + (not good)
        print(f"ok {what}" if good else f"FAILED {what}: {detail}")

    def refused(self, what, code, call):
        try:
            self.check(what, False, f"succeeded: {call()!r}")
        except Refused as error:
            self.check(what, error.code == code, error)


def salud(connection, checks, _):
    reply = decode(connection.call("Health", "Check"))
    checks.check("the server as a whole is serving", number(reply, 1) == 1, reply)
    reply = decode(connection.call("Health", "Check", encode((1, SERVICE + "Appointments"))))
    checks.check("Appointments is serving", number(reply, 1) == 1, reply)
    checks.refused("a service it does not have is status 5", 5,
                   lambda: connection.call("Health", "Check", encode((1, SERVICE + "Nada"))))


def hola(connection, checks, _):
    reply = decode(connection.call("Session", "Hello", encode((1, "cliente.py"), (2, "1"), (3, "es-MX"))))
    limits = decode(raw(reply, 4))
    checks.check("the server says its name and version", text(reply, 1) and text(reply, 2), reply)
    checks.check("a message may have 4 MiB, a connection 1,024 calls",
                 (number(limits, 1), number(limits, 2)) == (4 << 20, 1024), limits)
    checks.check("holds have a time", limits.get(3) and all(number(decode(h), 2) > 0 for h in limits[3]), limits)
    checks.check("the clock and the zone are there", number(reply, 5) > 0 and "/" in text(reply, 6), reply)


def cita(connection, checks, options):
    reply = decode(connection.call("Patients", "Identify", encode((1, options.nss), (4, options.nacimiento))))
    token = text(reply, 1)
    checks.check("the patient is identified", len(token) == 32, reply)
    services = decode(connection.call("Appointments", "ListServices")).get(1, [])
    checks.check(f"{options.servicio} is offered", options.servicio in [text(decode(s), 1) for s in services], services)
    found = decode(connection.call("Appointments", "Find", encode((1, token), (3, options.servicio)))).get(1, [])
    checks.check("there are free slots", found)
    slot = decode(found[0])
    choice = encode((1, text(slot, 1)), (2, text(slot, 2)), (3, text(slot, 3)), (4, number(slot, 4)))

    reply = connection.call("Appointments", "Hold", encode((1, token), (3, choice)), new_request_id())
    held = decode(raw(decode(reply), 1))
    checks.check("the slot is held until its time is over", number(held, 2) == PENDING and number(held, 4) > 0, held)
    folio = text(held, 1)

    request, request_id = encode((1, token), (3, folio)), new_request_id()
    first = connection.call("Appointments", "Book", request, request_id)
    booked = decode(raw(decode(first), 1))
    checks.check("the hold is booked, under its folio", number(booked, 2) == BOOKED and text(booked, 1) == folio, booked)
    checks.check("there is something to print", text(booked, 5) and text(booked, 6), booked)
    again = connection.call("Appointments", "Book", request, request_id)
    checks.check("the repeat gets the same bytes", again == first, f"{first.hex()} {again.hex()}")

    reply = connection.call("Appointments", "Cancel", encode((1, token), (2, folio), (3, 1)), new_request_id())
    checks.check("the appointment is cancelled", number(decode(raw(decode(reply), 1)), 2) == CANCELLED, reply)
    again = connection.call("Appointments", "Book", request, request_id)
    checks.check("the repeat gets the same bytes after the cancellation too", again == first, f"{first.hex()} {again.hex()}")

    connection.call("Patients", "EndSession", encode((1, token)))
    checks.refused("the session has ended", 16, lambda: connection.call("Patients", "ListFamily", encode((1, token))))


def errores(connection, checks, _):
    checks.refused("an unknown method is status 12", 12, lambda: connection.call("Health", "Chek"))
    checks.refused("a payload that is no message is status 13", 13,
                   lambda: connection.call("Health", "Check", b"\x0a\x05x"))
    checks.refused("a negative timeout is status 4", 4, lambda: connection.call("Health", "Check", timeout_nano=-1))
    checks.refused("a write without request-id is status 3", 3, lambda: connection.call("Appointments", "Book", encode((1, "0" * 32))))
    checks.refused("an even stream is status 3", 3,
                   lambda: connection.call("Health", "Check", stream=connection.next_stream + 1))
    connection.next_stream += 2
    reply = decode(connection.call("Health", "Check"))
    checks.check("the connection takes calls afterwards", number(reply, 1) == 1, reply)


def apartar(_, __, options):
    kept = []
    for nss in options.nss.split(","):
        connection = Connection(options.addr)
        kept.append(connection)
        wanted = [name for name in options.extensiones.split(",") if name]
        hello = decode(connection.call("Session", "Hello", encode((1, "cliente.py"), *[(4, name) for name in wanted])))
        if [name.decode() for name in hello.get(3, [])] != wanted:
            raise ValueError(f"not granted: {hello}")
        token = text(decode(connection.call("Patients", "Identify", encode((1, nss), (4, options.nacimiento)))), 1)
        slot = decode(decode(connection.call("Appointments", "Find", encode((1, token), (3, options.servicio))))[1][0])
        choice = encode((1, text(slot, 1)), (2, text(slot, 2)), (3, text(slot, 3)), (4, number(slot, 4)))
        held = connection.call("Appointments", "Hold", encode((1, token), (3, choice)), new_request_id())
        folio = text(decode(raw(decode(held), 1)), 1)
        print("apartado", folio, text(slot, 2), text(slot, 3), number(slot, 4), flush=True)
    print("todo apartado", flush=True)
    kept[0].socket.settimeout(None)
    kept[0].receive(1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("command", choices=["salud", "hola", "cita", "errores", "apartar"])
    parser.add_argument("--addr", required=True)
    parser.add_argument("--nss")
    parser.add_argument("--nacimiento")
    parser.add_argument("--servicio", default="medicina_familiar")
    parser.add_argument("--extensiones", default="")
    options = parser.parse_args()
    checks = Checklist()
    try:
        globals()[options.command](Connection(options.addr), checks, options)
    except (Refused, OSError, ValueError, LookupError) as error:
        checks.check(options.command, False, repr(error))
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
