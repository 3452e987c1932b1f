/* SPDX-License-Identifier: Apache-2.0 */
// The golden numbers come from the engine's Java classes Keys, KeyedPermutation and ValueRule.
#include <cmath>
#include <string>
#include <vector>

#include "random/permutation.h"
#include "random/values.h"
#include "test/check.h"

namespace espalier::test {
namespace {

void hashes_are_those_of_the_engine() {
  expect(hash(0, 0) == 0xe220a8397b1dcdafull, "hash(0, 0)");
  expect(hash(~uint64_t{0}, 10000299999ull) == 0xca8eac6c988ad9fdull, "hash(-1, 10000299999)");
  expect(mix32(1) == 0x514e28b7u, "mix32(1)");
}

void images_are_those_of_the_engine() {
  struct Golden {
    int64_t size;
    int64_t images[3];  // of 0, size / 2, size - 1, under the key 0x123456789abcdef - size
  };
  const Golden table[] = {
      {1, {0, 0, 0}},
      {2, {1, 0, 0}},
      {3, {2, 1, 0}},
      {1000, {43, 781, 464}},
      {16777216, {183874, 9041201, 7510030}},
      {16777217, {11699481, 4634497, 13811373}},
      {10000300000, {731103497, 7230651389, 711004498}},
      {int64_t{1} << 62, {2083610549416831767, 1165872407151561167, 3500774525321429074}},
  };
  for (const Golden& golden : table) {
    const KeyedPermutation permutation(golden.size, 0x123456789abcdef - golden.size);
    const int64_t indices[3] = {0, golden.size / 2, golden.size - 1};
    for (int i = 0; i < 3; ++i) {
      expect(permutation.apply(indices[i]) == golden.images[i],
             "image of " + std::to_string(indices[i]) + " of " + std::to_string(golden.size));
    }
  }
}

void every_number_is_an_image_once() {
  for (int64_t size : {1, 2, 3, 4, 5, 16, 17, 63, 64, 65, 1000, 4097}) {
    const KeyedPermutation permutation(size, 5);
    std::vector<int> hits(static_cast<size_t>(size));
    for (int64_t i = 0; i < size; ++i) {
      const int64_t image = permutation.apply(i);
      if (image >= 0 && image < size) ++hits[static_cast<size_t>(image)];
    }
    for (int hit : hits) expect(hit == 1, "permutation of " + std::to_string(size));
  }
}

uint32_t bits_of(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof(bits));
  return bits;
}

void values_are_those_of_the_engine() {
  struct Golden {
    int64_t position;
    uint32_t normal;   // deviation 0.1, key -7
    uint32_t uniform;  // half width 0.3, key -7
  };
  const Golden table[] = {
      {0, 0xbde5c333u, 0xbd3edf1au},          {1, 0x3cdb4333u, 0xbc5201cdu},           {299, 0x3d6c8ccdu, 0x3e8347ceu},
      {4294967296, 0x3dbc6ccdu, 0x3de1326cu}, {10000299999, 0x3d8e9733u, 0x3e33509du},
  };
  for (const Golden& golden : table) {
    const std::string where = " at " + std::to_string(golden.position);
    expect(bits_of(value_at({ValueKind::Normal, 0.1f}, -7, golden.position)) == golden.normal, "normal" + where);
    expect(bits_of(value_at({ValueKind::Uniform, 0.3f}, -7, golden.position)) == golden.uniform, "uniform" + where);
    expect(bits_of(value_at({ValueKind::Zero, 0.3f}, -7, golden.position)) == 0, "zero" + where);
  }
}

void values_have_the_moments_asked_for() {
  constexpr int COUNT = 100000;
  double sums[2] = {};
  double squares[2] = {};
  for (int i = 0; i < COUNT; ++i) {
    const double values[2] = {value_at({ValueKind::Normal, 1.0f}, 3, i), value_at({ValueKind::Uniform, 1.0f}, 3, i)};
    for (int kind = 0; kind < 2; ++kind) {
      sums[kind] += values[kind];
      squares[kind] += values[kind] * values[kind];
    }
  }
  expect(std::abs(sums[0] / COUNT) < 0.015 && std::abs(squares[0] / COUNT - 1) < 0.02, "moments of the normal rule");
  expect(std::abs(sums[1] / COUNT) < 0.01 && std::abs(squares[1] / COUNT - 1 / 3.0) < 0.01,
         "moments of the uniform rule");
}

}  // namespace
}  // namespace espalier::test

int main() {
  using namespace espalier::test;
  hashes_are_those_of_the_engine();
  images_are_those_of_the_engine();
  every_number_is_an_image_once();
  values_are_those_of_the_engine();
  values_have_the_moments_asked_for();
  return result("random");
}
