/* SPDX-License-Identifier: Apache-2.0 */
#include "gemm/taps.h"

#include "test/convolution.h"

namespace espalier::test {
namespace {

constexpr float kUntouched = 12345;

/** A dense convolution with its operands on the device. */
class Fixture {
 public:
  explicit Fixture(const Convolution& of)
      : of_(of),
        random_(static_cast<uint64_t>(of.outputs * 43 + of.channels)),
        taps_(workspace_, of),
        columns_(of.channels * taps_.count()),
        host_(numbers(static_cast<size_t>(of.outputs) * columns_)),
        host_bias_(numbers(of.outputs)),
        weights_(workspace_, host_),
        bias_(workspace_, host_bias_),
        x_(workspace_, inputs(), of.images, taps_.device().input, 0, taps_.reach(), random_pixels(random_), 1),
        dy_(workspace_, of.outputs, of.images, taps_.device().output, 0, taps_.reach(), random_pixels(random_)) {}

  void check_forward(const Epilogue& epilogue) {
    const ImageTensor y(workspace_, of_.outputs, of_.images, taps_.device().output, 2);
    gemm(workspace_, weights_.data(), taps_.device(), bias_.data(), x_.read_only_rows(), y.rows(), epilogue);
    y.expect_pixels(
        "gemm, " + of_.name(),
        [&](int32_t r, int32_t n, int32_t oy, int32_t ox) {
          double sum = host_bias_[r];
          for (int32_t c = 0; c < columns_; ++c) sum += weight(r, c) * taps_.read(x_, c, n, oy, ox);
          return epilogue.kind == EpilogueKind::None ? sum : std::max(sum, 0.0);
        },
        2, columns_ + 1);
  }

  void check_transposed() {
    const ImageTensor dx(workspace_, inputs(), of_.images, taps_.device().input, 2);
    gemm_transposed(workspace_, weights_.data(), taps_.device(), dy_.read_only_rows(), dx.rows(), {});
    dx.expect_pixels(
        "gemm_transposed, " + of_.name(),
        [&](int32_t q, int32_t n, int32_t y, int32_t x) {
          double sum = 0;
          for (int32_t t = 0; t < taps_.count(); ++t) {
            if (taps_.tap(t).phase != q % taps_.phases()) continue;
            const int32_t c = q / taps_.phases() * taps_.count() + t;
            for (int32_t r = 0; r < of_.outputs; ++r) sum += weight(r, c) * taps_.handed_back(dy_, r, t, n, y, x);
          }
          return sum;
        },
        2, of_.outputs * taps_.count());
  }

  void check_gradient() {
    const Array<float> gradient(workspace_, host_.size() + 3, kUntouched);
    gemm_gradient(workspace_, taps_.device(), x_.read_only_rows(), dy_.read_only_rows(), gradient.data());
    const std::vector<float> is = gradient.values();
    const double length = static_cast<double>(of_.images) * of_.out_height() * of_.out_width();
    for (size_t i = 0; i < host_.size(); ++i) {
      const int32_t r = static_cast<int32_t>(i) / columns_;
      double sum = 0;
      for (int32_t n = 0; n < of_.images; ++n) {
        for (int32_t y = 0; y < of_.out_height(); ++y) {
          for (int32_t x = 0; x < of_.out_width(); ++x) {
            sum += dy_.first(r, n, y, x) * taps_.read(x_, static_cast<int32_t>(i) % columns_, n, y, x);
          }
        }
      }
      if (!(std::fabs(is[i] - sum) <= 2 * std::ldexp(std::fabs(sum) + length, -24))) {
        return fail("gemm_gradient, " + of_.name() + ": element " + std::to_string(i) + " is " +
                    std::to_string(is[i]) + ", not " + std::to_string(sum));
      }
    }
    for (size_t i = host_.size(); i < is.size(); ++i) expect(is[i] == kUntouched, "gemm_gradient: wrote behind");
  }

 private:
  int32_t inputs() const { return of_.channels * taps_.phases(); }
  double weight(int32_t row, int32_t column) const { return host_[static_cast<size_t>(row) * columns_ + column]; }
  std::vector<float> numbers(size_t count) {
    std::vector<float> some(count);
    for (float& one : some) one = random_.number();
    return some;
  }

  const Convolution of_;
  TestWorkspace workspace_;
  Random random_;
  const DeviceTaps taps_;
  const int32_t columns_;
  const std::vector<float> host_;
  const std::vector<float> host_bias_;
  const Array<float> weights_;
  const Array<float> bias_;
  const ImageTensor x_;
  const ImageTensor dy_;
};

}  // namespace
}  // namespace espalier::test

int main() {
  using namespace espalier::test;
  for (const Convolution& of : convolutions()) {
    Fixture fixture(of);
    fixture.check_forward({});
    fixture.check_transposed();
    fixture.check_gradient();
  }
  Fixture({7, 5, 3, 3, 2, 1, 7, 9, 3, 1}).check_forward({espalier::EpilogueKind::Activate, {}, nullptr, 0});
  return result("gemm_taps_test");
}
