/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import org.espalier.tensor.Tensor;

/** Memory for what a layer makes of a batch, of features or of images. */
sealed interface LayerMemory extends AutoCloseable permits Activations, ImageActivations {

  /** Returns the memory in the form that this tensor, of as many rows, has. */
  Tensor like(Tensor x);

  /** Returns what row-wise operations have to handle of such a tensor. */
  Tensor counted(Tensor x);

  @Override
  void close();
}
