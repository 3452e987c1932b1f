/* SPDX-License-Identifier: Apache-2.0 */
#include "images/images.h"
#include "test/images.h"
#include "test/sparse.h"

namespace espalier::test {
namespace {

constexpr float kEpsilon = 1e-5f;
constexpr float kMomentum = 0.25f;

struct Batch {
  int32_t rows, images, height, width;
  float offset = 0;

  std::string name() const {
    return std::to_string(rows) + " x " + std::to_string(images) + " images of " + std::to_string(height) + " x " +
           std::to_string(width) + " around " + std::to_string(offset);
  }
};

/** |actual - expected| <= units * 2^-24 * (|expected| + magnitude) */
void expect_close(const std::string& what, double actual, double expected, double units, double magnitude) {
  if (!close(actual, expected, units, magnitude, 1)) {
    fail(what + " is " + std::to_string(actual) + ", not " + std::to_string(expected));
  }
}

/** A tensor to normalise, in double precision beside it. */
class Fixture {
 public:
  Fixture(const Batch& shape, bool relu)
      : shape_(shape),
        relu_(relu),
        pixels_(shape.images * shape.height * shape.width),
        random_(static_cast<uint64_t>(shape.height * 3 + shape.images)),
        from_(grid_of(shape.height, shape.width, shape.height + 1, shape.width + 2)),
        to_(grid_of(shape.height, shape.width, shape.height, shape.width + 1)),
        x_(workspace_, shape.rows, shape.images, from_, ImageTensor::kNone, 16,
           [&](int32_t r, int32_t, int32_t, int32_t) { return random_.number() * (1 + r % 3) + shape.offset; }, 1),
        dy_(workspace_, shape.rows, shape.images, to_, ImageTensor::kNone, 16, random_pixels(random_)),
        parameters_(numbers(1.5f)),
        running_(numbers(1)),
        device_parameters_(workspace_, parameters_),
        device_running_(workspace_, running_),
        saved_(workspace_, parameters_.size(), -1.0f) {}

  void check() {
    check_forward();
    check_fixed();
    check_gradient();
  }

 private:
  void check_forward() {
    const ImageTensor y(workspace_, shape_.rows, shape_.images, to_, 2);
    normalize(workspace_, {kEpsilon, kMomentum}, device_parameters_.data(), device_running_.data(), saved_.data(),
              x_.read_only_images(), relu_, y.images());
    statistics_ = saved_.values();
    const std::vector<float> running = device_running_.values();
    const double largest = std::fabs(shape_.offset) + 3;
    for (int32_t r = 0; r < shape_.rows; ++r) {
      double mean = 0;
      each([&](int32_t n, int32_t i, int32_t j) { mean += x_.first(r, n, i, j) / pixels_; });
      double squares = 0;
      each([&](int32_t n, int32_t i, int32_t j) { squares += std::pow(x_.first(r, n, i, j) - mean, 2); });
      const double inverse = 1 / std::sqrt(squares / pixels_ + kEpsilon);
      const std::string what = "normalize, " + shape_.name() + ", row " + std::to_string(r);
      expect_close(what + ": mean", statistics_[r], mean, 2, largest);
      expect_close(what + ": inverse", statistics_[shape_.rows + r], inverse, 32, inverse);
      expect_close(what + ": running mean", running[r], (1 - kMomentum) * running_[r] + kMomentum * mean, 2, largest);
      expect_close(what + ": running variance", running[shape_.rows + r],
                   (1 - kMomentum) * running_[shape_.rows + r] + kMomentum * squares / std::max(pixels_ - 1, 1), 32, 9);
    }
    y.expect_pixels("normalize, " + shape_.name(),
                    [&](int32_t r, int32_t n, int32_t i, int32_t j) {
                      const double whole = output(r, normalized(r, n, i, j));
                      return relu_ ? std::max(whole, 0.0) : whole;
                    },
                    4, 4);
  }

  void check_fixed() {
    std::vector<float> fixed = running_;
    for (int32_t r = 0; r < shape_.rows; ++r) fixed[shape_.rows + r] = std::fabs(fixed[shape_.rows + r]) + 0.1f;
    const Array<float> running(workspace_, fixed);
    const ImageTensor y(workspace_, shape_.rows, shape_.images, to_, 1);
    normalize_fixed(workspace_, {kEpsilon, 0}, device_parameters_.data(), running.data(), x_.read_only_images(), relu_,
                    y.images());
    expect_same(running.values(), fixed);
    y.expect_pixels("normalize_fixed, " + shape_.name(),
                    [&](int32_t r, int32_t n, int32_t i, int32_t j) {
                      const double inverse = 1 / std::sqrt(static_cast<double>(fixed[shape_.rows + r]) + kEpsilon);
                      const double whole = output(r, (x_.first(r, n, i, j) - fixed[r]) * inverse);
                      return relu_ ? std::max(whole, 0.0) : whole;
                    },
                    4, 4 * (4 + std::fabs(shape_.offset)));
  }

  /** With the statistics as they were saved. */
  void check_gradient() {
    const ImageTensor dx(workspace_, shape_.rows, shape_.images, from_, 3);
    const Array<float> gradient(workspace_, parameters_.size(), -1.0f);
    normalize_gradient(workspace_, device_parameters_.data(), saved_.data(), x_.read_only_images(), relu_,
                       dy_.read_only_images(), dx.images(), gradient.data());
    const std::vector<float> is = gradient.values();
    std::vector<double> of_gamma(shape_.rows);
    std::vector<double> of_beta(shape_.rows);
    for (int32_t r = 0; r < shape_.rows; ++r) {
      each([&](int32_t n, int32_t i, int32_t j) {
        of_gamma[r] += slope(r, n, i, j) * normalized(r, n, i, j);
        of_beta[r] += slope(r, n, i, j);
      });
      const std::string what = "normalize_gradient, " + shape_.name() + ", row " + std::to_string(r);
      expect_close(what + ": gamma", is[r], of_gamma[r], 2, 2.0 * pixels_);
      expect_close(what + ": beta", is[shape_.rows + r], of_beta[r], 2, pixels_);
    }
    dx.expect_pixels("normalize_gradient, " + shape_.name(),
                     [&](int32_t r, int32_t n, int32_t i, int32_t j) {
                       const double at = normalized(r, n, i, j);
                       const double via = (of_beta[r] + at * of_gamma[r]) / pixels_;
                       return parameters_[r] * static_cast<double>(statistics_[shape_.rows + r]) *
                              (slope(r, n, i, j) - via);
                     },
                     8, 4.0 * largest_inverse());
  }

  void each(const std::function<void(int32_t, int32_t, int32_t)>& visit) const {
    for (int32_t n = 0; n < shape_.images; ++n) {
      for (int32_t i = 0; i < shape_.height; ++i) {
        for (int32_t j = 0; j < shape_.width; ++j) visit(n, i, j);
      }
    }
  }

  double normalized(int32_t r, int32_t n, int32_t i, int32_t j) const {
    return (x_.first(r, n, i, j) - statistics_[r]) * statistics_[shape_.rows + r];
  }
  double output(int32_t r, double at) const { return parameters_[r] * at + parameters_[shape_.rows + r]; }
  double slope(int32_t r, int32_t n, int32_t i, int32_t j) const {
    return relu_ && output(r, normalized(r, n, i, j)) <= 0 ? 0 : dy_.first(r, n, i, j);
  }
  double largest_inverse() const {
    return *std::max_element(statistics_.begin() + shape_.rows, statistics_.end());
  }

  std::vector<float> numbers(float scale) {
    std::vector<float> some(2 * static_cast<size_t>(shape_.rows));
    for (float& one : some) one = scale * random_.number();
    return some;
  }

  static void expect_same(const std::vector<float>& a, const std::vector<float>& b) {
    expect(same_bits(a, b), "normalize_fixed changed the running statistics");
  }

  const Batch shape_;
  const bool relu_;
  const int32_t pixels_;
  TestWorkspace workspace_;
  Random random_;
  const Grid from_;
  const Grid to_;
  const ImageTensor x_;
  const ImageTensor dy_;
  const std::vector<float> parameters_;
  const std::vector<float> running_;
  const Array<float> device_parameters_;
  const Array<float> device_running_;
  const Array<float> saved_;
  std::vector<float> statistics_;
};

}  // namespace
}  // namespace espalier::test

int main() {
  using namespace espalier::test;
  const Batch shapes[] = {{1, 1, 1, 1},        {3, 2, 1, 2},         {70, 3, 4, 4},       {5, 2, 7, 5, 5},
                          {2, 9, 33, 31},      {2, 5, 60, 60, -100}, {3, 4, 20, 20, 3000}, {2, 3, 40, 40, 1e6f},
                          {1, 2, 130, 130, 1}, {1, 1, 1, 8200},      {1, 600, 30, 31, 0.5f}};
  for (const Batch& shape : shapes) {
    Fixture(shape, false).check();
    Fixture(shape, true).check();
  }
  return result("images_normalize_test");
}
