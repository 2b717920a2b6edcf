// ttrpc: a header of ten bytes, and a protobuf envelope around the message.
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "wire.h"

enum { header_length = 10, type_request = 1, type_response = 2 };

static bool template_make(struct wire_template *template, const struct bench_load_config *config) {
  if (!wire_message_choose(template, config)) return false;
  size_t service = strlen(config->service), method = strlen(config->method);
  size_t most = header_length + service + method + template->payload_length + 3 * 11;
  if (most > wire_max_data || !(template->bytes = calloc(1, most))) return false;
  uint8_t *at = template->bytes + header_length;
  at = put_bytes(at, 1, config->service, service);
  at = put_bytes(at, 2, config->method, method);
  *at++ = 3 << 3 | 2;
  at = put_varint(at, template->payload_length);
  wire_message_put(template, config, at);
  template->payload_at = (size_t)(at - template->bytes);
  template->length = template->most = template->payload_at + template->payload_length;
  put32(template->bytes, (uint32_t)(template->length - header_length));
  template->bytes[8] = type_request;
  return true;
}

static bool greet(struct wire_link *link, struct wire_out *out) {
  (void)link, (void)out;
  return true;
}

static size_t call_write(const struct wire_template *template, struct wire_link *link, uint32_t stream, uint8_t *at) {
  (void)link;
  memcpy(at, template->bytes, template->length);
  put32(at + 4, stream);
  wire_message_stamp(template, stream, at + template->payload_at);
  return template->length;
}

static size_t frame_length(const uint8_t *header) {
  uint32_t length = get32(header);
  return length > wire_max_data ? 0 : header_length + (size_t)length;
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

static bool status_read(struct wire_reply *reply, const uint8_t *at, size_t length) {
  for (const uint8_t *end = at + length; at < end;) {
    struct field field;
    if (!get_field(&at, end, &field)) return false;
    if (field.number == 1) reply->code = (uint32_t)field.value;
    if (field.number == 2) reply->text = field.bytes, reply->text_length = field.length;
  }
  return true;
}

static bool frame_read(
    const uint8_t *frame, size_t length, struct wire_link *link, struct wire_out *out, struct wire_reply *reply) {
  (void)link, (void)out;
  *reply = (struct wire_reply){.stream = get32(frame + 4), .has_payload = true, .ends = true};
  if (frame[8] != type_response) return false;
  for (const uint8_t *at = frame + header_length, *end = frame + length; at < end;) {
    struct field field;
    if (!get_field(&at, end, &field)) return false;
    if (field.number == 1 && !status_read(reply, field.bytes, field.length)) return false;
    if (field.number == 2) reply->payload = field.bytes, reply->payload_length = field.length;
  }
  return true;
}

const struct wire_protocol wire_ttrpc = {
    .header_length = header_length, .last_stream = UINT32_MAX, .template_make = template_make, .greet = greet,
    .call_write = call_write, .frame_length = frame_length, .frame_read = frame_read,
};
