/* SPDX-License-Identifier: Apache-2.0 */
// What new connections start with, bit for bit the engine's ValueRule.
#pragma once

#include <cstdint>

#include "base/types.h"
#include "random/keys.h"

namespace espalier {

/** Sum of twelve 16-bit uniforms (Irwin-Hall), centred: close to normal with deviation 1, cut at 6 deviations. Integers
    only, and less than 2^24 of them, so that every device finds the same bits. */
__host__ __device__ inline float normal_of(uint64_t bits) {
  int32_t sum = 0;
  for (uint64_t word = 0; word < 3; ++word) {
    sum += static_cast<int32_t>(bits & 0xffff) + static_cast<int32_t>(bits >> 16 & 0xffff);
    sum += static_cast<int32_t>(bits >> 32 & 0xffff) + static_cast<int32_t>(bits >> 48);
    bits = mix64(bits + word + 1);
  }
  return static_cast<float>(sum - 6 * 0xffff) * 0x1p-16f;
}

/** The value that the connection at a canonical position starts with. The only product that rounds is the last one. */
__host__ __device__ inline float value_at(const ValueRule& rule, int64_t key, int64_t position) {
  if (rule.kind == ValueKind::Zero) return 0.0f;
  const uint64_t bits = hash(static_cast<uint64_t>(key), static_cast<uint64_t>(position));
  if (rule.kind == ValueKind::Normal) return rule.scale * normal_of(bits);
  return rule.scale * (static_cast<float>(static_cast<int32_t>(bits >> 40) - (1 << 23)) * 0x1p-23f);
}

}  // namespace espalier
