package dev.modelflow.cli;

import dev.modelflow.cli.client.ApiException;
import dev.modelflow.cli.client.FileException;
import dev.modelflow.cli.stack.StackException;
import dev.modelflow.cli.upkeep.UpkeepException;
import dev.modelflow.recipe.RecipeException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code modelflow} command. */
@Command(
    name = "modelflow",
    description = "Runs a language model's whole flow, with the record of where it came from.",
    subcommands = {
      RunCommand.class,
      PlanCommand.class,
      UpCommand.class,
      DownCommand.class,
      StatusCommand.class,
      LogsCommand.class,
      DoctorCommand.class,
      WorkersCommand.class,
      RunsCommand.class,
      ShowCommand.class,
      WatchCommand.class,
      BranchCommand.class,
      RerunCommand.class,
      CancelCommand.class,
      CheckpointsCommand.class,
      RankingCommand.class,
      AuditCommand.class,
      VerifyCommand.class,
      DescribeCommand.class,
      GgufCommand.class,
      LineageCommand.class,
      DataOrderCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
      SweepCommand.class,
      SchemaCommand.class,
      CalibrateCommand.class,
      BenchCommand.class,
    },
    mixinStandardHelpOptions = true,
    version = "modelflow 0.1.0",
    footer = {
      "",
      "modelflow test       builds everything and passes the tests",
      "modelflow test KIND  other tests: --containers, --stack, --faults N, --parity, --adapters or --gpu",
      "modelflow stack ...  the stack in containers: up, down, status and more, which stack --help lists",
      "",
      "Example: modelflow run recipes/tiny.yaml",
      "Exit codes: 0 done, 1 failed, 2 wrong usage or recipe",
    })
public final class Main implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** For picocli. */
  @SuppressWarnings("NullAway") // picocli sets the field
  public Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(100)
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> explain(failure, command.getErr()));
  }

  private static int explain(Exception failure, PrintWriter err) {
    int code =
        switch (failure) {
          case RecipeException wrong -> {
            wrong.problems().forEach(err::println);
            yield 2;
          }
          case ApiException refused when !refused.problems().isEmpty() -> {
            refused.problems().forEach(err::println);
            yield 2;
          }
          case ApiException refused -> {
            err.println(refused.getMessage());
            yield refused.status() == 400 || refused.status() == 422 ? 2 : 1;
          }
          case StackException refused -> {
            err.println(refused.getMessage());
            yield 1;
          }
          case UpkeepException refused -> {
            err.println(refused.getMessage());
            yield refused.code();
          }
          case UsageException wrong -> {
            err.println(wrong.getMessage());
            yield 2;
          }
          default -> explainFile(failure, err);
        };
    err.flush();
    return code;
  }

  private static int explainFile(Exception failure, PrintWriter err) {
    FileException.of(failure)
        .map(FileException::getMessage)
        .ifPresentOrElse(
            err::println,
            () -> {
              err.println("Unexpected failure; please report this:");
              failure.printStackTrace(err);
            });
    return 1;
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return 2;
  }
}
