/* SPDX-License-Identifier: Apache-2.0 */
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "base/error.h"
#include "grow/grow.h"
#include "test/check.h"
#include "test/convolution.h"
#include "test/sparse.h"

namespace espalier::test {
namespace {

/** A layer, the flags of its connections and the tensors of its gradient. */
struct Sample {
  Sample(const Shape& given, int32_t percent_kept, const std::function<float(Random&)>& number)
      : shape(given), random(static_cast<uint64_t>(given.rows) * 7 + static_cast<uint64_t>(given.columns)),
        csr(given, random), x(tensor(given.columns, number)), dy(tensor(given.rows, number)) {
    for (int32_t k = 0; k < csr.nnz(); ++k) keep.push_back(random.below(100) < percent_kept);
  }

  /** Rows with NaN in the padding. */
  std::vector<float> tensor(int32_t rows, const std::function<float(Random&)>& number) {
    std::vector<float> data = random_rows(rows, shape.positions, random);
    for (float& element : data) {
      if (!std::isnan(element)) element = number(random);
    }
    return data;
  }

  /** Free cells, the one whose gradient is the largest first. */
  std::vector<int64_t> sorted() const {
    const size_t stride = static_cast<size_t>(stride_for(shape.positions));
    const size_t columns = static_cast<size_t>(shape.columns);
    std::vector<float> magnitude(static_cast<size_t>(shape.rows) * columns);
    for (size_t cell = 0; cell < magnitude.size(); ++cell) {
      float sum = 0;
      for (size_t p = 0; p < static_cast<size_t>(shape.positions); ++p) {
        const float product = dy[cell / columns * stride + p] * x[cell % columns * stride + p];
        sum += product;
      }
      magnitude[cell] = std::isnan(sum) ? std::numeric_limits<float>::infinity() : std::abs(sum);
      if (std::isinf(sum)) magnitude[cell] = std::numeric_limits<float>::max();  // nothing else is
    }
    std::vector<int64_t> free_cells;
    for (int32_t r = 0; r < shape.rows; ++r) {
      int32_t k = csr.row_start[static_cast<size_t>(r)];
      for (int32_t c = 0; c < shape.columns; ++c) {
        const bool there = k < csr.row_start[static_cast<size_t>(r) + 1] && csr.column[static_cast<size_t>(k)] == c;
        if (!there || !keep[static_cast<size_t>(k)]) free_cells.push_back(static_cast<int64_t>(r) * shape.columns + c);
        k += there;
      }
    }
    std::stable_sort(free_cells.begin(), free_cells.end(), [&](int64_t a, int64_t b) {
      return magnitude[static_cast<size_t>(a)] > magnitude[static_cast<size_t>(b)];
    });
    return free_cells;
  }

  Shape shape;
  Random random;
  HostCsr csr;
  std::vector<float> x;
  std::vector<float> dy;
  std::vector<int32_t> keep;
};

/** Grows shares of what is free, given in thousandths, and compares with sorting. */
void check(const Sample& sample, const std::vector<int32_t>& per_mille, const std::string& what) {
  TestWorkspace workspace;
  const Shape& shape = sample.shape;
  const DeviceCsr csr(workspace, shape, sample.csr);
  const Array<int32_t> keep(workspace, sample.keep);
  const Array<float> x(workspace, sample.x);
  const Array<float> dy(workspace, sample.dy);
  const int32_t stride = stride_for(shape.positions);
  const std::vector<int64_t> sorted = sample.sorted();
  const int64_t kept = std::accumulate(sample.keep.begin(), sample.keep.end(), int64_t{0});
  for (int32_t share : per_mille) {
    const size_t count = (sorted.size() * static_cast<size_t>(share) + 999) / 1000;
    const Array<int64_t> positions(workspace, count, int64_t{-1});
    grow_gradient(workspace, csr.csr(), keep.data(), kept, {x.data(), shape.columns, shape.positions, stride},
                  {dy.data(), shape.rows, shape.positions, stride}, static_cast<int32_t>(count), positions.data());
    std::vector<int64_t> expected(sorted.begin(), sorted.begin() + static_cast<int64_t>(count));
    std::sort(expected.begin(), expected.end());
    expect(positions.values() == expected, name_of(shape) + ", " + what + ", " + std::to_string(count) + " grown");
  }
}

float real(Random& random) { return random.number(); }
float small(Random& random) { return static_cast<float>(random.below(5) - 2); }
float alike(Random& random) { return 1 + static_cast<float>(random.below(4)) * 0x1p-20f; }

float special(Random& random) {
  const float infinity = std::numeric_limits<float>::infinity();
  const float table[] = {0, 0, 0, 0, 1, -2, 3, infinity, -infinity, std::numeric_limits<float>::quiet_NaN()};
  return table[random.below(10)];
}

void shapes_and_numbers() {
  for (const Shape& shape :
       {Shape{1, 1, 1, 0}, Shape{3, 5, 0, 0.5}, Shape{1, 200, 17, 0.3}, Shape{200, 1, 16, 0.3},
        Shape{64, 64, 3, 0.2, true}, Shape{65, 130, 33, 0.05, true}, Shape{37, 53, 5, 0}, Shape{20, 30, 7, 1}}) {
    for (int32_t percent : {0, 70, 100}) {
      check(Sample(shape, percent, real), {0, 1, 250, 1000}, "real");
      check(Sample(shape, percent, small), {30, 600, 999}, "small");
    }
    check(Sample(shape, 50, alike), {100}, "alike");
    check(Sample(shape, 50, special), {1, 20, 200}, "special");
  }
}

/** More equal or nearly equal gradients than a list has room for. */
void candidates_that_do_not_fit() {
  const Shape shape{270, 300, 2, 0.02};
  check(Sample(shape, 50, [](Random&) { return 0.0f; }), {1}, "zeros");
  check(Sample(shape, 50, [](Random&) { return 0.75f; }), {40}, "equal");
  check(Sample(shape, 50, alike), {1}, "alike");
}

/** The gradient of a convolution is that of a layer whose inputs are what its taps read, pixel by pixel. */
void convolutions_grow_as_layers_do() {
  for (const Convolution& of : convolutions()) {
    TestWorkspace workspace;
    Random random(static_cast<uint64_t>(of.height) * 47 + static_cast<uint64_t>(of.channels));
    const PixelValue number = random_pixels(random);
    const DeviceTaps taps(workspace, of);
    const int32_t inputs = of.channels * taps.phases();
    const ImageTensor x(workspace, inputs, of.images, taps.device().input, 0, taps.reach(), number);
    const ImageTensor dy(workspace, of.outputs, of.images, taps.device().output, 0, 0, number);
    const int32_t positions = of.images * of.out_height() * of.out_width();
    Sample sample({of.outputs, of.channels * taps.count(), positions, 0.3}, 60, real);
    const size_t stride = static_cast<size_t>(stride_for(positions));
    for (int32_t p = 0; p < positions; ++p) {
      const int32_t ox = p % of.out_width();
      const int32_t oy = p / of.out_width() % of.out_height();
      const int32_t n = p / of.out_width() / of.out_height();
      for (int32_t c = 0; c < sample.shape.columns; ++c) {
        sample.x[static_cast<size_t>(c) * stride + p] = static_cast<float>(taps.read(x, c, n, oy, ox));
      }
      for (int32_t r = 0; r < of.outputs; ++r) {
        sample.dy[static_cast<size_t>(r) * stride + p] = static_cast<float>(dy.first(r, n, oy, ox));
      }
    }
    const DeviceCsr csr(workspace, sample.shape, sample.csr);
    const Array<int32_t> keep(workspace, sample.keep);
    const std::vector<int64_t> sorted = sample.sorted();
    const int64_t kept = std::accumulate(sample.keep.begin(), sample.keep.end(), int64_t{0});
    const size_t count = (sorted.size() + 2) / 3;
    const Array<int64_t> found(workspace, count, int64_t{-1});
    grow_gradient(workspace, csr.csr(), taps.device(), keep.data(), kept, x.read_only_rows(), dy.read_only_rows(),
                  static_cast<int32_t>(count), found.data());
    std::vector<int64_t> expected(sorted.begin(), sorted.begin() + static_cast<int64_t>(count));
    std::sort(expected.begin(), expected.end());
    expect(found.values() == expected, "convolution, " + of.name());
  }
}

void too_many_are_refused() {
  TestWorkspace workspace;
  const Array<int64_t> positions(workspace, 8, int64_t{-1});
  bool refused = false;
  try {
    grow_gradient(workspace, {3, 4, 5, nullptr, nullptr, nullptr, nullptr}, nullptr, 5, {nullptr, 4, 1, 16},
                  {nullptr, 3, 1, 16}, 8, positions.data());
  } catch (const Error& error) {
    refused = error.status() == ESP_BAD_ARGUMENT;
  }
  expect(refused, "8 of 7 cells were not refused");
}

}  // namespace
}  // namespace espalier::test

int main() {
  using namespace espalier::test;
  shapes_and_numbers();
  candidates_that_do_not_fit();
  convolutions_grow_as_layers_do();
  too_many_are_refused();
  return result("grow by gradient");
}
