/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cstdint>

#include "simt/simt.h"

namespace espalier {

/**
 * A divisor that is known at the launch: dividing by it takes a multiplication and a shift instead of some 20
 * instructions. With 2^l the first power of two that is not below d, and m = 2^(31+l) / d rounded up, n m / 2^(31+l)
 * is n / d and less than n / 2^31 more, so it rounds down to the same integer for all n below 2^31 (Granlund and
 * Montgomery 1994).
 */
struct Divisor {
  int32_t value;
  uint32_t factor;
  int32_t shift;

  /** @param divisor at least 1 */
  static Divisor of(int32_t divisor) {
    int32_t log = 0;
    while ((int64_t{1} << log) < divisor) ++log;
    const uint64_t d = static_cast<uint64_t>(divisor);
    const uint64_t m = ((uint64_t{1} << (31 + log)) + d - 1) / d;
    return {divisor, static_cast<uint32_t>(m), log - 1};
  }

  /** @param n not negative */
  __device__ __forceinline__ int32_t quotient(int32_t n) const {
    const uint64_t product = static_cast<uint64_t>(static_cast<uint32_t>(n)) * factor;
    return value == 1 ? n : static_cast<int32_t>(static_cast<uint32_t>(product >> 32) >> shift);
  }
};

}  // namespace espalier
