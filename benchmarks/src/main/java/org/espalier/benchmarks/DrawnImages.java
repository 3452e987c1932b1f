/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.espalier.sparse.Keys;

/** JPEGs as large as the photographs of ImageNet, of waves and some noise. */
final class DrawnImages {

  private static final int WIDTH = 500;
  private static final int HEIGHT = 375;
  private static final String CLASS = "drawn";

  private DrawnImages() {}

  /** Writes so many images into one class folder. */
  static void write(Path folder, int count) throws IOException {
    Path in = Files.createDirectory(folder.resolve(CLASS));
    for (int i = 0; i < count; i++) {
      ImageIO.write(draw(i), "jpeg", in.resolve(i + ".jpg").toFile());
    }
  }

  private static BufferedImage draw(int number) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        int noise = (int) (Keys.of(number, y, x) >>> 59);
        int red = (int) (110 + 100 * Math.sin(0.02 * x * (1 + number % 5))) + noise;
        int green = (int) (110 + 100 * Math.cos(0.03 * y * (1 + number % 3))) + noise;
        int blue = (x + y) % 220 + noise;
        image.setRGB(x, y, red << 16 | green << 8 | blue);
      }
    }
    return image;
  }

  /** Removes the folder and all in it. */
  static void remove(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    }
  }
}
