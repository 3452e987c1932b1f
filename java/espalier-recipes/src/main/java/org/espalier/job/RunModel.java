/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.job;

import org.espalier.backend.Backend;
import org.espalier.data.Dataset;
import org.espalier.nn.Network;
import org.espalier.recipes.Recipe;
import org.espalier.recipes.RecipePlan;
import org.espalier.run.RunDirectory;
import org.espalier.run.Safetensors;
import org.espalier.train.FeatureScaling;
import org.espalier.train.NetworkState;
import org.espalier.train.State;

/**
 * The trained model of a run, as read from its folder.
 *
 * @param recipe settings of the run
 * @param state numbers of the model
 */
record RunModel(Recipe recipe, State state) {

  /**
   * Reads a run.
   *
   * @throws org.espalier.UserException if it has no model, or a file is damaged
   */
  static RunModel read(RunDirectory folder) {
    Recipe recipe = RunFiles.recipe(folder);
    return new RunModel(recipe, Safetensors.read(folder.existingModel()));
  }

  /** Returns what features were normalised with in training. */
  FeatureScaling normalization() {
    float[] scale = state.floats(RunResults.SCALE);
    return new FeatureScaling(scale, state.floats(RunResults.SHIFT, scale.length));
  }

  /** Returns the number of outputs: the last bias belongs to the output layer. */
  int outputs() {
    String bias =
        state.values().keySet().stream()
            .filter(name -> name.endsWith(".bias"))
            .reduce((first, second) -> second)
            .orElse("linear1.bias");
    return state.floats(bias).length;
  }

  /**
   * Builds the network.
   *
   * @param data whose samples it takes
   * @param samples at least as many as its largest batch needs
   */
  Network network(Backend backend, Dataset data, int samples) {
    RecipePlan plan = new RecipePlan(recipe);
    backend.use(plan.kernels());
    Network network = plan.network(JobData.sample(data), outputs(), samples).build(backend);
    try {
      NetworkState.restore(network, state);
    } catch (RuntimeException | Error damaged) {
      network.close();
      throw damaged;
    }
    return network;
  }
}
