/* SPDX-License-Identifier: Apache-2.0 */
#include "sddmm/taps.h"

#include "test/convolution.h"
#include "test/sparse.h"

namespace espalier::test {
namespace {

constexpr float kRate = 0.125f;
constexpr float kMomentum = 0.5f;
constexpr float kDecay = 0.25f;
constexpr float kUntouched = 12345;
constexpr size_t kSpare = 3;

/** A convolution, its operands on the device and the gradients that are to come out. */
class Fixture {
 public:
  Fixture(const Convolution& of, double density)
      : of_(of),
        random_(static_cast<uint64_t>(of.outputs * 41 + of.images)),
        taps_(workspace_, of),
        shape_{of.outputs, of.channels * taps_.count(), 1, density, true},
        host_(shape_, random_),
        weights_(workspace_, shape_, host_),
        x_(workspace_, of.channels * taps_.phases(), of.images, taps_.device().input, 0, taps_.reach(),
           random_pixels(random_), 1),
        dy_(workspace_, of.outputs, of.images, taps_.device().output, 0, 0, random_pixels(random_)) {
    for (int32_t r = 0; r < of.outputs; ++r) {
      for (int32_t k = host_.row_start[r]; k < host_.row_start[r + 1]; ++k) {
        gradient_.push_back(over_pixels([&](int32_t n, int32_t y, int32_t x) {
          return dy_.first(r, n, y, x) * taps_.read(x_, host_.column[k], n, y, x);
        }));
      }
      bias_.push_back(over_pixels([&](int32_t n, int32_t y, int32_t x) { return dy_.first(r, n, y, x); }));
    }
  }

  void check_gradient() {
    std::vector<float> results[2];
    for (std::vector<float>& result : results) {
      const Array<float> gradient(workspace_, gradient_.size() + kSpare, kUntouched);
      const Array<float> bias(workspace_, bias_.size() + kSpare, kUntouched);
      sddmm(workspace_, weights_.csr(), taps_.device(), x_.read_only_rows(), dy_.read_only_rows(), gradient.data(),
            bias.data());
      result = gradient.values();
      compare("sddmm", result, gradient_);
      compare("sddmm, bias", bias.values(), bias_);
    }
    expect(same_bits(results[0], results[1]), "sddmm, " + of_.name() + ": other bits the second time");
  }

  /** Steps of SGD with momentum; velocities were 1. */
  void check_step(bool halted) {
    const int32_t nnz = host_.nnz();
    std::vector<int32_t> slots(nnz);  // some permutation
    for (int32_t k = 0; k < nnz; ++k) slots[k] = nnz - 1 - k;
    int64_t rate_bits = 0;
    memcpy(&rate_bits, &kRate, sizeof kRate);
    const Array<float> values(workspace_, host_.values);
    const Array<float> velocity(workspace_, nnz, 1.0f);
    const Array<float> transposed(workspace_, nnz, kUntouched);
    const Array<int32_t> slot(workspace_, slots);
    const Array<int64_t> rate(workspace_, 1, rate_bits);
    const Array<int32_t> flag(workspace_, 1, halted ? 1 : 0);
    device::copy(workspace_.stream(), workspace_.halted(), flag.data(), sizeof(int32_t));
    Csr pattern = weights_.csr();
    pattern.values = values.data();
    sddmm_sgd(workspace_, pattern, taps_.device(), x_.read_only_rows(), dy_.read_only_rows(),
              {values.data(), velocity.data(), transposed.data(), slot.data()}, nullptr,
              {kMomentum, false, kDecay, {rate.data()}, {nullptr}});
    device::zero(workspace_.stream(), workspace_.halted(), sizeof(int32_t));
    const std::vector<float> now = values.values();
    const std::vector<float> copy = transposed.values();
    for (int32_t k = 0; k < nnz; ++k) {
      const double step = kMomentum + gradient_[k] + kDecay * host_.values[k];
      const double expected = halted ? host_.values[k] : host_.values[k] - kRate * step;
      expect(close(now[k], expected, 2, 1, length() + 2), "sddmm_sgd, " + of_.name() + ": value " + std::to_string(k));
      expect(copy[slots[k]] == (halted ? kUntouched : now[k]), "sddmm_sgd, " + of_.name() + ": transposed copy");
    }
  }

 private:
  double length() const { return static_cast<double>(of_.images) * of_.out_height() * of_.out_width(); }

  double over_pixels(const std::function<double(int32_t, int32_t, int32_t)>& term) const {
    double sum = 0;
    for (int32_t n = 0; n < of_.images; ++n) {
      for (int32_t y = 0; y < of_.out_height(); ++y) {
        for (int32_t x = 0; x < of_.out_width(); ++x) sum += term(n, y, x);
      }
    }
    return sum;
  }

  void compare(const std::string& what, const std::vector<float>& is, const std::vector<double>& expected) const {
    for (size_t i = 0; i < expected.size(); ++i) {
      if (!close(is[i], expected[i], 2, 1, length())) {
        return fail(what + ", " + of_.name() + ": element " + std::to_string(i) + " is " + std::to_string(is[i]) +
                    ", not " + std::to_string(expected[i]));
      }
    }
    for (size_t i = expected.size(); i < is.size(); ++i) expect(is[i] == kUntouched, what + ": wrote behind");
  }

  const Convolution of_;
  TestWorkspace workspace_;
  Random random_;
  const DeviceTaps taps_;
  const Shape shape_;
  const HostCsr host_;
  const DeviceCsr weights_;
  const ImageTensor x_;
  const ImageTensor dy_;
  std::vector<double> gradient_;
  std::vector<double> bias_;
};

}  // namespace
}  // namespace espalier::test

int main() {
  using namespace espalier::test;
  for (const Convolution& of : convolutions()) {
    Fixture fixture(of, 0.5);
    fixture.check_gradient();
    fixture.check_step(false);
  }
  Fixture(Convolution{3, 2, 3, 3, 1, 1, 40, 41, 2}, 0.9).check_gradient();  // more than one slice, the last a short one
  Fixture(Convolution{4, 3, 3, 3, 1, 1, 5, 5, 2}, 0).check_gradient();      // a full row and empty ones
  Fixture(Convolution{1, 300, 3, 3, 1, 1, 4, 4, 1}, 1).check_step(true);    // turns at a long row; halted
  return result("sddmm_taps_test");
}
