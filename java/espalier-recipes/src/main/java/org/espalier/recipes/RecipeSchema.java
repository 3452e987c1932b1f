/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.recipes;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.espalier.Suggestion;
import org.espalier.recipes.RecipeKey.Range;
import org.espalier.recipes.RecipeKey.Type;

/** All settings there are, in the order in which recipes show them. */
final class RecipeSchema {

  static final Range SHARE = new Range(0, false, 1, false);
  private static final Range BELOW_ONE = new Range(0, false, 1, true);
  private static final Range DENSITY = new Range(0, true, 1, false);
  private static final Range END = new Range(0, true, 1, false);
  static final Range COUNT = new Range(1, false, Integer.MAX_VALUE, false);
  static final Range COUNT_OR_NONE = new Range(0, false, Integer.MAX_VALUE, false);
  static final Range NOT_NEGATIVE = Range.atLeast(0);

  /** The settings. */
  static final List<RecipeKey> KEYS =
      Stream.concat(general().stream(), ImageKeys.all().stream()).toList();

  private static List<RecipeKey> general() {
    return List.of(
        text("data.name", "fashion-mnist-mini", "data set, by name or path"),
        choice(
            "data.normalize",
            "what is done to features, fitted on training rows",
            "standardize",
            "scale",
            "none"),
        choice(
            "data.split",
            "which rows are for testing (auto: the set's own, else a random third)",
            "auto",
            "given",
            "random"),
        real(
            "data.test_fraction",
            0.2,
            new Range(0, true, 1, true),
            "share of the training rows held out by data.split random"),
        choice(
            "network.kind",
            "which network; all but mlp take images (docs/networks.md)",
            "mlp",
            "lenet5",
            "set_cnn",
            "vgg",
            "resnet_cifar",
            "resnet",
            "wide_resnet_cifar",
            "wide_resnet",
            "mobilenet_v2"),
        whole("network.depth", 20, COUNT, "layers of a vgg or of the resnets"),
        real(
            "network.width",
            1,
            Range.above(0),
            "factor of the channels of a network of images; of wide_resnet inside its blocks only"),
        choice(
            "network.stem",
            "first layers of resnet and wide_resnet, for large or for small images",
            "imagenet",
            "cifar"),
        wholes(
            "network.hidden",
            List.of(1000L, 1000L, 1000L),
            "neurons of each hidden layer of an mlp"),
        choice(
            "network.activation",
            "of hidden layers of an mlp; networks of images have relu",
            "srelu",
            "relu",
            "leaky_relu",
            "all_relu",
            "sigmoid",
            "tanh"),
        real("network.slope", 0.6, Range.ANY, "negative slope of leaky_relu and all_relu"),
        real(
            "network.dropout",
            0.0,
            BELOW_ONE,
            "share of hidden neurons or pixels silenced in training"),
        choice(
            "network.connections",
            "of hidden layers; dense makes the dense twin, whose topology is fixed",
            "sparse",
            "dense"),
        choice(
            "network.convolutions",
            "connections of convolutions, where network.connections is sparse",
            "sparse",
            "dense"),
        choice("network.output", "connections of the output layer", "dense", "sparse"),
        choice("network.output_activation", "after the output layer", "none", "sigmoid"),
        choice(
            "init.weights",
            "distribution of first weights",
            "he_normal",
            "he_uniform",
            "xavier_normal",
            "xavier_uniform",
            "normal"),
        real("init.deviation", 0.1, Range.above(0), "standard deviation of init.weights normal"),
        choice("init.fan_in", "connections that init.weights counts", "sparse", "dense"),
        choice(
            "density.rule",
            "how connections spread over layers",
            "epsilon",
            "erdos_renyi",
            "erk",
            "erk_plus",
            "uniform",
            "uniform_plus",
            "balanced",
            "global_magnitude",
            "snip",
            "grasp",
            "synflow"),
        real("density.epsilon", 20, Range.above(0), "connections per neuron, of rule epsilon"),
        real("density.overall", 0.1, DENSITY, "share of all cells, of the other rules"),
        real(
            "density.exponent",
            1,
            NOT_NEGATIVE,
            "softens erdos_renyi and erk below 1; 0 is uniform"),
        text("density.first", "rule", "density of the first layer: rule or a number"),
        text("density.last", "rule", "of a sparse output layer: rule (erk_plus: 1) or a number"),
        choice(
            "density.budget",
            "whether density.overall counts first and last if they have numbers, so that the others make up for them",
            "inside",
            "outside"),
        choice(
            "density.positions",
            "what global_magnitude, snip, grasp and synflow decide: the connections, or only how many each layer has",
            "scored",
            "random"),
        choice(
            "topology.update", "how connections change while training", "prune_and_grow", "none"),
        choice(
            "topology.prune",
            "what goes: nearest to zero by sign (SET), by magnitude, or lowest by a score",
            "signwise",
            "magnitude",
            "mest",
            "taylor",
            "relative_importance",
            "random"),
        real(
            "topology.gradient_weight",
            0.01,
            NOT_NEGATIVE,
            "factor of the gradient in the score of mest"),
        choice("topology.scope", "among whose connections it chooses", "layer", "global"),
        real(
            "topology.least_fan_in",
            1.0,
            NOT_NEGATIVE,
            "connections for each output that a global choice leaves a layer"),
        choice(
            "topology.grow",
            "where connections grow",
            "random",
            "gradient",
            "momentum",
            "unfired",
            "mixed"),
        real("topology.gradient_share", 0.5, SHARE, "share grown by gradient when grow is mixed"),
        whole(
            "topology.gradient_batches",
            1,
            COUNT,
            "batches whose gradients an update adds up, if it needs any"),
        choice(
            "topology.redistribute",
            "how what is pruned is shared among layers to grow again",
            "none",
            "momentum",
            "connections"),
        whole("topology.every", 1, COUNT, "updates happen after every so many units"),
        choice("topology.unit", "what topology.every counts", "epochs", "steps"),
        real("topology.until", 1.0, END, "share of the run after which no more updates happen"),
        real("topology.drop_fraction", 0.3, SHARE, "share pruned and regrown at an update (zeta)"),
        choice(
            "topology.drop_schedule",
            "how drop_fraction changes until the last update",
            "constant",
            "cosine",
            "linear",
            "exponential"),
        real("topology.drop_last", 0.0, SHARE, "drop fraction that it ends at"),
        real("topology.drop_power", 3.0, Range.above(0), "power of drop_schedule exponential"),
        choice("topology.new_weights", "what grown connections start with", "initial", "zero"),
        flag(
            "topology.keep_regrown",
            false,
            "whether one pruned and regrown at once keeps its value"),
        flag("topology.remove_at_end", true, "whether the last epoch ends with pruning only"),
        choice(
            "topology.ramp",
            "whether the density falls to density.overall while training (GMP, GraNet)",
            "none",
            "cubic"),
        real("topology.ramp_start", 1.0, DENSITY, "density of the sparse layers at the start"),
        real("topology.ramp_from", 0.0, BELOW_ONE, "share of the run at which it starts to fall"),
        real("topology.ramp_until", 0.5, END, "share of the run at which it has fallen"),
        choice(
            "topology.ramp_scope",
            "among whose connections the ramp prunes by magnitude",
            "global",
            "layer"),
        real("optimizer.momentum", 0.9, BELOW_ONE, "of stochastic gradient descent"),
        flag("optimizer.nesterov", false, "whether momentum looks ahead"),
        real("optimizer.weight_decay", 0.0002, NOT_NEGATIVE, "L2 coefficient of weights"),
        real("optimizer.clip_norm", 0.0, NOT_NEGATIVE, "largest gradient norm, 0 for no clipping"),
        real(
            "optimizer.average",
            0.0,
            BELOW_ONE,
            "decay of moving averages that are evaluated and saved as the model, 0 for none"),
        choice("learning_rate.schedule", "over the run", "constant", "step", "cosine"),
        real("learning_rate.rate", 0.01, Range.above(0), "at the start"),
        real("learning_rate.last", 0.0, NOT_NEGATIVE, "at the end of a cosine"),
        reals("learning_rate.milestones", List.of(0.5, 0.75), "shares of the run where it steps"),
        real("learning_rate.factor", 0.1, Range.above(0), "of each step"),
        real("learning_rate.warmup_epochs", 0.0, NOT_NEGATIVE, "rise at the start"),
        choice(
            "learning_rate.warmup",
            "how it rises: from 0 with every step, or in epoch e (from 1) to e / (warmup_epochs + 1)",
            "linear",
            "by_epoch"),
        choice("training.loss", "what is made small", "cross_entropy", "mse"),
        real("training.label_smoothing", 0.0, BELOW_ONE, "of cross_entropy"),
        real(
            "training.mixup",
            0.0,
            NOT_NEGATIVE,
            "alpha of mixing every batch with itself, 0 for none"),
        whole("training.epochs", 10, COUNT, "passes over the training set"),
        whole("training.batch_size", 100, COUNT, "samples that go through the network at once"),
        whole("training.accumulate", 1, COUNT, "batches whose gradients are added for a step"),
        whole(
            "training.evaluate_every",
            1,
            COUNT,
            "epochs between evaluations; after the last there always is one"),
        whole("training.seed", 1, Range.ANY, "of every random choice"),
        whole("checkpoint.every", 1, COUNT, "epochs between checkpoints"),
        whole(
            "checkpoint.keep",
            0,
            COUNT_OR_NONE,
            "checkpoints of so many epochs stay beside the last one"),
        flag(
            "measure.exploration",
            true,
            "whether the positions that were ever active are remembered, and the first ones"),
        choice(
            "kernels.policy",
            "rounding inside products on a GPU (tf32: factors of 11 bits, for tensor cores;"
                + " bf16: activations read in 16 bits)",
            "fp32-exact",
            "tf32",
            "bf16"),
        flag("kernels.tune", true, "whether kernels on a GPU are chosen by measuring"));
  }

  private RecipeSchema() {}

  static Optional<RecipeKey> find(String name) {
    return KEYS.stream().filter(key -> key.name().equals(name)).findFirst();
  }

  /** Returns the known key that a misspelt one, or one without its section, probably means. */
  static Optional<String> nearest(String name) {
    String last = name.substring(name.lastIndexOf('.') + 1);
    return Suggestion.nearest(name, KEYS.stream().map(RecipeKey::name).toList())
        .or(
            () ->
                KEYS.stream()
                    .map(RecipeKey::name)
                    .filter(key -> key.endsWith("." + last))
                    .findFirst());
  }

  private static RecipeKey text(String name, String fallback, String doc) {
    return new RecipeKey(name, Type.TEXT, List.of(), Range.ANY, fallback, doc);
  }

  static RecipeKey choice(String name, String doc, String... choices) {
    return new RecipeKey(name, Type.CHOICE, List.of(choices), Range.ANY, choices[0], doc);
  }

  private static RecipeKey flag(String name, boolean fallback, String doc) {
    return new RecipeKey(name, Type.FLAG, List.of(), Range.ANY, fallback, doc);
  }

  static RecipeKey whole(String name, long fallback, Range range, String doc) {
    return new RecipeKey(name, Type.WHOLE, List.of(), range, fallback, doc);
  }

  static RecipeKey real(String name, double fallback, Range range, String doc) {
    return new RecipeKey(name, Type.REAL, List.of(), range, fallback, doc);
  }

  private static RecipeKey wholes(String name, List<Long> fallback, String doc) {
    return new RecipeKey(name, Type.WHOLES, List.of(), COUNT, fallback, doc);
  }

  static RecipeKey reals(String name, List<Double> fallback, String doc) {
    return new RecipeKey(name, Type.REALS, List.of(), new Range(0, true, 1, true), fallback, doc);
  }
}
