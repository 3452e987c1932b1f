/* SPDX-License-Identifier: Apache-2.0 */
// SpMM that reads the rows of x where they are, which is mostly the second-level cache: for matrices too sparse, or
// batches too small, to be worth staging x in shared memory.
#include "base/epilogue.h"
#include "base/packet.h"
#include "spmm/tiers.h"

namespace espalier {
namespace {

constexpr int kThreads = 256;
constexpr uint32_t kWarp = 0xffffffffu;

/** How the work is cut; decided from the shape alone. */
struct Cut {
  int32_t row_blocks;
  int32_t rows_per_block;  // at most one for each group
  int32_t long_row;        // rows with more entries are summed by the whole block
};

/** The sums of a lane: as many positions as there are numbers in 16 bytes of x. */
template <class T>
struct Sums {
  float4 quad[Packet<T>::kQuads] = {};
};

/**
 * Sums values[k] * x[column[k], position ..] over the entries k of [begin, end), in this order, four rows of x on their
 * way at a time. Called by whole warps; the kLanes lanes of a group share the entries: they fetch kLanes of them in one
 * go, ahead of time, and hand them round in shared memory, from where four columns or four values are one broadcast
 * read.
 */
template <class T, int kLanes>
__device__ __forceinline__ Sums<T> sum_entries(const Csr& weights, int32_t begin, int32_t end, RowsOf<const T> x,
                                               int32_t position, int32_t* columns, float* values) {
  const int lane = threadIdx.x % kLanes;
  const int slot = threadIdx.x - lane;
  const bool active = position < x.positions;
  const T* from = x.data + position;
  Sums<T> sum;
  int32_t k = begin + lane;
  int32_t column = k < end ? weights.column[k] : 0;
  float value = k < end ? weights.values[k] : 0;
  int buffer = 0;  // alternates, so that one __syncwarp a round is enough
  for (int32_t base = begin; kLanes == 32 ? base < end : __any_sync(kWarp, base < end); base += kLanes) {
    columns[buffer + threadIdx.x] = column;
    values[buffer + threadIdx.x] = value;
    __syncwarp(kWarp);
    k += kLanes;
    column = k < end ? weights.column[k] : 0;
    value = k < end ? weights.values[k] : 0;
    const int count = !active ? 0 : end - base < kLanes ? end - base : kLanes;
    for (int e = 0; e < count; e += 4) {
      const int4 c = *reinterpret_cast<const int4*>(columns + buffer + slot + e);
      const float4 v = *reinterpret_cast<const float4*>(values + buffer + slot + e);
      const Packet<T> none = {};
      const Packet<T> x0 = load_packet<T>(from + static_cast<size_t>(c.x) * x.stride, 0);
      const Packet<T> x1 = e + 1 < count ? load_packet<T>(from + static_cast<size_t>(c.y) * x.stride, 0) : none;
      const Packet<T> x2 = e + 2 < count ? load_packet<T>(from + static_cast<size_t>(c.z) * x.stride, 0) : none;
      const Packet<T> x3 = e + 3 < count ? load_packet<T>(from + static_cast<size_t>(c.w) * x.stride, 0) : none;
      multiply_add(sum.quad, v.x, x0);
      multiply_add(sum.quad, v.y, x1);
      multiply_add(sum.quad, v.z, x2);
      multiply_add(sum.quad, v.w, x3);
    }
    buffer ^= kThreads;
  }
  return sum;
}

template <class T>
__device__ __forceinline__ void add(Sums<T>& sums, const Sums<T>& part) {
#pragma unroll
  for (int q = 0; q < Packet<T>::kQuads; ++q) multiply_add(sums.quad[q], 1, part.quad[q]);
}

template <class T>
__device__ __forceinline__ void write(const Sums<T>& sums, const float* bias, const Epilogue& epilogue, const Rows& y,
                                      int32_t row, int32_t position) {
  const float b = bias == nullptr ? 0 : bias[row];
#pragma unroll
  for (int q = 0; q < Packet<T>::kQuads; ++q) {  // the last of them may be padding of the line of 16 positions
    const float4 sum = sums.quad[q];
    const float4 whole = make_float4(sum.x + b, sum.y + b, sum.z + b, sum.w + b);
    store_quad(y.row(row), position + 4 * q, finish(epilogue, whole, row, position + 4 * q));
  }
}

/**
 * A group of kLanes lanes owns a row and some positions of it: a lane as many as 16 bytes of x hold. 32 lanes a row
 * read 512 bytes of x for an entry; fewer leave no lanes idle in small batches. 2 flops for 4 bytes of x, or for 2, so
 * the second-level cache is the limit, and what helps is as many bytes on their way as possible: 4 * 16 bytes a thread,
 * and 5 blocks on a multiprocessor, which leaves 48 registers, just enough.
 *
 * A row that is much longer than the others would hold up the kernel. The groups of the block share such a row, and one
 * of them adds the parts in order; the sums thus depend on the shape of the matrix but not on what runs when.
 */
template <class T, int kLanes>
__global__ void __launch_bounds__(kThreads, 5)
    gather_kernel(Csr weights, const float* bias, RowsOf<const T> x, Rows y, Epilogue epilogue, Cut cut) {
  constexpr int kGroups = kThreads / kLanes;
  constexpr int kEach = Packet<T>::kPositions;
  SIMT_SHARED(int32_t, columns, 2 * kThreads);
  SIMT_SHARED(float, values, 2 * kThreads);
  SIMT_SHARED(Sums<T>, parts, kThreads);
  const int group = threadIdx.x / kLanes;
  const int32_t first_row = static_cast<int32_t>(blockIdx.x % cut.row_blocks) * cut.rows_per_block;
  const int32_t left = weights.rows - first_row;
  const int32_t rows = left < cut.rows_per_block ? left : cut.rows_per_block;
  const int32_t position =
      static_cast<int32_t>(blockIdx.x / cut.row_blocks) * (kEach * kLanes) + kEach * (threadIdx.x % kLanes);
  const bool active = position < y.positions;

  const int32_t own = first_row + group;
  const int32_t begin = group < rows ? weights.row_start[own] : 0;
  const int32_t end = group < rows ? weights.row_start[own + 1] : 0;
  const bool alone = group < rows && end - begin <= cut.long_row;
  const Sums<T> sum = sum_entries<T, kLanes>(weights, begin, alone ? end : begin, x, position, columns, values);
  if (alone && active) write(sum, bias, epilogue, y, own, position);

  if (weights.columns <= cut.long_row) return;
  for (int32_t row = first_row; row < first_row + rows; ++row) {
    const int32_t row_begin = weights.row_start[row];
    const int32_t row_end = weights.row_start[row + 1];
    if (row_end - row_begin <= cut.long_row) continue;
    const int32_t piece = (row_end - row_begin + kGroups - 1) / kGroups;
    const int32_t from = row_begin + group * piece;
    const int32_t to = from + piece < row_end ? from + piece : row_end;  // may be before from: no entries
    __syncthreads();  // the parts of the row before were read, and the entries of this warp's last round
    parts[threadIdx.x] = sum_entries<T, kLanes>(weights, from, to, x, position, columns, values);
    __syncthreads();
    if (group == 0 && active) {
      Sums<T> whole = parts[threadIdx.x];
      for (int g = 1; g < kGroups; ++g) add(whole, parts[g * kLanes + threadIdx.x]);
      write(whole, bias, epilogue, y, row, position);
    }
  }
}

template <int kLanes, class T>
void launch(Workspace& workspace, const Csr& weights, const float* bias, RowsOf<const T> x, Rows y,
            const Epilogue& epilogue) {
  const int64_t tiles = blocks_of(y.positions, Packet<T>::kPositions * kLanes);
  // With too few rows to go round, blocks own fewer rows than they have groups, and share most of them.
  Cut cut{0, kThreads / kLanes, 512};
  while (cut.rows_per_block > 1 && blocks_of(weights.rows, cut.rows_per_block) * tiles < 2 * kWave) {
    cut.rows_per_block /= 2;
    cut.long_row = 64;
  }
  cut.row_blocks = static_cast<int32_t>(blocks_of(weights.rows, cut.rows_per_block));
  SIMT_LAUNCH((gather_kernel<T, kLanes>), static_cast<uint32_t>(cut.row_blocks * tiles), kThreads, 0,
              workspace.stream(), weights, bias, x, y, epilogue, cut);
}

}  // namespace

template <class T>
void spmm_gather(Workspace& workspace, const Csr& weights, const float* bias, RowsOf<const T> x, Rows y,
                 const Epilogue& epilogue) {
  if (y.positions <= 8 * Packet<T>::kPositions) {
    launch<8>(workspace, weights, bias, x, y, epilogue);
  } else if (y.positions <= 16 * Packet<T>::kPositions) {
    launch<16>(workspace, weights, bias, x, y, epilogue);
  } else {
    launch<32>(workspace, weights, bias, x, y, epilogue);
  }
}

template void spmm_gather(Workspace&, const Csr&, const float*, ConstRows, Rows, const Epilogue&);
template void spmm_gather(Workspace&, const Csr&, const float*, PackedRows, Rows, const Epilogue&);

}  // namespace espalier
