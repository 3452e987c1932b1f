/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import java.util.function.BooleanSupplier;
import org.espalier.UserException;
import org.espalier.run.RunIoException;
import org.espalier.train.DivergenceException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns exceptions into one sentence and an exit code; stack traces only with --verbose. */
final class ErrorHandler implements IExecutionExceptionHandler {

  static final int USER_ERROR = 2;
  static final int FAILURE = 1;

  private final BooleanSupplier verbose;

  ErrorHandler(BooleanSupplier verbose) {
    this.verbose = verbose;
  }

  @Override
  public int handleExecutionException(
      Exception exception, CommandLine command, ParseResult parseResult) {
    boolean known =
        exception instanceof UserException
            || exception instanceof RunIoException
            || exception instanceof DivergenceException;
    command
        .getErr()
        .println(
            "espalier: "
                + (known
                    ? exception.getMessage()
                    : "unexpected failure: "
                        + exception
                        + " (run again with --verbose for the stack trace)"));
    if (verbose.getAsBoolean()) {
      exception.printStackTrace(command.getErr());
    }
    return exception instanceof UserException ? USER_ERROR : FAILURE;
  }

  static int wrongUsage(ParameterException exception, String[] args) {
    CommandLine command = exception.getCommandLine();
    command.getErr().println("espalier: " + sentence(exception.getMessage()));
    if (!UnmatchedArgumentException.printSuggestions(exception, command.getErr())) {
      command.getErr().printf("See '%s --help'.%n", command.getCommandSpec().qualifiedName());
    }
    return USER_ERROR;
  }

  private static String sentence(String message) {
    return message.endsWith(".") ? message : message + ".";
  }
}
