package dev.modelflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.cli.client.FakeServer;
import dev.modelflow.cli.client.FakeServer.Answer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class WorkersCommandTest {
  private static final String WORKER =
      """
      {"id": "gpu-1", "pool": "gpu", "state": "%s", "memory": 137438953472,
       "devices": [{"id": "GPU-1", "name": "NVIDIA H100 80GB HBM3", "memory": 85520809984},
                   {"id": "GPU-2", "name": "NVIDIA H100 80GB HBM3", "memory": 85520809984}],
       "labels": {"zone": "a", "rack": "3"}, "lastHeardAt": "2020-01-01T00:00:00Z",
       "doing": [{"run": "01kb", "name": "tiny", "stage": "midtrain", "epoch": 2}]}
      """;

  @TempDir Path folder;
  private final FakeServer server = new FakeServer();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writeToken() throws IOException {
    Files.writeString(folder.resolve("token"), "mf_token");
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void listsWorkersWithWhatTheyDo() {
    server.at("/api/v1/workers", Answer.of("[" + WORKER.formatted("ready") + "]"));
    assertThat(run("workers")).isZero();
    assertThat(out.toString().lines().toList().get(1))
        .matches(
            "gpu-1 +gpu +ready +midtrain of 01kb \\(attempt 2\\) +2x NVIDIA H100 80GB HBM3"
                + " +137GB +zone=a,rack=3 +[0-9]+ h [0-9]+ min ago");
  }

  @Test
  void printsJsonAsItCame() {
    server.at("/api/v1/workers", Answer.of("[" + WORKER.formatted("ready") + "]"));
    assertThat(run("workers", "--json")).isZero();
    assertThat(out.toString()).contains("\"id\" : \"gpu-1\"");
  }

  @Test
  void tellsAWorkerToDrain() {
    server.at("/api/v1/workers/gpu-1/drain", Answer.of(WORKER.formatted("draining")));
    assertThat(run("workers", "drain", "gpu-1")).isZero();
    assertThat(out.toString()).startsWith("Worker gpu-1 takes no new attempts;");
  }

  @Test
  void saysWhyAWorkerCannotBeForgotten() {
    server.at(
        "/api/v1/workers/gpu-1/forget",
        new Answer(400, "{\"status\": 400, \"detail\": \"Worker 'gpu-1' lives\"}"));
    assertThat(run("workers", "forget", "gpu-1")).isEqualTo(2);
    assertThat(err.toString()).contains("Worker 'gpu-1' lives");
  }

  private int run(String... arguments) {
    CommandLine line =
        Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    String[] all = new String[arguments.length + 4];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--server";
    all[arguments.length + 1] = server.uri().toString();
    all[arguments.length + 2] = "--token-file";
    all[arguments.length + 3] = folder.resolve("token").toString();
    return line.execute(all);
  }
}
