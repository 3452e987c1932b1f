/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.espalier.UserException;
import org.espalier.conformance.OperationCase;
import org.espalier.conformance.OperationCatalogue;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * The benchmark jar: {@code report FILE}, {@code compare OLD NEW}, {@code versus OTHER.jar
 * BENCHMARK}, {@code cases}, or else JMH's own command line, which runs every case worth timing
 * unless {@code -p operationCase=NAME} chooses.
 */
public final class Main {

  private Main() {}

  /** Runs the command; exits with 2 when the user can put right what is wrong, else with 1. */
  public static void main(String[] arguments) throws Exception {
    try {
      run(List.of(arguments));
    } catch (UserException | CommandLineOptionException failure) {
      System.err.println(failure.getMessage());
      System.exit(2);
    } catch (RunnerException failure) {
      System.err.println(failure.getMessage());
      System.exit(1);
    }
  }

  private static void run(List<String> arguments)
      throws CommandLineOptionException, RunnerException, IOException {
    String command = arguments.isEmpty() ? "" : arguments.get(0);
    switch (command) {
      case "report" -> {
        expect(arguments, 2, "report FILE");
        System.out.print(Report.of(ResultFile.read(Path.of(arguments.get(1)))));
      }
      case "compare" -> {
        expect(arguments, 3, "compare OLD NEW");
        System.out.print(
            Change.table(
                ResultFile.read(Path.of(arguments.get(1))),
                ResultFile.read(Path.of(arguments.get(2)))));
      }
      case "versus" -> {
        if (arguments.size() < 3) {
          throw new UserException(
              "versus has %d arguments; expected: versus OTHER.jar BENCHMARK [NAME=VALUE ...]."
                  .formatted(arguments.size() - 1));
        }
        System.out.print(Versus.run(arguments.subList(1, arguments.size())));
      }
      case "cases" ->
          OperationCatalogue.benchmarks().forEach(timed -> System.out.println(timed.name()));
      default -> runJmh(arguments.toArray(String[]::new));
    }
  }

  private static void expect(List<String> arguments, int count, String usage) {
    if (arguments.size() != count) {
      throw new UserException(
          "%s has %d arguments; expected: %s."
              .formatted(arguments.get(0), arguments.size() - 1, usage));
    }
  }

  private static void runJmh(String[] arguments)
      throws CommandLineOptionException, RunnerException, IOException {
    CommandLineOptions options = new CommandLineOptions(arguments);
    if (options.shouldHelp()
        || options.shouldList()
        || options.shouldListWithParams()
        || options.shouldListProfilers()
        || options.shouldListResultFormats()) {
      org.openjdk.jmh.Main.main(arguments);
      return;
    }
    OptionsBuilder builder = new OptionsBuilder();
    builder.parent(options);
    builder.addProfiler(MachineProfiler.class);
    if (!options.getParameter(OperationBenchmark.CASE).hasValue()) {
      builder.param(
          OperationBenchmark.CASE,
          OperationCatalogue.benchmarks().stream().map(OperationCase::name).toArray(String[]::new));
    }
    new Runner(builder.build()).run();
  }
}
