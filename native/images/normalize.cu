/* SPDX-License-Identifier: Apache-2.0 */
// Batch normalisation. Statistics are summed chunk by chunk, a block for each, so that few channels keep a large device
// busy too; the sums of the chunks are then added in their order, in double precision. Three kernels each way: the sums
// of chunks, those of rows, and the pixels.
#include <algorithm>
#include <cmath>

#include "base/team_sum.h"
#include "images/images.h"
#include "images/pixels.h"

namespace espalier {
namespace {

/** Positions of a chunk: 32 KB, which the second pass over them finds in the first-level cache. Rows that are longer
    than 64 of them have longer chunks. */
constexpr int64_t kChunk = 8192;
constexpr int64_t kMostChunks = 64;

/** How a row is cut; decided from its length alone. */
struct Chunks {
  int32_t count;
  int32_t positions;  // of each but the last

  __device__ int32_t row() const { return static_cast<int32_t>(blockIdx.x) / count; }
  __device__ int32_t first() const { return static_cast<int32_t>(blockIdx.x) % count * positions; }
  __device__ int32_t end(int32_t all) const { return all - first() < positions ? all : first() + positions; }
};

Chunks chunks_of(int32_t positions) {
  const int64_t count = std::min((positions + kChunk - 1) / kChunk, kMostChunks);
  const int64_t each = (positions + count - 1) / count;
  return {static_cast<int32_t>((positions + each - 1) / each), static_cast<int32_t>(each)};
}

/** What a chunk says about its pixels: their number, a number near their mean, and the sums of their distances from it
    and of the squares of these. */
struct Moments {
  int32_t count;
  float near;
  float sum;
  float squares;
};

/**
 * A block looks at its chunk twice: for the mean, and for the distances from it, which loses no digits where the mean
 * is large. Rounding left the mean a little off; the sum of the distances says by how much.
 */
__global__ void __launch_bounds__(kTeamBlock) moments_kernel(ConstImages x, Chunks chunks, Moments* moments) {
  SIMT_SHARED(float, shared, kTeamBlock / 32);
  SIMT_SHARED(int32_t, shared_counts, kTeamBlock / 32);
  const float* row = x.rows.row(chunks.row());
  const int32_t end = chunks.end(x.rows.positions);
  float sum = 0;
  int32_t count = 0;
  for (int32_t p = chunks.first() + threadIdx.x; p < end; p += kTeamBlock) {
    if (x.holds_pixel(p)) {
      sum += row[p];
      ++count;
    }
  }
  sum = team_sum<kTeamBlock>(sum, shared);
  count = team_sum<kTeamBlock>(count, shared_counts);
  const float near = count > 0 ? sum / static_cast<float>(count) : 0.0f;
  float distances = 0;
  float squares = 0;
  for (int32_t p = chunks.first() + threadIdx.x; p < end; p += kTeamBlock) {
    if (x.holds_pixel(p)) {
      const float distance = row[p] - near;
      distances += distance;
      squares = fmaf(distance, distance, squares);
    }
  }
  distances = team_sum<kTeamBlock>(distances, shared);
  squares = team_sum<kTeamBlock>(squares, shared);
  if (threadIdx.x == 0) moments[blockIdx.x] = {count, near, distances, squares};
}

__device__ __forceinline__ float inverse_of(double variance, float epsilon) {
  return static_cast<float>(1 / sqrt(variance + static_cast<double>(epsilon)));
}

__device__ __forceinline__ void average(float momentum, float* running, double batch) {
  const double share = static_cast<double>(momentum);
  *running = static_cast<float>((1 - share) * static_cast<double>(*running) + share * batch);
}

constexpr int kRowThreads = 64;

/** A thread owns a row, whose chunks it goes through twice: for the mean, and for what the squares are more with it in
    the middle. */
__global__ void __launch_bounds__(kRowThreads)
    statistics_kernel(const Moments* moments, Chunks chunks, int32_t rows, Normalization rule, float* running,
                      float* saved) {
  const int32_t row = static_cast<int32_t>(blockIdx.x) * kRowThreads + threadIdx.x;
  if (row >= rows) return;
  const Moments* of = moments + static_cast<size_t>(row) * chunks.count;
  double count = 0;
  double sum = 0;
  for (int32_t c = 0; c < chunks.count; ++c) {
    count += of[c].count;
    sum += static_cast<double>(of[c].near) * of[c].count + of[c].sum;
  }
  const double mean = sum / count;
  double squares = 0;
  for (int32_t c = 0; c < chunks.count; ++c) {
    const double distance = of[c].near - mean;
    squares += of[c].squares + distance * (2.0 * of[c].sum + distance * of[c].count);
  }
  squares = squares < 0 ? 0 : squares;
  saved[row] = static_cast<float>(mean);
  saved[rows + row] = inverse_of(squares / count, rule.epsilon);
  average(rule.momentum, running + row, mean);
  average(rule.momentum, running + rows + row, squares / (count > 1 ? count - 1 : 1));
}

/** A thread writes what pixels of a row are normalised with, when that is fixed. */
__global__ void __launch_bounds__(kRowThreads)
    fixed_kernel(const float* running, int32_t rows, float epsilon, float* fixed) {
  const int32_t row = static_cast<int32_t>(blockIdx.x) * kRowThreads + threadIdx.x;
  if (row >= rows) return;
  fixed[row] = running[row];
  fixed[rows + row] = inverse_of(static_cast<double>(running[rows + row]), epsilon);
}

/** What normalises a row; both passes round alike, so that the gradient knows where the forward pass cut. */
struct Line {
  float mean;
  float inverse;
  float gamma;
  float beta;

  __device__ __forceinline__ float normalized(float x) const { return (x - mean) * inverse; }
  __device__ __forceinline__ float output(float at) const { return fmaf(gamma, at, beta); }
};

__device__ __forceinline__ Line line_of(const float* parameters, const float* saved, int32_t row, int32_t rows) {
  return {saved[row], saved[rows + row], parameters[row], parameters[rows + row]};
}

struct Normalize {
  const float* parameters;
  const float* saved;
  ConstImages x;
  bool relu;

  __device__ float operator()(int32_t row, const Pixel& pixel) const {
    const Line line = line_of(parameters, saved, row, x.rows.rows);
    return rectified(line.output(line.normalized(x.at(row, pixel))), relu);
  }
};

/** A pixel of the output's gradient, 0 where the forward pass cut, and where the pixel of the input stands. */
struct Slope {
  ConstImages x;
  ConstImages dy;
  bool relu;

  __device__ __forceinline__ float at(const Line& line, int32_t row, const Pixel& pixel, float* normalized) const {
    *normalized = line.normalized(x.at(row, pixel));
    return relu && line.output(*normalized) <= 0 ? 0.0f : dy.at(row, pixel);
  }
};

/** Sums of a chunk, and of a row. */
struct SlopeSums {
  float with_input;  // of slope * normalized input: the gradient of gamma
  float alone;       // of slopes: the gradient of beta
};

__global__ void __launch_bounds__(kTeamBlock)
    slopes_kernel(Slope slope, const float* parameters, const float* saved, Chunks chunks, SlopeSums* sums) {
  SIMT_SHARED(float, shared, kTeamBlock / 32);
  const int32_t row = chunks.row();
  const Line line = line_of(parameters, saved, row, slope.x.rows.rows);
  const int32_t end = chunks.end(slope.x.rows.positions);
  SlopeSums own = {0, 0};
  for (int32_t p = chunks.first() + threadIdx.x; p < end; p += kTeamBlock) {
    const Pixel pixel = slope.x.grid.pixel(p);
    if (slope.x.grid.inside(pixel)) {
      float normalized;
      const float d = slope.at(line, row, pixel, &normalized);
      own.with_input = fmaf(d, normalized, own.with_input);
      own.alone += d;
    }
  }
  own.with_input = team_sum<kTeamBlock>(own.with_input, shared);
  own.alone = team_sum<kTeamBlock>(own.alone, shared);
  if (threadIdx.x == 0) sums[blockIdx.x] = own;
}

/** A thread adds the chunks of a row in their order. */
__global__ void __launch_bounds__(kRowThreads)
    slope_sums_kernel(const SlopeSums* sums, Chunks chunks, int32_t rows, float* gradient) {
  const int32_t row = static_cast<int32_t>(blockIdx.x) * kRowThreads + threadIdx.x;
  if (row >= rows) return;
  const SlopeSums* of = sums + static_cast<size_t>(row) * chunks.count;
  double with_input = 0;
  double alone = 0;
  for (int32_t c = 0; c < chunks.count; ++c) {
    with_input += of[c].with_input;
    alone += of[c].alone;
  }
  gradient[row] = static_cast<float>(with_input);
  gradient[rows + row] = static_cast<float>(alone);
}

struct NormalizeGradient {
  Slope slope;
  const float* parameters;
  const float* saved;
  const float* gradient;
  float pixels;  // of a row

  __device__ float operator()(int32_t row, const Pixel& pixel) const {
    const int32_t rows = slope.x.rows.rows;
    const Line line = line_of(parameters, saved, row, rows);
    float normalized;
    const float d = slope.at(line, row, pixel, &normalized);
    const float via_statistics = fmaf(normalized, gradient[row], gradient[rows + row]) / pixels;
    return line.gamma * line.inverse * (d - via_statistics);
  }
};

uint32_t row_blocks(int32_t rows) { return (static_cast<uint32_t>(rows) + kRowThreads - 1) / kRowThreads; }

dim3 chunk_grid(const ConstImages& x, const Chunks& chunks) {
  return dim3(static_cast<uint32_t>(x.rows.rows) * static_cast<uint32_t>(chunks.count));
}

}  // namespace

void normalize(Workspace& workspace, const Normalization& rule, const float* parameters, float* running, float* saved,
               const ConstImages& x, bool relu, const Images& y) {
  if (x.rows.rows == 0) return;
  const Chunks chunks = chunks_of(x.rows.positions);
  const dim3 grid = chunk_grid(x, chunks);
  Moments* moments = workspace.scratch_of<Moments>(grid.x);
  SIMT_LAUNCH(moments_kernel, grid, dim3(kTeamBlock), 0, workspace.stream(), x, chunks, moments);
  SIMT_LAUNCH(statistics_kernel, dim3(row_blocks(x.rows.rows)), dim3(kRowThreads), 0, workspace.stream(), moments,
              chunks, x.rows.rows, rule, running, saved);
  for_each_pixel(workspace.stream(), y, Normalize{parameters, saved, x, relu});
}

void normalize_fixed(Workspace& workspace, const Normalization& rule, const float* parameters, const float* running,
                     const ConstImages& x, bool relu, const Images& y) {
  const int32_t rows = x.rows.rows;
  if (rows == 0) return;
  float* fixed = workspace.scratch_of<float>(2 * static_cast<size_t>(rows));
  SIMT_LAUNCH(fixed_kernel, dim3(row_blocks(rows)), dim3(kRowThreads), 0, workspace.stream(), running, rows,
              rule.epsilon, fixed);
  for_each_pixel(workspace.stream(), y, Normalize{parameters, fixed, x, relu});
}

void normalize_gradient(Workspace& workspace, const float* parameters, const float* saved, const ConstImages& x,
                        bool relu, const ConstImages& dy, const Images& dx, float* gradient) {
  if (x.rows.rows == 0) return;
  const Chunks chunks = chunks_of(x.rows.positions);
  const dim3 grid = chunk_grid(x, chunks);
  const Slope slope = {x, dy, relu};
  SlopeSums* sums = workspace.scratch_of<SlopeSums>(grid.x);
  SIMT_LAUNCH(slopes_kernel, grid, dim3(kTeamBlock), 0, workspace.stream(), slope, parameters, saved, chunks, sums);
  SIMT_LAUNCH(slope_sums_kernel, dim3(row_blocks(x.rows.rows)), dim3(kRowThreads), 0, workspace.stream(), sums, chunks,
              x.rows.rows, gradient);
  const float pixels = static_cast<float>(static_cast<int64_t>(x.count()) * x.grid.height * x.grid.width);
  for_each_pixel(workspace.stream(), dx, NormalizeGradient{slope, parameters, saved, gradient, pixels});
}

}  // namespace espalier
