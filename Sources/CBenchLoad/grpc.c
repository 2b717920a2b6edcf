// The little of gRPC over HTTP/2 (RFC 9113, RFC 7541) that unary calls need.
//
// As gRPC's own clients do, a connection's first call puts its headers into the server's table, and the further ones name their places there.
// Headers that come back are not read: a call is good when the message that came is the one sent, and its stream has ended.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "wire.h"

enum {
  header_length = 9, prefix_length = 5, longest_frame = 16384,
  type_data = 0, type_headers = 1, type_reset = 3, type_settings = 4, type_ping = 6, type_away = 7, type_window = 8,
  flag_end_stream = 1, flag_ack = 1, flag_end_headers = 4, flag_padded = 8,
  first_window = 65535, window_raise = 1 << 30,
};

static uint8_t *put_header(uint8_t *at, size_t length, uint8_t type, uint8_t flags, uint32_t stream) {
  put32(at, (uint32_t)length << 8);
  at[3] = type, at[4] = flags;
  put32(at + 5, stream);
  return at + header_length;
}

// MARK: calls

static uint8_t *put_text(uint8_t *at, const char *text) {
  size_t length = strlen(text);
  *at++ = (uint8_t)length;
  return (uint8_t *)memcpy(at, text, length) + length;
}

/// A header that the server is to remember, by its name's place in the table that everybody has; 0 = the name follows.
static uint8_t *put_remembered(uint8_t *at, uint8_t name_at, const char *name, const char *value) {
  *at++ = 0x40 | name_at;
  return put_text(name_at ? at : put_text(at, name), value);
}

enum { indexed_length = 6, first_headers_most = 256, method_post = 0x83, scheme_http = 0x86, first_dynamic = 0x80 | 62 };

/// The headers of a connection's first call, and of the others: the one remembered last has the lowest place.
static uint8_t *put_first_headers(uint8_t *at, const char *path) {
  *at++ = method_post, *at++ = scheme_http;
  at = put_remembered(at, 4, ":path", path);
  at = put_remembered(at, 1, ":authority", "localhost");
  at = put_remembered(at, 31, "content-type", "application/grpc");
  return put_remembered(at, 0, "te", "trailers");
}

static const uint8_t further_headers[indexed_length] = {
    method_post, scheme_http, first_dynamic + 3, first_dynamic + 2, first_dynamic + 1, first_dynamic};

/// `bytes` holds a further call, and after it the headers of a first one.
static bool template_make(struct wire_template *template, const struct bench_load_config *config) {
  if (!wire_message_choose(template, config)) return false;
  char path[128];
  int path_length = snprintf(path, sizeof path, "/%s/%s", config->service, config->method);
  size_t data = prefix_length + template->payload_length;
  template->payload_at = header_length + indexed_length + header_length + prefix_length;
  template->length = template->payload_at + template->payload_length;
  if (path_length >= (int)sizeof path || data > longest_frame) return false;
  if (!(template->bytes = calloc(1, template->length + first_headers_most))) return false;
  uint8_t *at = put_header(template->bytes, indexed_length, type_headers, flag_end_headers, 0);
  at = (uint8_t *)memcpy(at, further_headers, indexed_length) + indexed_length;
  at = put_header(at, data, type_data, flag_end_stream, 0);
  put32(at + 1, (uint32_t)template->payload_length);
  wire_message_put(template, config, at + prefix_length);
  uint8_t *first = template->bytes + template->length, *headers = first + header_length;
  at = put_first_headers(headers, path);
  put_header(first, (size_t)(at - headers), type_headers, flag_end_headers, 0);
  template->most = template->length - indexed_length + (size_t)(at - headers);
  return true;
}

static size_t call_write(const struct wire_template *template, struct wire_link *link, uint32_t stream, uint8_t *at) {
  size_t data = prefix_length + template->payload_length, further = header_length + indexed_length;
  size_t headers = link->has_called ? further : template->most - template->length + further;
  if (link->window < (int64_t)data) return 0;
  link->window -= (int64_t)data;
  memcpy(at, template->bytes + (link->has_called ? 0 : template->length), headers);
  memcpy(at + headers, template->bytes + further, header_length + data);
  put32(at + 5, stream);
  put32(at + headers + 5, stream);
  wire_message_stamp(template, stream, at + headers + header_length + prefix_length);
  link->has_called = true;
  return headers + header_length + data;
}

// MARK: the connection

static bool give_room(uint32_t bytes, struct wire_out *out) {
  uint8_t frame[header_length + 4];
  put32(put_header(frame, 4, type_window, 0, 0), bytes);
  return wire_out_put(out, frame, sizeof frame);
}

/// No pushed streams, and room for all that will come.
static bool greet(struct wire_link *link, struct wire_out *out) {
  static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  static const uint8_t settings[] = {0, 2, 0, 0, 0, 0};
  uint8_t header[header_length];
  put_header(header, sizeof settings, type_settings, 0, 0);
  *link = (struct wire_link){.window = first_window};
  return wire_out_put(out, preface, sizeof preface - 1) && wire_out_put(out, header, sizeof header)
      && wire_out_put(out, settings, sizeof settings) && give_room(window_raise, out);
}

static bool acknowledge(uint8_t type, const uint8_t *body, size_t length, struct wire_out *out) {
  uint8_t header[header_length];
  put_header(header, length, type, flag_ack, 0);
  return wire_out_put(out, header, sizeof header) && wire_out_put(out, body, length);
}

static size_t frame_length(const uint8_t *header) {
  uint32_t length = get32(header) >> 8;
  return length > longest_frame ? 0 : header_length + (size_t)length;
}

/// A short message comes in one frame; what does not is a reply that this generator cannot compare.
static bool message_read(const uint8_t *body, size_t length, struct wire_link *link, struct wire_out *out, struct wire_reply *reply) {
  if (length == 0) return true;
  if (length < prefix_length || body[0] || get32(body + 1) != length - prefix_length) return false;
  reply->has_payload = true;
  reply->payload = body + prefix_length;
  reply->payload_length = length - prefix_length;
  link->taken += (uint32_t)length;
  if (link->taken < window_raise / 2) return true;
  uint32_t taken = link->taken;
  link->taken = 0;
  return give_room(taken, out);
}

static bool frame_read(
    const uint8_t *frame, size_t length, struct wire_link *link, struct wire_out *out, struct wire_reply *reply) {
  const uint8_t *body = frame + header_length;
  uint8_t type = frame[3], flags = frame[4];
  uint32_t stream = get32(frame + 5) & INT32_MAX;
  length -= header_length;
  *reply = (struct wire_reply){0};
  switch (type) {
    case type_data:
    case type_headers:
      reply->stream = stream;
      reply->ends = flags & flag_end_stream;
      if (flags & flag_padded) return false;
      return type == type_headers ? flags & flag_end_headers : message_read(body, length, link, out, reply);
    case type_reset:
      if (length != 4) return false;
      *reply = (struct wire_reply){.stream = stream, .ends = true, .code = get32(body)};
      return true;
    case type_settings: return flags & flag_ack || acknowledge(type_settings, body, 0, out);
    case type_ping: return flags & flag_ack || (length == 8 && acknowledge(type_ping, body, length, out));
    case type_window:
      if (length != 4) return false;
      if (stream == 0) link->window += get32(body);
      return true;
    case type_away: return false;
    default: return true;
  }
}

const struct wire_protocol wire_grpc = {
    .header_length = header_length, .last_stream = INT32_MAX, .template_make = template_make, .greet = greet,
    .call_write = call_write, .frame_length = frame_length, .frame_read = frame_read,
};
