/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/images.h"
#include "collect/search.h"
#include "gemm/operand.h"

namespace espalier {

/** The part of the gradients that a block computes at a time, and terms that stand in shared memory meanwhile. */
constexpr int kGradientSide = 64;
constexpr int kGradientTerms = 16;
constexpr int kGradientThreads = 256;

/** A layer that grows by gradient. */
struct GrowingLayer {
  using Loader = TileLoader<Along::Depth, kGradientSide, kGradientTerms, kGradientThreads>;

  Csr weights;
  const int32_t* keep;
  ConstRows x;
  ConstRows dy;

  /** What the columns from one on read. */
  __device__ __forceinline__ Loader columns(int64_t first) const {
    return Loader({x.data, x.stride, x.rows}, first, 0);
  }
};

/** A convolution that does. */
struct GrowingConvolution {
  /** One thread's share in bringing what 64 columns read, 16 positions at a time, as TileLoader does; the rows that
      columns read begin anywhere, so where this thread's 4 begin is kept. */
  class Loader {
   public:
    __device__ Loader(const GrowingConvolution& layer, int64_t first) {
      next_ = layer.x.data + term();
#pragma unroll
      for (int e = 0; e < kCount; ++e) {
        const int64_t column = first + side(e);
        offset_[e] = column < layer.weights.columns
                         ? layer.taps.offset(static_cast<int32_t>(column), layer.x.stride)
                         : kNone;
      }
    }

    __device__ __forceinline__ void fetch(int32_t terms) {
#pragma unroll
      for (int e = 0; e < kCount; ++e) {
        value_[e] = offset_[e] != kNone && term() < terms ? next_[offset_[e]] : 0.0f;
      }
      next_ += kGradientTerms;
    }

    __device__ __forceinline__ void put(float* tile) const {
#pragma unroll
      for (int e = 0; e < kCount; ++e) tile[term() * GrowingLayer::Loader::kPitch + side(e)] = value_[e];
    }

   private:
    static constexpr int kAcross = kGradientThreads / kGradientTerms;
    static constexpr int kCount = kGradientSide / kAcross;
    static constexpr int64_t kNone = INT64_MIN;
    static __device__ __forceinline__ int term() { return threadIdx.x % kGradientTerms; }
    static __device__ __forceinline__ int side(int e) { return threadIdx.x / kGradientTerms + e * kAcross; }

    const float* next_;
    int64_t offset_[kCount];
    float value_[kCount];
  };

  Csr weights;
  const int32_t* keep;
  ConstRows x;
  ConstRows dy;
  Taps taps;

  __device__ __forceinline__ Loader columns(int64_t first) const { return Loader(*this, first); }
};

/**
 * The gradients of a tile of cells, and which of them are free. A block owns the tile, a thread 4 x 4 of its cells, the
 * gradients of which stay in registers: none is ever written.
 *
 * Terms are brought to shared memory 16 at a time, by way of registers, so that the next ones travel while these are
 * multiplied. A gradient is summed in the order of the positions; product and sum are rounded each, which is what all
 * backends agree on, so a term costs two instructions instead of one. Of each term a thread reads 32 bytes for its 16
 * products and sums, and a block 512 bytes from the second-level cache for 8192 flops.
 */
template <class Layer>
class GradientTile {
 public:
  static constexpr int kSide = kGradientSide;
  static constexpr int kThreads = kGradientThreads;

  /** Of a layer; tiles are counted row by row. */
  static __host__ __device__ int64_t across(const Layer& layer) {
    return (static_cast<int64_t>(layer.weights.columns) + kSide - 1) / kSide;
  }
  static int64_t count(const Layer& layer) {
    return (static_cast<int64_t>(layer.weights.rows) + kSide - 1) / kSide * across(layer);
  }

  /** Computes a tile. All threads of the block take part, and may go on to another tile afterwards. */
  __device__ void compute(const Layer& layer, int64_t tile) {
    first_row_ = tile / across(layer) * kSide;
    first_column_ = tile % across(layer) * kSide;
    columns_ = layer.weights.columns;
    find_free(layer);
    sum_terms(layer);
  }

  /** This thread's cells, 0 to 15. */
  static constexpr int kCells = 16;
  __device__ __forceinline__ bool is_free(int cell) const { return free_ >> cell & 1; }
  __device__ __forceinline__ float gradient(int cell) const { return sum_[cell / 4][cell % 4]; }
  __device__ __forceinline__ uint64_t position(int cell) const {
    return static_cast<uint64_t>((first_row_ + row() + cell / 4) * columns_ + first_column_ + column() + cell % 4);
  }

 private:
  static constexpr int kTerms = kGradientTerms;
  static constexpr int kWords = kSide / 32;  // of 32 cells, in a row of the tile
  using Loader = GrowingLayer::Loader;

  static __device__ __forceinline__ int row() { return threadIdx.x / (kSide / 4) * 4; }
  static __device__ __forceinline__ int column() { return threadIdx.x % (kSide / 4) * 4; }

  /** Marks the survivors of the tile in shared memory, four threads for each row, and reads this thread's cells. */
  __device__ void find_free(const Layer& layer) {
    SIMT_SHARED(uint32_t, taken, kSide * kWords);
    __syncthreads();  // the tile before has been read
    for (int word = threadIdx.x; word < kSide * kWords; word += kThreads) taken[word] = 0;
    __syncthreads();
    constexpr int kPerRow = kThreads / kSide;
    const int tile_row = threadIdx.x / kPerRow;
    const int64_t own_row = first_row_ + tile_row;
    if (own_row < layer.weights.rows) {
      const int32_t* column = layer.weights.column;
      const int32_t end = layer.weights.row_start[own_row + 1];
      int32_t k = collect::lower_bound(column, layer.weights.row_start[own_row], end,
                                       static_cast<int32_t>(first_column_));
      for (k += threadIdx.x % kPerRow; k < end && column[k] < first_column_ + kSide; k += kPerRow) {
        const int32_t c = static_cast<int32_t>(column[k] - first_column_);
        if (layer.keep[k] == 1) atomicOr(&taken[tile_row * kWords + c / 32], 1u << c % 32);
      }
    }
    __syncthreads();
    free_ = 0;
    const int64_t columns_left = columns_ - first_column_ - column();
    const uint32_t inside = columns_left >= 4 ? 15u : columns_left > 0 ? (1u << columns_left) - 1 : 0u;
    for (int i = 0; i < 4; ++i) {
      const uint32_t four = ~taken[(row() + i) * kWords + column() / 32] >> column() % 32 & inside;
      if (first_row_ + row() + i < layer.weights.rows) free_ |= four << 4 * i;
    }
  }

  __device__ void sum_terms(const Layer& layer) {
    SIMT_SHARED(float4, dy_shared, Loader::kFloats / 4);
    SIMT_SHARED(float4, x_shared, Loader::kFloats / 4);
    float* dy_tile = reinterpret_cast<float*>(dy_shared);
    float* x_tile = reinterpret_cast<float*>(x_shared);
    Loader dy_loader({layer.dy.data, layer.dy.stride, layer.dy.rows}, first_row_, 0);
    auto x_loader = layer.columns(first_column_);
    const int32_t positions = layer.x.positions;
    dy_loader.fetch(positions);
    x_loader.fetch(positions);
#pragma unroll
    for (int cell = 0; cell < kCells; ++cell) sum_[cell / 4][cell % 4] = 0;
    for (int32_t term = 0; term < positions; term += kTerms) {
      __syncthreads();  // the terms before have been added
      dy_loader.put(dy_tile);
      x_loader.put(x_tile);
      __syncthreads();
      if (positions - term > kTerms) {
        dy_loader.fetch(positions - term - kTerms);
        x_loader.fetch(positions - term - kTerms);
      }
      add(dy_tile + row(), x_tile + column());
    }
  }

  /** Adds the terms in shared memory. Those beyond the positions are 0 and change no magnitude. */
  __device__ __forceinline__ void add(const float* dy_tile, const float* x_tile) {
#pragma unroll
    for (int term = 0; term < kTerms; ++term) {
      const float4 d = *reinterpret_cast<const float4*>(dy_tile + term * Loader::kPitch);
      const float4 v = *reinterpret_cast<const float4*>(x_tile + term * Loader::kPitch);
      add_row(sum_[0], d.x, v);
      add_row(sum_[1], d.y, v);
      add_row(sum_[2], d.z, v);
      add_row(sum_[3], d.w, v);
    }
  }
  static __device__ __forceinline__ void add_row(float (&sum)[4], float factor, float4 v) {
    sum[0] += factor * v.x;
    sum[1] += factor * v.y;
    sum[2] += factor * v.z;
    sum[3] += factor * v.w;
  }

  int64_t first_row_;
  int64_t first_column_;
  int64_t columns_;
  uint32_t free_;  // a bit for each cell
  float sum_[4][4];
};

}  // namespace espalier
