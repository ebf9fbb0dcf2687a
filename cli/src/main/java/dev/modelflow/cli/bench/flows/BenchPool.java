package dev.modelflow.cli.bench.flows;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The pools whose stages the measurement's own worker does. */
public enum BenchPool {
  /** Flows of three stages that are done at once. */
  TRIVIAL("bench-trivial", 3),
  /** Flows of one stage that goes on until it is cancelled and says so twice a second. */
  TICKING("bench-ticking", 1);

  private final String word;
  private final int stages;

  BenchPool(String word, int stages) {
    this.word = word;
    this.stages = stages;
  }

  /** The pool's name. */
  public String word() {
    return word;
  }

  /** How many stages each of its flows has. */
  public int stages() {
    return stages;
  }

  /** The recipe of a flow whose stages are this pool's. */
  public String recipe() {
    String name = word + ".yaml";
    try (InputStream in = BenchPool.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException("Cannot read " + name, failure);
    }
  }
}
