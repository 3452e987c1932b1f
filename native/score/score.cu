/* SPDX-License-Identifier: Apache-2.0 */
// Numbers for each connection, one thread an entry: bound by memory, at 8 to 24 bytes an entry. Those that need its row
// search for it.
//
// The sums that relative importance divides by go in the order of the entries, so that each is a chain of additions;
// there are as many at once as rows or columns. Columns are summed in a transposed copy, which lives for this operation
// only. Memory: what transposing takes, 12 bytes for each entry, 4 for each row and 8 for each column.
#include "score/score.h"

#include "collect/search.h"
#include "random/keys.h"
#include "rebuild/rebuild.h"
#include "score/magnitudes.h"

namespace espalier {
namespace {

constexpr int THREADS = 256;
constexpr int RANDOM_BITS = 30;  // such floats are finite and below 2

__device__ __forceinline__ int64_t position_of(const Csr& csr, int32_t k) {
  return static_cast<int64_t>(collect::row_of(csr.row_start, csr.rows, k)) * csr.columns + csr.column[k];
}

struct MagnitudeAndGradient {
  const float* values;
  const float* gradient;
  float gradient_weight;

  __device__ float operator()(int32_t k) const { return fabsf(values[k]) + gradient_weight * fabsf(gradient[k]); }
};

struct Taylor {
  const float* values;
  const float* gradient;

  __device__ float operator()(int32_t k) const { return fabsf(values[k] * gradient[k]); }
};

struct RelativeImportance {
  Csr weights;
  const float* row_sums;
  const float* column_sums;

  __device__ float operator()(int32_t k) const {
    const float magnitude = fabsf(weights.values[k]);
    const int32_t row = collect::row_of(weights.row_start, weights.rows, k);
    return share(magnitude, row_sums[row]) + share(magnitude, column_sums[weights.column[k]]);
  }

  static __device__ float share(float magnitude, float sum) { return sum == 0 ? 0.0f : magnitude / sum; }
};

struct RandomBits {
  Csr pattern;
  uint64_t key;

  __device__ float operator()(int32_t k) const {
    const uint64_t bits = hash(key, static_cast<uint64_t>(position_of(pattern, k)));
    return __uint_as_float(static_cast<uint32_t>(bits >> (64 - RANDOM_BITS)));
  }
};

struct Position {
  Csr pattern;

  __device__ int64_t operator()(int32_t k) const { return position_of(pattern, k); }
};

/** A thread owns an entry: a warp reads and writes neighbouring ones. */
template <class Formula, class Result>
__global__ void __launch_bounds__(THREADS) entries_kernel(Formula formula, int32_t nnz, Result* results) {
  const int64_t k = static_cast<int64_t>(blockIdx.x) * THREADS + threadIdx.x;
  if (k < nnz) results[k] = formula(static_cast<int32_t>(k));
}

/** Writes formula(k) for each entry k. */
template <class Formula, class Result>
void for_each_entry(device::Stream stream, const Formula& formula, int32_t nnz, Result* results) {
  const auto blocks = static_cast<unsigned>((int64_t{nnz} + THREADS - 1) / THREADS);
  SIMT_LAUNCH((entries_kernel<Formula, Result>), blocks, THREADS, 0, stream, formula, nnz, results);
}

void relative_importance(Workspace& workspace, const Csr& weights, float* scores) {
  const device::Stream stream = workspace.stream();
  const size_t rows = static_cast<size_t>(weights.rows);
  const size_t columns = static_cast<size_t>(weights.columns);
  const device::Scratch sums(stream, (rows + columns) * sizeof(float));
  float* row_sums = sums.as<float>();
  float* column_sums = row_sums + rows;
  sum_rows(stream, weights, row_sums);
  {
    const size_t nnz = static_cast<size_t>(weights.nnz);
    const device::Scratch copy(stream, (columns + 1 + 2 * nnz) * sizeof(int32_t));
    const device::Scratch values(stream, nnz * sizeof(float));
    int32_t* column_start = copy.as<int32_t>();
    int32_t* row = column_start + columns + 1;
    int32_t* slot = row + nnz;
    transpose(workspace, weights,
              {weights.columns, weights.rows, weights.nnz, column_start, row, values.as<float>()}, slot);
    sum_rows(stream, {weights.columns, weights.rows, weights.nnz, column_start, row, values.as<float>(), nullptr},
             column_sums);
  }
  for_each_entry(stream, RelativeImportance{weights, row_sums, column_sums}, weights.nnz, scores);
}

}  // namespace

void score(Workspace& workspace, const Score& score, const Csr& weights, const float* gradient, float* scores) {
  if (weights.nnz == 0) return;
  const device::Stream stream = workspace.stream();
  switch (score.kind) {
    case ScoreKind::MagnitudeAndGradient:
      for_each_entry(stream, MagnitudeAndGradient{weights.values, gradient, score.gradient_weight}, weights.nnz,
                     scores);
      break;
    case ScoreKind::Taylor:
      for_each_entry(stream, Taylor{weights.values, gradient}, weights.nnz, scores);
      break;
    case ScoreKind::RelativeImportance:
      relative_importance(workspace, weights, scores);
      break;
    case ScoreKind::Random:
      for_each_entry(stream, RandomBits{weights, static_cast<uint64_t>(score.key)}, weights.nnz, scores);
      break;
  }
  device::check_launch("score");
}

void positions(Workspace& workspace, const Csr& pattern, int64_t* positions) {
  if (pattern.nnz == 0) return;
  for_each_entry(workspace.stream(), Position{pattern}, pattern.nnz, positions);
  device::check_launch("positions");
}

}  // namespace espalier
