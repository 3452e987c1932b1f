/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.espalier.UserException;
import org.espalier.benchmarks.MachineProbe.Reading;
import org.espalier.benchmarks.VersusRounds.Round;
import org.openjdk.jmh.annotations.Fork;

/**
 * Compares a benchmark with that of another benchmark jar. Two runs of JMH one after the other see
 * two different machines where others share it; here both versions run in turns within a JVM, what
 * counts is the ratio of each round, and only rounds around which the processors were quiet. Since
 * where a JVM has laid things out makes a difference of its own, there are several.
 */
final class Versus {

  private static final int JVMS = 3;

  /** Quiet rounds without which a JVM does not count. */
  private static final int LEAST_ROUNDS = 5;

  private Versus() {}

  /**
   * Runs the comparison and returns the table.
   *
   * @param arguments the other jar, the benchmark, and {@code NAME=VALUE} for each parameter
   * @throws UserException if the arguments are not right
   */
  static String run(List<String> arguments) throws IOException {
    Path other = Path.of(arguments.get(0));
    if (!Files.isRegularFile(other)) {
      throw new UserException("There is no benchmark jar " + other + ".");
    }
    for (String param : arguments.subList(2, arguments.size())) {
      if (!param.matches("\\w+=.*")) {
        throw new UserException("'%s' is no parameter; expected NAME=VALUE.".formatted(param));
      }
    }
    List<List<Round>> jvms = new ArrayList<>();
    for (int jvm = 0; jvm < JVMS; jvm++) {
      jvms.add(rounds(jvm, arguments));
    }
    return String.join(" ", arguments.subList(1, arguments.size()))
        + System.lineSeparator()
        + table(jvms, isAlone(arguments));
  }

  private static boolean isAlone(List<String> arguments) {
    return arguments.contains("backendThreads=1");
  }

  private static List<Round> rounds(int jvm, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    Collections.addAll(command, flags(arguments.get(1)));
    Collections.addAll(command, "-cp", System.getProperty("java.class.path"));
    Collections.addAll(command, VersusRounds.class.getName(), "" + jvm % 2);
    Collections.addAll(command, arguments.get(0), thisJar().toString());
    command.addAll(arguments.subList(1, arguments.size()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy)); // it ends with this one
    List<Round> rounds = new ArrayList<>();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(VersusRounds.WRONG)) {
          throw new UserException(line.substring(VersusRounds.WRONG.length()));
        }
        Round round = Round.of(line);
        if (round != null) {
          rounds.add(round);
          System.err.printf(
              "\rJVM %d of %d, round %d of %d ", jvm + 1, JVMS, rounds.size(), VersusRounds.ROUNDS);
        }
      }
      System.err.println();
      int code = process.waitFor();
      if (code != 0) {
        throw new IllegalStateException("a JVM ended with " + code);
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    } finally {
      process.destroy();
    }
    return rounds;
  }

  /** Returns the flags that JMH would start a JVM with. */
  private static String[] flags(String benchmark) {
    String type = benchmark.replaceFirst("\\..*", "");
    try {
      Fork fork =
          Class.forName(Versus.class.getPackageName() + "." + type).getAnnotation(Fork.class);
      return fork == null ? new String[0] : fork.jvmArgsAppend();
    } catch (ClassNotFoundException absent) {
      throw new UserException("There is no benchmark class " + type + ".", absent);
    }
  }

  private static Path thisJar() {
    try {
      return Path.of(Versus.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * Returns what came out.
   *
   * @param jvms the rounds of each
   * @param alone whether the backend had one thread only, so that hand-over does not matter
   */
  static String table(List<List<Round>> jvms, boolean alone) {
    List<Round> all = jvms.stream().flatMap(List::stream).toList();
    Predicate<Reading> isQuiet =
        QuietIterations.undisturbed(all.stream().map(Round::machine).toList(), alone);
    List<List<Round>> quiet =
        jvms.stream()
            .map(rounds -> rounds.stream().filter(any -> isQuiet.test(any.machine())).toList())
            .filter(rounds -> rounds.size() >= LEAST_ROUNDS)
            .toList();
    List<List<Round>> taken = quiet.isEmpty() ? jvms : quiet;
    List<Round> rounds = taken.stream().flatMap(List::stream).toList();
    List<Double> ratios = taken.stream().map(Versus::ratio).toList();
    return (quiet.isEmpty()
            ? "too few rounds were quiet, so all %d count".formatted(all.size())
            : "%d of %d rounds count: the quiet ones, in %d of %d JVMs"
                .formatted(rounds.size(), all.size(), taken.size(), jvms.size()))
        + System.lineSeparator()
        + String.format(Locale.ROOT, "%-6s %12s %12s%n", "", "best us", "median us")
        + row("other", rounds, Round::before)
        + row("this", rounds, Round::now)
        + String.format(
            Locale.ROOT,
            "this / other: %.3f (%s): %s%n",
            ratio(rounds),
            ratios.stream()
                .map(ratio -> String.format(Locale.ROOT, "%.3f", ratio))
                .collect(Collectors.joining(", ", ratios.size() == 1 ? "JVM: " : "JVMs: ", "")),
            verdict(ratios));
  }

  private static String row(String name, List<Round> rounds, ToDoubleFunction<Round> nanos) {
    List<Double> times = rounds.stream().map(round -> nanos.applyAsDouble(round) / 1e3).toList();
    return String.format(
        Locale.ROOT,
        "%-6s %12.2f %12.2f%n",
        name,
        Collections.min(times),
        ResultFile.median(times));
  }

  private static double ratio(List<Round> rounds) {
    return ResultFile.median(rounds.stream().map(round -> round.now() / round.before()).toList());
  }

  /** Tells what all JVMs agree on; one has nobody to agree with. */
  private static String verdict(List<Double> ratios) {
    if (ratios.size() > 1 && ratios.stream().allMatch(ratio -> ratio < 1)) {
      return "faster in each";
    }
    if (ratios.size() > 1 && ratios.stream().allMatch(ratio -> ratio > 1)) {
      return "slower in each";
    }
    return "no clear difference";
  }
}
