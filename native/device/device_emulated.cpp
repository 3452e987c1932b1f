/* SPDX-License-Identifier: Apache-2.0 */
#include <cstdlib>
#include <cstring>

#include "device/device.h"

namespace espalier::device {
Stream create_stream() { return nullptr; }
void destroy_stream(Stream) {}
void wait(Stream) {}
void* allocate(Stream, size_t bytes) {
  size_t whole = (bytes + 255) / 256 * 256;
  void* p = aligned_alloc(256, whole);
  memset(p, 0xff, whole);
  return p;
}
void release(Stream, void* p) { free(p); }
void zero(Stream, void* t, size_t n) { memset(t, 0, n); }
void copy(Stream, void* t, const void* s, size_t n) { memcpy(t, s, n); }
void to_device(Stream, void* t, const void* s, size_t n) { memcpy(t, s, n); }
void to_host(Stream, void* t, const void* s, size_t n) { memcpy(t, s, n); }
void check_launch(const std::string&) {}
}  // namespace espalier::device
