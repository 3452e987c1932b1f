/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/types.h"
#include "spmm/slabs.h"

namespace espalier {

/** Lanes that read a row of the tile, 16 bytes each. Any 8 lanes that do so meet no bank twice, whatever the row. */
constexpr int kTileLanes = 8;

/** Rows of x in a slab that is not the last. */
__host__ __device__ inline int32_t slab_height(int32_t columns) {
  return columns < SLAB_COLUMNS ? columns : SLAB_COLUMNS;
}

/** Bytes of shared memory in which slabs of x are staged, `steps` of them one after the other: with more than one, the
   next is fetched while one is used. At most 128 KB. */
inline size_t tile_bytes(int32_t columns, int64_t steps) {
  return static_cast<size_t>(slab_height(columns)) * kTileLanes * sizeof(float4) * (steps > 1 ? 2 : 1);
}

/** Where the slab of a step is. */
__device__ __forceinline__ float4* tile_of(float4* tiles, int32_t columns, int32_t step) {
  return tiles + (step % 2) * (slab_height(columns) * kTileLanes);
}

/**
 * Starts to copy a slab of x: SLAB_COLUMNS rows, or what is left of them, of 32 positions each. Thread t copies the
 * quad t % 8 of every row it comes to. Quads of padding alone are left as they were; padding in the last quad is copied
 * with it.
 */
template <int kThreads>
__device__ __forceinline__ void stage_slab(float4* tile, ConstRows x, int32_t slab, int32_t first_position) {
  const int quad = threadIdx.x % kTileLanes;
  const int32_t position = first_position + 4 * quad;
  const int32_t first = slab * SLAB_COLUMNS;
  const int32_t count = x.rows - first < SLAB_COLUMNS ? x.rows - first : SLAB_COLUMNS;
  if (position < x.positions) {
    for (int32_t c = threadIdx.x / kTileLanes; c < count; c += kThreads / kTileLanes) {
      simt::copy_async16(tile + c * kTileLanes + quad, x.row(first + c) + position);
    }
  }
  simt::copy_async_commit();
}

}  // namespace espalier
