// The little of ttrpc that a load generator speaks: unary requests out, responses in.
#ifndef BENCH_WIRE_H
#define BENCH_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench_load.h"

enum {
  wire_header_length = 10,
  wire_max_data = 4 << 20,
  wire_response = 2,
};

/// A request frame to be copied and stamped for each call.
struct wire_template {
  uint8_t *bytes;
  size_t length;
  /// Where the message stands in `bytes`.
  size_t payload_at;
  size_t payload_length;
  /// Where the message's five-byte id stands in the message; 0 = the message is the caller's and is never stamped.
  size_t id_at;
};

/// One response, still in the read buffer.
struct wire_reply {
  uint32_t stream;
  uint32_t code;
  const uint8_t *text;
  size_t text_length;
  const uint8_t *payload;
  size_t payload_length;
};

/// Builds the frame of a configuration's calls; false when it would exceed 4 MiB or memory is short.
bool wire_template_make(struct wire_template *template, const struct bench_load_config *config);

/// Writes one call's frame; the message's id is a function of the stream.
void wire_request_write(const struct wire_template *template, uint32_t stream, uint8_t *frame);

/// Whether a reply repeats the message that was sent on its stream.
bool wire_reply_repeats(const struct wire_template *template, const struct wire_reply *reply);

/// Length of the frame that begins with these ten bytes, header included; 0 when it exceeds the limit.
size_t wire_frame_length(const uint8_t *header);

/// Reads a whole frame; false when it is no response that protobuf would take.
bool wire_reply_read(const uint8_t *frame, size_t length, struct wire_reply *reply);

/// Connects, without delay of small segments; the descriptor is blocking. -1 with the reason in `message`.
int wire_connect(const char *address, char *message, size_t size);

#endif
