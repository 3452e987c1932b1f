/* SPDX-License-Identifier: Apache-2.0 */
// What optimizers do to arrays of parameters, one thread an element: bound by memory, at 12 to 20 bytes an element.
// Arrays need not start on 16 bytes; a warp reads 128 bytes in a row all the same.
#include "update/update.h"

#include <algorithm>

#include "base/team_sum.h"
#include "update/sgd_step.h"

namespace espalier {
namespace {

constexpr int kThreads = 256;

dim3 grid_for(int64_t n) { return dim3(static_cast<uint32_t>((n + kThreads - 1) / kThreads)); }

__device__ __forceinline__ int64_t global_thread() {
  return static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
}

__global__ void sgd_kernel(float* values, const float* gradient, float* velocity, int64_t n, SgdRule rule,
                           const int32_t* halted) {
  const int64_t i = global_thread();
  if (i >= n || *halted != 0) return;
  values[i] = sgd_step(values[i], gradient[i], velocity ? velocity + i : nullptr, rule, rule.learning_rate.value(),
                       rule.gradient_scale.value());
}

__global__ void sync_transposed_kernel(const float* from, float* to, const int32_t* slot, int64_t nnz) {
  const int64_t k = global_thread();
  if (k < nnz) to[slot[k]] = from[k];
}

/** Blocks of the first pass; with 16 values a thread they cover 4 million values before a thread takes more. */
constexpr int64_t kMostPartials = 1024;
constexpr int64_t kValuesPerThread = 16;

/** Every block sums the squares of the values its threads meet on strides of the whole grid. */
__global__ void squares_kernel(const float* values, int64_t n, double* partials) {
  SIMT_SHARED(double, shared, kTeamBlock / 32);
  double sum = 0;
  for (int64_t i = global_thread(); i < n; i += static_cast<int64_t>(gridDim.x) * kTeamBlock) {
    const double value = values[i];
    sum = fma(value, value, sum);
  }
  sum = team_sum<kTeamBlock>(sum, shared);
  if (threadIdx.x == 0) partials[blockIdx.x] = sum;
}

/** One block adds the partial sums. */
__global__ void add_partials_kernel(const double* partials, int32_t count, double* result) {
  SIMT_SHARED(double, shared, kTeamBlock / 32);
  double sum = 0;
  for (int32_t i = threadIdx.x; i < count; i += kTeamBlock) sum += partials[i];
  sum = team_sum<kTeamBlock>(sum, shared);
  if (threadIdx.x == 0) *result = sum;
}

}  // namespace

void sgd(Workspace& workspace, float* values, const float* gradient, float* velocity, int64_t n, const SgdRule& rule) {
  if (n == 0) return;
  SIMT_LAUNCH(sgd_kernel, grid_for(n), dim3(kThreads), 0, workspace.stream(), values, gradient, velocity, n, rule,
              workspace.halted());
}

void sum_of_squares(Workspace& workspace, const float* values, int64_t n, double* result) {
  constexpr int64_t kPerBlock = kTeamBlock * kValuesPerThread;
  const int64_t count = std::min((n + kPerBlock - 1) / kPerBlock, kMostPartials);
  double* partials = nullptr;
  if (count > 0) {
    partials = workspace.scratch_of<double>(count);
    SIMT_LAUNCH(squares_kernel, dim3(static_cast<uint32_t>(count)), dim3(kTeamBlock), 0, workspace.stream(), values, n,
                partials);
  }
  SIMT_LAUNCH(add_partials_kernel, dim3(1), dim3(kTeamBlock), 0, workspace.stream(), partials,
              static_cast<int32_t>(count), result);
}

void sync_transposed(Workspace& workspace, const float* from, float* to, const int32_t* slot, int64_t nnz) {
  if (nnz == 0) return;
  SIMT_LAUNCH(sync_transposed_kernel, grid_for(nnz), dim3(kThreads), 0, workspace.stream(), from, to, slot, nnz);
}

}  // namespace espalier
