/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.espalier.UserException;
import org.espalier.benchmarks.MachineProbe.Reading;

/** Reads the JSON that JMH writes: as much of it as the tables here need. */
final class ResultFile {

  private static final Pattern NAME = Pattern.compile("\"benchmark\" : \"([^\"]+)\"");
  private static final Pattern THREADS = Pattern.compile("\"threads\" : (\\d+)");
  private static final Pattern PARAMS = Pattern.compile("\"params\" : \\{([^}]*)}");
  private static final Pattern PARAM = Pattern.compile("\"([^\"]+)\" : \"([^\"]*)\"");
  private static final Pattern SCORE =
      Pattern.compile(
          "\"primaryMetric\" : \\{\\s*\"score\" : ([^,]+),\\s*\"scoreError\" : ([^,]+),");
  private static final Pattern RAW = Pattern.compile("\"rawData\" : \\[([^a-zA-Z]*)");
  private static final Pattern NUMBER = Pattern.compile("[0-9][0-9.E+-]*");

  /**
   * One line of a result file.
   *
   * @param benchmark class and method, without the package
   * @param threads JMH's threads, not the backend's
   * @param params in alphabetical order
   * @param iterations average time of a run in each iteration, in microseconds
   * @param machine what the machine could do around each; empty if that was not measured
   * @param error half width of the 99.9 % confidence interval; NaN if there was one iteration only
   */
  record Result(
      String benchmark,
      int threads,
      Map<String, String> params,
      List<Double> iterations,
      List<Reading> machine,
      double error) {

    /** Returns the median over the iterations, which one that was disturbed does not change. */
    double microseconds() {
      return median(iterations);
    }

    /** Returns the time in the fastest iteration. */
    double best() {
      return Collections.min(iterations);
    }

    /** Returns what makes the result comparable with another. */
    String key() {
      return benchmark + params;
    }
  }

  private ResultFile() {}

  /**
   * Reads a file.
   *
   * @throws UserException if there is none or it is not JMH's JSON
   */
  static List<Result> read(Path file) throws IOException {
    String json;
    try {
      json = Files.readString(file);
    } catch (NoSuchFileException absent) {
      throw new UserException("There is no result file " + file + ".", absent);
    }
    List<Result> results = new ArrayList<>();
    String[] objects = json.split("\"jmhVersion\"");
    for (int i = 1; i < objects.length; i++) {
      results.add(result(objects[i], file));
    }
    if (results.isEmpty()) {
      throw new UserException(file + " holds no results; expected JSON written by JMH (-rf json).");
    }
    return results;
  }

  private static Result result(String object, Path file) {
    String name = find(NAME, object, file).group(1);
    Matcher score = find(SCORE, object, file);
    Map<String, String> params = new TreeMap<>();
    Matcher list = PARAMS.matcher(object);
    if (list.find()) {
      Matcher param = PARAM.matcher(list.group(1));
      while (param.find()) {
        params.put(param.group(1), param.group(2));
      }
    }
    return new Result(
        name.replaceFirst(".*\\.(\\w+\\.\\w+)$", "$1"),
        Integer.parseInt(find(THREADS, object, file).group(1)),
        params,
        numbers(find(RAW, object, file).group(1)),
        machine(object),
        number(score.group(2)));
  }

  private static List<Reading> machine(String object) {
    List<Double> peaks = secondary(MachineProfiler.PEAK, object);
    List<Double> handovers = secondary(MachineProfiler.HANDOVER, object);
    List<Double> kept = secondary(MachineProfiler.KEPT, object); // older files are without
    return IntStream.range(0, Math.min(peaks.size(), handovers.size()))
        .mapToObj(
            i -> new Reading(peaks.get(i), handovers.get(i), kept.isEmpty() ? 0 : kept.get(i)))
        .toList();
  }

  /** Returns what a profiler measured in each iteration. */
  private static List<Double> secondary(String name, String object) {
    int at = object.indexOf('"' + name + "\" : {");
    Matcher raw = RAW.matcher(object);
    return at >= 0 && raw.find(at) ? numbers(raw.group(1)) : List.of();
  }

  private static List<Double> numbers(String json) {
    return NUMBER.matcher(json).results().map(match -> Double.valueOf(match.group())).toList();
  }

  /** Returns the middle one of some numbers, or the mean of the two in the middle. */
  static double median(List<Double> numbers) {
    List<Double> sorted = numbers.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** JMH writes NaN as a string. */
  private static double number(String json) {
    return Double.parseDouble(json.strip().replace("\"", ""));
  }

  private static Matcher find(Pattern pattern, String object, Path file) {
    Matcher matcher = pattern.matcher(object);
    if (!matcher.find()) {
      throw new UserException(
          "%s holds a result without %s; expected JSON written by JMH (-rf json)."
              .formatted(file, pattern.pattern().replaceFirst("\"(\\w+)\".*", "$1")));
    }
    return matcher;
  }
}
