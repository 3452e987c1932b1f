/* SPDX-License-Identifier: Apache-2.0 */
// Merging survivors and grown connections by rank: an entry's place is its rank among the survivors plus its rank among
// the grown connections, one of which it knows and the other it finds by binary search. So every entry is placed by
// itself, in any order, and two kernels write where everything comes from; values and state follow.
//
// Bytes: 12 read and 8 written for each old entry, 8 and 8 for each grown one, then 4 + 4 read and 4 written for each
// new entry and array. Memory: 4 bytes for each old and each new entry.
#include "rebuild/rebuild.h"

#include "collect/collect.h"
#include "collect/search.h"
#include "random/values.h"

namespace espalier {
namespace {

constexpr int THREADS = 256;

unsigned blocks_for(int64_t count) { return static_cast<unsigned>((count + THREADS - 1) / THREADS); }

/** What the kernels of a merge share. Of each new entry, source tells where it comes from: k, if it is old entry k, or
    ~g, if it is grown connection g and starts afresh. */
struct Merge {
  Csr old;
  const int32_t* keep;
  const int32_t* kept_before;  // survivors before each old entry, and all of them
  const int64_t* positions;    // of the grown connections, ascending
  int32_t grown;
  bool keep_regrown;
  int32_t* row_start;
  int32_t* column;
  int32_t* source;
};

/** A thread owns a row, one of them the end. */
__global__ void __launch_bounds__(THREADS) start_rows(Merge merge) {
  const int64_t row = static_cast<int64_t>(blockIdx.x) * THREADS + threadIdx.x;
  if (row > merge.old.rows) return;
  const int64_t first_cell = row * merge.old.columns;
  merge.row_start[row] =
      merge.kept_before[merge.old.row_start[row]] + collect::lower_bound(merge.positions, 0, merge.grown, first_cell);
}

/** A thread owns an old entry. The new row starts tell how many connections are grown before its row and the next, so
    that it searches only those of its row. */
__global__ void __launch_bounds__(THREADS) place_survivors(Merge merge) {
  const int64_t k = static_cast<int64_t>(blockIdx.x) * THREADS + threadIdx.x;
  if (k >= merge.old.nnz || merge.keep[k] == 0) return;
  const int32_t* old_start = merge.old.row_start;
  const int32_t row = collect::row_of(old_start, merge.old.rows, static_cast<int32_t>(k));
  const int32_t first_grown = merge.row_start[row] - merge.kept_before[old_start[row]];
  const int32_t end_grown = merge.row_start[row + 1] - merge.kept_before[old_start[row + 1]];
  const int32_t column = merge.old.column[k];
  const int64_t position = static_cast<int64_t>(row) * merge.old.columns + column;
  const int32_t slot = merge.kept_before[k] + collect::lower_bound(merge.positions, first_grown, end_grown, position);
  merge.column[slot] = column;
  merge.source[slot] = static_cast<int32_t>(k);
}

/** A thread owns a grown connection. If it is among the old entries, it went in this update and comes back. */
__global__ void __launch_bounds__(THREADS) place_grown(Merge merge) {
  const int64_t g = static_cast<int64_t>(blockIdx.x) * THREADS + threadIdx.x;
  if (g >= merge.grown) return;
  const int64_t position = merge.positions[g];
  const int64_t row = position / merge.old.columns;
  const int32_t column = static_cast<int32_t>(position - row * merge.old.columns);
  const int32_t end = merge.old.row_start[row + 1];
  const int32_t k = collect::lower_bound(merge.old.column, merge.old.row_start[row], end, column);
  const int32_t slot = merge.kept_before[k] + static_cast<int32_t>(g);
  const bool returns = merge.keep_regrown && k < end && merge.old.column[k] == column;
  merge.column[slot] = column;
  merge.source[slot] = returns ? k : ~static_cast<int32_t>(g);
}

/** A thread owns a new entry. */
__global__ void __launch_bounds__(THREADS)
    fill_values(const int32_t* source, int32_t nnz, const float* old, Growth growth, float* values) {
  const int64_t n = static_cast<int64_t>(blockIdx.x) * THREADS + threadIdx.x;
  if (n >= nnz) return;
  const int32_t from = source[n];
  values[n] = from >= 0 ? old[from] : value_at(growth.rule, growth.value_key, growth.positions[~from]);
}

/** A thread owns a new entry. */
__global__ void __launch_bounds__(THREADS)
    fill_state(const int32_t* source, int32_t nnz, const float* old, float* merged) {
  const int64_t n = static_cast<int64_t>(blockIdx.x) * THREADS + threadIdx.x;
  if (n >= nnz) return;
  const int32_t from = source[n];
  merged[n] = from >= 0 ? old[from] : 0.0f;
}

}  // namespace

void rebuild(Workspace& workspace, const Csr& old, const int32_t* keep, const Growth& growth, const NewCsr& merged,
             const std::vector<StateArray>& state) {
  const device::Stream stream = workspace.stream();
  const device::Scratch kept_before(stream, (static_cast<size_t>(old.nnz) + 1) * sizeof(int32_t));
  const device::Scratch source(stream, static_cast<size_t>(merged.nnz) * sizeof(int32_t));
  collect::exclusive_scan(stream, keep, kept_before.as<int32_t>(), old.nnz);
  const Merge merge = {old,
                       keep,
                       kept_before.as<int32_t>(),
                       growth.positions,
                       growth.count,
                       growth.keep_regrown,
                       merged.row_start,
                       merged.column,
                       source.as<int32_t>()};
  SIMT_LAUNCH(start_rows, blocks_for(int64_t{1} + old.rows), THREADS, 0, stream, merge);
  if (old.nnz > 0) SIMT_LAUNCH(place_survivors, blocks_for(old.nnz), THREADS, 0, stream, merge);
  if (growth.count > 0) SIMT_LAUNCH(place_grown, blocks_for(growth.count), THREADS, 0, stream, merge);
  if (merged.nnz > 0) {
    const unsigned blocks = blocks_for(merged.nnz);
    SIMT_LAUNCH(fill_values, blocks, THREADS, 0, stream, source.as<int32_t>(), merged.nnz, old.values, growth,
                merged.values);
    for (const StateArray& array : state) {
      SIMT_LAUNCH(fill_state, blocks, THREADS, 0, stream, source.as<int32_t>(), merged.nnz, array.old, array.merged);
    }
  }
  device::check_launch("rebuild");
}

}  // namespace espalier
