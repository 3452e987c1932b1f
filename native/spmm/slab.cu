/* SPDX-License-Identifier: Apache-2.0 */
// SpMM that stages x in shared memory, a slab of 512 rows at a time, so that the many entries that use an element of x
// read it from there and the second-level cache is asked for it once for every block of rows.
#include "base/epilogue.h"
#include "base/packet.h"
#include "spmm/stage.h"
#include "spmm/tiers.h"

namespace espalier {
namespace {

constexpr uint32_t kWarp = 0xffffffffu;

/**
 * A block owns kThreads / 8 * kRows rows of y and as many positions as 128 bytes of x hold: 8 lanes own kRows
 * neighbouring rows, a lane 16 bytes of their positions, whose sums stay in its registers while the slabs of x go by.
 * While a slab is used the next one is copied to the other half of the shared memory (2 * 64 KB).
 *
 * An entry costs a group 128 bytes of x from shared memory for 64 flops. That is the limit: 128 bytes a clock, a
 * quarter of the peak of fused multiply-adds. With numbers of 16 bits there are 128 flops for these bytes, and to make
 * floats of 8 numbers takes a lane 8 operations on integers, which run at half the rate: 4 clocks of a warp, as many as
 * the read, so both are the limit.
 *
 * The entries themselves come 8 at a time, one to a lane, and are handed round in shared memory as 16-bit columns of
 * the slab and values, a broadcast read of 4 and one of 8 bytes for 2 entries. The time until they arrive is hidden by
 * the other warps: with 32 warps, and some 5 entries in each row and slab (density 1 %), shared memory is busy for over
 * 1000 clocks before it is a warp's turn again. Two entries at a time, with 32 warps, are many times the reads that
 * keep it busy, and more would not fit the 64 registers of a thread.
 *
 * Every sum is over the entries of its row in their order, as in the gather tier.
 */
template <class T, int kThreads, int kRows>
__global__ void __launch_bounds__(kThreads, 1)
    slab_kernel(Csr weights, const float* bias, RowsOf<const T> x, Rows y, Epilogue epilogue, int32_t row_blocks) {
  constexpr int kQuads = Packet<T>::kQuads;
  SIMT_DYNAMIC_SHARED(Packet<T>, tiles);
  SIMT_SHARED(float, values, 2 * kThreads);
  SIMT_SHARED(uint16_t, columns, 2 * kThreads);
  const int lane = threadIdx.x % kTileLanes;
  const int slot = threadIdx.x - lane;
  const int32_t first_position = static_cast<int32_t>(blockIdx.x / row_blocks) * kTilePositions<T>;
  const int32_t first_row =
      (static_cast<int32_t>(blockIdx.x % row_blocks) * (kThreads / kTileLanes) + slot / kTileLanes) * kRows;
  const int32_t slabs = slab_count(weights.columns);

  // lane j looks after the bounds of row j of the group
  const bool keeper = lane < kRows && first_row + lane < weights.rows;
  int32_t end = keeper ? weights.slabs[first_row + lane] : 0;
  float4 sum[kRows * kQuads] = {};  // row by row
  int buffer = 0;  // of the entries; alternates, so that one __syncwarp a round is enough

  if (slabs > 0) stage_slab<kThreads>(tiles, x, 0, first_position);
  for (int32_t slab = 0; slab < slabs; ++slab) {
    const int32_t begin = end;
    end = keeper ? weights.slabs[static_cast<size_t>(slab + 1) * weights.rows + first_row + lane] : 0;
    const Packet<T>* tile = tile_of(tiles, weights.columns, slab);
    if (slab + 1 < slabs) {
      stage_slab<kThreads>(tile_of(tiles, weights.columns, slab + 1), x, slab + 1, first_position);
      simt::copy_async_wait<1>();
    } else {
      simt::copy_async_wait<0>();
    }
    __syncthreads();
#pragma unroll
    for (int j = 0; j < kRows; ++j) {
      const int32_t row_end = __shfl_sync(kWarp, end, j, kTileLanes);
      for (int32_t base = __shfl_sync(kWarp, begin, j, kTileLanes); __any_sync(kWarp, base < row_end);
           base += kTileLanes) {
        const int32_t k = base + lane;
        values[buffer + threadIdx.x] = k < row_end ? weights.values[k] : 0;
        columns[buffer + threadIdx.x] =
            static_cast<uint16_t>(k < row_end ? weights.column[k] - slab * SLAB_COLUMNS : 0);
        __syncwarp(kWarp);
        const int32_t count = row_end - base < kTileLanes ? row_end - base : kTileLanes;
#pragma unroll 1
        for (int e = 0; e < count; e += 2) {
          const uint32_t c = *reinterpret_cast<const uint32_t*>(columns + buffer + slot + e);
          const float2 v = *reinterpret_cast<const float2*>(values + buffer + slot + e);
          const Packet<T> x0 = tile[(c & 0xffff) * kTileLanes + lane];
          const Packet<T> x1 = e + 1 < count ? tile[(c >> 16) * kTileLanes + lane] : Packet<T>{};
          multiply_add(sum + j * kQuads, v.x, x0);
          multiply_add(sum + j * kQuads, v.y, x1);
        }
        buffer ^= kThreads;
      }
    }
    __syncthreads();  // the next but one slab goes where this one was
  }

  const int32_t position = first_position + Packet<T>::kPositions * lane;
  if (position >= y.positions) return;
  // Not unrolled, for the epilogue is long: the sums move up instead.
#pragma unroll 1
  for (int i = 0; i < kRows * kQuads && first_row + i / kQuads < weights.rows; ++i) {
    const int32_t row = first_row + i / kQuads;
    const int32_t at = position + 4 * (i % kQuads);  // the last of them may be padding of the line of 16 positions
    const float b = bias == nullptr ? 0 : bias[row];
    const float4 whole = make_float4(sum[0].x + b, sum[0].y + b, sum[0].z + b, sum[0].w + b);
    store_quad(y.row(row), at, finish(epilogue, whole, row, at));
#pragma unroll
    for (int next = 1; next < kRows * kQuads; ++next) sum[next - 1] = sum[next];
  }
}

template <int kThreads, int kRows, class T>
void launch(Workspace& workspace, const Csr& weights, const float* bias, RowsOf<const T> x, Rows y,
            const Epilogue& epilogue) {
  const int64_t row_blocks = blocks_of(weights.rows, kThreads / kTileLanes * kRows);
  const int64_t blocks = row_blocks * blocks_of(y.positions, kTilePositions<T>);
  SIMT_LAUNCH((slab_kernel<T, kThreads, kRows>), static_cast<uint32_t>(blocks), kThreads,
              tile_bytes(weights.columns, slab_count(weights.columns)), workspace.stream(), weights, bias, x, y,
              epilogue, static_cast<int32_t>(row_blocks));
}

}  // namespace

template <class T>
void spmm_slab(Workspace& workspace, const Csr& weights, const float* bias, RowsOf<const T> x, Rows y,
               const Epilogue& epilogue, int32_t block_rows) {
  switch (block_rows) {
    case kMostRows<T>:
      return launch<1024, 8 / Packet<T>::kQuads>(workspace, weights, bias, x, y, epilogue);
    case 256:
      return launch<512, 4>(workspace, weights, bias, x, y, epilogue);
    default:
      return launch<512, 1>(workspace, weights, bias, x, y, epilogue);
  }
}

template void spmm_slab(Workspace&, const Csr&, const float*, ConstRows, Rows, const Epilogue&, int32_t);
template void spmm_slab(Workspace&, const Csr&, const float*, PackedRows, Rows, const Epilogue&, int32_t);

}  // namespace espalier
