/* SPDX-License-Identifier: Apache-2.0 */
// Matrices and tensors for the tests of the sparse products.
#pragma once

#include <algorithm>
#include <limits>
#include <vector>

#include "base/types.h"
#include "spmm/slabs.h"
#include "test/check.h"

namespace espalier::test {

/** Shape of a product with a sparse matrix of rows x columns. */
struct Shape {
  int32_t rows;
  int32_t columns;
  int32_t positions;
  double density;
  bool full_row = false;  // one row has every column
};

inline std::string name_of(const Shape& shape) {
  return std::to_string(shape.rows) + " x " + std::to_string(shape.columns) + ", density " +
         std::to_string(shape.density) + (shape.full_row ? ", a full row" : "") + ", positions " +
         std::to_string(shape.positions);
}

/** A random sparse matrix on the host. Every fifth row is empty. */
struct HostCsr {
  std::vector<int32_t> row_start{0};
  std::vector<int32_t> column;
  std::vector<float> values;

  HostCsr(const Shape& shape, Random& random) {
    for (int32_t r = 0; r < shape.rows; ++r) {
      const bool full = shape.full_row && r == shape.rows / 2;
      for (int32_t c = 0; c < shape.columns; ++c) {
        if (!full && (r % 5 == 3 || random.number() >= 2 * shape.density - 1)) continue;
        column.push_back(c);
        values.push_back(random.number());
      }
      row_start.push_back(static_cast<int32_t>(column.size()));
    }
  }
  int32_t nnz() const { return static_cast<int32_t>(column.size()); }
};

/** The same on the device, with its slab index. */
class DeviceCsr {
 public:
  DeviceCsr(Workspace& workspace, const Shape& shape, const HostCsr& host)
      : row_start_(workspace, host.row_start),
        column_(workspace, host.column),
        values_(workspace, host.values),
        slabs_(workspace, static_cast<size_t>(slab_words(shape.rows, shape.columns)), int32_t{-1}),
        csr_{shape.rows, shape.columns, host.nnz(), row_start_.data(), column_.data(), values_.data(), slabs_.data()} {
    index_slabs(workspace, csr_, slabs_.data());
  }
  const Csr& csr() const { return csr_; }
  std::vector<int32_t> slabs() const { return slabs_.values(); }
  std::vector<float> values() const { return values_.values(); }
  float* values_data() const { return values_.data(); }

 private:
  Array<int32_t> row_start_;
  Array<int32_t> column_;
  Array<float> values_;
  Array<int32_t> slabs_;
  Csr csr_;
};

/** A stride that leaves padding, sometimes whole lines of it. */
inline int32_t stride_for(int32_t positions) { return (positions + 15) / 16 * 16 + (positions % 2 ? 16 : 0); }

/** Random numbers with NaN in the padding. */
inline std::vector<float> random_rows(int32_t rows, int32_t positions, Random& random) {
  const size_t stride = stride_for(positions);
  std::vector<float> data(rows * stride, std::numeric_limits<float>::quiet_NaN());
  for (int32_t r = 0; r < rows; ++r) {
    for (int32_t p = 0; p < positions; ++p) data[r * stride + p] = random.number();
  }
  return data;
}

/** The nearest number of 8 significant bits, of two the even one; not for infinity, NaN, or what is near them. */
inline float to_bfloat16(float number) {
  if (number == 0) return number;
  const int exponent = std::max(std::ilogb(number), -126) - 7;  // of the last bit
  return static_cast<float>(std::ldexp(std::nearbyint(std::ldexp(static_cast<double>(number), -exponent)), exponent));
}

inline std::vector<float> to_bfloat16(std::vector<float> numbers) {
  for (float& number : numbers) number = std::isnan(number) ? number : to_bfloat16(number);
  return numbers;
}

inline std::string name_of(Tier tier) {
  const std::string where = uses_slabs(tier) ? "slab" : "gather";
  return where + (reads_16_bits(tier) ? ", 16 bits" : "");
}

/** Whether the bits are the same, those of NaN too. */
inline bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && (a.empty() || memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0);
}

/** |actual - expected| <= units * 2^-24 * (|expected| + magnitude * length) */
inline bool close(double actual, double expected, double units, double magnitude, double length) {
  return std::abs(actual - expected) <= units * std::ldexp(1, -24) * (std::abs(expected) + magnitude * length);
}

}  // namespace espalier::test
