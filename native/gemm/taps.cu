/* SPDX-License-Identifier: Apache-2.0 */
// Dense products of convolutions: one tiled kernel, whose operands know where their elements are. No column of taps is
// ever written out.
#include "gemm/taps.h"

#include <algorithm>

#include "base/epilogue.h"
#include "gemm/operand.h"
#include "gemm/slices.h"
#include "gemm/tile_kernel.h"

namespace espalier {
namespace {

using Tile = TileShape<64, 64, 16, 4, 4, 3>;
constexpr int kPitch = TileLoader<Along::Depth, Tile::kRows, Tile::kDepth, Tile::kThreads>::kPitch;
static_assert(Tile::kRows == 64 && Tile::kColumns == 64 && Tile::kThreads == 256, "both operands are brought alike");

// Operands: element (side, term) of the part of the product that belongs to a phase, and how long its sums are. Only
// the input gradient has more than one part, for its rows of different phases have different taps.

/** Weights in the forward product: a side is a row, a term a column. */
struct Weights {
  static constexpr Along kAlong = Along::Depth;
  const float* data;
  int32_t sides;
  int32_t columns;

  __device__ __forceinline__ float at(int32_t, int32_t row, int32_t column) const {
    return data[static_cast<size_t>(row) * columns + column];
  }
};

/** Input in the forward product: a side is a position, a term a column. */
struct Input {
  static constexpr Along kAlong = Along::Side;
  ConstRows x;
  Taps taps;
  int32_t sides;
  int32_t columns;

  __device__ __forceinline__ int32_t depth(int32_t) const { return columns; }
  __device__ __forceinline__ float at(int32_t, int32_t position, int32_t column) const {
    return x.data[taps.offset(column, x.stride) + position];
  }
};

/** Weights in the input gradient: a side is a channel of the input; terms are tap by tap of the phase, and of each all
    rows. */
struct TransposedWeights {
  static constexpr Along kAlong = Along::Side;
  const float* data;
  Taps taps;
  Divisor rows;
  int32_t sides;

  __device__ __forceinline__ float at(int32_t phase, int32_t channel, int32_t term) const {
    const int32_t tap = rows.quotient(term);
    const int32_t row = term - tap * rows.value;
    const int32_t column = channel * taps.count.value + taps.first[phase] + tap;
    return data[static_cast<size_t>(row) * sides * taps.count.value + column];
  }
};

/** Gradient of the output in the input gradient: a side is a position, terms as those of TransposedWeights. */
struct OutputGradient {
  static constexpr Along kAlong = Along::Side;
  ConstRows dy;
  Taps taps;
  Divisor rows;
  int32_t sides;

  __device__ __forceinline__ int32_t depth(int32_t phase) const {
    return (taps.first[phase + 1] - taps.first[phase]) * rows.value;
  }
  __device__ __forceinline__ float at(int32_t phase, int32_t position, int32_t term) const {
    const int32_t tap = rows.quotient(term);
    const int32_t row = term - tap * rows.value;
    return dy.row(row)[position - taps.taps[taps.first[phase] + tap].y];
  }
};

/** Gradient of the output in the weight gradient: a side is a row, a term a position. */
struct OutputRows {
  static constexpr Along kAlong = Along::Depth;
  ConstRows dy;
  int32_t sides;

  __device__ __forceinline__ float at(int32_t, int32_t row, int32_t position) const { return dy.row(row)[position]; }
};

/** Input in the weight gradient: a side is a column, a term a position. */
struct InputRows {
  static constexpr Along kAlong = Along::Depth;
  ConstRows x;
  Taps taps;
  int32_t sides;

  __device__ __forceinline__ int32_t depth(int32_t) const { return x.positions; }
  __device__ __forceinline__ float at(int32_t, int32_t column, int32_t position) const {
    return x.data[taps.offset(column, x.stride) + position];
  }
};

/** A result that is images: row r of part `phase` is row r * phases + phase of all. */
struct ImageResult {
  Images y;
  int32_t phases;
  const float* bias;
  Epilogue epilogue;

  __device__ __forceinline__ void put(int32_t phase, int32_t row, int32_t position, float sum) const {
    if (position >= y.rows.stride) return;
    const int32_t r = row * phases + phase;
    const bool pixel = y.holds_pixel(position);
    const float b = bias == nullptr ? 0 : bias[r];
    y.rows.row(r)[position] = pixel ? finish(epilogue, sum + b, r, position) : 0.0f;
  }
};

/** A slice of a matrix of weights. */
struct SliceResult {
  float* data;
  int32_t rows;
  int32_t columns;

  __device__ __forceinline__ void put(int32_t, int32_t row, int32_t column, float sum) const {
    if (column >= columns) return;
    data[(static_cast<size_t>(blockIdx.y) * rows + row) * columns + column] = sum;
  }
};

/** Brings a tile, term by term, to shared memory; what is beyond the operand is 0. */
template <class Operand>
__device__ __forceinline__ void bring(const Operand& operand, int32_t phase, int64_t first_side, int32_t first_term,
                                      int32_t end, float* tile) {
  constexpr int kElements = Tile::kRows * Tile::kDepth / Tile::kThreads;
  constexpr int kLine = Operand::kAlong == Along::Depth ? Tile::kDepth : Tile::kRows;
#pragma unroll
  for (int e = 0; e < kElements; ++e) {
    const int along = threadIdx.x % kLine;
    const int across = threadIdx.x / kLine + e * (Tile::kThreads / kLine);
    const int s = Operand::kAlong == Along::Depth ? across : along;
    const int t = Operand::kAlong == Along::Depth ? along : across;
    const bool inside = first_side + s < operand.sides && first_term + t < end;
    tile[t * kPitch + s] = inside ? operand.at(phase, static_cast<int32_t>(first_side + s), first_term + t) : 0.0f;
  }
}

/**
 * result[i,j] = sum over k of left(i,k) * right(j,k), in the part of phase blockIdx.z and the slice blockIdx.y of the
 * sum. A block owns 64 x 64 elements, a thread 4 x 4; 16 terms at a time stand in shared memory, so that an element of
 * an operand that was brought is used 64 times: 32 flops for 4 bytes of the second-level cache. Terms are added one by
 * one in their order.
 */
template <class Left, class Right, class Target>
__global__ void __launch_bounds__(Tile::kThreads, Tile::kBlocks)
    taps_kernel(Left left, Right right, uint32_t row_tiles, int32_t slice_depth, Target target) {
  SIMT_SHARED(float4, left_shared, kPitch* Tile::kDepth / 4);
  SIMT_SHARED(float4, right_shared, kPitch* Tile::kDepth / 4);
  float* left_tile = reinterpret_cast<float*>(left_shared);
  float* right_tile = reinterpret_cast<float*>(right_shared);
  const int64_t first_row = static_cast<int64_t>(blockIdx.x % row_tiles) * Tile::kRows;
  const int64_t first_column = static_cast<int64_t>(blockIdx.x / row_tiles) * Tile::kColumns;
  const int32_t phase = static_cast<int32_t>(blockIdx.z);
  const int32_t depth = right.depth(phase);
  const int32_t begin = static_cast<int32_t>(blockIdx.y) * slice_depth;
  const int32_t end = depth - begin < slice_depth ? depth : begin + slice_depth;
  const int thread_row = threadIdx.x / 16;
  const int thread_column = threadIdx.x % 16;

  float sum[4][4] = {};
  for (int32_t k = begin; k < end; k += Tile::kDepth) {
    bring(left, phase, first_row, k, end, left_tile);
    bring(right, phase, first_column, k, end, right_tile);
    __syncthreads();
    multiply_tiles<Tile>(left_tile, right_tile, kPitch, kPitch, thread_row, thread_column, sum);
    __syncthreads();  // the next tiles go where these are
  }

#pragma unroll
  for (int i = 0; i < 4; ++i) {
    const int64_t row = first_row + 4 * thread_row + i;
    if (row >= left.sides) return;
#pragma unroll
    for (int j = 0; j < 4; ++j) {
      const int64_t column = first_column + 4 * thread_column + j;
      target.put(phase, static_cast<int32_t>(row), static_cast<int32_t>(column), sum[i][j]);
    }
  }
}

constexpr int kAddThreads = 256;

/** A thread adds the slices of one element in their order. */
__global__ void __launch_bounds__(kAddThreads)
    add_slices_kernel(const float* parts, int32_t slices, size_t size, float* gradient) {
  const size_t at = static_cast<size_t>(blockIdx.x) * kAddThreads + threadIdx.x;
  if (at >= size) return;
  float sum = parts[at];
#pragma unroll 4
  for (int32_t slice = 1; slice < slices; ++slice) sum += parts[slice * size + at];
  gradient[at] = sum;
}

uint32_t tiles(int32_t sides) { return (static_cast<uint32_t>(sides) + Tile::kRows - 1) / Tile::kRows; }

/** @param width of the result, padding included */
template <class Left, class Right>
void multiply(Workspace& workspace, const Left& left, const Right& right, int32_t width, int32_t parts,
              const ImageResult& result) {
  const uint32_t row_tiles = tiles(left.sides);
  const uint32_t column_tiles = tiles(width);
  if (row_tiles * column_tiles == 0) return;
  const dim3 grid(row_tiles * column_tiles, 1, static_cast<uint32_t>(parts));
  SIMT_LAUNCH((taps_kernel<Left, Right, ImageResult>), grid, dim3(Tile::kThreads), 0, workspace.stream(), left, right,
              row_tiles, INT32_MAX, result);
}

}  // namespace

void gemm(Workspace& workspace, const float* weights, const Taps& taps, const float* bias, ConstRows x, Rows y,
          const Epilogue& epilogue) {
  const int32_t columns = x.rows / taps.phases * taps.count.value;
  multiply(workspace, Weights{weights, y.rows, columns}, Input{x, taps, y.positions, columns}, y.stride, 1,
           ImageResult{{y, taps.output}, 1, bias, epilogue});
}

void gemm_transposed(Workspace& workspace, const float* weights, const Taps& taps, ConstRows dy, Rows dx,
                     const Epilogue& epilogue) {
  const Divisor rows = Divisor::of(std::max(dy.rows, 1));
  multiply(workspace, TransposedWeights{weights, taps, rows, dx.rows / taps.phases},
           OutputGradient{dy, taps, rows, dx.positions}, dx.stride, taps.phases,
           ImageResult{{dx, taps.input}, taps.phases, nullptr, epilogue});
}

void gemm_gradient(Workspace& workspace, const Taps& taps, ConstRows x, ConstRows dy, float* gradient) {
  const int32_t columns = x.rows / taps.phases * taps.count.value;
  const size_t size = static_cast<size_t>(dy.rows) * columns;
  if (size == 0) return;
  const uint32_t row_tiles = tiles(dy.rows);
  const uint32_t blocks = row_tiles * tiles(columns);
  const SumSlices slices = sum_slices(blocks, x.positions, Tile::kDepth);
  float* parts = slices.count == 1 ? gradient : workspace.scratch_of<float>(slices.count * size);
  const OutputRows left{dy, dy.rows};
  const InputRows right{x, taps, columns};
  SIMT_LAUNCH((taps_kernel<OutputRows, InputRows, SliceResult>), dim3(blocks, static_cast<uint32_t>(slices.count)),
              dim3(Tile::kThreads), 0, workspace.stream(), left, right, row_tiles, slices.depth,
              SliceResult{parts, dy.rows, columns});
  if (slices.count > 1) {
    SIMT_LAUNCH(add_slices_kernel, static_cast<uint32_t>((size - 1) / kAddThreads + 1), dim3(kAddThreads), 0,
                workspace.stream(), parts, slices.count, size, gradient);
  }
}

}  // namespace espalier
