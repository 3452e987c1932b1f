/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Leaves out the run of the tests with 8 lanes where they had 8 in the run before. Only that run
 * looks for extensions, see pom.xml.
 */
public final class ShorterVectorsExist implements ExecutionCondition {

  private static final int AVX_512 = 3;

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    var options = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    try {
      int level = Integer.parseInt(options.getVMOption("UseAVX").getValue());
      return level < AVX_512
          ? ConditionEvaluationResult.disabled("vectors of 8 lanes are the longest here")
          : ConditionEvaluationResult.enabled("vectors here have 16 lanes");
    } catch (IllegalArgumentException notX86) {
      return ConditionEvaluationResult.enabled("not known how long vectors are here");
    }
  }
}
