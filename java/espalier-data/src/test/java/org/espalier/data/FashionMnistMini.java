/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Makes the data set {@code fashion-mnist-mini} out of Fashion-MNIST: of each class the first
 * images, in the order that they have in the original files.
 *
 * <p>{@code java FashionMnistMini.java FOLDER_OF_FASHION_MNIST TARGET_FOLDER}
 */
final class FashionMnistMini {

  static final int TRAIN_PER_CLASS = 800;
  static final int TEST_PER_CLASS = 100;

  private static final int CLASSES = 10;
  private static final int SIDE = 28;
  private static final int IMAGES = 16;
  private static final int LABELS = 8;

  private FashionMnistMini() {}

  /** Writes the four files. */
  public static void main(String[] arguments) throws IOException {
    Path source = Path.of(arguments[0]);
    Path target = Path.of(arguments[1]);
    write(source, target, "train", TRAIN_PER_CLASS);
    write(source, target, "t10k", TEST_PER_CLASS);
  }

  private static void write(Path source, Path target, String part, int perClass)
      throws IOException {
    String imageFile = part + "-images-idx3-ubyte.gz";
    String labelFile = part + "-labels-idx1-ubyte.gz";
    byte[] images = unpack(source.resolve(imageFile));
    byte[] labels = unpack(source.resolve(labelFile));
    Files.write(target.resolve(imageFile), pack(images(images, labels, perClass)));
    Files.write(target.resolve(labelFile), pack(labels(labels, perClass)));
  }

  /** Returns the image file of the subset: header and pixels. */
  static byte[] images(byte[] images, byte[] labels, int perClass) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(ByteBuffer.wrap(images).getInt());
    out.writeInt(CLASSES * perClass);
    out.writeInt(SIDE);
    out.writeInt(SIDE);
    int[] seen = new int[CLASSES];
    for (int i = LABELS; i < labels.length; i++) {
      if (seen[labels[i]]++ < perClass) {
        out.write(images, IMAGES + (i - LABELS) * SIDE * SIDE, SIDE * SIDE);
      }
    }
    return bytes.toByteArray();
  }

  /** Returns the label file of the subset: header and labels. */
  static byte[] labels(byte[] labels, int perClass) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(ByteBuffer.wrap(labels).getInt());
    out.writeInt(CLASSES * perClass);
    int[] seen = new int[CLASSES];
    for (int i = LABELS; i < labels.length; i++) {
      if (seen[labels[i]]++ < perClass) {
        out.write(labels[i]);
      }
    }
    return bytes.toByteArray();
  }

  static byte[] unpack(Path file) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return in.readAllBytes();
    }
  }

  private static byte[] pack(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new BestGzip(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  /** The stream of the JDK leaves the level to its subclasses. */
  private static final class BestGzip extends GZIPOutputStream {

    BestGzip(OutputStream out) throws IOException {
      super(out);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }
}
