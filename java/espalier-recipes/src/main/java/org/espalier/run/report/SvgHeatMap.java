/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import java.util.Arrays;
import org.espalier.data.table.ImageShape;

/**
 * The number of connections of each pixel as an image. Channels are added up; a large image is
 * drawn in blocks of pixels, each with its mean.
 *
 * @param shape of the image
 * @param degrees connections of each input, channel-major
 */
record SvgHeatMap(ImageShape shape, int[] degrees) {

  private static final int MOST_CELLS = 64;

  /** Colours from few to many: dark blue, green, yellow, of even steps in lightness. */
  private static final int[][] RAMP = {
    {0x2a, 0x18, 0x4e},
    {0x3b, 0x52, 0x8b},
    {0x21, 0x91, 0x8c},
    {0x5e, 0xc9, 0x62},
    {0xfd, 0xe7, 0x25}
  };

  /** Adds the image and a scale of its colours. */
  void addTo(Markup out) {
    int block = (Math.max(shape.height(), shape.width()) - 1) / MOST_CELLS + 1;
    int rows = (shape.height() - 1) / block + 1;
    int columns = (shape.width() - 1) / block + 1;
    double[] means = means(block, rows, columns);
    double least = Arrays.stream(means).min().orElse(0);
    double most = Arrays.stream(means).max().orElse(0);
    out.open(
        "svg",
        "class",
        "map",
        "viewBox",
        "0 0 " + columns + " " + rows,
        "role",
        "img",
        "aria-label",
        "Connections of each input pixel",
        "shape-rendering",
        "crispEdges");
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        double mean = means[r * columns + c];
        out.open(
            "rect",
            "x",
            c,
            "y",
            r,
            "width",
            1,
            "height",
            1,
            "fill",
            color((mean - least) / (most - least)));
        out.leaf(
                "title",
                "row %s, column %s: %s".formatted(r * block, c * block, Numbers.compact(mean)))
            .close();
      }
    }
    out.close();
    scale(out, least, most);
  }

  private double[] means(int block, int rows, int columns) {
    double[] sums = new double[rows * columns];
    int[] pixels = new int[rows * columns];
    for (int i = 0; i < degrees.length; i++) {
      int pixel = i % (shape.height() * shape.width());
      int cell = pixel / shape.width() / block * columns + pixel % shape.width() / block;
      sums[cell] += degrees[i];
      pixels[cell] += i == pixel ? 1 : 0;
    }
    for (int cell = 0; cell < sums.length; cell++) {
      sums[cell] /= pixels[cell];
    }
    return sums;
  }

  private static void scale(Markup out, double least, double most) {
    StringBuilder gradient = new StringBuilder("background:linear-gradient(to right");
    for (int i = 0; i < RAMP.length; i++) {
      gradient.append(',').append(color(i / (RAMP.length - 1.0)));
    }
    out.open("div", "class", "scale").leaf("span", Numbers.compact(least));
    out.leaf("span", "", "class", "ramp", "style", gradient + ")");
    out.leaf("span", Numbers.compact(most) + " connections").close();
  }

  /** Returns the colour of a share in [0, 1]; NaN, where all are the same, is few. */
  private static String color(double share) {
    double place = Double.isFinite(share) ? share * (RAMP.length - 1) : 0;
    int below = Math.min(RAMP.length - 2, (int) place);
    int rgb = 0;
    for (int channel = 0; channel < 3; channel++) {
      int from = RAMP[below][channel];
      int to = RAMP[below + 1][channel];
      rgb = rgb << 8 | (int) Math.round(from + (to - from) * (place - below));
    }
    return "#" + Integer.toHexString(rgb | 0x1000000).substring(1);
  }
}
