#define _GNU_SOURCE
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "wire.h"

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
