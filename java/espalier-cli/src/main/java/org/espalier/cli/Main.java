/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.PrintWriter;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The {@code espalier} command. */
@Command(
    name = "espalier",
    description = "Trains neural networks that are sparse from the first step to the last.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      TrainCommand.class,
      CompareCommand.class,
      EvaluateCommand.class,
      InspectCommand.class,
      PlasticityCommand.class,
      RecipesCommand.class,
      DoctorCommand.class
    })
public final class Main {

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show stack traces and debug messages.")
  void verbose(boolean on) {
    verbose = on;
    ((Logger) LoggerFactory.getLogger("org.espalier")).setLevel(on ? Level.DEBUG : Level.WARN);
  }

  private boolean verbose;

  boolean isVerbose() {
    return verbose;
  }

  /**
   * Runs the command and exits: 0 for success, 2 for what the user can put right, 1 for failures.
   */
  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true);
    PrintWriter err = new PrintWriter(System.err, true);
    System.exit(run(out, err, args));
  }

  /** Runs the command with other streams, for tests and embedding. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    Main main = new Main();
    CommandLine command = new CommandLine(main);
    command.setOut(out);
    command.setErr(err);
    command.setExecutionExceptionHandler(new ErrorHandler(main::isVerbose));
    command.setParameterExceptionHandler(ErrorHandler::wrongUsage);
    return args.length == 0 ? command.execute("--help") : command.execute(args);
  }

  /** Reads the version from the jar. */
  static final class Version implements CommandLine.IVersionProvider {

    @Override
    public String[] getVersion() {
      return new String[] {"espalier " + current()};
    }

    static String current() {
      String version = Main.class.getPackage().getImplementationVersion();
      return version == null ? "development" : version;
    }
  }
}
