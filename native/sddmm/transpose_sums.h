/* SPDX-License-Identifier: Apache-2.0 */
// Sums over the lanes of a group of 8, eight of them at a time, so that every lane ends up with one. 7 shuffles for 8
// sums, for at every step a lane gives away half of what it has; a sum by itself takes 3.
#pragma once

#include "base/types.h"

namespace espalier {

/** Adds what two lanes `distance` apart have: the upper one gets the sum of their highs, the other that of their lows.
   All lanes of the warp take part. */
__device__ __forceinline__ float exchange(float low, float high, int lane, int distance) {
  const bool upper = (lane & distance) != 0;
  return (upper ? high : low) + __shfl_xor_sync(0xffffffffu, upper ? low : high, distance);
}

/** The rest of the way, from numbers that were exchanged over a distance of 4. */
__device__ __forceinline__ float transpose_last(const float terms[4], int lane) {
  return exchange(exchange(terms[0], terms[2], lane, 2), exchange(terms[1], terms[3], lane, 2), lane, 1);
}

/** Lane l of a group of 8 gets the sum of its group's terms[l], always added in the same order. */
__device__ __forceinline__ float transpose_sums(const float terms[8], int lane) {
  float half[4];
#pragma unroll
  for (int i = 0; i < 4; ++i) half[i] = exchange(terms[i], terms[i + 4], lane, 4);
  return transpose_last(half, lane);
}

}  // namespace espalier
