/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/types.h"

namespace espalier {

/** Threads of the blocks that sum in teams. */
constexpr int kTeamBlock = 256;

/**
 * Adds the values of a team of kTeam consecutive threads, one warp or a whole block of kTeamBlock, always in the same
 * order. Every thread of the team takes part and gets the sum.
 *
 * @param shared kTeamBlock / 32 elements of shared memory, used by whole-block teams
 */
template <int kTeam, class T>
__device__ T team_sum(T value, T* shared) {
  static_assert(kTeam == 32 || kTeam == kTeamBlock, "a warp or a block");
  for (int distance = 16; distance > 0; distance /= 2) value += __shfl_xor_sync(0xffffffffu, value, distance);
  if (kTeam == 32) return value;
  if (threadIdx.x % 32 == 0) shared[threadIdx.x / 32] = value;
  __syncthreads();
  T sum = shared[0];
  for (int warp = 1; warp < kTeamBlock / 32; ++warp) sum += shared[warp];
  __syncthreads();  // the next sum may use the same memory
  return sum;
}

}  // namespace espalier
