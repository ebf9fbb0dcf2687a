package dev.modelflow.cli.bench.engine;

import dev.modelflow.bench.Round;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One way to train a model, measured in rounds of which the first does not count. */
final class Column {
  private final String name;
  private final MeasuredProcess process;
  private final String question;
  private final List<Double> rounds = new ArrayList<>();
  private boolean warm;
  private @Nullable String failure;

  /**
   * A column that was not measured yet.
   *
   * @param question that asks for a round when its seconds are added
   */
  Column(String name, MeasuredProcess process, String question) {
    this.name = name;
    this.process = process;
    this.question = question;
  }

  String name() {
    return name;
  }

  /** Makes one more round, unless an earlier one failed. */
  void round(double seconds) throws IOException, InterruptedException {
    if (failure != null) {
      return;
    }
    JsonNode answer = JsonMapper.shared().readTree(process.ask(question + " " + seconds));
    if (answer.has("failure")) {
      failure = answer.path("failure").asString();
    } else if (warm) {
      rounds.add(JsonMapper.shared().treeToValue(answer, Round.class).tokensPerSecond());
    }
    warm = true;
  }

  /** What came of its rounds so far. */
  Rate rate() {
    return failure == null ? Rate.of(rounds) : Rate.failed(failure);
  }
}
