/* SPDX-License-Identifier: Apache-2.0 */
#include "update/update.h"

#include "test/check.h"
#include "test/tensors.h"

using namespace espalier;
using namespace espalier::test;

namespace {

struct Step {
  float learning_rate;
  float gradient_scale;
  float momentum;
  bool nesterov;
  float weight_decay;
};

constexpr Step kSteps[] = {{0.1f, 1, 0, false, 0},
                           {0.05f, 0.5f, 0, false, 2e-3f},
                           {0.1f, 1, 0.9f, false, 0},
                           {0.1f, 0.25f, 0.9f, false, 5e-4f},
                           {0.1f, 1, 0.9f, true, 5e-4f}};

constexpr int64_t kLengths[] = {0, 1, 15, 16, 17, 100, 1000, 4099, 70001};

std::vector<float> random_floats(Random& random, int64_t n) {
  std::vector<float> values(n);
  for (float& value : values) value = random.number();
  return values;
}

int64_t word(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

void check_sgd(int64_t n, const Step& step, bool with_velocity, bool halted) {
  TestWorkspace workspace;
  if (halted) {
    const int32_t one = 1;
    device::to_device(workspace.stream(), workspace.halted(), &one, sizeof one);
    device::wait(workspace.stream());
  }
  Random random(n);
  const std::vector<float> w = random_floats(random, n), g = random_floats(random, n), v = random_floats(random, n);
  Array<float> values(workspace, w), gradient(workspace, g), velocity(workspace, v);
  Array<int64_t> varying(workspace, {word(step.gradient_scale), word(step.learning_rate)});
  const SgdRule rule{step.momentum, step.nesterov, step.weight_decay, Varying<float>{varying.data() + 1},
                     Varying<float>{varying.data()}};
  sgd(workspace, values.data(), gradient.data(), with_velocity ? velocity.data() : nullptr, n, rule);
  std::vector<double> new_values(w.begin(), w.end()), new_velocity(v.begin(), v.end());
  for (int64_t i = 0; i < n && !halted; ++i) {
    double direction = static_cast<double>(step.gradient_scale) * g[i] + static_cast<double>(step.weight_decay) * w[i];
    if (with_velocity) {
      const double speed = static_cast<double>(step.momentum) * v[i] + direction;
      new_velocity[i] = speed;
      direction = step.nesterov ? direction + step.momentum * speed : speed;
    }
    new_values[i] -= step.learning_rate * direction;
  }
  const std::string name = "sgd, n=" + std::to_string(n) + (halted ? ", halted" : "");
  const Bound bound = halted ? Bound::exact() : Bound::elementwise(1);
  expect_near(name + ", values", values.values(), new_values, bound);
  expect_near(name + ", velocity", velocity.values(), new_velocity, bound);
}

void check_sum_of_squares(int64_t n) {
  TestWorkspace workspace;
  Random random(n);
  const std::vector<float> v = random_floats(random, n);
  Array<float> values(workspace, v);
  Array<double> result(workspace, 1, NAN);
  sum_of_squares(workspace, values.data(), n, result.data());
  long double sum = 0;
  for (const float value : v) sum += static_cast<long double>(value) * value;
  const double is = result.values()[0];
  // squares of floats are exact in double: only the order of the sum differs
  expect(std::fabs(is - static_cast<double>(sum)) <= 1e-4 * std::ldexp(static_cast<double>(sum) + 1, -24),
         "sum_of_squares, n=" + std::to_string(n));
  sum_of_squares(workspace, values.data(), n, result.data());
  expect(is == result.values()[0], "sum_of_squares again, same bits, n=" + std::to_string(n));
}

void check_sync_transposed(int32_t nnz) {
  TestWorkspace workspace;
  Random random(nnz);
  std::vector<int32_t> slots(nnz);
  for (int32_t k = 0; k < nnz; ++k) slots[k] = k;
  for (int32_t k = nnz - 1; k > 0; --k) std::swap(slots[k], slots[random.below(k + 1)]);
  const std::vector<float> values = random_floats(random, nnz);
  std::vector<float> expected(nnz);
  for (int32_t k = 0; k < nnz; ++k) expected[slots[k]] = values[k];
  Array<float> from(workspace, values), to(workspace, nnz, NAN);
  Array<int32_t> slot(workspace, slots);
  sync_transposed(workspace, from.data(), to.data(), slot.data(), nnz);
  expect_same("sync_transposed, nnz=" + std::to_string(nnz), to.values(), expected);
}

}  // namespace

int main() {
  for (const int64_t n : kLengths) {
    for (const Step& step : kSteps) check_sgd(n, step, step.momentum != 0, false);
    check_sgd(n, kSteps[0], true, false);  // a velocity that momentum 0 makes a copy of the gradient
    check_sgd(n, kSteps[4], true, true);
    check_sum_of_squares(n);
  }
  check_sum_of_squares(5000001);  // more than the threads of the first pass meet once
  for (const int32_t nnz : {0, 1, 255, 257, 3000}) check_sync_transposed(nnz);
  return result("update_test");
}
