/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/collect.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "test/check.h"

namespace espalier::test {
namespace {

const int32_t SIZES[] = {0, 1, 2, 31, 257, 4096, 50001};

template <class T>
std::vector<T> some(int32_t size, int32_t bits) {
  Random random(static_cast<uint64_t>(size) + 64 * static_cast<uint64_t>(bits));
  std::vector<T> numbers(static_cast<size_t>(size));
  for (T& number : numbers) number = static_cast<T>(random.bits() >> (64 - bits));
  return numbers;
}

void sums_are_those_before_each_number_and_of_all() {
  TestWorkspace workspace;
  for (int32_t size : SIZES) {
    const std::vector<int32_t> numbers = some<int32_t>(size, 10);
    std::vector<int32_t> expected = {0};
    for (int32_t number : numbers) expected.push_back(expected.back() + number);
    const Array<int32_t> values(workspace, numbers);
    const Array<int32_t> sums(workspace, numbers.size() + 1, -1);
    collect::exclusive_scan(workspace.stream(), values.data(), sums.data(), size);
    expect(sums.values() == expected, "sums of " + std::to_string(size) + " numbers");
  }
}

void numbers_are_sorted() {
  TestWorkspace workspace;
  for (int32_t size : SIZES) {
    for (int32_t bits : {1, 9, 33, 62}) {
      std::vector<int64_t> numbers = some<int64_t>(size, bits);
      const Array<int64_t> keys(workspace, numbers);
      const Array<int64_t> sorted(workspace, numbers.size(), int64_t{-1});
      collect::sort(workspace.stream(), keys.data(), sorted.data(), size, bits);
      std::sort(numbers.begin(), numbers.end());
      expect(sorted.values() == numbers, std::to_string(size) + " numbers of " + std::to_string(bits) + " bits");
    }
  }
}

void pairs_with_equal_keys_stay_in_order() {
  TestWorkspace workspace;
  for (int32_t size : SIZES) {
    for (int32_t bits : {1, 7, 17}) {
      const std::vector<int32_t> first = some<int32_t>(size, bits);
      std::vector<std::pair<int32_t, int32_t>> pairs;
      std::vector<int32_t> second;
      for (int32_t i = 0; i < size; ++i) {
        second.push_back(3 * i);
        pairs.emplace_back(first[static_cast<size_t>(i)], 3 * i);
      }
      std::sort(pairs.begin(), pairs.end());  // values ascend, so this is the stable order
      std::vector<int32_t> expected_keys, expected_values;
      for (const auto& [key, value] : pairs) {
        expected_keys.push_back(key);
        expected_values.push_back(value);
      }
      const Array<int32_t> keys(workspace, first), values(workspace, second);
      const Array<int32_t> sorted_keys(workspace, first.size(), -1), sorted_values(workspace, first.size(), -1);
      collect::sort_pairs(workspace.stream(), keys.data(), sorted_keys.data(), values.data(), sorted_values.data(),
                          size, bits);
      const std::string where = std::to_string(size) + " pairs, keys of " + std::to_string(bits) + " bits";
      expect(sorted_keys.values() == expected_keys, "keys of " + where);
      expect(sorted_values.values() == expected_values, "values of " + where);
    }
  }
}

}  // namespace
}  // namespace espalier::test

int main() {
  using namespace espalier::test;
  sums_are_those_before_each_number_and_of_all();
  numbers_are_sorted();
  pairs_with_equal_keys_stay_in_order();
  return result("collect");
}
