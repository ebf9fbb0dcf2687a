package dev.modelflow.bench;

import java.util.List;

/**
 * A model, and the rows of its step.
 *
 * @param name by which it is asked for
 * @param layers decoder blocks
 * @param width of the residual stream
 * @param heads of attention
 * @param feedForward inner width of the SwiGLU
 * @param vocabulary tokens
 * @param context tokens a row
 * @param slidingWindow of three of four layers; 0: every layer sees all
 * @param rows of a step
 */
public record BenchSize(
    String name,
    int layers,
    int width,
    int heads,
    int feedForward,
    int vocabulary,
    int context,
    int slidingWindow,
    int rows) {
  /** Name of the size of 1.8 million parameters whose bar is the higher one. */
  public static final String SMALL = "small";

  /** Name of the size of 21 million parameters. */
  public static final String LARGE = "large";

  /** The tiny flow's model in both of its shapes, and the two with bars. */
  public static final List<BenchSize> ALL =
      List.of(
          new BenchSize("tiny", 4, 128, 4, 352, 2048, 128, 8, 8),
          new BenchSize("tiny-long", 4, 128, 4, 352, 2048, 512, 8, 2),
          new BenchSize(SMALL, 4, 128, 4, 352, 4096, 256, 0, 8),
          new BenchSize(LARGE, 4, 512, 8, 1408, 8192, 256, 0, 8));

  /**
   * The size of this name.
   *
   * @throws IllegalArgumentException naming those that there are
   */
  public static BenchSize of(String name) {
    return ALL.stream()
        .filter(size -> size.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "There is no size '%s': use %s"
                        .formatted(
                            name, String.join(", ", ALL.stream().map(BenchSize::name).toList()))));
  }
}
