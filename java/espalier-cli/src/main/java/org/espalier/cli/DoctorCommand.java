/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.espalier.UserException;
import org.espalier.backend.Backend;
import org.espalier.backend.BackendProvider;
import org.espalier.backend.Backends;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what works on this machine, and for what does not, why and what fixes it. */
@Command(
    name = "doctor",
    description =
        "Show which backends work here, and for each that does not, why and what fixes it.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--check",
      description = "Also run every operation of every backend against the reference.")
  private boolean check;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    int threads = Runtime.getRuntime().availableProcessors();
    out.printf(
        "espalier      %s%nJava          %s (%s), %s%nmachine       %s, %s, %d processors, heap up to %,d MB%n%n",
        Main.Version.current(),
        System.getProperty("java.version"),
        System.getProperty("java.vendor"),
        System.getProperty("java.home"),
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        threads,
        Runtime.getRuntime().maxMemory() >> 20);
    BackendProvider best = null;
    for (BackendProvider provider : Backends.providers()) {
      boolean works = describe(out, provider, threads);
      best = best == null && works && !provider.forTestsOnly() ? provider : best;
    }
    out.printf(
        "%nauto          %s%n", best == null ? "nothing works" : best.name() + standIn(best));
    return check ? new OperationCheck(out).run() : 0;
  }

  private static boolean describe(PrintWriter out, BackendProvider provider, int threads) {
    var refusal = provider.refusal();
    if (refusal.isPresent()) {
      out.printf(
          "%-13s no:  %s%n              fix: %s%n",
          provider.name(), refusal.get().reason(), refusal.get().fix());
      return false;
    }
    try (Backend backend = provider.create(threads)) {
      String use = provider.forTestsOnly() ? " (auto never takes it)" : "";
      out.printf("%-13s yes: %s%s%n", provider.name(), backend.description(), use);
      return true;
    } catch (UserException failed) {
      out.printf("%-13s no:  %s%n", provider.name(), failed.getMessage());
      return false;
    }
  }

  private static String standIn(BackendProvider chosen) {
    return chosen.standsInFor().map(better -> ", slower than " + better).orElse("");
  }
}
