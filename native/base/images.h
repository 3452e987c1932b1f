/* SPDX-License-Identifier: Apache-2.0 */
// Images in the rows of tensors, and the taps by which convolutions read them; espalier.h says how they lie.
#pragma once

#include "base/divisor.h"
#include "base/types.h"

namespace espalier {

/** A place in a row of images: a pixel, or a place in the halo beyond the last line or column. */
struct Pixel {
  int32_t image;
  int32_t y;
  int32_t x;
};

struct Grid {
  int32_t height;
  int32_t width;
  Divisor lines;
  Divisor pitch;

  __host__ __device__ int32_t image_positions() const { return lines.value * pitch.value; }

  __device__ __forceinline__ Pixel pixel(int32_t position) const {
    const int32_t line = pitch.quotient(position);  // of all images
    const int32_t image = lines.quotient(line);
    return {image, line - image * lines.value, position - line * pitch.value};
  }
  __device__ __forceinline__ bool inside(const Pixel& pixel) const { return pixel.y < height && pixel.x < width; }
  __device__ __forceinline__ int32_t position(const Pixel& pixel) const {
    return (pixel.image * lines.value + pixel.y) * pitch.value + pixel.x;
  }
};

/** A tensor of images: a channel in every row. */
template <class T>
struct ImagesOf {
  RowsOf<T> rows;
  Grid grid;

  /** Number of images. */
  int32_t count() const { return rows.positions / grid.image_positions(); }

  /** Whether a position of a row, up to the stride, is a pixel. */
  __device__ __forceinline__ bool holds_pixel(int32_t position) const {
    return position < rows.positions && grid.inside(grid.pixel(position));
  }
  __device__ __forceinline__ T& at(int32_t row, const Pixel& pixel) const {
    return rows.row(row)[grid.position(pixel)];
  }
};
using Images = ImagesOf<float>;
using ConstImages = ImagesOf<const float>;

inline ConstImages read_only(const Images& images) { return {read_only(images.rows), images.grid}; }

/** What the columns of a convolution's weights read: column c * count + t reads row c * phases + phase(t) of the input
    at p + shift(t). */
struct Taps {
  Divisor count;
  int32_t phases;
  const int2* taps;      // of each, phase and shift; by phase
  const int32_t* first;  // first tap of each phase, and in the end their number
  Grid input;
  Grid output;

  /** Where a column reads for position 0, as a distance from the beginning of the input. */
  __device__ __forceinline__ int64_t offset(int32_t column, int32_t stride) const {
    const int32_t channel = count.quotient(column);
    const int2 tap = taps[column - channel * count.value];
    return static_cast<int64_t>(channel * phases + tap.x) * stride + tap.y;
  }
};

}  // namespace espalier
