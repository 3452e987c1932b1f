/* SPDX-License-Identifier: Apache-2.0 */
// The copy ordered by column: a stable sort of the entries by column keeps the rows of each column ascending. Bytes:
// the sort moves 16 for each entry and every 8 bits of a column number, the placement 28. Memory: 12 bytes for each
// entry, and what sorting takes.
#include "collect/collect.h"
#include "collect/search.h"
#include "rebuild/rebuild.h"

namespace espalier {
namespace {

constexpr int THREADS = 256;

unsigned blocks_for(int64_t count) { return static_cast<unsigned>((count + THREADS - 1) / THREADS); }

__global__ void __launch_bounds__(THREADS) number_entries(int32_t nnz, int32_t* entries) {
  const int64_t k = static_cast<int64_t>(blockIdx.x) * THREADS + threadIdx.x;
  if (k < nnz) entries[k] = static_cast<int32_t>(k);
}

/** A thread owns an entry of the copy: writes there are neighbours, reads are spread. */
__global__ void __launch_bounds__(THREADS) place(Csr csr, const int32_t* order, NewCsr transposed, int32_t* slot) {
  const int64_t at = static_cast<int64_t>(blockIdx.x) * THREADS + threadIdx.x;
  if (at >= csr.nnz) return;
  const int32_t k = order[at];
  transposed.column[at] = collect::row_of(csr.row_start, csr.rows, k);
  transposed.values[at] = csr.values[k];
  slot[k] = static_cast<int32_t>(at);
}

/** A thread owns a column, one of them the end. */
__global__ void __launch_bounds__(THREADS) start_columns(const int32_t* sorted_columns, NewCsr transposed) {
  const int64_t column = static_cast<int64_t>(blockIdx.x) * THREADS + threadIdx.x;
  if (column > transposed.rows) return;
  transposed.row_start[column] = collect::lower_bound(sorted_columns, 0, transposed.nnz, static_cast<int32_t>(column));
}

}  // namespace

void transpose(Workspace& workspace, const Csr& csr, const NewCsr& transposed, int32_t* slot) {
  const device::Stream stream = workspace.stream();
  if (csr.nnz == 0) {
    device::zero(stream, transposed.row_start, (static_cast<size_t>(csr.columns) + 1) * sizeof(int32_t));
    return;
  }
  const size_t nnz = static_cast<size_t>(csr.nnz);
  const device::Scratch scratch(stream, 3 * nnz * sizeof(int32_t));
  int32_t* entries = scratch.as<int32_t>();
  int32_t* order = entries + nnz;
  int32_t* sorted_columns = order + nnz;
  int32_t bits = 1;
  while ((csr.columns - 1) >> bits) ++bits;
  SIMT_LAUNCH(number_entries, blocks_for(csr.nnz), THREADS, 0, stream, csr.nnz, entries);
  collect::sort_pairs(stream, csr.column, sorted_columns, entries, order, csr.nnz, bits);
  SIMT_LAUNCH(place, blocks_for(csr.nnz), THREADS, 0, stream, csr, order, transposed, slot);
  SIMT_LAUNCH(start_columns, blocks_for(int64_t{1} + csr.columns), THREADS, 0, stream, sorted_columns, transposed);
  device::check_launch("transpose");
}

}  // namespace espalier
