#include <string.h>

#include "bytes.h"
#include "wire.h"

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

bool wire_message_choose(struct wire_template *template, const struct bench_load_config *config) {
  *template = (struct wire_template){
      .payload_length = config->payload ? config->payload_length : echo_length,
      .id_at = config->payload ? 0 : echo_id_at,
  };
  return template->payload_length <= wire_max_data;
}

void wire_message_put(const struct wire_template *template, const struct bench_load_config *config, uint8_t *at) {
  if (!config->payload) put_echo(at);
  else memcpy(at, config->payload, template->payload_length);
}

void wire_message_stamp(const struct wire_template *template, uint32_t stream, uint8_t *message) {
  if (template->id_at) put_varint(message + template->id_at, echo_id(stream));
}

bool wire_reply_repeats(const struct wire_template *template, const struct wire_reply *reply) {
  if (reply->payload_length != template->payload_length) return false;
  const uint8_t *sent = template->bytes + template->payload_at, *got = reply->payload;
  if (!template->id_at) return template->payload_length == 0 || memcmp(sent, got, template->payload_length) == 0;
  uint8_t id[10];
  size_t width = (size_t)(put_varint(id, echo_id(reply->stream)) - id), after = template->id_at + width;
  return memcmp(sent, got, template->id_at) == 0 && memcmp(id, got + template->id_at, width) == 0
      && memcmp(sent + after, got + after, template->payload_length - after) == 0;
}

bool wire_out_put(struct wire_out *out, const void *bytes, size_t length) {
  if (length > out->size - out->used) return false;
  memcpy(out->bytes + out->used, bytes, length);
  out->used += length;
  return true;
}

const struct wire_protocol *wire_protocol_of(const struct bench_load_config *config) {
  return config->protocol == bench_grpc ? &wire_grpc : &wire_ttrpc;
}
