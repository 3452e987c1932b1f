/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cmath>

#include "gemm/operand.h"
#include "gemm/result.h"

namespace espalier {

/** The part of the result that a block owns, kRows x kColumns, of which a thread owns kThreadRows x kThreadColumns
    elements; terms of the sum are brought to shared memory kDepth at a time. Registers are dealt out so that kBlocks
    blocks fit a multiprocessor and hide each other's barriers. */
template <int kRows_, int kColumns_, int kDepth_, int kThreadRows_, int kThreadColumns_, int kBlocks_>
struct TileShape {
  static constexpr int kRows = kRows_;
  static constexpr int kColumns = kColumns_;
  static constexpr int kDepth = kDepth_;
  static constexpr int kThreadRows = kThreadRows_;
  static constexpr int kThreadColumns = kThreadColumns_;
  static constexpr int kBlocks = kBlocks_;
  static constexpr int kThreads = kRows / kThreadRows * (kColumns / kThreadColumns);
  static_assert(kThreadRows % 4 == 0 && kThreadColumns % 4 == 0, "threads own quads");
};

/**
 * Adds kDepth terms to a thread's sums. Of each term a thread reads its rows and columns as quads, 16 bytes at a time;
 * quad q stands q * (tile / quads of a thread) further, so that the quads of neighbouring threads are neighbours and
 * touch each bank once. An 8 x 8 thread reads 64 bytes for 64 fused multiply-adds.
 */
template <class Shape>
__device__ __forceinline__ void multiply_tiles(const float* a_tile, const float* b_tile, int a_pitch, int b_pitch,
                                               int thread_row, int thread_column,
                                               float (&sum)[Shape::kThreadRows][Shape::kThreadColumns]) {
  constexpr int kRowStep = Shape::kRows / (Shape::kThreadRows / 4);
  constexpr int kColumnStep = Shape::kColumns / (Shape::kThreadColumns / 4);
#pragma unroll
  for (int k = 0; k < Shape::kDepth; ++k) {
    float a[Shape::kThreadRows];
    float b[Shape::kThreadColumns];
#pragma unroll
    for (int q = 0; q < Shape::kThreadRows / 4; ++q) {
      const float4 quad = *reinterpret_cast<const float4*>(a_tile + k * a_pitch + q * kRowStep + 4 * thread_row);
      a[4 * q] = quad.x, a[4 * q + 1] = quad.y, a[4 * q + 2] = quad.z, a[4 * q + 3] = quad.w;
    }
#pragma unroll
    for (int q = 0; q < Shape::kThreadColumns / 4; ++q) {
      const float4 quad = *reinterpret_cast<const float4*>(b_tile + k * b_pitch + q * kColumnStep + 4 * thread_column);
      b[4 * q] = quad.x, b[4 * q + 1] = quad.y, b[4 * q + 2] = quad.z, b[4 * q + 3] = quad.w;
    }
#pragma unroll
    for (int i = 0; i < Shape::kThreadRows; ++i) {
#pragma unroll
      for (int j = 0; j < Shape::kThreadColumns; ++j) sum[i][j] = fmaf(a[i], b[j], sum[i][j]);
    }
  }
}

/**
 * result[i,j] = sum over k of a(i,k) * b(j,k): every block owns one tile of the result, or, in slices of blockIdx.y,
 * the share of some terms in it. A slice's share goes to a matrix of its own, result.rows * result.stride floats after
 * the one before.
 *
 * A tile of R x C elements reads 4 (R + C) bytes for 2 R C flops of every term, 32 flops a byte with 128 x 128: two
 * tiles of each operand stand in shared memory, the one being multiplied and the one that its threads bring meanwhile
 * by way of registers, with one barrier a tile. Terms are added one by one in their order.
 */
template <class Shape, Along kA, Along kB>
__global__ void __launch_bounds__(Shape::kThreads, Shape::kBlocks)
    tile_kernel(Operand<kA> a, Operand<kB> b, int32_t depth, int32_t slice_depth, Result result) {
  using ALoader = TileLoader<kA, Shape::kRows, Shape::kDepth, Shape::kThreads>;
  using BLoader = TileLoader<kB, Shape::kColumns, Shape::kDepth, Shape::kThreads>;
  SIMT_SHARED(float4, a_shared, 2 * ALoader::kFloats / 4);
  SIMT_SHARED(float4, b_shared, 2 * BLoader::kFloats / 4);
  float* a_tile = reinterpret_cast<float*>(a_shared);
  float* b_tile = reinterpret_cast<float*>(b_shared);

  const uint32_t row_tiles = (static_cast<uint32_t>(result.rows) + Shape::kRows - 1) / Shape::kRows;
  const int64_t first_row = static_cast<int64_t>(blockIdx.x % row_tiles) * Shape::kRows;
  const int64_t first_column = static_cast<int64_t>(blockIdx.x / row_tiles) * Shape::kColumns;
  const int32_t begin = blockIdx.y * slice_depth;
  const int32_t end = depth - begin < slice_depth ? depth : begin + slice_depth;
  constexpr int kThreadsAcross = Shape::kColumns / Shape::kThreadColumns;
  const int thread_row = threadIdx.x / kThreadsAcross;
  const int thread_column = threadIdx.x % kThreadsAcross;

  ALoader a_loader(a, first_row, begin);
  BLoader b_loader(b, first_column, begin);
  a_loader.fetch(end - begin);
  b_loader.fetch(end - begin);
  a_loader.put(a_tile);
  b_loader.put(b_tile);
  __syncthreads();

  float sum[Shape::kThreadRows][Shape::kThreadColumns] = {};
  int current = 0;
  for (int32_t k = begin; k < end; k += Shape::kDepth) {
    const int32_t left = end - k - Shape::kDepth;
    const bool more = left > 0;
    if (more) {
      a_loader.fetch(left);
      b_loader.fetch(left);
    }
    multiply_tiles<Shape>(a_tile + current * ALoader::kFloats, b_tile + current * BLoader::kFloats, ALoader::kPitch,
                          BLoader::kPitch, thread_row, thread_column, sum);
    current ^= 1;
    if (more) {
      a_loader.put(a_tile + current * ALoader::kFloats);
      b_loader.put(b_tile + current * BLoader::kFloats);
    }
    __syncthreads();
  }

  result.data += blockIdx.y * (static_cast<size_t>(result.rows) * result.stride);
  constexpr int kRowStep = Shape::kRows / (Shape::kThreadRows / 4);
  constexpr int kColumnStep = Shape::kColumns / (Shape::kThreadColumns / 4);
#pragma unroll
  for (int i = 0; i < Shape::kThreadRows; ++i) {
    const int64_t row = first_row + i / 4 * kRowStep + 4 * thread_row + i % 4;
    if (row >= result.rows) continue;
#pragma unroll
    for (int j = 0; j < Shape::kThreadColumns; j += 4) {
      const int64_t column = first_column + j / 4 * kColumnStep + 4 * thread_column;
      if (column < result.columns) {
        result.write(static_cast<int32_t>(row), static_cast<int32_t>(column),
                     make_float4(sum[i][j], sum[i][j + 1], sum[i][j + 2], sum[i][j + 3]));
      }
    }
  }
}

}  // namespace espalier
