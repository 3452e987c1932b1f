/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.job;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.data.Dataset;
import org.espalier.nn.Layer;
import org.espalier.nn.Network;
import org.espalier.nn.Parameter;
import org.espalier.nn.SparseParameter;
import org.espalier.recipes.Recipe;
import org.espalier.recipes.RecipeYaml;
import org.espalier.run.LayerTopology;
import org.espalier.run.RunDirectory;
import org.espalier.run.RunMetrics;
import org.espalier.run.RunSummary;
import org.espalier.run.Safetensors;
import org.espalier.run.report.Report;
import org.espalier.run.report.ReportInput;
import org.espalier.sparse.CsrMatrix;
import org.espalier.train.NetworkState;
import org.espalier.train.State;

/** Writes what a finished run leaves besides its checkpoint and metrics: model, report, summary. */
final class RunResults {

  /** Names of the tensors that say how features were normalised, part of every model. */
  static final String SCALE = "data.scale";

  static final String SHIFT = "data.shift";

  private final RunDirectory run;
  private final Recipe recipe;
  private final Dataset data;
  private final Network network;

  RunResults(RunDirectory run, Recipe recipe, Dataset data, Network network) {
    this.run = run;
    this.recipe = recipe;
    this.data = data;
    this.network = network;
  }

  /**
   * Writes it all; the summary goes last: a run that has one is complete.
   *
   * @param layers topology of the sparse layers
   */
  void write(RunSummary summary, RunMetrics metrics, List<LayerTopology> layers) {
    State model = new State(run.model().toString());
    NetworkState.save(network, model, false);
    Report.write(
        run.report(),
        new ReportInput(summary, metrics, layers, data.shape(), RecipeYaml.write(recipe)));
    model.put(SCALE, data.normalization().scale());
    model.put(SHIFT, data.normalization().shift());
    Safetensors.write(run.model(), model, shapes(), metadata());
    summary.write(run);
  }

  private Map<String, int[]> shapes() {
    Map<String, int[]> shapes = new HashMap<>();
    for (Layer layer : network.simpleLayers()) {
      int rows = layer.outputs() / layer.pixels();
      for (Parameter parameter : layer.parameters()) {
        int size = Math.toIntExact(parameter.size());
        if (parameter instanceof SparseParameter) {
          continue;
        }
        if (parameter.name().endsWith(".weight")) {
          shapes.put(parameter.name(), new int[] {rows, size / rows});
        } else if (parameter.name().endsWith(".scale_shift")) {
          shapes.put(parameter.name(), new int[] {2, size / 2});
        } else if (size > rows) {
          shapes.put(parameter.name(), new int[] {size / rows, rows});
        }
      }
    }
    return shapes;
  }

  private Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "espalier");
    metadata.put("recipe", recipe.name());
    metadata.put("data", data.name());
    data.shape()
        .ifPresent(
            image ->
                metadata.put(
                    "data.image", image.height() + "," + image.width() + "," + image.channels()));
    for (Layer layer : network.simpleLayers()) {
      for (Parameter parameter : layer.parameters()) {
        if (parameter instanceof SparseParameter sparse) {
          CsrMatrix csr = sparse.weights().csr();
          String shape = sparse.isFixed() ? ".shape_of_groups" : ".shape";
          metadata.put(parameter.name() + shape, csr.rows() + "," + csr.columns());
          metadata.put(parameter.name() + ".pixels", Integer.toString(layer.pixels()));
        }
      }
    }
    return metadata;
  }
}
