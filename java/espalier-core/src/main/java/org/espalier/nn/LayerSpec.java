/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.List;
import org.espalier.backend.Activation;
import org.espalier.backend.Normalization;
import org.espalier.sparse.Kernel;

/** One layer of a {@link NetworkSpec}: what it is, not yet what it holds. */
public sealed interface LayerSpec {

  /**
   * Fully connected.
   *
   * @param outputs number of neurons
   * @param sparse whether it holds only some of its connections
   */
  record Linear(int outputs, boolean sparse) implements LayerSpec {

    /** Checks the width. */
    public Linear {
      if (outputs < 1) {
        throw new IllegalArgumentException(
            "a layer of " + outputs + " neurons; expected at least 1");
      }
    }
  }

  /** Activation without parameters. */
  record Act(Activation activation) implements LayerSpec {}

  /** SReLU, learned for each neuron. */
  record Srelu() implements LayerSpec {}

  /**
   * Dropout.
   *
   * @param rate share of neurons silenced in training, in [0, 1)
   */
  record Drop(float rate) implements LayerSpec {

    /** Checks the rate. */
    public Drop {
      if (!(rate >= 0 && rate < 1)) {
        throw new IllegalArgumentException("dropout rate is " + rate + "; expected in [0, 1)");
      }
    }
  }

  /** Takes features as images, channel by channel, row by row. */
  record Images(int channels, int height, int width) implements LayerSpec {}

  /**
   * Convolution.
   *
   * @param outputs number of channels
   * @param sparse whether it holds only some of its connections
   * @param bias whether it adds a learned number to each channel, which normalisation would take
   *     off again
   * @param groups into how many both inputs and outputs are divided, each output reading its own
   *     group only: 1, or as many as inputs for depthwise convolution. With more than 1 it has all
   *     the weights of its groups, and its topology never changes.
   */
  record Convolution(int outputs, Kernel kernel, boolean sparse, boolean bias, int groups)
      implements LayerSpec {

    /** A convolution whose outputs read all inputs. */
    public Convolution(int outputs, Kernel kernel, boolean sparse, boolean bias) {
      this(outputs, kernel, sparse, bias, 1);
    }

    /** Checks the width and the groups. */
    public Convolution {
      if (outputs < 1 || groups < 1 || outputs % groups != 0) {
        throw new IllegalArgumentException(
            "a convolution of %d channels in %d groups; expected at least 1, equally divided"
                .formatted(outputs, groups));
      }
      if (sparse && groups > 1) {
        throw new IllegalArgumentException(
            "a sparse convolution in %d groups; expected 1 group or a dense one".formatted(groups));
      }
    }
  }

  /** Batch normalisation of images. */
  record Norm(Normalization constants) implements LayerSpec {}

  /**
   * Pooling.
   *
   * @param largest whether the largest pixel of a window counts, or their mean
   */
  record Pool(Kernel window, boolean largest) implements LayerSpec {}

  /** The mean of each channel. */
  record GlobalPool() implements LayerSpec {}

  /** Takes images as features. */
  record Flatten() implements LayerSpec {}

  /**
   * Adds up two ways through the network (He et al., Deep residual learning, 2016).
   *
   * @param body the longer way; ends with a convolution or a normalisation
   * @param shortcut the other; empty for the input itself
   * @param relu whether what is below 0 becomes 0 after the addition
   */
  record Residual(List<LayerSpec> body, List<LayerSpec> shortcut, boolean relu)
      implements LayerSpec {

    /** Copies the lists. */
    public Residual {
      body = List.copyOf(body);
      shortcut = List.copyOf(shortcut);
    }
  }
}
