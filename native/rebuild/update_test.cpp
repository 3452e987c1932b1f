/* SPDX-License-Identifier: Apache-2.0 */
// Whole topology updates, from the first random cells to the transposed copy, compared with the engine's Java code: the
// golden digests are those of its HostTopology, so equal digests mean equal topologies, values and states, bit for bit.
#include <string>
#include <vector>

#include "grow/grow.h"
#include "prune/prune.h"
#include "random/keys.h"
#include "rebuild/rebuild.h"
#include "test/check.h"

namespace espalier::test {
namespace {

uint64_t digest_of(const Array<int32_t>& array) {
  uint64_t digest = array.size();
  for (int32_t number : array.values()) digest = hash(digest, static_cast<uint64_t>(int64_t{number}));
  return digest;
}

uint64_t digest_of(const Array<int64_t>& array) {
  uint64_t digest = array.size();
  for (int64_t number : array.values()) digest = hash(digest, static_cast<uint64_t>(number));
  return digest;
}

uint64_t digest_of(const Array<float>& array) {
  uint64_t digest = array.size();
  for (float number : array.values()) {
    int32_t bits;
    memcpy(&bits, &number, sizeof(bits));
    digest = hash(digest, static_cast<uint64_t>(int64_t{bits}));
  }
  return digest;
}

/** A matrix in device memory. */
struct Matrix {
  Matrix(Workspace& workspace, int32_t row_count, int32_t column_count, int32_t entries)
      : rows(row_count),
        columns(column_count),
        nnz(entries),
        row_start(workspace, static_cast<size_t>(rows) + 1, -1),
        column(workspace, static_cast<size_t>(nnz), -1),
        values(workspace, static_cast<size_t>(nnz), NAN) {}

  Csr csr() const { return {rows, columns, nnz, row_start.data(), column.data(), values.data(), nullptr}; }
  NewCsr to_be_written() const { return {rows, columns, nnz, row_start.data(), column.data(), values.data()}; }
  uint64_t digest() const { return hash(hash(digest_of(row_start), digest_of(column)), digest_of(values)); }

  int32_t rows;
  int32_t columns;
  int32_t nnz;
  Array<int32_t> row_start;
  Array<int32_t> column;
  Array<float> values;
};

struct Golden {
  int32_t rows;
  int32_t columns;
  int32_t nnz;
  bool keep_regrown;
  int64_t pruned;
  uint64_t random, keep, positions, rebuilt, transposed;
};

void check(const Golden& golden) {
  const std::string where = std::to_string(golden.rows) + " x " + std::to_string(golden.columns) + ", " +
                            std::to_string(golden.nnz) + " entries: ";
  TestWorkspace workspace;
  const int32_t nnz = golden.nnz;
  const size_t size = static_cast<size_t>(nnz);

  const Array<int32_t> no_rows(workspace, static_cast<size_t>(golden.rows) + 1, 0);
  const Csr empty = {golden.rows, golden.columns, 0, no_rows.data(), nullptr, nullptr, nullptr};
  const Array<int64_t> cells(workspace, size, int64_t{-1});
  random_cells(workspace, int64_t{golden.rows} * golden.columns, nnz, 11, cells.data());
  const Matrix weights(workspace, golden.rows, golden.columns, nnz);
  rebuild(workspace, empty, nullptr, {cells.data(), nnz, {ValueKind::Normal, 0.05f}, 12, false},
          weights.to_be_written(), {});
  expect(weights.digest() == golden.random, where + "random matrix");

  const Array<int32_t> keep(workspace, size, -1);
  const Array<int64_t> counts(workspace, 2, int64_t{-1});
  prune_signwise(workspace, weights.values.data(), nnz, 0.3, keep.data(), counts.data());
  count_kept(workspace, keep.data(), nnz, counts.data() + 1);
  const int64_t pruned = counts.values()[0];
  const int64_t kept = counts.values()[1];
  expect(digest_of(keep) == golden.keep, where + "flags");
  expect(pruned == golden.pruned && kept == nnz - pruned, where + "number of pruned connections");
  if (failures()) return;

  const Array<int64_t> positions(workspace, static_cast<size_t>(pruned), int64_t{-1});
  const int32_t grown = static_cast<int32_t>(pruned);
  grow_random(workspace, weights.csr(), keep.data(), kept, grown, -13, positions.data());
  expect(digest_of(positions) == golden.positions, where + "grown positions");

  std::vector<float> numbers;
  for (int32_t k = 0; k < nnz; ++k) numbers.push_back(static_cast<float>(k + 1));
  const Array<float> state(workspace, numbers);
  const Array<float> new_state(workspace, size, NAN);
  const Matrix rebuilt(workspace, golden.rows, golden.columns, nnz);
  rebuild(workspace, weights.csr(), keep.data(),
          {positions.data(), grown, {ValueKind::Uniform, 0.25f}, 14, golden.keep_regrown}, rebuilt.to_be_written(),
          {{state.data(), new_state.data()}});
  expect(hash(rebuilt.digest(), digest_of(new_state)) == golden.rebuilt, where + "rebuilt matrix");

  const Matrix transposed(workspace, golden.columns, golden.rows, nnz);
  const Array<int32_t> slot(workspace, size, -1);
  transpose(workspace, rebuilt.csr(), transposed.to_be_written(), slot.data());
  expect(hash(transposed.digest(), digest_of(slot)) == golden.transposed, where + "transposed copy");
}

const Golden TABLE[] = {
    {300, 500, 20000, false, 5999, 0x5c5c788a656f2853ull, 0x18aa477eee7d61ecull, 0xf7738716b8957a7aull,
     0x8d843797c35946e8ull, 0xc237f64eab4a4b70ull},
    {300, 500, 20000, true, 5999, 0x5c5c788a656f2853ull, 0x18aa477eee7d61ecull, 0xf7738716b8957a7aull,
     0xc03b7576e479bb42ull, 0xf242ebc2f38ce92dull},
    {1024, 1024, 52000, false, 15599, 0xd0094f3a882040fdull, 0x6eebc21db68955bdull, 0x781bbbe7fef94a85ull,
     0xffea73655534bd8aull, 0x14d0f5b586e6ded5ull},
    {1024, 1024, 52000, true, 15599, 0xd0094f3a882040fdull, 0x6eebc21db68955bdull, 0x781bbbe7fef94a85ull,
     0xee5bd47dfe1585daull, 0x364cd1c254dfd500ull},
    {1, 4000, 1000, false, 299, 0xb2ca8d2d73606063ull, 0x0796b9c258e47d93ull, 0x67d2514cb4e4267dull,
     0x356444c6d165db35ull, 0x9a289fa0544c644aull},
    {1, 4000, 1000, true, 299, 0xb2ca8d2d73606063ull, 0x0796b9c258e47d93ull, 0x67d2514cb4e4267dull,
     0x72bce06a2faa2ad6ull, 0xfd92af31a9456e47ull},
    {4000, 1, 1000, false, 299, 0xcabbdabbae60576bull, 0x0796b9c258e47d93ull, 0x67d2514cb4e4267dull,
     0xaa46f890da272c01ull, 0x7be337de1f104d04ull},
    {4000, 1, 1000, true, 299, 0xcabbdabbae60576bull, 0x0796b9c258e47d93ull, 0x67d2514cb4e4267dull,
     0x9133ab90e31d5379ull, 0xbe4bc54ca2639152ull},
    {100000, 100003, 5000, false, 1499, 0x0f5dce3817433ca8ull, 0xa1db95bbc973b1acull, 0x92791b28f45743adull,
     0x1814e4832ed7c210ull, 0xaa70d590ed63c357ull},
    {30, 40, 1190, false, 356, 0xb3933f855401d46full, 0x26d800ead6ccff68ull, 0x17bfc4ec24fa575eull,
     0xa2799fb8153627e2ull, 0xd7568bb8be792d78ull},
    {30, 40, 1190, true, 356, 0xb3933f855401d46full, 0x26d800ead6ccff68ull, 0x17bfc4ec24fa575eull,
     0xb9617cc3491936e0ull, 0x70433a3029e79158ull},
    {7, 9, 63, false, 18, 0x901a4b01eacd4846ull, 0x685b21ee5541fdaeull, 0x614424cf30dc8c4eull, 0x18007a23b1f18353ull,
     0x5a9470449aeeb80full},
    {7, 9, 63, true, 18, 0x901a4b01eacd4846ull, 0x685b21ee5541fdaeull, 0x614424cf30dc8c4eull, 0x7272459c1b28b878ull,
     0x9210fbd2ea7e2afaull},
    {1, 1, 1, false, 0, 0x2781559908caeaa2ull, 0xbeeb8da1658eec67ull, 0x0000000000000000ull, 0xc18a29be51530b41ull,
     0x0dce4e4c4adfc877ull},
    {5, 6, 0, false, 0, 0x403db9300e1566c9ull, 0x0000000000000000ull, 0x0000000000000000ull, 0xc7dd5fcf35ab7d2dull,
     0x093413fb2cd24346ull},
};

}  // namespace
}  // namespace espalier::test

int main() {
  using namespace espalier::test;
  for (const Golden& golden : TABLE) check(golden);
  return result("update");
}
