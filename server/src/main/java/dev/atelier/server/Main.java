package dev.atelier.server;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The launcher's commands. */
@Command(
    name = "atelier",
    mixinStandardHelpOptions = true,
    version = Version.TEXT,
    description = "Amazon SageMaker Studio and Studio Lab that you run yourself.",
    subcommands = {
      UpCommand.class, DownCommand.class, StatusCommand.class, EnvCommand.class, ConsoleCommand.class,
      StudioCommand.class, InterruptCommand.class, ExplainAccessCommand.class, DoctorCommand.class,
      CommandLine.HelpCommand.class
    },
    footer = {"", "Also: atelier demo runs three SDK programs end to end;",
        "atelier test [--suite NAME|--list] runs the tests; atelier bench [NAME] measures it beside a peer."})
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main())
        .setExecutionExceptionHandler((failure, command, parsed) -> {
          if (!(failure instanceof CommandFailure)) {
            throw failure;
          }
          command.getErr().println("atelier: " + failure.getMessage());
          return 1;
        })
        .execute(arguments));
  }
}
