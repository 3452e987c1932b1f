/* SPDX-License-Identifier: Apache-2.0 */
#include "loss/loss.h"

#include "test/check.h"
#include "test/tensors.h"

using namespace espalier;
using namespace espalier::test;

namespace {

enum class Target { Separate, InPlace, None };

struct Variant {
  int32_t classes;
  int32_t positions;
  float scale;
  Target target;
  int32_t stride = 0;

  std::string name() const {
    return std::to_string(classes) + " classes, n=" + std::to_string(positions) + ", |z| <= " + std::to_string(scale);
  }
};

struct Reference {
  std::vector<double> gradient;  // class by class
  std::vector<double> outcome;
};

/** A loss of one position: fills in its gradient, not yet scaled, and returns the loss. */
using Loss = double (*)(const std::vector<double>& z, int32_t largest, int32_t label, double smoothing,
                        std::vector<double>& gradient);

double cross_entropy_of(const std::vector<double>& z, int32_t largest, int32_t label, double smoothing,
                        std::vector<double>& gradient) {
  double sum = 0;
  for (const double value : z) sum += std::exp(value - z[largest]);
  const double log_sum = z[largest] + std::log(sum);
  double loss = 0;
  for (size_t c = 0; c < z.size(); ++c) {
    const double target = (static_cast<int32_t>(c) == label ? 1 - smoothing : 0) + smoothing / z.size();
    loss -= target * (z[c] - log_sum);
    gradient[c] = std::exp(z[c] - log_sum) - target;
  }
  return loss;
}

double squared_error_of(const std::vector<double>& z, int32_t, int32_t label, double, std::vector<double>& gradient) {
  double loss = 0;
  for (size_t c = 0; c < z.size(); ++c) {
    const double error = z[c] - (static_cast<int32_t>(c) == label ? 1 : 0);
    loss += error * error;
    gradient[c] = 2.0 / z.size() * error;
  }
  return loss / z.size();
}

Reference reference(const Variant& v, const Tensor& outputs, const std::vector<int32_t>& labels, double smoothing,
                    double gradient_scale, Loss loss) {
  Reference expected{std::vector<double>(static_cast<size_t>(v.classes) * v.positions),
                     std::vector<double>(2 * v.positions)};
  for (int32_t p = 0; p < v.positions; ++p) {
    std::vector<double> z(v.classes), gradient(v.classes);
    int32_t largest = 0;
    for (int32_t c = 0; c < v.classes; ++c) {
      z[c] = outputs.first(c, p);
      if (z[c] > z[largest]) largest = c;
    }
    expected.outcome[p] = loss(z, largest, labels[p], smoothing, gradient);
    expected.outcome[v.positions + p] = largest == labels[p];
    for (int32_t c = 0; c < v.classes; ++c) {
      expected.gradient[static_cast<size_t>(c) * v.positions + p] = gradient_scale * gradient[c];
    }
  }
  return expected;
}

bool is_halted(const TestWorkspace& workspace) {
  int32_t halted = 0;
  device::to_host(workspace.stream(), &halted, workspace.halted(), sizeof halted);
  device::wait(workspace.stream());
  return halted != 0;
}

/** Runs a loss (cross-entropy, unless smoothing is negative) on given outputs and compares everything it writes. */
void check(const Variant& v, float smoothing, const std::function<float()>& output) {
  TestWorkspace workspace;
  Random random(v.classes + 3 * v.positions);
  const float gradient_scale = 1.0f / v.positions;
  Tensor outputs(workspace, v.classes, v.positions, output, v.stride);
  Tensor other(workspace, v.classes, v.positions, v.stride);
  Tensor outcome(workspace, 2, v.positions, v.stride);
  std::vector<int32_t> label_values(v.positions);
  for (int32_t& label : label_values) label = random.below(v.classes);
  Array<int32_t> labels(workspace, label_values);
  const Tensor& target = v.target == Target::InPlace ? outputs : other;
  const Rows gradient = v.target == Target::None ? Rows{nullptr, 0, 0, 0} : target.rows();
  const double magnitude = std::isfinite(v.scale) ? v.scale : 1;
  Reference expected;
  std::string name;
  Bound loss_bound{};
  Bound gradient_bound{};
  if (smoothing >= 0) {
    name = "cross_entropy, " + v.name();
    cross_entropy(workspace, outputs.read_only(), labels.data(), smoothing, gradient_scale, gradient, outcome.rows());
    expected = reference(v, outputs, label_values, smoothing, gradient_scale, cross_entropy_of);
    loss_bound = Bound::transcendental(std::max(1.0, magnitude), v.classes / 8);
    gradient_bound = Bound::transcendental(gradient_scale, 1);
  } else {
    name = "squared_error, " + v.name();
    squared_error(workspace, outputs.read_only(), labels.data(), gradient_scale, gradient, outcome.rows());
    expected = reference(v, outputs, label_values, 0, gradient_scale, squared_error_of);
    const double largest = magnitude + 1;
    loss_bound = Bound::sum(v.classes, largest * largest / v.classes);
    gradient_bound = Bound::elementwise(2 * largest * gradient_scale / v.classes);
  }
  expect_near(name, outcome.values(), expected.outcome, loss_bound);
  if (v.target != Target::None) expect_near(name + ", gradient", target.values(), expected.gradient, gradient_bound);
  bool finite = true;
  for (int32_t p = 0; p < v.positions; ++p) finite = finite && std::isfinite(static_cast<float>(expected.outcome[p]));
  expect(is_halted(workspace) == (!finite && v.target != Target::None),
         name + ", updates are halted by a bad loss only");
}

void check_all(const Variant& v) {
  for (const float smoothing : {0.0f, 0.1f, -1.0f}) {
    Random random(v.classes);
    // a quarter zeros, so that the largest is often not the only one
    check(v, smoothing, [&random, &v] { return random.below(4) == 0 ? 0.0f : v.scale * random.number(); });
  }
}

}  // namespace

int main() {
  const int32_t shapes[][2] = {{1, 1},    {1, 17},   {2, 1},   {2, 15},  {7, 16},    {10, 17},
                               {10, 100}, {11, 128}, {3, 129}, {17, 33}, {100, 300}, {1000, 40}};
  for (const auto& shape : shapes) {
    for (const Target target : {Target::Separate, Target::InPlace, Target::None}) {
      check_all({shape[0], shape[1], 4, target});
    }
  }
  check_all({10, 17, 4, Target::Separate, 128});
  for (const float scale : {0.0f, 100.0f, 500.0f}) check_all({10, 100, scale, Target::InPlace});
  check_all({10, 100, NAN, Target::Separate});
  check_all({40, 100, NAN, Target::None});

  // single outputs that are not numbers, first, last or in between, in one position of many
  for (const float odd : {NAN, INFINITY, -INFINITY}) {
    for (const int32_t at : {0, 5, 19}) {
      for (const float smoothing : {0.0f, 0.1f, -1.0f}) {
        int32_t drawn = 0;
        Random random(at);
        check({20, 50, 4, Target::Separate}, smoothing,
              [&, odd, at] { return drawn++ == at * 50 + 33 ? odd : 4 * random.number(); });
      }
    }
  }
  return result("loss_test");
}
