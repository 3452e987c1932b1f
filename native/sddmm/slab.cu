/* SPDX-License-Identifier: Apache-2.0 */
// SDDMM that stages x in shared memory, a slab of 512 rows and 128 bytes of each at a time. A block sees only a part of
// the positions, so the gradients come in parts, which a second kernel adds.
#include "base/packet.h"
#include "sddmm/tiers.h"
#include "sddmm/transpose_sums.h"
#include "spmm/stage.h"

namespace espalier {
namespace {

constexpr uint32_t kWarp = 0xffffffffu;

/** How the work is cut; decided from the shape alone. */
struct Cut {
  int32_t row_blocks;
  int32_t tiles_per_split;  // tiles of positions that a block works on, one after the other
  int32_t splits;
  size_t width;  // of the partial sums of a split: nnz connections, then the biases if they are wanted
};

/** Tiles of a split that begins there: `most`, but for the last. */
template <class T>
__device__ __forceinline__ int32_t tiles_between(int32_t first_position, int32_t positions, int32_t most) {
  const int32_t left = (positions - first_position + kTilePositions<T> - 1) / kTilePositions<T>;
  return left < most ? left : most;
}

/** Puts 0 in place of the padding among the rows of x that this thread has staged, and in packets that it has not. */
template <int kThreads, class T>
__device__ __forceinline__ void clear_padding(Packet<T>* tile, const RowsOf<const T>& x, int32_t first_position) {
  const int packet = threadIdx.x % kTileLanes;
  const int32_t position = first_position + Packet<T>::kPositions * packet;
  if (position + Packet<T>::kPositions <= x.positions) return;
  for (int32_t c = threadIdx.x / kTileLanes; c < slab_height(x.rows); c += kThreads / kTileLanes) {
    tile[c * kTileLanes + packet] = without_padding(tile[c * kTileLanes + packet], position, x.positions);
  }
}

/**
 * A block owns kThreads / 8 * kRows rows of dy and a split of the positions, tile by tile. 8 lanes own kRows
 * neighbouring rows and keep the tile of these rows of dy in registers while the slabs of x go by, the next being
 * copied while one is used. For 8 connections at a time each lane forms the products of its positions, 128 bytes of
 * shared memory and 64 flops for a connection, or 128 with numbers of 16 bits, as in SpMM; 7 shuffles then leave lane l
 * with the sum of connection l. It is added to what the same lane left for the same connection at the tile before, so
 * no two threads ever meet at a partial sum.
 *
 * Bytes through the second-level cache: dy once; x once for every block of rows; 4 to 12 bytes for a connection and
 * tile.
 */
template <class T, int kThreads, int kRows>
__global__ void __launch_bounds__(kThreads, 1)
    partials_kernel(Csr pattern, RowsOf<const T> x, RowsOf<const T> dy, float* partials, bool bias_wanted, Cut cut) {
  constexpr int kQuads = Packet<T>::kQuads;
  SIMT_DYNAMIC_SHARED(Packet<T>, tiles);
  SIMT_SHARED(uint16_t, columns, 2 * kThreads);
  const int lane = threadIdx.x % kTileLanes;
  const int slot = threadIdx.x - lane;
  const int32_t split = static_cast<int32_t>(blockIdx.x / cut.row_blocks);
  const int32_t first_row =
      (static_cast<int32_t>(blockIdx.x % cut.row_blocks) * (kThreads / kTileLanes) + slot / kTileLanes) * kRows;
  const int32_t split_position = split * cut.tiles_per_split * kTilePositions<T>;
  const int32_t slabs = slab_count(pattern.columns);
  const int32_t split_tiles = tiles_between<T>(split_position, x.positions, cut.tiles_per_split);
  const int32_t steps = split_tiles * slabs;
  const bool keeper = lane < kRows && first_row + lane < pattern.rows;  // of the bounds of row `lane` of the group
  float* partial = partials + split * cut.width;
  float bias = 0;
  int buffer = 0;  // of the columns; alternates, so that one __syncwarp a round is enough

  if (steps > 0) stage_slab<kThreads>(tiles, x, 0, split_position);
  int32_t step = 0;
  for (int32_t tile_index = 0; tile_index < split_tiles; ++tile_index) {
    const int32_t first_position = split_position + tile_index * kTilePositions<T>;
    const int32_t position = first_position + Packet<T>::kPositions * lane;
    Packet<T> d[kRows];
#pragma unroll
    for (int j = 0; j < kRows; ++j) {
      const bool there = first_row + j < dy.rows && position < dy.positions;
      d[j] = there ? without_padding(load_packet<T>(dy.row(first_row + j), position), position, dy.positions)
                   : Packet<T>{};
    }
    if constexpr (kSumsBias<T>) {
      float row_sums[kTileLanes] = {};
#pragma unroll
      for (int j = 0; j < kRows; ++j) row_sums[j] = (d[j].data.x + d[j].data.y) + (d[j].data.z + d[j].data.w);
      if (bias_wanted) bias += transpose_sums(row_sums, lane);
    }

    int32_t end = keeper ? pattern.slabs[first_row + lane] : 0;
    for (int32_t slab = 0; slab < slabs; ++slab, ++step) {
      const int32_t begin = end;
      end = keeper ? pattern.slabs[static_cast<size_t>(slab + 1) * pattern.rows + first_row + lane] : 0;
      Packet<T>* tile = tile_of(tiles, pattern.columns, step);
      if (step + 1 < steps) {
        const bool same = slab + 1 < slabs;
        stage_slab<kThreads>(tile_of(tiles, pattern.columns, step + 1), x, same ? slab + 1 : 0,
                             same ? first_position : first_position + kTilePositions<T>);
        simt::copy_async_wait<1>();
      } else {
        simt::copy_async_wait<0>();
      }
      clear_padding<kThreads>(tile, x, first_position);
      __syncthreads();
#pragma unroll
      for (int j = 0; j < kRows; ++j) {
        const int32_t row_end = __shfl_sync(kWarp, end, j, kTileLanes);
        float4 own[kQuads];
        to_quads(d[j], own);
#pragma unroll 1
        for (int32_t base = __shfl_sync(kWarp, begin, j, kTileLanes); __any_sync(kWarp, base < row_end);
             base += kTileLanes) {
          const int32_t k = base + lane;
          columns[buffer + threadIdx.x] =
              static_cast<uint16_t>(k < row_end ? pattern.column[k] - slab * SLAB_COLUMNS : 0);
          __syncwarp(kWarp);
          float terms[4];
#pragma unroll
          for (int e = 0; e < 4; ++e) {  // two terms are exchanged at once, for there are no registers for all 8
            const int32_t low_column = columns[buffer + slot + e];
            const int32_t high_column = columns[buffer + slot + e + 4];
            const float low = base + e < row_end ? dot(own, tile[low_column * kTileLanes + lane], 0) : 0;
            const float high = base + e + 4 < row_end ? dot(own, tile[high_column * kTileLanes + lane], 0) : 0;
            terms[e] = exchange(low, high, lane, 4);
          }
          const float sum = transpose_last(terms, lane);
          if (k < row_end) partial[k] = tile_index == 0 ? sum : partial[k] + sum;
          buffer ^= kThreads;
        }
      }
      __syncthreads();  // the next but one slab goes where this one was
    }
  }
  if (kSumsBias<T> && bias_wanted && keeper) partial[pattern.nnz + first_row + lane] = bias;
}

constexpr int kSumThreads = 256;

/** A thread adds the parts of one connection, or of one bias, in the order of the positions. */
template <class Sink>
__global__ void __launch_bounds__(kSumThreads)
    sum_kernel(const float* partials, Cut cut, int32_t nnz, Sink sink, float* bias_gradient) {
  const size_t at = static_cast<size_t>(blockIdx.x) * kSumThreads + threadIdx.x;
  if (at >= cut.width) return;
  float sum = 0;
#pragma unroll 4
  for (int32_t split = 0; split < cut.splits; ++split) sum += partials[split * cut.width + at];
  if (at >= static_cast<size_t>(nnz)) {
    bias_gradient[at - nnz] = sum;
  } else if (sink.wanted()) {
    sink.put(static_cast<int32_t>(at), sum);
  }
}

template <int kThreads, int kRows, class T>
void launch_partials(Workspace& workspace, const Csr& pattern, RowsOf<const T> x, RowsOf<const T> dy, float* partials,
                     bool bias_wanted, const Cut& cut) {
  const uint32_t blocks = static_cast<uint32_t>(static_cast<int64_t>(cut.row_blocks) * cut.splits);
  const int64_t steps = static_cast<int64_t>(cut.tiles_per_split) * slab_count(pattern.columns);
  SIMT_LAUNCH((partials_kernel<T, kThreads, kRows>), blocks, kThreads, tile_bytes(pattern.columns, steps),
              workspace.stream(), pattern, x, dy, partials, bias_wanted, cut);
}

}  // namespace

template <class T, class Sink>
void sddmm_slab(Workspace& workspace, const Csr& pattern, RowsOf<const T> x, RowsOf<const T> dy, const Sink& sink,
                float* bias_gradient, int32_t block_rows) {
  const int64_t tiles = blocks_of(dy.positions, kTilePositions<T>);
  Cut cut;
  cut.row_blocks = static_cast<int32_t>(blocks_of(pattern.rows, block_rows));
  // As few parts as keep the device busy: they are written, read and stored.
  const int64_t wanted = blocks_of(kWave, cut.row_blocks);
  cut.tiles_per_split = static_cast<int32_t>(blocks_of(tiles, tiles < wanted ? tiles : wanted));
  cut.splits = static_cast<int32_t>(blocks_of(tiles, cut.tiles_per_split));
  cut.width = static_cast<size_t>(pattern.nnz) + (bias_gradient == nullptr ? 0 : pattern.rows);
  if (cut.width == 0) return;
  float* partials = workspace.scratch_of<float>(cut.splits * cut.width);
  const bool bias_wanted = bias_gradient != nullptr;
  switch (block_rows) {
    case kMostRows<T>:
      launch_partials<1024, 8 / Packet<T>::kQuads>(workspace, pattern, x, dy, partials, bias_wanted, cut);
      break;
    case 256:
      launch_partials<512, 4>(workspace, pattern, x, dy, partials, bias_wanted, cut);
      break;
    default:
      launch_partials<512, 1>(workspace, pattern, x, dy, partials, bias_wanted, cut);
  }
  SIMT_LAUNCH(sum_kernel<Sink>, static_cast<uint32_t>(blocks_of(cut.width, kSumThreads)), kSumThreads, 0,
              workspace.stream(), partials, cut, pattern.nnz, sink, bias_gradient);
}

template void sddmm_slab(Workspace&, const Csr&, ConstRows, ConstRows, const GradientSink&, float*, int32_t);
template void sddmm_slab(Workspace&, const Csr&, ConstRows, ConstRows, const SgdSink&, float*, int32_t);
template void sddmm_slab(Workspace&, const Csr&, PackedRows, PackedRows, const GradientSink&, float*, int32_t);
template void sddmm_slab(Workspace&, const Csr&, PackedRows, PackedRows, const SgdSink&, float*, int32_t);

}  // namespace espalier
