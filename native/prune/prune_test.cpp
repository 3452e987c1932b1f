/* SPDX-License-Identifier: Apache-2.0 */
#include "prune/prune.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "test/check.h"

namespace espalier::test {
namespace {

bool negative(float value) { return value < 0; }  // neither -0 nor NaN

/** Sorts the values of either sign by magnitude, NaN last, equal ones (all NaN have different bits here) as they come.
 */
std::vector<int32_t> reference(const std::vector<float>& values, double fraction) {
  std::vector<int32_t> keep(values.size(), 1);
  for (bool sign : {false, true}) {
    std::vector<size_t> order;
    for (size_t k = 0; k < values.size(); ++k) {
      if (negative(values[k]) == sign) order.push_back(k);
    }
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      if (std::isnan(values[a]) || std::isnan(values[b])) return !std::isnan(values[a]) && std::isnan(values[b]);
      return std::abs(values[a]) < std::abs(values[b]);
    });
    const size_t wanted = static_cast<size_t>(std::floor(fraction * static_cast<double>(order.size())));
    for (size_t i = 0; i < wanted; ++i) keep[order[i]] = 0;
  }
  return keep;
}

void check(Workspace& workspace, const std::vector<float>& values, double fraction, const std::string& what) {
  const std::string where =
      what + ", " + std::to_string(values.size()) + " values, fraction " + std::to_string(fraction);
  const int32_t nnz = static_cast<int32_t>(values.size());
  const Array<float> device_values(workspace, values);
  const Array<int32_t> keep(workspace, values.size(), -1);
  const Array<int64_t> counts(workspace, 2, int64_t{-1});
  prune_signwise(workspace, device_values.data(), nnz, fraction, keep.data(), counts.data());
  count_kept(workspace, keep.data(), nnz, counts.data() + 1);
  const std::vector<int32_t> expected = reference(values, fraction);
  const int64_t kept = std::count(expected.begin(), expected.end(), 1);
  expect(keep.values() == expected, "flags of " + where);
  expect(counts.values() == std::vector<int64_t>{nnz - kept, kept}, "numbers of " + where);
}

/** Values of one kind; n of them. */
template <class Draw>
std::vector<float> some(size_t n, Draw draw) {
  Random random(n + 1);
  std::vector<float> values(n);
  for (float& value : values) value = draw(random);
  return values;
}

float spread(Random& random) { return std::ldexp(random.number(), random.below(40) - 30); }

float among_few(Random& random) {
  const float table[] = {0.0f, -0.0f, 0.5f, -0.5f, 0.25f, -0.25f, 1.0f, -1.0f};
  return table[random.below(8)];
}

float odd(Random& random) {
  const float infinity = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float tiny = std::numeric_limits<float>::denorm_min();
  const float largest = std::numeric_limits<float>::max();
  const float table[] = {0.0f, -0.0f, nan, -nan, infinity, -infinity, tiny, -tiny, 3 * tiny, largest, -largest, 1.0f};
  return table[random.below(12)];
}

void sizes_and_fractions() {
  TestWorkspace workspace;
  for (size_t n : {0, 1, 2, 31, 32, 33, 255, 256, 257, 1000}) {
    for (double fraction : {0.0, 0.1, 0.3, 0.5, 0.999, 1.0}) {
      check(workspace, some(n, spread), fraction, "spread");
      check(workspace, some(n, among_few), fraction, "few different");
    }
    check(workspace, some(n, odd), 0.6, "special");
    check(workspace, some(n, odd), 0.97, "special");
    check(workspace, some(n, [](Random&) { return -0.75f; }), 0.3, "all equal");
    check(workspace, some(n, [](Random&) { return 0.0f; }), 0.3, "all zero");
    check(workspace, some(n, [](Random& random) { return std::abs(spread(random)); }), 0.3, "no negative");
  }
}

/** Magnitudes that only the last digit tells apart. */
void neighbouring_floats() {
  TestWorkspace workspace;
  const std::vector<float> values = some(3000, [](Random& random) {
    const uint32_t bits = 0x3f800000u + static_cast<uint32_t>(random.below(700)) + (random.bits() & 1) * 0x80000000u;
    float value;
    memcpy(&value, &bits, sizeof(value));
    return value;
  });
  check(workspace, values, 0.37, "neighbours");
}

void many_entries() {
  TestWorkspace workspace;
  check(workspace, some(52000, [](Random& random) { return 0.1f * random.number(); }), 0.3, "a layer");
  check(workspace, some(20000, among_few), 0.3, "a layer of few different values");
}

/** Sorts the values of all layers by magnitude, NaN last; equal ones as they come. */
std::vector<std::vector<int32_t>> reference(const std::vector<std::vector<float>>& layers, size_t count) {
  std::vector<std::vector<int32_t>> keep;
  std::vector<std::pair<size_t, size_t>> order;
  for (size_t layer = 0; layer < layers.size(); ++layer) {
    keep.emplace_back(layers[layer].size(), 1);
    for (size_t k = 0; k < layers[layer].size(); ++k) order.push_back({layer, k});
  }
  std::stable_sort(order.begin(), order.end(), [&](const auto& a, const auto& b) {
    const float one = std::abs(layers[a.first][a.second]);
    const float other = std::abs(layers[b.first][b.second]);
    return one < other || (!std::isnan(one) && std::isnan(other));
  });
  for (size_t i = 0; i < count; ++i) keep[order[i].first][order[i].second] = 0;
  return keep;
}

void check(Workspace& workspace, const std::vector<std::vector<float>>& layers, size_t count, const std::string& what) {
  std::vector<std::unique_ptr<Array<float>>> values;
  std::vector<std::unique_ptr<Array<int32_t>>> keep;
  std::vector<PruneLayer> pruned;
  for (const std::vector<float>& layer : layers) {
    values.push_back(std::make_unique<Array<float>>(workspace, layer));
    keep.push_back(std::make_unique<Array<int32_t>>(workspace, layer.size(), -1));
    pruned.push_back({values.back()->data(), static_cast<int32_t>(layer.size()), keep.back()->data()});
  }
  prune_magnitude(workspace, pruned, static_cast<int64_t>(count));
  const std::vector<std::vector<int32_t>> expected = reference(layers, count);
  for (size_t layer = 0; layer < layers.size(); ++layer) {
    expect(keep[layer]->values() == expected[layer], "flags of layer " + std::to_string(layer) + " of " + what +
                                                         ", " + std::to_string(count) + " pruned");
  }
}

void magnitudes_of_several_layers() {
  TestWorkspace workspace;
  const auto constant = [](float value) { return [value](Random&) { return value; }; };
  const std::vector<std::vector<std::vector<float>>> nets = {
      {},
      {{}},
      {{}, {1.0f}, {}},
      {some(1000, spread)},
      {some(257, among_few), some(31, among_few), {}, some(600, among_few)},
      {some(300, spread), some(2000, odd), some(1, spread)},
      {some(300, constant(-0.5f)), some(300, constant(0.5f)), some(300, constant(0.25f))},
      {some(40, constant(-0.0f)), some(40, constant(0.0f))},
  };
  for (const auto& net : nets) {
    size_t total = 0;
    for (const auto& layer : net) total += layer.size();
    for (size_t count : {size_t{0}, total / 100, total / 3, total / 2, total - total / 50, total}) {
      check(workspace, net, count, std::to_string(net.size()) + " layers, " + std::to_string(total) + " values");
    }
  }
  check(workspace, {some(30000, spread), some(9000, among_few), some(20000, spread)}, 20000, "a net");
}

void counts_outside_are_refused() {
  TestWorkspace workspace;
  const Array<float> values(workspace, 3, 1.0f);
  const Array<int32_t> keep(workspace, 3, -1);
  for (int64_t count : {-1, 7}) {
    bool refused = false;
    try {
      prune_magnitude(workspace, {{values.data(), 3, keep.data()}, {values.data(), 3, keep.data()}}, count);
    } catch (const Error& error) {
      refused = error.status() == ESP_BAD_ARGUMENT;
    }
    expect(refused, std::to_string(count) + " of 6 connections were not refused");
  }
}

void fraction_outside_is_refused() {
  TestWorkspace workspace;
  const Array<float> values(workspace, 3, 1.0f);
  const Array<int32_t> keep(workspace, 3, -1);
  const Array<int64_t> pruned(workspace, 1, int64_t{-1});
  for (double fraction : {-0.1, 1.1, std::nan("")}) {
    bool refused = false;
    try {
      prune_signwise(workspace, values.data(), 3, fraction, keep.data(), pruned.data());
    } catch (const Error& error) {
      refused = error.status() == ESP_BAD_ARGUMENT;
    }
    expect(refused, "fraction " + std::to_string(fraction) + " was not refused");
  }
}

}  // namespace
}  // namespace espalier::test

int main() {
  using namespace espalier::test;
  sizes_and_fractions();
  neighbouring_floats();
  many_entries();
  fraction_outside_is_refused();
  magnitudes_of_several_layers();
  counts_outside_are_refused();
  return result("prune");
}
