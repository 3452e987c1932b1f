/* SPDX-License-Identifier: Apache-2.0 */
// Operations on images; a channel is a row. They read nothing but pixels and write whole rows, 0 up to the stride where
// there is no pixel. Two grids of one operation may have different halos; the number of images and, unless a window or
// a stride comes between, the size of the pixels are the same. All are bound by memory.
#pragma once

#include "base/images.h"
#include "device/workspace.h"

namespace espalier {

/** images[c, (n, y, x)] = features[(c * height + y) * width + x, n]. */
void to_images(Workspace& workspace, ConstRows features, const Images& images);

/** The opposite; features beyond the positions, up to the stride, become 0 as well. */
void to_features(Workspace& workspace, const ConstImages& images, Rows features);

void copy_images(Workspace& workspace, const ConstImages& x, const Images& y);

/** y = a + b, and what is below 0 becomes 0 if relu; y may be a or b, in the same grid. */
void add_images(Workspace& workspace, const ConstImages& a, const ConstImages& b, bool relu, const Images& y);

/** The phases into which a strided convolution splits its input: bit i of `lines` says whether there are phases of the
    lines i, i + stride, ...; columns likewise. Phase (y, x) comes before (y, x + 1) and (y + 1, 0). */
struct Phases {
  Divisor stride;
  uint64_t lines;
  uint64_t columns;
};

/** Row c * phases + i of y gets the pixels (stride * j + y, stride * k + x) of row c of x, (y, x) being phase i; 0
    beyond the last line or column of x. */
void split(Workspace& workspace, const ConstImages& x, const Phases& phases, const Images& y);

/** Every pixel goes back where split took it from; pixels that it took nowhere become 0. */
void join(Workspace& workspace, const ConstImages& y, const Phases& phases, const Images& x);

/** The window of pooling: output pixel (y, x) looks at height x width pixels from (y, x) * stride - padding on. */
struct Window {
  int32_t height;
  int32_t width;
  Divisor stride;
  int32_t padding;
};

/** The largest pixel of each window; NaN is larger than all numbers. */
void max_pool(Workspace& workspace, const Window& window, const ConstImages& x, const Images& y);

/** dx gets the gradient of a window where its largest pixel is, the first in row-major order of several. */
void max_pool_gradient(Workspace& workspace, const Window& window, const ConstImages& x, const ConstImages& dy,
                       const Images& dx);

/** The sum of the pixels of each window, divided by height * width of the window. */
void average_pool(Workspace& workspace, const Window& window, const ConstImages& x, const Images& y);
void average_pool_gradient(Workspace& workspace, const Window& window, const ConstImages& dy, const Images& dx);

/** Constants of batch normalisation; momentum is the share of a batch in the running statistics. */
struct Normalization {
  float epsilon;
  float momentum;
};

/**
 * y = gamma * (x - mean) * inverse + beta, and what is below 0 becomes 0 if relu; mean and variance are those of all
 * pixels of the row, inverse = 1 / sqrt(variance + epsilon). There is at least one image.
 *
 * @param parameters all gamma, then all beta
 * @param running all means, then all variances (of a sample, if there are two pixels); brought up to date
 * @param saved all means, then all inverses
 * @param y not x
 */
void normalize(Workspace& workspace, const Normalization& rule, const float* parameters, float* running, float* saved,
               const ConstImages& x, bool relu, const Images& y);

/** The same with the running statistics, which stay as they are; y may be x, in the same grid. */
void normalize_fixed(Workspace& workspace, const Normalization& rule, const float* parameters, const float* running,
                     const ConstImages& x, bool relu, const Images& y);

/**
 * Gradient of normalize with respect to x and the parameters.
 *
 * @param saved as normalize left it
 * @param dx not dy
 * @param gradient all of gamma, then all of beta
 */
void normalize_gradient(Workspace& workspace, const float* parameters, const float* saved, const ConstImages& x,
                        bool relu, const ConstImages& dy, const Images& dx, float* gradient);

}  // namespace espalier
