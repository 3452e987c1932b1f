/* SPDX-License-Identifier: Apache-2.0 */
// A kernel that cannot keep its numbers in registers: native/registers/check has to say so.

__global__ void __launch_bounds__(1024, 2) planted_spill(float* numbers) {
  float own[96];
#pragma unroll
  for (int i = 0; i < 96; ++i) own[i] = numbers[i * 1024 + threadIdx.x];
  __syncthreads();
#pragma unroll
  for (int i = 0; i < 96; ++i) numbers[(95 - i) * 1024 + threadIdx.x] = own[i] * own[(i + 31) % 96];
}
