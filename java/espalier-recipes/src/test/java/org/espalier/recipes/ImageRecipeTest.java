/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.LongStream;
import org.espalier.UserException;
import org.espalier.backend.Backend;
import org.espalier.backend.Backends;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.SampleShape;
import org.espalier.topology.LayerShape;
import org.espalier.topology.LayerWork;
import org.espalier.train.SampleSource;
import org.espalier.train.Trainer;
import org.espalier.train.TrainingListener;
import org.espalier.train.TrainingResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recipes of networks of images: what they build, and that it trains. */
class ImageRecipeTest {

  private static final SampleShape IMAGE = new SampleShape(2, 16, 16);
  private static final TrainingListener QUIET = new TrainingListener() {};
  private static final int CLASSES = 3;
  private static final int SAMPLES = 12;

  private static Recipe recipe(String settings) {
    Recipe recipe =
        RecipeCatalogue.find("resnet20-cifar10")
            .with("network.width=0.1")
            .with("density.overall=0.5")
            .with("training.epochs=2")
            .with("training.batch_size=5")
            .with("topology.update=prune_and_grow")
            .with("topology.grow=gradient");
    for (String setting : settings.split(" ")) {
      recipe = recipe.with(setting);
    }
    return recipe;
  }

  private static SampleSource samples() {
    float[] rows = new float[SAMPLES * IMAGE.size()];
    int[] labels = new int[SAMPLES];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (i * 37 % 101) / 50f - 1;
    }
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i % CLASSES;
    }
    return SampleSource.of(rows, IMAGE.size(), labels, CLASSES);
  }

  private static Network build(Recipe recipe, Backend backend) {
    RecipePlan plan = new RecipePlan(recipe);
    NetworkBuilder builder = plan.network(IMAGE, CLASSES, SAMPLES);
    return new DensityPlan(recipe).build(builder, plan.loss(), samples(), backend);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "network.kind=lenet5",
        "network.kind=set_cnn network.dropout=0.3",
        "network.kind=set_cnn network.convolutions=dense network.output=dense",
        "network.kind=vgg network.depth=16",
        "network.kind=resnet_cifar network.depth=14",
        "network.kind=resnet network.depth=18 network.stem=cifar",
        "network.kind=resnet network.depth=50 network.stem=imagenet network.width=0.02",
        "network.kind=wide_resnet network.depth=50 network.stem=imagenet density.overall=0.02",
        "network.kind=wide_resnet_cifar network.depth=16 network.dropout=0.3",
        "network.kind=resnet_cifar network.connections=dense",
        "network.kind=mobilenet_v2",
      })
  void everyKindLearns(String settings) {
    Recipe recipe = recipe(settings);
    try (Backend backend = Backends.open("cpu-portable", 1);
        Network network = build(recipe, backend)) {
      TrainingResult result =
          new Trainer(network, new RecipePlan(recipe).training(SAMPLES), QUIET)
              .fit(samples(), samples());
      assertTrue(Double.isFinite(result.test().loss()), "loss " + result.test().loss());
      assertEquals(2 * SAMPLES, result.samples());
      assertTrue(network.flops() <= network.denseFlops());
    }
  }

  @Test
  void theArithmeticOfTheNetworkIsThatOfItsPlan() {
    Recipe recipe = recipe("network.kind=wide_resnet_cifar network.depth=16");
    NetworkSpec spec = new RecipePlan(recipe).network(IMAGE, CLASSES, SAMPLES).spec();
    try (Backend backend = new ScalarBackend();
        Network network = build(recipe, backend)) {
      assertEquals(LayerWork.denseFlops(spec.work()), network.denseFlops());
      long cells = spec.sparseShapes().stream().mapToLong(LayerShape::size).sum();
      assertEquals(cells, network.denseWeights());
      assertEquals(Math.round(0.5 * cells), network.activeWeights());
    }
  }

  private static long[] counts(Recipe recipe) {
    try (Backend backend = new ScalarBackend();
        Network network = build(recipe, backend)) {
      return network.sparseWeights().stream().mapToLong(layer -> layer.csr().nnz()).toArray();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "erk",
        "erk_plus",
        "uniform",
        "uniform_plus",
        "balanced",
        "global_magnitude",
        "snip"
      })
  void everyRuleKeepsTheOverallDensity(String rule) {
    Recipe recipe = recipe("density.rule=" + rule + " network.depth=8 network.width=0.5");
    NetworkSpec spec = new RecipePlan(recipe).network(IMAGE, CLASSES, SAMPLES).spec();
    long cells = spec.sparseShapes().stream().mapToLong(LayerShape::size).sum();
    assertEquals(Math.round(0.5 * cells), LongStream.of(counts(recipe)).sum());
  }

  @ParameterizedTest
  @ValueSource(strings = {"snip", "global_magnitude"})
  void connectionsChosenByScoreTrain(String rule) {
    String settings = "density.rule=" + rule + " network.depth=8 density.overall=0.3";
    Recipe recipe = recipe(settings).with("network.width=0.5");
    try (Backend backend = new ScalarBackend();
        Network network = build(recipe, backend)) {
      TrainingResult result =
          new Trainer(network, new RecipePlan(recipe).training(SAMPLES), QUIET)
              .fit(samples(), samples());
      assertTrue(Double.isFinite(result.test().loss()));
    }
  }

  @ParameterizedTest
  @CsvSource({"grasp, GraSP", "synflow, SynFlow"})
  void criteriaForFullyConnectedNetworksSaySo(String rule, String name) {
    Recipe recipe = recipe("density.rule=" + rule);
    var error = assertThrows(UserException.class, () -> counts(recipe));
    assertTrue(
        error.getMessage().startsWith(name + " scores fully connected networks only"),
        error.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "network.kind=vgg network.depth=20 | network.depth is 20, which network.kind vgg does not have; expected 11, 13, 16 or 19.",
        "network.depth=21 | expected 6 n + 2, such as 20, 32, 44, 56 or 110.",
        "network.depth=2 | expected 6 n + 2",
        "network.kind=resnet network.depth=20 | expected 18, 34, 50, 101 or 152.",
        "network.kind=wide_resnet network.depth=18 | expected 50, 101 or 152.",
        "network.kind=wide_resnet_cifar network.depth=20 | expected 6 n + 4, such as 16, 22, 28 or 40.",
        "network.dropout=0.3 | network.kind resnet_cifar has no dropout",
        "network.kind=vgg network.depth=11 data.name=x network.dropout=0.3 | network.kind vgg has no dropout",
        "network.convolutions=dense network.output=dense | network.convolutions is dense and network.output is dense: no layer is sparse",
      })
  void whatDoesNotExistIsExplained(String settings, String words) {
    RecipePlan plan = new RecipePlan(recipe(settings));
    var error = assertThrows(UserException.class, () -> plan.network(IMAGE, CLASSES, SAMPLES));
    assertTrue(error.getMessage().contains(words), error.getMessage());
  }

  @Test
  void samplesWithoutAShapeAreRefused() {
    RecipePlan plan = new RecipePlan(recipe("network.kind=lenet5"));
    SampleShape features = SampleShape.features(IMAGE.size());
    var error = assertThrows(UserException.class, () -> plan.network(features, CLASSES, SAMPLES));
    assertEquals(
        "network.kind is lenet5, which takes images, but a sample is 512 features without height and width; expected data of images, or network.kind=mlp.",
        error.getMessage());
  }

  @Test
  void classifierAndConvolutionsAreSparseOrDenseByKey() {
    assertEquals("conv1", first(recipe("network.output=dense")));
    assertEquals("linear1", first(recipe("network.convolutions=dense")));
    Recipe twin = recipe("network.connections=dense");
    assertEquals(List.of(), new RecipePlan(twin).network(IMAGE, 3, 9).spec().sparseShapes());
    List<LayerShape> shapes =
        new RecipePlan(recipe("network.output=dense")).network(IMAGE, 3, 9).spec().sparseShapes();
    assertFalse(shapes.stream().anyMatch(shape -> shape.name().startsWith("linear")));
  }

  private static String first(Recipe recipe) {
    return new RecipePlan(recipe).network(IMAGE, 3, 9).spec().sparseShapes().get(0).name();
  }
}
