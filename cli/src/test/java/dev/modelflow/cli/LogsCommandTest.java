package dev.modelflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class LogsCommandTest {
  private final StringWriter err = new StringWriter();

  @Test
  void asksForTheStageOfARun() {
    assertThat(logs("--run", "01kb3x")).isEqualTo(2);
    assertThat(err.toString()).contains("Missing required argument(s): --stage");
  }

  @Test
  void showsEitherAServiceOrAnAttempt() {
    assertThat(logs("postgres", "--run", "01kb3x", "--stage", "sft")).isEqualTo(2);
    assertThat(err.toString()).contains("mutually exclusive");
  }

  private int logs(String... arguments) {
    CommandLine line = Main.commandLine().setErr(new PrintWriter(err, true));
    String[] all = new String[arguments.length + 1];
    all[0] = "logs";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return line.execute(all);
  }
}
