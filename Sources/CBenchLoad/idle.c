#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "bench_load.h"
#include "wire.h"

struct bench_idle {
  uint32_t count;
  int fds[];
};

static bool transfer_all(int fd, uint8_t *bytes, size_t length, bool sending) {
  while (length > 0) {
    ssize_t count = sending ? send(fd, bytes, length, MSG_NOSIGNAL) : recv(fd, bytes, length, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count == 0) errno = ECONNRESET;
    if (count <= 0) return false;
    bytes += count, length -= (size_t)count;
  }
  return true;
}

/// Makes one call on a blocking connection; the reason of a failure is in `message`.
static bool call_once(int fd, const struct wire_template *template, uint8_t *frame, char *message, size_t size) {
  struct wire_reply reply;
  size_t header = wire_ttrpc.header_length, length = 0;
  wire_ttrpc.call_write(template, NULL, 1, frame);
  if (!transfer_all(fd, frame, template->length, true) || !transfer_all(fd, frame, header, false)
      || !(length = wire_ttrpc.frame_length(frame)) || !transfer_all(fd, frame + header, length - header, false))
    snprintf(message, size, "the first call failed: %s", length ? strerror(errno) : "no response frame");
  else if (!wire_ttrpc.frame_read(frame, length, NULL, NULL, &reply))
    snprintf(message, size, "the first call's reply is no ttrpc response");
  else if (reply.code)
    snprintf(message, size, "status %u: %.*s", reply.code, (int)reply.text_length, reply.text);
  else if (reply.stream != 1 || !wire_reply_repeats(template, &reply))
    snprintf(message, size, "the first call's reply is not what was sent");
  else
    return true;
  return false;
}

struct bench_idle *bench_idle_open(
    const struct bench_load_config *config, uint32_t count, char *message, size_t size) {
  struct wire_template template = {0};
  struct bench_idle *idle = calloc(1, sizeof *idle + count * sizeof *idle->fds);
  uint8_t *frame = malloc(wire_max_header + wire_max_data);
  struct timeval patience = {.tv_sec = 5};
  bool good = idle && frame && wire_ttrpc.template_make(&template, config);
  if (!good) snprintf(message, size, "out of memory, or the request is too large");
  while (good && idle->count < count) {
    int fd = wire_connect(config->address, message, size);
    if (fd < 0) good = false;
    else {
      idle->fds[idle->count++] = fd;
      setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
      good = call_once(fd, &template, frame, message, size);
    }
  }
  free(frame), free(template.bytes);
  if (good) return idle;
  bench_idle_close(idle);
  return NULL;
}

void bench_idle_close(struct bench_idle *idle) {
  for (uint32_t index = 0; idle && index < idle->count; index++) close(idle->fds[index]);
  free(idle);
}
