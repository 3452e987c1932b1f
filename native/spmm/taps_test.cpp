/* SPDX-License-Identifier: Apache-2.0 */
#include "spmm/taps.h"

#include "test/convolution.h"
#include "test/sparse.h"

namespace espalier::test {
namespace {

/** f(sum), or sum * f'(output). */
double finished(const Epilogue& epilogue, double sum, double output) {
  if (epilogue.kind == EpilogueKind::None) return sum;
  if (epilogue.kind == EpilogueKind::Activate) return std::max(sum, 0.0);
  return sum * (1 - output * output);
}

Epilogue epilogue_of(EpilogueKind kind, const ImageTensor& output) {
  const ActivationKind function = kind == EpilogueKind::Gradient ? ActivationKind::Tanh : ActivationKind::Relu;
  return {kind, {function, 0}, output.rows().data, output.rows().stride};
}

void check(const Convolution& of, double density, EpilogueKind kind, bool with_bias) {
  TestWorkspace workspace;
  Random random(static_cast<uint64_t>(of.outputs * 31 + of.height));
  const PixelValue number = random_pixels(random);
  const DeviceTaps taps(workspace, of);
  const int32_t inputs = of.channels * taps.phases();
  const Shape shape{of.outputs, of.channels * taps.count(), 1, density, true};
  const HostCsr host(shape, random);
  const DeviceCsr weights(workspace, shape, host);
  const ImageTensor x(workspace, inputs, of.images, taps.device().input, 0, taps.reach(), number, 1);
  const ImageTensor output(workspace, of.outputs, of.images, taps.device().output, ImageTensor::kNone, 0, number);
  const ImageTensor y(workspace, of.outputs, of.images, taps.device().output, 2);
  std::vector<float> numbers(of.outputs);
  for (float& b : numbers) b = with_bias ? random.number() : 0;
  const Array<float> bias(workspace, numbers);
  const Epilogue epilogue = epilogue_of(kind, output);
  spmm(workspace, weights.csr(), taps.device(), with_bias ? bias.data() : nullptr, x.read_only_rows(), y.rows(),
       epilogue);
  y.expect_pixels(
      "spmm, " + of.name(),
      [&](int32_t r, int32_t n, int32_t oy, int32_t ox) {
        double sum = numbers[r];
        for (int32_t k = host.row_start[r]; k < host.row_start[r + 1]; ++k) {
          sum += static_cast<double>(host.values[k]) * taps.read(x, host.column[k], n, oy, ox);
        }
        return finished(epilogue, sum, output.first(r, n, oy, ox));
      },
      4, shape.columns + 1);
}

/** The transposed copy is a matrix in its own right here: a row for each column of the weights. */
void check_transposed(const Convolution& of, double density, EpilogueKind kind) {
  TestWorkspace workspace;
  Random random(static_cast<uint64_t>(of.channels * 37 + of.width));
  const PixelValue number = random_pixels(random);
  const DeviceTaps taps(workspace, of);
  const int32_t inputs = of.channels * taps.phases();
  const Shape shape{of.channels * taps.count(), of.outputs, 1, density, true};
  const HostCsr host(shape, random);
  const DeviceCsr transposed(workspace, shape, host);
  const ImageTensor dy(workspace, of.outputs, of.images, taps.device().output, 0, taps.reach(), number, 1);
  const ImageTensor output(workspace, inputs, of.images, taps.device().input, ImageTensor::kNone, 0, number);
  const ImageTensor dx(workspace, inputs, of.images, taps.device().input, 2);
  const Epilogue epilogue = epilogue_of(kind, output);
  spmm_transposed(workspace, transposed.csr(), taps.device(), dy.read_only_rows(), dx.rows(), epilogue);
  dx.expect_pixels(
      "spmm_transposed, " + of.name(),
      [&](int32_t q, int32_t n, int32_t y, int32_t x) {
        double sum = 0;
        for (int32_t t = 0; t < taps.count(); ++t) {
          if (taps.tap(t).phase != q % taps.phases()) continue;
          const int32_t row = q / taps.phases() * taps.count() + t;
          for (int32_t k = host.row_start[row]; k < host.row_start[row + 1]; ++k) {
            sum += static_cast<double>(host.values[k]) * taps.handed_back(dy, host.column[k], t, n, y, x);
          }
        }
        return finished(epilogue, sum, output.first(q, n, y, x));
      },
      4, of.outputs * taps.count());
}

void nothing_at_all() {
  TestWorkspace workspace;
  Random random(3);
  const Convolution of = {4, 2, 3, 3, 1, 1, 3, 3, 0};
  const DeviceTaps taps(workspace, of);
  const Shape shape{4, 18, 1, 0.5};
  const DeviceCsr weights(workspace, shape, HostCsr(shape, random));
  const ImageTensor x(workspace, 2, 0, taps.device().input, 0, taps.reach(), nullptr);
  const ImageTensor y(workspace, 4, 0, taps.device().output, 1);
  spmm(workspace, weights.csr(), taps.device(), nullptr, x.read_only_rows(), y.rows(), {});
  y.expect_pixels("no images", [](int32_t, int32_t, int32_t, int32_t) { return 0; }, 0, 0);
}

}  // namespace
}  // namespace espalier::test

int main() {
  using namespace espalier::test;
  using espalier::EpilogueKind;
  for (const Convolution& of : convolutions()) {
    check(of, 0.4, EpilogueKind::None, false);
    check_transposed(of, 0.4, EpilogueKind::None);
  }
  const Convolution odd = {7, 5, 3, 3, 2, 1, 7, 9, 3, 1};
  for (const EpilogueKind kind : {EpilogueKind::Activate, EpilogueKind::Gradient}) {
    check(odd, 0.9, kind, true);
    check_transposed(odd, 0.9, kind);
  }
  check(odd, 0, EpilogueKind::None, true);
  check_transposed(odd, 0, EpilogueKind::None);
  nothing_at_all();
  return result("spmm_taps_test");
}
