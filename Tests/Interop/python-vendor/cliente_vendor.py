#!/usr/bin/env python3
"""A vendor's client of Ventanilla: health, one visit, a watch, errors, and a connection that breaks.

    cliente_vendor.py [--servidor tcp://127.0.0.1:24820 | --servidor unix:PATH]… salud | visita | seguir | errores | caida

Several --servidor are tried in turn when one goes away. What is printed is Spanish; the wire is in alambre.py beside this file.
"""
import argparse
import queue
import secrets
import sys
import time

from alambre import Cliente, Conexion, Estado, NOMBRES, PETICION, codificar, decodificar, nuevo_id, pausas

ESTADOS = {2: "apartada", 3: "confirmada", 4: "en la clínica", 5: "registró su llegada", 6: "atendida", 7: "cancelada", 8: "no vino"}
HOLD_EXPIRED, SLOT_TAKEN, LIMIT_REACHED = 2, 14, 12


def mostrar_estado(estado, sangria="   "):
    """Print a failed call: its code, its message, and every detail that can be read."""
    print(f"{sangria}→ {estado.codigo} {NOMBRES.get(estado.codigo, '?')}: {estado.mensaje}")
    for nombre, detalle in estado.detalles.items():
        if nombre == "RetryInfo":
            print(f"{sangria}  RetryInfo: esperar {estado.espera:.3f} s")
            continue
        print(f"{sangria}  {nombre}: motivo {detalle.get('reason', detalle.get('limit'))}: {detalle['text']}")
        for lugar in detalle.get("alternatives", []):
            print(f"{sangria}    alternativa: {lugar['display']} ({lugar['service']})")
        for paso in detalle.get("steps", []):
            print(f"{sangria}    {paso['code']}: {paso['text']}")
    for tipo in estado.otros:
        print(f"{sangria}  detalle que este cliente no conoce: {tipo}")


def mostrar_cita(cita, sangria="   "):
    """Print an appointment."""
    print(f"{sangria}{cita['folio_display']}  {ESTADOS.get(cita['status'], cita['status'])}  {cita['slot']['display']}")
    if cita["text"]:
        print(f"{sangria}  {cita['text']}")


def eleccion(lugar):
    """The SlotChoice that names a Slot."""
    return {campo: lugar[campo] for campo in ("service", "resource", "date", "start_minute")}


class Persona:
    """A person at the screen: their session, opened again when it has ended, and what they do in it."""

    def __init__(self, cliente, nss, nacimiento, ordinal=0):
        self.cliente, self.sesion = cliente, None
        self.quien = {"nss": nss, "birth_date": nacimiento, "ordinal": ordinal, "visit": secrets.token_hex(8)}
        cliente.reidentificar = self.identificar

    def identificar(self):
        """Patients/Identify; asks which one where several people share what was given. Returns the token."""
        while True:
            self.sesion = decodificar("IdentifyResponse", self.cliente.llamar("Patients", "Identify", "IdentifyRequest", self.quien))
            if not self.sesion["choices"]:
                return self.sesion["session_token"]
            for opcion in self.sesion["choices"]:
                print(f"   {opcion['ordinal']}: {opcion['label']}")
            self.quien["ordinal"] = int(input("   ¿Quién es? ")) if sys.stdin.isatty() else self.sesion["choices"][0]["ordinal"]

    def llamar(self, servicio, metodo, tipo, valores, escritura=None):
        """A call in the session; a session that ended is opened again, and a write goes on with its request-id."""
        valores = dict(valores, session_token=self.sesion["session_token"])
        return self.cliente.llamar(servicio, metodo, tipo, valores, escritura)

    def buscar(self):
        """Free slots of the first service that has any, for this person."""
        servicios = decodificar("ListServicesResponse", self.cliente.llamar("Appointments", "ListServices", "Empty", {}))["services"]
        for servicio in servicios:
            hallado = decodificar("FindResponse", self.llamar(
                "Appointments", "Find", "FindRequest", {"service": servicio["code"], "limit": 20}))
            if hallado["slots"]:
                return servicio, hallado["slots"]
            for paso in hallado["steps"]:
                print(f"   {servicio['name']}: {paso['text']}")
        raise SystemExit("Nada libre.")

    def apartar(self, lugares):
        """Hold the first slot that is still free, then those that a refusal offers; a new intention has a new request-id."""
        lugares, probados = list(lugares), 0
        while lugares and probados < 10:
            lugar, probados = lugares.pop(0), probados + 1
            try:
                return lugar, self.apartar_uno(lugar, nuevo_id())
            except Estado as estado:
                mostrar_estado(estado)
                negativa = estado.detalles.get("Refusal")
                if not negativa or negativa["reason"] != SLOT_TAKEN:
                    raise
                lugares = negativa["alternatives"] or lugares
        raise SystemExit("No se pudo apartar.")

    def apartar_uno(self, lugar, escritura):
        """Hold, one slot."""
        return decodificar("Cita", self.llamar("Appointments", "Hold", "HoldRequest", {"slot": eleccion(lugar)}, escritura))["appointment"]

    def agendar(self, escritura, **que):
        """Book `hold_folio` or `slot`; the bytes of the answer."""
        return self.llamar("Appointments", "Book", "BookRequest", que, escritura)

    def citas(self, pasadas=False):
        """The person's appointments."""
        return decodificar("ListResponse", self.llamar("Appointments", "List", "ListRequest", {"include_past": pasadas}))["appointments"]

    def cancelar(self, folio, razon=1):
        """Cancel, for the reason that the person cannot come."""
        return decodificar("Cita", self.llamar(
            "Appointments", "Cancel", "CancelRequest", {"folio": folio, "reason": razon}, nuevo_id()))["appointment"]

    def despedir(self):
        """End the session; nobody is identified anew for that."""
        self.cliente.reidentificar = None
        self.llamar("Patients", "EndSession", "EndSessionRequest", {})


def presentar(cliente):
    """Connect, say Hello and print what was granted."""
    conexion = cliente.conexion()
    hola = cliente.hola
    print(f"1. Conectado a {conexion.direccion}: {hola['server_name']} {hola['server_version']}, zona {hola['time_zone']}; "
          f"reloj {time.strftime('%H:%M:%S', time.localtime(hola['clock_unix_ms'] / 1000))}")
    print(f"   Extensiones: {', '.join(hola['extensions'])}; límite de {hola['limits']['message_bytes']} bytes y "
          f"{hola['limits']['concurrent_calls']} llamadas; apartados: "
          + ", ".join(f"{h['channel']} {h['seconds']} s" for h in hola["limits"]["holds"]))
    return conexion


# ---------------------------------------------------------------- subcommands

def salud(cliente, _):
    """Health/Check, and a method that does not exist; plain ttrpc, without Hello."""
    conexion = Conexion(cliente.direcciones[0])
    respuesta = conexion.esperar(conexion.abrir("Health", "Check", b"", 2.0), 2.0)
    situacion = decodificar("HealthCheckResponse", respuesta)["status"]
    print("El servidor atiende." if situacion == 1 else f"El servidor no atiende (estado {situacion}).")
    try:
        conexion.esperar(conexion.abrir("Health", "Chek", b"", 2.0), 2.0)
        print("Chek: contestó, y no debía.")
    except Estado as estado:
        print("Un método que no existe:")
        mostrar_estado(estado)
    conexion.cerrar()
    return situacion == 1


def visita(cliente, args):
    """A whole visit: identify, find, hold, book, book again, list, cancel, good-bye."""
    presentar(cliente)
    persona = Persona(cliente, args.nss, args.nacimiento, args.ordinal)
    persona.identificar()
    print(f"2. Buenos días, {persona.sesion['person']['name']} (consultorio {persona.sesion['person']['consultorio'] or 'sin asignar'}); "
          f"la sesión termina a los {persona.sesion['idle_seconds']} s sin uso")
    servicio, lugares = persona.buscar()
    print(f"3. {servicio['name']}: {len(lugares)} lugares; el primero, {lugares[0]['display']}"
          + (" (su médico)" if lugares[0]["own_doctor"] else ""))
    lugar, apartada = persona.apartar(lugares)
    print(f"4. Apartado {apartada['folio_display']} por {apartada['hold_expires_at_unix_ms'] / 1000 - time.time():.0f} s: {lugar['display']}")
    escritura = nuevo_id()
    primera = persona.agendar(escritura, hold_folio=apartada["folio"])
    print("5. Cita hecha:")
    cita = decodificar("Cita", primera)["appointment"]
    mostrar_cita(cita)
    segunda = persona.agendar(escritura, hold_folio=apartada["folio"])
    print(f"6. Repetida con el mismo request-id: {len(primera)} y {len(segunda)} bytes, {'iguales' if primera == segunda else 'DISTINTOS'}")
    print("7. Citas de la persona:")
    for una in persona.citas():
        mostrar_cita(una)
    print("8. Cancelada:")
    mostrar_cita(persona.cancelar(cita["folio"]))
    persona.despedir()
    print("9. Sesión terminada; lo que se pida con ella:")
    try:
        persona.citas()
    except Estado as estado:
        mostrar_estado(estado)
    cliente.conexion().cerrar()
    return primera == segunda


def seguir(cliente, args):
    """WatchAvailability for some seconds; connects again after a break with the last epoch and number."""
    conexion = presentar(cliente)
    fin, pausa, epoca, numero = time.monotonic() + args.segundos, pausas(), 0, 0
    while True:
        try:
            conexion = cliente.conexion()
            pedido = codificar("WatchAvailabilityRequest", {"epoch": epoca, "number": numero})
            llamada = conexion.abrir("Appointments", "WatchAvailability", pedido, de_mensajes=True)
            cancelada = False
            while True:
                falta = fin - time.monotonic()
                if falta <= 0 and not cancelada:
                    cancelada, fin_de_espera = True, time.monotonic() + 3
                    conexion.cancelar(llamada)
                try:
                    suceso, *resto = llamada.cola.get(timeout=max(falta, 0.01) if not cancelada else max(fin_de_espera - time.monotonic(), 0.01))
                except queue.Empty:
                    if cancelada and time.monotonic() >= fin_de_espera:
                        raise SystemExit("Cancelé, y el último mensaje no llegó.") from None
                    continue
                if suceso == "fin":
                    raise resto[0] or Estado(0, "el servidor terminó la secuencia")
                estado = decodificar("WatchAvailabilityResponse", resto[0])
                pausa = pausas()
                if estado["epoch"] != epoca:
                    nota = "primer estado" if not epoca else "otra ejecución del servidor: los números empiezan de nuevo"
                else:
                    salto = estado["number"] - numero - 1
                    nota = f"salto: hubo {salto} estados entre medio" if salto > 0 else "el que sigue" if salto == 0 else "NÚMERO QUE NO CRECE"
                epoca, numero = estado["epoch"], estado["number"]
                libres = ", ".join(f"{s['name']} {s['free_in_all']}" for s in estado["services"][:3])
                print(f"   época {epoca} número {numero} ({nota}); {len(resto[0])} bytes; {libres}…", flush=True)
                conexion.consumido(llamada, resto[0])
        except Estado as estado:
            if estado.codigo == 1 and cancelada:
                print(f"   Terminó como se pidió: {estado}; pings contestados {conexion.pings_contestados}, pongs oídos {conexion.pongs}")
                conexion.cerrar()
                return True
            if estado.codigo not in (0, 1, 4, 14) and estado.espera is None:
                raise
            dormir = estado.espera or next(pausa)
            if time.monotonic() + dormir > fin:
                raise
            print(f"   ({estado}; vuelvo a conectarme en {dormir * 1000:.0f} ms)", flush=True)
            time.sleep(dormir)


def errores(cliente, args):
    """Provoke refusals and print what they say."""
    conexion = presentar(cliente)

    def probar(titulo, servicio, metodo, carga=b"", plazo=5.0, **mas):
        print(titulo)
        try:
            conexion.esperar(conexion.abrir(servicio, metodo, carga, plazo, **mas), plazo)
            print("   → 0 OK (no se esperaba)")
        except Estado as estado:
            mostrar_estado(estado)

    probar("2. Un campo mal escrito", "Appointments", "Find", codificar("FindRequest", {"service": "medicina_familiar", "date": "mañana"}))
    probar("3. Un campo de texto con NUL", "Appointments", "Find", codificar("FindRequest", {"service": "a\0b"}))
    probar("4. Una carga que no es un mensaje", "Appointments", "Find", b"\xff\xff\xff")
    probar("5. Un servicio de citas que no hay", "Appointments", "Find", codificar("FindRequest", {"service": "astrologia"}))
    probar("6. Más bytes de los que se admiten", "Appointments", "Find", codificar("FindRequest", {"service": "x" * 70000}))
    probar("7. Sin sesión", "Appointments", "List", codificar("ListRequest", {"session_token": "0" * 32}))
    probar("8. Sin permiso (papel del personal)", "Agenda", "ListDay", codificar("AgendaDayRequest", {"resource": "C1"}))
    probar("9. Plazo vencido", "Health", "Check", plazo=-1.0)
    probar("10. Corriente par", "Health", "Check", corriente=1000)
    print("11. La conexión sigue:", "sí" if conexion.sirve() and conexion.esperar(conexion.abrir("Health", "Check", b"", 2.0), 2.0) else "NO")
    if args.nss:
        persona = Persona(cliente, args.nss, args.nacimiento, args.ordinal)
        persona.identificar()
        _, lugares = persona.buscar()
        lugar, cita = persona.apartar(lugares)
        print("12. Sin request-id, a una hora que no existe, en una fecha pasada")
        for otro, escritura in ((lugar, None), (dict(lugar, start_minute=lugar["start_minute"] + 1), nuevo_id()),
                                (dict(lugar, date="2020-01-06"), nuevo_id())):
            try:
                persona.apartar_uno(otro, escritura)
                print("   → 0 OK (no se esperaba)")
            except Estado as estado:
                mostrar_estado(estado)
        print("13. Un request-id usado para otra cosa")
        escritura = nuevo_id()
        try:
            persona.cancelar(cita["folio"])
            cita = persona.apartar_uno(lugares[1], escritura)
            persona.apartar_uno(lugares[2], escritura)
        except Estado as estado:
            mostrar_estado(estado)
        persona.cancelar(cita["folio"])
        persona.despedir()
    print("14. Demasiadas llamadas a la vez")
    llamadas, vistas = [conexion.abrir("Appointments", "ListServices", b"", 5.0) for _ in range(300)], {}
    for llamada in llamadas:
        try:
            conexion.esperar(llamada, 5.0)
            vistas[0] = vistas.get(0, 0) + 1
        except Estado as estado:
            vistas[estado.codigo] = vistas.get(estado.codigo, 0) + 1
            if vistas[estado.codigo] == 1:
                mostrar_estado(estado)
    print("   " + ", ".join(f"{n} con {c} {NOMBRES[c]}" for c, n in sorted(vistas.items())))
    cliente.llamar("Appointments", "ListServices", "Empty", {})
    print("   Esperando lo que dice RetryInfo, contestó.")
    conexion.cerrar()
    return conexion.muerta == "cerrada"


def romper(cliente, metodo, tipo, valores, escritura, cuanto, espera=0.0):
    """Send the first `cuanto` (0 to 1) of a write's frame on the present connection, and break it before any answer is read."""
    sobre = codificar("Request", {"service": "ventanilla.v1.Appointments", "method": metodo, "payload": codificar(tipo, valores),
                                  "timeout_nano": 5_000_000_000, "metadata": [{"key": "request-id", "value": escritura}]})
    conexion = cliente.conexion()
    trama = conexion.trama(PETICION, conexion.siguiente, 0, sobre)
    conexion.socket.sendall(trama[:round(len(trama) * cuanto)])
    time.sleep(espera)
    conexion.cerrar("rota a propósito")
    print(f"   enviados {round(len(trama) * cuanto)} de {len(trama)} bytes, y la conexión se rompió")


def caida(cliente, args):
    """Break the connection in the middle of a Book and of a Hold, and go on with the same request-id on a new one."""
    presentar(cliente)
    persona = Persona(cliente, args.nss, args.nacimiento, args.ordinal)
    persona.identificar()
    _, lugares = persona.buscar()
    bien = True
    for numero, (titulo, cuanto, espera) in enumerate([("a media trama", 0.5, 0.0), ("sin esperar la respuesta", 1.0, 0.0),
                                                       ("con la respuesta en camino", 1.0, 0.05)]):
        print(f"{numero + 2}. Book que se rompe {titulo}")
        escritura, pedido = nuevo_id(), {"slot": eleccion(lugares[numero])}
        romper(cliente, "Book", "BookRequest", dict(pedido, session_token=persona.sesion["session_token"]), escritura, cuanto, espera)
        antes = [c for c in persona.citas() if c["status"] == 3 and eleccion(c["slot"]) == pedido["slot"]]
        primera = persona.agendar(escritura, **pedido)
        segunda = persona.agendar(escritura, **pedido)
        cita = decodificar("Cita", primera)["appointment"]
        iguales = [c for c in persona.citas() if c["status"] == 3 and eleccion(c["slot"]) == pedido["slot"]]
        bien &= primera == segunda and len(iguales) == 1
        print(f"   antes de repetir {'ya estaba hecha' if antes else 'no estaba hecha'}; repetida: {cita['folio_display']}; "
              f"citas en ese lugar: {len(iguales)}; otra vez: bytes {'iguales' if primera == segunda else 'DISTINTOS'}")
        persona.cancelar(cita["folio"])

    print("5. Hold que se rompe después de contestado (lo apartado termina con la conexión)")
    lugar, escritura = lugares[3], nuevo_id()
    apartada = persona.apartar_uno(lugar, escritura)
    cliente.conexion().cerrar("rota a propósito")
    repetida = persona.apartar_uno(lugar, escritura)
    print(f"   repetido en otra conexión: {repetida['folio_display']} ({'el mismo' if repetida['folio'] == apartada['folio'] else 'otro'})")
    libro = nuevo_id()
    try:
        cita = decodificar("Cita", persona.agendar(libro, hold_folio=repetida["folio"]))["appointment"]
        print("   el apartado seguía en pie")
    except Estado as estado:
        mostrar_estado(estado)
        if (estado.detalles.get("Refusal") or {}).get("reason") != HOLD_EXPIRED:
            raise
        nueva = persona.apartar_uno(lugar, nuevo_id())
        print(f"   apartado de nuevo con otro request-id: {nueva['folio_display']}")
        cita = decodificar("Cita", persona.agendar(libro, hold_folio=nueva["folio"]))["appointment"]
    mostrar_cita(cita)
    mostrar_cita(persona.cancelar(cita["folio"]))
    persona.despedir()
    cliente.conexion().cerrar()
    return bien


def principal():
    """Read the command line and run one subcommand."""
    opciones = argparse.ArgumentParser(description="Cliente de Ventanilla, de un proveedor.")
    opciones.add_argument("--servidor", action="append", help="tcp://máquina:puerto o unix:RUTA; puede repetirse")
    ordenes = opciones.add_subparsers(dest="orden", required=True)
    for orden in (salud, visita, seguir, errores, caida):
        una = ordenes.add_parser(orden.__name__)
        una.add_argument("--servidor", action="append", default=argparse.SUPPRESS)
        una.set_defaults(hacer=orden)
        if orden is seguir:
            una.add_argument("--segundos", type=float, default=10.0)
        if orden in (visita, errores, caida):
            una.add_argument("--nss", required=orden is not errores)
            una.add_argument("--nacimiento", required=orden is not errores)
            una.add_argument("--ordinal", type=int, default=0)
    args = opciones.parse_args()
    try:
        bien = args.hacer(Cliente(args.servidor or ["tcp://127.0.0.1:24820"]), args)
    except Estado as estado:
        mostrar_estado(estado, "")
        bien = False
    except OSError as error:
        print("No se pudo conectar:", error)
        bien = False
    raise SystemExit(0 if bien else 1)


if __name__ == "__main__":
    principal()
