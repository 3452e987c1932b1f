/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.network;

import java.util.ArrayList;
import java.util.List;
import org.espalier.backend.Activation;
import org.espalier.backend.Normalization;
import org.espalier.nn.LayerSpec;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.SampleShape;
import org.espalier.sparse.Kernel;

/** Puts layers of images together, in a network or in one way through a residual layer. */
final class Layers {

  private final SampleShape image;
  private final NetworkSettings settings;
  private final List<LayerSpec> list = new ArrayList<>();
  private int channels;

  private Layers(SampleShape image, NetworkSettings settings, int channels) {
    this.image = image;
    this.settings = settings;
    this.channels = channels;
  }

  /** Starts a network. */
  static Layers of(SampleShape image, NetworkSettings settings) {
    return new Layers(image, settings, image.channels())
        .add(new LayerSpec.Images(image.channels(), image.height(), image.width()));
  }

  /** Starts a way through a residual layer that follows what is here. */
  Layers branch() {
    return new Layers(image, settings, channels);
  }

  private Layers add(LayerSpec layer) {
    list.add(layer);
    return this;
  }

  /** A convolution that keeps the size of images at stride 1; normalisation has to follow. */
  Layers convolution(int outputs, int size, int stride) {
    return convolution(outputs, Kernel.same(size, stride), false);
  }

  Layers convolution(int outputs, Kernel kernel, boolean bias) {
    channels = outputs;
    return add(new LayerSpec.Convolution(outputs, kernel, settings.sparseConvolutions(), bias));
  }

  /** A convolution of each channel by itself, which is never sparse. */
  Layers depthwise(int size, int stride) {
    Kernel kernel = Kernel.same(size, stride);
    return add(new LayerSpec.Convolution(channels, kernel, false, false, channels));
  }

  Layers norm() {
    return add(new LayerSpec.Norm(Normalization.USUAL));
  }

  Layers relu() {
    return add(new LayerSpec.Act(Activation.RELU));
  }

  /** Dropout at the rate of the settings, or nothing if that is 0. */
  Layers dropout() {
    return settings.dropout() == 0 ? this : add(new LayerSpec.Drop(settings.dropout()));
  }

  Layers largest(Kernel window) {
    return add(new LayerSpec.Pool(window, true));
  }

  /** The largest of 2x2 pixels. */
  Layers halve() {
    return largest(new Kernel(2, 2, 2, 0));
  }

  /**
   * Adds a way to what is here: to itself, or where sizes differ to a normalised 1x1 convolution of
   * it.
   *
   * @param body a {@link #branch}
   * @param stride of the body
   */
  Layers residual(Layers body, int stride) {
    boolean same = stride == 1 && body.channels == channels;
    List<LayerSpec> shortcut =
        same ? List.of() : branch().convolution(body.channels, 1, stride).norm().list;
    return add(body, shortcut, true);
  }

  /**
   * Adds up two ways.
   *
   * @param shortcut layers, or none for what is here itself
   * @param relu whether what is below 0 becomes 0
   */
  Layers add(Layers body, List<LayerSpec> shortcut, boolean relu) {
    channels = body.channels;
    return add(new LayerSpec.Residual(body.list, shortcut, relu));
  }

  /** Returns the channels of what is here. */
  int channels() {
    return channels;
  }

  List<LayerSpec> list() {
    return list;
  }

  /** Images as features. */
  Layers flatten() {
    return add(new LayerSpec.Flatten());
  }

  /** A fully connected layer before the last. */
  Layers hidden(int neurons) {
    return add(new LayerSpec.Linear(neurons, settings.sparseHidden())).relu();
  }

  /** Ends with the mean of each channel and a fully connected layer. */
  NetworkSpec classifyMeans(int classes) {
    return add(new LayerSpec.GlobalPool()).flatten().classify(classes);
  }

  /** Ends with a fully connected layer. */
  NetworkSpec classify(int classes) {
    add(new LayerSpec.Linear(classes, settings.sparseOutput()));
    return new NetworkSpec(image.size(), list);
  }
}
