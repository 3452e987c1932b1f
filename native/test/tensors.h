/* SPDX-License-Identifier: Apache-2.0 */
// Feature-major tensors of tests, and how far results may be from a reference in double precision.
#pragma once

#include <functional>
#include <limits>

#include "base/types.h"
#include "test/check.h"

namespace espalier::test {

/** A tensor in device memory, exactly as long as its rows; its padding is NaN. */
class Tensor {
 public:
  /** A tensor of value(row, position); stride 0 is the smallest that is allowed. */
  Tensor(Workspace& workspace, int32_t rows, int32_t positions, const std::function<float()>& value, int32_t stride = 0)
      : rows_(rows),
        positions_(positions),
        stride_(stride ? stride : (positions + 15) / 16 * 16),
        first_(content(value)),
        array_(workspace, first_) {}

  /** A tensor to overwrite: all NaN. */
  Tensor(Workspace& workspace, int32_t rows, int32_t positions, int32_t stride = 0)
      : Tensor(workspace, rows, positions, [] { return std::numeric_limits<float>::quiet_NaN(); }, stride) {}

  Rows rows() const { return {array_.data(), rows_, positions_, stride_}; }
  ConstRows read_only() const { return espalier::read_only(rows()); }

  /** What the element was when the tensor was made. */
  float first(int32_t row, int32_t position) const { return first_[static_cast<size_t>(row) * stride_ + position]; }

  /** The elements that count, row by row, as they are now. */
  std::vector<float> values() const {
    const std::vector<float> all = array_.values();
    std::vector<float> counting;
    for (int32_t r = 0; r < rows_; ++r) {
      const auto row = all.begin() + static_cast<size_t>(r) * stride_;
      counting.insert(counting.end(), row, row + positions_);
    }
    return counting;
  }

 private:
  std::vector<float> content(const std::function<float()>& value) const {
    std::vector<float> all(static_cast<size_t>(rows_) * stride_, std::numeric_limits<float>::quiet_NaN());
    for (int32_t r = 0; r < rows_; ++r) {
      for (int32_t p = 0; p < positions_; ++p) all[static_cast<size_t>(r) * stride_ + p] = value();
    }
    return all;
  }

  int32_t rows_;
  int32_t positions_;
  int32_t stride_;
  std::vector<float> first_;
  Array<float> array_;
};

/** |actual - expected| may be units * 2^-24 * (|expected| + magnitude * length). */
struct Bound {
  double units;
  double magnitude;
  double length;

  static Bound sum(double length, double magnitude) { return {2, magnitude, std::max(length, 1.0)}; }
  static Bound elementwise(double magnitude) { return {4, magnitude, 1}; }
  static Bound transcendental(double magnitude, double length) { return {16, magnitude, std::max(length, 1.0)}; }
  static Bound exact() { return {0, 0, 1}; }
};

/** Compares element by element; NaN equals NaN only. */
inline void expect_near(const std::string& what, const std::vector<float>& actual, const std::vector<double>& expected,
                        const Bound& bound) {
  expect(actual.size() == expected.size(), what + ": as many elements as expected");
  for (size_t i = 0; i < actual.size() && i < expected.size(); ++i) {
    const double is = actual[i];
    const double should = expected[i];
    if (is == should || (std::isnan(is) && std::isnan(should))) continue;
    const double allowed = bound.units * std::ldexp(std::fabs(should) + bound.magnitude * bound.length, -24);
    if (!(std::fabs(is - should) <= allowed) || std::isinf(should)) {
      fail(what + ": element " + std::to_string(i) + " is " + std::to_string(is) + ", expected " +
           std::to_string(should));
      return;
    }
  }
}

/** Compares bit for bit. */
template <class T>
void expect_same(const std::string& what, const std::vector<T>& a, const std::vector<T>& b) {
  expect(a.size() == b.size() && (a.empty() || memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0), what);
}

}  // namespace espalier::test
