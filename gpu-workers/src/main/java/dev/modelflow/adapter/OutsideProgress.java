package dev.modelflow.adapter;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.engine.stage.GuardState;
import dev.modelflow.engine.stage.JsonNumbers;
import dev.modelflow.engine.stage.Settings;
import dev.modelflow.engine.stage.StageEvents;
import dev.modelflow.engine.stage.StageFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What our scripts inside of a trainer tell in their progress file, as events of the trainer
 * contract. A line has {@code started} (the step that it goes on after), {@code step} with {@code
 * time}, {@code step} with {@code values} and perhaps {@code counts} and {@code tokens}, or {@code
 * error}. A value that is null means nothing; one that is not finite is a text.
 */
final class OutsideProgress {
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(1);
  private static final Pattern LOST_FOOTING = Pattern.compile("loss encountered at step (\\d+)");

  /**
   * A step whose numbers are none.
   *
   * @param seen which number is none, or what the trainer said of it, in words
   */
  record Lost(int step, String seen) {}

  private final int steps;
  private final StepTokens tokens;
  private final StageEvents events;
  private final LineTail tail;
  private final int metricsEvery;
  private final Map<String, DoubleSummaryStatistics> means = new LinkedHashMap<>();
  private final Map<String, Double> sums = new LinkedHashMap<>();
  private boolean started;
  private int step;
  private int told;
  private boolean ended;
  private double stepTime;
  private double speed;
  private long waitsSince = System.nanoTime();
  private long lastSign;
  private @Nullable String error;
  private @Nullable Lost lost;

  /**
   * Progress of a stage.
   *
   * @param file that the scripts write
   * @param first step that the stage goes on after
   */
  OutsideProgress(Path file, Settings settings, int first, StepTokens tokens, StageEvents events) {
    this.tokens = tokens;
    this.events = events;
    tail = new LineTail(file);
    steps = settings.integer("steps", 1);
    metricsEvery = settings.integer("metricsEvery", 1);
    step = first;
    told = first;
  }

  /** Steps made. */
  int step() {
    return step;
  }

  boolean hasStarted() {
    return started;
  }

  /** What the trainer said when it broke off, if it did. */
  @Nullable String error() {
    return error;
  }

  /** The first step whose numbers were none: the stage must end. */
  @Nullable Lost lost() {
    return lost;
  }

  /** Whether the stage lost its footing at this step or before. */
  boolean isLost(int at) {
    return lost != null && at >= lost.step();
  }

  /** Whether the numbers of this step and of those before are known. */
  boolean hasTold(int at) {
    return told >= at;
  }

  /**
   * Whether a checkpoint after this step may be kept: the numbers of its steps were numbers, or the
   * trainer ended before it could tell.
   */
  boolean allows(int at) {
    return !isLost(at) && (hasTold(at) || ended);
  }

  /** Passes on what was told since the last call. */
  void read() throws IOException {
    for (String line : tail.next()) {
      pass(tree(line));
    }
  }

  /** The trainer has ended and all was read: from now on one waits for something else. */
  void ends() {
    ended = true;
    waitsSince = System.nanoTime();
  }

  /**
   * A sign of life while one waits.
   *
   * @throws StageFailure when it takes longer than {@code most}
   */
  void waits(String what, Duration most) {
    long now = System.nanoTime();
    if (now - waitsSince > most.toNanos()) {
      throw new StageFailure(
          FailureClass.PLATFORM, "Waited %d minutes for %s".formatted(most.toMinutes(), what));
    }
    if (now - lastSign > SIGN_OF_LIFE.toNanos()) {
      lastSign = now;
      events.progress(step, steps, tokens.upTo(step), 0);
    }
  }

  private static JsonNode tree(String line) throws IOException {
    try {
      return JsonMapper.shared().readTree(line);
    } catch (JacksonException broken) {
      throw new IOException("The trainer's progress has a line that is no JSON: " + line, broken);
    }
  }

  private void pass(JsonNode line) throws IOException {
    if (line.has("error")) {
      brokeOff(line.path("error").asString());
    } else if (line.has("started")) {
      started = true;
      events.started(line.path("started").asInt(), steps);
    } else if (line.has("values")) {
      tokens.told(line.path("step").asInt(), line.path("tokens").asLong(0));
      metrics(line.path("step").asInt(), line.path("values"), line.path("counts"));
    } else {
      step(line.path("step").asInt(), line.path("time").asDouble());
    }
  }

  /** OLMo-core itself looks at losses, and tells of one that is none before it tells its value. */
  private void brokeOff(String why) {
    error = why;
    Matcher named = LOST_FOOTING.matcher(why);
    if (lost == null && named.find()) {
      lost = new Lost(Integer.parseInt(named.group(1)), why);
    }
  }

  private void step(int made, double time) {
    if (made == step + 1 && stepTime > 0) {
      speed = (tokens.upTo(made) - tokens.upTo(step)) / Math.max(1e-9, time - stepTime);
    }
    step = made;
    stepTime = time;
    events.progress(step, steps, tokens.upTo(step), speed);
  }

  /** Means, and sums of counts, over as many steps as the recipe says, as our engine has them. */
  private void metrics(int at, JsonNode values, JsonNode counts) throws IOException {
    told = at;
    boolean skipped = counts.path(GuardState.SKIPPED_STEPS).asDouble(0) > 0;
    for (Map.Entry<String, JsonNode> value : values.properties()) {
      if (!value.getValue().isNull()) {
        add(at, value.getKey(), number(at, values, value.getKey()), skipped);
      }
    }
    counts
        .properties()
        .forEach(count -> sums.merge(count.getKey(), count.getValue().asDouble(), Double::sum));
    if (skipped) {
      GuardState.warn(
          events, at, number(at, values, "loss"), number(at, values, GuardState.GRADIENT_NORM));
    }
    if (at % metricsEvery == 0 || at == steps) {
      Map<String, Double> point = new LinkedHashMap<>();
      means.forEach((name, of) -> point.put(name, of.getAverage()));
      means.clear();
      point.putAll(sums);
      sums.clear();
      events.metrics(at, point);
    }
  }

  private static double number(int at, JsonNode values, String name) throws IOException {
    JsonNode value = values.path(name);
    Double number = JsonNumbers.of(value);
    if (number == null) {
      throw new IOException(
          "The trainer's progress has %s as %s of step %d: %s"
              .formatted(value, name, at, JsonNumbers.EXPECTED));
    }
    return number;
  }

  /**
   * With OLMo-core, {@code olmo_core_guard.py} sees to it that a step that was left out has done no
   * harm.
   */
  private void add(int at, String name, double value, boolean skipped) {
    if (Double.isFinite(value)) {
      means.computeIfAbsent(name, any -> new DoubleSummaryStatistics()).accept(value);
    } else if (lost == null && !GuardState.bears(name, value, skipped)) {
      lost = new Lost(at, "%s is %s at step %d".formatted(name, value, at));
    }
  }
}
