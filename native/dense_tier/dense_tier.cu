/* SPDX-License-Identifier: Apache-2.0 */
#include "dense_tier/dense_tier.h"

#include "base/error.h"
#include "gemm/gemm.h"
#include "gemm/result.h"
#include "rows/quads.h"
#include "rows/rows.h"
#include "update/sgd_step.h"

namespace espalier {
namespace {

constexpr int kThreads = 256;
constexpr int kWarpsPerBlock = kThreads / 32;

/** The row of a warp, or the end of the rows. */
__device__ __forceinline__ int32_t warp_row() {
  return static_cast<int32_t>(blockIdx.x * kWarpsPerBlock + threadIdx.x / 32);
}

dim3 blocks_for_rows(int32_t rows) { return dim3(static_cast<uint32_t>((rows + kWarpsPerBlock - 1) / kWarpsPerBlock)); }

/** Writes the connections of a row into the zeros of its dense form. A warp owns a row: it reads its entries in order. */
__global__ void __launch_bounds__(kThreads) scatter_kernel(Csr csr, float* dense) {
  const int32_t row = warp_row();
  if (row >= csr.rows) return;
  float* to = dense + static_cast<size_t>(row) * csr.columns;
  for (int32_t k = csr.row_start[row] + static_cast<int32_t>(threadIdx.x % 32); k < csr.row_start[row + 1]; k += 32) {
    to[csr.column[k]] = csr.values[k];
  }
}

/** Picks the gradients of the connections out of a dense gradient. */
__global__ void __launch_bounds__(kThreads) sample_kernel(Csr pattern, const float* dense, float* gradient) {
  const int32_t row = warp_row();
  if (row >= pattern.rows) return;
  const float* from = dense + static_cast<size_t>(row) * pattern.columns;
  for (int32_t k = pattern.row_start[row] + static_cast<int32_t>(threadIdx.x % 32); k < pattern.row_start[row + 1]; k += 32) {
    gradient[k] = from[pattern.column[k]];
  }
}

/** The same, with the optimizer's step at once. */
__global__ void __launch_bounds__(kThreads)
    sample_sgd_kernel(Csr pattern, const float* dense, UpdatedWeights weights, SgdRule rule, const int32_t* halted) {
  const int32_t row = warp_row();
  if (row >= pattern.rows || *halted != 0) return;
  const float rate = rule.learning_rate.value();
  const float* from = dense + static_cast<size_t>(row) * pattern.columns;
  for (int32_t k = pattern.row_start[row] + static_cast<int32_t>(threadIdx.x % 32); k < pattern.row_start[row + 1]; k += 32) {
    float* velocity = weights.velocity ? weights.velocity + k : nullptr;
    const float value = sgd_step(weights.values[k], from[pattern.column[k]], velocity, rule, rate, 1.0f);
    weights.values[k] = value;
    if (weights.transposed) weights.transposed[weights.slot[k]] = value;
  }
}

/** Bias and epilogue of a product that came without. */
struct FinishInPlace {
  Result result;

  __device__ void operator()(int32_t row, int32_t position) const {
    result.write(row, position, load_quad(result.data + static_cast<size_t>(row) * result.stride, position));
  }
};

bool use_vendor(vendor::Precision precision) {
  const std::string missing = vendor::cublaslt_missing();
  if (precision == vendor::Precision::Tf32 && !missing.empty()) throw Error(ESP_MISSING_LIBRARY, missing);
  return missing.empty();
}

float* write_out(Workspace& workspace, const Csr& csr) {
  const size_t bytes = sizeof(float) * static_cast<size_t>(csr.rows) * static_cast<size_t>(csr.columns);
  float* dense = static_cast<float*>(workspace.operands(bytes));
  device::zero(workspace.stream(), dense, bytes);
  if (csr.nnz > 0) {
    SIMT_LAUNCH(scatter_kernel, blocks_for_rows(csr.rows), dim3(kThreads), 0, workspace.stream(), csr, dense);
  }
  return dense;
}

/** dW as a whole, in the shared memory. Rows of the library's matrices are columns of ours: dW^T = X * dY^T. */
const float* dense_gradient(Workspace& workspace, const Csr& pattern, ConstRows x, ConstRows dy, vendor::Precision precision) {
  auto* dense = workspace.operands_of<float>(static_cast<size_t>(pattern.rows) * static_cast<size_t>(pattern.columns));
  if (x.positions > 0 && use_vendor(precision)) {
    vendor::multiply(workspace,
                     {pattern.columns, pattern.rows, x.positions, x.data, x.stride, true, dy.data, dy.stride, false, dense,
                      pattern.columns},
                     precision);
  } else {
    gemm_gradient(workspace, x, dy, dense);
  }
  return dense;
}

bool empty(const Csr& csr) { return csr.rows == 0 || csr.columns == 0 || csr.nnz == 0; }

}  // namespace

void spmm_dense(Workspace& workspace, const Csr& weights, const float* bias, ConstRows x, Rows y, const Epilogue& epilogue,
                vendor::Precision precision) {
  if (y.rows == 0 || y.positions == 0) return;
  const float* dense = write_out(workspace, weights);
  if (weights.columns == 0 || !use_vendor(precision)) {
    gemm(workspace, dense, bias, x, y, epilogue);
    return;
  }
  // Y^T = X^T * W^T
  vendor::multiply(workspace,
                   {y.positions, y.rows, x.rows, x.data, x.stride, false, dense, x.rows, false, y.data, y.stride}, precision);
  if (bias || epilogue.kind != EpilogueKind::None) {
    const Result result{y.data, static_cast<size_t>(y.stride), y.rows, y.positions, true, bias, epilogue};
    for_each_quad(workspace.stream(), y.rows, y.positions, FinishInPlace{result});
  }
}

void sddmm_dense(Workspace& workspace, const Csr& pattern, ConstRows x, ConstRows dy, float* gradient, float* bias_gradient,
                 vendor::Precision precision) {
  if (!empty(pattern)) {
    const float* dense = dense_gradient(workspace, pattern, x, dy, precision);
    SIMT_LAUNCH(sample_kernel, blocks_for_rows(pattern.rows), dim3(kThreads), 0, workspace.stream(), pattern, dense, gradient);
  }
  if (bias_gradient) row_sums(workspace, dy, bias_gradient);
}

void sddmm_sgd_dense(Workspace& workspace, const Csr& pattern, ConstRows x, ConstRows dy, const UpdatedWeights& weights,
                     float* bias_gradient, const SgdRule& rule, vendor::Precision precision) {
  if (!empty(pattern)) {
    const float* dense = dense_gradient(workspace, pattern, x, dy, precision);
    SIMT_LAUNCH(sample_sgd_kernel, blocks_for_rows(pattern.rows), dim3(kThreads), 0, workspace.stream(), pattern, dense, weights,
                rule, workspace.halted());
  }
  if (bias_gradient) row_sums(workspace, dy, bias_gradient);
}

}  // namespace espalier
