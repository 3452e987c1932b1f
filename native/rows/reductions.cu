/* SPDX-License-Identifier: Apache-2.0 */
// Sums along rows. A team of threads owns a row: a warp, or a whole block when the row is long. Which of them depends
// on the positions only, and so does the order of the sum. The bytes of the rows are read once; nothing else costs.
#include "base/team_sum.h"
#include "rows/knees.h"
#include "rows/quads.h"
#include "rows/rows.h"

namespace espalier {
namespace {

/** Positions above which a row gets a block: with as many, every lane of a warp reads 16 quads one after the other. */
constexpr int32_t kLongRow = 2048;

/** The row of this thread's team. */
template <int kTeam>
__device__ int64_t team_row() {
  return static_cast<int64_t>(blockIdx.x) * (kTeamBlock / kTeam) + threadIdx.x / kTeam;
}

template <int kTeam>
dim3 team_grid(int32_t rows) {
  constexpr uint32_t kTeams = kTeamBlock / kTeam;
  return dim3((static_cast<uint32_t>(rows) + kTeams - 1) / kTeams);
}

template <int kTeam>
__global__ void row_sums_kernel(ConstRows dy, float* sums) {
  SIMT_SHARED(float, shared, kTeamBlock / 32);
  const int64_t row = team_row<kTeam>();
  if (row >= dy.rows) return;  // the whole team
  const float* from = dy.row(static_cast<int32_t>(row));
  float sum = 0;
  for (int32_t p = 4 * (threadIdx.x % kTeam); p < dy.positions; p += 4 * kTeam) {
    const float4 d = without_padding(load_quad(from, p), p, dy.positions);
    sum += (d.x + d.y) + (d.z + d.w);
  }
  sum = team_sum<kTeam>(sum, shared);
  if (threadIdx.x % kTeam == 0) sums[row] = sum;
}

/** What the inputs beyond one knee contribute. */
struct Beyond {
  float knee = 0;   // sum of d
  float slope = 0;  // sum of d * (in - knee)
};

/** Adds one input and returns the derivative there. */
__device__ __forceinline__ float add(const Knees& knees, float in, float d, Beyond& left, Beyond& right) {
  if (in < knees.left) {
    left.knee += d;
    left.slope = fmaf(d, in - knees.left, left.slope);
    return knees.slope_left;
  }
  if (in > knees.right) {
    right.knee += d;
    right.slope = fmaf(d, in - knees.right, right.slope);
    return knees.slope_right;
  }
  return 1;
}

template <int kTeam>
__global__ void srelu_gradient_kernel(const float* parameters, ConstRows x, ConstRows dy, Rows dx, float* gradient) {
  SIMT_SHARED(float, shared, kTeamBlock / 32);
  const int64_t row = team_row<kTeam>();
  if (row >= x.rows) return;  // the whole team
  const int32_t r = static_cast<int32_t>(row);
  const Knees knees(parameters, r, x.rows);
  Beyond left;
  Beyond right;
  for (int32_t p = 4 * (threadIdx.x % kTeam); p < x.positions; p += 4 * kTeam) {
    const float4 in = without_padding(load_quad(x.row(r), p), p, x.positions);
    const float4 d = without_padding(load_quad(dy.row(r), p), p, x.positions);
    store_quad(dx.row(r), p,
               map(in, d, [&](float at, float slope) { return add(knees, at, slope, left, right) * slope; }));
  }
  const float left_knee = team_sum<kTeam>(left.knee, shared) * (1 - knees.slope_left);
  const float right_knee = team_sum<kTeam>(right.knee, shared) * (1 - knees.slope_right);
  const float left_slope = team_sum<kTeam>(left.slope, shared);
  const float right_slope = team_sum<kTeam>(right.slope, shared);
  if (threadIdx.x % kTeam != 0) return;
  const size_t rows = x.rows;
  gradient[row] = left_knee + right_knee;
  gradient[rows + row] = left_slope;
  gradient[2 * rows + row] = knees.width < 0 ? -right_knee : right_knee;
  gradient[3 * rows + row] = right_slope;
}

}  // namespace

void row_sums(Workspace& workspace, ConstRows dy, float* sums) {
  if (dy.rows == 0) return;
  if (dy.positions <= kLongRow) {
    SIMT_LAUNCH(row_sums_kernel<32>, team_grid<32>(dy.rows), dim3(kTeamBlock), 0, workspace.stream(), dy, sums);
  } else {
    SIMT_LAUNCH(row_sums_kernel<kTeamBlock>, team_grid<kTeamBlock>(dy.rows), dim3(kTeamBlock), 0, workspace.stream(),
                dy, sums);
  }
}

void srelu_gradient(Workspace& workspace, const float* parameters, ConstRows x, ConstRows dy, Rows dx,
                    float* gradient) {
  if (x.rows == 0) return;
  if (x.positions <= kLongRow) {
    SIMT_LAUNCH(srelu_gradient_kernel<32>, team_grid<32>(x.rows), dim3(kTeamBlock), 0, workspace.stream(), parameters,
                x, dy, dx, gradient);
  } else {
    SIMT_LAUNCH(srelu_gradient_kernel<kTeamBlock>, team_grid<kTeamBlock>(x.rows), dim3(kTeamBlock), 0,
                workspace.stream(), parameters, x, dy, dx, gradient);
  }
}

}  // namespace espalier
