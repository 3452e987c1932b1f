/* SPDX-License-Identifier: Apache-2.0 */
// bfloat16: the upper half of a float, 8 significant bits and the exponents of single precision. Two share a word, and
// a shift or a mask makes a float of one again.
#pragma once

#include "base/types.h"

namespace espalier {

struct Bfloat16 {
  uint16_t bits;
};

/** A tensor in 16 bits, as pack/pack.h writes it. */
using PackedRows = RowsOf<const Bfloat16>;

/** Rounded to nearest, ties to even: off by 2^-8 of the number at most. NaN stays NaN; beyond the range is infinite. */
__host__ __device__ inline uint32_t bfloat16_bits(uint32_t float_bits) {
  const bool nan = (float_bits & 0x7fffffffu) > 0x7f800000u;
  return nan ? float_bits >> 16 | 0x40u : (float_bits + 0x7fffu + (float_bits >> 16 & 1u)) >> 16;
}

/** Two numbers in a word, the first in the low half. */
__device__ __forceinline__ uint32_t pack_pair(float first, float second) {
  return bfloat16_bits(__float_as_uint(first)) | bfloat16_bits(__float_as_uint(second)) << 16;
}

__device__ __forceinline__ float first_of(uint32_t pair) { return __uint_as_float(pair << 16); }
__device__ __forceinline__ float second_of(uint32_t pair) { return __uint_as_float(pair & 0xffff0000u); }

}  // namespace espalier
