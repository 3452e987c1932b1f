/* SPDX-License-Identifier: Apache-2.0 */
// Pooling. A thread owns a pixel of the result; windows that overlap are read more than once, from the first-level
// cache. Gradients are gathered, not scattered, so nothing is added by two threads and every sum has one order.
#include <cmath>

#include "images/images.h"
#include "images/pixels.h"

namespace espalier {
namespace {

/** From a first up to, but not including, an end. */
struct Range {
  int32_t first;
  int32_t end;
};

/** Pixels of a line or column that the window of an output pixel covers. */
__device__ __forceinline__ Range covered(const Window& window, int32_t length, int32_t at, int32_t pixels) {
  const int32_t begin = at * window.stride.value - window.padding;
  const int32_t end = begin + length;
  return {begin > 0 ? begin : 0, end < pixels ? end : pixels};
}

/** Output pixels whose windows cover a pixel of a line or column. */
__device__ __forceinline__ Range covering(const Window& window, int32_t length, int32_t at, int32_t outputs) {
  const int32_t last = window.stride.quotient(at + window.padding);
  const int32_t before = at + window.padding - length;  // of the last window that ends before
  const int32_t first = before < 0 ? 0 : window.stride.quotient(before) + 1;
  return {first, last + 1 < outputs ? last + 1 : outputs};
}

struct Largest {
  float value;
  int32_t y;
  int32_t x;
};

/** The first in row-major order of the largest pixels of a window. */
__device__ __forceinline__ Largest largest(const Window& window, const ConstImages& images, int32_t row,
                                           const Pixel& output) {
  const Range lines = covered(window, window.height, output.y, images.grid.height);
  const Range columns = covered(window, window.width, output.x, images.grid.width);
  Largest found = {-INFINITY, lines.first, columns.first};
  for (int32_t y = lines.first; y < lines.end; ++y) {
    for (int32_t x = columns.first; x < columns.end; ++x) {
      const float value = images.at(row, {output.image, y, x});
      if (value > found.value || (value != value && found.value == found.value)) found = {value, y, x};
    }
  }
  return found;
}

struct MaxPool {
  Window window;
  ConstImages x;

  __device__ float operator()(int32_t row, const Pixel& pixel) const { return largest(window, x, row, pixel).value; }
};

/** Windows are searched again by every pixel in them: 9 times for 3 x 3, but from the cache. */
struct MaxPoolGradient {
  Window window;
  ConstImages x;
  ConstImages dy;

  __device__ float operator()(int32_t row, const Pixel& pixel) const {
    const Range lines = covering(window, window.height, pixel.y, dy.grid.height);
    const Range columns = covering(window, window.width, pixel.x, dy.grid.width);
    float sum = 0;
    for (int32_t line = lines.first; line < lines.end; ++line) {
      for (int32_t column = columns.first; column < columns.end; ++column) {
        const Pixel output = {pixel.image, line, column};
        const Largest at = largest(window, x, row, output);
        if (at.y == pixel.y && at.x == pixel.x) sum += dy.at(row, output);
      }
    }
    return sum;
  }
};

/** Sum over a rectangle of pixels, row by row. */
__device__ __forceinline__ float sum_of(const ConstImages& images, int32_t row, int32_t image, const Range& lines,
                                        const Range& columns) {
  float sum = 0;
  for (int32_t y = lines.first; y < lines.end; ++y) {
    for (int32_t x = columns.first; x < columns.end; ++x) sum += images.at(row, {image, y, x});
  }
  return sum;
}

struct AveragePool {
  Window window;
  ConstImages x;
  float size;

  __device__ float operator()(int32_t row, const Pixel& pixel) const {
    return sum_of(x, row, pixel.image, covered(window, window.height, pixel.y, x.grid.height),
                  covered(window, window.width, pixel.x, x.grid.width)) /
           size;
  }
};

struct AveragePoolGradient {
  Window window;
  ConstImages dy;
  float size;

  __device__ float operator()(int32_t row, const Pixel& pixel) const {
    return sum_of(dy, row, pixel.image, covering(window, window.height, pixel.y, dy.grid.height),
                  covering(window, window.width, pixel.x, dy.grid.width)) /
           size;
  }
};

float size_of(const Window& window) { return static_cast<float>(window.height) * static_cast<float>(window.width); }

}  // namespace

void max_pool(Workspace& workspace, const Window& window, const ConstImages& x, const Images& y) {
  for_each_pixel(workspace.stream(), y, MaxPool{window, x});
}

void max_pool_gradient(Workspace& workspace, const Window& window, const ConstImages& x, const ConstImages& dy,
                       const Images& dx) {
  for_each_pixel(workspace.stream(), dx, MaxPoolGradient{window, x, dy});
}

void average_pool(Workspace& workspace, const Window& window, const ConstImages& x, const Images& y) {
  for_each_pixel(workspace.stream(), y, AveragePool{window, x, size_of(window)});
}

void average_pool_gradient(Workspace& workspace, const Window& window, const ConstImages& dy, const Images& dx) {
  for_each_pixel(workspace.stream(), dx, AveragePoolGradient{window, dy, size_of(window)});
}

}  // namespace espalier
