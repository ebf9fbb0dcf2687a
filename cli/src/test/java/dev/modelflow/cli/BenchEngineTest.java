package dev.modelflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class BenchEngineTest {
  @Test
  void whatCannotBeMeasuredIsAWrongUsage() {
    assertThat(code("--sizes", "tiny,huge", "--no-python")).isEqualTo(2);
    assertThat(err).contains("There is no size 'huge': use tiny, tiny-long, small, large");
    assertThat(code("--device", "gpu", "--no-python")).isEqualTo(2);
    assertThat(err).contains("--device is 'gpu': use cpu, or cuda:0 for the first GPU");
    assertThat(code("--rounds", "0", "--no-python")).isEqualTo(2);
    assertThat(err).contains("--rounds is 0: use at least 1");
    assertThat(code("--python", "/nowhere/python")).isEqualTo(2);
    assertThat(err).contains("/nowhere/python cannot be run").contains("--python");
  }

  private String err = "";

  private int code(String... options) {
    String[] arguments = new String[options.length + 2];
    arguments[0] = "bench";
    arguments[1] = "engine";
    System.arraycopy(options, 0, arguments, 2, options.length);
    StringWriter said = new StringWriter();
    int code = Main.commandLine().setErr(new PrintWriter(said)).execute(arguments);
    err = said.toString();
    return code;
  }
}
