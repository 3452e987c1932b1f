/* SPDX-License-Identifier: Apache-2.0 */
#include "gemm/gemm.h"

#include "gemm/slices.h"
#include "gemm/tile_kernel.h"
#include "rows/quads.h"

namespace espalier {
namespace {

using LargeTile = TileShape<128, 128, 8, 8, 8, 2>;  // 256 threads
using MediumTile = TileShape<64, 64, 16, 4, 4, 3>;  // 256 threads
using FlatTile = TileShape<16, 64, 16, 4, 4, 8>;    // 64 threads; for the few rows of an output layer

template <class Shape>
int64_t tiles(const Result& result) {
  const int64_t down = (static_cast<int64_t>(result.rows) + Shape::kRows - 1) / Shape::kRows;
  const int64_t across = (static_cast<int64_t>(result.columns) + Shape::kColumns - 1) / Shape::kColumns;
  return down * across;
}

/** Adds the slices of a quad in their order and finishes it. */
struct AddSlices {
  const float* partial;
  size_t stride;
  int32_t slices;
  Result result;

  __device__ void operator()(int32_t row, int32_t column) const {
    const float* from = partial + static_cast<size_t>(row) * stride;
    float4 sum = load_quad(from, column);
    for (int32_t slice = 1; slice < slices; ++slice) {
      from += static_cast<size_t>(result.rows) * stride;
      sum = map(sum, load_quad(from, column), [](float a, float b) { return a + b; });
    }
    result.write(row, column, sum);
  }
};

/** Runs the product with tiles of one shape; when they are few, in slices of the sum. */
template <class Shape, Along kA, Along kB>
void multiply_with(Workspace& workspace, const Operand<kA>& a, const Operand<kB>& b, int32_t depth,
                   const Result& result) {
  const int64_t blocks = tiles<Shape>(result);
  const SumSlices slices = sum_slices(blocks, depth, Shape::kDepth);
  const dim3 grid(static_cast<uint32_t>(blocks), static_cast<uint32_t>(slices.count));
  if (slices.count == 1) {
    SIMT_LAUNCH((tile_kernel<Shape, kA, kB>), grid, dim3(Shape::kThreads), 0, workspace.stream(), a, b, depth,
                slices.depth, result);
    return;
  }
  const size_t stride = (static_cast<size_t>(result.columns) + 3) / 4 * 4;
  float* partial = workspace.scratch_of<float>(slices.count * static_cast<size_t>(result.rows) * stride);
  const Result shares{partial, stride, result.rows, result.columns, true, nullptr, {}};
  SIMT_LAUNCH((tile_kernel<Shape, kA, kB>), grid, dim3(Shape::kThreads), 0, workspace.stream(), a, b, depth,
              slices.depth, shares);
  for_each_quad(workspace.stream(), result.rows, result.columns, AddSlices{partial, stride, slices.count, result});
}

/** Chooses the tile: large ones save traffic, as long as there are enough of them. */
template <Along kA, Along kB>
void multiply(Workspace& workspace, const Operand<kA>& a, const Operand<kB>& b, int32_t depth, const Result& result) {
  if (result.rows == 0 || result.columns == 0) return;
  if (result.rows <= 2 * FlatTile::kRows) {
    multiply_with<FlatTile>(workspace, a, b, depth, result);
  } else if (tiles<LargeTile>(result) < kEnoughBlocks) {
    multiply_with<MediumTile>(workspace, a, b, depth, result);
  } else {
    multiply_with<LargeTile>(workspace, a, b, depth, result);
  }
}

}  // namespace

void gemm(Workspace& workspace, const float* weights, const float* bias, ConstRows x, Rows y,
          const Epilogue& epilogue) {
  multiply(workspace, Operand<Along::Depth>{weights, x.rows, y.rows},
           Operand<Along::Side>{x.data, x.stride, y.positions}, x.rows,
           Result{y.data, static_cast<size_t>(y.stride), y.rows, y.positions, true, bias, epilogue});
}

void gemm_transposed(Workspace& workspace, const float* weights, ConstRows dy, Rows dx, const Epilogue& epilogue) {
  multiply(workspace, Operand<Along::Side>{weights, dx.rows, dx.rows},
           Operand<Along::Side>{dy.data, dy.stride, dx.positions}, dy.rows,
           Result{dx.data, static_cast<size_t>(dx.stride), dx.rows, dx.positions, true, nullptr, epilogue});
}

void gemm_gradient(Workspace& workspace, ConstRows x, ConstRows dy, float* gradient) {
  const bool quads = x.rows % 4 == 0 && reinterpret_cast<uintptr_t>(gradient) % 16 == 0;
  multiply(workspace, Operand<Along::Depth>{dy.data, dy.stride, dy.rows},
           Operand<Along::Depth>{x.data, x.stride, x.rows}, x.positions,
           Result{gradient, static_cast<size_t>(x.rows), dy.rows, x.rows, quads, nullptr, {}});
}

}  // namespace espalier
