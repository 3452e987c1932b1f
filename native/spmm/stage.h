/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/packet.h"
#include "spmm/slabs.h"
#include "spmm/tiers.h"

namespace espalier {

/** Rows of x in a slab that is not the last. */
__host__ __device__ inline int32_t slab_height(int32_t columns) {
  return columns < SLAB_COLUMNS ? columns : SLAB_COLUMNS;
}

/** Bytes of shared memory in which slabs of x are staged, `steps` of them one after the other: with more than one, the
   next is fetched while one is used. At most 128 KB. */
inline size_t tile_bytes(int32_t columns, int64_t steps) {
  return static_cast<size_t>(slab_height(columns)) * kTileLanes * sizeof(Packet<float>) * (steps > 1 ? 2 : 1);
}

/** Where the slab of a step is. */
template <class T>
__device__ __forceinline__ Packet<T>* tile_of(Packet<T>* tiles, int32_t columns, int32_t step) {
  return tiles + (step % 2) * (slab_height(columns) * kTileLanes);
}

/**
 * Starts to copy a slab of x: SLAB_COLUMNS rows, or what is left of them, of 128 bytes each. Thread t copies the
 * packet t % 8 of every row it comes to. Packets of padding alone are left as they were; padding in the last packet is
 * copied with it.
 */
template <int kThreads, class T>
__device__ __forceinline__ void stage_slab(Packet<T>* tile, RowsOf<const T> x, int32_t slab, int32_t first_position) {
  const int packet = threadIdx.x % kTileLanes;
  const int32_t position = first_position + Packet<T>::kPositions * packet;
  const int32_t first = slab * SLAB_COLUMNS;
  const int32_t count = x.rows - first < SLAB_COLUMNS ? x.rows - first : SLAB_COLUMNS;
  if (position < x.positions) {
    for (int32_t c = threadIdx.x / kTileLanes; c < count; c += kThreads / kTileLanes) {
      simt::copy_async16(tile + c * kTileLanes + packet, x.row(first + c) + position);
    }
  }
  simt::copy_async_commit();
}

}  // namespace espalier
