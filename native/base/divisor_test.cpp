/* SPDX-License-Identifier: Apache-2.0 */
#include "base/divisor.h"

#include "test/check.h"

namespace espalier::test {
namespace {

__global__ void divide_kernel(Divisor divisor, const int32_t* numbers, int32_t count, int32_t* quotients) {
  const int32_t i = static_cast<int32_t>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < count) quotients[i] = divisor.quotient(numbers[i]);
}

/** Small numbers, large ones, and those where a quotient begins. */
void check(int32_t divisor, Random& random) {
  TestWorkspace workspace;
  std::vector<int32_t> numbers = {0, 1, INT32_MAX - 1, INT32_MAX};
  for (int32_t i = 0; i < 60; ++i) {
    const int64_t multiple = random.below(INT32_MAX / divisor + 1) * static_cast<int64_t>(divisor);
    for (const int64_t number : {multiple - 1, multiple, multiple + 1}) {
      if (number >= 0 && number <= INT32_MAX) numbers.push_back(static_cast<int32_t>(number));
    }
  }
  const Array<int32_t> in(workspace, numbers);
  const Array<int32_t> out(workspace, numbers.size(), -1);
  const auto count = static_cast<int32_t>(numbers.size());
  SIMT_LAUNCH(divide_kernel, dim3((count + 31) / 32), dim3(32), 0, workspace.stream(), Divisor::of(divisor), in.data(),
              count, out.data());
  const std::vector<int32_t> quotients = out.values();
  for (size_t i = 0; i < numbers.size(); ++i) {
    if (quotients[i] != numbers[i] / divisor) {
      return fail(std::to_string(numbers[i]) + " / " + std::to_string(divisor) + " is not " +
                  std::to_string(quotients[i]));
    }
  }
}

}  // namespace
}  // namespace espalier::test

int main() {
  using namespace espalier::test;
  Random random(1);
  for (int32_t divisor = 1; divisor <= 100; ++divisor) check(divisor, random);
  for (int32_t bits = 7; bits < 31; ++bits) {
    for (int32_t beside = -1; beside <= 1; ++beside) check((int32_t{1} << bits) + beside, random);
  }
  for (const int32_t divisor : {641, 1000003, 715827883, INT32_MAX - 1, INT32_MAX}) check(divisor, random);
  return result("divisor_test");
}
