/* SPDX-License-Identifier: Apache-2.0 */
#include "rebuild/rebuild.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "random/values.h"
#include "test/check.h"

namespace espalier::test {
namespace {

struct Entry {
  float value;
  float state[2];
};

/** A matrix by canonical position. */
struct Cells {
  int32_t rows;
  int32_t columns;
  std::map<int64_t, Entry> entries;

  std::vector<int32_t> row_start() const {
    std::vector<int32_t> start(static_cast<size_t>(rows) + 1);
    for (const auto& [cell, entry] : entries) ++start[static_cast<size_t>(cell / columns) + 1];
    for (size_t row = 0; row < static_cast<size_t>(rows); ++row) start[row + 1] += start[row];
    return start;
  }
  std::vector<int32_t> column() const {
    std::vector<int32_t> numbers;
    for (const auto& [cell, entry] : entries) numbers.push_back(static_cast<int32_t>(cell % columns));
    return numbers;
  }
  template <class Part>
  std::vector<float> floats(Part part) const {
    std::vector<float> numbers;
    for (const auto& [cell, entry] : entries) numbers.push_back(part(entry));
    return numbers;
  }
  std::vector<float> values() const {
    return floats([](const Entry& entry) { return entry.value; });
  }
  std::vector<float> state(int array) const {
    return floats([=](const Entry& entry) { return entry.state[array]; });
  }
  std::string name() const {
    return std::to_string(rows) + " x " + std::to_string(columns) + ", " + std::to_string(entries.size()) + " entries";
  }
};

Cells sample(int32_t rows, int32_t columns, size_t nnz) {
  Cells matrix = {rows, columns, {}};
  Random random(nnz + static_cast<uint64_t>(columns));
  const uint64_t all = static_cast<uint64_t>(rows) * static_cast<uint64_t>(columns);
  while (matrix.entries.size() < nnz) {
    matrix.entries[static_cast<int64_t>(random.bits() % all)] = {random.number(), {random.number(), random.number()}};
  }
  return matrix;
}

/** Grows so many cells without a survivor, some of them just pruned ones. */
std::vector<int64_t> growth(const Cells& matrix, const std::vector<int32_t>& keep, size_t count) {
  Random random(count);
  std::map<int64_t, bool> grown;
  size_t k = 0;
  for (const auto& [cell, entry] : matrix.entries) {
    if (!keep[k++] && grown.size() < count && random.below(3) == 0) grown[cell] = true;
  }
  const uint64_t all = static_cast<uint64_t>(matrix.rows) * static_cast<uint64_t>(matrix.columns);
  while (grown.size() < count) {
    const int64_t cell = static_cast<int64_t>(random.bits() % all);
    const auto old = matrix.entries.find(cell);
    if (old == matrix.entries.end() || !keep[static_cast<size_t>(std::distance(matrix.entries.begin(), old))]) {
      grown[cell] = true;
    }
  }
  std::vector<int64_t> positions;
  for (const auto& [cell, yes] : grown) positions.push_back(cell);
  return positions;
}

void check_rebuild(Workspace& workspace, const Cells& old, int32_t per_mille, size_t count, bool keep_regrown) {
  const std::string where = old.name() + ", " + std::to_string(per_mille) + " of 1000 stay, " + std::to_string(count) +
                            " grown, keep_regrown " + std::to_string(keep_regrown) + ": ";
  const ValueRule rule = {ValueKind::Normal, 0.1f};
  Random random(static_cast<uint64_t>(per_mille));
  std::vector<int32_t> keep;
  for (size_t k = 0; k < old.entries.size(); ++k) keep.push_back(random.below(1000) < per_mille);
  const std::vector<int64_t> positions = growth(old, keep, count);

  Cells expected = {old.rows, old.columns, {}};
  size_t k = 0;
  for (const auto& [cell, entry] : old.entries) {
    if (keep[k++]) expected.entries[cell] = entry;
  }
  for (int64_t cell : positions) {
    const auto before = old.entries.find(cell);
    const bool same = keep_regrown && before != old.entries.end();
    expected.entries[cell] = same ? before->second : Entry{value_at(rule, 9, cell), {0, 0}};
  }

  const size_t nnz = expected.entries.size();
  const Array<int32_t> old_start(workspace, old.row_start()), old_column(workspace, old.column());
  const Array<float> old_values(workspace, old.values());
  const Array<float> old_state0(workspace, old.state(0)), old_state1(workspace, old.state(1));
  const Array<int32_t> flags(workspace, keep);
  const Array<int64_t> grown(workspace, positions);
  const Array<int32_t> row_start(workspace, static_cast<size_t>(old.rows) + 1, -1), column(workspace, nnz, -1);
  const Array<float> values(workspace, nnz, NAN), state0(workspace, nnz, NAN), state1(workspace, nnz, NAN);
  const Csr csr = {old.rows,         old.columns,       static_cast<int32_t>(old.entries.size()),
                   old_start.data(), old_column.data(), old_values.data(),
                   nullptr};
  rebuild(workspace, csr, flags.data(), {grown.data(), static_cast<int32_t>(count), rule, 9, keep_regrown},
          {old.rows, old.columns, static_cast<int32_t>(nnz), row_start.data(), column.data(), values.data()},
          {{old_state0.data(), state0.data()}, {old_state1.data(), state1.data()}});
  expect(row_start.values() == expected.row_start(), where + "row starts");
  expect(column.values() == expected.column(), where + "columns");
  expect(values.values() == expected.values(), where + "values");
  expect(state0.values() == expected.state(0), where + "first state array");
  expect(state1.values() == expected.state(1), where + "second state array");
}

void survivors_and_grown_connections_are_merged() {
  TestWorkspace workspace;
  for (bool keep_regrown : {false, true}) {
    for (int32_t per_mille : {0, 300, 1000}) {
      check_rebuild(workspace, sample(1, 1, 0), per_mille, 0, keep_regrown);
      check_rebuild(workspace, sample(1, 1, 0), per_mille, 1, keep_regrown);
      check_rebuild(workspace, sample(13, 7, 0), per_mille, 20, keep_regrown);
      check_rebuild(workspace, sample(13, 7, 20), per_mille, 0, keep_regrown);
      check_rebuild(workspace, sample(1, 600, 100), per_mille, 90, keep_regrown);
      check_rebuild(workspace, sample(600, 1, 100), per_mille, 90, keep_regrown);
      check_rebuild(workspace, sample(300, 40, 257), per_mille, 300, keep_regrown);
    }
    check_rebuild(workspace, sample(6, 9, 54), 300, 25, keep_regrown);
    check_rebuild(workspace, sample(0, 9, 0), 300, 0, keep_regrown);
    check_rebuild(workspace, sample(300, 500, 20000), 700, 6000, keep_regrown);
  }
  check_rebuild(workspace, sample(100000, 100003, 2000), 700, 600, true);
}

void check_transpose(Workspace& workspace, const Cells& matrix) {
  const size_t nnz = matrix.entries.size();
  Cells expected = {matrix.columns, matrix.rows, {}};
  for (const auto& [cell, entry] : matrix.entries) {
    expected.entries[cell % matrix.columns * matrix.rows + cell / matrix.columns] = entry;
  }
  const Array<int32_t> old_start(workspace, matrix.row_start()), old_column(workspace, matrix.column());
  const Array<float> old_values(workspace, matrix.values());
  const Array<int32_t> row_start(workspace, static_cast<size_t>(matrix.columns) + 1, -1), column(workspace, nnz, -1);
  const Array<int32_t> slot(workspace, nnz, -1);
  const Array<float> values(workspace, nnz, NAN);
  const int32_t count = static_cast<int32_t>(nnz);
  transpose(workspace,
            {matrix.rows, matrix.columns, count, old_start.data(), old_column.data(), old_values.data(), nullptr},
            {matrix.columns, matrix.rows, count, row_start.data(), column.data(), values.data()}, slot.data());
  expect(row_start.values() == expected.row_start(), "row starts of the copy of " + matrix.name());
  expect(column.values() == expected.column(), "columns of the copy of " + matrix.name());
  expect(values.values() == expected.values(), "values of the copy of " + matrix.name());
  std::vector<int32_t> slots;
  for (const auto& [cell, entry] : matrix.entries) {
    const auto there = expected.entries.find(cell % matrix.columns * matrix.rows + cell / matrix.columns);
    slots.push_back(static_cast<int32_t>(std::distance(expected.entries.begin(), there)));
  }
  expect(slot.values() == slots, "slots of the copy of " + matrix.name());
}

void copies_are_ordered_by_column() {
  TestWorkspace workspace;
  check_transpose(workspace, sample(1, 1, 0));
  check_transpose(workspace, sample(1, 1, 1));
  check_transpose(workspace, sample(5, 8, 0));
  check_transpose(workspace, sample(0, 8, 0));
  check_transpose(workspace, sample(6, 9, 54));
  check_transpose(workspace, sample(1, 600, 100));
  check_transpose(workspace, sample(600, 1, 100));
  check_transpose(workspace, sample(37, 53, 1000));
  check_transpose(workspace, sample(300, 500, 4000));
  check_transpose(workspace, sample(100000, 100003, 1000));
}

}  // namespace
}  // namespace espalier::test

int main() {
  using namespace espalier::test;
  survivors_and_grown_connections_are_merged();
  copies_are_ordered_by_column();
  return result("rebuild");
}
