/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.recipes;

import org.espalier.UserException;
import org.espalier.backend.Activation;
import org.espalier.network.CifarResNet;
import org.espalier.network.LeNet5;
import org.espalier.network.MobileNetV2;
import org.espalier.network.NetworkSettings;
import org.espalier.network.NetworkSettings.Stem;
import org.espalier.network.ResNet;
import org.espalier.network.SetCnn;
import org.espalier.network.Vgg;
import org.espalier.network.WideCifarResNet;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.SampleShape;

/** The settings of a recipe that say what the network is made of. */
final class NetworkPlan {

  private final Recipe recipe;
  private final String kind;
  private final boolean twin;
  private final boolean sparseOutput;

  NetworkPlan(Recipe recipe) {
    this.recipe = recipe;
    this.kind = recipe.text("network.kind");
    this.twin = recipe.text("network.connections").equals("dense");
    this.sparseOutput = !twin && recipe.text("network.output").equals("sparse");
  }

  /** Tells whether the network takes images. */
  boolean ofImages() {
    return !kind.equals("mlp");
  }

  /**
   * Returns the layers.
   *
   * @param sample features, or images with their shape
   * @throws UserException if settings or samples do not suit the network
   */
  NetworkSpec spec(SampleShape sample, int classes) {
    if (ofImages() && !sample.isImages()) {
      throw new UserException(
          "network.kind is %s, which takes images, but a sample is %s without height and width; expected data of images, or network.kind=mlp."
              .formatted(kind, sample));
    }
    NetworkSpec spec = ofImages() ? convolutional(sample, classes) : mlp(sample.size(), classes);
    if (!twin && spec.sparseShapes().isEmpty()) {
      throw new UserException(
          "%s and network.output is dense: no layer is sparse; expected %s or network.output=sparse."
              .formatted(
                  ofImages() ? "network.convolutions is dense" : "network.hidden is empty",
                  ofImages() ? "network.convolutions=sparse" : "at least one hidden layer"));
    }
    return recipe.text("network.output_activation").equals("sigmoid")
        ? spec.activation(Activation.SIGMOID)
        : spec;
  }

  private NetworkSpec convolutional(SampleShape image, int classes) {
    NetworkSettings settings =
        new NetworkSettings(
            recipe.count("network.depth"),
            recipe.real("network.width"),
            Stem.valueOf(recipe.word("network.stem")),
            (float) recipe.real("network.dropout"),
            !twin && recipe.text("network.convolutions").equals("sparse"),
            !twin,
            sparseOutput);
    return switch (kind) {
      case "lenet5" -> LeNet5.spec(image, classes, settings);
      case "set_cnn" -> SetCnn.spec(image, classes, settings);
      case "mobilenet_v2" -> MobileNetV2.spec(image, classes, settings);
      case "vgg" -> Vgg.spec(image, classes, settings);
      case "resnet_cifar" -> CifarResNet.spec(image, classes, settings);
      case "resnet" -> ResNet.spec(image, classes, settings);
      case "wide_resnet_cifar" -> WideCifarResNet.spec(image, classes, settings);
      case "wide_resnet" -> ResNet.wide(image, classes, settings);
      default -> throw new IllegalStateException(kind);
    };
  }

  private NetworkSpec mlp(int features, int classes) {
    NetworkSpec spec = NetworkSpec.inputs(features);
    int[] hidden = recipe.counts("network.hidden");
    for (int h = 0; h < hidden.length; h++) {
      spec = twin ? spec.denseLinear(hidden[h]) : spec.sparseLinear(hidden[h]);
      spec = hiddenActivation(spec, h).dropout((float) recipe.real("network.dropout"));
    }
    return sparseOutput ? spec.sparseLinear(classes) : spec.denseLinear(classes);
  }

  private NetworkSpec hiddenActivation(NetworkSpec spec, int hidden) {
    float slope = (float) recipe.real("network.slope");
    String name = recipe.text("network.activation");
    return switch (name) {
      case "srelu" -> spec.srelu();
      case "relu" -> spec.relu();
      case "leaky_relu" -> spec.activation(Activation.leakyRelu(slope));
      case "all_relu" -> spec.activation(Activation.allRelu(slope, hidden));
      case "sigmoid" -> spec.activation(Activation.SIGMOID);
      case "tanh" -> spec.activation(Activation.TANH);
      default -> throw new IllegalStateException(name);
    };
  }
}
