/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.espalier.data.table.ImageShape;
import org.espalier.job.Inspection;
import org.espalier.job.TopologyComparison;
import org.espalier.measure.ScaleFreeness;
import org.espalier.run.DegreeStatistics;
import org.espalier.run.LayerTopology;
import org.espalier.run.TopologySummary;
import org.espalier.topology.LayerShape;
import org.espalier.topology.LayerWork;
import org.espalier.topology.ModelSize;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows the topology of a trained model. */
@Command(
    name = "inspect",
    description = "Show densities, degree distributions and where the connections of a run went.",
    mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {

  private static final String SHADES = " .:-=+*#%@";
  private static final int BUCKETS = 12;
  private static final int BAR = 40;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "Run folder.")
  private Path run;

  @Option(
      names = "--compare",
      paramLabel = "OTHER_RUN",
      description = "Show instead how far the topology is from that of another run.")
  private Path other;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Inspection inspection = Inspection.of(run);
    out.printf("%s on %s%n%n", inspection.recipe(), inspection.data());
    if (other != null) {
      TopologyComparisonTable.print(out, TopologyComparison.of(inspection, Inspection.of(other)));
      out.flush();
      return 0;
    }
    densities(out, inspection);
    kernels(out);
    for (LayerTopology layer : inspection.layers()) {
      out.printf("%n%s, connections of an input%n", layer.name());
      histogram(out, layer.inputStatistics());
      powerLaw(out, layer.inputDegrees());
      out.printf("%n%s, connections of a neuron (fan-in)%n", layer.name());
      histogram(out, layer.outputStatistics());
      powerLaw(out, layer.outputDegrees());
    }
    inspection
        .image()
        .filter(image -> !inspection.layers().isEmpty())
        .ifPresent(image -> map(out, inspection.layers().get(0), image));
    out.flush();
    return 0;
  }

  private static void densities(PrintWriter out, Inspection inspection) {
    out.printf("%-10s %15s %12s %9s%n", "layer", "shape", "connections", "density");
    long nnz = 0;
    long cells = 0;
    for (LayerTopology layer : inspection.layers()) {
      nnz += layer.nnz();
      cells += (long) layer.outputs() * layer.inputs();
      row(
          out,
          layer.name(),
          layer.outputs() + " x " + layer.inputs(),
          layer.nnz(),
          layer.density());
    }
    row(out, "sparse", "", nnz, nnz / (double) Math.max(1, cells));
    costs(out, inspection);
  }

  private void kernels(PrintWriter out) {
    Map<String, String> kernels = Inspection.kernels(run);
    if (!kernels.isEmpty()) {
      out.println("products chosen by measuring:");
      kernels.forEach((of, kernel) -> out.printf("  %-40s %s%n", of, kernel));
    }
  }

  /** What the sparse layers cost to run and to store, as papers count it. */
  private static void costs(PrintWriter out, Inspection inspection) {
    List<LayerTopology> layers = inspection.layers();
    List<LayerShape> shapes =
        layers.stream().map(l -> LayerShape.linear(l.name(), l.outputs(), l.inputs())).toList();
    List<LayerWork> work =
        IntStream.range(0, layers.size())
            .mapToObj(l -> new LayerWork(shapes.get(l), inspection.pixels().get(l)))
            .toList();
    double[] densities = layers.stream().mapToDouble(LayerTopology::density).toArray();
    long[] connections = layers.stream().mapToLong(LayerTopology::nnz).toArray();
    long biases = layers.stream().mapToLong(LayerTopology::outputs).sum();
    out.printf(
        Locale.ROOT,
        "%,.0f floating-point operations a sample (dense: %,.0f); %,d bytes stored with a bit for each position%n",
        LayerWork.flops(work, densities),
        LayerWork.denseFlops(work),
        ModelSize.bytes(shapes, connections, biases));
  }

  private static void row(PrintWriter out, String name, String shape, long nnz, double density) {
    out.printf(Locale.ROOT, "%-10s %15s %,12d %7.2f %%%n", name, shape, nnz, 100 * density);
  }

  private static void histogram(PrintWriter out, DegreeStatistics degrees) {
    out.printf(
        Locale.ROOT,
        "  mean %.1f, deviation %.1f (random: %.1f), %d to %d, %d without any%n",
        degrees.mean(),
        degrees.deviation(),
        degrees.randomDeviation(),
        degrees.min(),
        degrees.max(),
        degrees.unconnected());
    int width = 1 + (degrees.max() - degrees.min()) / BUCKETS;
    int[] buckets = new int[1 + (degrees.max() - degrees.min()) / width];
    for (int d = degrees.min(); d <= degrees.max(); d++) {
      buckets[(d - degrees.min()) / width] += degrees.counts()[d];
    }
    int highest = Arrays.stream(buckets).max().orElse(1);
    for (int b = 0; b < buckets.length; b++) {
      int first = degrees.min() + b * width;
      String range = width == 1 ? "%d".formatted(first) : first + "-" + (first + width - 1);
      int bar = (int) Math.round(BAR * (double) buckets[b] / Math.max(1, highest));
      out.printf("  %11s %6d %s%n", range, buckets[b], "#".repeat(bar));
    }
  }

  private static void powerLaw(PrintWriter out, int[] degrees) {
    ScaleFreeness test = ScaleFreeness.of(degrees, TopologySummary.SEED);
    out.printf("  scale-free: %s%n", test.verdict());
  }

  /** Draws the degree of each input where it is in the image, summed over channels. */
  private static void map(PrintWriter out, LayerTopology layer, ImageShape image) {
    int pixels = image.height() * image.width();
    if (layer.inputs() != pixels * image.channels()) {
      return;
    }
    int[] degrees = new int[pixels];
    int[] all = layer.inputDegrees();
    for (int i = 0; i < all.length; i++) {
      degrees[i % pixels] += all[i];
    }
    int highest = Math.max(1, Arrays.stream(degrees).max().orElse(1));
    out.printf("%n%s, connections of each pixel (@ is %d)%n", layer.name(), highest);
    for (int y = 0; y < image.height(); y++) {
      StringBuilder line = new StringBuilder("  ");
      for (int x = 0; x < image.width(); x++) {
        char shade =
            SHADES.charAt(degrees[y * image.width() + x] * (SHADES.length() - 1) / highest);
        line.append(shade).append(shade);
      }
      out.println(line.toString().stripTrailing());
    }
  }
}
