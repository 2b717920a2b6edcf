// What a load generator speaks: unary calls out, replies in, as ttrpc or as gRPC.
#ifndef BENCH_WIRE_H
#define BENCH_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench_load.h"

// MARK: calls and replies

/// The frames of a call, to be copied and stamped for each.
struct wire_template {
  uint8_t *bytes;
  size_t length;
  /// Where the message stands in `bytes`.
  size_t payload_at;
  size_t payload_length;
  /// Where the message's five-byte id stands in the message; 0 = the message is the caller's and is never stamped.
  size_t id_at;
  /// The most that one call takes; a connection's first may be longer than `length`.
  size_t most;
};

/// What a frame brought, still in the read buffer. A ttrpc response is payload and end in one; in gRPC they follow each other.
struct wire_reply {
  /// 0 = nothing for any call.
  uint32_t stream;
  bool has_payload, ends;
  uint32_t code;
  const uint8_t *text;
  size_t text_length;
  const uint8_t *payload;
  size_t payload_length;
};

/// Takes the message of a configuration, the one of the benches when it has none; false when it exceeds 4 MiB.
bool wire_message_choose(struct wire_template *template, const struct bench_load_config *config);

/// Writes that message.
void wire_message_put(const struct wire_template *template, const struct bench_load_config *config, uint8_t *at);

/// Stamps the message of one call; its id is a function of the stream.
void wire_message_stamp(const struct wire_template *template, uint32_t stream, uint8_t *message);

/// Whether a reply repeats the message that was sent on its stream.
bool wire_reply_repeats(const struct wire_template *template, const struct wire_reply *reply);

// MARK: protocols

enum { wire_max_data = 4 << 20, wire_max_header = 10 };

/// What waits to be sent on a connection.
struct wire_out {
  uint8_t *bytes;
  size_t sent, used, size;
};

/// False when there is no room.
bool wire_out_put(struct wire_out *out, const void *bytes, size_t length);

/// What gRPC remembers of a connection.
struct wire_link {
  /// Bytes of messages that the server still takes.
  int64_t window;
  /// Bytes of messages taken since the server was last given more room.
  uint32_t taken;
  /// The server has the headers of a call in its table.
  bool has_called;
};

struct wire_protocol {
  size_t header_length;
  uint32_t last_stream;
  /// Builds the frames of a configuration's calls; false when they are too long or memory is short.
  bool (*template_make)(struct wire_template *template, const struct bench_load_config *config);
  /// Writes what opens a connection.
  bool (*greet)(struct wire_link *link, struct wire_out *out);
  /// Writes one call, at most `template->most` bytes, and returns its length; 0 = the server takes no more for now.
  size_t (*call_write)(const struct wire_template *template, struct wire_link *link, uint32_t stream, uint8_t *at);
  /// Length of the frame that begins with these bytes, header included; 0 when it exceeds the limit.
  size_t (*frame_length)(const uint8_t *header);
  /// Reads a whole frame and answers what the protocol itself wants answered; false for one that should not have come.
  bool (*frame_read)(
      const uint8_t *frame, size_t length, struct wire_link *link, struct wire_out *out, struct wire_reply *reply);
};

extern const struct wire_protocol wire_ttrpc, wire_grpc;

/// The one of a configuration.
const struct wire_protocol *wire_protocol_of(const struct bench_load_config *config);

/// Connects, without delay of small segments; the descriptor is blocking. -1 with the reason in `message`.
int wire_connect(const char *address, char *message, size_t size);

#endif
