/* SPDX-License-Identifier: Apache-2.0 */
// SDDMM of convolutions: few connections, and very many positions, those of all images. So the positions are cut into
// slices, whose sums are added in their order afterwards.
#include "sddmm/taps.h"

#include "rows/rows.h"
#include "sddmm/sink.h"
#include "sddmm/transpose_sums.h"

namespace espalier {
namespace {

constexpr int kThreads = 256;
constexpr int kWarps = kThreads / 32;
constexpr int kEach = 8;  // connections of a warp
constexpr uint32_t kWarp = 0xffffffffu;

/** Blocks that keep a large device busy. */
constexpr int64_t kBlocks = 512;

/** Positions below which a slice costs more, as sums to write and read again, than it gains. */
constexpr int64_t kShortestSlice = 1024;

/** How the positions are cut; decided from the shape alone. */
struct Slices {
  int32_t count;
  int32_t positions;  // of each but the last
};

Slices slices_of(int32_t rows, int32_t positions) {
  const int64_t most = (positions + kShortestSlice - 1) / kShortestSlice;
  const int64_t wanted = (kBlocks + rows - 1) / rows;
  const int64_t count = wanted < most ? wanted : most;
  if (count <= 1) return {1, positions};
  const int64_t each = ((positions + count - 1) / count + 31) / 32 * 32;
  return {static_cast<int32_t>((positions + each - 1) / each), static_cast<int32_t>(each)};
}

/**
 * A block owns a row of dy and a slice of its positions. Its warps take turns at the connections of the row, 8 at a
 * time: an element of dy is read for 8 of x, each read 128 bytes in a row (2 flops for 4 bytes from the second-level
 * cache). In the end lane l has the sum of connection l of the 8.
 */
__global__ void __launch_bounds__(kThreads, 4)
    slices_kernel(Csr pattern, Taps taps, ConstRows x, ConstRows dy, float* sums, Slices slices) {
  const int lane = threadIdx.x % 32;
  const int32_t row = static_cast<int32_t>(blockIdx.x);
  const int32_t end = pattern.row_start[row + 1];
  const int32_t from = static_cast<int32_t>(blockIdx.y) * slices.positions;
  const int32_t to = dy.positions - from < slices.positions ? dy.positions : from + slices.positions;
  const float* d = dy.row(row);
  float* own = sums + static_cast<size_t>(blockIdx.y) * pattern.nnz;
  for (int32_t base = pattern.row_start[row] + threadIdx.x / 32 * kEach; base < end; base += kWarps * kEach) {
    const int32_t count = end - base < kEach ? end - base : kEach;
    const float* rows[kEach];
    float sum[kEach];
#pragma unroll
    for (int e = 0; e < kEach; ++e) {
      rows[e] = x.data + taps.offset(pattern.column[base + (e < count ? e : 0)], x.stride);
      sum[e] = 0;
    }
    for (int32_t p = from + lane; p < to; p += 32) {
      const float at = d[p];
#pragma unroll
      for (int e = 0; e < kEach; ++e) {
        if (e < count) sum[e] = fmaf(at, rows[e][p], sum[e]);
      }
    }
    float whole = transpose_sums(sum, lane % 8);
    whole += __shfl_xor_sync(kWarp, whole, 8);
    whole += __shfl_xor_sync(kWarp, whole, 16);
    if (lane < count) own[base + lane] = whole;
  }
}

/** A thread adds the slices of one connection in their order. */
template <class Sink>
__global__ void __launch_bounds__(kThreads)
    add_slices_kernel(const float* sums, int32_t slices, int32_t nnz, Sink sink) {
  const int64_t k = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (k >= nnz || !sink.wanted()) return;
  float sum = sums[k];
#pragma unroll 4
  for (int32_t slice = 1; slice < slices; ++slice) sum += sums[static_cast<size_t>(slice) * nnz + k];
  sink.put(static_cast<int32_t>(k), sum);
}

template <class Sink>
void run(Workspace& workspace, const Csr& pattern, const Taps& taps, ConstRows x, ConstRows dy, const Sink& sink,
         float* bias_gradient) {
  if (pattern.nnz > 0) {
    const Slices slices = slices_of(pattern.rows, dy.positions);
    float* sums = workspace.scratch_of<float>(static_cast<size_t>(slices.count) * pattern.nnz);
    const dim3 grid(static_cast<uint32_t>(pattern.rows), static_cast<uint32_t>(slices.count));
    SIMT_LAUNCH(slices_kernel, grid, kThreads, 0, workspace.stream(), pattern, taps, x, dy, sums, slices);
    SIMT_LAUNCH(add_slices_kernel<Sink>, static_cast<uint32_t>((pattern.nnz - 1) / kThreads + 1), kThreads, 0,
                workspace.stream(), sums, slices.count, pattern.nnz, sink);
  }
  if (bias_gradient != nullptr) row_sums(workspace, dy, bias_gradient);
}

}  // namespace

void sddmm(Workspace& workspace, const Csr& pattern, const Taps& taps, ConstRows x, ConstRows dy, float* gradient,
           float* bias_gradient) {
  run(workspace, pattern, taps, x, dy, GradientSink{gradient}, bias_gradient);
}

void sddmm_sgd(Workspace& workspace, const Csr& pattern, const Taps& taps, ConstRows x, ConstRows dy,
               const UpdatedWeights& weights, float* bias_gradient, const SgdRule& rule) {
  run(workspace, pattern, taps, x, dy, SgdSink{weights, rule, workspace.halted()}, bias_gradient);
}

}  // namespace espalier
