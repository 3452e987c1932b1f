/* SPDX-License-Identifier: Apache-2.0 */
// Which cells grow by gradient: those whose keys come first. The key of a cell is the complement of the 31 bits of its
// gradient's magnitude, so that large ones come first, followed by the bits of its position; no two keys are equal. The
// last one to grow is found digit by digit, each from a histogram over the cells that share the digits before it.
#pragma once

#include "base/types.h"

namespace espalier {

using Count = unsigned long long;

constexpr int kDigitBits = 12;  // the first digit is the exponent of the gradient and four more bits
constexpr uint32_t kDigits = 1u << kDigitBits;
constexpr int kOrderBits = 31;

/** The first half of a key. A gradient that is NaN is larger than all numbers. */
__device__ __forceinline__ uint32_t order_of(float gradient) {
  const uint32_t magnitude = __float_as_uint(gradient) & 0x7fffffffu;
  return magnitude > 0x7f800000u ? 0 : 0x7fffffffu - magnitude;
}

/** How much of a key is known: all bits but the lowest ones of either half. */
struct Progress {
  int order_shift;
  int position_shift;

  bool complete() const { return order_shift + position_shift == 0; }

  Progress next() const {
    const auto less = [](int shift) { return shift > kDigitBits ? shift - kDigitBits : 0; };
    return order_shift > 0 ? Progress{less(order_shift), position_shift} : Progress{0, less(position_shift)};
  }

  /** The lowest bits of that half which the next digit is of. */
  __host__ __device__ int shift() const {
    const int unknown = order_shift > 0 ? order_shift : position_shift;
    return unknown > kDigitBits ? unknown - kDigitBits : 0;
  }
};

/** What is known of the last key to grow, in device memory. */
struct Selection {
  uint32_t order;     // the known bits of either half
  int32_t fit_after;  // the digit after which the candidates were few enough to be listed; kNever until then
  uint64_t position;
  Count remaining;  // how many of the cells whose keys begin with these bits grow

  static constexpr int32_t kNever = INT32_MAX;

  /** Whether a key begins with the known bits. */
  __device__ bool undecided(const Progress& known, uint32_t key_order, uint64_t key_position) const {
    return key_order >> known.order_shift == order && key_position >> known.position_shift == position;
  }

  /** Whether it grows, or is undecided. */
  __device__ bool wanted(const Progress& known, uint32_t key_order, uint64_t key_position) const {
    const uint32_t leading = key_order >> known.order_shift;
    return leading < order || (leading == order && key_position >> known.position_shift <= position);
  }
};

/** The next digit of a key. */
__device__ __forceinline__ uint32_t next_digit(const Progress& known, uint32_t key_order, uint64_t key_position) {
  const uint64_t half = known.order_shift > 0 ? key_order : key_position;
  return static_cast<uint32_t>(half >> known.shift()) & (kDigits - 1);
}

}  // namespace espalier
