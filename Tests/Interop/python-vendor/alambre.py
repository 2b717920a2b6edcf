"""The wire of Ventanilla: protobuf by hand, frames, one connection, and a client that obeys the retry rules.

Written from Protos/README.md (the section numbers below are its) and the .proto files alone; standard library only.
"""
import queue
import random
import secrets
import select
import socket
import struct
import threading
import time

# ---------------------------------------------------------------- protobuf (§3)

# message -> "name:number kind"; kinds: s text, b bytes, i signed number/enum/bool, u unsigned, a capital: message; * repeated
MENSAJES = {
    "Request": "service:1s method:2s payload:3b timeout_nano:4i metadata:5KeyValue*",
    "KeyValue": "key:1s value:2s",
    "Response": "status:1Status payload:2b",
    "Status": "code:1i message:2s details:3Any*",
    "Any": "type_url:1s value:2b",
    "RetryInfo": "retry_delay:1Duration",
    "Duration": "seconds:1i nanos:2i",
    "HelloRequest": "client_name:1s client_version:2s locale:3s extensions:4s*",
    "HelloResponse": "server_name:1s server_version:2s extensions:3s* limits:4Limits clock_unix_ms:5i time_zone:6s",
    "Limits": "message_bytes:1u concurrent_calls:2u holds:3HoldLimit*",
    "HoldLimit": "channel:1s seconds:2u",
    "HealthCheckRequest": "service:1s",
    "HealthCheckResponse": "status:1i",
    "IdentifyRequest": "nss:1s patient_number:2s curp:3s birth_date:4s ordinal:5i consultorio:6s agregado:7s visit:8s",
    "IdentifyResponse": "session_token:1s idle_seconds:2i person:3Person choices:4PersonChoice* warning_seconds:5i",
    "Person": "person:1i name:2s consultorio:3s turno:4s language:5s needs:6s* minor:7i covered_until:8s",
    "PersonChoice": "ordinal:1i label:2s",
    "IdentificationRefusal": "limit:1i text:2s",
    "EndSessionRequest": "session_token:1s",
    "Empty": "",
    "ListServicesResponse": "services:1Service*",
    "Service": "code:1s name:2s slot_minutes:3i homoclave:4s requirements:5s*",
    "FindRequest": "session_token:1s person:2i service:3s turno:4s date:5s earliest_date:6s earliest_minute:7i resource:8s limit:9i",
    "FindResponse": "slots:1Slot* steps:2NextStep* next_release:3NextRelease",
    "NextRelease": "opens_at_unix_ms:1i date:2s resource:3s turno:4s display:5s",
    "Slot": "service:1s resource:2s date:3s start_minute:4i end_minute:5i turno:6s starts_at_unix_ms:7i own_doctor:8i display:9s",
    "SlotChoice": "service:1s resource:2s date:3s start_minute:4i",
    "NextStep": "code:1s text:2s",
    "Refusal": "reason:1i text:2s alternatives:3Slot* steps:4NextStep*",
    "Appointment": "folio:1s status:2i slot:3Slot hold_expires_at_unix_ms:4i folio_display:5s text:6s",
    "Cita": "appointment:1Appointment",  # HoldResponse, BookResponse, CancelResponse, GetResponse
    "HoldRequest": "session_token:1s person:2i slot:3SlotChoice",
    "BookRequest": "session_token:1s person:2i hold_folio:3s slot:4SlotChoice",
    "CancelRequest": "session_token:1s folio:2s reason:3i",
    "ListRequest": "session_token:1s person:2i include_past:3i",
    "ListResponse": "appointments:1Appointment*",
    "WatchAvailabilityRequest": "epoch:1u number:2u",
    "WatchAvailabilityResponse": "epoch:1u number:2u services:3ServiceAvailability*",
    "ServiceAvailability": "service:1s name:2s first_date:3s first_minute:4i free_on_first_date:5i free_in_all:6i display:7s",
    "AgendaDayRequest": "resource:1s date:2s",
}


def _leer_esquema(texto):
    """Turn a line of MENSAJES into a list of (name, number, kind, repeated)."""
    campos = []
    for parte in texto.split():
        nombre, resto = parte.split(":")
        cifras = resto[:len(resto) - len(resto.lstrip("0123456789"))]
        clase = resto[len(cifras):]
        campos.append((nombre, int(cifras), clase.rstrip("*"), clase.endswith("*")))
    return campos


ESQUEMAS = {nombre: _leer_esquema(texto) for nombre, texto in MENSAJES.items()}


def varint(n):
    """Encode an integer; a negative one as its 64-bit two's complement, ten bytes."""
    n &= (1 << 64) - 1
    salida = bytearray()
    while n > 0x7F:
        salida.append(n & 0x7F | 0x80)
        n >>= 7
    salida.append(n)
    return bytes(salida)


def leer_varint(datos, pos):
    """Decode an integer at pos; returns it and the position after it."""
    n = corrimiento = 0
    while True:
        if pos >= len(datos) or corrimiento > 63:
            raise ValueError("número cortado")
        byte = datos[pos]
        pos += 1
        n |= (byte & 0x7F) << corrimiento
        if byte < 0x80:
            return n & (1 << 64) - 1, pos
        corrimiento += 7


def codificar(tipo, valores):
    """Encode a dict as the named message; fields at their default value are left out."""
    desconocidos = set(valores) - {nombre for nombre, *_ in ESQUEMAS[tipo]}
    if desconocidos:
        raise KeyError(f"{tipo} no tiene {desconocidos}")
    salida = bytearray()
    for nombre, numero, clase, repetido in ESQUEMAS[tipo]:
        valor = valores.get(nombre)
        for uno in (valor or []) if repetido else [valor]:
            if clase in ("i", "u"):
                if uno or repetido:
                    salida += varint(numero << 3) + varint(int(uno))
                continue
            if uno is None or (not uno and not repetido and clase in ("s", "b")):
                continue
            cuerpo = uno.encode() if clase == "s" else bytes(uno) if clase == "b" else codificar(clase, uno)
            salida += varint(numero << 3 | 2) + varint(len(cuerpo)) + cuerpo
    return bytes(salida)


def decodificar(tipo, datos):
    """Decode the named message to a dict; every field is there (a message that is absent is None), unknown ones are skipped."""
    campos = {numero: (nombre, clase, repetido) for nombre, numero, clase, repetido in ESQUEMAS[tipo]}
    salida = {nombre: [] if repetido else {"s": "", "b": b"", "i": 0, "u": 0}.get(clase)
              for nombre, _, clase, repetido in ESQUEMAS[tipo]}
    pos = 0
    while pos < len(datos):
        etiqueta, pos = leer_varint(datos, pos)
        forma = etiqueta & 7
        if forma == 0:
            crudo, pos = leer_varint(datos, pos)
        elif forma in (1, 2, 5):
            largo = {1: 8, 5: 4}.get(forma)
            if largo is None:
                largo, pos = leer_varint(datos, pos)
            crudo, pos = datos[pos:pos + largo], pos + largo
            if pos > len(datos):
                raise ValueError("campo cortado")
        else:
            raise ValueError(f"forma {forma} en {tipo}")
        if etiqueta >> 3 not in campos:
            continue
        nombre, clase, repetido = campos[etiqueta >> 3]
        if (forma == 0) != (clase in ("i", "u")):
            continue
        if clase == "i":
            crudo = crudo - (1 << 64) if crudo >> 63 else crudo
        elif clase == "s":
            crudo = crudo.decode()
        elif clase not in ("u", "b"):
            crudo = decodificar(clase, crudo)
        if repetido:
            salida[nombre].append(crudo)
        else:
            salida[nombre] = crudo
    return salida


# ---------------------------------------------------------------- outcomes (§9)

NOMBRES = {0: "OK", 1: "CANCELLED", 2: "UNKNOWN", 3: "INVALID_ARGUMENT", 4: "DEADLINE_EXCEEDED", 5: "NOT_FOUND", 6: "ALREADY_EXISTS",
           7: "PERMISSION_DENIED", 8: "RESOURCE_EXHAUSTED", 9: "FAILED_PRECONDITION", 10: "ABORTED", 11: "OUT_OF_RANGE",
           12: "UNIMPLEMENTED", 13: "INTERNAL", 14: "UNAVAILABLE", 15: "DATA_LOSS", 16: "UNAUTHENTICATED"}
DETALLES = {"type.googleapis.com/ventanilla.v1.Refusal": "Refusal", "type.googleapis.com/google.rpc.RetryInfo": "RetryInfo",
            "type.googleapis.com/ventanilla.v1.IdentificationRefusal": "IdentificationRefusal"}


class Estado(Exception):
    """A call that failed: code, message and details by the short name of their type; `no_empezada`: surely never begun."""

    def __init__(self, codigo, mensaje, detalles=(), no_empezada=False):
        super().__init__(f"estado {codigo} {NOMBRES.get(codigo, '?')}: {mensaje}")
        self.codigo, self.mensaje, self.no_empezada = codigo, mensaje, no_empezada
        self.otros = [d["type_url"] for d in detalles if d["type_url"] not in DETALLES]
        self.detalles = {DETALLES[d["type_url"]]: decodificar(DETALLES[d["type_url"]], d["value"])
                         for d in detalles if d["type_url"] in DETALLES}

    @property
    def espera(self):
        """Seconds that RetryInfo asks for, or None."""
        duracion = (self.detalles.get("RetryInfo") or {}).get("retry_delay")
        return duracion and duracion["seconds"] + duracion["nanos"] / 1e9


# ---------------------------------------------------------------- one connection (§1, §2, §4, §6)

PETICION, RESPUESTA, DATOS, PING, PONG, CANCELA, CREDITO, ADIOS = 1, 2, 3, 0x10, 0x11, 0x12, 0x13, 0x14
EXTENSIONES = ["ping", "cancel", "credit", "going-away", "holds"]
MAXIMO, SILENCIO, MARGEN = 4_194_304, 10.0, 0.5


class Llamada:
    """A call in flight: what arrived for it is in `cola` as ("mensaje", bytes) and at last ("fin", Estado or None, bytes)."""

    def __init__(self, corriente):
        self.corriente, self.cola, self.al_terminar = corriente, queue.Queue(), None


class Conexion:
    """One connection. A thread reads frames, hands them to their calls and answers pings; any thread may send."""

    def __init__(self, direccion, espera=5.0):
        """Connect to "tcp://host:port" or "unix:PATH"."""
        if direccion.startswith("unix:"):
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(espera)
            self.socket.connect(direccion[5:].removeprefix("//"))
        else:
            anfitrion, _, puerto = direccion.removeprefix("tcp://").rpartition(":")
            self.socket = socket.create_connection((anfitrion.strip("[]"), int(puerto)), espera)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(None)
        self.direccion, self.extensiones, self.llamadas = direccion, set(), {}
        self.siguiente, self.ultima, self.muerta = 1, None, None  # ultima: what going-away said
        self.pings_contestados = self.pongs = 0
        self.candado_envio, self.candado = threading.Lock(), threading.Lock()
        threading.Thread(target=self._leer, daemon=True).start()

    def sirve(self):
        """Whether new calls may be made here."""
        return self.muerta is None and self.ultima is None and self.siguiente < 1 << 32

    @staticmethod
    def trama(tipo, corriente, banderas, datos=b""):
        """A frame: ten bytes and its data."""
        return struct.pack(">IIBB", len(datos), corriente, tipo, banderas) + datos

    def enviar(self, *partes):
        """Send one frame; a failure kills the connection, and its calls learn it."""
        try:
            with self.candado_envio:
                self.socket.sendall(self.trama(*partes))
        except OSError as error:
            self.cerrar(str(error))

    def abrir(self, servicio, metodo, carga=b"", plazo=0.0, request_id=None, corriente=None, al_terminar=None, de_mensajes=False):
        """Send a request (§3) and return its Llamada; `de_mensajes` for a call whose answer streams, `corriente` to force a number."""
        sobre = codificar("Request", {
            "service": "ventanilla.v1." + servicio, "method": metodo, "payload": carga, "timeout_nano": int(plazo * 1e9),
            "metadata": [{"key": "request-id", "value": request_id}] if request_id else []})
        with self.candado_envio:  # numbers must rise on the wire, so they are given where frames are sent
            with self.candado:
                if not self.sirve():
                    raise Estado(14, self.muerta or "el servidor se va", no_empezada=True)
                if corriente is None:
                    corriente, self.siguiente = self.siguiente, self.siguiente + 2
                llamada = self.llamadas[corriente] = Llamada(corriente)
                llamada.al_terminar = al_terminar
            try:
                self.socket.sendall(self.trama(PETICION, corriente, 1 if de_mensajes else 0, sobre))
                return llamada
            except OSError as error:
                falla = str(error)
        self.cerrar(falla)
        return llamada

    def saludar(self, extensiones=EXTENSIONES, plazo=5.0):
        """Session/Hello. What is granted holds from the very next frame, so the reading thread itself notes it."""
        def anotar(carga):
            self.extensiones.update(decodificar("HelloResponse", carga)["extensions"])
        hola = codificar("HelloRequest", {"client_name": "cliente-vendor", "client_version": "1", "locale": "es-MX",
                                          "extensions": extensiones})
        return decodificar("HelloResponse", self.esperar(self.abrir("Session", "Hello", hola, plazo, al_terminar=anotar), plazo))

    def esperar(self, llamada, plazo):
        """Wait for a unary call's reply, a little longer than the server was told to; then look away (cancel) and say 4."""
        try:
            _, estado, carga = llamada.cola.get(timeout=max(plazo, 0) + MARGEN)
        except queue.Empty:
            self.cancelar(llamada)
            self.olvidar(llamada)
            raise Estado(4, "sin respuesta a tiempo (reloj propio)") from None
        if estado:
            raise estado
        return carga

    def cancelar(self, llamada):
        """Say that nobody waits for this call any more; its last frame still comes."""
        if "cancel" in self.extensiones and llamada.corriente in self.llamadas:
            self.enviar(CANCELA, llamada.corriente, 0)

    def olvidar(self, llamada):
        """Ignore whatever still comes for this call."""
        with self.candado:
            self.llamadas.pop(llamada.corriente, None)

    def consumido(self, llamada, mensaje):
        """Give back the credit of a message that was consumed: its length and 32."""
        if "credit" in self.extensiones and llamada.corriente in self.llamadas:
            self.enviar(CREDITO, llamada.corriente, 0, struct.pack(">I", len(mensaje) + 32))

    def cerrar(self, motivo="cerrada"):
        """Close; each call in flight ends with status 14."""
        with self.candado:
            if self.muerta is None:
                self.muerta = motivo
            huerfanas, self.llamadas = list(self.llamadas.values()), {}
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        for llamada in huerfanas:
            llamada.cola.put(("fin", Estado(14, "conexión perdida: " + self.muerta), b""))

    def _leer(self):
        """The reading thread: collect bytes, take whole frames out of them, watch the silence (§6 ping)."""
        juntado, oido, preguntado = bytearray(), time.monotonic(), False
        try:
            while self.muerta is None:
                if select.select([self.socket], [], [], 0.5)[0]:
                    pedazo = self.socket.recv(65536)
                    if not pedazo:
                        raise OSError("el servidor cerró")
                    juntado += pedazo
                    oido, preguntado = time.monotonic(), False
                    while len(juntado) >= 10:
                        largo, corriente, tipo, banderas = struct.unpack_from(">IIBB", juntado)
                        if largo > MAXIMO:
                            raise OSError(f"trama de {largo} bytes")
                        if len(juntado) < 10 + largo:
                            break
                        datos = bytes(juntado[10:10 + largo])
                        del juntado[:10 + largo]
                        self._recibir(corriente, tipo, banderas, datos)
                elif "ping" in self.extensiones:
                    callado = time.monotonic() - oido
                    if callado >= 2 * SILENCIO and preguntado:
                        raise OSError("veinte segundos sin oír nada")
                    if callado >= SILENCIO and not preguntado:
                        preguntado = True
                        self.enviar(PING, 0, 0, b"vendor")
        except (OSError, ValueError) as error:
            self.cerrar(str(error))
        finally:
            self.socket.close()

    def _recibir(self, corriente, tipo, banderas, datos):
        """One frame from the server."""
        if tipo == PING and "ping" in self.extensiones:
            self.enviar(PONG, corriente, 0, datos)
            self.pings_contestados += 1
        elif tipo == PONG:
            self.pongs += 1
        elif tipo == ADIOS and "going-away" in self.extensiones:
            with self.candado:
                self.ultima, = struct.unpack(">I", datos)
                perdidas = [self.llamadas.pop(c) for c in list(self.llamadas) if c > self.ultima]
            for llamada in perdidas:
                llamada.cola.put(("fin", Estado(14, "el servidor se va", no_empezada=True), b""))
        elif tipo in (RESPUESTA, DATOS):
            ultimo = tipo == RESPUESTA or banderas & 1
            with self.candado:
                llamada = self.llamadas.pop(corriente, None) if ultimo else self.llamadas.get(corriente)
            if llamada is None:
                if tipo == RESPUESTA and corriente == 0:  # the one that a wrong frame gets before the end of the connection
                    raise OSError("el servidor se queja: " + str(decodificar("Response", datos)["status"]))
                return
            if tipo == RESPUESTA:
                respuesta = decodificar("Response", datos)
                estado = respuesta["status"]
                if estado and estado["code"]:
                    llamada.cola.put(("fin", Estado(estado["code"], estado["message"], estado["details"]), b""))
                    return
                if llamada.al_terminar:
                    llamada.al_terminar(respuesta["payload"])
                llamada.cola.put(("fin", None, respuesta["payload"]))
                return
            if not banderas & 4:
                llamada.cola.put(("mensaje", datos))
            if ultimo:
                llamada.cola.put(("fin", None, b""))


# ---------------------------------------------------------------- repeating (§9, §10)

def nuevo_id():
    """A request-id: 12 digits of the clock in milliseconds, 20 of chance; made once for one intention."""
    return f"{int(time.time() * 1000):012x}{secrets.token_hex(10)}"


def pausas():
    """50 ms, doubling up to 2 s; half of each by chance."""
    pausa = 0.05
    while True:
        yield pausa / 2 + random.random() * pausa / 2
        pausa = min(2 * pausa, 2.0)


class Cliente:
    """Calls one of several servers, connects when needed, and repeats what may be repeated."""

    def __init__(self, direcciones, extensiones=EXTENSIONES, avisar=print):
        self.direcciones, self.extensiones, self.avisar = list(direcciones), extensiones, avisar
        self.actual, self.hola, self.reidentificar = None, None, None

    def conexion(self):
        """The connection for new calls: the present one, or a new one, elsewhere first where the present server goes away."""
        if self.actual is None or not self.actual.sirve():
            if self.actual is not None:
                self.direcciones.append(self.direcciones.pop(0))
            self.actual = nueva = None
            try:
                nueva = Conexion(self.direcciones[0])
                self.hola = nueva.saludar(self.extensiones)
            except Estado:
                nueva.cerrar()
                raise
            except OSError as error:
                self.direcciones.append(self.direcciones.pop(0))
                raise Estado(14, f"no se pudo conectar: {error}", no_empezada=True) from None
            self.actual = nueva
        return self.actual

    def crudo(self, servicio, metodo, carga, request_id=None, plazo=5.0):
        """One attempt of a unary call: the bytes of the reply, or Estado."""
        conexion = self.conexion()
        return conexion.esperar(conexion.abrir(servicio, metodo, carga, plazo, request_id), plazo)

    def llamar(self, servicio, metodo, tipo, valores, escritura=None, paciencia=20.0):
        """A unary call with the rules of §9 and §10; `escritura` is the request-id of a write. Returns the reply's bytes."""
        limite, pausa, ocho, identificado = time.monotonic() + paciencia, pausas(), 0, False
        while True:
            try:
                return self.crudo(servicio, metodo, codificar(tipo, valores), escritura)
            except Estado as estado:
                if estado.codigo == 16 and self.reidentificar and "session_token" in valores and not identificado:
                    identificado = True
                    valores["session_token"] = self.reidentificar()
                    continue
                if estado.codigo == 8:
                    ocho += 1
                    if estado.espera is None and ocho > 3:  # a size, not a rate: repeating will not help
                        raise
                    dormir = next(pausa) if estado.espera is None else estado.espera
                elif estado.codigo in (1, 4, 14):
                    dormir = next(pausa)
                else:
                    raise
                if time.monotonic() + dormir > limite:
                    raise
                self.avisar(f"  ({metodo}: {estado}; repito en {dormir * 1000:.0f} ms)")
                time.sleep(dormir)
