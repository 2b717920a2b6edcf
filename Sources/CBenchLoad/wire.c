#define _GNU_SOURCE
#include "wire.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void put32(uint8_t *at, uint32_t value) {
  at[0] = (uint8_t)(value >> 24), at[1] = (uint8_t)(value >> 16), at[2] = (uint8_t)(value >> 8), at[3] = (uint8_t)value;
}

static uint32_t get32(const uint8_t *at) {
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static uint8_t *put_varint(uint8_t *at, uint64_t value) {
  for (; value >= 0x80; value >>= 7) *at++ = (uint8_t)(value | 0x80);
  *at++ = (uint8_t)value;
  return at;
}

static uint8_t *put_bytes(uint8_t *at, unsigned field, const void *bytes, size_t length) {
  at = put_varint(at, field << 3 | 2);
  at = put_varint(at, length);
  memcpy(at, bytes, length);
  return at + length;
}

/// Reads a varint and moves on; false at the end of the bytes or after ten of them.
static bool get_varint(const uint8_t **at, const uint8_t *end, uint64_t *value) {
  *value = 0;
  for (unsigned shift = 0; shift < 70 && *at < end; shift += 7) {
    uint8_t byte = *(*at)++;
    *value |= (uint64_t)(byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

/// One field of a message: its number, and either its number value or its bytes.
struct field {
  uint64_t number;
  uint64_t value;
  const uint8_t *bytes;
  size_t length;
};

static bool get_field(const uint8_t **at, const uint8_t *end, struct field *field) {
  uint64_t tag;
  *field = (struct field){0};
  if (!get_varint(at, end, &tag)) return false;
  field->number = tag >> 3;
  switch (tag & 7) {
    case 0: return get_varint(at, end, &field->value);
    case 1: field->length = 8; break;
    case 5: field->length = 4; break;
    case 2: {
      uint64_t length;
      if (!get_varint(at, end, &length)) return false;
      field->length = length;
      break;
    }
    default: return false;
  }
  if (field->length > (size_t)(end - *at)) return false;
  field->bytes = *at;
  *at += field->length;
  return true;
}

// MARK: requests

enum { echo_length = 120, echo_id_at = 1, echo_body_length = 84 };

/// An id whose varint has five bytes whatever the stream, since what is sent back must be the shortest form.
static uint64_t echo_id(uint32_t stream) { return (1ull << 28) + stream; }

static void put_echo(uint8_t message[echo_length]) {
  static const char name[] = "ventanilla bench";
  uint8_t body[echo_body_length];
  for (unsigned index = 0; index < sizeof body; index++) body[index] = (uint8_t)(index * 37 + 11);
  uint8_t *at = message;
  *at++ = 1 << 3;
  at = put_varint(at, echo_id(1));
  at = put_bytes(at, 2, name, sizeof name - 1);
  *at++ = 3 << 3;
  at = put_varint(at, 1767225600000000000ull);
  put_bytes(at, 4, body, sizeof body);
}

bool wire_template_make(struct wire_template *template, const struct bench_load_config *config) {
  uint8_t echo[echo_length];
  put_echo(echo);
  const void *payload = config->payload ? config->payload : echo;
  size_t service = strlen(config->service), method = strlen(config->method);
  *template = (struct wire_template){
      .payload_length = config->payload ? config->payload_length : echo_length,
      .id_at = config->payload ? 0 : echo_id_at,
  };
  size_t most = wire_header_length + service + method + template->payload_length + 3 * 11;
  if (most > wire_max_data || !(template->bytes = calloc(1, most))) return false;
  uint8_t *at = template->bytes + wire_header_length;
  at = put_bytes(at, 1, config->service, service);
  at = put_bytes(at, 2, config->method, method);
  at = put_bytes(at, 3, payload, template->payload_length);
  template->length = (size_t)(at - template->bytes);
  template->payload_at = template->length - template->payload_length;
  put32(template->bytes, (uint32_t)(template->length - wire_header_length));
  template->bytes[8] = 1;
  return true;
}

void wire_request_write(const struct wire_template *template, uint32_t stream, uint8_t *frame) {
  memcpy(frame, template->bytes, template->length);
  put32(frame + 4, stream);
  if (template->id_at) put_varint(frame + template->payload_at + template->id_at, echo_id(stream));
}

// MARK: replies

bool wire_reply_repeats(const struct wire_template *template, const struct wire_reply *reply) {
  if (reply->payload_length != template->payload_length) return false;
  const uint8_t *sent = template->bytes + template->payload_at, *got = reply->payload;
  if (!template->id_at) return template->payload_length == 0 || memcmp(sent, got, template->payload_length) == 0;
  uint8_t id[10];
  size_t width = (size_t)(put_varint(id, echo_id(reply->stream)) - id), after = template->id_at + width;
  return memcmp(sent, got, template->id_at) == 0 && memcmp(id, got + template->id_at, width) == 0
      && memcmp(sent + after, got + after, template->payload_length - after) == 0;
}

size_t wire_frame_length(const uint8_t *header) {
  uint32_t length = get32(header);
  return length > wire_max_data ? 0 : wire_header_length + (size_t)length;
}

static bool status_read(struct wire_reply *reply, const uint8_t *at, size_t length) {
  for (const uint8_t *end = at + length; at < end;) {
    struct field field;
    if (!get_field(&at, end, &field)) return false;
    if (field.number == 1) reply->code = (uint32_t)field.value;
    if (field.number == 2) reply->text = field.bytes, reply->text_length = field.length;
  }
  return true;
}

bool wire_reply_read(const uint8_t *frame, size_t length, struct wire_reply *reply) {
  *reply = (struct wire_reply){.stream = get32(frame + 4)};
  if (frame[8] != wire_response) return false;
  for (const uint8_t *at = frame + wire_header_length, *end = frame + length; at < end;) {
    struct field field;
    if (!get_field(&at, end, &field)) return false;
    if (field.number == 1 && !status_read(reply, field.bytes, field.length)) return false;
    if (field.number == 2) reply->payload = field.bytes, reply->payload_length = field.length;
  }
  return true;
}

// MARK: connecting

static int connect_unix(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) return errno = ENAMETOOLONG, -1;
  memcpy(address.sun_path, path, strlen(path) + 1);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
  int reason = errno;
  if (fd >= 0) close(fd);
  return errno = reason, -1;
}

static int connect_tcp(const char *address) {
  const char *colon = strrchr(address, ':');
  char host[256];
  if (!colon || (size_t)(colon - address) >= sizeof host) return errno = EINVAL, -1;
  bool bracketed = address[0] == '[' && colon > address + 1 && colon[-1] == ']';
  snprintf(host, sizeof host, "%.*s", (int)(colon - address) - (bracketed ? 2 : 0), address + (bracketed ? 1 : 0));
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
  if (getaddrinfo(host, colon + 1, &hints, &found) != 0) return errno = EADDRNOTAVAIL, -1;
  int fd = -1, reason = EADDRNOTAVAIL, yes = 1;
  for (struct addrinfo *each = found; each && fd < 0; each = each->ai_next) {
    fd = socket(each->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, each->ai_addr, each->ai_addrlen) == 0) break;
    reason = errno;
    if (fd >= 0) close(fd);
    fd = -1;
  }
  freeaddrinfo(found);
  if (fd >= 0) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  return errno = reason, fd;
}

int wire_connect(const char *address, char *message, size_t size) {
  int fd = -1;
  errno = EINVAL;
  if (strncmp(address, "unix:", 5) == 0) fd = connect_unix(address + 5);
  if (strncmp(address, "tcp:", 4) == 0) fd = connect_tcp(address + 4);
  if (fd < 0) snprintf(message, size, "cannot connect to %s: %s", address, strerror(errno));
  return fd;
}
