/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.job;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.espalier.UserException;
import org.espalier.data.Dataset;
import org.espalier.recipes.Recipe;
import org.espalier.suite.OodSuite;
import org.espalier.suite.SuiteData;
import org.espalier.train.FeatureScaling;
import org.espalier.train.SampleSource;

/**
 * The data that suites work on, all under the normalisation of the run.
 *
 * @param data of the run
 * @param own samples of the run
 * @param others second data sets by name
 */
record SuiteInput(Dataset data, SuiteData own, Map<String, SampleSource> others) {

  /**
   * Opens what a request needs.
   *
   * @throws UserException if data are missing or do not fit the model
   */
  static SuiteInput open(RunModel model, SuiteRequest request, JobOptions options) {
    FeatureScaling normalization = model.normalization();
    Dataset data = JobData.open(model.recipe(), options).withNormalization(normalization);
    if (data.classes() > model.outputs()) {
      throw new UserException(
          "The data set '%s' has %d classes, the model %d outputs; expected the data of the run."
              .formatted(data.name(), data.classes(), model.outputs()));
    }
    SuiteData own = own(model, data, options);
    int wanted = Math.min(request.settings().samples(), own.test().size());
    Map<String, SampleSource> others = new LinkedHashMap<>();
    for (String name : request.ood()) {
      if (!name.equals(OodSuite.NOISE)) {
        SampleSource other = other(model.recipe(), name, data, wanted, options);
        others.put(title(name, others), other);
      }
    }
    return new SuiteInput(data, own, others);
  }

  /**
   * A run that split its training file left the set's own test file unread, if there is one: then
   * that is for testing, and what was held out is for validation.
   */
  private static SuiteData own(RunModel model, Dataset data, JobOptions options) {
    boolean image = data.shape().isPresent();
    if (model.recipe().text("data.split").equals("random")) {
      Dataset whole =
          JobData.open(model.recipe().with("data.split=auto"), options)
              .withNormalization(model.normalization());
      boolean testFile = whole.train().size() == data.train().size() + data.test().size();
      if (testFile) {
        return new SuiteData(data.train(), Optional.of(data.test()), whole.test(), image);
      }
    }
    return new SuiteData(data.train(), Optional.empty(), data.test(), image);
  }

  /** Returns the last part of a path, unless another set is called that. */
  private static String title(String name, Map<String, SampleSource> taken) {
    Path last = Path.of(name).getFileName();
    return last == null || taken.containsKey(last.toString()) ? name : last.toString();
  }

  /** Its test samples, and if they are too few its training samples too: all are from elsewhere. */
  private static SampleSource other(
      Recipe recipe, String name, Dataset data, int wanted, JobOptions options) {
    Dataset other = JobData.openOther(name, recipe, options);
    if (other.features() != data.features()) {
      throw new UserException(
          "--ood %s: its samples have %,d features; expected %,d, as those of '%s' have."
              .formatted(name, other.features(), data.features(), data.name()));
    }
    Dataset scaled = other.withNormalization(data.normalization());
    return scaled.test().size() >= wanted
        ? scaled.test()
        : new JoinedSamples(scaled.test(), scaled.train());
  }
}
