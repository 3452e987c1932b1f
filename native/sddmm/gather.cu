/* SPDX-License-Identifier: Apache-2.0 */
// SDDMM that reads the rows of x where they are, which is mostly the second-level cache. A connection is computed in
// one place from beginning to end, so a step of the optimizer can follow at once and no gradient is ever stored.
#include "base/packet.h"
#include "sddmm/tiers.h"
#include "sddmm/transpose_sums.h"

namespace espalier {
namespace {

constexpr int kThreads = 256;
constexpr int kWarps = kThreads / 32;
constexpr int kGroups = 4;        // of 8 lanes in a warp
constexpr int kEach = 8;          // connections of a group
constexpr int kConnections = 32;  // of a warp, all of one row
constexpr uint32_t kWarp = 0xffffffffu;

/** Adds the products of one packet of dy and those of x in up to 8 rows; the reads are independent of each other. */
template <bool kTail, class T>
__device__ __forceinline__ void add_products(const T* dy, const T* const rows[kEach], int count, int32_t position,
                                             int32_t positions, float sums[kEach]) {
  Packet<T> packet = load_packet<T>(dy, position);
  if (kTail) packet = without_padding(packet, position, positions);
  float4 d[Packet<T>::kQuads];
  to_quads(packet, d);
#pragma unroll
  for (int e = 0; e < kEach; ++e) {
    if (e < count) {
      Packet<T> v = load_packet<T>(rows[e], position);
      if (kTail) v = without_padding(v, position, positions);
      sums[e] = dot(d, v, sums[e]);
    }
  }
}

/**
 * A warp computes 32 connections [base, base + 32) of a row, or as many as there are before `end`: each group of 8
 * lanes up to 8 of them, dealt in turn, a lane 16 bytes of every 128 of a row. The packet of dy is read once for 8 of x
 * (2 flops for 4 bytes of x, or for 2). In the end lane l of group g has the gradient of connection base + 4 l + g.
 */
template <class T, class Sink>
__device__ __forceinline__ void connections(const Csr& pattern, RowsOf<const T> x, const T* dy, int32_t base,
                                            int32_t end, const Sink& sink) {
  constexpr int32_t kOwn = Packet<T>::kPositions;
  const int lane = threadIdx.x % 8;
  const int32_t first = base + threadIdx.x % 32 / 8;
  const T* rows[kEach];
  float sums[kEach];
#pragma unroll
  for (int e = 0; e < kEach; ++e) {
    const int32_t k = first + kGroups * e;
    rows[e] = x.row(k < end ? pattern.column[k] : 0);
    sums[e] = 0;
  }
  const int count = first < end ? (end - first + kGroups - 1) / kGroups : 0;
  int32_t position = kOwn * lane;
  for (; position + kOwn <= x.positions; position += 8 * kOwn) {
    add_products<false>(dy, rows, count, position, x.positions, sums);
  }
  if (position < x.positions) add_products<true>(dy, rows, count, position, x.positions, sums);
  const float sum = transpose_sums(sums, lane);
  const int32_t k = first + kGroups * lane;
  if (k < end) sink.put(k, sum);
}

/** A warp adds a row of dy. */
__device__ __forceinline__ float row_sum(const float* dy, int32_t positions) {
  float sum = 0;
  for (int32_t position = 4 * (threadIdx.x % 32); position < positions; position += 128) {
    const float4 d = without_padding(load_quad(dy, position), position, positions);
    sum += (d.x + d.y) + (d.z + d.w);
  }
  for (int distance = 16; distance > 0; distance /= 2) sum += __shfl_xor_sync(kWarp, sum, distance);
  return sum;
}

/**
 * A block owns some neighbouring rows. Each is cut into items, 32 connections or the bias, and the warps take turns, so
 * that a long row is shared by all of them; who computes an item makes no difference to it.
 */
template <class T, class Sink>
__global__ void __launch_bounds__(kThreads, 3) gather_kernel(Csr pattern, RowsOf<const T> x, RowsOf<const T> dy,
                                                             Sink sink, float* bias_gradient, int32_t rows_per_block) {
  const bool wanted = sink.wanted();
  const int32_t first_row = static_cast<int32_t>(blockIdx.x) * rows_per_block;
  int32_t item = threadIdx.x / 32;
  for (int32_t row = first_row; row < first_row + rows_per_block && row < pattern.rows; ++row) {
    const int32_t begin = pattern.row_start[row];
    const int32_t end = wanted ? pattern.row_start[row + 1] : begin;
    const int32_t bias_item = (end - begin + kConnections - 1) / kConnections;
    const int32_t items = bias_item + (kSumsBias<T> && bias_gradient != nullptr);
    for (; item < items; item += kWarps) {
      if (item < bias_item) {
        connections(pattern, x, dy.row(row), begin + item * kConnections, end, sink);
      } else if constexpr (kSumsBias<T>) {
        const float sum = row_sum(dy.row(row), dy.positions);
        if (threadIdx.x % 32 == 0) bias_gradient[row] = sum;
      }
    }
    item -= items;
  }
}

}  // namespace

template <class T, class Sink>
void sddmm_gather(Workspace& workspace, const Csr& pattern, RowsOf<const T> x, RowsOf<const T> dy, const Sink& sink,
                  float* bias_gradient) {
  int32_t rows_per_block = kWarps;
  while (rows_per_block > 1 && blocks_of(pattern.rows, rows_per_block) < 2 * kWave) rows_per_block /= 2;
  SIMT_LAUNCH((gather_kernel<T, Sink>), static_cast<uint32_t>(blocks_of(pattern.rows, rows_per_block)), kThreads, 0,
              workspace.stream(), pattern, x, dy, sink, bias_gradient, rows_per_block);
}

template void sddmm_gather(Workspace&, const Csr&, ConstRows, ConstRows, const GradientSink&, float*);
template void sddmm_gather(Workspace&, const Csr&, ConstRows, ConstRows, const SgdSink&, float*);
template void sddmm_gather(Workspace&, const Csr&, PackedRows, PackedRows, const GradientSink&, float*);
template void sddmm_gather(Workspace&, const Csr&, PackedRows, PackedRows, const SgdSink&, float*);

}  // namespace espalier
