/* SPDX-License-Identifier: Apache-2.0 */
#include "pack/pack.h"

#include "test/check.h"
#include "test/sparse.h"

namespace espalier::test {
namespace {

float float_of(uint32_t bits) {
  float number;
  memcpy(&number, &bits, sizeof number);
  return number;
}

uint32_t bits_of(float number) {
  uint32_t bits;
  memcpy(&bits, &number, sizeof bits);
  return bits;
}

/** The rounding against one by arithmetic: random bits of all exponents, ties, and what lies beside them. */
void numbers_are_rounded_to_the_nearest() {
  Random random(1);
  for (int i = 0; i < 200000; ++i) {
    uint32_t bits = static_cast<uint32_t>(random.bits());
    if (i % 4 == 1) bits = (bits & 0xffff0000u) | 0x8000u;
    if (i % 4 == 2) bits = (bits & 0xffff0000u) | 0x7fffu;
    if (i % 4 == 3) bits = (bits & 0xffff0000u) | 0x8001u;
    const float number = float_of(bits);
    if (!(std::abs(number) < 3.3e38f)) continue;
    if (float_of(bfloat16_bits(bits) << 16) != to_bfloat16(number)) {
      return fail("rounding of " + std::to_string(number) + ", bits " + std::to_string(bits));
    }
  }
}

void numbers_out_of_the_ordinary_are_kept() {
  const float infinity = std::numeric_limits<float>::infinity();
  const struct {
    uint32_t bits;
    uint32_t expected;
    const char* what;
  } cases[] = {{0, 0, "0"},
               {0x80000000u, 0x8000, "-0"},
               {bits_of(infinity), 0x7f80, "infinity"},
               {bits_of(-infinity), 0xff80, "-infinity"},
               {bits_of(std::numeric_limits<float>::max()), 0x7f80, "the largest number"},
               {0x7f7f7fffu, 0x7f7f, "the largest that is not rounded to infinity"},
               {0x00018000u, 0x0002, "a tie of numbers below the normal ones"},
               {0x00008000u, 0x0000, "half of the smallest"},
               {0x00008001u, 0x0001, "more than half of the smallest"}};
  for (const auto& c : cases) expect(bfloat16_bits(c.bits) == c.expected, c.what);
  for (const uint32_t nan : {0x7f800001u, 0x7fffffffu, 0xff800001u, 0x7fc00000u, 0xffffffffu}) {
    const uint32_t bits = bfloat16_bits(nan);
    expect(bits <= 0xffff && std::isnan(float_of(bits << 16)) && bits >> 15 == nan >> 31, "NaN stays NaN");
  }
}

void tensors_are_packed_row_by_row() {
  TestWorkspace workspace;
  Random random(2);
  for (const int32_t positions : {1, 7, 8, 9, 31, 32, 33, 100, 128, 129}) {
    for (const int32_t rows : {1, 3, 70}) {
      const std::vector<float> in = random_rows(rows, positions, random);
      const int32_t stride = stride_for(positions);
      const Array<float> x(workspace, in);
      const ConstRows source{x.data(), rows, positions, stride};
      const Array<uint16_t> target(workspace, packed_size(source), 0x1234);
      const PackedRows packed = pack(workspace, source, reinterpret_cast<Bfloat16*>(target.data()));
      const std::vector<uint16_t> out = target.values();
      const std::string what = "pack, " + std::to_string(rows) + " rows of " + std::to_string(positions);
      expect(packed.stride % 32 == 0 && packed.stride >= positions && packed.rows == rows &&
                 packed.positions == positions,
             what + ": shape");
      for (int32_t r = 0; r < rows; ++r) {
        for (int32_t p = 0; p < positions; ++p) {
          const uint32_t bits = out[static_cast<size_t>(r) * packed.stride + p];
          expect(float_of(bits << 16) == to_bfloat16(in[static_cast<size_t>(r) * stride + p]), what);
        }
      }
    }
  }
}

void nothing_is_packed_to_nothing() {
  TestWorkspace workspace;
  for (const ConstRows& empty : {ConstRows{nullptr, 0, 33, 48}, ConstRows{nullptr, 5, 0, 0}}) {
    expect(packed_size(empty) == 0, "size of nothing");
    pack(workspace, empty, nullptr);
  }
}

}  // namespace
}  // namespace espalier::test

int main() {
  using namespace espalier::test;
  numbers_are_rounded_to_the_nearest();
  numbers_out_of_the_ordinary_are_kept();
  tensors_are_packed_row_by_row();
  nothing_is_packed_to_nothing();
  return result("pack_test");
}
