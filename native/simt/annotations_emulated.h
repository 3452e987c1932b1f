/* SPDX-License-Identifier: Apache-2.0 */
// What the sanitizers have to be told about fibers. The symbols are weak: they are there in programs built with a
// sanitizer, while the runtime itself is never instrumented, so that what it does for all threads does not look like
// their races.
#pragma once

#include <cstddef>

extern "C" {
__attribute__((weak)) void* __tsan_get_current_fiber(void);
__attribute__((weak)) void* __tsan_create_fiber(unsigned flags);
__attribute__((weak)) void __tsan_destroy_fiber(void* fiber);
__attribute__((weak)) void __tsan_switch_to_fiber(void* fiber, unsigned flags);
__attribute__((weak)) void __tsan_acquire(void* address);
__attribute__((weak)) void __tsan_release(void* address);
__attribute__((weak)) void __sanitizer_start_switch_fiber(void** save, const void* bottom, size_t bytes);
__attribute__((weak)) void __sanitizer_finish_switch_fiber(void* saved, const void** bottom, size_t* bytes);
}

namespace simt {

inline bool races_are_watched() { return __tsan_create_fiber != nullptr; }

/** Everything that the caller did happens before what threads do that acquire this address later. */
inline void release_edge(void* address) {
  if (__tsan_release) __tsan_release(address);
}
inline void acquire_edge(void* address) {
  if (__tsan_acquire) __tsan_acquire(address);
}

}  // namespace simt
