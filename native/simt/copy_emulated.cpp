/* SPDX-License-Identifier: Apache-2.0 */
// The only part of the runtime that is built with the sanitizers: an asynchronous copy is an access of the thread that
// waits for it.
#include <cstdint>

#include "simt/scheduler_emulated.h"

namespace simt {

void copy16(void* target, const void* source) {
  // volatile, so that no call of memcpy is made of it
  volatile uint32_t* to = static_cast<uint32_t*>(target);
  const volatile uint32_t* from = static_cast<const uint32_t*>(source);
  for (int i = 0; i < 4; ++i) to[i] = from[i];
}

}  // namespace simt
