/* SPDX-License-Identifier: Apache-2.0 */
#include "grow/grow.h"

#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "random/permutation.h"
#include "test/check.h"

namespace espalier::test {
namespace {

/** The first images of the permutation, in ascending order. */
std::vector<int64_t> drawn(int64_t cells, int32_t count, int64_t key) {
  std::set<int64_t> numbers;
  if (count == 0) return {};
  const KeyedPermutation permutation(cells, key);
  for (int32_t i = 0; i < count; ++i) numbers.insert(permutation.apply(i));
  return {numbers.begin(), numbers.end()};
}

void draws_are_the_first_images_sorted() {
  struct Case {
    int64_t cells;
    int32_t count;
  };
  TestWorkspace workspace;
  for (const Case& c :
       {Case{1, 0}, Case{1, 1}, Case{2, 1}, Case{100, 7}, Case{100, 99}, Case{100, 100}, Case{65536, 300},
        Case{65537, 5000}, Case{150000, 20000}, Case{10000300000, 3000}, Case{0, 0}}) {
    const std::string where = std::to_string(c.count) + " of " + std::to_string(c.cells);
    const Array<int64_t> positions(workspace, static_cast<size_t>(c.count), int64_t{-1});
    random_cells(workspace, c.cells, c.count, 77, positions.data());
    const std::vector<int64_t> expected = drawn(c.cells, c.count, 77);
    expect(expected.size() == static_cast<size_t>(c.count), "images are not distinct: " + where);
    expect(positions.values() == expected, where);
  }
}

/** A matrix of random cells with random flags: of a thousand, so many entries stay. */
struct Sample {
  Sample(int32_t row_count, int32_t column_count, int32_t nnz, int32_t per_mille)
      : rows(row_count), columns(column_count), row_start(static_cast<size_t>(row_count) + 1) {
    Random random(static_cast<uint64_t>(rows) * 31 + static_cast<uint64_t>(nnz));
    std::set<int64_t> cells;
    const uint64_t all = static_cast<uint64_t>(rows) * static_cast<uint64_t>(columns);
    while (cells.size() < static_cast<size_t>(nnz)) cells.insert(static_cast<int64_t>(random.bits() % all));
    for (int64_t cell : cells) {
      ++row_start[static_cast<size_t>(cell / columns) + 1];
      column.push_back(static_cast<int32_t>(cell % columns));
      keep.push_back(random.below(1000) < per_mille);
      if (keep.back()) survivors.insert(cell);
    }
    for (size_t row = 0; row < static_cast<size_t>(rows); ++row) row_start[row + 1] += row_start[row];
  }

  int32_t rows;
  int32_t columns;
  std::vector<int32_t> row_start;
  std::vector<int32_t> column;
  std::vector<int32_t> keep;
  std::set<int64_t> survivors;
};

void check_grow(Workspace& workspace, const Sample& sample, int32_t count) {
  const std::string where = std::to_string(sample.rows) + " x " + std::to_string(sample.columns) + ", " +
                            std::to_string(sample.column.size()) + " entries, " +
                            std::to_string(sample.survivors.size()) + " survivors, " + std::to_string(count) + " grown";
  const Array<int32_t> row_start(workspace, sample.row_start);
  const Array<int32_t> column(workspace, sample.column);
  const Array<int32_t> keep(workspace, sample.keep);
  const Array<int64_t> positions(workspace, static_cast<size_t>(count), int64_t{-1});
  const Csr csr = {sample.rows,      sample.columns, static_cast<int32_t>(sample.column.size()),
                   row_start.data(), column.data(),  nullptr,
                   nullptr};
  const int64_t kept = static_cast<int64_t>(sample.survivors.size());
  grow_random(workspace, csr, keep.data(), kept, count, 78, positions.data());
  std::vector<int64_t> expected = drawn(static_cast<int64_t>(sample.rows) * sample.columns - kept, count, 78);
  auto survivor = sample.survivors.begin();
  int64_t passed = 0;
  for (int64_t& position : expected) {  // every survivor on the way moves the rank one cell on
    for (; survivor != sample.survivors.end() && *survivor <= position + passed; ++survivor) ++passed;
    position += passed;
  }
  expect(positions.values() == expected, where);
}

void cells_are_free_and_of_the_ranks_drawn() {
  TestWorkspace workspace;
  for (int32_t per_mille : {0, 300, 700, 1000}) {
    check_grow(workspace, Sample(1, 1, 0, per_mille), 1);
    check_grow(workspace, Sample(3, 5, 0, per_mille), 4);
    check_grow(workspace, Sample(1, 700, 200, per_mille), 150);
    check_grow(workspace, Sample(700, 1, 200, per_mille), 150);
    check_grow(workspace, Sample(37, 53, 500, per_mille), 499);
    check_grow(workspace, Sample(37, 53, 500, per_mille), 0);
    const Sample dense(20, 30, 580, per_mille);
    check_grow(workspace, dense, 20);
    check_grow(workspace, dense, 600 - static_cast<int32_t>(dense.survivors.size()));
    const Sample full(6, 9, 54, per_mille);
    check_grow(workspace, full, 54 - static_cast<int32_t>(full.survivors.size()));
  }
  check_grow(workspace, Sample(300, 500, 20000, 700), 6000);
  check_grow(workspace, Sample(100000, 100003, 3000, 700), 900);
}

void too_many_are_refused() {
  TestWorkspace workspace;
  const Array<int64_t> positions(workspace, 8, int64_t{-1});
  bool refused = false;
  try {
    random_cells(workspace, 7, 8, 1, positions.data());
  } catch (const Error& error) {
    refused = error.status() == ESP_BAD_ARGUMENT;
  }
  expect(refused, "8 of 7 cells were not refused");
}

}  // namespace
}  // namespace espalier::test

int main() {
  using namespace espalier::test;
  draws_are_the_first_images_sorted();
  cells_are_free_and_of_the_ranks_drawn();
  too_many_are_refused();
  return result("grow");
}
