/* SPDX-License-Identifier: Apache-2.0 */
#include "score/score.h"

#include <limits>
#include <set>
#include <string>
#include <vector>

#include "random/keys.h"
#include "test/check.h"

namespace espalier::test {
namespace {

constexpr int64_t KEY = -0x73636f7265;
constexpr float INFINITE = std::numeric_limits<float>::infinity();

/** A matrix with the gradients of its connections, on the host. */
struct Layer {
  int32_t rows;
  int32_t columns;
  std::vector<int64_t> cells;  // canonical positions
  std::vector<float> values;
  std::vector<float> gradient;

  size_t row(size_t k) const { return static_cast<size_t>(cells[k] / columns); }
  size_t column(size_t k) const { return static_cast<size_t>(cells[k] % columns); }
  std::string name() const {
    return std::to_string(rows) + " x " + std::to_string(columns) + ", " + std::to_string(cells.size()) + " entries";
  }
};

/** The same on the device. */
class DeviceLayer {
 public:
  DeviceLayer(Workspace& workspace, const Layer& layer)
      : row_start_(workspace, row_starts(layer)),
        column_(workspace, columns_of(layer)),
        values_(workspace, layer.values),
        gradient_(workspace, layer.gradient),
        csr_{layer.rows,        layer.columns,  static_cast<int32_t>(layer.cells.size()),
             row_start_.data(), column_.data(), values_.data(),
             nullptr} {}
  const Csr& csr() const { return csr_; }
  const float* gradient() const { return gradient_.data(); }

 private:
  static std::vector<int32_t> row_starts(const Layer& layer) {
    std::vector<int32_t> start(static_cast<size_t>(layer.rows) + 1);
    for (size_t k = 0; k < layer.cells.size(); ++k) ++start[layer.row(k) + 1];
    for (size_t row = 0; row + 1 < start.size(); ++row) start[row + 1] += start[row];
    return start;
  }
  static std::vector<int32_t> columns_of(const Layer& layer) {
    std::vector<int32_t> columns;
    for (size_t k = 0; k < layer.cells.size(); ++k) columns.push_back(static_cast<int32_t>(layer.column(k)));
    return columns;
  }

  Array<int32_t> row_start_;
  Array<int32_t> column_;
  Array<float> values_;
  Array<float> gradient_;
  Csr csr_;
};

/** Magnitudes so far apart that a sum of doubles depends on its order. */
float spread(Random& random) { return std::ldexp(random.number(), random.below(90) - 60); }

float among_few(Random& random) {
  const float tiny = std::numeric_limits<float>::denorm_min();
  const float table[] = {0.0f, -0.0f, 0.0f, tiny, -3 * tiny, 0.5f, -1.0f, std::numeric_limits<float>::max()};
  return table[random.below(8)];
}

float odd(Random& random) {
  const float table[] = {0.0f, -0.0f, INFINITE, -INFINITE, std::nanf(""), 0.25f, -1e-30f, 2.0f};
  return table[random.below(8)];
}

std::vector<float> some(size_t n, uint64_t seed, float (*draw)(Random&)) {
  Random random(seed);
  std::vector<float> numbers(n);
  for (float& number : numbers) number = draw(random);
  return numbers;
}

Layer sample(int32_t rows, int32_t columns, size_t nnz, float (*draw)(Random&)) {
  Random random(nnz + static_cast<uint64_t>(columns));
  const uint64_t all = static_cast<uint64_t>(rows) * static_cast<uint64_t>(columns);
  std::set<int64_t> cells;
  while (cells.size() < nnz) cells.insert(static_cast<int64_t>(random.bits() % all));
  return {rows, columns, {cells.begin(), cells.end()}, some(nnz, nnz + 1, draw), some(nnz, nnz + 2, draw)};
}

float share(float magnitude, double sum) {
  const float rounded = static_cast<float>(sum);
  return rounded == 0 ? 0.0f : magnitude / rounded;
}

std::vector<float> reference(const Score& score, const Layer& layer) {
  std::vector<double> row_sums(static_cast<size_t>(layer.rows));
  std::vector<double> column_sums(static_cast<size_t>(layer.columns));
  for (size_t k = 0; k < layer.cells.size(); ++k) {
    row_sums[layer.row(k)] += std::abs(layer.values[k]);
    column_sums[layer.column(k)] += std::abs(layer.values[k]);
  }
  std::vector<float> scores;
  for (size_t k = 0; k < layer.cells.size(); ++k) {
    const float magnitude = std::abs(layer.values[k]);
    const uint32_t random = hash(static_cast<uint64_t>(score.key), static_cast<uint64_t>(layer.cells[k])) >> 34;
    float random_score;
    memcpy(&random_score, &random, sizeof(random));
    const float weighted = score.gradient_weight * std::abs(layer.gradient[k]);
    const float formulas[] = {magnitude + weighted, std::abs(layer.values[k] * layer.gradient[k]),
                              share(magnitude, row_sums[layer.row(k)]) + share(magnitude, column_sums[layer.column(k)]),
                              random_score};
    scores.push_back(formulas[static_cast<size_t>(score.kind)]);
  }
  return scores;
}

/** Equal to the last bit, except that one NaN is like another. */
bool same(const std::vector<float>& actual, const std::vector<float>& expected) {
  if (actual.size() != expected.size()) return false;
  for (size_t k = 0; k < actual.size(); ++k) {
    const bool equal = std::isnan(expected[k]) ? std::isnan(actual[k])
                                               : memcmp(&actual[k], &expected[k], sizeof(float)) == 0;
    if (!equal) return false;
  }
  return true;
}

std::vector<float> scores_of(Workspace& workspace, const Score& score, const Layer& layer) {
  const DeviceLayer device(workspace, layer);
  const Array<float> scores(workspace, layer.cells.size(), NAN);
  Csr weights = device.csr();
  if (!score.reads_values()) weights.values = nullptr;
  espalier::score(workspace, score, weights, score.reads_gradient() ? device.gradient() : nullptr, scores.data());
  return scores.values();
}

void check(Workspace& workspace, const Layer& layer, const std::string& what) {
  for (int32_t kind = 0; kind <= static_cast<int32_t>(ScoreKind::Random); ++kind) {
    const Score score = {static_cast<ScoreKind>(kind), 0.01f, KEY};
    expect(same(scores_of(workspace, score, layer), reference(score, layer)),
           "score " + std::to_string(kind) + " of " + layer.name() + ", " + what);
  }
  const DeviceLayer device(workspace, layer);
  const Array<int64_t> cells(workspace, layer.cells.size(), int64_t{-1});
  positions(workspace, device.csr(), cells.data());
  expect(cells.values() == layer.cells, "positions of " + layer.name());
}

void scores_and_positions() {
  TestWorkspace workspace;
  const struct {
    int32_t rows;
    int32_t columns;
    size_t nnz;
  } shapes[] = {{0, 0, 0},    {0, 5, 0},     {5, 0, 0},     {1, 1, 0},       {1, 1, 1},
                {1, 300, 99}, {300, 1, 100}, {37, 53, 0},   {37, 53, 1961},  {37, 53, 255},
                {37, 53, 256}, {37, 53, 257}, {300, 7, 600}, {100000, 100003, 700}};
  for (const auto& shape : shapes) {
    check(workspace, sample(shape.rows, shape.columns, shape.nnz, spread), "spread");
    check(workspace, sample(shape.rows, shape.columns, shape.nnz, among_few), "few different");
  }
  check(workspace, sample(40, 50, 1500, odd), "special");
  check(workspace, sample(500, 700, 20000, [](Random& random) { return 0.1f * random.number(); }), "a layer");
}

/** A sum of 2^54, 2^30 and ones: each of the ones is lost if it comes last, and the sum is halfway between two floats
    then; any of them that is not lost makes it the upper one. */
std::vector<float> halfway() {
  std::vector<float> values(12, 1.0f);
  values[0] = 0x1p54f;
  values[1] = 0x1p30f;
  return values;
}

void sums_go_in_canonical_order() {
  TestWorkspace workspace;
  std::vector<int64_t> cells;
  for (int64_t k = 0; k < 12; ++k) cells.push_back(k);
  const Score score = {ScoreKind::RelativeImportance, 0, 0};
  expect(scores_of(workspace, score, {1, 12, cells, halfway(), halfway()})[0] == 2, "the sum of a row");
  expect(scores_of(workspace, score, {12, 1, cells, halfway(), halfway()})[0] == 2, "the sum of a column");
}

double reference_sum(const std::vector<float>& values) {
  std::vector<double> sums((values.size() + 1023) / 1024);
  for (size_t k = 0; k < values.size(); ++k) sums[k / 1024] += std::abs(values[k]);
  double total = 0;
  for (double sum : sums) total += sum;
  return total;
}

void magnitudes_are_added_in_their_order() {
  TestWorkspace workspace;
  for (size_t n : {0, 1, 31, 32, 33, 1023, 1024, 1025, 32 * 1024, 32 * 1024 + 1, 70001}) {
    const std::vector<float> values = some(n, n, spread);
    const Array<float> device(workspace, values);
    const Array<double> sum(workspace, 1, -1.0);
    sum_of_magnitudes(workspace, device.data(), static_cast<int64_t>(n), sum.data());
    expect(sum.values()[0] == reference_sum(values), "sum of " + std::to_string(n) + " magnitudes");
  }
  const Array<float> negative(workspace, std::vector<float>{-0.0f, -INFINITE, 1.0f});
  const Array<double> sum(workspace, 1, -1.0);
  sum_of_magnitudes(workspace, negative.data(), 3, sum.data());
  expect(sum.values()[0] == INFINITE, "sum with an infinity");
}

}  // namespace
}  // namespace espalier::test

int main() {
  using namespace espalier::test;
  scores_and_positions();
  sums_go_in_canonical_order();
  magnitudes_are_added_in_their_order();
  return result("score");
}
