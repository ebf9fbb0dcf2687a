package dev.modelflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CalibrateCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void helpHasAnExample() {
    assertThat(run("calibrate", "--help")).isZero();
    assertThat(out.toString()).contains("Example: modelflow calibrate");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "100000"})
  void moreThreadsThanCoresAreRefusedBeforeAnythingIsMeasured(String threads) {
    assertThat(run("calibrate", "--threads", threads)).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("--threads is " + threads + ": expected 1 to ")
        .endsWith(", the cores of this machine" + System.lineSeparator());
  }

  private int run(String... arguments) {
    CommandLine command = Main.commandLine().setOut(new PrintWriter(out, true));
    return command.setErr(new PrintWriter(err, true)).execute(arguments);
  }
}
