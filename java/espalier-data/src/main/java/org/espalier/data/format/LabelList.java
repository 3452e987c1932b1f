/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.format;

import java.util.Arrays;

/** A list of labels that grows while a file is read. */
final class LabelList {

  private int[] labels = new int[1024];
  private int size;

  void add(int label) {
    if (size == labels.length) {
      labels = Arrays.copyOf(labels, 2 * size);
    }
    labels[size++] = label;
  }

  int[] toArray() {
    return Arrays.copyOf(labels, size);
  }
}
