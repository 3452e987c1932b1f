/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks.acceptance;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.espalier.UserException;
import org.espalier.backend.Backend;
import org.espalier.backend.Backends;
import org.espalier.backend.KernelPolicy;
import org.espalier.backend.KernelPolicy.Precision;
import org.espalier.backend.scalar.ScalarBackend;

/** The parts of the acceptance bundle that run in Java; {@code run.sh} calls them one by one. */
public final class Acceptance {

  /** Ends the name of a backend that may read activations in 16 bits. */
  private static final String ROUNDED = "@bf16";

  private static final String USAGE =
      "expected catalogue BACKEND SECONDS, training BACKEND FOLDER [KEY=VALUE ...], or timing BACKEND,REFERENCE,... SECONDS full|small JSON";

  private Acceptance() {}

  /** Exits with 0 if the part passed, 1 if it did not, 2 if it could not be run as asked. */
  public static void main(String[] arguments) throws IOException {
    try {
      System.exit(run(List.of(arguments)) ? 0 : 1);
    } catch (UserException failure) {
      System.err.println(failure.getMessage());
      System.exit(2);
    }
  }

  private static boolean run(List<String> arguments) throws IOException {
    String part = arguments.isEmpty() ? "" : arguments.get(0);
    return switch (part) {
      case "catalogue" -> {
        expect(arguments.size() == 3);
        try (Backend candidate = open(arguments.get(1));
            Backend oracle = new ScalarBackend()) {
          System.out.println(candidate.description());
          yield new CatalogueCheck(candidate, oracle, System.out).run(seconds(arguments.get(2)));
        }
      }
      case "training" -> {
        expect(arguments.size() >= 3);
        yield new TrainingCheck(Path.of(arguments.get(2)), arguments.subList(3, arguments.size()))
            .run(arguments.get(1), System.out);
      }
      case "timing" -> {
        expect(arguments.size() == 5);
        new TimingComparison(TimedWork.of(arguments.get(3)), System.out)
            .run(
                List.of(arguments.get(1).split(",")),
                seconds(arguments.get(2)),
                Path.of(arguments.get(4)));
        yield true;
      }
      default -> throw new UserException("There is no part '%s'; %s.".formatted(part, USAGE));
    };
  }

  /** Opens a backend; {@code cuda@bf16} is {@code cuda} that may read activations in 16 bits. */
  static Backend open(String name) {
    int processors = Runtime.getRuntime().availableProcessors();
    if (!name.endsWith(ROUNDED)) {
      return Backends.open(name, processors);
    }
    String plain = name.substring(0, name.length() - ROUNDED.length());
    Backend backend = Backends.open(plain, processors);
    backend.use(new KernelPolicy(Precision.BF16, true));
    return backend;
  }

  private static Duration seconds(String text) {
    try {
      return Duration.ofSeconds(Long.parseLong(text));
    } catch (NumberFormatException wrong) {
      throw new UserException("'%s' is not a number of seconds.".formatted(text), wrong);
    }
  }

  private static void expect(boolean holds) {
    if (!holds) {
      throw new UserException("The arguments do not fit; " + USAGE + ".");
    }
  }
}
